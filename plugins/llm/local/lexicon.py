"""The lexicon: phrases of several languages and what they mean, read from the data files beside this module."""

import functools
import tomllib
from collections.abc import Iterator, Sequence
from importlib import resources

import attrs

from plugins.llm.local.spelling import Endings, Spelling
from plugins.llm.local.text import Token, fold_text, words_of

COMMON = "common"
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "zh", "hi")
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue"}
UNINFLECTED = frozenset(("link", "neg", "cond"))
MAX_PHRASE = 12
Corrections = tuple[tuple[str, str], ...]
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


@attrs.define(eq=False)
class Node:
    """One word on the way through the phrases, with what the phrase that ends here means in each language.

    Args:
        meanings: by language, the usual one first; others count only where one of their kind is looked for.
    """

    meanings: dict[str, list[Meaning]] = attrs.field(factory=dict)
    following: dict[str, "Node"] = attrs.field(factory=dict)


# A way through the phrases: where it is, the next token, what was respelt, and the gap that was stepped over.
Path = tuple[Node, int, Corrections, tuple[int, ...]]


class Lexicon:
    """All phrases of all languages, found by their longest match, tolerant of endings and typing errors."""

    def __init__(self) -> None:
        self.root = Node()
        self.spelling = Spelling()
        self._other: dict[tuple[str, str], tuple[str, ...]] = {}

    def add(self, phrase: str, meaning: Meaning, *, language: str) -> list[str]:
        """Add a phrase; the first meaning of a phrase in a language is its usual one. Returns its words."""
        words = [w for w in words_of(phrase) if w != "-"]
        node = self.root
        for word in words:
            node = node.following.setdefault(word, Node())
        if words:
            node.meanings.setdefault(language, []).append(meaning)
        return words

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
        paths: list[Path] = [(self.root, at, (), ())]
        while paths:
            node, place, corrected, gap = paths.pop()
            is_whole = bool(node.meanings) and place > at and tokens[place - 1].word != "-"
            rank, meaning = _meaning(node, languages, kind) if is_whole else (-1, None)
            if meaning:
                match = Match(meaning=meaning, length=place - at, corrected=corrected, language=rank, gap=gap)
                best = match if best is None or match.rank > best.rank else best
            elif is_whole and not (kind or corrected or gap) and (foreign is None or place - at > foreign.length):
                foreign = Match(meaning=next(iter(node.meanings.values()))[0], length=place - at)
            if place < len(tokens) and place - at < MAX_PHRASE:
                paths.extend((*step, gap) for step in self._steps(node, tokens, place, corrected))
                paths.extend(_over_gap(node, tokens, place, corrected) if not gap else ())
        return _chosen(best, foreign, tokens[at : at + (foreign.length if foreign else 0)])

    def _steps(
        self, node: Node, tokens: Sequence[Token], place: int, corrected: Corrections
    ) -> Iterator[tuple[Node, int, Corrections]]:
        token = tokens[place]
        if token.word == "-" and node is not self.root and token.is_glued:
            yield node, place + 1, corrected
            return
        if token.word in node.following and (node is self.root or not _is_loose(tokens, place)):
            yield node.following[token.word], place + 1, corrected
        if token.kind != "word":
            return
        for language in token.languages:
            for word in self.forms(token.word, language):
                if word in node.following:
                    yield node.following[word], place + 1, corrected
        for word in self._respelt(token):
            if word in node.following:
                yield node.following[word], place + 1, (*corrected, (token.raw, word))

    def forms(self, word: str, language: str) -> tuple[str, ...]:
        """Give the words of which a word is a form in a language; none for what is a phrase there itself."""
        alone = self.root.following.get(word)
        if alone is not None and language in alone.meanings:
            return ()
        return self.spelling.stems(word, language)

    def _respelt(self, token: Token) -> tuple[str, ...]:
        alone = self.root.following.get(token.word)
        if alone is not None and alone.meanings and len(token.word) >= FOREIGN_LETTERS:
            return ()
        return self.spelling.nearest(token.word, token.languages)


def _over_gap(node: Node, tokens: Sequence[Token], place: int, corrected: Corrections) -> Iterator[Path]:
    """Let a few words stand between the parts of a phrase: ``cut the two shoes out``; they keep their own meaning."""
    beyond = node.following.get(GAP)
    if beyond is None:
        return
    for after in range(place + 1, min(place + MAX_GAP, len(tokens) - 1) + 1):
        if tokens[after - 1].kind not in ("word", "number"):
            return
        if tokens[after].word in beyond.following:
            yield beyond.following[tokens[after].word], after + 1, corrected, (place, after)


def _meaning(node: Node, languages: Sequence[str], kind: str) -> tuple[int, Meaning | None]:
    """Give what the phrase that ends at a node means in the first of some languages, and which of them that is."""
    for rank, name in enumerate(languages):
        for meaning in node.meanings.get(name, ()):
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
    first, space, second = phrase.partition(" ")
    if joins and space and " " not in second and len(phrase) > 9 and phrase.replace(" ", "").isalpha():
        yield from _spellings(first + second, joins=False)
    lowered = phrase.lower()
    if any(c in lowered for c in UMLAUTS):
        yield "".join(UMLAUTS.get(c, c) for c in lowered)


@functools.cache
def load() -> Lexicon:
    """Read all data files; done once per process."""
    lexicon = Lexicon()
    for language in (*LANGUAGES, COMMON):
        source = resources.files("plugins.llm.local").joinpath(f"lexicon/{language}.toml")
        tables = tomllib.loads(source.read_text(encoding="utf-8"))
        endings = [fold_text(e) for e in tables.pop("endings")]
        verbs: dict[str, list[str]] = tables.pop("verbs", {})
        joins: bool = tables.pop("joins", False)
        words: set[str] = set()
        inflected: set[str] = set()
        for kind, entries in tables.items():
            for key, phrases in entries.items():
                meaning = Meaning(kind, key)
                for phrase in (s for p in phrases for s in _spellings(p, joins=joins)):
                    found = lexicon.add(phrase, meaning, language=language)
                    (words if kind in UNINFLECTED else inflected).update(found)
        lexicon.spelling.learn(language, words | inflected, Endings.of(inflected, endings=endings, verbs=verbs))
    return lexicon
