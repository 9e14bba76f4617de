"""From a plan to the steps of one picture and one output."""

import attrs
import pytest

from core.domain.editing.plan import Constraint, EditPlan, Output, Step, check_plan
from core.domain.editing.resolve import ImagePlan, resolve
from core.domain.editing.scope import ImageFacts, Scope
from core.errors import InvalidInputError

PICTURE = ImageFacts(name="IMG_0420.jpg", position=2, count=3)


def resolved(*steps: Step, outputs: tuple[Output, ...] = (), constraints: tuple[Constraint, ...] = ()) -> ImagePlan:
    return resolve(check_plan(EditPlan(steps=steps, outputs=outputs, constraints=constraints)), PICTURE)


def ops(plan: ImagePlan, output: int = 0) -> list[str]:
    return [s.op for s in plan.outputs[output].steps]


def test_steps_run_by_stage_whatever_the_order_of_the_words() -> None:
    steps = [
        Step(op="export", params={"format": "jpeg"}),
        Step(op="sharpen"),
        Step(op="background.set", params={"colour": "white"}),
        Step(op="resize", params={"long_edge": 1600}),
        Step(op="background.remove"),
    ]
    wanted = ["background.remove", "resize", "background.set", "sharpen", "export"]
    assert ops(resolved(*steps)) == wanted
    assert ops(resolved(*reversed(steps))) == wanted


def test_a_plan_without_outputs_has_one_named_main() -> None:
    assert [o.name for o in resolved(Step(op="sharpen")).outputs] == ["main"]


def test_the_most_specific_scope_wins() -> None:
    plan = resolved(
        Step(op="exposure", params={"ev": 2}, scope=Scope(files=("IMG_0420",))),
        Step(op="exposure", params={"ev": 1}),
        Step(op="exposure", params={"ev": 3}, scope=Scope(globs=("IMG_*",))),
    )
    assert plan.outputs[0].params("exposure") == {"mode": "ev", "ev": 2}


def test_an_output_overrides_a_shared_step() -> None:
    shared = Step(op="background.set", params={"colour": "white"})
    own = Step(op="background.set", params={"mode": "transparent"})
    plan = resolved(shared, outputs=(Output(name="shop"), Output(name="cutout", steps=(own,))))
    backgrounds = [o.params("background.set") for o in plan.outputs]
    assert [b and b["mode"] for b in backgrounds] == ["colour", "transparent"]


def test_rest_means_pictures_that_nothing_else_names() -> None:
    rest = Step(op="flip", scope=Scope(rest=True))
    assert ops(resolved(rest)) == ["flip"]
    assert ops(resolved(rest, Step(op="sharpen", scope=Scope(files=("IMG_0420",))))) == ["sharpen"]


def test_a_constraint_keeps_a_step_from_its_pictures_only() -> None:
    hands_off = Constraint(ops=("straighten",), scope=Scope(files=("IMG_0420",)))
    assert ops(resolved(Step(op="straighten"), constraints=(hands_off,))) == []
    elsewhere = Constraint(ops=("straighten",), scope=Scope(files=("IMG_0421",)))
    assert ops(resolved(Step(op="straighten"), constraints=(elsewhere,))) == ["straighten"]


def test_repeatable_operations_all_stay() -> None:
    texts = [Step(op="overlay.text", params={"text": word}) for word in ("NEW", "SALE")]
    assert ops(resolved(*texts)) == ["overlay.text", "overlay.text"]


def test_a_transparent_jpeg_is_refused_before_anything_is_spent() -> None:
    with pytest.raises(InvalidInputError) as refused:
        resolved(
            Step(op="background.set", params={"mode": "transparent"}), Step(op="export", params={"format": "jpeg"})
        )
    assert refused.value.code == "contradictory_plan"


def test_a_step_that_the_instruction_ruled_out_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        resolved(Step(op="crop", params={"aspect": "1:1"}), constraints=(Constraint(ops=("crop",)),))
    assert refused.value.code == "forbidden_step"


@pytest.mark.parametrize(
    ("op", "params", "code"),
    [
        ("fly", {}, "unknown_operation"),
        ("resize", {}, "missing_parameter"),
        ("resize", {"long_edge": 0}, "invalid_parameter"),
        ("resize", {"long_edge": float("nan")}, "invalid_parameter"),
        ("resize", {"long_edge": float("inf")}, "invalid_parameter"),
        ("resize", {"long_edge": True}, "invalid_parameter"),
        ("resize", {"long_edge": 100, "width": 50}, "invalid_step"),
        ("resize", {"depth": 3}, "unknown_parameter"),
        ("crop", {"aspect": "wide"}, "invalid_step"),
        ("crop", {"left": 1}, "invalid_step"),
        ("canvas", {"width": 210, "height": 148, "unit": "mm"}, "invalid_step"),
        ("canvas", {"width": 9000, "height": 9000, "unit": "cm", "dpi": 300}, "invalid_step"),
        ("background.set", {"colour": "octarine"}, "invalid_parameter"),
        ("export", {"format": "jpeg", "bit_depth": "16"}, "invalid_step"),
        ("export", {"format": "tiff", "colour_space": "cmyk"}, "invalid_step"),
        ("naming", {"pattern": "{original.__class__}"}, "invalid_step"),
        ("naming", {"pattern": "{index:999999999d}"}, "invalid_step"),
        ("naming", {"pattern": "{sku}"}, "invalid_step"),
    ],
)
def test_bad_steps_are_refused_with_a_code(op: str, params: dict[str, object], code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        Step(op=op, params=params).checked()
    assert refused.value.code == code


def test_the_rest_is_what_no_step_and_no_constraint_names() -> None:
    other = attrs.evolve(PICTURE, name="IMG_0421.jpg", position=3)
    own = Constraint(ops=("crop",), scope=Scope(files=("IMG_0421",)))
    plan = check_plan(
        EditPlan(
            steps=(Step(op="flip", scope=Scope(files=("IMG_0420",))), Step(op="sharpen")),
            constraints=(own, Constraint(ops=("flip", "sharpen"), scope=Scope(rest=True))),
        )
    )
    assert ops(resolve(plan, PICTURE)) == ["flip", "sharpen"]
    assert ops(resolve(plan, other)) == ["sharpen"], "a constraint names it"
    assert ops(resolve(plan, attrs.evolve(PICTURE, name="x.jpg"))) == []


def test_a_step_for_a_kind_of_product_spares_the_others() -> None:
    turned = Step(op="flip", scope=Scope(tags=("shoe", "facing_right")))
    spared = Constraint(ops=("flip",), scope=Scope(tags=("bag",)))
    plan = check_plan(EditPlan(steps=(turned,), constraints=(spared,)))
    shown = {"right": {"sneaker", "facing_right"}, "left": {"sneaker", "facing_left"}, "none": set()}
    found = {name: ops(resolve(plan, attrs.evolve(PICTURE, tags=frozenset(tags)))) for name, tags in shown.items()}
    assert found == {"right": ["flip"], "left": [], "none": []}
