"""Words that are written otherwise than the lexicon has them: with another ending, or with a typing error."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import attrs
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

SHORTEST_INFLECTED = 3
SHORTEST_MISSPELT = 5
SHORTEST_TWO_ERRORS = 9
LONGEST_MISSPELT = 40
MAX_REMEMBERED = 20_000


@attrs.frozen
class Endings:
    """How the words of a language change.

    Args:
        words: those that may have other forms.
        endings: added to a word.
        verbs: infinitive endings, and by what they are replaced.
    """

    words: frozenset[str]
    endings: tuple[str, ...]
    verbs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, words: Collection[str], *, endings: Sequence[str], verbs: Mapping[str, Sequence[str]]) -> "Endings":
        """Build them from the head of a data file."""
        pairs = tuple((infinitive, e) for infinitive, given in verbs.items() for e in given)
        return cls(frozenset(words), tuple(endings), pairs)

    def stems(self, word: str) -> Iterator[str]:
        """Give the words of which a word may be a form: ending, doubled last letter, silent e, replaced infinitive."""
        for ending in self.endings:
            if word.endswith(ending):
                stem = word.removesuffix(ending)
                yield stem
                if ending in ("ed", "ing", "er") and len(stem) > 2:
                    yield stem + "e"
                    if stem[-1] == stem[-2]:
                        yield stem[:-1]
        if word.endswith("ies"):
            yield word.removesuffix("ies") + "y"
        for infinitive, ending in self.verbs:
            stem = word.removesuffix(ending)
            if word.endswith(ending) and len(stem) > 2:
                yield stem + infinitive


class Spelling:
    """The words of all languages, and how far from them a word may be."""

    def __init__(self) -> None:
        self._words: dict[str, frozenset[str]] = {}
        self._endings: dict[str, Endings] = {}
        self._by_initial: dict[str, dict[str, list[str]]] = {}
        self._stems: dict[tuple[str, str], tuple[str, ...]] = {}
        self._nearest: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}

    def learn(self, language: str, words: Collection[str], endings: Endings) -> None:
        """Take in a language."""
        self._words[language] = frozenset(words)
        self._endings[language] = endings

    def stems(self, word: str, language: str) -> tuple[str, ...]:
        """Give the words of a language of which a word is a form, in alphabetical order."""
        key = word, language
        if key not in self._stems:
            if len(self._stems) > MAX_REMEMBERED:
                self._stems.clear()
            rules = self._endings[language]
            stems = {s for s in rules.stems(word) if s in rules.words and s != word}
            self._stems[key] = tuple(sorted(s for s in stems if len(s) >= SHORTEST_INFLECTED and s.isalpha()))
        return self._stems[key]

    def knows(self, word: str, languages: Sequence[str]) -> bool:
        """Whether a word, or a form of it, occurs in any phrase of some languages."""
        return any(word in self._words[name] or self.stems(word, name) for name in languages)

    def nearest(self, word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
        """Give the words of some languages that an unknown word is a misspelling of."""
        if not SHORTEST_MISSPELT <= len(word) <= LONGEST_MISSPELT or not word.isalpha():
            return ()
        key = word, languages
        if key not in self._nearest:
            if len(self._nearest) > MAX_REMEMBERED:
                self._nearest.clear()
            known = (*languages, *(n for n in self._words if n == "common"))
            self._nearest[key] = () if self.knows(word, known) else tuple(self._near(word, known))
        return self._nearest[key]

    def _near(self, word: str, languages: Sequence[str]) -> list[str]:
        allowed = 2 if len(word) >= SHORTEST_TWO_ERRORS else 1
        choices = dict.fromkeys(w for name in languages for w in self._starting(word[0], name))
        found = process.extract(word, list(choices), scorer=DamerauLevenshtein.distance, score_cutoff=allowed, limit=3)
        # In short words the last letter must agree too: one changed letter makes another word of them.
        is_short = len(word) <= SHORTEST_MISSPELT + 1
        near = [f for f in found if not is_short or f[0][-1] == word[-1]]
        return [f[0] for f in near if f[1] == near[0][1]]

    def _starting(self, letter: str, language: str) -> list[str]:
        """Give the words of a language that a misspelt word with this first letter may be."""
        if language not in self._by_initial:
            initials = self._by_initial[language] = {}
            for word in sorted(self._words[language]):
                if len(word) >= SHORTEST_MISSPELT - 1 and word.isalpha():
                    initials.setdefault(word[0], []).append(word)
        return self._by_initial[language].get(letter, [])
