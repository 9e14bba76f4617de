"""Words of an instruction with their places in it, whatever the script, width or accents."""

import functools
import re
import unicodedata

import attrs

from plugins.llm.local.characters import SIMPLIFIED

QUOTES = {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
EAST_ASIAN_QUOTES = dict.fromkeys("「」『』《》〈〉", '"')
DASHES = dict.fromkeys("‐‑‒–—−〜～", "-")
SPECIAL = (
    SIMPLIFIED
    | QUOTES
    | EAST_ASIAN_QUOTES
    | DASHES
    | {"ß": "ss", "×": "x", "✕": "x", "✖": "x", "œ": "oe", "æ": "ae", "ł": "l", "ø": "o", "đ": "d"}
    | {"。": ".", "、": ",", "・": ",", "।": ".", "॥": ".", "•": "\n", "●": "\n", "■": "\n", "◆": "\n", "※": "\n"}
    | {"【": "\n", "】": ":", "\u3000": ","}
    | {character: character for character in map(chr, range(0x2460, 0x2474))}
    # Devanagari: a nukta marks a sound that many leave out, a candrabindu is often written as an anusvara.
    | {"\u093c": "", "\u0901": "\u0902"}
)
SENTENCE_ENDS = frozenset(".!?;\n")
KANA = "\u3040-\u3096\u309d-\u30ff"
EAST_ASIAN = f"{KANA}\u3005-\u3007\u3400-\u9fff\uac00-\ud7a3"
# Vowel signs and the like: they belong to the letter before them.
MARKS = "\u0900-\u0903\u093a-\u094f\u0955-\u0957\u0962\u0963"
_EAST_ASIAN = re.compile(f"[{EAST_ASIAN}]")
_MARK = re.compile(f"[{MARKS}]")
_WORDS = re.compile(rf"\.\.\.|[{EAST_ASIAN}]|[0-9]+|(?:[^\W\d_{EAST_ASIAN}]|[{MARKS}])+|\S")


@attrs.define(kw_only=True, eq=False)
class Token:
    """A word, a run of digits, or one other character.

    Args:
        word: in lower case, without accents, of normal width.
        raw: as written.
        start, end: character offsets in the instruction.
        kind: ``word``, ``number``, ``cjk`` or ``sign``.
        is_glued: whether no space separates it from the token before.
        languages: in which it is to be read, the likeliest first; empty until that is judged.
    """

    word: str
    raw: str
    start: int
    end: int
    kind: str
    is_glued: bool
    languages: tuple[str, ...] = ()


@functools.lru_cache(maxsize=8192)
def fold(character: str) -> str:
    """Bring one character to the form in which words are compared; may give several or none."""
    if character in SPECIAL:
        return SPECIAL[character]
    plain = unicodedata.normalize("NFKC", character).lower()
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.digit(character))
    if _EAST_ASIAN.search(plain) or plain in ("\u3099", "\u309a"):
        return plain
    spread = unicodedata.normalize("NFD", plain)
    kept = "".join(c for c in spread if _MARK.match(c) or not unicodedata.combining(c))
    return "".join(SPECIAL.get(c, c) for c in kept if unicodedata.category(c) != "Cf")


def fold_text(text: str) -> str:
    """Bring a whole text to the form in which words are compared."""
    folded = "".join(map(fold, unicodedata.normalize("NFC", text)))
    return unicodedata.normalize("NFC", folded) if "\u3099" in folded or "\u309a" in folded else folded


def words_of(phrase: str) -> list[str]:
    """Split a phrase into the words that its tokens would have."""
    return _WORDS.findall(phrase.lower() if phrase.isascii() else fold_text(phrase))


def is_kana(word: str) -> bool:
    """Whether a character is of a Japanese syllabary."""
    return re.match(f"[{KANA}]", word) is not None


def is_east_asian(word: str) -> bool:
    """Whether a word is written without spaces around it."""
    return _EAST_ASIAN.match(word) is not None


def is_devanagari(word: str) -> bool:
    """Whether a word is written in Devanagari."""
    return "\u0900" <= word[:1] <= "\u097f"


def _kind(folded: str) -> str:
    if not folded or _MARK.match(folded) or folded in ("\u3099", "\u309a"):
        return "joined"
    first = folded[0]
    if _EAST_ASIAN.match(first):
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
            word = unicodedata.normalize("NFC", "".join(parts)) if kind == "cjk" else "".join(parts)
            raw = text[start:end]
            tokens.append(Token(word=word, raw=raw, start=start, end=end, kind=kind, is_glued=is_glued))
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
