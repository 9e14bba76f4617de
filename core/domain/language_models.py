"""Language models as data: what each can do, what it costs, and how long it will be offered."""

import datetime as dt
import enum
from fractions import Fraction

import attrs

MILLION = 1_000_000


class StructuredOutput(enum.StrEnum):
    """How far a model keeps to a schema by itself; its answers are checked in any case."""

    NATIVE = "native"
    PROMPTED = "prompted"


@attrs.frozen(kw_only=True)
class TokenPrice:
    """What tokens cost from a length of the input on, in millionths of a US dollar for a million tokens.

    Args:
        above_input: the price holds for requests with more input tokens than this.
        input, cached_input, output: micro-dollars for a million tokens.
    """

    above_input: int = 0
    input: int
    cached_input: int
    output: int


@attrs.frozen(kw_only=True)
class ModelCard:
    """What is known of one model.

    Args:
        provider: key of the plugin.
        model: the provider's id.
        has_vision, has_streaming: whether it looks at pictures and answers piece by piece.
        takes_temperature: whether a request may name one.
        max_pictures, max_picture_bytes: of one request.
        prices: the tier with the highest ``above_input`` that a request exceeds holds; empty when unknown or free.
        shuts_down_on: last day; None while none is announced.
        successor: what to use instead.
        locality: ``cloud`` or ``local``.
        source, checked_on: where this was read, and when.
    """

    provider: str
    model: str
    label: str = ""
    has_vision: bool = False
    has_streaming: bool = True
    takes_temperature: bool = True
    structured_output: StructuredOutput = StructuredOutput.NATIVE
    max_output_tokens: int = 4096
    max_pictures: int = 0
    max_picture_bytes: int = 5_000_000
    prices: tuple[TokenPrice, ...] = ()
    shuts_down_on: dt.date | None = None
    successor: str = ""
    locality: str = "cloud"
    source: str = ""
    checked_on: dt.date | None = None

    def is_shut_down(self, today: dt.date) -> bool:
        """Whether its last day is over."""
        return self.shuts_down_on is not None and today > self.shuts_down_on

    @property
    def obituary(self) -> str:
        """What is to be said once it is shut down, and what to use instead."""
        day = "" if self.shuts_down_on is None else f" after {self.shuts_down_on.isoformat()}"
        instead = f"; use {self.successor} instead" if self.successor else ""
        return f"The language model {self.model} was shut down{day}{instead}."

    def cost(self, *, input_tokens: int, cached_input_tokens: int, output_tokens: int) -> int | None:
        """Return the cost in millionths of a US dollar, rounded up; None when no price is known."""
        fitting = [p for p in self.prices if input_tokens > p.above_input or p.above_input == 0]
        if not fitting:
            return None
        price = max(fitting, key=lambda p: p.above_input)
        fresh = max(0, input_tokens - cached_input_tokens)
        exact = Fraction(
            fresh * price.input + cached_input_tokens * price.cached_input + output_tokens * price.output, MILLION
        )
        return -(-exact.numerator // exact.denominator)
