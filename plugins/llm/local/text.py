"""Words of an instruction with their places in it, whatever the script, width or accents."""

import functools
import unicodedata

import attrs

QUOTES = {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
DASHES = dict.fromkeys("‐‑‒–—−", "-")
SPECIAL = (
    QUOTES | DASHES | {"ß": "ss", "×": "x", "。": ".", "、": ",", "・": ",", "〜": "-", "œ": "oe", "æ": "ae", "•": "\n"}
)
SENTENCE_ENDS = frozenset(".!?;\n")


@attrs.frozen(kw_only=True)
class Token:
    """A word, a run of digits, or one other character.

    Args:
        word: in lower case, without accents, of normal width.
        raw: as written.
        start, end: character offsets in the instruction.
        kind: ``word``, ``number``, ``cjk`` or ``sign``.
        is_glued: whether no space separates it from the token before.
    """

    word: str
    raw: str
    start: int
    end: int
    kind: str
    is_glued: bool


@functools.lru_cache(maxsize=4096)
def fold(character: str) -> str:
    """Bring one character to the form in which words are compared; may give several or none."""
    if character in SPECIAL:
        return SPECIAL[character]
    plain = unicodedata.normalize("NFKC", character).lower()
    if any(_is_east_asian(c) for c in plain):
        return SPECIAL.get(plain, plain)
    spread = unicodedata.normalize("NFD", plain)
    kept = "".join(c for c in spread if not unicodedata.combining(c))
    return "".join(SPECIAL.get(c, c) for c in kept)


def fold_text(text: str) -> str:
    """Bring a whole text to the form in which words are compared."""
    return "".join(fold(c) for c in unicodedata.normalize("NFC", text))


def _is_east_asian(character: str) -> bool:
    return "\u3040" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7a3"


def _kind(folded: str) -> str:
    if not folded:
        return "joined"
    first = folded[0]
    if _is_east_asian(first):
        return "cjk"
    if folded.isascii() and folded.isdigit():
        return "number"
    if first.isalpha():
        return "word"
    return "space" if first.isspace() and first != "\n" else "sign"


def tokenise(text: str) -> list[Token]:
    """Split an instruction into tokens; white space other than line ends is only kept as ``is_glued``."""
    tokens: list[Token] = []
    parts: list[str] = []
    start, kind, is_glued = 0, "space", False

    def close(end: int) -> None:
        if parts:
            raw = text[start:end]
            tokens.append(Token(word="".join(parts), raw=raw, start=start, end=end, kind=kind, is_glued=is_glued))
            parts.clear()

    for offset, character in enumerate(text):
        folded = fold(character)
        new = _kind(folded)
        if new == "joined" or (new == kind and kind in ("word", "number")):
            if parts:
                parts.append(folded)
            continue
        close(offset)
        is_glued = bool(tokens) and tokens[-1].end == offset
        start, kind = offset, new
        if new != "space":
            parts.append(folded)
    close(len(text))
    return tokens
