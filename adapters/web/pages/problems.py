"""Refusals and failures as pages that say what to do."""

from urllib.parse import quote

import attrs
from flask import Response, g, redirect, render_template, request

from adapters.web.pages.base import is_fragment


@attrs.frozen(kw_only=True)
class Advice:
    """What a page tells about a refusal: a title and what helps."""

    title: str
    text: str


ADVICE = {
    400: Advice(title="This request cannot be read", text="Go back, reload the page and try again."),
    403: Advice(title="You may not do this", text="If the page was open for long, go back, reload it and try again."),
    404: Advice(title="There is nothing here", text="The address may be mistyped, or what stood here was deleted."),
    405: Advice(title="This address takes no such request", text="Go back and use the buttons of the page."),
    413: Advice(title="That is too large", text="A picture may have 50 MB and a brief 10 MB. Send a smaller file."),
    429: Advice(title="Too many requests", text="Wait a moment, then reload the page. Work under way goes on."),
    503: Advice(title="We will be right back", text="Nothing is lost. Reload the page in a few seconds."),
    507: Advice(title="The store is full", text="Delete orders that you no longer need, or ask your administrator."),
}
FAULT = Advice(
    title="Something went wrong on our side",
    text="Nothing was changed. Try again; if it stays, report the number below.",
)


def wants_page() -> bool:
    """Whether a person waits for the answer, in a browser's own window."""
    if request.path.startswith("/api/") or is_fragment():
        return False
    accepted = request.accept_mimetypes
    return accepted["text/html"] > accepted["application/json"]


def to_sign_in() -> Response:
    """Lead to the sign-in page, and back here afterwards."""
    here = request.full_path.rstrip("?") if request.method == "GET" else "/dashboard"
    return redirect(f"/sign-in?callbackUrl={quote(here, safe='')}")  # type: ignore[return-value]


def problem_page(status: int, *, error: str) -> Response:
    """Render the page of a refusal.

    Args:
        error: the sentence of the refusal, shown where it says more than the advice.
    """
    advice = ADVICE.get(status, FAULT if status >= 500 else Advice(title="That did not work", text=error))
    page = render_template(
        "pages/problem.html.jinja", status=status, advice=advice, error=error, request_id=g.get("request_id", "")
    )
    return Response(page, status, mimetype="text/html")
