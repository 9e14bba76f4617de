"""Finished files: list them, write them to a folder, pack them into an archive."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from adapters.cli.commands import command, order_argument
from adapters.cli.orders.group import order
from adapters.cli.output import count, print_line, print_table, size
from adapters.cli.references import find_images
from adapters.cli.session import Session
from adapters.cli.views.reports import Report
from adapters.cli.work.delivering import check_folder, deliver, place, write_chunks
from adapters.cli.work.reporting import out_option, overwrite_option
from core.usecases.delivery.download import DownloadArchive
from core.usecases.delivery.results import Choice, GetResults, Which

if TYPE_CHECKING:
    from rich.console import Console


def choosing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that select results."""
    image = click.option("--image", "images", multiple=True, metavar="IMAGE", help="Only this picture (repeatable).")
    output = click.option("--output", "outputs", multiple=True, metavar="NAME", help="Only this deliverable.")
    approved = click.option("--approved", "is_approved", is_flag=True, help="Approved versions instead of the newest.")
    return image(output(approved(function)))


def _choice(session: Session, order_id: str, options: dict[str, Any]) -> Choice:
    return Choice(
        image_ids=find_images(session, order_id, options["images"]) if options["images"] else None,
        outputs=options["outputs"] or None,
        which=Which.APPROVED if options["is_approved"] else Which.LATEST,
    )


@command(order, "results", about=GetResults)
@order_argument
@choosing
@out_option
@overwrite_option
def results(session: Session, *, order_id: str, folder: Path | None, overwrite: bool, **options: Any) -> None:
    """List finished files, and write them when a folder is named."""
    found = session.use(GetResults)(actor=session.actor, order_id=order_id, choice=_choice(session, order_id, options))
    report = Report(asked=[order_id], results=[found], folder=folder)
    if folder is not None:
        check_folder(folder)
        report.placed = place(report.results, folder)
        deliver(session, report.placed, overwrite=overwrite)
    document = report.document()
    session.show({key: document[key] for key in ("order", "images", "output_folder")}, _print_files)


def _print_files(console: "Console", document: dict[str, Any]) -> None:
    rows = [
        (f["path"] or f["name"], f"{f['width']} × {f['height']}", size(f["bytes"]), image["status"].replace("_", " "))
        for image in document["images"]
        for f in image["outputs"]
    ]
    print_table(console, ("File", "Size", ">Bytes", "Status"), rows)


@command(order, "download", about=DownloadArchive)
@order_argument
@choosing
@click.option("-o", "--out", "target", type=click.Path(path_type=Path), metavar="FILE",
              help="Where the archive goes; a file of the order's name here when omitted.")  # fmt: skip
@overwrite_option
def download(session: Session, *, order_id: str, target: Path | None, overwrite: bool, **options: Any) -> None:
    """Write a ZIP archive."""
    choice = _choice(session, order_id, options)
    archive = session.use(DownloadArchive)(actor=session.actor, order_id=order_id, choice=choice)
    path = target if target is not None else Path(archive.name)
    path = path / archive.name if path.is_dir() else path
    write_chunks(path, archive.chunks, overwrite=overwrite)
    document = {"path": str(path), "bytes": archive.total_bytes, "files": archive.files}
    session.show(document, _print_archive)


def _print_archive(console: "Console", document: dict[str, Any]) -> None:
    print_line(console, f"{document['path']}: {count(document['files'], 'file')}, {size(document['bytes'])}.")
