"""What a message asks for, in the languages of the briefs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.usecases.conversations.phrasebook import INSTEAD, PHRASEBOOK, YES, Intent
from core.usecases.conversations.reading import is_about_names_alone, is_yes, named_pictures, read_message, same_words
from tests.factories import make_image

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "zh", "hi")
ASKED = {
    Intent.EXPLAIN: (
        "What will this do?", "Was passiert?", "Que fait le plan ?", "¿Qué hace el plan?", "Cosa fa il piano?",
        "O que faz o plano?", "Wat doet het plan?", "Co robi plan?", "手順を教えてください", "解释一下计划",
        "क्या करेगा?",
    ),
    Intent.QUOTE: (
        "what does it cost?", "Was kostet das?", "Combien ça coûte ?", "¿Cuánto cuesta?", "Quanto costa?",
        "Quanto custa?", "Wat kost dit?", "Ile to kosztuje?", "いくらですか？", "多少钱？", "कितना खर्च आएगा?",
    ),
    Intent.PREVIEW: (
        "Show me a preview", "Zeig mir eine Vorschau", "Montre-moi un aperçu", "Muéstrame una vista previa",
        "Mostrami un’anteprima", "Mostra-me uma pré-visualização", "Laat me een voorbeeld zien", "Pokaż mi podgląd",
        "プレビューを見せて", "给我看预览", "प्रीव्यू दिखाओ",
    ),
    Intent.FAILED: (
        "Which ones failed?", "Welche Bilder sind fehlgeschlagen?", "Quelles images ont échoué ?", "¿Cuáles fallaron?",
        "Quali sono fallite?", "Quais falharam?", "Welke zijn mislukt?", "Które się nie udały?",
        "失敗した画像はどれですか", "哪些失败了？", "कौन सी विफल हुई?",
    ),
    Intent.HELP: (
        "help", "Hilfe!", "aide", "ayuda", "aiuto", "ajuda", "hulp", "pomoc", "ヘルプ", "帮助", "मदद",
    ),
}  # fmt: skip
ROMANISED = {"kitna lagega": Intent.QUOTE, "kya karega": Intent.EXPLAIN, "preview dikhao": Intent.PREVIEW}


@pytest.mark.parametrize(("intent", "place"), [(i, n) for i in ASKED for n in range(len(LANGUAGES))])
def test_questions_are_recognised_in_every_language(intent: Intent, place: int) -> None:
    text = ASKED[intent][place]
    assert read_message(text).intents == {intent}, text
    assert read_message(text.upper()).intents == {intent}, "whatever the case"


@pytest.mark.parametrize("text", sorted(ROMANISED))
def test_romanised_hindi_is_read_too(text: str) -> None:
    assert read_message(text).intents == {ROMANISED[text]}


def test_every_intent_has_phrases_in_every_language() -> None:
    for book in (*PHRASEBOOK.values(), INSTEAD, YES):
        assert set(book) == set(LANGUAGES)
        assert all(phrases for phrases in book.values())


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("make the background light grey instead", "make the background light grey"),
        ("Hintergrund lieber hellgrau", "Hintergrund hellgrau"),
        ("what does it cost without the shadow?", "without the shadow?"),
        ("show me IMG_4 brighter", "IMG_4 brighter"),
        ("only IMG_4 brighter", "only IMG_4 brighter"),
        ("no shadow", "no shadow"),
        ("the costume on white", "the costume on white"),
    ],
)
def test_the_planner_is_given_the_wish_alone(text: str, rest: str) -> None:
    assert " ".join(read_message(text).rest.split()) == rest


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    reading = read_message(text)
    assert len(reading.bare) <= len(reading.rest)


IMAGES = [make_image("o", "a", original_name=name) for name in ("IMG_4.jpg", "IMG_40.jpg", "red shoe.png", "a+b.jpg")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("only img_4", ["IMG_4.jpg"]),
        ("only IMG_40.JPG and the red shoe", ["IMG_40.jpg", "red shoe.png"]),
        ("IMG_4.png", []),
        ("a+b please", ["a+b.jpg"]),
        ("nothing", []),
    ],
)
def test_pictures_are_found_by_their_names(text: str, names: list[str]) -> None:
    assert [i.original_name for i in named_pictures(text, IMAGES)] == names


def test_names_alone_are_told_from_wishes() -> None:
    assert is_about_names_alone("please the picture IMG_4 and IMG_40.jpg.", IMAGES)
    assert not is_about_names_alone("IMG_4 brighter", IMAGES)


def test_a_yes_is_a_whole_message() -> None:
    assert all(is_yes(text) for text in ("Yes!", "ok.", "Ja, bitte", "d’accord", "はい", "好的。", "theek hai"))
    assert not any(is_yes(text) for text in ("yes, drop the shadow", "white", "?", ""))


def test_answers_are_compared_by_their_words() -> None:
    assert same_words("Pure white!", "pure  WHITE")
    assert not same_words("?", "!")
    assert not same_words("pure", "pure white")
