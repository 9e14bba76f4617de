"""Who may call what: every route against everybody."""

import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from werkzeug.test import TestResponse

from adapters.bootstrap import Application
from adapters.settings import Settings
from adapters.web.app import create_app
from core.kernel.actor import Scope
from tests.fakes import picture
from tests.web.owner import Owner
from tests.web.rows import Row
from tests.web.site import CUSTOMER_SCOPES, Person, Site

OWNED_BY_NAME = frozenset({"recipe", "logo"})  # looked up among one's own; not even an administrator finds them
_numbers = itertools.count()


def routes_of(app: APIFlask) -> list[str]:
    """Return every method and rule of an application."""
    return sorted(
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )


def bare_app() -> APIFlask:
    """Return an application that is only asked for its routes."""
    return create_app(Application(Settings(home=Path("/nowhere"))))


def call(
    owner: Owner, route: str, caller: Person | None, *, body: str | None = None, query: dict[str, str] | None = None
) -> TestResponse:
    """Call a route on the owner's objects.

    Args:
        body: JSON in place of that of the row.
        query: what follows the question mark.
    """
    method, rule = route.split(" ", 1)
    unique = f"u{next(_numbers)}"
    values = {**owner.values, "unique": unique, "scope": caller.least_scope if caller else ""}
    path = rule.replace("<", "{").replace(">", "}")
    for kind in ("id:", "word:", "path:"):
        path = path.replace("{" + kind, "{")
    options: dict[str, Any] = {"headers": {k: v.format(**values) for k, v in owner.row.headers.items()}}
    if query is not None:
        options["query_string"] = query
    if body is not None:
        options |= {"data": body, "content_type": "application/json"}
    elif owner.row.files:
        name = "brief.txt" if owner.row.files == "brief" else "logo.png"
        content = picture(unique, "png")
        options["data"] = {owner.row.files: (io.BytesIO(content), name), **owner.row.form}
    elif owner.row.body is not None:
        options["json"] = _filled(owner.row.body, values)
    if caller is None:
        return owner.site.client.open(path.format(**values), method=method, **options)
    return caller.call(method, path.format(**values), **options)


def _filled(value: Any, values: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {k: _filled(v, values) for k, v in value.items()}
    if value == ["{all}"]:
        return values["all"].split(",")
    if isinstance(value, list):
        return [_filled(v, values) for v in value]
    return value.format(**values) if isinstance(value, str) else value


def violations(site: Site, route: str, wanted: Row) -> Iterator[str]:
    """Yield everything that a route permits and should not, or refuses and should not."""

    def owner() -> Owner:
        return Owner(site, site.person(), wanted)

    found = call(owner(), route, None).status_code
    if wanted.is_open != (found < 400):
        yield f"{route}: {found} without a key"
    if wanted.is_open:
        return
    if found != 401:
        yield f"{route}: {found} instead of 401 without a key"
    for missing in sorted(wanted.scopes):
        yield from _check(route, call(*_weak(owner(), route, missing)), 403, f"without {missing}")
    yield from _others(site, route, owner())
    if wanted.is_for_admins:
        mine = owner()
        yield from _check(route, call(mine, route, mine.person), 403, "for a customer")
    else:
        mine = owner()
        yield from _check(route, call(mine, route, mine.person), 200, "for the owner")
        if not wanted.scopes:
            mine = owner()
            least = site.with_key(mine.person.actor, {Scope.DAM_READ})
            yield from _check(route, call(mine, route, least), 200, "for any key")
    if wanted.state not in OWNED_BY_NAME:
        yield from _check(route, call(owner(), route, site.admin()), 200, "for an administrator")


def _weak(owner: Owner, route: str, missing: Scope) -> tuple[Owner, str, Person]:
    account = owner.site.studio.operator() if missing is Scope.ADMIN else owner.person.actor
    return owner, route, owner.site.with_key(account, frozenset(CUSTOMER_SCOPES) - {missing})


def _others(site: Site, route: str, owner: Owner) -> Iterator[str]:
    """Yield what somebody else can do to an owner's object, and what leaks from lists."""
    other = site.person()
    order_id = owner.values["order_id"]
    before = site.studio.view(order_id) if order_id else None
    answer = call(owner, route, other)
    if owner.row.state:
        yield from _check(route, answer, 404, "for somebody else")
    if before is not None and site.studio.view(order_id) != before:
        yield f"{route}: somebody else changed the order"
    secrets = [order_id, owner.person.actor.user_id, owner.person.actor.label]
    if not owner.row.is_for_admins and any(s and s in answer.get_data(as_text=True) for s in secrets):
        yield f"{route}: somebody else sees data of the owner"


def _check(route: str, answer: TestResponse, status: int, words: str) -> Iterator[str]:
    is_right = answer.status_code < 400 if status == 200 else answer.status_code == status
    if not is_right:
        yield f"{route}: {answer.status_code} instead of {status} {words}: {answer.get_data(as_text=True)[:200]}"
