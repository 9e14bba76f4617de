"""The Flask application."""

from apiflask import APIFlask
from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from adapters.bootstrap import Application
from adapters.web import (
    at_once,
    converters,
    csrf,
    doors,
    errors,
    frontend_assets,
    headers,
    limits,
    metrics,
    openapi,
    pages,
    security,
    uploads,
)
from adapters.web.addresses import thumbnail_url
from adapters.web.api import blueprints
from adapters.web.limits import Rates
from adapters.web.pages.base import context
from adapters.web.requests import MAX_JSON, ApiRequest

FILES = limits.UPLOADS | {"batches.upload", "batches.run_recipe"}
FORM_MEMORY = 1_000_000
FORM_PARTS = 200


class WebApplication(APIFlask):
    """Flask with this API's requests, and with a key that is read when it is first needed."""

    request_class = ApiRequest

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        """Escape in every template: Flask goes by the end of the name, and ours end in ``.jinja``."""
        return True

    @property
    def secret_key(self) -> bytes:  # type: ignore[override]
        """The key that signs the cookie behind the forms."""
        found: Application = self.extensions["i2i"]
        return found.key("forms")


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
    doors.register(app, (rates or Rates()).doors)
    metrics.register(app, application)
    app.before_request(uploads.begin)
    app.before_request(limit_body)
    security.register(app)
    csrf.register(app)
    app.before_request(limits.count)
    at_once.register(app, application)
    app.teardown_request(uploads.end)
    app.context_processor(context)
    app.add_template_global(frontend_assets.asset_url)
    for blueprint in (*blueprints(), *pages.blueprints()):
        app.register_blueprint(blueprint)
    app.register_blueprint(frontend_assets.blueprint)
    app.add_template_global(thumbnail_url)
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
