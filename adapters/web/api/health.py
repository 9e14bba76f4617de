"""Whether this process is well, for load balancers and monitoring."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, current_app, jsonify
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from adapters.web.api.base import public
from adapters.web.health import examine
from adapters.web.metrics import WebMetrics
from adapters.web.security import actor, application, is_local

TAG = {"name": "Operation", "description": "For load balancers, monitoring and programmers."}
blueprint = APIBlueprint("health", "adapters.web.api.health", tag=TAG)


@blueprint.get("/healthz")
@blueprint.doc(**public("The process runs"))
def healthz() -> dict[str, Any]:
    """Answer as long as the process runs."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@blueprint.doc(**public("Requests can be taken", failing="Something does not work"))
def readyz() -> tuple[Response, int]:
    """Tell whether requests can be taken: database, store and broker, with the reasons when one fails."""
    checks = examine(application())
    is_ready = all(text == "ok" for text in checks.values())
    return jsonify({"status": "ok" if is_ready else "unavailable", "checks": checks}), 200 if is_ready else 503


@blueprint.get("/metrics")
@blueprint.doc(**public("Figures", media="text/plain"))
def metrics() -> Response:
    """Give figures in the text format of Prometheus, on this machine or to an administrator's key."""
    if not is_local():
        actor().require_admin()
    found: WebMetrics = current_app.extensions["i2i_metrics"]
    return Response(generate_latest(found.registry), content_type=CONTENT_TYPE_LATEST)
