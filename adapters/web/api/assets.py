"""Logos."""

from typing import Any

from adapters.web.api.base import described, make_blueprint
from adapters.web.responses import Done, Envelope, View
from adapters.web.security import actor, application
from adapters.web.uploads import uploaded_one
from core.kernel.actor import Scope
from core.usecases.assets.logos import AddLogo, DeleteLogo

blueprint = make_blueprint("assets", tag="Logos", about="Pictures that a plan puts on other pictures.")


class AssetOut(View):
    """A stored file."""

    id: str
    format: str
    bytes: int
    width: int
    height: int
    sha256: str
    original_name: str


class AssetAnswer(Envelope[AssetOut]):
    """One stored file, also under the name that older clients know."""

    asset_id: str


@blueprint.post("/assets")
@blueprint.output(AssetAnswer, status_code=201)
@blueprint.doc(**described(409, 413, 415, 422, 503, 507, scope=Scope.ASSETS_WRITE, files="file"))
def add_logo() -> dict[str, Any]:
    """Upload a logo of at most 5 MB; its id goes into the step that puts it on pictures."""
    file = uploaded_one("file")
    asset = application().use(AddLogo)(actor=actor(), name=file.name, path=file.path, size=file.bytes)
    return {"data": asset, "asset_id": asset.id}


@blueprint.delete("/assets/<id:asset_id>")
@blueprint.output(Done)
@blueprint.doc(**described(404, scope=Scope.ASSETS_WRITE))
def delete_logo(asset_id: str) -> dict[str, Any]:
    """Remove a logo; finished pictures keep it, new work can no longer use it."""
    application().use(DeleteLogo)(actor=actor(), asset_id=asset_id)
    return {}
