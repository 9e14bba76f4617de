"""Every step that validates can be said in plain words."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from core.domain.editing import phrases
from core.domain.editing.catalogue import OPERATIONS
from core.domain.editing.conditions import Condition
from core.domain.editing.parameters import Kind, Parameter
from core.domain.editing.plan import Step
from core.domain.editing.scope import ALL, Scope
from core.domain.editing.sentences import choice_label, parameter_label, scope_words, step_sentence, value_words
from core.errors import InvalidInputError

TEXTS = {
    "aspect": ("4:5", "1:1", "1.91:1"),
    "pattern": ("{original}", "{output}-{index:03d}"),
    "sku_pattern": ("{sku}_*",),
}
SAMPLES = 60


def value(parameter: Parameter, random: Random) -> Any:
    """Return a valid value of a parameter, often one of its bounds."""
    if parameter.kind is Kind.FLAG:
        return random.random() < 0.5
    if parameter.kind is Kind.CHOICE:
        return random.choice(parameter.choices)
    if parameter.kind is Kind.COLOUR:
        return f"#{random.choice((0, 0xFFFFFF, random.randrange(0x1000000))):06X}"
    if parameter.kind is Kind.TEXT:
        return random.choice(TEXTS.get(parameter.name, ("Salé", "x", "{y}<b>")))
    low, high = parameter.minimum or 0, parameter.maximum or 30_000
    middle = random.uniform(low, high)
    return random.choice((low, high, int(middle) if parameter.kind is Kind.INTEGER else middle))


def valid_steps(op: str, count: int = SAMPLES) -> Iterator[Step]:
    """Yield steps of an operation with parameters that validate, the same ones each time."""
    operation, random = OPERATIONS[op], Random(op)
    while count:
        share = random.random()
        named = [p for p in operation.parameters if p.required or random.random() < share]
        try:
            yield Step(op=op, params={p.name: value(p, random) for p in named}).checked()
        except InvalidInputError:
            continue
        count -= 1


def faults(sentence: str) -> list[str]:
    """Return what is wrong with a sentence."""
    found = [word for word in ("None", "True", "False", "  ", ", ,") if word in sentence]
    return found + ([] if sentence.strip() else ["empty"]) + ([] if sentence[:1].isupper() else ["begins small"])


@pytest.mark.parametrize("op", OPERATIONS)
def test_every_valid_step_has_a_sentence(op: str) -> None:
    for step in valid_steps(op):
        assert faults(step_sentence(step)) == [], step


def test_a_sentence_with_a_fault_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong: dict[str, Callable[..., str]] = {**phrases.PHRASES, "export": lambda p: f"save at {p['quality']}"}
    monkeypatch.setattr("core.domain.editing.sentences.PHRASES", wrong)
    assert faults(step_sentence(Step(op="export"))) == ["None", "begins small"]


def test_no_operation_is_left_to_the_list_of_its_parameters() -> None:
    assert set(phrases.PHRASES) == set(OPERATIONS)


def test_an_operation_without_words_of_its_own_lists_its_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.domain.editing.sentences.PHRASES", {})
    step = Step(op="shadow", params={"opacity": 40, "type": "drop"})
    assert step_sentence(step) == "Shadow: opacity 40 %, type Drop"


@pytest.mark.parametrize(
    ("op", "params", "sentence"),
    [
        ("background.remove", {}, "Cut out the product"),
        ("background.set", {}, "Pure white background (#FFFFFF)"),
        ("background.set", {"mode": "transparent"}, "Transparent background"),
        ("resize", {"width": 2000, "height": 2000}, "Fit into 2000 x 2000 px"),
        ("subject.place", {"fill": 85}, "Product fills 85 % of the canvas, centred"),
        ("canvas", {"width": 210, "height": 148, "unit": "mm", "dpi": 300}, "Canvas of 210 x 148 mm, 300 dpi"),
        ("exposure", {"ev": -0.25}, "Darken by 0.25 EV"),
        ("saturation", {"amount": 0}, "Colours unchanged"),
        ("crop", {"aspect": "4:5"}, "Crop to 4:5 around the product"),
        ("export", {"format": "jpeg", "max_bytes": 400_000}, "Save as JPEG, at most 400 kB"),
        ("export", {}, "Keep the original file format"),
        ("shadow", {"type": "none"}, "No shadow"),
    ],
)
def test_sentences(op: str, params: dict[str, Any], sentence: str) -> None:
    assert step_sentence(Step(op=op, params=params)) == sentence


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (ALL, "All pictures"),
        (Scope(files=("mug.jpg",)), "mug.jpg"),
        (Scope(files=("a", "b", "c", "d")), "a, b and 2 more"),
        (Scope(ranges=(("IMG_1", "IMG_5"),)), "IMG_1 to IMG_5"),
        (Scope(globs=("IMG_12*",)), "Names like IMG_12*"),
        (Scope(not_globs=("*_b",)), "All but *_b"),
        (Scope(indexes=((1, 3), (-1, -1))), "Pictures 1 to 3, the last picture"),
        (Scope(indexes=((-3, -1),)), "The last 3 pictures"),
        (Scope(rest=True), "All other pictures"),
        (Scope(tags=("shoe", "facing_right")), "Pictures that show shoe (facing right)"),
        (Scope(tags=("t_shirt", "dress")), "Pictures that show t shirt or dress"),
        (Scope(not_tags=("scarf",)), "All but those that show scarf"),
        (Scope(roles=("main",)), "Main pictures"),
        (Scope(group_indexes=((1, 1),)), "Picture 1 of each product"),
        (Scope(globs=("IMG_*",), not_globs=("IMG_7",)), "Names like IMG_* but IMG_7"),
        (
            Scope(conditions=(Condition(property="long_edge", operator="<", value="3000"),)),
            "Where long edge is under 3000 px",
        ),
    ],
)
def test_scopes(scope: Scope, words: str) -> None:
    assert scope_words(scope) == words


def test_every_parameter_and_choice_has_plain_words() -> None:
    for operation in OPERATIONS.values():
        assert operation.title
        for parameter in operation.parameters:
            assert "_" not in parameter_label(parameter)
            assert value_words(parameter, parameter.default)
            for value in parameter.choices:
                assert choice_label(value)
