"""The connection to a Shelf."""

import json
from typing import Any
from urllib.parse import quote

import i2i
from i2i_dam_example.requests import FilePart, Shelf


class ShelfDam:
    """A connection to one account of a Shelf server.

    Args:
        url: address of the server.
        token: access token; kept out of ``repr``.
        folder: folder on the Shelf, with tokens; empty for none.
    """

    def __init__(self, *, url: str, token: str, folder: str) -> None:
        self.folder = folder
        self._shelf = Shelf(url.rstrip("/"), token)

    def verify(self) -> None:
        """Ask for the account."""
        self._shelf.get("/account")

    def upload(self, item: i2i.DamItem) -> i2i.DamReceipt:
        """Put a picture under its key: doing it again adds nothing, so nothing has to be looked up first."""
        metadata = json.dumps(self._metadata(item), ensure_ascii=False)
        file = FilePart(path=item.path, size=item.bytes, type=f"image/{item.format}")
        status, answer = self._shelf.put(f"/pictures/{quote(item.key, safe='')}", metadata=metadata, file=file)
        if not isinstance(answer.get("id"), str) or not answer["id"]:
            raise i2i.ProviderUnavailableError("The Shelf took the picture but did not say under which id.")
        return i2i.DamReceipt(remote_id=answer["id"], remote_url=answer.get("url"), is_new=status == 201)

    def finish(self) -> None:
        """Do nothing: a Shelf shows each picture as soon as it is there."""

    def _metadata(self, item: i2i.DamItem) -> dict[str, Any]:
        return {
            "name": item.safe_name,
            "folder": item.subfolder(self.folder),
            "sku": item.sku,
            "category": item.category,
            "alt": item.alt,
            "tags": list(item.tags),
            "width": item.width,
            "height": item.height,
            "made_by": dict(item.metadata),
        }
