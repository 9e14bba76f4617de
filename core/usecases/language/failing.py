"""What people are told when a language model takes no part."""

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
    UnsupportedByModelError,
)

WITHOUT_MODEL = "The language model took no part in this plan"
BY_CODE = {
    "not_configured": "it is not set up yet",
    "model_budget_spent": "what may be spent on it today is spent",
}
BY_CLASS: dict[type[ProviderError], str] = {
    CredentialsError: "its provider did not accept the key",
    ModelFundsExhaustedError: "the account with its provider has no money left",
    ModelRequestError: "its provider did not accept the request",
    ContentBlockedError: "it declined to read this brief",
    ModelRateLimitedError: "it is asked too often at the moment",
    ModelOverloadedError: "its provider has trouble at the moment",
    ModelTimeoutError: "it did not answer in time",
    ModelConnectionError: "it could not be reached",
    AnswerInvalidError: "its answer could not be used",
    AnswerCancelledError: "it was stopped",
    UnsupportedByModelError: "it cannot do this",
}


def reason(error: ProviderError) -> str:
    """Return in plain words why a model gave nothing; no key, address or words of a brief."""
    by_class = next((words for kind, words in BY_CLASS.items() if isinstance(error, kind)), "it failed")
    return BY_CODE.get(error.code, by_class)


def without_model(error: ProviderError) -> str:
    """Return the sentence for a plan that was made without the model."""
    return f"{WITHOUT_MODEL}: {reason(error)}."
