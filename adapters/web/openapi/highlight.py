"""Colours for JSON, without a script."""

import re

from markupsafe import Markup, escape

SPACED = re.compile(r"(?<=/)")
TICKS = re.compile(r"`([^`]+)`")
TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<string>"(?:[^"\\]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>true|false|null)'
)


def highlight(text: str) -> Markup:
    """Return JSON as HTML whose keys, texts, numbers and words are marked by classes."""
    parts, end = [], 0
    for match in TOKEN.finditer(text):
        marked = Markup('<span class="{}">{}</span>').format(match.lastgroup, match[0])
        parts += [escape(text[end : match.start()]), marked]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def breakable(path: str) -> Markup:
    """Return an address that may break behind each slash."""
    return Markup("<wbr>").join(SPACED.split(path))


def ticks(text: str) -> Markup:
    """Return a text whose words between backticks are code."""
    parts = TICKS.split(text)
    return Markup("").join(Markup("<code>{}</code>").format(p) if i % 2 else escape(p) for i, p in enumerate(parts))
