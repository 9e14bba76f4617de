"""Patterns of file names: ``LUM_<style>_<view 01-06>`` and ``SKU_colour_01`` as templates of tokens."""

import re
from collections.abc import Sequence

import attrs

from plugins.llm.local.lexicon import LANGUAGES, Lexicon
from plugins.llm.local.text import Token

COUNTER = re.compile(r"0*[1-9]")
# What nobody but the customer can tell: a name made of such words is a pattern and not the name of a file.
DATA = frozenset(("sku", "style", "colour", "colour_code", "size", "season", "brand"))


def template(tokens: Sequence[Token], first: int, last: int, *, lexicon: Lexicon) -> str:
    """Write a pattern with its words as tokens; what stands in no brackets is literal where others do."""
    has_brackets = any(t.word in ("<", "{") for t in tokens[first:last])
    parts: list[str] = []
    at = first
    while at < last:
        token = tokens[at]
        if token.word in ("<", "{"):
            end = next((i for i in range(at, last) if tokens[i].word in (">", "}")), last - 1)
            parts.append(_bracketed(tokens, at + 1, end, lexicon))
            at = end + 1
            continue
        match = None if has_brackets else _word(tokens, at, last, lexicon)
        if match:
            parts.append(f"{{{match[0]}}}")
            at = match[1]
        elif token.kind == "number" and not has_brackets and COUNTER.fullmatch(token.word) and len(token.word) > 1:
            parts.append(f"{{index:0{len(token.word)}d}}")
            at += 1
        else:
            parts.append(token.raw)
            at += 1
    return re.sub(r"\.(?:jpe?g|png|tiff?|webp)$", "", "".join(parts), flags=re.IGNORECASE)


def is_pattern(written: str) -> bool:
    """Whether a template asks for data of the product."""
    return any(f"{{{name}}}" in written or f"{{{name}:" in written for name in DATA)


def _bracketed(tokens: Sequence[Token], first: int, last: int, lexicon: Lexicon) -> str:
    found = _word(tokens, first, last, lexicon)
    name, at = found or ("_".join(t.word for t in tokens[first:last] if t.kind == "word"), first)
    numbers = [t.word for t in tokens[at:last] if t.kind == "number"]
    spec = f":0{len(numbers[0])}d" if numbers and len(numbers[0]) > 1 else ""
    return f"{{{name or 'index'}{spec}}}"


def _word(tokens: Sequence[Token], at: int, last: int, lexicon: Lexicon) -> tuple[str, int] | None:
    if at >= last or tokens[at].kind not in ("word", "cjk"):
        return None
    match = lexicon.find(tokens, at, kind="token")
    if match is None:
        # Names of files are often English or in the language of the shop, whatever the text is written in.
        every = [attrs.evolve(t, languages=LANGUAGES) for t in tokens[at : min(at + 4, last)]]
        match = lexicon.find(every, 0, kind="token")
    if match is None or at + match.length > last:
        return None
    return match.meaning.key, at + match.length
