"""The OpenAPI document of this application, and the reference page made from it."""

from typing import Any

from apiflask import APIFlask
from flask import current_app

from adapters.web.openapi.document import INFO, SECURITY_SCHEMES, complete
from adapters.web.openapi.highlight import breakable, highlight, ticks
from adapters.web.openapi.reference import Reference, write_reference

__all__ = ["Reference", "openapi_document", "register", "write_reference"]


def register(app: APIFlask) -> None:
    """Tell APIFlask what the document says beyond what it finds in the views."""
    app.info = INFO
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        SECURITY_SCHEMES=SECURITY_SCHEMES,
        SERVERS=[{"url": "/", "description": "This installation"}],
        AUTO_OPERATION_ID=True,
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
    )
    app.spec_processor(complete)
    app.jinja_env.filters.update(highlight=highlight, breakable=breakable, ticks=ticks)


def openapi_document() -> dict[str, Any]:
    """Return the document of the current application; it is made once."""
    app = current_app
    if "i2i_openapi" not in app.extensions:
        app.extensions["i2i_openapi"] = app.spec  # type: ignore[attr-defined]
    found: dict[str, Any] = app.extensions["i2i_openapi"]
    return found
