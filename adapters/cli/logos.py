"""``i2i logo``: logos to be put on pictures."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from adapters.cli.agreeing import agree, yes_option
from adapters.cli.commands import command
from adapters.cli.output import print_line
from adapters.cli.session import Session
from core.domain.assets import Asset
from core.usecases.assets.logos import AddLogo, DeleteLogo

if TYPE_CHECKING:
    from rich.console import Console

logo = click.Group("logo", help="Logos to be put on pictures.")


def _document(asset: Asset) -> dict[str, Any]:
    return {
        "id": asset.id,
        "name": asset.original_name,
        "format": asset.format,
        "width": asset.width,
        "height": asset.height,
        "bytes": asset.bytes,
        "state": asset.state.value,
    }


def _print(console: "Console", document: dict[str, Any]) -> None:
    print_line(console, f"{document['id']}  {document['name']} {document['width']} × {document['height']}")


@command(logo, "add", about=AddLogo)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def add(session: Session, *, file: Path) -> None:
    """Upload a logo."""
    use = session.use(AddLogo)
    session.show(_document(use(actor=session.actor, name=file.name, path=file, size=file.stat().st_size)), _print)


@command(logo, "delete", about=DeleteLogo)
@click.argument("logo_id", metavar="LOGO")
@yes_option
def delete(session: Session, *, logo_id: str, is_agreed: bool) -> None:
    """Remove a logo."""
    agree(session, f"Delete logo {logo_id} for good?", is_agreed=is_agreed)
    session.show(_document(session.use(DeleteLogo)(actor=session.actor, asset_id=logo_id)), _print)
