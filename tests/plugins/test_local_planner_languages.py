"""In which language a text is read, whatever its script; numbers as each language writes them; the cost of reading."""

import itertools
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.editing.plan import EditPlan
from core.ports.planner import PlanRequest
from plugins.llm.local import scan as scanning
from plugins.llm.local.characters import SIMPLIFIED
from plugins.llm.local.items import Item
from plugins.llm.local.languages import judge
from plugins.llm.local.lexicon import LANGUAGES, Lexicon, load, read_tables
from plugins.llm.local.planner import LocalPlanner
from plugins.llm.local.scan import scan
from plugins.llm.local.text import Token, tokenise, words_of

pytestmark = pytest.mark.req("S0-LLM-04")
PLANNER = LocalPlanner()
ROOT = Path(__file__).parents[2]


def plan(text: str) -> EditPlan:
    return PLANNER.plan(PlanRequest(instruction=text))


def pieces(text: str) -> list[Item]:
    return scan(tokenise(text), lexicon=load(), names=())[0]


def spoken(text: str) -> list[tuple[str, ...]]:
    """Languages of each stretch of a text, in order."""
    tokens = tokenise(text)
    judge(tokens, load())
    found: list[tuple[str, ...]] = []
    for token in tokens:
        if not found or found[-1] != token.languages:
            found.append(token.languages)
    return found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Please cut out the products and keep the names.", "en"),
        ("Bitte die Produkte freistellen und die Namen beibehalten.", "de"),
        ("Détourer les produits et garder les noms des fichiers.", "fr"),
        ("Quitar el fondo y mantener los nombres de los archivos.", "es"),
        ("Scontornare i prodotti e mantenere i nomi dei file.", "it"),
        ("Remover o fundo e manter os nomes dos arquivos.", "pt"),
        ("Achtergrond verwijderen en de bestandsnamen behouden.", "nl"),
        ("Usunąć tło i zachować nazwy plików.", "pl"),
        ("背景を削除して、ファイル名はそのままで。", "ja"),
        ("抠图，文件名保持不变。", "zh"),
        ("去背，檔名維持不變。", "zh"),
        ("बैकग्राउंड हटा दें और फ़ाइल के नाम वही रखें।", "hi"),
        ("background hata do aur file ke naam wahi rakhna", "hi"),
    ],
)
def test_each_language_is_recognised_by_its_own_words(text: str, language: str) -> None:
    assert all(language in languages for languages in spoken(text))


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("Bitte alle freistellen, then resize to 2000 px", "de", "en"),
        ("背景はpure whiteで、longest side 2400px", "ja", "en"),
        ("抠图，no shadow please", "zh", "en"),
        ("Fond blanc. Geen schaduw, graag.", "fr", "nl"),
        ("कृपया बैकग्राउंड हटा दें। Keep the shadow.", "hi", "en"),
    ],
)
def test_a_text_may_change_its_language(text: str, first: str, second: str) -> None:
    found = spoken(text)
    assert first in found[0]
    assert second in found[-1]


# A sentence, its language, another one in which some word of it means something else, and what only the first says.
COLLISIONS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("Borrar las etiquetas.", "es", "pt", {"op": "remove_object"}),
    ("Schoenen op wit, zonder schaduw.", "nl", "de", {"op": "background.set", "colour": "#FFFFFF"}),
    ("Rendere più dritte le foto.", "it", "de", {"op": "straighten"}),
    ("Zdjęcia na białym tle.", "pl", "hi", {"op": "background.set", "colour": "#FFFFFF"}),
    ("Biało, miękki cień.", "pl", "es", {"op": "shadow", "type": "drop"}),
    ("Bez cienia.", "pl", "en", {"op": "shadow", "type": "none"}),
    ("shadow mat do", "hi", "pl", {"op": "shadow", "type": "none"}),
    ("去投影，白底。", "zh", "ja", {"op": "shadow", "type": "none"}),
    ("影を抜いて、白で", "ja", "zh", {"op": "shadow", "type": "none"}),
]


def done(text: str, wanted: dict[str, Any]) -> bool:
    """Whether a plan holds a step, or a wish that needs a provider, of an operation with some parameters."""
    found = plan(text)
    steps = [{"op": s.op} | s.params for s in found.all_steps()] + [{"op": u.op} for u in found.unsupported]
    return any(wanted.items() <= step.items() for step in steps)


@pytest.mark.parametrize(
    ("text", "language", "other", "wanted"), COLLISIONS, ids=[f"{c[1]}-not-{c[2]}-{c[3]['op']}" for c in COLLISIONS]
)
def test_words_of_two_languages_mean_what_the_sentence_says(
    monkeypatch: pytest.MonkeyPatch, text: str, language: str, other: str, wanted: dict[str, Any]
) -> None:
    assert all(language in languages for languages in spoken(text))
    assert done(text, wanted)
    monkeypatch.setattr(scanning, "judge", only(other))
    assert not done(text, wanted)


def only(*languages: str) -> Callable[[Sequence[Token], Lexicon], None]:
    """Make a wrong judge, which takes every text for the same languages."""

    def judged(tokens: Sequence[Token], _lexicon: Lexicon) -> None:
        for token in tokens:
            token.languages = languages

    return judged


def test_a_judge_that_hears_every_language_at_once_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Das dritte Bild heller."
    assert {step.op for step in plan(text).all_steps()} == {"exposure"}
    monkeypatch.setattr(scanning, "judge", only("it", *LANGUAGES))
    assert "straighten" in {step.op for step in plan(text).all_steps()}


def test_a_short_foreign_word_says_nothing_a_long_one_does() -> None:
    known = [(i.kind, i.key) for i in pieces("Bitte bez na dos den Hintergrund greyscale.") if i.kind != "filler"]
    assert known == [
        ("unknown", "bez"),
        ("times", "x"),
        ("unknown", "dos"),
        ("thing", "background"),
        ("act", "mono"),
        ("sign", "."),
    ]


def test_typing_errors_are_judged_by_the_languages_of_the_text_alone() -> None:
    assert [i.key for i in pieces("Bitte freistelen und den Schaten entfernen") if i.kind in ("act", "shadow")] == [
        "cutout",
        "any",
    ]
    assert not any(i.kind == "retouch" for i in pieces("Please keep the dhoom poster."))


@pytest.mark.parametrize("language", [*LANGUAGES, "common"])
def test_the_fast_reading_of_a_data_file_is_that_of_its_format(language: str) -> None:
    text = resources.files("plugins.llm.local").joinpath(f"lexicon/{language}.toml").read_text("utf-8")
    assert read_tables(text) == tomllib.loads(text)
    spread = text.replace(" = [", " = [\n  ")
    assert read_tables(spread) == tomllib.loads(spread)


def test_every_phrase_of_the_data_files_is_split_like_the_text_that_holds_it() -> None:
    wrong = []
    for language in (*LANGUAGES, "common"):
        source = resources.files("plugins.llm.local").joinpath(f"lexicon/{language}.toml")
        tables = {k: v for k, v in tomllib.loads(source.read_text("utf-8")).items() if isinstance(v, dict)}
        tables.pop("verbs", None)
        phrases = [p for entries in tables.values() for group in entries.values() for p in group]
        wrong += [p for p in phrases if words_of(p) != [t.word for t in tokenise(p)]]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("बैकग्राउंड हटाओ।", ["बैकग्राउंड", "हटाओ", "."]),
        ("सफ़ेद, चाँद २००", ["सफेद", ",", "चांद", "200"]),
        ("２０００ｐｘ：白", ["2000", "px", ":", "白"]),
        ("ｼｬﾄﾞｳ", ["シ", "ャ", "ド", "ウ"]),
        ("「SALE」、90％", ['"', "sale", '"', ",", "90", "%"]),
        ("800×800", ["800", "x", "800"]),
        ("長邊縮圖", ["长", "边", "缩", "图"]),
    ],
)
def test_words_keep_their_vowel_signs_and_lose_their_width(text: str, words: list[str]) -> None:
    assert [token.word for token in tokenise(text)] == words


def test_no_vowel_sign_is_lost_as_an_accent_is() -> None:
    without = "".join(c for c in "बैकग्राउंड" if c.isalpha())
    assert [i.key for i in pieces("बैकग्राउंड") if i.kind == "thing"] == ["background"]
    assert not any(i.kind == "thing" for i in pieces(without))


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
@settings(max_examples=200, deadline=None)
def test_tokens_stand_where_they_say(text: str) -> None:
    tokens = tokenise(text)
    assert [text[t.start : t.end] for t in tokens] == [t.raw for t in tokens]
    assert all(a.end <= b.start for a, b in itertools.pairwise(tokens))


def test_traditional_and_simplified_characters_give_the_same_plan() -> None:
    simplified = "把背景换成纯白，长边缩到2000像素，存成JPG，不要阴影，文件名保持不变。"
    back = {v: k for k, v in SIMPLIFIED.items()}
    traditional = "".join(back.get(c, c) for c in simplified)
    assert traditional != simplified
    assert [(s.op, s.params) for s in plan(traditional).steps] == [(s.op, s.params) for s in plan(simplified).steps]


# Words before a number that say which side it is, and how the language marks thousands and decimals.
SIDES = {
    "en": ("long edge", ",", "."),
    "de": ("lange Kante", ".", ","),
    "fr": ("grand côté", "\u202f", ","),
    "es": ("lado largo", ".", ","),
    "it": ("lato lungo", ".", ","),
    "pt": ("lado maior", ".", ","),
    "nl": ("lange zijde", ".", ","),
    "pl": ("dłuższy bok", " ", ","),
    "ja": ("長辺", ",", "."),
    "zh": ("长边", ",", "."),
    "hi": ("लंबी साइड", ",", "."),
}
DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def grouped(value: int, mark: str) -> str:
    """Write a number with a mark after the thousands."""
    return f"{value:,}".replace(",", mark)


def in_characters(value: int) -> str:
    """Write a number below ten thousand in Chinese characters."""
    digits, units, written, is_gap = "零一二三四五六七八九", ("千", "百", "十", ""), "", False
    for figure, unit in zip(f"{value:04d}", units, strict=True):
        if figure == "0":
            is_gap = bool(written)
            continue
        written += ("零" if is_gap else "") + digits[int(figure)] + unit
        is_gap = False
    return written


def length(text: str) -> tuple[float, str]:
    found = [i for i in pieces(text) if i.kind == "length"]
    assert len(found) == 1, [(i.kind, i.key, i.value) for i in pieces(text)]
    return found[0].value, found[0].key


@pytest.mark.parametrize("language", SIDES)
@given(value=st.integers(1000, 30_000))
@settings(max_examples=25, deadline=None)
def test_thousands_are_read_as_the_language_marks_them(language: str, value: int) -> None:
    side, mark, _ = SIDES[language]
    assert length(f"{side} {value} px") == (value, "px")
    assert length(f"{side} {grouped(value, mark)} px") == (value, "px")
    assert length(f"{side} {grouped(value, ' ')} px") == (value, "px")


@pytest.mark.parametrize("language", SIDES)
@given(whole=st.integers(1, 400), part=st.integers(1, 99))
@settings(max_examples=25, deadline=None)
def test_decimals_are_read_as_the_language_marks_them(language: str, whole: int, part: int) -> None:
    side, _, mark = SIDES[language]
    assert length(f"{side} {whole}{mark}{part:02d} mm")[0] == pytest.approx(float(f"{whole}.{part:02d}"))


@pytest.mark.parametrize(("language", "value"), [("de", 1.25), ("pl", 1.25), ("en", 1250), ("hi", 1250)])
def test_three_figures_after_a_comma_are_thousands_or_not_by_the_language(language: str, value: float) -> None:
    assert length(f"{SIDES[language][0]} 1,250 mm") == (value, "mm")
    assert length(f"{SIDES[language][0]} 1,250 px") == (1250, "px")


@given(value=st.integers(16, 9999))
@settings(max_examples=100, deadline=None)
def test_numbers_in_characters_and_foreign_digits_are_read(value: int) -> None:
    assert length(f"长边{in_characters(value)}像素") == (value, "px")
    assert length(f"長辺{in_characters(value)}ピクセル") == (value, "px")
    assert length(f"長辺{str(value).translate(WIDE)}ｐｘ") == (value, "px")
    assert length(f"लंबी साइड {str(value).translate(DEVANAGARI)} पिक्सेल") == (value, "px")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("two thousand pixels wide", 2000),
        ("twenty five hundred pixels wide", 2500),
        ("zweitausend Pixel Breite", 2000),
        ("两千像素宽", 2000),
        ("一千五像素宽", 1500),
        ("二〇〇〇像素宽", 2000),
        ("1万像素宽", 10_000),
        ("चौड़ाई दो हज़ार पिक्सेल", 2000),
        ("width do hazaar pixel rakho", 2000),
        ("चौड़ाई 1,00,000 px", 100_000),
    ],
)
def test_numbers_in_words_are_read(text: str, value: float) -> None:
    assert length(text) == (value, "px")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("占画面八成", "percent", 80),
        ("画面の8割", "percent", 80),
        ("80–85 %", "percent", 82.5),
        ("80％〜90％", "percent", 85),
        ("80% से 90%", "percent", 85),
        ("单张不超过500K", "bytes", 500_000),
        ("2k wide", "length", 2000),
    ],
)
def test_shares_ranges_and_short_units_are_read(text: str, kind: str, value: float) -> None:
    assert [i.value for i in pieces(text) if i.kind == kind] == [value]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("JPG 85 800 px", [85, 800]),
        ("800,90%", [800, 90]),
        ("1600px、88、800KB", [1600, 88, 800_000]),
        ("千万不要裁剪", []),
        ("A5 300 dpi", [300]),
    ],
)
def test_two_numbers_are_not_read_as_one(text: str, values: list[float]) -> None:
    languages = "长边" if "," in text else ""
    assert [i.value for i in pieces(languages + text) if isinstance(i.value, int | float)] == values


@pytest.mark.parametrize(
    ("text", "spared"),
    [
        ("白背景影なし", "shadow"),
        ("white background shadow nahi chahiye", "shadow"),
        ("白底不要阴影", "shadow"),
        ("阴影不要，白底", "shadow"),
        ("सफ़ेद बैकग्राउंड, छाया मत लगाना", "shadow"),
    ],
)
def test_a_closing_no_is_about_the_noun_before_it(text: str, spared: str) -> None:
    found = {step.op: step.params for step in plan(text).steps}
    assert found["background.set"]["colour"] == "#FFFFFF"
    assert found[spared]["type"] == "none"


@pytest.mark.parametrize(
    "text",
    [
        "背景不要换", "背景别动", "背景は変更しないでください", "背景はそのまま", "बैकग्राउंड मत बदलिए",
        "बैकग्राउंड नहीं हटाना", "background change mat karna", "background mat hatana", "背景請保留",
        "切り抜きは一切なしで", "請勿去背",
    ],
)  # fmt: skip
def test_what_must_stay_is_never_removed(text: str) -> None:
    found = plan(text)
    assert not any(step.op.startswith("background") for step in found.all_steps())
    assert any("background.remove" in constraint.ops for constraint in found.constraints)


DETERMINED = (
    "Bitte alle freistellen, then resize to 2000 px, fond blanc, senza ombra",
    "sin fondo, sem sombra, no shadow, bez cienia, 影なし, 不要阴影, छाया नहीं",
    "backgroud whiet, freistelen, dissh",
    "photos ka background hata do, 2 000 px, naam same",
)


def test_the_same_words_give_the_same_plan_in_every_process() -> None:
    program = (
        "import sys, json; from core.ports.planner import PlanRequest;"
        "from plugins.llm.local.planner import LocalPlanner; planner = LocalPlanner();"
        "print([repr(planner.plan(PlanRequest(instruction=t))) for t in json.loads(sys.argv[1])])"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program, json.dumps(texts)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, texts in (("1", DETERMINED), ("2", DETERMINED))
    }
    assert len(printed) == 1


def test_the_order_in_which_texts_are_read_changes_nothing() -> None:
    forth = [repr(LocalPlanner().plan(PlanRequest(instruction=t))) for t in DETERMINED]
    back = [repr(LocalPlanner().plan(PlanRequest(instruction=t))) for t in reversed(DETERMINED)]
    assert forth == back[::-1]


def steps_taken(monkeypatch: pytest.MonkeyPatch, text: str) -> int:
    """Count how often the lexicon looks for a next word while a text is read."""
    taken = 0
    after = Lexicon.after

    def counted(self: Lexicon, known: str, word: str) -> str:
        nonlocal taken
        taken += 1
        return after(self, known, word)

    with monkeypatch.context() as patch:
        patch.setattr(Lexicon, "after", counted)
        pieces(text)
    return taken


@pytest.mark.parametrize(
    "text",
    [
        "白背景影なし",
        "不要阴影",
        "cut out the two ",
        "बैकग्राउंड हटा दें ",
        "one two thousand ",
        "1 000 ",
        "一二三四五六七八九",
        "mat karna ",
    ],
    ids=["ja", "zh", "en", "hi", "words", "spaced", "characters", "hinglish"],
)
def test_reading_takes_work_in_proportion_to_the_length(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    short, long = (steps_taken(monkeypatch, text * times) for times in (50, 400))
    assert long <= 8.5 * short + 100


def test_work_that_grows_with_the_square_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    find = Lexicon.find

    def careless(self: Lexicon, tokens: Sequence[Token], at: int, **kind: Any) -> Any:
        for token in tokens[:at]:
            self.after("", token.word)
        return find(self, tokens, at, **kind)

    monkeypatch.setattr(Lexicon, "find", careless)
    short, long = (steps_taken(monkeypatch, "cut out the two " * times) for times in (10, 80))
    assert long > 8.5 * short + 100
