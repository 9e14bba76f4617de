"""From the tokens of an instruction to its pieces of meaning, in order."""

from collections.abc import Collection, Sequence

from plugins.llm.local.items import Item, item_of
from plugins.llm.local.languages import judge
from plugins.llm.local.lexicon import Lexicon, Match
from plugins.llm.local.names import NameReader
from plugins.llm.local.numbers import Reader
from plugins.llm.local.patterns import is_pattern, template
from plugins.llm.local.text import Token

MAX_QUOTE = 60
MAX_ADDRESS = 60
# Small words that only an accent tells from "and", "or" and "if".
ACCENTED = frozenset(("è", "é", "où", "sí", "sì"))
ENDING = frozenset(("\n", ",", ";", ")", ">", '"', "'", "!"))
NAMES = frozenset(("file", "glob", "pattern", "document"))


def scan(tokens: Sequence[Token], *, lexicon: Lexicon, names: Collection[str]) -> tuple[list[Item], list[Item]]:
    """Read every token once.

    Returns:
        the items in order, and those among them that were read from misspelt words (``value`` holds the pairs).
    """
    judge(tokens, lexicon)
    reader, name_reader = Reader(tokens, lexicon), NameReader(tokens, names)
    items: list[Item] = []
    respelt: list[Item] = []
    closing: dict[int, int] = {}
    at = 0
    while at < len(tokens):
        if at in closing:
            # The second part of a phrase with a gap: the "out" of "cut the shoes out".
            items.append(item_of(tokens, at, closing[at], kind="filler", key="closing part"))
            at = closing[at]
            continue
        item = _address(tokens, at) or _patterned(name_reader.read(at) or _quote(tokens, at), tokens, lexicon)
        value = None if item else reader.read(at)
        match = None if item else lexicon.find(tokens, at)
        if match and match.corrected and any(i.named("filler", "closing") for i in items):
            # Below "kind regards" an unknown word is a name.
            match = None
        if match and match.length > 1 and _cuts_value(tokens, at + match.length - 1, reader):
            # "Output 3:4" is about an aspect, not about a third output.
            item, match = item_of(tokens, at, at + match.length - 1, kind="filler", key="function"), None
        if match and _is_closed(tokens, at + match.length):
            # "Shadow: no." says no; "no. 12" is a number.
            match = lexicon.find(tokens, at, kind="neg") or match
        if item is None:
            item = _better(tokens, at, value=value, match=match)
        if match and match.corrected and item.kind == match.meaning.kind:
            respelt.append(item_of(tokens, at, item.last, kind="respelt", value=match.corrected))
        if match and match.gap and item.last == match.gap[0]:
            closing[match.gap[1]] = at + match.length
        items.append(item)
        at = item.last
    return items, respelt


def _is_closed(tokens: Sequence[Token], end: int) -> bool:
    """Whether a phrase took the sign that ends its sentence: no number follows."""
    return tokens[end - 1].word == "." and (end >= len(tokens) or tokens[end].kind != "number")


def _patterned(item: Item | None, tokens: Sequence[Token], lexicon: Lexicon) -> Item | None:
    """Write the template of a naming pattern into its key; ``SKU_colour_01`` looks like a file and is one."""
    if item is not None and item.kind in ("pattern", "file", "quote"):
        is_quote = item.kind == "quote"
        written = template(tokens, item.first + is_quote, item.last - is_quote, lexicon=lexicon)
        if item.kind == "pattern":
            item.key = written
        elif is_quote:
            if is_pattern(written) and set(written) & set("_-"):
                item.kind, item.key = "pattern", written
        elif is_pattern(written) and "." not in str(item.value):
            item.kind, item.key = "pattern", written
    return item


def _cuts_value(tokens: Sequence[Token], last: int, reader: Reader) -> bool:
    """Whether the number at the end of a phrase is the beginning of a longer value."""
    value = reader.read(last) if tokens[last].kind == "number" else None
    return value is not None and value.last > last + 1


def _better(tokens: Sequence[Token], at: int, *, value: Item | None, match: Match | None) -> Item:
    if value and (match is None or value.last - at >= match.length):
        return value
    if match and match.meaning.kind in ("link", "cond") and tokens[at].raw.lower() in ACCENTED:
        return item_of(tokens, at, at + 1, kind="filler", key="function")
    if match:
        last = match.gap[0] if match.gap else at + match.length
        return item_of(tokens, at, last, kind=match.meaning.kind, key=match.meaning.key)
    kind = "sign" if tokens[at].kind == "sign" else "unknown"
    return item_of(tokens, at, at + 1, kind=kind, key=tokens[at].word)


def _address(tokens: Sequence[Token], at: int) -> Item | None:
    """Read a path of a system, a web address or a mail address as one thing that wishes for nothing."""
    if at and tokens[at].is_glued and tokens[at - 1].word not in ("(", "<", '"', "'"):
        return None
    end = at + 1
    while end < min(len(tokens), at + MAX_ADDRESS) and tokens[end].is_glued and tokens[end].word not in ENDING:
        end += 1
    while end > at + 1 and tokens[end - 1].word in (".", ":", "?", "/"):
        end -= 1
    words = [t.word for t in tokens[at:end]]
    is_path = words[0] == "/" and words.count("/") > 1
    is_mail = "@" in words[1:-1]
    # Two strokes in a word are of an address, also of one that is written backwards.
    is_web = any(words[i : i + 2] == ["/", "/"] for i in range(1, len(words) - 1))
    if not (is_path or is_mail or is_web):
        return None
    return item_of(tokens, at, end, kind="unknown", key="".join(words)[:80])


def _quote(tokens: Sequence[Token], at: int) -> Item | None:
    mark = tokens[at].word
    if mark not in ('"', "'") or (at and tokens[at].is_glued and tokens[at - 1].kind in ("number", "word")):
        return None
    for end in range(at + 1, min(at + MAX_QUOTE, len(tokens))):
        if tokens[end].word == "\n":
            return None
        is_inside = (
            mark == "'" and end + 1 < len(tokens) and tokens[end + 1].is_glued and tokens[end + 1].kind == "word"
        )
        if tokens[end].word == mark and end > at + 1 and not is_inside:
            text = "".join((" " if i > at + 1 and not t.is_glued else "") + t.raw for i, t in _between(tokens, at, end))
            return item_of(tokens, at, end + 1, kind="quote", value=text)
    return None


def _between(tokens: Sequence[Token], at: int, end: int) -> list[tuple[int, Token]]:
    return list(enumerate(tokens[at + 1 : end], at + 1))
