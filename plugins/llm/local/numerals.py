"""Numbers written in words: ``two thousand``, ``deux mille``, ``zweitausend``, ``दो हज़ार``, 两千, 二〇〇〇."""

from collections.abc import Sequence

from plugins.llm.local.lexicon import Lexicon
from plugins.llm.local.text import Token

DIGITS = {
    c: n
    for n, signs in enumerate(("〇零", "一壱壹", "二两兩贰", "三参叁", "四", "五", "六", "七", "八", "九"))
    for c in signs
}
TENS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10_000, "萬": 10_000, "億": 100_000_000, "亿": 100_000_000}
SIGNS = DIGITS | TENS | MYRIADS
HUNDRED, THOUSAND = 100, 1000
LONGEST = 12


def spelled(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> tuple[float, int] | None:
    """Read a number in words or characters.

    Returns:
        its value and the token after it; None when there is none.
    """
    return _in_characters(tokens, at) or _in_words(tokens, at, lexicon)


def multiple(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> tuple[float, int]:
    """Read the ``thousand`` of ``2 thousand``.

    Returns:
        the factor and the token after it; 1 and the token itself when there is none.
    """
    if at < len(tokens) and tokens[at].kind == "cjk":
        sign = tokens[at].word
        factor = (TENS | MYRIADS).get(sign, 1) if sign != "十" else 1
        return (float(factor), at + 1) if factor > 1 else (1.0, at)
    match = lexicon.find(tokens, at, kind="numeral") if at < len(tokens) else None
    if match and not match.corrected and float(match.meaning.key) >= THOUSAND:
        return float(match.meaning.key), at + match.length
    return 1.0, at


def _in_words(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> tuple[float, int] | None:
    total, current, place, end = 0.0, 0.0, at, at
    while place < len(tokens) and place - at < LONGEST:
        match = lexicon.find(tokens, place, kind="numeral")
        if match is None or match.corrected:
            break
        value = float(match.meaning.key)
        if not _fits(current, value):
            break
        current = max(current, 1.0) * value if value >= HUNDRED else current + value
        if value >= THOUSAND:
            total, current = total + current, 0.0
        place = end = place + match.length
        link = lexicon.find(tokens, place, kind="link") if place < len(tokens) and (current or total) >= 20 else None
        place += link.length if link and link.meaning.key == "and" else 0
    return (total + current, end) if end > at else None


def _fits(current: float, value: float) -> bool:
    """Whether a word goes on with a number: ``twenty`` with ``four``, ``two hundred`` with ``ten``."""
    if value >= HUNDRED:
        return current < value
    if current % HUNDRED == 0:
        return True
    return current % HUNDRED >= 20 and current % 10 == 0 and value < 10


def _in_characters(tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
    end = at
    while end < len(tokens) and end - at < LONGEST and tokens[end].word in SIGNS:
        end += 1
    signs = [t.word for t in tokens[at:end]]
    # 千万 is "by all means", 万一 "in case": a number begins with a digit or with ten.
    if not signs or (signs[0] not in DIGITS and signs[0] != "十"):
        return None
    if all(s in DIGITS for s in signs):
        is_row = len(signs) > 2 or signs[-1] in ("〇", "零")
        digits = signs if is_row else signs[:1]
        return float("".join(str(DIGITS[s]) for s in digits)), at + len(digits)
    return _added(signs), end


def _added(signs: Sequence[str]) -> float:
    total, section, digit, last = 0, 0, 0, 1
    for sign in signs:
        if sign in DIGITS:
            digit = DIGITS[sign]
            last = 1 if sign in "〇零" else last
        elif sign in TENS:
            section, digit, last = section + (digit or 1) * TENS[sign], 0, TENS[sign]
        else:
            total, section, digit, last = total + (section + digit) * MYRIADS[sign], 0, 0, MYRIADS[sign]
    # 一千五 is 1500: a digit after a unit counts the next smaller one.
    return float(total + section + digit * (last // 10 if last >= HUNDRED else 1))
