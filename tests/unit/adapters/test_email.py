"""Letters: what they say, and how they leave."""

import email
import email.policy
import io
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import attrs
import pytest
from aiosmtpd.controller import Controller

from adapters.bootstrap import Application
from adapters.email.console import ConsoleMailer
from adapters.email.delivery import giving_up
from adapters.email.letters import LetterWriter
from adapters.email.smtp import PostOffice, SmtpMailer
from adapters.settings import Settings, load_settings
from core.errors import InvalidInputError, ProviderRejectedError, ProviderUnavailableError
from core.usecases.accounts.letters import LETTERS
from tests.factories import make_event

SITE = "https://studio.example.com"
VALUES = {"name": "Ada <b>Lovelace</b>", "path": "/verify-email?token=01.a_b&x=1"}
WRITER = LetterWriter(lambda: SITE)


@pytest.mark.req("S0-MAIL-10")
@pytest.mark.parametrize("template", sorted({name for name, _ in LETTERS.values()}))
def test_every_letter_says_the_same_in_both_forms(template: str) -> None:
    letter = WRITER.write(to="ada@example.com", template=template, values=VALUES)
    assert "\n" not in letter.subject
    assert f"{SITE}/verify-email?token=01.a_b&x=1" in letter.text
    assert f'href="{SITE}/verify-email?token=01.a_b&amp;x=1"' in letter.html
    assert "Ada <b>Lovelace</b>" in letter.text
    assert "<b>Lovelace" not in letter.html
    assert "<script" not in letter.html


@attrs.define
class Inbox:
    """A mail server of the test: keeps what it takes."""

    answer: str = "250 OK"
    taken: list[tuple[list[str], EmailMessage]] = attrs.field(factory=list)

    async def handle_RCPT(self, *told: Any) -> str:  # noqa: N802
        _, _, envelope, address, _ = told
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.taken.append((envelope.rcpt_tos, parsed))
        return "250 OK"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    """A mail server on a free port of this machine."""
    found = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(found, hostname="127.0.0.1", port=port)
    controller.start()
    yield found, port
    controller.stop()


def mailer(port: int, **changes: Any) -> SmtpMailer:
    office = PostOffice(host="127.0.0.1", port=port, sender="i2i <studio@example.com>", needs_tls=False)
    return SmtpMailer(attrs.evolve(office, **changes), WRITER)


def test_a_letter_arrives(inbox: tuple[Inbox, int]) -> None:
    box, port = inbox
    mailer(port).send(to="ada+x@example.com", template="verify_email", values=VALUES)
    ((receivers, message),) = box.taken
    assert receivers == ["ada+x@example.com"]
    assert message["To"] == "ada+x@example.com"
    assert message["From"] == "i2i <studio@example.com>"
    assert message["Subject"] == "Confirm your e-mail address"
    assert message["Message-ID"].endswith("@example.com>")
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]


def test_an_address_cannot_become_two(inbox: tuple[Inbox, int]) -> None:
    box, port = inbox
    with pytest.raises((ValueError, ProviderRejectedError, IndexError)):
        mailer(port).send(to="a@x.com\r\nBcc: b@y.com", template="verify_email", values=VALUES)
    assert box.taken == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [("550 no such user", ProviderRejectedError), ("450 try again later", ProviderUnavailableError)],
)  # fmt: skip
def test_refusals_are_final_or_not(inbox: tuple[Inbox, int], answer: str, error: type[Exception]) -> None:
    box, port = inbox
    box.answer = answer
    found = mailer(port)
    with pytest.raises(error):
        found.send(to="ada@example.com", template="verify_email", values=VALUES)
    box.answer = "250 OK"
    found.send(to="ada@example.com", template="verify_email", values=VALUES)
    assert len(box.taken) == 1


def test_a_server_that_is_away_holds_nobody_up(inbox: tuple[Inbox, int]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        found = mailer(closed.getsockname()[1])
        with pytest.raises(ProviderUnavailableError, match="cannot be used"):
            found.send(to="ada@example.com", template="verify_email", values=VALUES)
    with pytest.raises(ProviderUnavailableError, match="a moment ago"):
        found.send(to="ada@example.com", template="verify_email", values=VALUES)


def test_nothing_is_said_without_encryption_where_it_is_needed(inbox: tuple[Inbox, int]) -> None:
    box, port = inbox
    with pytest.raises(ProviderUnavailableError):
        mailer(port, needs_tls=True).send(to="ada@example.com", template="verify_email", values=VALUES)
    assert box.taken == []


def test_the_console_shows_the_link() -> None:
    stream = io.StringIO()
    ConsoleMailer(WRITER, stream=lambda: stream).send(to="ada@example.com", template="reset_password", values=VALUES)
    assert "Mail to ada@example.com" in stream.getvalue()
    assert f"\n{SITE}/verify-email?token=01.a_b&x=1\n" in stream.getvalue()


def test_a_refused_letter_does_not_hold_up_the_outbox() -> None:
    def refuse(_: Any) -> None:
        raise ProviderRejectedError("no such user")

    def wait(_: Any) -> None:
        raise ProviderUnavailableError("away")

    giving_up(refuse)(make_event())
    with pytest.raises(ProviderUnavailableError):
        giving_up(wait)(make_event())


@pytest.mark.parametrize(
    ("settings", "address", "site"),
    [
        ({"public_url": SITE}, "http://127.0.0.1:9/", SITE), ({}, "http://127.0.0.1:9/", "http://127.0.0.1:9"),
        ({"port": 8123}, "", "http://127.0.0.1:8123"), ({"host": "0.0.0.0"}, "", "http://127.0.0.1:8000"),
        ({"host": "::1"}, "", "http://[::1]:8000"),
    ],
)  # fmt: skip
def test_links_lead_where_the_operator_says(tmp_path: Path, settings: Any, address: str, site: str) -> None:
    app = Application(Settings(home=tmp_path, **settings))
    app.address = address
    assert app.site == site


def test_settings_of_mail(tmp_path: Path) -> None:
    found = load_settings({"I2I_MAIL": "smtp", "I2I_SMTP_PASSWORD": "hush", "I2I_SMTP_STARTTLS": "no"}, tmp_path)
    assert (found.mail, found.smtp_password, found.smtp_starttls) == ("smtp", "hush", False)
    assert "hush" not in repr(found)
    assert "hush" not in str(found.describe())
    assert isinstance(Application(found).mailer, SmtpMailer)
    for variable, value in (
        ("I2I_PUBLIC_URL", "studio.example.com"),
        ("I2I_PUBLIC_URL", "https://x/y"),
        ("I2I_MAIL", "x"),
    ):
        with pytest.raises(InvalidInputError):
            load_settings({variable: value}, tmp_path)
