"""What is written beside the pixels: EXIF, XMP and the camera's own data where it is kept on purpose."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

import pyvips
from PIL import Image

_TAGS = {"description": 0x010E, "creator": 0x013B, "copyright": 0x8298}
_ORIENTATION, _X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT = 0x0112, 0x011A, 0x011B, 0x0128
_INCH = 2
_FIELDS = ("title", "creator", "copyright", "description")


def attach(image: pyvips.Image, params: Mapping[str, Any], *, kept_from: pyvips.Image, dpi: float | None) -> bool:
    """Put the metadata asked for onto an image that carries none; tells whether there was any.

    Args:
        params: of the operation ``metadata``; empty strips everything.
        kept_from: the opened original.
        dpi: written as EXIF too, for the formats that have no field of their own.
    """
    texts = {name: params[name] for name in _FIELDS if params.get(name)}
    is_kept = params.get("mode") == "keep"
    exif = _exif(kept_from if is_kept else None, texts, dpi)
    if exif:
        image.set_type(pyvips.GValue.blob_type, "exif-data", exif)
    if texts:
        image.set_type(pyvips.GValue.blob_type, "xmp-data", xmp_packet(texts))
    elif is_kept:
        _copy(kept_from, image, "xmp-data")
    if is_kept:
        _copy(kept_from, image, "iptc-data")
    return is_kept or bool(texts)


_TIFF_TEXTS = (0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x8298)


def tiff_texts(params: Mapping[str, Any], *, kept_from: pyvips.Image) -> dict[int, str]:
    """Return the text tags of a TIFF: those of the camera where they are kept, and those asked for."""
    texts = {name: params[name] for name in _FIELDS if params.get(name)}
    data = _exif(kept_from if params.get("mode") == "keep" else None, texts, None)
    exif = Image.Exif()
    if data:
        exif.load(data)
    return {tag: str(exif[tag]) for tag in _TIFF_TEXTS if exif.get(tag)}


def _copy(source: pyvips.Image, target: pyvips.Image, name: str) -> None:
    if source.get_typeof(name):
        target.set_type(pyvips.GValue.blob_type, name, bytes(source.get(name)))


def _exif(kept_from: pyvips.Image | None, texts: Mapping[str, str], dpi: float | None) -> bytes:
    exif = Image.Exif()
    if kept_from is not None and kept_from.get_typeof("exif-data"):
        exif.load(bytes(kept_from.get("exif-data")))
        # The pixels are upright now, and the embedded thumbnail shows the picture before it was edited.
        exif.pop(_ORIENTATION, None)
    for name, tag in _TAGS.items():
        if name in texts:
            exif[tag] = texts[name]
    if dpi and len(exif):
        exif[_X_RESOLUTION] = exif[_Y_RESOLUTION] = dpi
        exif[_RESOLUTION_UNIT] = _INCH
    return bytes(exif.tobytes()) if len(exif) else b""


def xmp_packet(texts: Mapping[str, str]) -> bytes:
    """Write title, creator, copyright and description as XMP (ISO 16684-1, Dublin Core), in plain ASCII.

    PNG may hold the packet in a chunk that readers take as Latin-1, so other letters are written as references.
    """

    def alternatives(name: str, text: str) -> str:
        return f'<dc:{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt></dc:{name}>'

    parts = [
        alternatives(tag, texts[name])
        for name, tag in (("title", "title"), ("description", "description"), ("copyright", "rights"))
        if name in texts
    ]
    if "creator" in texts:
        parts.append(f"<dc:creator><rdf:Seq><rdf:li>{escape(texts['creator'])}</rdf:li></rdf:Seq></dc:creator>")
    body = "".join(parts)
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{body}</rdf:Description></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="w"?>'
    ).encode("ascii", "xmlcharrefreplace")
