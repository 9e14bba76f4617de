"""The one error tree: adapters map a class to an HTTP status and to an exit code."""

from collections.abc import Mapping
from typing import Any, ClassVar


class I2IError(Exception):
    """Something that i2i refuses or could not do, with a stable code and plain details.

    Args:
        message: one sentence a user can act on.
        code: a stable snake_case name; the class default when omitted.
        details: JSON-ready facts (limits, names, measured values).
    """

    default_code: ClassVar[str] = "error"

    def __init__(self, message: str, *, code: str | None = None, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.details: dict[str, Any] = dict(details or {})


class InvalidInputError(I2IError):
    """The request cannot be understood or breaks a stated limit."""

    default_code = "invalid_input"


class WrongPasswordError(InvalidInputError):
    """The password that proves who is asking is not right."""

    default_code = "wrong_password"


class TooLargeError(InvalidInputError):
    """A file, a text or a picture is over its limit."""

    default_code = "too_large"


class UnsupportedTypeError(InvalidInputError):
    """A file is not of a type that its purpose accepts."""

    default_code = "unsupported_type"


class NotFoundError(I2IError):
    """There is no such object, or it belongs to someone else."""

    default_code = "not_found"


class NotAllowedError(I2IError):
    """The actor lacks the role or the scope for this action."""

    default_code = "not_allowed"


class NotAuthenticatedError(NotAllowedError):
    """Nobody is signed in, or the key is unknown, expired or revoked."""

    default_code = "not_authenticated"


class ConflictError(I2IError):
    """The object changed meanwhile, or the request contradicts an earlier one."""

    default_code = "conflict"


class InvalidTransitionError(ConflictError):
    """The object is not in a state that permits this."""

    default_code = "invalid_transition"


class QuestionsOpenError(ConflictError):
    """The plan holds questions that must be answered before anything is spent."""

    default_code = "questions_open"


class InsufficientCreditsError(I2IError):
    """The balance does not cover the price."""

    default_code = "insufficient_credits"

    def __init__(self, *, available: int, required: int) -> None:
        super().__init__(
            f"This costs {required} credits and {available} are available.",
            details={"available": available, "required": required},
        )
        self.available = available
        self.required = required


class LimitReachedError(I2IError):
    """A rate or a quota is used up for now.

    Args:
        retry_after: seconds until it is worth another try; None when waiting does not help.
    """

    default_code = "limit_reached"

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        code: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, code=code, details=details)
        self.retry_after = retry_after


class ProviderError(I2IError):
    """An engine, a planner, a store or another outside service failed."""

    default_code = "provider_failed"


class ProviderUnavailableError(ProviderError):
    """The service did not answer; another try may succeed."""

    default_code = "provider_unavailable"


class ProviderRejectedError(ProviderError):
    """The service refused the work; another try would be refused too."""

    default_code = "provider_rejected"


class CredentialsError(ProviderError):
    """The service did not accept the configured credentials."""

    default_code = "credentials_rejected"
