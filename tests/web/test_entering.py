"""Signing up, in and out, forgotten passwords and sessions, as programs and as browsers see them."""

import re
from pathlib import Path
from typing import Any

import attrs
import pytest

from adapters.web.doors import DoorRates
from core.domain.accounts import UserStatus
from core.usecases.accounts.users import ChangeUser
from core.usecases.maintenance.dispatch import DispatchEvents
from tests.web.browser import PASSWORD, Browser, with_password
from tests.web.site import BOUNDLESS, NO_DOORS, Site, good, make_site, problem

ADA = {"name": "Ada Lovelace", "email": "ada@example.com", "password": PASSWORD, "acceptTerms": True}
FORM = {**ADA, "repeat": PASSWORD, "accept_terms": "yes", "company_name": "Lovelace Studios"}
UNKNOWN = "nobody@example.com"


@attrs.define
class Post:
    """The mails of a test."""

    sent: list[tuple[str, str, str]] = attrs.field(factory=list)

    def send(self, *, to: str, template: str, values: Any) -> None:
        """Keep a letter."""
        self.sent.append((to, template, values["path"]))


@pytest.fixture
def post(site: Site) -> Post:
    """Return the post office of the site."""
    site.studio.app.__dict__["mailer"] = found = Post()
    return found


def delivered(site: Site, post: Post) -> list[tuple[str, str, str]]:
    """Let the outbox work and return what was mailed since."""
    post.sent.clear()
    site.studio.use(DispatchEvents)()
    return list(post.sent)


def token_of(path: str) -> str:
    """Return the token of a mailed link."""
    return path.partition("?token=")[2]


@pytest.mark.req("S0-AUTH-01")
@pytest.mark.req("S0-AUTH-02")
@pytest.mark.req("S0-AUTH-15")
@pytest.mark.req("S0-AUTH-16")
@pytest.mark.req("S0-AUTH-17")
@pytest.mark.req("S0-AUTH-25")
@pytest.mark.req("S1-AUTH-04")
@pytest.mark.req("S1-AUTH-07")
@pytest.mark.parametrize(
    ("up", "sign_in"), [("signup", "signin"), ("sign-up", "sign-in"), ("register", "login")]
)  # fmt: skip
def test_from_sign_up_to_sign_in(site: Site, post: Post, up: str, sign_in: str) -> None:
    browser = Browser(site)
    assert browser.post(f"/api/auth/{up}", ADA).status_code == 201
    ((to, template, path),) = delivered(site, post)
    assert (to, template) == ("ada@example.com", "verify_email")
    entry = {"email": "Ada@Example.com", "password": PASSWORD}
    problem(browser.post(f"/api/auth/{sign_in}", entry), 403, "email_unverified")
    good(browser.post("/api/auth/verify-email", {"token": token_of(path)}))
    problem(browser.post("/api/auth/verify-email", {"token": token_of(path)}), 422, "token_invalid")
    found = good(browser.post(f"/api/auth/{sign_in}", entry))
    assert found["user"]["email"] == "ada@example.com"
    assert found["data"]["token"] == found["token"]
    assert good(browser.call("GET", "/api/auth/session"))["expires"] == found["expiresAt"]
    assert good(browser.call("GET", "/api/auth/me"))["data"]["email"] == "ada@example.com"
    bearer = {"Authorization": f"Bearer {found['token']}"}
    assert site.client.post("/api/orders", json={}, headers=bearer).status_code == 201


@pytest.mark.req("S0-AUTH-24")
@pytest.mark.req("S1-AUTH-09")
def test_a_session_lives_seven_days_or_thirty(site: Site) -> None:
    email = with_password(site, site.person().actor)
    for remember, days in ((False, 7), (True, 30)):
        browser = Browser(site)
        answer = browser.post("/api/auth/signin", {"email": email, "password": PASSWORD, "remember": remember})
        cookie = answer.headers["Set-Cookie"]
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert ("Expires=" in cookie) is remember
        site.studio.clock.advance(days=days, seconds=-1)
        assert browser.call("GET", "/api/orders").status_code == 200
        site.studio.clock.advance(seconds=2)
        problem(browser.call("GET", "/api/orders"), 401, "session_expired")


def test_on_https_the_cookie_belongs_to_this_host_alone(site: Site) -> None:
    email = with_password(site, site.person().actor)
    client = site.app.test_client()
    secure: dict[str, Any] = {"base_url": "https://i2i.example"}
    token = client.get("/api/security/csrf", **secure).get_json()["csrfToken"]
    body = {"email": email, "password": PASSWORD}
    answer = client.post("/api/auth/signin", json=body, headers={"X-CSRFToken": token}, **secure)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-i2i_session=i2s_")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert client.get("/api/orders", **secure).status_code == 200
    planted = site.app.test_client()
    planted.set_cookie("i2i_session", answer.get_json()["token"], domain="i2i.example")
    assert planted.get("/api/orders", **secure).status_code == 401, "a cookie that http could have planted"


@pytest.mark.req("S0-AUTH-03")
@pytest.mark.parametrize("word", ["signout", "sign-out", "logout"])
def test_signing_out_ends_the_session_for_good(site: Site, word: str) -> None:
    browser = Browser(site, site.person().actor)
    cookie = browser.client.get_cookie("i2i_session")
    assert cookie is not None
    good(browser.post(f"/api/auth/{word}"))
    assert browser.client.get_cookie("i2i_session") is None
    assert good(browser.call("GET", "/api/auth/session"))["user"] is None
    browser.client.set_cookie("i2i_session", cookie.value)
    problem(browser.call("GET", "/api/orders"), 401, "session_expired")


def test_a_refreshed_session_has_a_new_secret(site: Site) -> None:
    browser = Browser(site, site.person().actor)
    old = browser.client.get_cookie("i2i_session")
    assert old is not None
    site.studio.clock.advance(days=6)
    good(browser.post("/api/auth/refresh"))
    site.studio.clock.advance(days=6)
    assert browser.call("GET", "/api/orders").status_code == 200
    answer = site.client.get("/api/orders", headers={"Authorization": f"Bearer {old.value}"})
    problem(answer, 401, "session_expired")
    problem(browser.call("GET", "/api/auth/refresh"), 403, "foreign_origin")
    assert browser.call("GET", "/api/auth/refresh", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_sessions_are_listed_and_ended(site: Site) -> None:
    actor = site.person().actor
    here, there, third = (Browser(site, actor) for _ in range(3))
    listed = good(here.call("GET", "/api/user/sessions"))["data"]
    assert [s["isCurrent"] for s in listed].count(True) == 1
    first = next(s for s in listed if not s["isCurrent"])
    assert good(here.call("DELETE", f"/api/user/sessions/{first['id']}"))["ended"] == 1
    assert good(here.call("DELETE", "/api/user/sessions"))["ended"] == 1
    assert [b.call("GET", "/api/orders").status_code for b in (here, there, third)] == [200, 401, 401]


@pytest.mark.req("S0-AUTH-18")
@pytest.mark.parametrize(
    ("status", "code"), [(UserStatus.SUSPENDED, "account_suspended"), (UserStatus.DELETED, "account_deleted")]
)
def test_suspended_and_deleted_people_stay_outside(site: Site, status: UserStatus, code: str) -> None:
    actor = site.person().actor
    email, browser = with_password(site, actor), Browser(site, actor)
    site.studio.use(ChangeUser)(actor=site.studio.operator(), user=actor.user_id, status=status)
    problem(browser.call("GET", "/api/orders"), 401, "session_expired")
    problem(Browser(site).post("/api/auth/signin", {"email": email, "password": PASSWORD}), 403, code)
    wrong = Browser(site).post("/api/auth/signin", {"email": email, "password": "x"})
    problem(wrong, 401, "invalid_credentials")


@pytest.mark.req("S0-AUTH-04")
@pytest.mark.req("S0-AUTH-22")
def test_a_forgotten_password_is_replaced_once_and_ends_all_sessions(site: Site, post: Post) -> None:
    actor = site.person().actor
    email, browser = with_password(site, actor), Browser(site, actor)
    delivered(site, post)
    links = []
    for _ in range(2):
        good(Browser(site).post("/api/auth/reset-password", {"email": email}))
        links += [token_of(path) for _, _, path in delivered(site, post)]
    new = {"password": "Green-Kettle-43"}
    anybody = Browser(site)
    confirm = "/api/auth/reset-password/confirm"
    problem(anybody.post(confirm, {"token": links[0], **new}), 422, "token_invalid")
    problem(anybody.post(confirm, {"token": links[1], "password": "short"}), 422, "weak_password")
    good(anybody.post(confirm, {"token": links[1], **new}))
    problem(anybody.post(confirm, {"token": links[1], **new}), 422, "token_invalid")
    problem(browser.call("GET", "/api/orders"), 401, "session_expired")
    problem(anybody.post("/api/auth/signin", {"email": email, "password": PASSWORD}), 401, "invalid_credentials")
    good(anybody.post("/api/auth/signin", {"email": email, **new}))
    assert [template for _, template, _ in delivered(site, post)] == ["password_changed"]


@pytest.mark.parametrize(("path", "hours"), [("verify-email", 24), ("reset-password", 1)])
def test_links_expire(site: Site, post: Post, path: str, hours: int) -> None:
    browser = Browser(site)
    browser.post("/api/auth/signup", ADA)
    if path == "reset-password":
        delivered(site, post)
        browser.post("/api/auth/reset-password", {"email": "ada@example.com"})
    ((_, _, link),) = delivered(site, post)
    site.studio.clock.advance(hours=hours)
    target = f"/api/auth/{path}" + ("/confirm" if path == "reset-password" else "")
    body = {"token": token_of(link), **({"password": PASSWORD} if path == "reset-password" else {})}
    problem(browser.post(target, body), 422, "token_expired")


def test_a_link_for_one_purpose_serves_no_other(site: Site, post: Post) -> None:
    browser = Browser(site)
    browser.post("/api/auth/signup", ADA)
    ((_, _, link),) = delivered(site, post)
    body = {"token": token_of(link), "password": PASSWORD}
    problem(browser.post("/api/auth/reset-password/confirm", body), 422, "token_invalid")
    token_id, _, signature = token_of(link).partition(".")
    for forged in (token_id, f"{token_id}.", f"{token_id}.{signature[:-1]}x", f".{signature}", "é.é", ""):
        problem(browser.post("/api/auth/verify-email", {"token": forged}), 422, "token_invalid")


@attrs.define
class Effort:
    """How many hashes and writes a request cost."""

    site: Site
    hashes: int = 0
    writes: int = 0

    def spent(self, work: Any) -> tuple[int, str, int, int]:
        """Return status, body, hashes and commits of a request."""
        app = self.site.studio.app
        real, database = app.hasher, app.database
        self.hashes = self.writes = 0

        class Counting:
            dummy = real.dummy
            is_outdated = staticmethod(real.is_outdated)

            def hash(inner, password: str) -> str:  # noqa: N805
                self.hashes += 1
                return real.hash(password)

            def verify(inner, password_hash: str, password: str) -> bool:  # noqa: N805
                self.hashes += 1
                return real.verify(password_hash, password)

        class Database:
            new_reading = staticmethod(database.new_reading)

            def new_work(inner) -> Any:  # noqa: N805
                self.writes += 1
                return database.new_work()

        app.__dict__.pop("keeper", None)
        app.__dict__["hasher"], app.__dict__["database"] = Counting(), Database()
        try:
            answer = work()
        finally:
            app.__dict__["hasher"], app.__dict__["database"] = real, database
            app.__dict__.pop("keeper", None)
        text = re.sub(r'"requestId":"\w+"', "", answer.get_data(as_text=True))
        return answer.status_code, text, self.hashes, self.writes


@pytest.mark.req("S0-AUTH-09")
@pytest.mark.req("S0-AUTH-19")
@pytest.mark.parametrize(
    ("path", "body", "hashes"),
    [
        ("/api/auth/signin", {"password": "Wrong-Kettle-42"}, 1),
        ("/api/auth/signup", {**ADA, "password": "Other-Kettle-42"}, 1),
        ("/api/auth/reset-password", {}, 0),
        ("/api/auth/verify-email/resend", {}, 0),
    ],
)  # fmt: skip
def test_nobody_learns_which_addresses_have_accounts(site: Site, path: str, body: Any, hashes: int) -> None:
    email = with_password(site, site.person().actor)
    browser, effort = Browser(site), Effort(site)
    browser.token()
    known = effort.spent(lambda: browser.post(path, {**body, "email": email}))
    unknown = effort.spent(lambda: browser.post(path, {**body, "email": UNKNOWN}))
    assert known == unknown
    assert known[2:] == (hashes, 1)


def test_the_owner_of_a_taken_address_is_told(site: Site, post: Post) -> None:
    email = with_password(site, site.person().actor)
    delivered(site, post)
    answer = Browser(site).post("/api/auth/signup", {**ADA, "email": email, "password": "Other-Kettle-42"})
    assert answer.status_code == 201
    assert [(to, template) for to, template, _ in delivered(site, post)] == [(email, "account_exists")]
    problem(
        Browser(site).post("/api/auth/signin", {"email": email, "password": "Other-Kettle-42"}), 401,
        "invalid_credentials",
    )  # fmt: skip


@pytest.mark.req("S0-AUTH-07")
@pytest.mark.req("S0-AUTH-08")
@pytest.mark.req("S0-AUTH-10")
@pytest.mark.req("S0-AUTH-11")
@pytest.mark.req("S0-AUTH-12")
@pytest.mark.req("S1-AUTH-10")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "A"}, "invalid_name"), ({"name": "A" * 51}, "invalid_name"), ({"email": "ada"}, "invalid_email"),
        ({"email": "a,b@example.com"}, "invalid_email"), ({"acceptTerms": False}, "terms_required"),
        ({"password": "Ab1!"}, "weak_password"), ({"password": "blue-kettle-42"}, "weak_password"),
        ({"password": "BLUE-KETTLE-42"}, "weak_password"), ({"password": "Blue-Kettle-x"}, "weak_password"),
        ({"password": "BlueKettle42"}, "weak_password"), ({"password": "Password1!"}, "weak_password"),
        ({"password": "Ada-Lovelace1"}, "weak_password"), ({"password": "Aa1!" * 33}, "weak_password"),
        ({"companyName": "x" * 101}, "invalid_company"),
    ],
)  # fmt: skip
def test_what_sign_up_refuses(site: Site, change: dict[str, Any], code: str) -> None:
    problem(Browser(site).post("/api/auth/signup", {**ADA, **change}), 422, code)


def test_a_role_of_power_cannot_be_chosen(site: Site) -> None:
    assert Browser(site).post("/api/auth/signup", {**ADA, "role": "admin"}).status_code == 422
    assert Browser(site).post("/api/auth/signup", {**ADA, "role": "designer"}).status_code == 201


def test_without_verification_people_enter_at_once(tmp_path: Path) -> None:
    site = make_site(tmp_path, require_verified_email=False)
    browser = Browser(site)
    browser.post("/api/auth/signup", ADA)
    good(browser.post("/api/auth/signin", {"email": "ada@example.com", "password": PASSWORD}))


RATES = attrs.evolve(NO_DOORS, sign_in=10, sign_up=5, reset=5, resend=3)


@pytest.mark.parametrize(
    ("path", "body", "tries"),
    [
        ("signin", {"password": "x"}, 10), ("signup", {**ADA}, 5), ("reset-password", {}, 5),
        ("verify-email/resend", {}, 3),
    ],
)  # fmt: skip
@pytest.mark.parametrize("email", ["person1@example.com", UNKNOWN])
def test_doors_close_after_some_tries(tmp_path: Path, path: str, body: Any, tries: int, email: str) -> None:
    site = make_site(tmp_path, rates=attrs.evolve(BOUNDLESS, doors=RATES))
    site.person()
    browser = Browser(site)
    codes = [browser.post(f"/api/auth/{path}", {**body, "email": email}).status_code for _ in range(tries + 1)]
    assert 429 not in codes[:-1]
    answer = browser.post(f"/api/auth/{path}", {**body, "email": email.upper()})
    problem(answer, 429, "too_many_requests")
    assert int(answer.headers["Retry-After"]) > 0
    other = browser.post(f"/api/auth/{path}", {**body, "email": "other@example.com"})
    assert other.status_code != 429


def test_an_address_of_the_network_has_a_limit_too(tmp_path: Path) -> None:
    site = make_site(tmp_path, rates=attrs.evolve(BOUNDLESS, doors=attrs.evolve(NO_DOORS, address=2)))
    browser, far = Browser(site), {"REMOTE_ADDR": "203.0.113.9"}
    body = {"password": "x"}
    codes = [
        browser.post("/api/auth/signin", {**body, "email": f"u{n}@example.com"}, environ_base=far).status_code
        for n in range(3)
    ]
    assert codes == [401, 401, 429]
    assert browser.post("/api/auth/signin", {**body, "email": UNKNOWN}).status_code == 401, "from this machine"


def test_the_rates_of_the_doors_are_those_that_were_decided() -> None:
    assert DoorRates() == DoorRates(address=10, sign_in=10, sign_in_account=100, sign_up=5, reset=5, resend=3)


@pytest.mark.req("S0-PWD-01")
@pytest.mark.req("S0-PWD-02")
@pytest.mark.req("S0-PWD-05")
def test_a_password_is_changed_by_whoever_knows_it(site: Site) -> None:
    actor = site.person().actor
    with_password(site, actor)
    here, there = Browser(site, actor), Browser(site, actor)
    body = {"currentPassword": "wrong", "newPassword": "Green-Kettle-43"}
    problem(here.call("PUT", "/api/user/password", json=body), 400, "wrong_password")
    good(here.call("PUT", "/api/user/password", json={**body, "currentPassword": PASSWORD}))
    assert here.call("GET", "/api/orders").status_code == 200
    assert there.call("GET", "/api/orders").status_code == 401
    assert Browser(site).call("PUT", "/api/user/password", json=body).status_code == 401


@pytest.mark.req("S0-ROUTE-01")
@pytest.mark.req("S0-ROUTE-02")
def test_pages_lead_to_the_sign_in_and_back(site: Site) -> None:
    email = with_password(site, site.person().actor)
    browser = Browser(site)
    answer = browser.get("/account/api-keys?x=1")
    assert answer.headers["Location"] == "/sign-in?callbackUrl=%2Faccount%2Fapi-keys%3Fx%3D1"
    for path in ("/dashboard", "/orders", "/account"):
        assert browser.get(path).headers["Location"].startswith("/sign-in?callbackUrl=")
    form = {"email": email, "password": PASSWORD}
    answer = browser.call("POST", answer.headers["Location"], data=form)
    assert answer.headers["Location"] == "/account/api-keys?x=1"
    assert browser.get("/account/api-keys").status_code == 200


@pytest.mark.req("S0-ROUTE-03")
@pytest.mark.req("S0-AUTH-26")
@pytest.mark.req("S0-SITE-02")
@pytest.mark.req("S0-SITE-03")
def test_who_is_signed_in_goes_to_work_and_who_signs_out_goes_home(site: Site) -> None:
    browser = Browser(site, site.person().actor)
    for path in ("/", "/sign-in", "/sign-up"):
        assert browser.get(path).headers["Location"] == "/dashboard"
    assert browser.call("POST", "/sign-out").headers["Location"] == "/"
    for path in ("/", "/sign-in", "/sign-up", "/verify-email", "/forgot-password", "/legal/terms", "/legal/privacy"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert "<h1" in answer.get_data(as_text=True)


@pytest.mark.req("S0-AUTH-06")
@pytest.mark.req("S0-AUTH-20")
@pytest.mark.req("S0-AUTH-21")
@pytest.mark.req("S0-AUTH-23")
@pytest.mark.req("S0-AUTH-27")
@pytest.mark.req("S0-SITE-19")
@pytest.mark.req("S0-SITE-20")
@pytest.mark.req("S1-AUTH-08")
def test_the_pages_from_sign_up_to_a_new_password(site: Site, post: Post) -> None:
    browser = Browser(site)
    answer = browser.call("POST", "/sign-up", data={**FORM, "repeat": "Other-Kettle-42"})
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert 'id="field-repeat-error"' in text
    assert 'aria-describedby="field-repeat-error"' in text
    assert 'role="alert"' in text
    assert PASSWORD not in text
    assert browser.call("POST", "/sign-up", data=FORM).headers["Location"] == "/verify-email"
    assert "ada@example.com" in browser.get("/verify-email").get_data(as_text=True)
    ((_, _, link),) = delivered(site, post)
    assert "data-at-once" in browser.get(link).get_data(as_text=True)
    done = browser.call("POST", "/verify-email", data={"token": token_of(link)})
    assert done.headers["Refresh"] == "3; url=/sign-in"
    page = browser.get("/sign-in").get_data(as_text=True)
    assert 'name="remember"' in page
    assert '<dialog class="sheet " id="forgot-password"' in page
    wrong = browser.call("POST", "/sign-in", data={"email": "ada@example.com", "password": "x"})
    assert "is not right" in wrong.get_data(as_text=True)
    browser.call("POST", "/forgot-password", data={"email": "ada@example.com"})
    ((_, template, link),) = delivered(site, post)
    assert template == "reset_password"
    assert browser.get(link).status_code == 200
    new = {"token": token_of(link), "password": "Green-Kettle-43", "repeat": "Green-Kettle-43"}
    assert browser.call("POST", "/reset-password", data=new).headers["Location"] == "/sign-in"
    assert browser.get(link).status_code == 422


def test_a_key_made_on_the_page_is_shown_once(site: Site) -> None:
    browser = Browser(site, site.person().actor)
    answer = browser.call("POST", "/account/api-keys", data={"name": "Import", "scopes": ["orders:read"]})
    found = re.search(r'id="new-secret"[^>]*value="([^"]+)"', answer.get_data(as_text=True))
    assert found is not None
    assert answer.headers["Cache-Control"] == "no-store"
    assert found[1] not in browser.get("/account/api-keys").get_data(as_text=True)
    key = {"Authorization": f"Bearer {found[1]}"}
    assert site.client.get("/api/orders", headers=key).status_code == 200
    none = browser.call("POST", "/account/api-keys", data={"name": "Import"})
    assert "Name at least one scope." in none.get_data(as_text=True)
    admin = browser.call("POST", "/account/api-keys", data={"name": "Import", "scopes": ["admin"]})
    assert admin.status_code == 403


def test_text_of_people_is_never_markup(site: Site, post: Post) -> None:
    browser = Browser(site)
    name = "<script>alert(1)</script>"
    answer = browser.call("POST", "/sign-up", data={**FORM, "name": name, "repeat": "x"})
    assert name not in answer.get_data(as_text=True)
