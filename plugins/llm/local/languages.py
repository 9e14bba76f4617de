"""Which languages each part of a text is written in, judged by the lexicon's own phrases and by the script."""

from collections.abc import Iterator, Sequence

from plugins.llm.local.lexicon import COMMON, LANGUAGES, MAX_PHRASE, Lexicon
from plugins.llm.local.text import SENTENCE_ENDS, Token, is_devanagari, is_kana

LINE_ENDS = frozenset("\n")
SEGMENT_ENDS = SENTENCE_ENDS | frozenset(",()[]:")
# Letters from which a word is full evidence; what the line says, and the whole text, count as much as one such word.
FULL_EVIDENCE = 4
PRIOR = 1.0
# A second language is heard where so many words are its own, or where it has this share in the text.
OWN_WORDS, LARGE_SHARE = 1.0, 0.5
SCRIPT = 0.5
Scores = dict[str, float]


def judge(tokens: Sequence[Token], lexicon: Lexicon) -> None:
    """Write into every token the languages in which it is to be read, the likeliest first.

    A stretch between two signs is in the language that knows most of its words, its line and the whole text being
    hints; another language is added where it alone knows some. Where nothing tells, every language is possible.
    """
    known = _known_by(tokens, lexicon)
    text = _scores(tokens, known)
    most = max(text.values(), default=0.0)
    shares = _shares(text)
    for start, end in _stretches(tokens, LINE_ENDS):
        line = _shares(_scores(tokens[start:end], known[start:end]))
        for first, last in _stretches(tokens[start:end], SEGMENT_ENDS):
            part = slice(start + first, start + last)
            is_told = most >= OWN_WORDS
            languages = _spoken(tokens[part], known[part], shares, line) if is_told else _guessed(text)
            for token in tokens[part]:
                token.languages = languages


def _shares(scores: Scores) -> Scores:
    most = max(scores.values(), default=0.0)
    return {name: score / most for name, score in scores.items() if score}


def _guessed(text: Scores) -> tuple[str, ...]:
    """Give every language, those first for which a little speaks: half a word is no evidence."""
    return tuple(sorted(LANGUAGES, key=lambda name: -text.get(name, 0.0)))


def _known_by(tokens: Sequence[Token], lexicon: Lexicon) -> list[tuple[str, ...]]:
    """Give for each token the languages of which some phrase covers it."""
    reach: dict[str, int] = {}
    known: list[tuple[str, ...]] = []
    for at, token in enumerate(tokens):
        phrase = ""
        for place in range(at, min(at + MAX_PHRASE, len(tokens))):
            phrase = lexicon.after(phrase, tokens[place].word)
            if not phrase:
                break
            for name in lexicon.phrases[phrase]:
                reach[name] = max(reach.get(name, 0), place + 1)
        # What studios write in every language, and the names of files, tell nothing.
        is_common = reach.get(COMMON, 0) > at or _is_in_name(tokens, at)
        names = tuple(name for name in LANGUAGES if reach.get(name, 0) > at and not is_common)
        if token.kind == "word" and not (names or is_common):
            names = tuple(name for name in LANGUAGES if lexicon.forms(token.word, name))
        # Romanised Hindi is full of English words; they tell of English alone.
        known.append(tuple(n for n in names if n != "hi") if "en" in names else names)
    return known


def _is_in_name(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word is a part of a name such as ``CALA_014``."""
    before, after = tokens[at - 1 : at], tokens[at + 1 : at + 2]
    is_after = bool(before) and tokens[at].is_glued and before[0].word == "_"
    return is_after or (bool(after) and after[0].is_glued and (after[0].word == "_" or after[0].kind == "number"))


def _weight(token: Token) -> float:
    if token.kind == "cjk":
        return SCRIPT
    return min(1.0, len(token.word) / FULL_EVIDENCE) if token.kind == "word" else 0.0


def _scores(tokens: Sequence[Token], known: Sequence[tuple[str, ...]], *, without: str = "") -> Scores:
    """Add up what speaks for each language, apart from the tokens that one language knows already."""
    scores: Scores = {}
    for token, names in zip(tokens, known, strict=True):
        if without in names:
            continue
        for name in names:
            scores[name] = scores.get(name, 0.0) + _weight(token) / len(names)
        script = "ja" if is_kana(token.word) else "hi" if is_devanagari(token.word) else ""
        if script and script != without:
            scores[script] = scores.get(script, 0.0) + SCRIPT
    return scores


def _stretches(tokens: Sequence[Token], ends: frozenset[str]) -> Iterator[tuple[int, int]]:
    first = 0
    for at, token in enumerate(tokens):
        is_inside = token.is_glued and at + 1 < len(tokens) and tokens[at + 1].is_glued
        if token.word in ends and not (is_inside and token.word in ".,:" and token.raw.isascii()):
            yield first, at + 1
            first = at + 1
    if first < len(tokens):
        yield first, len(tokens)


def _spoken(tokens: Sequence[Token], known: Sequence[tuple[str, ...]], shares: Scores, line: Scores) -> tuple[str, ...]:
    own = _scores(tokens, known)
    score = {name: own.get(name, 0.0) + PRIOR * (shares.get(name, 0.0) + line.get(name, 0.0)) for name in LANGUAGES}
    ranked = sorted(LANGUAGES, key=lambda name: -score[name])
    beyond = _scores(tokens, known, without=ranked[0])
    return tuple(
        name
        for name in ranked
        if name == ranked[0] or beyond.get(name, 0.0) >= OWN_WORDS or shares.get(name, 0.0) >= LARGE_SHARE
    )
