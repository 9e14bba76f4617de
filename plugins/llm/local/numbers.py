"""Numbers with their units: sizes, lengths, shares, limits, aspects, colours by number."""

import re
from collections.abc import Callable, Sequence

import attrs

from plugins.llm.local.items import Item, item_of
from plugins.llm.local.lexicon import Lexicon
from plugins.llm.local.text import Token

LENGTHS = ("px", "mm", "cm", "in")
BYTES = {"kb": 1000, "mb": 1_000_000}
# Photoshop's 0…12 scale as the quality that gives files of about the same size.
TWELVE_STEPS = (20, 26, 32, 40, 48, 55, 62, 70, 76, 82, 88, 94, 98)
HEX = re.compile(r"[0-9a-f]{6}|[0-9a-f]{3}")
KINDS = {"%": "percent", "dpi": "dpi", "ev": "ev", "bit": "bits", "deg": "degrees", "mp": "megapixels"}


@attrs.frozen
class Number:
    """A number and the token after it."""

    value: float
    after: int


@attrs.frozen
class Reader:
    """Reads values that start at a token; every method returns None when there is none."""

    tokens: Sequence[Token]
    lexicon: Lexicon

    def read(self, at: int) -> Item | None:
        """Read the value that starts at a token, trying the most telling shapes first."""
        readers: tuple[Callable[[int], Item | None], ...] = (
            self._hex,
            self._triple,
            self._quality,
            self._size,
            self._aspect,
            self._measure,
        )
        return next((item for reader in readers if (item := reader(at))), None)

    def _word(self, at: int) -> str:
        return self.tokens[at].word if 0 <= at < len(self.tokens) else ""

    def _is_glued(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].is_glued

    def number(self, at: int) -> Number | None:
        """Read ``12``, ``-0.3``, ``0,5``, ``1,500``, ``1.500`` (thousands), ``1/2`` or ``2k``."""
        sign, place = 1.0, at
        follows_number = self._is_glued(at) and at > 0 and self.tokens[at - 1].kind == "number"
        if self._word(at) in ("+", "-") and self._is_glued(at + 1) and not follows_number:
            sign, place = (-1.0 if self._word(at) == "-" else 1.0), at + 1
        if place >= len(self.tokens) or self.tokens[place].kind != "number" or len(self._word(place)) > 9:
            return None
        digits, place = self._word(place), place + 1
        while self._word(place) in (",", ".") and self._is_number_part(place):
            mark, part = self._word(place), self._word(place + 1)
            is_thousands = len(part) == 3 and len(digits) <= 3 and digits != "0" and "." not in digits
            digits = digits + part if is_thousands else f"{digits}.{part}"
            place += 2
            if not is_thousands or mark == " ":
                break
        value = float(digits[:12])
        if self._word(place) == "/" and self._is_number_part(place) and float(self._word(place + 1)) in (2, 3, 4):
            value, place = value / float(self._word(place + 1)), place + 2
        if self._word(place) == "k" and self._is_glued(place) and value <= 30:
            value, place = value * 1000, place + 1
        return Number(sign * value, place)

    def _is_number_part(self, at: int) -> bool:
        is_number = at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "number"
        return is_number and self._is_glued(at) and self._is_glued(at + 1)

    def unit(self, at: int) -> tuple[str, int]:
        """Read the unit at a token; an empty name when there is none."""
        if at >= len(self.tokens) or (self._word(at) == "in" and not self._is_glued(at)):
            return "", at
        match = self.lexicon.find(self.tokens, at, kind="unit")
        if match and not match.corrected:
            return match.meaning.key, at + match.length
        return ("in", at + 1) if self._word(at) == '"' and self._is_glued(at) else ("", at)

    def _hex(self, at: int) -> Item | None:
        if self._word(at) != "#":
            return None
        place, digits = at + 1, ""
        while place < len(self.tokens) and self._is_glued(place) and self.tokens[place].kind in ("word", "number"):
            digits, place = digits + self._word(place), place + 1
        if not HEX.fullmatch(digits):
            return None
        full = digits if len(digits) == 6 else "".join(c * 2 for c in digits)
        return item_of(self.tokens, at, place, kind="colour", key=f"#{full.upper()}", value="code")

    def _triple(self, at: int) -> Item | None:
        place, has_name = at, False
        if self._word(at) == "rgb":
            has_name, place = True, at + 1
            while self._word(place) in ("(", ":", "="):
                place += 1
        values: list[int] = []
        while len(values) < 3:
            if place >= len(self.tokens) or self.tokens[place].kind != "number" or int(self._word(place)[:4]) > 255:
                return None
            values.append(int(self._word(place)))
            place += 1
            if len(values) < 3:
                if self._word(place) in ("/", ",") or (has_name and self._word(place) == "-"):
                    place += 1
                elif not has_name:
                    return None
        if not has_name and self._word(at + 1) == "," and not self._is_bracketed(at):
            return None
        place += 1 if has_name and self._word(place) == ")" else 0
        colour = "#" + "".join(f"{v:02X}" for v in values)
        return item_of(self.tokens, at, place, kind="colour", key=colour, value="code")

    def _is_bracketed(self, at: int) -> bool:
        return self._word(at - 1) == "("

    def _quality(self, at: int) -> Item | None:
        if self._word(at) != "q" or at + 1 >= len(self.tokens):
            return None
        place = at + 1
        while self._word(place) in (":", "=", "-"):
            place += 1
        number = self.number(place)
        if number is None or not 0 <= number.value <= 100:
            return None
        value = number.value
        quality = TWELVE_STEPS[int(value)] if value <= 12 else round(value)
        return item_of(self.tokens, at, number.after, kind="quality", key="12" if value <= 12 else "", value=quality)

    def _size(self, at: int) -> Item | None:
        left = self.number(at)
        if left is None or left.value <= 0:
            return None
        place = self._side(left.after)
        is_turned = self._word(place - 1) == "h" and place > left.after
        first_unit, place = self.unit(place)
        if not self._is_times(place):
            return None
        right = self.number(place + 1)
        if right is None or right.value <= 0:
            return None
        unit, after = self.unit(self._side(right.after))
        unit = unit or first_unit
        if unit not in (*LENGTHS, ""):
            unit, after = "", right.after
        if min(left.value, right.value) < 16 and not unit:
            return None
        value = (right.value, left.value) if is_turned else (left.value, right.value)
        return item_of(self.tokens, at, after, kind="size", key=unit or "px", value=value)

    def _side(self, at: int) -> int:
        """Step over the ``w`` or ``h`` of ``1200w x 1600h``."""
        return at + 1 if self._word(at) in ("w", "h") and self._is_glued(at) else at

    def _is_times(self, at: int) -> bool:
        if self._word(at) in ("x", "*"):
            return True
        is_between = at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "number"
        return is_between and self._word(at) in ("by", "mal", "auf", "par", "por") and at > 0

    def _aspect(self, at: int) -> Item | None:
        left = self.number(at)
        if left is None or self._word(left.after) != ":" or not 0 < left.value <= 30:
            return None
        right = self.number(left.after + 1)
        if right is None or not 0 < right.value <= 30 or not 0.05 <= left.value / right.value <= 20:
            return None
        if not self._is_glued(left.after + 1) and self.tokens[left.after].is_glued:
            return None
        aspect = f"{left.value:g}:{right.value:g}"
        return item_of(self.tokens, at, right.after, kind="aspect", value=aspect)

    def _measure(self, at: int) -> Item | None:
        number = self.number(at)
        if number is None:
            return None
        value = number.value
        unit, after = self.unit(number.after)
        if not unit and self._word(number.after) == "-" and self._is_glued(number.after + 1):
            # "16-bit", "90-degree"
            unit, after = self.unit(number.after + 1)
        if not unit and self._word(number.after) in ("-", "to", "bis"):
            upper = self.number(number.after + 1)
            upper_unit, end = self.unit(upper.after) if upper else ("", at)
            if upper and upper_unit in ("%", "ev") and upper.value > value:
                value, unit, after = (value + upper.value) / 2, upper_unit, end
        if unit == "k":
            unit, value = "px", value * 1000
        elif not unit and self._word(number.after - 1) == "k":
            unit = "px"
        if unit in LENGTHS:
            return item_of(self.tokens, at, after, kind="length", key=unit, value=value)
        if unit in BYTES:
            return item_of(self.tokens, at, after, kind="bytes", value=round(value * BYTES[unit]))
        if unit in KINDS:
            return item_of(self.tokens, at, after, kind=KINDS[unit], value=value)
        return item_of(self.tokens, at, number.after if not unit else after, kind="number", value=value)
