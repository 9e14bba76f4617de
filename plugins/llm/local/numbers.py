"""Numbers with their units: sizes, lengths, shares, limits, aspects, colours by number."""

import re
from collections.abc import Callable, Sequence

import attrs

from plugins.llm.local.items import Item, item_of
from plugins.llm.local.lexicon import Lexicon
from plugins.llm.local.numerals import multiple, spelled
from plugins.llm.local.text import Token

LENGTHS = ("px", "mm", "cm", "in")
BYTES = {"b": 1, "kb": 1000, "mb": 1_000_000}
# Photoshop's 0…12 scale as the quality that gives files of about the same size.
TWELVE_STEPS = (20, 26, 32, 40, 48, 55, 62, 70, 76, 82, 88, 94, 98)
HEX = re.compile(r"[0-9a-f]{6}|[0-9a-f]{3}")
MARKS = (",", ".", "'")
GROUPED = re.compile(r"(?P<whole>[1-9]\d{0,2}(?P<mark>[,.'])\d{3}(?:(?P=mark)\d{3})*)(?P<rest>(?!(?P=mark))[,.]\d+)?")
DECIMAL = re.compile(r"\d+[,.]\d+")
INDIAN = re.compile(r"[1-9]\d?(?:,\d\d)+,\d{3}")
COMMA_LANGUAGES = frozenset(("de", "fr", "es", "it", "pt", "nl", "pl"))
# Here a comma between figures is never a decimal one: "800,90%" are two values.
POINT_LANGUAGES = frozenset(("ja", "zh"))
# Units of which a thousand is much; "1.250 px" is more than a thousand in every language.
FINE_UNITS = frozenset(("mm", "cm", "in", "%", "ev", "deg", "mp", "mb"))
RANGED = ("%", "ev")
# Units that are written as others: "2k" is 2000 px, 八成 is 80 %.
SAME = {"k": "px", "tenths": "%"}
FACTORS = {"k": 1000, "tenths": 10}
# "2k" is 2000 px, "500K" are kilobytes.
MOST_K = 30
# "2 000 px" is one number, "85 800 px" are two.
MOST_SPACED = 30
# "Two images" counts, "twenty" is a value.
MOST_COUNTED = 12
KINDS = {"%": "percent", "dpi": "dpi", "ev": "ev", "bit": "bits", "deg": "degrees", "mp": "megapixels"}


@attrs.frozen
class Number:
    """A number, the token after it, and whether it is written in words."""

    value: float
    after: int
    is_spelled: bool = False


@attrs.frozen
class _Upper:
    value: float
    unit: str
    after: int


@attrs.frozen
class Reader:
    """Reads values that start at a token; every method returns None when there is none."""

    tokens: Sequence[Token]
    lexicon: Lexicon
    _numbers: dict[int, Number | None] = attrs.field(factory=dict, init=False)

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
        """Read the number that starts at a token, once."""
        if at not in self._numbers:
            self._numbers[at] = self._number(at)
        return self._numbers[at]

    def _number(self, at: int) -> Number | None:
        """Read ``12``, ``-0.3``, ``0,5``, ``1,500``, ``2 000``, ``1/2``, ``2k``, ``2 thousand`` or ``two thousand``."""
        sign, place = 1.0, at
        follows = self._is_glued(at) and at > 0 and self.tokens[at - 1].kind in ("number", "cjk")
        if self._word(at) in ("+", "-") and self._is_glued(at + 1) and not follows:
            sign, place = (-1.0 if self._word(at) == "-" else 1.0), at + 1
        if place >= len(self.tokens):
            return None
        if self.tokens[place].kind != "number":
            words = spelled(self.tokens, place, self.lexicon) if place == at else None
            return Number(words[0], words[1], is_spelled=True) if words else None
        if len(self._word(place)) > 9:
            return None
        value, place = self._figures(place)
        if self._word(place) == "/" and self._is_number_part(place) and float(self._word(place + 1)) in (2, 3, 4):
            value, place = value / float(self._word(place + 1)), place + 2
        if self._word(place) == "k" and self._is_glued(place) and value <= MOST_K:
            return Number(sign * value * 1000, place + 1)
        factor, place = multiple(self.tokens, place, self.lexicon)
        return Number(sign * value * factor, place)

    def _figures(self, at: int) -> tuple[float, int]:
        """Read digits with their marks; which of comma and dot groups thousands depends on the language."""
        written, place = self._word(at), at + 1
        if at > 1 and self._word(at - 1) in MARKS and self._word(place) == self._word(at - 1) and self._is_glued(at):
            # "1,3,5" is a list: what follows its first number is no decimal.
            return float(written), place
        while self._word(place) in MARKS and self._is_number_part(place):
            written, place = written + self._word(place) + self._word(place + 1), place + 2
        if grouped := GROUPED.fullmatch(written):
            whole, mark, rest = grouped["whole"], grouped["mark"], grouped["rest"] or ""
            if rest or not self._is_decimal(mark, written, place):
                return float(whole.replace(mark, "") + rest.replace(",", ".")), place
        if DECIMAL.fullmatch(written) and not ("," in written and self._language(at) in POINT_LANGUAGES):
            return float(written.replace(",", ".")), place
        if INDIAN.fullmatch(written):
            return float(written.replace(",", "")), place
        return self._spaced(at) or (float(self._word(at)), at + 1)

    def _is_decimal(self, mark: str, written: str, after: int) -> bool:
        """Whether ``1,250`` is little more than one: in some languages, before a unit of which nobody needs 1250."""
        if written.count(mark) > 1:
            return False
        decimal = "," if self._language(after - 1) in COMMA_LANGUAGES else "."
        return mark == decimal and self.unit(after)[0] in FINE_UNITS

    def _language(self, at: int) -> str:
        return next(iter(self.tokens[at].languages), "")

    def _spaced(self, at: int) -> tuple[float, int] | None:
        """Read ``2 000`` before a unit or as a side of a size."""
        if int(self._word(at)) > MOST_SPACED or self._word(at).startswith("0"):
            return None
        if self._is_glued(at) and at > 0 and self._word(at - 1) not in ("x", "(", '"'):
            return None
        place = at + 1
        while place < len(self.tokens) and self.tokens[place].kind == "number" and len(self._word(place)) == 3:
            if self.tokens[place].start - self.tokens[place - 1].end != 1:
                break
            place += 1
        if place == at + 1:
            return None
        is_side = self._is_times(place) or (at > 0 and self._is_times(at - 1))
        is_measure = self.unit(place)[0] in ("px", "mm", "kb")
        return (float("".join(self._word(n) for n in range(at, place))), place) if is_side or is_measure else None

    def _is_number_part(self, at: int) -> bool:
        is_number = at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "number"
        if is_number and self.tokens[at].raw.isascii() != self.tokens[at + 1].raw.isascii():
            # The comma of "88、800KB" is one of the sentence.
            return False
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
        if self._word(at) in ("rgb", "rvb"):
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
        is_between = at > 0 and at + 1 < len(self.tokens)
        match = self.lexicon.find(self.tokens, at, kind="times") if is_between else None
        return match is not None and not match.corrected

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
        after = after if unit else number.after
        if unit in (*RANGED, "") and (upper := self._upper(after, unit=unit)) and upper.value > value:
            value, unit, after = (value + upper.value) / 2, upper.unit, upper.after
        if not unit and number.is_spelled and value <= MOST_COUNTED and number.after == at + 1:
            return None
        if unit == "k" and value > MOST_K:
            unit = "kb"
        is_thousands = self._word(number.after - 1) == "k"
        value *= FACTORS.get(unit, 1)
        unit = SAME.get(unit, unit) or ("px" if is_thousands else "")
        return self._measured(at, after, value=value, unit=unit)

    def _measured(self, at: int, after: int, *, value: float, unit: str) -> Item:
        if unit in LENGTHS:
            return item_of(self.tokens, at, after, kind="length", key=unit, value=value)
        if unit in BYTES:
            return item_of(self.tokens, at, after, kind="bytes", value=round(value * BYTES[unit]))
        return item_of(self.tokens, at, after, kind=KINDS.get(unit, "number"), value=value)

    def _upper(self, at: int, *, unit: str) -> "_Upper | None":
        """Read the upper end of ``80-85 %`` after its lower one."""
        to = self.lexicon.find(self.tokens, at, kind="scope") if at < len(self.tokens) else None
        if self._word(at) == "-":
            place = at + 1
        elif to and to.meaning.key == "to" and not to.corrected:
            place = at + to.length
        else:
            return None
        number = self.number(place)
        stated, after = self.unit(number.after) if number else ("", at)
        is_same = stated in RANGED and unit in (stated, "")
        return _Upper(number.value, stated, after) if number and is_same else None
