"""What every page shares."""

from typing import Any

from apiflask import APIBlueprint
from flask import g, render_template, request

from adapters.web.security import actor, application
from core.domain.accounts import User
from core.errors import NotAuthenticatedError
from core.usecases.accounts.users import GetUser
from core.usecases.credits.read import GetBalance


def make_pages(name: str) -> APIBlueprint:
    """Return a blueprint of pages, which the reference of the API leaves out."""
    return APIBlueprint(name, f"adapters.web.pages.{name}", enable_openapi=False)


def show(template: str, **values: Any) -> str:
    """Render ``pages/<template>.html.jinja``."""
    return render_template(f"pages/{template}.html.jinja", **values)


def fragment(template: str, **values: Any) -> str:
    """Render ``fragments/<template>.html.jinja``: a part of a page that is fetched later."""
    return render_template(f"fragments/{template}.html.jinja", **values)


def is_fragment() -> bool:
    """Whether a part of a page is asked for, not a whole one."""
    return "HX-Request" in request.headers


def provider_labels() -> dict[str, str]:
    """Return what people call the providers of language models, by their keys."""
    return {provider.key: provider.label for provider in application().plugins.language_models()}


def planning_model() -> str:
    """Return what people call the language model that reads instructions; empty where none does."""
    name = application().language_name
    return provider_labels().get(name, name) if application().models.plans else ""


class Shell:
    """What the frame of a page shows of the person; each thing is looked up when the template asks for it."""

    @property
    def user(self) -> User | None:
        """The person who is signed in, if anyone is."""
        if "shell_user" not in g:
            try:
                g.shell_user = application().use(GetUser)(actor=actor(), user="me")
            except NotAuthenticatedError:
                g.shell_user = None
        found: User | None = g.shell_user
        return found

    @property
    def balance(self) -> Any:
        """The credits of that person."""
        return application().use(GetBalance)(actor=actor())

    def is_at(self, path: str) -> bool:
        """Whether a place of the menu is the current one."""
        return request.path == path or request.path.startswith(path + "/")


def context() -> dict[str, Any]:
    """Return what every template may use."""
    return {"shell": Shell(), "csp_nonce": g.get("csp_nonce", "")}
