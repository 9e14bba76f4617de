"""No test reaches a provider, whatever library it uses; and starting i2i imports none of them."""

import subprocess
import sys

import attrs
import httpx2
import pytest
import requests

from core.ports.language_model import ModelConnectionError
from i2i.testing import ask
from plugins.hookspecs import LanguageModelContext
from tests.plugins.llm.conftest import DESCRIPTORS
from tests.support.network import NetworkBlockedError

ELSEWHERE = "192.0.2.1"  # RFC 5737: an address that belongs to nobody
LIBRARIES = ("openai", "anthropic", "google.genai", "httpx2", "httpx", "requests", "google.auth")


def test_the_clients_of_the_libraries_are_refused() -> None:
    for host in (ELSEWHERE, "api.example"):
        with pytest.raises(NetworkBlockedError):
            httpx2.get(f"http://{host}/", timeout=1, trust_env=False)
        with pytest.raises(NetworkBlockedError):
            requests.get(f"http://{host}/", timeout=1)


@pytest.mark.parametrize("key", sorted(DESCRIPTORS))
def test_a_plugin_that_is_not_told_a_local_address_gets_nowhere(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    refuse = NetworkBlockedError.__init__

    def note(self: NetworkBlockedError, message: str) -> None:
        seen.append(message)
        refuse(self, message)

    monkeypatch.setattr(NetworkBlockedError, "__init__", note)
    descriptor = DESCRIPTORS[key]
    context = LanguageModelContext(
        card=descriptor.cards()[0], api_key="key", base_url="" if key != "openai_compatible" else f"http://{ELSEWHERE}"
    )
    with pytest.raises((ModelConnectionError, NetworkBlockedError)):
        list(descriptor.create(context).complete(attrs.evolve(ask("Hello"), seconds=2)))
    assert len(seen) == 1


def imported_by(program: str) -> str:
    shown = f"{program}; import sys; print([name for name in {LIBRARIES!r} if name in sys.modules])"
    return subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.req("S0-LLM-11")
def test_starting_i2i_and_listing_the_models_imports_no_library_of_a_provider() -> None:
    listing = (
        "import adapters.cli.main, adapters.bootstrap; from plugins.manager import PluginManager;"
        "m = PluginManager(); m.load(); from plugins.llm.openai.plugin import i2i_language_models as a;"
        "from plugins.llm.anthropic.plugin import i2i_language_models as b; a()[0].cards(); c = b()[0].cards()"
    )
    assert imported_by(listing) == "[]"


def test_an_import_at_the_start_would_be_seen() -> None:
    assert imported_by("import adapters.cli.main, httpx2") == "['httpx2']"
