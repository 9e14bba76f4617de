"""Credits are whole numbers."""

from core.errors import InvalidInputError

MAX_AMOUNT = 1_000_000_000


def positive_credits(amount: int) -> int:
    """Check an amount of credits to move.

    Raises:
        InvalidInputError: not a whole number from 1 to a thousand million.
    """
    if isinstance(amount, bool) or not 1 <= amount <= MAX_AMOUNT:
        raise InvalidInputError(
            f"An amount of credits is a whole number from 1 to {MAX_AMOUNT}.",
            code="invalid_amount",
            details={"amount": str(amount)},
        )
    return amount
