"""The reference of the API: as a document for programs and as a page for people."""

from apiflask import APIBlueprint
from flask import Response, jsonify, render_template, request

from adapters.web.api.base import public
from adapters.web.openapi import openapi_document, write_reference

TAG = {"name": "Operation", "description": "For load balancers, monitoring and programmers."}
blueprint = APIBlueprint("docs", "adapters.web.api.docs", tag=TAG)


@blueprint.get("/api/openapi.json")
@blueprint.doc(**public("OpenAPI 3.1"))
def openapi() -> Response:
    """Give this reference as an OpenAPI document."""
    return jsonify(openapi_document())


@blueprint.get("/api/docs")
@blueprint.doc(**public("The page", media="text/html"))
def page() -> str:
    """Show this reference as a page."""
    found = write_reference(openapi_document(), server=request.host_url.rstrip("/"))
    return render_template("reference.html.jinja", reference=found)
