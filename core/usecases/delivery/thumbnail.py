"""Show a picture small."""

import attrs

from core.errors import InvalidInputError, NotFoundError
from core.kernel.actor import Actor
from core.ports.blob_store import BlobNotFoundError, BlobStore
from core.ports.image_engine import ImageEngine
from core.ports.unit_of_work import NewReading, UnitOfWork
from core.usecases.images.access import image_of
from core.usecases.orders.access import readable_order

# The largest holds every pixel of nearly all pictures: it is what zooming in shows.
SIZES = (320, 1024, 2048, 8192)
PREFIX = "thumbnails"


@attrs.frozen(kw_only=True)
class Thumbnail:
    """A small WebP.

    Args:
        content: the file, some kilobytes.
        tag: names the content: the SHA-256 of the file that it shows, and the size.
    """

    content: bytes
    tag: str


@attrs.frozen(kw_only=True)
class GetThumbnail:
    """Show a picture small; made when first asked for, then kept."""

    new_reading: NewReading
    blobs: BlobStore
    engine: ImageEngine

    def __call__(
        self, *, actor: Actor, order_id: str, image_id: str, size: int = SIZES[0], version: int | None = None,
        output: str | None = None,
    ) -> Thumbnail:  # fmt: skip
        """Return a WebP with sides of at most ``size`` pixels: 320, 1024, 2048 or 8192.

        Args:
            version: 0 for the original, None for the newest result, or the original while there is none.
            output: name of the deliverable; None for the first.

        Raises:
            InvalidInputError: code ``invalid_size``.
            NotFoundError: no such order, picture, version or output of this user.
        """
        if size not in SIZES:
            raise InvalidInputError(f"Sizes are {', '.join(map(str, SIZES))}.", code="invalid_size")
        with self.new_reading() as work:
            readable_order(work, actor, order_id)
            source_key, sha256 = _shown(work, order_id, image_id, version=version, output=output)
        key = thumbnail_key(sha256, size)
        try:
            content = self._read(key)
        except BlobNotFoundError:
            content = self._make(source_key, key, size)
        return Thumbnail(content=content, tag=f"{sha256}-{size}")

    def _read(self, key: str) -> bytes:
        with self.blobs.open(key) as file:
            return file.read()

    def _make(self, source_key: str, key: str, size: int) -> bytes:
        """Make it and keep it; whoever does the same at once stores the same bytes."""
        with self.blobs.staging() as folder, self.blobs.local(source_key) as source:
            target = folder / "thumbnail.webp"
            self.engine.thumbnail(source, edge=size, target=target)
            content = target.read_bytes()
            self.blobs.put(key, target, move=True)
        return content


def thumbnail_key(sha256: str, size: int) -> str:
    """Return where the thumbnail of a content is kept."""
    return f"{PREFIX}/{sha256[:2]}/{sha256}-{size}.webp"


def _shown(
    work: UnitOfWork, order_id: str, image_id: str, *, version: int | None, output: str | None
) -> tuple[str, str]:
    """Return key and hash of the file that is to be shown."""
    image = image_of(work, order_id, image_id)
    number = image.latest_version if version is None else version
    if number == 0:
        return work.assets.get(image.asset_id).storage_key, image.sha256
    for file in work.images.get_version(image_id, number).files:
        if output in (None, file.output):
            return file.storage_key, file.sha256
    raise NotFoundError("The version has no such file.", details={"output": output})
