"""Download one picture, some, or all of them."""

from collections.abc import Iterator

import attrs

from core.domain.action_log import LogType
from core.domain.briefs import SOFT_BREAK
from core.domain.editing.naming import safe_stem
from core.domain.images import ImageStatus
from core.errors import InvalidInputError
from core.kernel.actor import Actor
from core.ports.archiver import ArchiveMember, Archiver
from core.ports.unit_of_work import NewWork
from core.usecases.delivery.results import Choice, OrderResults, ResultFile, collect
from core.usecases.journal import Journal
from core.usecases.orders.access import readable_order

SUMMARY = "SUMMARY.txt"


@attrs.frozen(kw_only=True)
class Archive:
    """A ZIP archive that is packed while it is read.

    Args:
        name: file name for the customer.
        total_bytes: exact size.
        chunks: the content, once.
    """

    name: str
    total_bytes: int
    chunks: Iterator[bytes]
    files: int


@attrs.frozen(kw_only=True)
class DownloadArchive:
    """Pack finished pictures and a summary into a ZIP archive."""

    new_work: NewWork
    archiver: Archiver
    journal: Journal

    def __call__(self, *, actor: Actor, order_id: str, choice: Choice | None = None) -> Archive:
        """Start the archive of the chosen results; the download is written to the action log.

        Raises:
            InvalidInputError: code ``nothing_to_download``.
            NotFoundError: no such order or picture of this user.
        """
        with self.new_work() as work:
            results = collect(work, readable_order(work, actor, order_id), choice or Choice())
            members = [_member(file) for image in results.images for file in image.files]
            if not members:
                raise InvalidInputError("No finished picture matches.", code="nothing_to_download")
            message = f"{len(members)} file{'' if len(members) == 1 else 's'} downloaded."
            self.journal.note(work, LogType.DOWNLOAD, order_id=order_id, actor=actor, message=message)
            self.journal.tell(work, "OrderDownloaded", order_id=order_id, files=len(members))
            work.commit()
        members.append(ArchiveMember(path=_summary_path(members), text=write_summary(results)))
        return Archive(
            name=f"{safe_stem(results.order.name)}.zip", total_bytes=self.archiver.size(members),
            chunks=self.archiver.stream(members), files=len(members) - 1,
        )  # fmt: skip


def _member(file: ResultFile) -> ArchiveMember:
    return ArchiveMember(path=file.path, storage_key=file.file.storage_key, bytes=file.file.bytes)


def _summary_path(members: list[ArchiveMember]) -> str:
    taken = {m.path.casefold() for m in members}
    return SUMMARY if SUMMARY.casefold() not in taken else "SUMMARY-order.txt"


def write_summary(results: OrderResults) -> str:
    """Write what was done to each picture, in plain text."""
    order = results.order
    lines = [order.name, "=" * len(order.name), "", order.summary or f"Status: {order.status.value}", ""]
    if order.wish:
        lines += ["Instruction", "-----------", order.wish.replace(SOFT_BREAK, "\n"), ""]
    lines += ["Pictures", "--------"]
    for result in results.images:
        lines.append(f"{result.image.position:>3}. {result.image.original_name}: {_state(result.image.status)}")
        if result.image.failure is not None:
            lines.append(f"     {result.image.failure.message}")
        for file in result.files:
            facts = f"{file.file.width} x {file.file.height}, {file.file.bytes} bytes, sha256 {file.file.sha256}"
            lines.append(f"     {file.path}  ({facts})")
        if result.version is not None:
            lines += [f"     ! {flag.message}" for flag in result.version.flags]
    return "\n".join(lines) + "\n"


def _state(status: ImageStatus) -> str:
    return status.value.replace("_", " ")
