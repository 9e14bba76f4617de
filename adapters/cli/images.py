"""``i2i image``: the pictures of an order and their versions."""

from pathlib import Path

import click

from adapters.cli.agreeing import agree, yes_option
from adapters.cli.commands import command, images_argument, order_argument
from adapters.cli.errors import NEEDS_LOOK, OK
from adapters.cli.orders.drafts import EXISTING, add_files, recursive_option
from adapters.cli.output import count, print_facts, print_line, size
from adapters.cli.references import find_images
from adapters.cli.session import Session
from adapters.cli.views.images import image_document, print_images, print_versions, version_document
from adapters.cli.views.orders import order_document, print_order
from adapters.cli.views.previews import preview_document, print_preview
from adapters.cli.work.delivering import check_folder, safe_name, write_chunks
from adapters.cli.work.reporting import overwrite_option
from adapters.cli.work.texts import read_plan
from core.domain.editing.naming import safe_stem
from core.domain.editing.tags import ATTRIBUTES, NOUNS
from core.errors import InvalidInputError
from core.usecases.delivery.image import DownloadImage
from core.usecases.images.add import AddImages
from core.usecases.images.arrange import RemoveImages, ReorderImages, SelectImages
from core.usecases.images.tag import TagImages
from core.usecases.plans.preview import PreviewPlan
from core.usecases.queries.orders import ListVersions

image = click.Group("image", help="The pictures of an order and their versions.")
image_argument = click.argument("reference", metavar="IMAGE")


@command(image, "add", about=AddImages)
@order_argument
@click.argument("paths", nargs=-1, required=True, type=EXISTING, metavar="PATH…")
@recursive_option
def add(session: Session, *, order_id: str, paths: tuple[Path, ...], recursive: bool) -> int:
    """Add pictures; exit with 3 when some were refused."""
    return add_files(session, order_id, paths, recursive=recursive)


@command(image, "remove", about=RemoveImages)
@order_argument
@images_argument
@yes_option
def remove(session: Session, *, order_id: str, image_ids: tuple[str, ...], is_agreed: bool) -> None:
    """Remove pictures."""
    ids = find_images(session, order_id, image_ids)
    agree(session, f"Take {count(len(ids), 'picture')} out of the order for good?", is_agreed=is_agreed)
    changed = session.use(RemoveImages)(actor=session.actor, order_id=order_id, image_ids=ids)
    session.show({"order": order_document(changed)}, print_order)


@command(image, "reorder", about=ReorderImages)
@order_argument
@images_argument
def reorder(session: Session, *, order_id: str, image_ids: tuple[str, ...]) -> None:
    """Put pictures into another order."""
    ids = find_images(session, order_id, image_ids)
    changed = session.use(ReorderImages)(actor=session.actor, order_id=order_id, image_ids=ids)
    session.show({"images": [image_document(i) for i in changed]}, print_images)


@command(image, "select", about=SelectImages)
@order_argument
@images_argument
def select(session: Session, *, order_id: str, image_ids: tuple[str, ...]) -> None:
    """Choose pictures."""
    ids = find_images(session, order_id, image_ids)
    changed = session.use(SelectImages)(actor=session.actor, order_id=order_id, image_ids=ids)
    session.show({"images": [image_document(i) for i in changed]}, print_images)


@command(image, "tag", about=TagImages)
@order_argument
@images_argument
@click.option("--add", multiple=True, metavar="TAG", help="What they show, such as shoe or facing_left; repeatable.")
@click.option("--remove", multiple=True, metavar="TAG", help="What they do not show; repeatable.")
@click.option("--clear", is_flag=True, help="Forget all earlier tags first.")
def tag(
    session: Session, *, order_id: str, image_ids: tuple[str, ...], add: tuple[str, ...], remove: tuple[str, ...],
    clear: bool,
) -> None:  # fmt: skip
    """Tag pictures."""
    if not (add or remove or clear):
        raise InvalidInputError("Say what to --add, --remove or --clear.", code="nothing_to_do")
    ids = find_images(session, order_id, image_ids)
    changed = session.use(TagImages)(
        actor=session.actor, order_id=order_id, image_ids=ids, tags=() if clear else None, add=add, remove=remove
    )
    session.show({"images": [image_document(i) for i in changed]}, print_images)


@command(image, "tags", about="List the tags that say what a picture shows.", has_user=False)
def tags(session: Session) -> None:
    """List tags."""
    document = {"things": sorted(NOUNS), "traits": sorted(ATTRIBUTES)}
    session.show(document, lambda console, d: print_facts(console, [(k, ", ".join(v)) for k, v in d.items()]))


@command(image, "versions", about=ListVersions)
@order_argument
@image_argument
def versions(session: Session, *, order_id: str, reference: str) -> None:
    """Show versions."""
    (image_id,) = find_images(session, order_id, [reference])
    found = session.use(ListVersions)(actor=session.actor, order_id=order_id, image_id=image_id)
    session.show({"image_id": image_id, "versions": [version_document(v) for v in found]}, print_versions)


@command(image, "preview", about=PreviewPlan)
@order_argument
@image_argument
@click.option("-o", "--out", "folder", type=click.Path(path_type=Path), default=".", metavar="DIR",
              show_default="here", help="Where the preview goes.")  # fmt: skip
@click.option("--plan", "plan_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="A plan document (JSON) that is being edited, instead of the order's plan.")  # fmt: skip
@overwrite_option
def preview(
    session: Session, *, order_id: str, reference: str, folder: Path, plan_file: Path | None, overwrite: bool
) -> int:
    """Render a preview."""
    check_folder(folder)
    (image_id,) = find_images(session, order_id, [reference])
    plan = read_plan(plan_file) if plan_file is not None else None
    made = session.use(PreviewPlan)(actor=session.actor, order_id=order_id, image_id=image_id, plan=plan)
    paths = []
    for file in made.files:
        stem = safe_stem(Path(reference).stem)
        paths.append(folder / f"{stem}-preview-{file.output}.{'jpg' if file.format == 'jpeg' else file.format}")
        with session.app.blobs.open(file.storage_key) as content:
            write_chunks(paths[-1], content, overwrite=overwrite)
    session.show(preview_document(made, paths), print_preview)
    return NEEDS_LOOK if made.flags else OK


@command(image, "download", about=DownloadImage)
@order_argument
@image_argument
@click.option("--version", type=int, metavar="N", help="0 for the original; the newest when omitted.")
@click.option("--output", metavar="NAME", help="Which deliverable; the first when omitted.")
@click.option("-o", "--out", "target", type=click.Path(path_type=Path), default=".", metavar="PATH",
              show_default="here", help="A file, or a folder to put it in.")  # fmt: skip
@overwrite_option
def download(
    session: Session, *, order_id: str, reference: str, version: int | None, output: str | None, target: Path,
    overwrite: bool,
) -> None:  # fmt: skip
    """Download one file."""
    (image_id,) = find_images(session, order_id, [reference])
    found = session.use(DownloadImage)(
        actor=session.actor, order_id=order_id, image_id=image_id, version=version, output=output
    )
    path = target / safe_name(found.name) if target.is_dir() else target
    with session.app.blobs.open(found.storage_key) as content:
        write_chunks(path, content, overwrite=overwrite)
    document = {"path": str(path), "format": found.format, "bytes": found.bytes}
    session.show(document, lambda console, d: print_line(console, f"{d['path']}: {size(d['bytes'])}."))
