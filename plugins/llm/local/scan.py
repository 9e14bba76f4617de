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
    at = 0
    while at < len(tokens):
        item = _patterned(name_reader.read(at), tokens, lexicon) or _quote(tokens, at)
        value = None if item else reader.read(at)
        match = None if item else lexicon.find(tokens, at)
        if item is None:
            item = _better(tokens, at, value=value, match=match)
        if match and match.corrected and item.kind == match.meaning.kind:
            respelt.append(item_of(tokens, at, item.last, kind="respelt", value=match.corrected))
        items.append(item)
        at = item.last
    return items, respelt


def _patterned(item: Item | None, tokens: Sequence[Token], lexicon: Lexicon) -> Item | None:
    """Write the template of a naming pattern into its key; ``SKU_colour_01`` looks like a file and is one."""
    if item is not None and item.kind in ("pattern", "file"):
        written = template(tokens, item.first, item.last, lexicon=lexicon)
        if item.kind == "pattern":
            item.key = written
        elif is_pattern(written) and "." not in str(item.value):
            item.kind, item.key = "pattern", written
    return item


def _better(tokens: Sequence[Token], at: int, *, value: Item | None, match: Match | None) -> Item:
    if value and (match is None or value.last - at >= match.length):
        return value
    if match:
        return item_of(tokens, at, at + match.length, kind=match.meaning.kind, key=match.meaning.key)
    kind = "sign" if tokens[at].kind == "sign" else "unknown"
    return item_of(tokens, at, at + 1, kind=kind, key=tokens[at].word)


def _quote(tokens: Sequence[Token], at: int) -> Item | None:
    if tokens[at].word != '"' or (at and tokens[at].is_glued and tokens[at - 1].kind == "number"):
        return None
    for end in range(at + 1, min(at + MAX_QUOTE, len(tokens))):
        if tokens[end].word == "\n":
            return None
        if tokens[end].word == '"' and end > at + 1:
            text = "".join((" " if i > at + 1 and not t.is_glued else "") + t.raw for i, t in _between(tokens, at, end))
            return item_of(tokens, at, end + 1, kind="quote", value=text)
    return None


def _between(tokens: Sequence[Token], at: int, end: int) -> list[tuple[int, Token]]:
    return list(enumerate(tokens[at + 1 : end], at + 1))
