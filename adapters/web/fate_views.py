"""What became of every clause, as answers show it."""

import attrs

from adapters.web.plan_views import WordsView, words_view
from core.domain.editing.fates import FateKind, fates
from core.domain.editing.plan import Cause
from core.usecases.plans.understand import Understanding


@attrs.frozen(kw_only=True)
class FateView(WordsView):
    """Words, where they stand, and what became of them."""

    kind: FateKind
    refs: tuple[str, ...]


def fate_views(understanding: Understanding) -> tuple[FateView, ...]:
    """Return the fates of all words that were read; offsets count the characters of the texts that were sent."""
    places = understanding.places
    views = []
    for fate in fates(places.text, understanding.plan):
        cause = Cause(start=fate.start, end=fate.end, words=fate.words)
        words = words_view(cause, places.place_of(cause), places)
        views.append(FateView(**attrs.asdict(words), kind=fate.kind, refs=fate.refs))
    return tuple(views)
