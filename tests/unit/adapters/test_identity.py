"""Hashes, meters, signatures, riddles, keys and browsers' names."""

import base64
import datetime as dt
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from altcha import solve_challenge
from altcha.v2 import Challenge, Payload

from adapters.bootstrap import Application
from adapters.identity import argon2
from adapters.identity.altcha import AltchaCaptcha
from adapters.identity.argon2 import Argon2Hasher
from adapters.identity.meter import ZxcvbnMeter
from adapters.identity.no_captcha import NoCaptcha
from adapters.identity.signer import HmacSigner
from adapters.settings import Settings
from adapters.system.home import derive_key
from adapters.web.browsers import browser_name
from core.domain.passwords import missing_rules, readable_password
from core.errors import InvalidInputError, LimitReachedError
from tests.factories import FixedClock


def test_passwords_are_hashed_with_todays_parameters(tmp_path: Path) -> None:
    found = Application(Settings(home=tmp_path)).hasher
    assert found.hash("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_hash_fits_its_password_alone() -> None:
    hasher = Argon2Hasher(memory_kib=8, passes=1)
    first, second = hasher.hash("Blue-Kettle-42"), hasher.hash("Blue-Kettle-42")
    assert first != second
    assert hasher.verify(first, "Blue-Kettle-42")
    for wrong in ("blue-kettle-42", "", "Blue-Kettle-42 ", "\ud800"):
        assert not hasher.verify(first, wrong)
    for damaged in ("", "x", first[:-5], "$2b$12$" + "a" * 53):
        assert not hasher.verify(damaged, "Blue-Kettle-42")
    assert not hasher.verify(hasher.dummy, "")


def test_hashes_of_other_parameters_are_outdated() -> None:
    weak, strong = Argon2Hasher(memory_kib=8, passes=1), Argon2Hasher(memory_kib=16, passes=1)
    assert strong.is_outdated(weak.hash("x"))
    assert not strong.is_outdated(strong.hash("x"))


def test_two_are_hashed_at_once_and_a_crowd_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = Argon2Hasher(memory_kib=8, passes=1)
    monkeypatch.setattr(argon2, "WAIT_SECONDS", 30)
    inside, most, gate, lock = [0], [0], threading.Event(), threading.Lock()
    entered = threading.Semaphore(0)

    class Slow:
        def hash(self, _: str) -> str:
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            entered.release()
            gate.wait(30)
            with lock:
                inside[0] -= 1
            return "hash"

    hasher._hasher = Slow()  # type: ignore[assignment]
    results: list[Any] = []

    def work() -> None:
        try:
            results.append(hasher.hash("x"))
        except LimitReachedError as error:
            results.append(error.retry_after)

    threads = [threading.Thread(target=work) for _ in range(argon2.AT_ONCE + argon2.WAITING + 5)]
    for thread in threads:
        thread.start()
    for _ in range(argon2.AT_ONCE):
        entered.acquire(timeout=30)
    # Those who find no place answer at once; the others wait for the gate.
    for thread in threads[-5:]:
        thread.join(0.5)
    gate.set()
    for thread in threads:
        thread.join(30)
    assert most[0] == argon2.AT_ONCE
    assert results.count("hash") == argon2.AT_ONCE + argon2.WAITING
    assert results.count(5) == 5


@pytest.mark.parametrize(
    ("password", "least", "most"),
    [("", 0, 0), ("password", 0, 0), ("Password1!", 0, 1), ("Qwerty123!", 0, 1), ("Blue-Kettle-42", 3, 4)],
)  # fmt: skip
def test_the_meter_knows_what_is_common(password: str, least: int, most: int) -> None:
    found = ZxcvbnMeter().measure(password)
    assert least <= found.score <= most
    assert found.score > 1 or not password or found.hint.endswith(".")


def test_long_passwords_are_measured_quickly_enough_to_be_measured_at_all() -> None:
    for text in ("a" * 1000, "password" * 100, "4pP$" * 250, "é" * 500):
        assert 0 <= ZxcvbnMeter().measure(text).score <= 4


def test_what_takes_long_to_measure_is_judged_by_its_beginning() -> None:
    common, dear = "password" * 4, "4@8({[<36391!|1!|70$5+7%24@8({[<3"  # each of these may stand for several letters
    assert ZxcvbnMeter().measure(common + dear) == ZxcvbnMeter().measure(common)


def test_a_signature_is_for_one_text_purpose_and_key() -> None:
    signer = HmacSigner(b"k" * 32)
    signed = signer.sign("01abc", purpose="reset")
    assert signer.read(signed, purpose="reset") == "01abc"
    assert signer.read(signed, purpose="verify") is None
    assert HmacSigner(b"x" * 32).read(signed, purpose="reset") is None
    for other in ("", ".", "01abc", "01abc.", signed[:-1], signed + "a", "01abd" + signed[5:], "é.\ud800"):
        assert signer.read(other, purpose="reset") is None


def test_keys_for_purposes_differ(tmp_path: Path) -> None:
    app = Application(Settings(home=tmp_path))
    assert len({app.key("forms"), app.key("links"), app.key("captcha"), app.secret_key}) == 4
    assert app.key("forms") == Application(Settings(home=tmp_path)).key("forms")
    assert derive_key(b"a" * 32, "x") != derive_key(b"b" * 32, "x")


class RealTime(FixedClock):
    """The time of this machine, until it is moved."""

    def __init__(self) -> None:
        super().__init__(dt.datetime.now(dt.UTC))


def solved(captcha: AltchaCaptcha) -> str:
    """Solve a riddle as a browser does."""
    challenge = Challenge.from_dict(dict(captcha.challenge()))
    solution = solve_challenge(challenge)
    assert solution is not None
    return Payload(challenge, solution).to_base64()


@pytest.mark.req("S0-AUTH-13")
def test_a_riddle_is_solved_by_trying_and_names_itself() -> None:
    captcha = AltchaCaptcha(b"k" * 32, RealTime(), iterations=1)
    first, second = (captcha.check(solved(captcha)) for _ in range(2))
    assert first.key != second.key
    document = json.loads(base64.b64decode(solved(captcha)))
    assert 150 <= document["solution"]["counter"] < 500


def test_what_is_no_solution() -> None:
    clock = RealTime()
    captcha = AltchaCaptcha(b"k" * 32, clock, iterations=1)
    good = json.loads(base64.b64decode(solved(captcha)))
    foreign = solved(AltchaCaptcha(b"x" * 32, clock, iterations=1))
    wrong = {**good, "solution": {**good["solution"], "derivedKey": "00" * 32}}
    easier = {**good, "challenge": {**good["challenge"], "parameters": {**good["challenge"]["parameters"], "cost": 0}}}
    lasting = {**good["challenge"]["parameters"], "expiresAt": 2**40}
    later = {**good, "challenge": {**good["challenge"], "parameters": lasting}}
    documents: list[Any] = [wrong, easier, later, {}, [], None, 1, {"challenge": []}, {"challenge": {"parameters": {}}}]
    texts = [base64.b64encode(json.dumps(d).encode()).decode() for d in documents]
    for text in ["", "x", "é", "A" * 5000, "W10=" * 9, foreign, *texts]:
        with pytest.raises(InvalidInputError) as refused:
            captcha.check(text)
        assert refused.value.code == "captcha_failed"
    clock.advance(minutes=21)
    with pytest.raises(InvalidInputError):
        captcha.check(base64.b64encode(json.dumps(good).encode()).decode())
    assert NoCaptcha().challenge() == {}


def test_made_passwords_keep_the_rules_and_differ() -> None:
    made = {readable_password(n.to_bytes(2, "big") * 32) for n in range(1, 500)}
    assert len(made) == 499
    assert all(len(text) == 24 and not missing_rules(text) for text in made)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/26.0 Safari/605", "Safari on macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26 Safari/604.1", "Safari on iPhone"),
        ("curl/8.1", "curl"), ("", "Unknown browser"),
    ],
)  # fmt: skip
def test_browsers_have_names(agent: str, name: str) -> None:
    assert browser_name(agent) == name
