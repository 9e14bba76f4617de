"""The lexicon: phrases of several languages and what they mean, read from the data files beside this module."""

import functools
import tomllib
from collections.abc import Iterator, Sequence
from importlib import resources

import attrs
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from plugins.llm.local.text import Token, fold_text, tokenise

LANGUAGES = ("common", "en", "de", "fr", "es", "ja")
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue"}
SHORTEST_INFLECTED = 3
SHORTEST_MISSPELT = 5
SHORTEST_TWO_ERRORS = 9
UNINFLECTED = frozenset(("link", "neg", "cond"))
MAX_PHRASE = 12
Corrections = tuple[tuple[str, str], ...]
GAP = "..."
MAX_GAP = 5


@attrs.frozen
class Meaning:
    """What a phrase stands for: a kind such as ``colour`` and a key such as ``#FFFFFF``."""

    kind: str
    key: str


@attrs.frozen(kw_only=True)
class Match:
    """A phrase found in a text.

    Args:
        length: tokens it takes.
        corrected: pairs of what was written and what it was read as, for misspelt words.
    """

    meaning: Meaning
    length: int
    corrected: Corrections = ()


@attrs.define
class Node:
    """One word on the way through the phrases."""

    meaning: Meaning | None = None
    following: dict[str, "Node"] = attrs.field(factory=dict)


class Lexicon:
    """All phrases of all languages, found by their longest match, tolerant of endings and typing errors."""

    def __init__(self) -> None:
        self.root = Node()
        self._words: set[str] = set()
        self._forms: dict[str, tuple[str, ...]] = {}
        self._by_initial: dict[str, list[str]] = {}
        self._spelling: dict[str, tuple[str, ...]] = {}

    def add(self, phrase: str, meaning: Meaning) -> list[str]:
        """Add a phrase; the first meaning of a phrase stays. Returns its words."""
        words = [t.word for t in tokenise(phrase) if t.word != "-"]
        node = self.root
        for word in words:
            node = node.following.setdefault(word, Node())
        node.meaning = node.meaning or meaning
        return words

    def close(self, inflected: dict[str, set[str]]) -> None:
        """Prepare the tolerance once all phrases are in; ``inflected`` maps endings' forms to their words."""
        self._words = set(_all_words(self.root))
        alone = {word for word, node in self.root.following.items() if node.meaning}
        self._forms = {form: tuple(sorted(words)) for form, words in inflected.items() if form not in alone}
        for word in sorted(self._words):
            if len(word) >= SHORTEST_MISSPELT - 1 and word.isalpha():
                self._by_initial.setdefault(word[0], []).append(word)

    def find(self, tokens: Sequence[Token], at: int) -> Match | None:
        """Find the longest phrase that starts at a token."""
        best: Match | None = None
        paths: list[tuple[Node, int, Corrections]] = [(self.root, at, ())]
        while paths:
            node, place, corrected = paths.pop()
            is_whole = place > at and tokens[place - 1].word != "-"
            if node.meaning and is_whole and (best is None or (place - at, -len(corrected)) > _rank(best)):
                best = Match(meaning=node.meaning, length=place - at, corrected=corrected)
            if place < len(tokens) and place - at < MAX_PHRASE:
                paths.extend(self._steps(node, tokens, place, corrected))
        return best

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
        if GAP in node.following:
            yield from self._over_gap(node.following[GAP], tokens, place, corrected)
        for word in self._forms.get(token.word, ()):
            if word in node.following:
                yield node.following[word], place + 1, corrected
        for word in self._respelt(token.word):
            if word in node.following:
                yield node.following[word], place + 1, (*corrected, (token.raw, word))

    def _over_gap(
        self, node: Node, tokens: Sequence[Token], place: int, corrected: Corrections
    ) -> Iterator[tuple[Node, int, Corrections]]:
        """Let a few plain words stand between the parts of a phrase: ``cut the two shoes out``."""
        for after in range(place + 1, min(place + MAX_GAP, len(tokens) - 1) + 1):
            if tokens[after - 1].kind != "word":
                return
            if tokens[after].word in node.following:
                yield node.following[tokens[after].word], after + 1, corrected

    def knows(self, word: str) -> bool:
        """Whether a word, or a form of it, occurs in any phrase."""
        return word in self._words or word in self._forms

    def _respelt(self, word: str) -> tuple[str, ...]:
        if len(word) < SHORTEST_MISSPELT or self.knows(word) or not word.isalpha() or len(word) > 40:
            return ()
        if word not in self._spelling:
            if len(self._spelling) > 10_000:
                self._spelling.clear()
            allowed = 2 if len(word) >= SHORTEST_TWO_ERRORS else 1
            found = process.extract(
                word,
                self._by_initial.get(word[0], []),
                scorer=DamerauLevenshtein.distance,
                score_cutoff=allowed,
                limit=3,
            )
            # In short words the last letter must agree too: one changed letter makes another word of them.
            is_short = len(word) <= SHORTEST_MISSPELT + 1
            near = [f for f in found if not is_short or f[0][-1] == word[-1]]
            self._spelling[word] = tuple(f[0] for f in near if f[1] == near[0][1])
        return self._spelling[word]


def _is_loose(tokens: Sequence[Token], place: int) -> bool:
    """Whether a number stands apart from a single letter: ``A4`` is paper, ``a 4`` is not."""
    return tokens[place].kind == "number" and not tokens[place].is_glued and len(tokens[place - 1].word) == 1


def _rank(match: Match) -> tuple[int, int]:
    return match.length, -len(match.corrected)


def _all_words(node: Node) -> Iterator[str]:
    for word, following in node.following.items():
        yield word
        yield from _all_words(following)


def _spellings(phrase: str, *, joins: bool) -> Iterator[str]:
    """Give a phrase, its spelling without umlauts and, in languages that join words, two words as one."""
    yield phrase
    first, space, second = phrase.partition(" ")
    if joins and space and " " not in second and len(phrase) > 9 and phrase.replace(" ", "").isalpha():
        yield from _spellings(first + second, joins=False)
    lowered = phrase.lower()
    if any(c in lowered for c in UMLAUTS):
        yield "".join(UMLAUTS.get(c, c) for c in lowered)


def inflections(word: str, endings: Sequence[str]) -> Iterator[str]:
    """Give the forms of a word: with each ending, with its last letter doubled, and with a silent e dropped."""
    for ending in endings:
        yield word + ending
        if ending in ("ed", "ing", "er"):
            yield word + word[-1] + ending
            if word.endswith("e"):
                yield word[:-1] + ending
    if word.endswith("y"):
        yield word[:-1] + "ies"


def conjugations(word: str, verbs: dict[str, list[str]]) -> Iterator[str]:
    """Give the forms of a verb whose infinitive ending is replaced."""
    for infinitive, endings in verbs.items():
        if word.endswith(infinitive) and len(word) > len(infinitive) + 2:
            yield from (word.removesuffix(infinitive) + ending for ending in endings)


@functools.cache
def load() -> Lexicon:
    """Read all data files; done once per process."""
    lexicon = Lexicon()
    inflected: dict[str, set[str]] = {}
    for language in LANGUAGES:
        source = resources.files("plugins.llm.local").joinpath(f"lexicon/{language}.toml")
        tables = tomllib.loads(source.read_text(encoding="utf-8"))
        endings = [fold_text(e) for e in tables.pop("endings")]
        verbs: dict[str, list[str]] = tables.pop("verbs", {})
        joins: bool = tables.pop("joins", False)
        for kind, entries in tables.items():
            for key, phrases in entries.items():
                meaning = Meaning(kind, key)
                for phrase in (s for p in phrases for s in _spellings(p, joins=joins)):
                    for word in lexicon.add(phrase, meaning):
                        if len(word) >= SHORTEST_INFLECTED and word.isalpha() and kind not in UNINFLECTED:
                            for form in (*inflections(word, endings), *conjugations(word, verbs)):
                                inflected.setdefault(form, set()).add(word)
    lexicon.close(inflected)
    return lexicon
