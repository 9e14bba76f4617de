"""The errors of a model: the sentence is i2i's own, the details are safe to show."""

import datetime as dt
import email.utils
import re
from collections.abc import Mapping
from typing import Any

import attrs

from core.domain.language_models import ModelCard
from core.errors import CredentialsError, ProviderError
from core.ports.language_model import (
    AnswerCancelledError,
    AnswerInvalidError,
    ContentBlockedError,
    ModelConnectionError,
    ModelFundsExhaustedError,
    ModelOverloadedError,
    ModelRateLimitedError,
    ModelRequestError,
    ModelTimeoutError,
    Usage,
)

SAFE_WORD = re.compile(r"[\w.:\[\]-]{1,80}", re.ASCII)
LONGEST_WAIT = 24 * 3600.0

SENTENCES: dict[type[ProviderError], str] = {
    CredentialsError: "{label} did not accept the configured key for {model}; please check the key and its rights.",
    ModelFundsExhaustedError: "The account with {label} has no money left or has reached its spending limit.",
    ModelRequestError: "{label} did not accept the request to {model}.",
    ContentBlockedError: "{label} declined to answer because of the content; please word it differently.",
    ModelRateLimitedError: "{label} takes no more requests at the moment; please try again later.",
    ModelOverloadedError: "{label} has trouble at the moment; please try again later.",
    ModelTimeoutError: "{label} did not answer in time.",
    ModelConnectionError: "There is no connection to {label}, or it was lost.",
    AnswerInvalidError: "The answer of {model} is cut off or cannot be read.",
    AnswerCancelledError: "The answer was cancelled.",
}
BY_STATUS: dict[int, type[ProviderError]] = {
    401: CredentialsError,
    402: ModelFundsExhaustedError,
    403: CredentialsError,
    408: ModelTimeoutError,
    429: ModelRateLimitedError,
}


def kind_of(status: int) -> type[ProviderError]:
    """Return the error for an HTTP status that says no more."""
    if status >= 500:
        return ModelOverloadedError
    return BY_STATUS.get(status, ModelRequestError)


@attrs.frozen(kw_only=True)
class Failures:
    """Makes the errors of one model.

    Args:
        label: what people call the provider.
    """

    label: str
    card: ModelCard

    def make(self, kind: type[ProviderError], *, usage: Usage | None = None, **details: Any) -> ProviderError:
        """Return an error with its sentence.

        Args:
            usage: what was billed all the same.
            details: what is known; words of the provider are kept only where they are plain codes.
        """
        known = {name: _safe(value) for name, value in details.items()}
        facts = {
            "provider": self.card.provider,
            "model": self.card.model,
            **{name: value for name, value in known.items() if value not in (None, "")},
        }
        if usage is not None:
            facts["usage"] = attrs.asdict(usage)
        sentence = SENTENCES[kind].format(label=self.label, model=self.card.model)
        return kind(sentence, details=facts)


def _safe(value: Any) -> Any:
    """Return a figure or a plain code as it is; None for anything else that a stranger may have written."""
    if isinstance(value, bool | int | float):
        return value
    return value if isinstance(value, str) and SAFE_WORD.fullmatch(value) else None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return for how many seconds the provider wants to be left alone; None when it does not say."""
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", headers.get(name, "")):
            return min(float(headers[name]) / unit, LONGEST_WAIT)
    try:
        moment = email.utils.parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return min(max(0.0, (moment - dt.datetime.now(dt.UTC)).total_seconds()), LONGEST_WAIT)
