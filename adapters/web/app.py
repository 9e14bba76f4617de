"""The Flask application."""

from apiflask import APIFlask
from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from adapters.bootstrap import Application
from adapters.web import converters, errors, headers, limits, metrics, openapi, security, uploads
from adapters.web.api import blueprints
from adapters.web.limits import Rates
from adapters.web.requests import MAX_JSON, ApiRequest

FILES = limits.UPLOADS | {"batches.upload", "batches.run_recipe"}
FORM_MEMORY = 1_000_000
FORM_PARTS = 200


class WebApplication(APIFlask):
    """Flask with this API's requests."""

    request_class = ApiRequest


def create_app(application: Application, *, rates: Rates | None = None) -> APIFlask:
    """Build the web application over the use cases.

    Args:
        application: wired ports and use cases.
        rates: requests per minute; the defaults when None.
    """
    app = WebApplication(
        "adapters.web", title="i2i", version=headers.API_VERSION, docs_path=None, spec_path=None,
        static_url_path="/static",
    )  # fmt: skip
    app.extensions["i2i"] = application
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config.update(
        MAX_CONTENT_LENGTH=application.settings.max_upload_bytes,
        MAX_FORM_MEMORY_SIZE=FORM_MEMORY,
        MAX_FORM_PARTS=FORM_PARTS,
        PROPAGATE_EXCEPTIONS=False,
    )
    converters.register(app)
    errors.register(app)
    headers.register(app)
    limits.register(app, rates or Rates())
    metrics.register(app, application)
    app.before_request(uploads.begin)
    app.before_request(limit_body)
    security.register(app)
    app.before_request(limits.count)
    app.teardown_request(uploads.end)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    openapi.register(app)
    _trust_proxies(app, application.settings.trusted_proxies)
    return app


def limit_body() -> None:
    """Take large bodies only where files are expected: everything else is read into memory."""
    if request.endpoint not in FILES:
        request.max_content_length = min(request.max_content_length or MAX_JSON, MAX_JSON)


def _trust_proxies(app: Flask, count: int) -> None:
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
