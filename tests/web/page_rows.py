"""What each page of the studio asks for; a page without a row fails the tests."""

from typing import Any

from core.kernel.actor import Scope
from tests.web.rows import READ, RECIPE, WRITE, Row, row

ORDER = "/orders/<id:order_id>"


def page(*scopes: Scope, **values: Any) -> Row:
    """Return the row of a page: it is tried with browsers, not with every kind of key."""
    return row(*scopes, is_page=True, **values)


PLANNED = page(READ, state="planned")
FORMS: dict[str, dict[str, str]] = {
    "answers": {},
    "confirm": {},
    "edit": {"do": "remove", "index": "0"},
    "pictures": {},
    "preview": {"image": "{image_id}"},
    "profile": {"profile": "{profile}"},
    "recipe": {"recipe": "{name}"},
    "restore": {"number": "1"},
    "save": {"name": "New {unique}"},
    "step": {"op": "exposure", "ev": "0.2"},
    "submit": {},
    "tags": {},
}
PARTS = ("cards", "film", "log", "progress", "viewer", "reprocess")
PAGES: dict[str, Row] = {
    "GET /dashboard": page(READ),
    "GET /dashboard/brief/<id:order_id>": page(READ, state="draft"),
    "GET /dashboard/recipe": page(READ, state="recipe", query={"name": "{name}"}),
    "GET /dashboard/samples/<word:name>": page(needs=frozenset({"sample"})),
    "GET /orders": page(READ),
    "GET /orders/figures": page(READ),
    "GET /tokens": page(Scope.CREDITS_READ),
    "GET /processing": page(),
    "GET /processing/<id:order_id>": page(),
    f"GET {ORDER}": page(READ, state="done"),
    "GET /shell/credits": page(Scope.CREDITS_READ),
    "GET /shell/search": page(READ),
    "POST /plans/understanding": page(READ, form={"instruction": "brighter"}),
    **{f"GET {ORDER}/{part}": page(READ, state="done") for part in PARTS},
    **{f"GET {ORDER}/images/<id:image_id>/{part}": page(READ, state="done") for part in ("details", "view")},
    **{
        f"GET {ORDER}/plan{part}": PLANNED
        for part in ("", "/operations", "/replacing", "/revisions", "/state", "/tags", "/used")
    },
    f"GET {ORDER}/assistant": PLANNED,
    f"POST {ORDER}/assistant/apply": page(WRITE, state="proposed", form={"message": "{message_id}"}),
    f"GET {ORDER}/plan/step": page(READ, state="planned", query={"op": "exposure"}),
    **{
        f"POST {ORDER}/plan/{part}": page(WRITE, state="planned", needs=RECIPE, form={"revision": "1", **form})
        for part, form in FORMS.items()
    },
}
