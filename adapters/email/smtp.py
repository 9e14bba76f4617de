"""Mail by SMTP."""

import smtplib
import ssl
import time
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid, parseaddr

import attrs

from adapters.email.letters import Letter, LetterWriter
from core.errors import ProviderRejectedError, ProviderUnavailableError

TIMEOUT = 10.0
REST_SECONDS = 20.0
ENCRYPTED_PORT = 465


@attrs.frozen(kw_only=True)
class PostOffice:
    """Where mail is handed in.

    Args:
        sender: ``Name <address>``.
        needs_tls: whether nothing is said before the connection is encrypted.
    """

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = attrs.field(default="", repr=False)
    needs_tls: bool = True


class SmtpMailer:
    """Hands letters to a mail server; while it is away, others are not kept waiting for it."""

    def __init__(self, office: PostOffice, writer: LetterWriter) -> None:
        self._office = office
        self._writer = writer
        self._away_until = 0.0

    def send(self, *, to: str, template: str, values: Mapping[str, str]) -> None:
        """Send a letter."""
        message = self._message(self._writer.write(to=to, template=template, values=values))
        if time.monotonic() < self._away_until:
            raise ProviderUnavailableError("The mail server did not answer a moment ago.")
        try:
            with self._connect() as server:
                server.send_message(message, from_addr=parseaddr(self._office.sender)[1], to_addrs=[to])
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = next(iter(error.recipients.values()))
            raise self._translated(code, error) from error
        except smtplib.SMTPAuthenticationError as error:  # ours to mend; the letter is kept until then
            raise self._translated(0, error) from error
        except smtplib.SMTPResponseException as error:
            raise self._translated(error.smtp_code, error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise self._translated(0, error) from error

    def _translated(self, code: int, error: Exception) -> ProviderUnavailableError | ProviderRejectedError:
        if code >= 500:
            return ProviderRejectedError(f"The mail server refused a letter: {error}.")
        if code == 0:
            self._away_until = time.monotonic() + REST_SECONDS
        return ProviderUnavailableError(f"The mail server cannot be used: {error}.")

    def _connect(self) -> smtplib.SMTP:
        office, context = self._office, ssl.create_default_context()
        server: smtplib.SMTP
        if office.port == ENCRYPTED_PORT:
            server = smtplib.SMTP_SSL(office.host, office.port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(office.host, office.port, timeout=TIMEOUT)
        try:
            if office.needs_tls and office.port != ENCRYPTED_PORT:
                server.starttls(context=context)
            if office.user:
                server.login(office.user, office.password)
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        name, address = parseaddr(self._office.sender)
        user, _, domain = letter.to.rpartition("@")
        message["From"] = Address(name, addr_spec=address)
        # From its parts, so that no character of an address can add another recipient.
        message["To"] = Address(username=user, domain=domain)
        message["Subject"] = letter.subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2] or "localhost")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        return message
