"""How long sign-in, sign-up and a forgotten password take for known and unknown addresses: nobody may learn which.

``python -m bench.entering [--requests 200]``; the bar of the design is 5 ms between the medians.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from adapters.bootstrap import Application
from adapters.settings import Settings
from adapters.storage.sql.migrations import upgrade
from adapters.web.app import create_app
from adapters.web.doors import DoorRates
from adapters.web.limits import Rates
from core.usecases.accounts.passwords import SetPassword
from core.usecases.accounts.users import CreateUser, EnsureOperator

BAR_MS = 5.0
MANY = 10**9
PASSWORD = "Blue-Kettle-42"
APPLICANT = {"name": "Ada Lovelace", "password": PASSWORD, "acceptTerms": True}
DOORS: dict[str, tuple[str, dict[str, Any]]] = {
    "sign-in": ("/api/auth/signin", {"password": "Wrong-Kettle-42"}),
    "sign-up": ("/api/auth/signup", APPLICANT),
    "reset": ("/api/auth/reset-password", {}),
    "resend": ("/api/auth/verify-email/resend", {}),
}


def main() -> int:
    """Measure every door and return 1 when a median differs by more than the bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200, help="Requests for known and for unknown addresses.")
    count = parser.parse_args().requests
    is_fine = True
    with tempfile.TemporaryDirectory() as folder, _application(Path(folder)) as application:
        client = _client(application)
        for name, (path, body) in DOORS.items():
            known, unknown = _measure(_sender(client, path, body), _known(application, count), count)
            difference = abs(known - unknown)
            is_fine &= difference <= BAR_MS
            print(f"{name}: known {known:.1f} ms, unknown {unknown:.1f} ms, difference {difference:.2f} ms")
    return 0 if is_fine else 1


def _application(home: Path) -> Application:
    settings = Settings(home=home, captcha="none")
    upgrade(settings.database_url)
    return Application(settings)


def _client(application: Application) -> FlaskClient:
    doors = DoorRates(address=MANY, sign_in=MANY, sign_in_account=MANY, sign_up=MANY, reset=MANY, resend=MANY)
    client: FlaskClient = create_app(application, rates=Rates(open_pages=MANY, doors=doors)).test_client()
    return client


def _known(application: Application, count: int) -> list[str]:
    """Return addresses of accounts with a password; several, so that no limit of one account is met."""
    operator = application.use(EnsureOperator)(label="bench")
    emails = [f"known{number}@example.com" for number in range(min(count, 20))]
    with application.new_reading() as work:
        missing = [email for email in emails if work.users.find_by_email(email) is None]
    for email in missing:
        application.use(CreateUser)(actor=operator, email=email, name="Known Person")
        application.use(SetPassword)(actor=operator, user=email, password=PASSWORD)
    return emails


def _sender(client: FlaskClient, path: str, body: dict[str, Any]) -> Callable[[str], float]:
    token = client.get("/api/security/csrf").get_json()["csrfToken"]

    def send(email: str) -> float:
        began = time.perf_counter()
        client.post(path, json={**body, "email": email}, headers={"X-CSRFToken": token})
        return (time.perf_counter() - began) * 1000

    return send


def _measure(send: Callable[[str], float], known: list[str], count: int) -> tuple[float, float]:
    """Return the median milliseconds for known and unknown addresses, asked for by turns."""
    for email in known[:5]:
        send(email)
    times: tuple[list[float], list[float]] = ([], [])
    mark = time.time_ns()
    for number in range(count):
        times[0].append(send(known[number % len(known)]))
        times[1].append(send(f"unknown{mark}{number}@example.com"))
    return statistics.median(times[0]), statistics.median(times[1])


if __name__ == "__main__":
    raise SystemExit(main())
