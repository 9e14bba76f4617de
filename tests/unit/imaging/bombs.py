"""Files that cost far more to open than to send, each made by a few lines; and honest files with damage."""

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from types import MappingProxyType

from PIL import Image

from tests.unit.imaging.pictures import encoded, grain

MIB = 1024 * 1024


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _deflated_zeros(size: int) -> bytes:
    """Return that many zeros in zlib format, from one packed block written again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b"\0" * MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    rest = packer.compress(b"\0" * (size % MIB)) + packer.flush()
    return b"\x78\xda" + block * (size // MIB) + rest + struct.pack(">I", (size % 65521) << 16 | 1)


def png(
    size: tuple[int, int], *, depth: int = 8, colour: int = 2, interlaced: bool = False, extra: bytes = b""
) -> bytes:
    """A PNG of any declared size; its data is short, which a reader finds out only while decoding."""
    header = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, int(interlaced))
    data = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + extra + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def whole_png(size: tuple[int, int]) -> bytes:
    """A complete even RGB picture."""
    width, height = size
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = _deflated_zeros((3 * width + 1) * height)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def inflating_icc() -> bytes:
    return png((64, 64), extra=_chunk(b"iCCP", b"x\0\0" + _deflated_zeros(1024 * MIB)))


def inflating_text() -> bytes:
    return png((64, 64), extra=_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + _deflated_zeros(1024 * MIB)))


def many_texts() -> bytes:
    one = _chunk(b"zTXt", b"Comment\0\0" + _deflated_zeros(4 * MIB))
    return png((64, 64), extra=one * 5000)


def gif(frames: int, size: tuple[int, int] = (16, 16)) -> bytes:
    small = Image.new("P", (16, 16))
    body = encoded(small, "GIF")
    start = body.index(b"\x2c")
    head, frame = bytearray(body[:start]), body[start : body.rindex(b"\x3b")]
    head[6:10] = struct.pack("<HH", *size)
    frame = frame[:5] + struct.pack("<HH", *size) + frame[9:]
    return bytes(head) + (b"\x21\xf9\x04\0\0\0\0\0" + frame) * frames + b"\x3b"


def webp(frames: int) -> bytes:
    lossless = encoded(Image.new("RGB", (16, 16)), "WEBP", lossless=True)[12:]
    frame = b"\0" * 6 + b"\x0f\0\0\x0f\0\0" + b"\x0a\0\0\0" + lossless
    part = b"ANMF" + struct.pack("<I", len(frame)) + frame
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + b"\x0f\0\0\x0f\0\0"
    body += b"ANIM" + struct.pack("<I", 6) + b"\0" * 6 + part * frames
    return b"RIFF" + struct.pack("<I", len(body)) + body


def tiff(size: tuple[int, int], *, directories: int = 1, loops: bool = False, strip_bytes: int = 64) -> bytes:
    """A grey TIFF with any number of directories; the last may point back to the first."""
    tags = [(256, size[0]), (257, size[1]), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, size[1])]
    tags.append((279, strip_bytes))
    body = b"II*\0" + struct.pack("<I", 72) + b"\0" * 64
    for number in range(directories):
        here = len(body)
        following = here + 2 + 12 * len(tags) + 4 if number + 1 < directories else (72 if loops else 0)
        entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
        body += struct.pack("<H", len(tags)) + entries + struct.pack("<I", following)
    return body


def jpeg(size: tuple[int, int], *, progressive: bool = False) -> bytes:
    """A JPEG whose header claims another size than its data has."""
    data = bytearray(encoded(grain((64, 48)), "JPEG", progressive=progressive, subsampling=0))
    frame = data.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", size[1], size[0])
    return bytes(data)


def many_scans() -> bytes:
    """The last pass of a progressive JPEG again and again."""
    data = encoded(Image.new("RGB", (4000, 4000), "grey"), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * 20_000 + data[-2:]


def huge_exif() -> bytes:
    data = encoded(grain((64, 48)), "JPEG")
    segment = b"\xff\xe1" + struct.pack(">H", 65535) + b"Exif\0\0II*\0" + b"\xff" * (65533 - 10)
    return data[:2] + segment * 800 + data[2:]


def huge_icc() -> bytes:
    """255 pieces of a profile, each of the largest size, which are put together on opening."""
    data = encoded(grain((64, 48)), "JPEG")
    pieces = [b"ICC_PROFILE\0" + bytes((number, 255)) + b"\0" * 65000 for number in range(1, 256)]
    segments = b"".join(b"\xff\xe2" + struct.pack(">H", len(piece) + 2) + piece for piece in pieces)
    return data[:2] + segments + data[2:]


def _box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data


def avif_of(size: tuple[int, int]) -> bytes:
    """An AVIF whose size property claims more than its data holds."""
    data = bytearray(encoded(grain((64, 48)), "AVIF"))
    place = data.index(b"ispe") + 8
    data[place : place + 8] = struct.pack(">II", *size)
    return bytes(data)


def avif_grid(rows: int, columns: int, tile: tuple[int, int]) -> bytes:
    """A grid that names one small tile thousands of times (ISO/IEC 23008-12, 6.6.2.3)."""
    small = encoded(Image.new("RGB", tile), "AVIF")
    place = small.index(b"av1C") - 4
    config = small[place : place + int.from_bytes(small[place : place + 4], "big")]
    coded = small[small.index(b"mdat") + 4 :]
    whole = tile[0] * columns, tile[1] * rows
    grid = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, *whole)
    names = [_box(b"infe", b"\2\0\0\0" + struct.pack(">HH", n, 0) + k + b"\0") for n, k in ((1, b"grid"), (2, b"av01"))]
    links = struct.pack(">HH", 1, rows * columns) + struct.pack(">H", 2) * (rows * columns)
    sizes = [_box(b"ispe", b"\0\0\0\0" + struct.pack(">II", *s)) for s in (whole, tile)]
    properties = _box(b"ipco", sizes[0] + sizes[1] + config)
    properties += _box(b"ipma", b"\0\0\0\0" + struct.pack(">I", 2) + b"\0\1\1\x81" + b"\0\2\2\x82\x83")

    def meta(start: int) -> bytes:
        items = struct.pack(">HHHHII", 1, 1, 0, 1, 0, len(grid)) + struct.pack(">HHHHII", 2, 0, 0, 1, start, len(coded))
        parts = _box(b"hdlr", b"\0" * 8 + b"pict" + b"\0" * 13) + _box(b"pitm", b"\0\0\0\0\0\1")
        parts += _box(b"iloc", b"\1\0\0\0\x44\0\0\2" + items) + _box(b"iinf", b"\0\0\0\0\0\2" + b"".join(names))
        parts += _box(b"iref", b"\0\0\0\0" + _box(b"dimg", links)) + _box(b"iprp", properties) + _box(b"idat", grid)
        return _box(b"meta", b"\0\0\0\0" + parts)

    head = _box(b"ftyp", b"avif\0\0\0\0avifmif1miaf")
    return head + meta(len(head) + len(meta(0)) + 8) + _box(b"mdat", coded)


BOMBS: MappingProxyType[str, Callable[[], bytes]] = MappingProxyType(
    {
        "png-long-side.png": lambda: whole_png((30_001, 10)),
        "png-one-bit.png": lambda: png((65_000, 65_000), depth=1, colour=0),
        "png-400-million.png": lambda: png((20_000, 20_000)),
        "png-interlaced-strip.png": lambda: png((786_464, 32), depth=16, colour=6, interlaced=True),
        "png-sixteen-bits.png": lambda: png((9_500, 9_500), depth=16, colour=6),
        "png-interlaced.png": lambda: png((9_800, 9_800), interlaced=True),
        "png-icc.png": inflating_icc,
        "png-text.png": inflating_text,
        "png-many-texts.png": many_texts,
        "gif-frames.gif": lambda: gif(10_000),
        "gif-canvas.gif": lambda: gif(1, (65_535, 65_535)),
        "webp-frames.webp": lambda: webp(10_000),
        "tiff-loop.tif": lambda: tiff((8, 8), directories=3, loops=True),
        "tiff-directories.tif": lambda: tiff((8, 8), directories=20_000),
        "tiff-size.tif": lambda: tiff((30_000, 30_000)),
        "tiff-strip.tif": lambda: tiff((9_000, 9_000), strip_bytes=0x7FFF_FFFF),
        "jpeg-size.jpg": lambda: jpeg((65_500, 65_500)),
        "jpeg-progressive.jpg": lambda: jpeg((9_900, 9_900), progressive=True),
        "jpeg-scans.jpg": many_scans,
        "avif-size.avif": lambda: avif_of((60_000, 60_000)),
        "avif-grid.avif": lambda: avif_grid(255, 255, (64, 64)),
        "svg.png": lambda: b"<svg xmlns='http://www.w3.org/2000/svg' width='99999' height='99999'/>",
    }
)
# Large for what they hold, but harmless: whatever is said of them, it is said within the limits.
BURDENS: MappingProxyType[str, Callable[[], bytes]] = MappingProxyType(
    {"jpeg-exif.jpg": huge_exif, "jpeg-icc.jpg": huge_icc, "png-even.png": lambda: whole_png((9_900, 9_900))}
)


def seeds() -> dict[str, bytes]:
    """One small honest file of each kind."""
    picture = grain((96, 64))
    deep = io.BytesIO()
    picture.convert("I;16").save(deep, "PNG")
    kinds: dict[str, tuple[str, dict[str, object]]] = {
        "baseline.jpg": ("JPEG", {}),
        "progressive.jpg": ("JPEG", {"progressive": True}),
        "plain.png": ("PNG", {}),
        "lossy.webp": ("WEBP", {}),
        "lossless.webp": ("WEBP", {"lossless": True}),
        "lzw.tif": ("TIFF", {"compression": "tiff_lzw"}),
        "bare.tif": ("TIFF", {}),
        "still.gif": ("GIF", {}),
        "still.avif": ("AVIF", {}),
    }
    files = {name: encoded(picture, kind, **options) for name, (kind, options) in kinds.items()}
    return files | {"deep.png": deep.getvalue()}


def damaged(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield ``count`` variants of every seed: cut off, with flipped bits, or with bytes of another value."""
    for name, data in sorted(seeds().items()):
        random_bytes = random.Random(name)
        for number in range(count):
            yield f"{number}-{name}", _damage(data, number, random_bytes)


def _damage(data: bytes, number: int, chance: random.Random) -> bytes:
    if number % 3 == 0:
        return data[: chance.randrange(1, len(data))]
    changed = bytearray(data)
    # Half of the changes hit the header, where they do most.
    reach = min(len(data), 200) if number % 2 else len(data)
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        place = chance.randrange(reach)
        changed[place] = changed[place] ^ (1 << chance.randrange(8)) if number % 3 == 1 else chance.randrange(256)
    return bytes(changed)
