"""Which passwords are accepted."""

import re
from collections.abc import Iterable

from core.errors import InvalidInputError

MIN_LENGTH = 8
MAX_LENGTH = 128
LEAST_SCORE = 2
LEAST_WORD = 4

RULES = {
    "length": f"at least {MIN_LENGTH} characters",
    "upper": "a capital letter",
    "lower": "a small letter",
    "digit": "a digit",
    "special": "a special character",
}


class WeakPasswordError(InvalidInputError):
    """A password that others would guess, or that breaks a rule."""

    default_code = "weak_password"


def missing_rules(password: str) -> tuple[str, ...]:
    """Return the keys of ``RULES`` that a password does not keep."""
    kept = {
        "length": len(password) >= MIN_LENGTH,
        "upper": any(c.isupper() for c in password),
        "lower": any(c.islower() for c in password),
        "digit": any(c.isdigit() for c in password),
        "special": any(not c.isalnum() for c in password),
    }
    return tuple(rule for rule in RULES if not kept[rule])


def check_password(password: str, *, score: int, hint: str = "", words: Iterable[str] = ()) -> str:
    """Return an acceptable password unchanged.

    Args:
        words: what others know of the person: name, address, company.
        score: how hard it is to guess, 0 to 4, as a meter measured it.
        hint: what the meter would do better.

    Raises:
        WeakPasswordError: with the broken rules in ``details["missing"]``.
    """
    if len(password) > MAX_LENGTH or not _is_text(password):
        raise WeakPasswordError(f"A password has at most {MAX_LENGTH} characters.", details={"maximum": MAX_LENGTH})
    missing = missing_rules(password)
    if missing:
        words = _listed(RULES[rule] for rule in missing)
        raise WeakPasswordError(f"The password needs {words}.", details={"missing": list(missing)})
    if len(_without(password, words)) < MIN_LENGTH:
        raise WeakPasswordError("Whoever knows your name or address guesses this password.", details={"score": 0})
    if score < LEAST_SCORE:
        advice = f" {hint}" if hint else ""
        raise WeakPasswordError(f"This password is easy to guess.{advice}", details={"score": score})
    return password


def _without(password: str, words: Iterable[str]) -> str:
    """Return what is left of a password when the words that others know are taken out."""
    rest = password.casefold()
    parts = {part for word in words for part in re.split(r"[\W_]+", word.casefold()) if len(part) >= LEAST_WORD}
    for part in sorted(parts, key=len, reverse=True):
        rest = rest.replace(part, "")
    return rest


def _is_text(password: str) -> bool:
    return "\0" not in password and not any("\ud800" <= c <= "\udfff" for c in password)


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


# Without characters that are taken for one another.
GROUPS = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789")


def readable_password(seed: bytes) -> str:
    """Write at least 32 random bytes as a password of 23 characters that can be read aloud and keeps all rules.

    Five groups of four characters: about 110 bits.
    """
    number = int.from_bytes(seed, "big")
    characters = []
    # The first three come from one group each; their place is no secret and costs few bits.
    for pool in (*GROUPS, *(["".join(GROUPS)] * 17)):
        number, place = divmod(number, len(pool))
        characters.append(pool[place])
    text = "".join(characters)
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))
