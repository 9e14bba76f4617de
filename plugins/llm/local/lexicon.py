"""The lexicon: phrases of several languages and what they mean, read from the data files beside this module."""

import functools
import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Any

import attrs

from plugins.llm.local.spelling import Endings, Spelling
from plugins.llm.local.text import Token, fold_text, words_of

COMMON = "common"
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "zh", "hi")
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue"}
UNINFLECTED = frozenset(("link", "neg", "cond", "mood"))
MAX_PHRASE = 12
Corrections = tuple[tuple[str, str], ...]
SECTION = re.compile(r"^\[([a-z_]+)\]$", re.MULTILINE)
ENTRY = re.compile(r"^(\"[^\"]+\"|[\w-]+) = (\[.*\])$", re.MULTILINE)
GAP = "..."
MAX_GAP = 5
# A word of a language that is not spoken here counts from so many letters; a phrase beats a word that is, from so many.
FOREIGN_LETTERS, FOREIGN_PHRASE = 4, 9
# Scripts that say more with one character.
DENSE = 2


@attrs.frozen
class Meaning:
    """What a phrase stands for: a kind such as ``colour`` and a key such as ``#FFFFFF``."""

    kind: str
    key: str


@attrs.frozen(kw_only=True)
class Match:
    """A phrase found in a text.

    Args:
        length: tokens it takes, those of a gap included.
        corrected: pairs of what was written and what it was read as, for misspelt words.
        language: place of its language among those of the text.
        gap: first token between its parts, and the one after them; empty where it has no gap.
    """

    meaning: Meaning
    length: int
    corrected: Corrections = ()
    language: int = 0
    gap: tuple[int, ...] = ()

    @property
    def rank(self) -> tuple[int, int, int]:
        """What makes it better than another one: its length, few corrections, the likelier language."""
        return self.length, -len(self.corrected), -self.language


# By language, the usual meaning first; the others count only where one of their kind is looked for.
Meanings = dict[str, list[Meaning]]
# A way through the phrases: words so far, the next token, what was respelt, and the gap that was stepped over.
Path = tuple[str, int, Corrections, tuple[int, ...]]
NOTHING: Meanings = {}


class Lexicon:
    """All phrases of all languages, found by their longest match, tolerant of endings and typing errors.

    Attributes:
        phrases: words with one space between them, and what they mean; beginnings of phrases mean nothing.
    """

    def __init__(self) -> None:
        self.phrases: dict[str, Meanings] = {}
        self.spelling = Spelling()

    def add(self, phrase: str, meaning: Meaning, *, language: str) -> list[str]:
        """Add a phrase; the first meaning of a phrase in a language is its usual one. Returns its words."""
        words = [w for w in words_of(phrase) if w != "-"]
        for end in range(1, len(words)):
            self.phrases.setdefault(" ".join(words[:end]), NOTHING)
        whole = " ".join(words)
        if whole and not self.phrases.get(whole):
            self.phrases[whole] = {}
        if whole:
            self.phrases[whole].setdefault(language, []).append(meaning)
        return words

    def after(self, known: str, word: str) -> str:
        """Give the words of a phrase, or of a beginning, with one more; empty when none goes on like this."""
        longer = f"{known} {word}" if known else word
        return longer if longer in self.phrases else ""

    def find(self, tokens: Sequence[Token], at: int, *, kind: str = "") -> Match | None:
        """Find the longest phrase that starts at a token, in the languages of that token before all others.

        Args:
            kind: of what it must be, in the languages of the token alone; empty for anything.
        """
        best: Match | None = None
        foreign: Match | None = None
        spoken = tokens[at].languages
        # In capitals it is an abbreviation of the trade before it is a word: CO, DS.
        is_short = tokens[at].raw.isupper() and 1 < len(tokens[at].raw) <= 3
        languages = (COMMON, *spoken) if is_short else (*spoken, COMMON)
        paths: list[Path] = [("", at, (), ())]
        while paths:
            known, place, corrected, gap = paths.pop()
            meanings = self.phrases.get(known, {}) if place > at and tokens[place - 1].word != "-" else {}
            rank, meaning = _meaning(meanings, languages, kind)
            if meaning:
                match = Match(meaning=meaning, length=place - at, corrected=corrected, language=rank, gap=gap)
                best = match if best is None or match.rank > best.rank else best
            elif meanings and not (kind or corrected or gap) and (foreign is None or place - at > foreign.length):
                foreign = Match(meaning=next(iter(meanings.values()))[0], length=place - at)
            if place < len(tokens) and place - at < MAX_PHRASE:
                paths.extend((*step, gap) for step in self._steps(known, tokens, place, corrected))
                paths.extend(self._over_gap(known, tokens, place, corrected) if not gap else ())
        return _chosen(best, foreign, tokens[at : at + (foreign.length if foreign else 0)])

    def _steps(
        self, known: str, tokens: Sequence[Token], place: int, corrected: Corrections
    ) -> Iterator[tuple[str, int, Corrections]]:
        token = tokens[place]
        if token.word == "-" and known and token.is_glued:
            yield known, place + 1, corrected
            return
        if (longer := self.after(known, token.word)) and not (known and _is_loose(tokens, place)):
            yield longer, place + 1, corrected
        if token.kind != "word":
            return
        alone = self.phrases.get(token.word, {})
        for language in token.languages:
            if language in alone:
                # What is a word in the likelier language is no form of one in another.
                break
            for word in self.forms(token.word, language):
                if longer := self.after(known, word):
                    yield longer, place + 1, corrected
        for word in self._respelt(token):
            if longer := self.after(known, word):
                yield longer, place + 1, (*corrected, (token.raw, word))

    def _over_gap(self, known: str, tokens: Sequence[Token], place: int, corrected: Corrections) -> Iterator[Path]:
        """Let a few words stand between the parts of a phrase: ``cut the two shoes out``; they keep their meaning."""
        beyond = self.after(known, GAP) if known else ""
        if not beyond:
            return
        for after in range(place + 1, min(place + MAX_GAP, len(tokens) - 1) + 1):
            if tokens[after - 1].kind not in ("word", "number"):
                return
            if longer := self.after(beyond, tokens[after].word):
                yield longer, after + 1, corrected, (place, after)

    def forms(self, word: str, language: str) -> tuple[str, ...]:
        """Give the words of which a word is a form in a language; none for what is a phrase there itself."""
        return () if language in self.phrases.get(word, {}) else self.spelling.stems(word, language)

    def _respelt(self, token: Token) -> tuple[str, ...]:
        if self.phrases.get(token.word) and len(token.word) >= FOREIGN_LETTERS:
            return ()
        return self.spelling.nearest(token.word, token.languages)


def _meaning(meanings: Meanings, languages: Sequence[str], kind: str) -> tuple[int, Meaning | None]:
    """Give what a phrase means in the first of some languages that has it, and which of them that is."""
    if not meanings:
        return -1, None
    for rank, name in enumerate(languages):
        for meaning in meanings.get(name, ()):
            if kind in ("", meaning.kind):
                return rank, meaning
    return -1, None


def _chosen(best: Match | None, foreign: Match | None, tokens: Sequence[Token]) -> Match | None:
    """Take what another language says only where the text's own say nothing, or much less."""
    if foreign is None:
        return best
    letters = sum(len(t.word) if t.word.isascii() else DENSE * len(t.word) for t in tokens)
    if best is None:
        return foreign if letters >= FOREIGN_LETTERS else None
    return foreign if letters >= FOREIGN_PHRASE and foreign.length > best.length else best


def _is_loose(tokens: Sequence[Token], place: int) -> bool:
    """Whether a number stands apart from a single letter: ``A4`` is paper, ``a 4`` is not."""
    return tokens[place].kind == "number" and not tokens[place].is_glued and len(tokens[place - 1].word) == 1


def _spellings(phrase: str, *, joins: bool) -> Iterator[str]:
    """Give a phrase, its spelling without umlauts and, in languages that join words, two words as one."""
    yield phrase
    first, space, second = phrase.partition(" ") if joins else (phrase, "", "")
    if space and " " not in second and len(phrase) > 9 and phrase.replace(" ", "").isalpha():
        yield from _spellings(first + second, joins=False)
    if not phrase.isascii() and any(c in UMLAUTS for c in phrase.lower()):
        yield "".join(UMLAUTS.get(c, c) for c in phrase.lower())


def read_tables(text: str) -> dict[str, Any]:
    """Read a data file; its lists, which are most of it, are JSON as well, and that is read ten times as fast."""
    head, *parts = SECTION.split(text)
    tables: dict[str, Any] = tomllib.loads(head)
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        lines = ENTRY.findall(body)
        if len(lines) == sum(1 for line in body.splitlines() if line.strip() and not line.startswith("#")):
            tables[name] = {key.strip('"'): json.loads(phrases) for key, phrases in lines}
        else:
            tables[name] = tomllib.loads(body)
    return tables


@functools.cache
def load() -> Lexicon:
    """Read all data files; done once per process."""
    lexicon = Lexicon()
    for language in (*LANGUAGES, COMMON):
        source = resources.files("plugins.llm.local").joinpath(f"lexicon/{language}.toml")
        tables = read_tables(source.read_text(encoding="utf-8"))
        endings = [fold_text(e) for e in tables.pop("endings")]
        verbs: dict[str, list[str]] = tables.pop("verbs", {})
        joins: bool = tables.pop("joins", False)
        words: set[str] = set()
        inflected: set[str] = set()
        for kind, entries in tables.items():
            for key, phrases in entries.items():
                meaning = Meaning(kind, key)
                change = words if kind in UNINFLECTED else inflected
                for phrase in (s for p in phrases for s in _spellings(p, joins=joins)):
                    change.update(lexicon.add(phrase, meaning, language=language))
        lexicon.spelling.learn(language, words | inflected, Endings.of(inflected, endings=endings, verbs=verbs))
    return lexicon
