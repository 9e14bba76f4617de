"""Over TLS, as in real life: an answer can be cut, and a certificate that nobody vouches for is refused."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from core.ports.language_model import AnswerCancelledError, LanguageModel, ModelConnectionError
from core.usecases.language.cancelling import Cancellation
from i2i.testing import CANARY, ask
from plugins.hookspecs import LanguageModelContext
from plugins.language_models import lines
from tests.plugins.llm.conftest import DESCRIPTORS


def make_certificate(path: Path) -> None:
    """Write a certificate of 127.0.0.1, signed by itself, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(key.private_bytes(*kinds) + made.public_bytes(serialization.Encoding.PEM))


class Silent:
    """A TLS server that takes one request and never answers."""

    def __init__(self, certificate: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._listener = context.wrap_socket(socket.create_server(("127.0.0.1", 0)), server_side=True)
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}/v1"
        self.was_asked, self.was_left = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        try:
            client, _ = self._listener.accept()
        except OSError:
            return
        client.recv(65_536)
        self.was_asked.set()
        try:
            while client.recv(65_536):
                pass
        except OSError:
            pass
        self.was_left.set()
        client.close()

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()
        self._thread.join(timeout=10)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a certificate with its key."""
    path = tmp_path / "certificate.pem"
    make_certificate(path)
    return path


@pytest.fixture
def silent(certificate: Path) -> Iterator[Silent]:
    """Yield the server."""
    server = Silent(certificate)
    yield server
    server.close()


def make_model(url: str) -> LanguageModel:
    descriptor = DESCRIPTORS["openai"]
    return descriptor.create(LanguageModelContext(card=descriptor.cards()[0], api_key=CANARY, base_url=url))


@pytest.fixture
def _trusting(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(lines, "certificates", lambda: context)


@pytest.mark.usefixtures("_trusting")
def test_an_answer_over_tls_is_cut_at_once(silent: Silent) -> None:
    token, caught = Cancellation(), []
    events = make_model(silent.url).complete(ask("Hello"), cancel=token)

    def read() -> None:
        try:
            list(events)
        except AnswerCancelledError as error:
            caught.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    assert silent.was_asked.wait(10)
    token.cancel()
    reader.join(timeout=10)
    assert len(caught) == 1
    assert silent.was_left.wait(10)


@pytest.mark.usefixtures("_trusting")
def test_closing_a_model_over_tls_is_noticed(silent: Silent) -> None:
    model = make_model(silent.url)

    def close() -> None:
        silent.was_asked.wait(10)
        model.close()

    threading.Thread(target=close, daemon=True).start()
    with pytest.raises(AnswerCancelledError):
        list(model.complete(ask("Hello")))
    assert silent.was_left.wait(10)


def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent(silent: Silent) -> None:
    with pytest.raises(ModelConnectionError) as caught:
        list(make_model(silent.url).complete(ask("Hello")))
    assert caught.value.details["sent"] is False
    assert not silent.was_asked.is_set()
