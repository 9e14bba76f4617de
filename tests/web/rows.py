"""What each route asks for: one row for each; a route without a row fails the tests."""

from typing import Any

import attrs

from core.kernel.actor import Scope

READ, WRITE, ASSETS = Scope.ORDERS_READ, Scope.ORDERS_WRITE, Scope.ASSETS_WRITE
IMAGE_IDS = {"imageIds": ["{image_id}"]}
PLAN = {"steps": [{"op": "exposure", "params": {"ev": 0.2}}]}


@attrs.frozen(kw_only=True)
class Row:
    """What a route asks for.

    Args:
        scopes: what a key needs, all of them; empty for any key.
        state: which order of the owner is touched; empty when the route is not about an object of one person.
        is_open: whether no key is needed.
        body: JSON; ``{image_id}`` and the like are filled in.
        files: name of the form field for a picture.
        form: further form fields, or all of them where no picture is sent.
        is_page: whether it is a page or a part of one; the rows of pages name no complete form, so being asked for
            more (409, 422) counts as being let in.
        is_for_people: whether a session is needed, and a key is refused.
        needs: what else the owner has: ``login``, ``verify_email``, ``reset_password``.
    """

    scopes: frozenset[Scope] = frozenset()
    state: str = ""
    is_open: bool = False
    body: Any = None
    files: str = ""
    form: dict[str, str] = attrs.field(factory=dict)
    headers: dict[str, str] = attrs.field(factory=dict)
    query: dict[str, str] = attrs.field(factory=dict)
    is_page: bool = False
    is_for_people: bool = False
    needs: frozenset[str] = frozenset()

    @property
    def is_for_admins(self) -> bool:
        """Whether only administrators may call it."""
        return Scope.ADMIN in self.scopes


def row(*scopes: Scope, **values: Any) -> Row:
    """Return a row."""
    return Row(scopes=frozenset(scopes), **values)


OWN_PICTURE = "/api/orders/{order_id}/images/{image_id}/file?version=0"
HISTORY = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "What should be done?"}]
OPEN = row(is_open=True)
PASSWORD = "Blue-Kettle-42"
RECIPE = frozenset({"recipe"})
KEY = {"Idempotency-Key": "{unique}"}
SIGN_IN = row(is_open=True, needs=frozenset({"login"}), body={"email": "{login}", "password": PASSWORD})
APPLICANT = {"name": "Ada Lovelace", "email": "{unique}@example.com", "password": PASSWORD}
SIGN_UP = row(is_open=True, body={**APPLICANT, "acceptTerms": True})
PEOPLE = row(is_for_people=True)
NEW_PASSWORD = {"token": "{reset_token}", "password": PASSWORD}
NEEDS_RESET = {"is_open": True, "needs": frozenset({"reset_password"})}
NEEDS_VERIFY = {"is_open": True, "needs": frozenset({"verify_email"})}
ACCESS: dict[str, Row] = {
    "GET /api/security/csrf": OPEN,
    "GET /api/auth/captcha": OPEN,
    "GET /api/auth/session": OPEN,
    **{f"POST /api/auth/{word}": SIGN_IN for word in ("signin", "sign-in", "login")},
    **{f"POST /api/auth/{word}": OPEN for word in ("signout", "sign-out", "logout")},
    **{f"POST /api/auth/{word}": SIGN_UP for word in ("signup", "sign-up", "register")},
    "POST /api/auth/verify-email": row(body={"token": "{verify_token}"}, **NEEDS_VERIFY),
    "POST /api/auth/verify-email/resend": row(is_open=True, body={"email": "{unique}@example.com"}),
    "POST /api/auth/reset-password": row(is_open=True, body={"email": "{unique}@example.com"}),
    "POST /api/auth/reset-password/confirm": row(body=NEW_PASSWORD, **NEEDS_RESET),
    "POST /api/auth/refresh": PEOPLE,
    "GET /api/auth/refresh": row(is_for_people=True, headers={"Sec-Fetch-Site": "same-origin"}),
    "GET /api/user/sessions": PEOPLE,
    "DELETE /api/user/sessions": PEOPLE,
    "DELETE /api/user/sessions/<id:session_id>": row(is_for_people=True, state="session"),
    "PUT /api/user/password": row(
        is_for_people=True,
        needs=frozenset({"login"}),
        body={"currentPassword": PASSWORD, "newPassword": "Green-Kettle-43"},
    ),
}
ACCESS_PAGES: dict[str, Row] = {
    **{f"GET {path}": OPEN for path in ("/", "/sign-in", "/sign-up", "/verify-email", "/forgot-password")},
    "GET /legal/terms": OPEN,
    "GET /legal/privacy": OPEN,
    "GET /static/dist/<path:name>": row(is_open=True, needs=frozenset({"asset"})),
    "GET /reset-password": row(query={"token": "{reset_token}"}, **NEEDS_RESET),
    "POST /sign-in": row(is_open=True, needs=frozenset({"login"}), form={"email": "{login}", "password": PASSWORD}),
    "POST /sign-out": OPEN,
    "POST /sign-up": row(is_open=True, form={**APPLICANT, "repeat": PASSWORD, "accept_terms": "yes"}),
    "POST /verify-email": row(form={"token": "{verify_token}"}, **NEEDS_VERIFY),
    "POST /verify-email/resend": row(is_open=True, form={"email": "{unique}@example.com"}),
    "POST /forgot-password": row(is_open=True, form={"email": "{unique}@example.com"}),
    "POST /reset-password": row(form={**NEW_PASSWORD, "repeat": PASSWORD}, **NEEDS_RESET),
    "GET /account": row(),
    "GET /account/api-keys": row(is_page=True),
    "POST /account/api-keys": row(is_page=True, form={"name": "New", "scopes": "{scope}"}),
    "POST /account/api-keys/<id:key_id>/revoke": row(state="key"),
    "GET /account/security": PEOPLE,
    "POST /account/security/password": row(
        is_for_people=True,
        needs=frozenset({"login"}),
        form={"current": PASSWORD, "new": "Green-Kettle-43", "repeat": "Green-Kettle-43"},
    ),
    "POST /account/security/sessions/end": PEOPLE,
    "POST /account/security/sessions/<id:session_id>/end": row(is_for_people=True, state="session"),
}
ROWS: dict[str, Row] = {
    **ACCESS,
    **ACCESS_PAGES,
    "GET /api/docs": OPEN,
    "GET /api/openapi.json": OPEN,
    "GET /static/<path:filename>": OPEN,
    "GET /healthz": OPEN,
    "GET /readyz": OPEN,
    "GET /metrics": OPEN,
    "POST /api/orders": row(WRITE, body={"name": "Mine"}),
    "GET /api/orders": row(READ),
    "GET /api/orders/stats": row(READ),
    "GET /api/orders/<id:order_id>": row(READ, state="done"),
    "PATCH /api/orders/<id:order_id>": row(READ, WRITE, state="draft", body={"name": "Other", "instruction": "x"}),
    "DELETE /api/orders/<id:order_id>": row(WRITE, state="done"),
    "POST /api/orders/<id:order_id>/restore": row(WRITE, state="deleted"),
    "POST /api/orders/<id:order_id>/again": row(READ, WRITE, state="done"),
    "POST /api/orders/<id:order_id>/brief": row(WRITE, state="draft", files="brief"),
    "PUT /api/orders/<id:order_id>/brief": row(WRITE, state="draft", files="brief"),
    "GET /api/orders/<id:order_id>/brief": row(READ, state="briefed"),
    "POST /api/orders/<id:order_id>/images": row(ASSETS, WRITE, state="draft", files="images"),
    "POST /api/orders/<id:order_id>/images/delete": row(WRITE, state="draft", body=IMAGE_IDS),
    "DELETE /api/orders/<id:order_id>/images/<id:image_id>": row(WRITE, state="draft"),
    "PUT /api/orders/<id:order_id>/images/order": row(WRITE, state="draft", body={"imageIds": ["{all}"]}),
    "PUT /api/orders/<id:order_id>/images/selection": row(WRITE, state="draft", body=IMAGE_IDS),
    "PUT /api/orders/<id:order_id>/images/<id:image_id>/tags": row(WRITE, state="draft", body={"tags": ["shoe"]}),
    "POST /api/orders/<id:order_id>/images/tags": row(WRITE, state="draft", body=IMAGE_IDS | {"add": ["shoe"]}),
    "GET /api/orders/<id:order_id>/images/<id:image_id>/versions": row(READ, state="done"),
    "GET /api/orders/<id:order_id>/images/<id:image_id>/file": row(READ, state="done"),
    "GET /api/orders/<id:order_id>/images/<id:image_id>/thumbnail": row(READ, state="done"),
    "POST /api/orders/<id:order_id>/submit": row(WRITE, state="draft"),
    "POST /api/orders/<id:order_id>/plan/edits": row(
        WRITE, state="planned", body={"edits": [{"do": "add", "op": "exposure", "params": {"ev": 0.2}}]}
    ),
    "GET /api/orders/<id:order_id>/plan/revisions": row(READ, state="planned"),
    "GET /api/orders/<id:order_id>/plan/revisions/<int:number>/diff": row(READ, state="planned"),
    "POST /api/orders/<id:order_id>/plan/revisions/<int:number>/restore": row(WRITE, state="planned", body={}),
    "POST /api/orders/<id:order_id>/plan/pictures": row(WRITE, state="planned", body={"imageIds": ["{image_id}"]}),
    "POST /api/orders/<id:order_id>/plan/profile": row(WRITE, state="planned", body={"profile": "{profile}"}),
    "POST /api/orders/<id:order_id>/plan/recipe": row(WRITE, state="planned", needs=RECIPE, body={"recipe": "{name}"}),
    "POST /api/plans/understand": row(READ, body={"instruction": "White background"}),
    "POST /api/llm/chat": row(READ, body={"message": "white background", "conversationHistory": HISTORY}),
    "GET /api/orders/<id:order_id>/summary": row(READ, state="done"),
    "POST /api/orders/<id:order_id>/summary": row(WRITE, state="done"),
    "POST /api/llm/process": row(
        READ, WRITE, ASSETS, state="done", body={"imageUrls": [OWN_PICTURE], "instruction": "brighter"}
    ),
    "POST /api/llm/summarize": row(WRITE, state="done", body={"orderId": "{order_id}"}),
    "GET /api/orders/<id:order_id>/conversation": row(READ, state="proposed"),
    "POST /api/orders/<id:order_id>/conversation/messages": row(
        WRITE, state="planned", body={"message": "What does it cost?"}
    ),
    "POST /api/orders/<id:order_id>/conversation/messages/<id:message_id>/apply": row(WRITE, state="proposed"),
    "POST /api/orders/<id:order_id>/conversation/stop": row(WRITE, state="answering"),
    "GET /api/orders/<id:order_id>/plan": row(READ, state="planned"),
    "PUT /api/orders/<id:order_id>/plan": row(WRITE, state="planned", body={"plan": PLAN}),
    "POST /api/orders/<id:order_id>/plan/answers": row(WRITE, state="open", body={"answers": {"white": "pure"}}),
    "GET /api/orders/<id:order_id>/previews/<word:preview>": row(READ, state="previewed"),
    "POST /api/orders/<id:order_id>/plan/preview": row(WRITE, state="planned", body={"imageId": "{image_id}"}),
    "POST /api/orders/<id:order_id>/confirm": row(WRITE, state="planned"),
    "POST /api/orders/<id:order_id>/cancel": row(WRITE, state="working"),
    "POST /api/orders/<id:order_id>/retry": row(WRITE, state="failed"),
    "POST /api/orders/<id:order_id>/runs": row(
        WRITE, state="done", body={"items": [{"imageId": "{image_id}", "instruction": "brighter"}]}
    ),
    "POST /api/retouch/<id:image_id>": row(READ, WRITE, state="done", body={"instruction": "brighter"}),
    "GET /api/orders/<id:order_id>/status": row(READ, state="done"),
    "GET /api/status/<id:order_id>": row(READ, state="done"),
    "GET /api/orders/<id:order_id>/results": row(READ, state="done"),
    "GET /api/results/<id:order_id>": row(READ, state="done"),
    "GET /api/orders/<id:order_id>/archive": row(READ, state="done"),
    "POST /api/export": row(READ, state="done", body={"orderId": "{order_id}"}),
    "GET /api/orders/<id:order_id>/log": row(READ, state="done"),
    "GET /api/orders/<id:order_id>/events": row(READ, state="done"),
    "GET /api/orders/<id:order_id>/stream": row(READ, state="done"),
    "POST /api/orders/<id:order_id>/images/approve": row(WRITE, state="done", body=IMAGE_IDS),
    "POST /api/orders/<id:order_id>/images/flag": row(WRITE, state="done", body=IMAGE_IDS),
    "POST /api/orders/<id:order_id>/images/reopen": row(WRITE, state="approved", body=IMAGE_IDS),
    "POST /api/orders/<id:order_id>/images/<id:image_id>/approve": row(WRITE, state="done"),
    "POST /api/orders/<id:order_id>/images/<id:image_id>/flag": row(WRITE, state="done"),
    "POST /api/orders/<id:order_id>/images/<id:image_id>/reopen": row(WRITE, state="approved"),
    "POST /api/upload": row(ASSETS, WRITE, files="images", form={"instructions": "brighter"}),
    "POST /api/recipes/<word:name>/run": row(READ, WRITE, ASSETS, state="recipe", files="images"),
    "GET /api/recipes": row(READ),
    "POST /api/recipes": row(READ, WRITE, state="planned", body={"name": "New {unique}", "orderId": "{order_id}"}),
    "GET /api/recipes/<word:name>": row(READ, state="recipe"),
    "DELETE /api/recipes/<word:name>": row(WRITE, state="recipe"),
    "POST /api/assets": row(ASSETS, files="file"),
    "DELETE /api/assets/<id:asset_id>": row(ASSETS, state="logo"),
    "GET /api/credits": row(Scope.CREDITS_READ),
    "GET /api/user/credits": row(Scope.CREDITS_READ),
    "GET /api/credits/history": row(Scope.CREDITS_READ),
    "GET /api/credits/holds": row(Scope.CREDITS_READ),
    "GET /api/tokens": row(Scope.CREDITS_READ),
    "GET /api/credits/prices": row(),
    "POST /api/credits/quote": row(body={"quantities": {"studio_edit": 2}}),
    "POST /api/credits/charges": row(
        Scope.CREDITS_CHARGE, body={"operation": "raster_generation", "quantity": 1}, headers=KEY
    ),
    "POST /api/tokens": row(Scope.CREDITS_CHARGE, body={"operation": "raster_generation", "quantity": 1}, headers=KEY),
    "POST /api/admin/credits/grants": row(Scope.ADMIN, body={"user": "{email}", "amount": 5, "reason": "Goodwill"}),
    "PUT /api/tokens": row(Scope.ADMIN, body={"user": "{email}", "amount": 5, "reason": "Goodwill"}),
    "GET /api/admin/users": row(Scope.ADMIN),
    "POST /api/admin/users": row(Scope.ADMIN, body={"email": "{unique}@example.com", "name": "Grace Hopper"}),
    "GET /api/auth/me": row(),
    "GET /api/user/me": row(),
    "GET /api/user/api-keys": row(),
    "POST /api/user/api-keys": row(body={"name": "New", "scopes": ["{scope}"]}),
    "DELETE /api/user/api-keys/<id:key_id>": row(state="key"),
    "GET /api/tags": row(),
    "GET /api/operations": row(),
    "GET /api/profiles": row(),
    "GET /api/profiles/<word:profile>": row(),
}
