"""Which encoding some text is in: by its mark, by its bytes, by its letters."""

import codecs
import re
from itertools import pairwise
from unicodedata import category

# The mark of UTF-32 begins like that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
# What writes a Latin alphabet, the most usual first: on short texts a statistical guess errs, the letters do not.
LATIN = ("cp1252", "cp1250", "iso8859_2")
LETTERS = frozenset(
    "àáâãäåæçèéêëìíîïñòóôõöøœùúûüýÿßšžąćęłńśźżčďěňřťůőűÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØŒÙÚÛÜÝŠŽĄĆĘŁŃŚŹŻČĎĚŇŘŤŮŐŰ"
)
SIGNS = frozenset("\xa0\xad«»‹›„“”‚‘’–—…€£§©®°±²³µ·×÷½¼¾•™¡¿ªº")
# Three such letters in a row are a word of another alphabet.
FOREIGN = re.compile(r"[^\W\d_a-zA-Z]{3}")
SIGN_IN_WORD = re.compile(r"[^\W\d_][£§©®±²³µ·÷½¼¾•¡¿«»„][^\W\d_]")
# What is in use besides; a short list is guessed from more surely than all that there are.
OTHERS = ("cp932", "euc_jp", "gb18030", "big5", "euc_kr", "cp1251", "koi8_r", "iso8859_5", "mac_roman", *LATIN)
SHIFTING = re.compile(rb"\x1b[$(]")
NO_CHARACTERS = frozenset(("Cc", "Cs", "Co", "Cn"))
SAMPLE = 1 << 16
# Bytes of a character.
WIDEST = 4


def decode(data: bytes) -> str:
    """Return bytes as text, by their mark or by what they can be; the same bytes always give the same text."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\0" in data:
        return data.decode(_widest(data), errors="replace")
    if SHIFTING.search(data):
        return data.decode("iso2022_jp_ext", errors="replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)  # the last character may be cut
    except UnicodeDecodeError:
        return data.decode(_guessed(data), errors="replace")


def _widest(data: bytes) -> str:
    """Return which encoding of several bytes a character gives characters alone, and most of them plain ones."""
    sample = data[:SAMPLE]

    def worth(encoding: str) -> tuple[int, int]:
        text = sample.decode(encoding, errors="replace")
        return -sum(map(_is_wrong, text)), sum(map(str.isascii, text))

    best = max(WIDE, key=worth)
    # Bytes that are no text at all stay what they are, and are refused for it.
    return best if worth(best)[0] == 0 else "latin-1"


def _is_wrong(character: str) -> bool:
    """Whether no text holds this: a replacement, a control character, half of a pair, private or unassigned."""
    return character == "\ufffd" or (category(character) in NO_CHARACTERS and character not in "\t\r\n\f\x1a\ufeff")


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    sample = data[:SAMPLE]
    latin = next((encoding for encoding in LATIN if _is_latin(sample, encoding)), None)
    if latin is not None:
        return latin
    for cut in range(WIDEST):  # the last character may be cut
        match = from_bytes(sample[: len(sample) - cut], cp_isolation=list(OTHERS)).best()
        if match is not None:
            return match.encoding
    return LATIN[0]


def _is_latin(data: bytes, encoding: str) -> bool:
    """Whether bytes are words of a Latin alphabet, without a letter or sign that no such text has."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return False
    is_known = all(c.isascii() or c in LETTERS or c in SIGNS for c in text)
    has_capital_inside = any(a.islower() and b.isupper() and not b.isascii() for a, b in pairwise(text))
    return is_known and not (has_capital_inside or FOREIGN.search(text) or SIGN_IN_WORD.search(text))
