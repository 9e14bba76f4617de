"""Draft orders: open, fill, instruct, rename, delete, restore."""

from pathlib import Path

import click

from adapters.cli.agreeing import agree, yes_option
from adapters.cli.commands import command, order_argument
from adapters.cli.errors import NEEDS_LOOK, OK
from adapters.cli.orders.group import order
from adapters.cli.output import count, print_line
from adapters.cli.session import Session
from adapters.cli.views.briefs import lines_document, print_lines
from adapters.cli.views.images import image_document, print_added
from adapters.cli.views.orders import order_document, print_order
from adapters.cli.views.reports import refusal_document
from adapters.cli.work.delivering import safe_name, write_chunks
from adapters.cli.work.files import find_files
from adapters.cli.work.reporting import overwrite_option
from adapters.cli.work.texts import read_brief
from core.errors import InvalidInputError
from core.usecases.images.add import AddImages
from core.usecases.orders.again import RunAgain
from core.usecases.orders.brief_files import DownloadBrief
from core.usecases.orders.change import DeleteOrder, RenameOrder, RestoreOrder
from core.usecases.orders.create import CreateOrder
from core.usecases.orders.set_instruction import NO_BRIEF, SetInstruction
from core.usecases.queries.orders import GetOrder

EXISTING = click.Path(exists=True, path_type=Path)
brief_option = click.option("--brief", type=EXISTING, metavar="FILE",
                            help="A document (PDF, DOCX, DOC, TXT, MD) with the wishes.")  # fmt: skip
recursive_option = click.option("-r", "--recursive", is_flag=True, help="Look into folders of folders too.")


@command(order, "create", about=CreateOrder)
@click.argument("paths", nargs=-1, type=EXISTING, metavar="[PATH…]")
@click.option("-i", "--instruction", default="", metavar="TEXT", help="What should be done, in plain words.")
@brief_option
@click.option("--name", default="", metavar="TEXT", help="Name of the order.")
@click.option("--key", metavar="TEXT", help="The same key gives the same order again.")
@recursive_option
def create(session: Session, *, paths: tuple[Path, ...], instruction: str, brief: Path | None, name: str,
           key: str | None, recursive: bool) -> int:  # fmt: skip
    """Create an order, and add pictures when some are named."""
    text = read_brief(session, brief) if brief is not None else None
    made = session.use(CreateOrder)(actor=session.actor, name=name, instruction=instruction, idempotency_key=key)
    if text is not None:
        made = session.use(SetInstruction)(actor=session.actor, order_id=made.id, brief=text)
    if paths:
        return add_files(session, made.id, paths, recursive=recursive)
    session.show({"order": order_document(made), "images": [], "refused": []}, print_order)
    return OK


@command(order, "add", about=AddImages)
@order_argument
@click.argument("paths", nargs=-1, required=True, type=EXISTING, metavar="PATH…")
@recursive_option
def add(session: Session, *, order_id: str, paths: tuple[Path, ...], recursive: bool) -> int:
    """Add pictures; exit with 3 when some were refused."""
    return add_files(session, order_id, paths, recursive=recursive)


def add_files(session: Session, order_id: str, paths: tuple[Path, ...], *, recursive: bool) -> int:
    """Add pictures to an order and tell which were taken."""
    found = find_files(paths, recursive=recursive)
    added = session.use(AddImages)(actor=session.actor, order_id=order_id, files=found.files)
    refused = (*found.refused, *added.refused)
    document = {
        "order": order_document(added.order),
        "images": [image_document(i) for i in added.images],
        "refused": [refusal_document(r) for r in refused],
    }
    session.show(document, print_added)
    return NEEDS_LOOK if refused else OK


@command(order, "instruct", about=SetInstruction)
@order_argument
@click.option("-i", "--instruction", metavar="TEXT", help="What should be done, in plain words.")
@brief_option
@click.option("--no-brief", "is_removed", is_flag=True, help="Remove the brief.")
def instruct(session: Session, *, order_id: str, instruction: str | None, brief: Path | None, is_removed: bool) -> None:
    """Write the instruction or the brief."""
    if instruction is None and brief is None and not is_removed:
        raise InvalidInputError("Give an instruction with -i, or a document with --brief.", code="nothing_given")
    text = read_brief(session, brief) if brief is not None else NO_BRIEF if is_removed else None
    changed = session.use(SetInstruction)(actor=session.actor, order_id=order_id, instruction=instruction, brief=text)
    session.show({"order": order_document(changed)}, print_order)


@command(order, "brief", about="Show the brief of an order with the numbers of its lines, or write its document.")
@order_argument
@click.option("--original", "target", type=click.Path(path_type=Path), metavar="PATH",
              help="Write the document as it was uploaded to this file, or into this folder.")  # fmt: skip
@overwrite_option
def show_brief(session: Session, *, order_id: str, target: Path | None, overwrite: bool) -> None:
    """Show a brief, or write its document."""
    found = session.use(GetOrder)(actor=session.actor, order_id=order_id).order
    document = {
        "order_id": found.id, "name": found.brief_name, "page_starts": list(found.brief_pages),
        "has_original": found.brief_asset_id is not None, "text": found.brief_text,
        "lines": lines_document(found.brief_text, found.brief_pages), "path": None,
    }  # fmt: skip
    if target is None:
        session.show(document, print_lines)
        return
    asset = session.use(DownloadBrief)(actor=session.actor, order_id=order_id)
    path = target / safe_name(asset.original_name) if target.is_dir() else target
    with session.app.blobs.open(asset.storage_key) as content:
        write_chunks(path, content, overwrite=overwrite)
    session.show(document | {"path": str(path)}, lambda console, d: print_line(console, f"{d['path']}: written."))


@command(order, "again", about=RunAgain)
@order_argument
def again(session: Session, *, order_id: str) -> None:
    """Open an order like an earlier one."""
    session.show({"order": order_document(session.use(RunAgain)(actor=session.actor, order_id=order_id))}, print_order)


@command(order, "rename", about=RenameOrder)
@order_argument
@click.argument("name")
def rename(session: Session, *, order_id: str, name: str) -> None:
    """Rename an order."""
    changed = session.use(RenameOrder)(actor=session.actor, order_id=order_id, name=name)
    session.show({"order": order_document(changed)}, print_order)


@command(order, "delete", about=DeleteOrder)
@order_argument
@yes_option
def delete(session: Session, *, order_id: str, is_agreed: bool) -> None:
    """Delete an order."""
    found = session.use(GetOrder)(actor=session.actor, order_id=order_id).order
    agree(session, f"Delete order {found.name!r} with {count(found.image_count, 'picture')}?", is_agreed=is_agreed)
    changed = session.use(DeleteOrder)(actor=session.actor, order_id=order_id)
    session.show({"order": order_document(changed)}, print_order)


@command(order, "restore", about=RestoreOrder)
@order_argument
def restore(session: Session, *, order_id: str) -> None:
    """Restore an order."""
    changed = session.use(RestoreOrder)(actor=session.actor, order_id=order_id)
    session.show({"order": order_document(changed)}, print_order)
