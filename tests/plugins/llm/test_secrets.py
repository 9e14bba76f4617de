"""Keys and words of customers stay out of messages, logs and tracebacks, and keys of the environment are not used."""

import base64
import logging
import traceback

import pytest

from core.errors import ProviderError
from core.ports.language_model import LanguageModel, Picture
from i2i.testing import CANARY, LanguageModelContract, ask, make_png
from plugins.language_models.lines import Line
from tests.plugins.llm.conftest import MakeModel
from tests.support.provider_stub import Answer, Desk
from tests.support.provider_stub.faults import FAULTS

KINDS = LanguageModelContract.FAILURES
FOREIGN = "canary-of-somebody-else"
VARIABLES = (
    *("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "ANTHROPIC_API_KEY"),
    *("ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE", "GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_CLOUD_PROJECT"),
)
ADDRESSES = ("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "GOOGLE_GEMINI_BASE_URL")


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_neither_the_key_nor_what_the_provider_wrote_is_shown(
    model: LanguageModel, desk: Desk, kind: type[ProviderError], caplog: pytest.LogCaptureFixture
) -> None:
    desk.script(FAULTS[desk.key][kind])
    with caplog.at_level(logging.DEBUG), pytest.raises(kind) as caught:
        list(model.complete(ask("Hello")))
    trace = "".join(traceback.format_exception(caught.value))
    shown = f"{caught.value!r} {caught.value.details} {model!r} {trace}"
    assert CANARY not in shown
    assert "secret words" not in shown
    assert CANARY not in caplog.text
    assert not any(CANARY in f"{record.args} {record.msg}" for record in caplog.records)


def test_a_request_that_went_well_leaves_neither_key_nor_words_nor_pictures_in_the_log(
    model: LanguageModel, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    picture = Picture(media_type="image/png", content=make_png(), width=8, height=8)
    desk.script(Answer(pieces=("words of the model",)))
    with caplog.at_level(logging.DEBUG):
        list(model.complete(ask("words of a customer", pictures=(picture,))))
    assert caplog.records, "the libraries do write a log"
    shown = caplog.text + "".join(f"{record.msg} {record.args}" for record in caplog.records)
    secrets = (CANARY, "words of a customer", "words of the model", base64.b64encode(picture.content).decode()[:20])
    assert [secret for secret in secrets if secret in shown] == []
    assert CANARY in str(desk.log[0].headers), "without it the test would show nothing"


@pytest.mark.parametrize("is_streaming", [True, False])
def test_only_what_is_configured_in_i2i_is_sent(
    make_model: MakeModel, desk: Desk, monkeypatch: pytest.MonkeyPatch, is_streaming: bool
) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, FOREIGN)
    for name in ADDRESSES:
        monkeypatch.setenv(name, "http://127.0.0.1:9/elsewhere")
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    desk.script(Answer(pieces=("ok",)))
    assert list(make_model(has_streaming=is_streaming).complete(ask("Hello")))
    (request,) = desk.log
    assert FOREIGN not in str(request.headers)
    assert CANARY in str(request.headers)


def test_a_line_says_nothing_of_what_it_carries(model: LanguageModel) -> None:
    with Line(seconds=1) as line:
        assert CANARY not in repr(line)
    assert CANARY not in repr(vars(model).get("card"))
    assert CANARY not in f"{model} {model!r}"
