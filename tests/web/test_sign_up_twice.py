"""An address that two people sign up with belongs to whoever reads its mail."""

from pathlib import Path

import pytest

from tests.web.browser import Browser
from tests.web.site import Site, good, make_site, problem
from tests.web.test_entering import ADA, Post, delivered, token_of

MALLORY, OWN, CHOSEN = "Mallory-Kettle-42", "Green-Kettle-42", "Brown-Kettle-42"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Return a site of its own."""
    return make_site(tmp_path)


@pytest.fixture
def post(site: Site) -> Post:
    """Return the post office of the site."""
    site.studio.app.__dict__["mailer"] = found = Post()
    return found


def sign_up(site: Site, password: str) -> None:
    assert Browser(site).post("/api/auth/signup", {**ADA, "password": password}).status_code == 201


def may_enter(site: Site, password: str) -> bool:
    return Browser(site).post("/api/auth/signin", {"email": ADA["email"], "password": password}).status_code == 200


def test_whoever_signs_up_with_the_address_of_another_does_not_get_their_account(site: Site, post: Post) -> None:
    sign_up(site, MALLORY)
    [(_, _, first)] = delivered(site, post)
    sign_up(site, OWN)
    [(to, template, second)] = delivered(site, post)
    assert (to, template) == (ADA["email"], "finish_sign_up")
    good(Browser(site).post("/api/auth/verify-email", {"token": token_of(first)}))
    assert not may_enter(site, MALLORY)
    good(Browser(site).post("/api/auth/reset-password/confirm", {"token": token_of(second), "password": CHOSEN}))
    assert may_enter(site, CHOSEN)
    assert not may_enter(site, MALLORY)


def test_the_second_link_alone_opens_the_account(site: Site, post: Post) -> None:
    sign_up(site, OWN)
    sign_up(site, OWN)
    letters = delivered(site, post)
    link = next(path for _, template, path in letters if template == "finish_sign_up")
    good(Browser(site).post("/api/auth/reset-password/confirm", {"token": token_of(link), "password": CHOSEN}))
    assert may_enter(site, CHOSEN)


def test_a_stranger_does_not_take_the_password_of_an_account_in_use(site: Site, post: Post) -> None:
    sign_up(site, OWN)
    [(_, _, link)] = delivered(site, post)
    good(Browser(site).post("/api/auth/verify-email", {"token": token_of(link)}))
    sign_up(site, MALLORY)
    assert [template for _, template, _ in delivered(site, post)] == ["account_exists"]
    assert may_enter(site, OWN)


def test_nor_where_addresses_need_not_be_confirmed(tmp_path: Path) -> None:
    site = make_site(tmp_path / "open", require_verified_email=False)
    sign_up(site, OWN)
    sign_up(site, MALLORY)
    assert may_enter(site, OWN)
    problem(
        Browser(site).post("/api/auth/signin", {"email": ADA["email"], "password": MALLORY}), 401, "invalid_credentials"
    )
