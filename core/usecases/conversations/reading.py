"""Reading a message: what it asks about, which pictures it names, and the words that are left for the planner."""

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import PurePath

import attrs

from core.domain.images import OrderImage
from core.usecases.conversations.phrasebook import INSTEAD, PHRASEBOOK, YES, Intent, Phrases

CHOOSING = frozenset({Intent.ONLY, Intent.LEAVE_OUT})  # these come last in the book, and say nothing alone
# What a message may hold beside the names of pictures and still be about nothing but them.
PICTURE_WORDS = frozenset(
    word
    for words in (
        "please picture pictures image images photo photos file files number the and of a an",
        "bitte bild bilder foto fotos datei und das die den der",
        "photo photos image images fichier le la les et s il te vous plait plaît",
        "por favor imagen imágenes foto fotos archivo y la el las los",
        "per favore immagine immagini foto file e il lo la le",
        "por favor imagem imagens foto fotos ficheiro e o a os as",
        "alstublieft afbeelding afbeeldingen foto bestand en de het",
        "proszę zdjęcie zdjęcia plik i",
    )
    for word in words.split()
)
_WORD = re.compile(r"[^\W_]+")


@attrs.frozen(kw_only=True)
class Reading:
    """What the words of a message are about.

    Args:
        rest: the message without the questions that were recognised: what a planner is asked to read.
        bare: the rest without words such as "only" and "leave out".
    """

    intents: frozenset[Intent]
    rest: str
    bare: str

    @property
    def has_rest(self) -> bool:
        """Whether there are words left for the planner."""
        return any(c.isalnum() for c in self.rest)


def read_message(text: str) -> Reading:
    """Recognise what a message asks for, in any of the languages."""
    found, rest = set(), unicodedata.normalize("NFC", text)
    for pattern in _ties():
        rest = pattern.sub(" ", rest)
    bare = rest
    for intent in PHRASEBOOK:
        for pattern in _patterns(intent):
            bare, count = pattern.subn(" ", bare)
            if count:
                found.add(intent)
            if intent not in CHOOSING:
                rest = bare
    return Reading(intents=frozenset(found), rest=rest.strip(), bare=bare.strip())


@functools.cache
def _ties() -> tuple[re.Pattern[str], ...]:
    return _patterns_of(INSTEAD)


@functools.cache
def _patterns(intent: Intent) -> tuple[re.Pattern[str], ...]:
    return _patterns_of(PHRASEBOOK[intent])


def _patterns_of(book: Phrases) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of phrases: one for languages with spaces, one for those without; long phrases first."""
    spaced = {p for language, phrases in book.items() if language not in ("ja", "zh") for p in phrases}
    joined = {p for language in ("ja", "zh") for p in book[language]}
    inner = "|".join(_spaced(p) for p in _longest_first(spaced))
    return (
        re.compile(rf"(?<!\w)(?:{inner})(?!\w)", re.IGNORECASE),
        re.compile("|".join(map(re.escape, _longest_first(joined)))),
    )


def _longest_first(phrases: Iterable[str]) -> list[str]:
    return sorted((unicodedata.normalize("NFC", p) for p in phrases), key=lambda p: (-len(p), p))


def _spaced(phrase: str) -> str:
    return r"\s+".join(re.escape(word).replace("'", "['’]") for word in phrase.split())


def named_pictures(text: str, images: Sequence[OrderImage]) -> tuple[OrderImage, ...]:
    """Return the pictures whose names stand in a text, with or without their ending."""
    return tuple(image for image in images if any(pattern.search(text) for pattern in _names_of(image)))


def _names_of(image: OrderImage) -> tuple[re.Pattern[str], ...]:
    """Return what finds the whole name of a picture, and its name without the ending."""
    names = (image.original_name, PurePath(image.original_name).stem)
    return tuple(re.compile(rf"(?<![\w-]){re.escape(n)}(?![\w-]|\.\w)", re.IGNORECASE) for n in names if n)


def is_about_names_alone(text: str, images: Iterable[OrderImage]) -> bool:
    """Whether a text holds the names of pictures and nothing that could be a wish."""
    for image in images:
        for pattern in _names_of(image):
            text = pattern.sub(" ", text)
    return all(word.casefold() in PICTURE_WORDS for word in _WORD.findall(text))


def same_words(one: str, other: str) -> bool:
    """Whether two texts hold the same words, whatever their case and signs."""
    return _plain(one) == _plain(other) != ""


def is_yes(text: str) -> bool:
    """Whether a message is nothing but a yes, in any of the languages."""
    return any(same_words(text, phrase) for phrases in YES.values() for phrase in phrases)


def _plain(text: str) -> str:
    kept = (c if unicodedata.category(c)[0] in "LMN" else " " for c in unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(kept).split())
