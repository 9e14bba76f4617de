"""Who may call what: every route against everybody."""

import io
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from werkzeug.test import TestResponse

from adapters.bootstrap import Application
from adapters.settings import Settings
from adapters.web.app import create_app
from core.kernel.actor import Scope
from tests.factories import new_id
from tests.fakes import picture
from tests.web.browser import Browser
from tests.web.owner import Owner
from tests.web.rows import Row
from tests.web.site import CUSTOMER_SCOPES, Person, Site

OWNED_BY_NAME = frozenset(
    {"recipe", "logo", "session"}
)  # looked up among one's own; not even an administrator finds them
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
    owner: Owner,
    route: str,
    caller: Person | Browser | None,
    *,
    body: str | None = None,
    query: dict[str, str] | None = None,
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
    for kind in ("id:", "int:", "word:", "path:"):
        path = path.replace("{" + kind, "{")
    values["order_id"] = values["order_id"] or new_id()
    options: dict[str, Any] = {"headers": _filled(owner.row.headers, values)}
    query = query if query is not None else _filled(owner.row.query, values)
    if query:
        options["query_string"] = query
    if body is not None:
        options |= {"data": body, "content_type": "application/json"}
    elif owner.row.files:
        name = "brief.txt" if owner.row.files == "brief" else "logo.png"
        content = picture(unique, "png")
        options["data"] = {owner.row.files: (io.BytesIO(content), name), **owner.row.form}
    elif owner.row.body is not None:
        options["json"] = _filled(owner.row.body, values)
    elif owner.row.form:
        options["data"] = _filled(owner.row.form, values)
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

    yield from _without_key(route, owner())
    if wanted.is_open:
        return
    for missing in sorted(wanted.scopes):
        yield from _check(route, call(*_weak(owner(), route, missing)), 403, f"without {missing}")
    yield from _with_sessions(site, route, owner)
    if wanted.is_for_people:
        mine = owner()
        yield from _check(route, call(mine, route, mine.person), 403, "for a key")
        return
    yield from _others(route, owner(), site.person())
    if wanted.is_page:
        return
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
    if not _is_found_by_name(wanted):
        yield from _check(route, call(owner(), route, site.admin()), 200, "for an administrator")


def _weak(owner: Owner, route: str, missing: Scope) -> tuple[Owner, str, Person]:
    account = owner.site.studio.operator() if missing is Scope.ADMIN else owner.person.actor
    return owner, route, owner.site.with_key(account, frozenset(CUSTOMER_SCOPES) - {missing})


def _is_found_by_name(wanted: Row) -> bool:
    return wanted.state in OWNED_BY_NAME or "recipe" in wanted.needs


def _without_key(route: str, owner: Owner) -> Iterator[str]:
    is_open = owner.row.is_open
    found = call(owner, route, Browser(owner.site) if is_open else None).status_code
    if is_open != (found < 400):
        yield f"{route}: {found} without a key"
    if not is_open and found != 401:
        yield f"{route}: {found} instead of 401 without a key"


def _with_sessions(site: Site, route: str, owner: Callable[[], Owner]) -> Iterator[str]:
    """Yield the same for people with browsers, and what a foreign page can do through them."""
    mine = owner()
    wanted, admin = mine.row, site.studio.operator()
    yield from _check(
        route, call(mine, route, Browser(site, mine.person.actor)), 403 if wanted.is_for_admins else 200,
        "for the owner's browser", is_page=wanted.is_page,
    )  # fmt: skip
    yield from _others(route, owner(), Browser(site, site.person().actor))
    if not _is_found_by_name(wanted) and not wanted.is_for_people:
        answer = call(owner(), route, Browser(site, admin))
        yield from _check(route, answer, 200, "for an administrator's browser", is_page=wanted.is_page)
    if not route.startswith("GET "):
        mine = owner()
        actor = admin if wanted.is_for_admins else mine.person.actor
        foreign = call(mine, route, Browser(site, actor, has_token=False))
        yield from _check(route, foreign, 403, "for a page of another site")


def _others(route: str, owner: Owner, other: Person | Browser) -> Iterator[str]:
    """Yield what somebody else can do to an owner's object, and what leaks from lists."""
    site = owner.site
    order_id = owner.values["order_id"]
    before = site.studio.view(order_id) if order_id else None
    answer = call(owner, route, other)
    if owner.row.state:
        yield from _check(route, answer, 404, "for somebody else")
    if before is not None and site.studio.view(order_id) != before:
        yield f"{route}: somebody else changed the order"
    secrets = [order_id, owner.person.actor.user_id, owner.person.actor.label]
    if not owner.row.is_for_admins and any(s and s.encode() in answer.get_data() for s in secrets):
        yield f"{route}: somebody else sees data of the owner"


def _check(
    route: str, answer: TestResponse, status: int, words: str, *, is_page: bool = False
) -> Iterator[str]:  # fmt: skip
    let_in = {409, 422} if is_page else set()
    found = answer.status_code
    is_right = found < 400 or found in let_in if status == 200 else found == status
    if not is_right:
        yield f"{route}: {answer.status_code} instead of {status} {words}: {answer.get_data()[:200]!r}"
