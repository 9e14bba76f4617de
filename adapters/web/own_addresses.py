"""Pictures of this installation by their addresses; nothing is ever fetched from another place."""

import re
from urllib.parse import parse_qs, urlsplit

import attrs

from adapters.web.converters import IdConverter
from core.errors import InvalidInputError

ID = IdConverter.regex
ASSET = re.compile(ID)
PICTURE = re.compile(rf"/api/orders/(?P<order_id>{ID})/images/(?P<image_id>{ID})/(?:file|thumbnail)")


@attrs.frozen(kw_only=True)
class OwnPicture:
    """A picture by its asset, or by its order with the version and the output that are meant."""

    asset_id: str | None = None
    order_id: str = ""
    image_id: str = ""
    version: int | None = None
    output: str | None = None


def read_address(text: str, *, hosts: frozenset[str]) -> OwnPicture:
    """Return which picture is meant: by the id of an asset, or by an address that answers of this API hold.

    Args:
        hosts: how this installation is called, with ports.

    Raises:
        InvalidInputError: code ``foreign_address``.
    """
    given = text.strip()
    if ASSET.fullmatch(given):
        return OwnPicture(asset_id=given)
    try:
        parts = urlsplit(given)
        match = PICTURE.fullmatch(parts.path)
        query = parse_qs(parts.query)
        version = int(query["version"][0]) if "version" in query else None
    except ValueError:
        raise _foreign(text) from None
    is_here = not parts.netloc or (parts.scheme in ("http", "https") and parts.netloc.lower() in hosts)
    if match is None or not is_here:
        raise _foreign(text)
    return OwnPicture(**match.groupdict(), version=version, output=query.get("output", [None])[0])


def _foreign(text: str) -> InvalidInputError:
    return InvalidInputError(
        "Pictures are taken from this installation alone: give the id of an asset, or the address of one of your own"
        " pictures here. Upload others first.",
        code="foreign_address",
        details={"address": text[:200]},
    )
