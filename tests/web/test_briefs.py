"""Documents over HTTP: downloaded as they came, cited by page and line, explained clause by clause."""

import pytest

from tests.support.documents import pdf_pages, pdf_text, words
from tests.web.site import Person, Site, good, pictures, problem

WISHES = pdf_pages(words("To the studio", "White background."), words("Save as JPEG, please."))


@pytest.fixture
def draft(ada: Person) -> str:
    """Return the address of a draft order with a picture and a brief."""
    path = f"/api/orders/{ada.post('/api/orders', {})['data']['id']}"
    good(ada.upload(f"{path}/images", pictures(1)))
    good(ada.upload(f"{path}/brief", {"Wünsche & more.pdf": WISHES}, field="brief"))
    return path


@pytest.mark.req("S0-BRIEF-01", "S0-BRIEF-05")
def test_a_document_comes_back_as_an_attachment(ada: Person, draft: str) -> None:
    answer = ada.call("GET", f"{draft}/brief")
    assert (answer.status_code, answer.data) == (200, WISHES)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "W%C3%BCnsche%20%26%20more.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.mimetype == "application/octet-stream"
    part = ada.call("GET", f"{draft}/brief", headers={"Range": "bytes=0-4"})
    assert (part.status_code, part.data) == (206, b"%PDF-")


def test_a_script_in_a_document_is_sent_as_bytes(ada: Person, draft: str) -> None:
    evil = b"<html><script>alert(1)</script> white background"
    good(ada.upload(f"{draft}/brief", {"evil.html.txt": evil}, field="brief"))
    answer = ada.call("GET", f"{draft}/brief")
    assert (answer.data, answer.mimetype) == (evil, "application/octet-stream")


def test_without_a_document_there_is_nothing_to_download(ada: Person, draft: str) -> None:
    good(ada.call("PATCH", draft, json={"brief": "typed"}))
    assert "typed" in problem(ada.call("GET", f"{draft}/brief"), 404, "no_document")["error"]
    good(ada.call("PATCH", draft, json={"brief": ""}))
    problem(ada.call("GET", f"{draft}/brief"), 404, "no_document")


@pytest.mark.req("S0-BRIEF-01")
def test_the_answer_to_an_upload_tells_where_pages_begin(ada: Person, draft: str) -> None:
    answer = good(ada.upload(f"{draft}/brief", {"b.pdf": pdf_text("White.", "", "JPEG.")}, field="brief"))["data"]
    assert (answer["pageStarts"], answer["text"]) == ([0, 8, 8], "White.\n\nJPEG.")


@pytest.mark.req("S0-BRIEF-01")
def test_what_is_understood_names_page_and_line(ada: Person, draft: str) -> None:
    order_id = draft.rpartition("/")[2]
    found = ada.post("/api/plans/understand", {"instruction": "Hi! No shadow", "orderId": order_id})["data"]
    steps = [step for group in found["reading"]["groups"] for step in group["steps"] if step["cause"]]
    places = {step["cause"]["place"] for step in steps}
    assert {"Wünsche & more.pdf, page 1, line 2", "Wünsche & more.pdf, page 2, line 1", ""} >= places
    assert "Wünsche & more.pdf, page 1, line 2" in places
    (first,) = [s["cause"] for s in steps if s["op"] == "background.remove"]
    assert (first["source"], first["page"], first["line"]) == ("brief", 1, 2)
    fates = {fate["words"]: fate for fate in found["fates"]}
    assert fates["Hi!"]["kind"] == "polite"
    assert (fates["Hi!"]["source"], fates["Hi!"]["line"]) == ("instruction", None)
    white = fates["White background."]
    assert (white["kind"], white["page"], white["line"]) == ("step", 1, 2)
    assert all(ref.split("/")[0] in found["plan"] for fate in found["fates"] for ref in fate["refs"])


@pytest.mark.req("S0-BRIEF-01")
def test_the_plan_of_an_order_names_page_and_line_while_the_words_stand(site: Site, ada: Person, draft: str) -> None:
    order_id = draft.rpartition("/")[2]
    plan = {"steps": [
        {"op": "exposure", "params": {"ev": 0.2}, "cause": {"start": 14, "end": 30, "words": "White background"}},
        {"op": "sharpen", "cause": {"start": 0, "end": 5, "words": "gone!"}},
    ]}  # fmt: skip
    reading = ada.post(f"{draft}/submit", {"plan": plan})["data"]["reading"]
    causes = {step["op"]: step["cause"] for step in reading["groups"][0]["steps"]}
    assert causes["exposure"]["place"] == "Wünsche & more.pdf, page 1, line 2"
    assert causes["sharpen"] is None
    shown = ada.get(f"{draft}/plan")["data"]["reading"]
    assert shown == reading
    assert site.studio.order(order_id).brief_pages == (0, 33)
