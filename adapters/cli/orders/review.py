"""Reviewing finished pictures."""

from collections.abc import Sequence

import click

from adapters.cli.commands import command, images_argument, order_argument
from adapters.cli.orders.group import order
from adapters.cli.references import find_images
from adapters.cli.session import Session
from adapters.cli.views.images import image_document, print_images
from core.domain.images import OrderImage
from core.usecases.images.review import ApproveImages, FlagImages, ReopenImages


@command(order, "approve", about=ApproveImages)
@order_argument
@images_argument
@click.option("--version", type=int, help="An older version instead of the newest.")
def approve(session: Session, *, order_id: str, image_ids: tuple[str, ...], version: int | None) -> None:
    """Approve pictures."""
    ids = find_images(session, order_id, image_ids)
    use = session.use(ApproveImages)
    _show(session, use(actor=session.actor, order_id=order_id, image_ids=ids, version=version))


@command(order, "flag", about=FlagImages)
@order_argument
@images_argument
@click.option("--note", default="", metavar="TEXT", help="What is wrong.")
def flag(session: Session, *, order_id: str, image_ids: tuple[str, ...], note: str) -> None:
    """Flag pictures."""
    ids = find_images(session, order_id, image_ids)
    _show(session, session.use(FlagImages)(actor=session.actor, order_id=order_id, image_ids=ids, note=note))


@command(order, "reopen", about=ReopenImages)
@order_argument
@images_argument
def reopen(session: Session, *, order_id: str, image_ids: tuple[str, ...]) -> None:
    """Take back approvals and flags."""
    ids = find_images(session, order_id, image_ids)
    _show(session, session.use(ReopenImages)(actor=session.actor, order_id=order_id, image_ids=ids))


def _show(session: Session, images: Sequence[OrderImage]) -> None:
    session.show({"images": [image_document(i) for i in images]}, print_images)
