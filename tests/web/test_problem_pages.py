"""Refusals as pages for people, and as problem bodies for programs."""

import re
from urllib.parse import quote

import pytest

from tests.web.site import Site

PERSON = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_a_person_gets_a_page_that_says_what_to_do(site: Site) -> None:
    answer = site.person().call("GET", "/nothing/here", headers=PERSON)
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "There is nothing here" in answer.text
    assert answer.headers["X-Request-ID"] in answer.text
    assert 'href="/dashboard"' in answer.text


@pytest.mark.parametrize("headers", [{}, {"Accept": "application/json"}, {**PERSON, "HX-Request": "true"}])
def test_a_program_gets_a_problem_body(site: Site, headers: dict[str, str]) -> None:
    answer = site.person().call("GET", "/nothing/here", headers=headers)
    assert answer.status_code == 404
    assert answer.get_json()["code"] == "not_found"


def test_the_api_never_answers_with_a_page(site: Site) -> None:
    answer = site.person().call("GET", "/api/nothing", headers=PERSON)
    assert answer.get_json()["code"] == "not_found"


@pytest.mark.req("S0-ROUTE-01", "S0-ROUTE-02")
@pytest.mark.parametrize(
    "path", ["/dashboard", "/orders", "/orders?status=failed&q=mug", "/tokens", "/account/security"]
)
def test_who_is_not_signed_in_is_led_there_and_back(site: Site, path: str) -> None:
    answer = site.client.get(path, headers=PERSON)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/sign-in?callbackUrl={quote(path, safe='')}"


def test_a_fault_of_ours_tells_no_secret(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst() -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setitem(site.app.view_functions, "shell.credit_meter", burst)
    answer = site.person().call("GET", "/shell/credits", headers=PERSON)
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "Something went wrong on our side" in answer.text


def test_a_refusal_never_runs_what_was_asked_for(site: Site) -> None:
    answer = site.person().call("GET", "/orders/%3Cscript%3Ealert(1)%3C%2Fscript%3E", headers=PERSON)
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


def test_only_marked_scripts_of_ours_may_run(site: Site) -> None:
    answer = site.person().call("GET", "/nothing", headers=PERSON)
    policy = answer.headers["Content-Security-Policy"]
    nonce = re.search(r"script-src 'nonce-([\w-]+)'", policy)
    assert nonce is not None
    assert answer.text.count(f'nonce="{nonce[1]}"') == 3
    assert "unsafe" not in policy
    again = site.person().call("GET", "/nothing", headers=PERSON).headers["Content-Security-Policy"]
    assert again != policy
    assert not re.search(r'\son\w+="|\sstyle="|<style', answer.text)
