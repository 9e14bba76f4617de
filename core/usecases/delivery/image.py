"""Find the stored content of one file."""

import attrs

from core.domain.action_log import LogType
from core.domain.editing.naming import EXTENSIONS
from core.domain.images import VersionFile
from core.errors import NotFoundError
from core.kernel.actor import Actor
from core.ports.unit_of_work import NewWork
from core.usecases.delivery.results import Choice, ResultFile, Which, collect
from core.usecases.images.access import image_of
from core.usecases.journal import Journal
from core.usecases.orders.access import readable_order


@attrs.frozen(kw_only=True)
class StoredPicture:
    """Where a picture's content is, and what to call it."""

    name: str
    storage_key: str
    format: str
    bytes: int


@attrs.frozen(kw_only=True)
class DownloadImage:
    """Download one file: the original, a version, or a deliverable of it."""

    new_work: NewWork
    journal: Journal

    def __call__(
        self, *, actor: Actor, order_id: str, image_id: str, version: int | None = None, output: str | None = None
    ) -> StoredPicture:
        """Return where the content is; the download is written to the action log.

        Args:
            version: 0 for the original, None for the newest result.
            output: name of the deliverable; None for the first.

        Raises:
            NotFoundError: no such order, picture, version or output of this user.
        """
        with self.new_work() as work:
            order = readable_order(work, actor, order_id)
            image = image_of(work, order_id, image_id)
            number = image.latest_version if version is None else version
            if number == 0:
                asset = work.assets.get(image.asset_id)
                found = StoredPicture(
                    name=asset.original_name, storage_key=asset.storage_key, format=asset.format, bytes=asset.bytes
                )
            elif number == image.latest_version:
                results = collect(work, order, Choice(image_ids=[image_id], which=Which.LATEST)).images
                found = _named(_pick([f for r in results for f in r.files], output))
            else:
                files = work.images.get_version(image_id, number).files
                found = _bare(_pick_version(files, output), image.original_name, number)
            message = f"{image.original_name}: version {number} downloaded."
            self.journal.note(
                work, LogType.DOWNLOAD, order_id=order_id, actor=actor, image_id=image_id, version=number,
                message=message,
            )  # fmt: skip
            work.commit()
        return found


def _pick(files: list[ResultFile], output: str | None) -> ResultFile:
    for file in files:
        if output in (None, file.file.output):
            return file
    raise NotFoundError("The picture has no such file.", details={"output": output})


def _pick_version(files: tuple[VersionFile, ...], output: str | None) -> VersionFile:
    for file in files:
        if output in (None, file.output):
            return file
    raise NotFoundError("The version has no such file.", details={"output": output})


def _named(file: ResultFile) -> StoredPicture:
    name = file.path.rsplit("/", 1)[-1]
    return StoredPicture(
        name=name, storage_key=file.file.storage_key, format=file.file.format, bytes=file.file.bytes
    )  # fmt: skip


def _bare(file: VersionFile, original: str, number: int) -> StoredPicture:
    stem = original.rsplit(".", 1)[0]
    name = f"{stem}-v{number}-{file.output}.{EXTENSIONS[file.format]}"
    return StoredPicture(name=name, storage_key=file.storage_key, format=file.format, bytes=file.bytes)
