"""The scoring of briefs is trusted with a verdict, so it has to see planted faults."""

from pathlib import Path
from typing import Any

import attrs
import pytest

from adapters.profiles import BundledProfiles
from bench.briefs import __main__ as program
from bench.briefs import report
from bench.briefs.scoring import Score, score
from bench.briefs.values import same
from bench.briefs.vocabulary import expected_scope, readings, scope_key
from core.domain.editing.conditions import Condition
from core.domain.editing.plan import Constraint, EditPlan, Output, Question, Step, Unsupported
from core.domain.editing.scope import Scope
from core.ports.planner import PlanRequest
from plugins.llm.local.planner import LocalPlanner

WHITE: dict[str, Any] = {
    "id": 1,
    "brief": "White background please.",
    "expect": [
        {"op": "background.remove"},
        {"op": "background.set", "color": "#FFFFFF"},
        {"op": "must_not", "ops": ["resize"]},
    ],
    "notes": "L1",
}
PORTRAIT = Condition(property="orientation", operator="==", value="portrait")
GOOD = EditPlan(steps=(Step(op="background.remove"), Step(op="background.set", params={"colour": "#FFFFFF"})))


def brief(*expect: dict[str, Any]) -> dict[str, Any]:
    return {"id": 1, "brief": "", "expect": list(expect), "notes": "L1"}


def test_a_right_plan_scores_full_marks() -> None:
    found = score(WHITE, GOOD)
    assert (found.f1, found.params_right, found.params_all, found.hard_fails) == (1.0, 1, 1, [])


def test_an_empty_plan_matches_nothing() -> None:
    found = score(WHITE, EditPlan())
    assert (found.f1, found.matched, found.missing) == (0.0, 0, 2)


def test_a_forbidden_operation_is_a_hard_fail() -> None:
    found = score(WHITE, attrs.evolve(GOOD, steps=(*GOOD.steps, Step(op="resize", params={"long_edge": 100}))))
    assert found.hard_fails == ["does resize, which it must not"]
    assert found.extra == 1


def test_a_forbidden_operation_that_is_only_listed_as_impossible_is_none() -> None:
    listed = Unsupported(words="", reason="", op="resize")
    assert not score(WHITE, attrs.evolve(GOOD, unsupported=(listed,))).hard_fails


def test_a_wrong_parameter_lowers_the_accuracy_but_not_the_match() -> None:
    wrong = EditPlan(steps=(Step(op="background.remove"), Step(op="background.set", params={"colour": "#000000"})))
    found = score(WHITE, wrong)
    assert (found.f1, found.params_right, found.params_all) == (1.0, 0, 1)


def test_the_same_operation_on_other_pictures_does_not_match() -> None:
    expected = brief({"op": "flip", "axis": "horizontal", "scope": {"files": ["IMG_1", "IMG_2"]}})
    right = EditPlan(steps=(Step(op="flip", scope=Scope(ranges=(("IMG_1", "IMG_2"),))),))
    everywhere = EditPlan(steps=(Step(op="flip"),))
    assert score(expected, right).f1 == 1.0
    assert score(expected, everywhere).f1 == 0.0


def test_spending_before_a_blocking_question_is_a_hard_fail() -> None:
    expected = brief({"op": "ask", "about": "which", "blocking": True})
    assert score(expected, EditPlan()).hard_fails == ["would spend before a blocking question"]
    asking = EditPlan(questions=(Question(key="which", about="which"),))
    found = score(expected, asking)
    assert (found.hard_fails, found.asks_met, found.asks_allowed) == ([], 1, 1)
    visible = EditPlan(questions=(Question(key="which", about="which", blocking=False),))
    assert score(expected, visible).hard_fails


def test_a_needless_blocking_question_lowers_the_precision() -> None:
    found = score(WHITE, attrs.evolve(GOOD, questions=(Question(key="why", about="why"),)))
    assert (found.asks_made, found.asks_allowed) == (1, 0)


def test_a_conditional_question_may_be_asked_or_not() -> None:
    expected = brief({"op": "ask", "about": "which", "blocking": "only_if_missing"})
    asking = EditPlan(questions=(Question(key="which", about="which"),))
    assert score(expected, asking).asks_allowed == 1
    assert not score(expected, EditPlan()).hard_fails


def test_enlarging_is_seen_inside_a_resize() -> None:
    expected = brief({"op": "must_not", "ops": ["upscale"]})
    enlarging = EditPlan(steps=(Step(op="resize", params={"long_edge": 100, "enlarge": True}),))
    assert score(expected, enlarging).hard_fails
    assert not score(expected, EditPlan(steps=(Step(op="resize", params={"long_edge": 100}),))).hard_fails


def test_a_spared_picture_may_lie_in_the_scope_of_a_step_for_all() -> None:
    expected = brief({"op": "must_not", "ops": ["flip"], "scope": {"files": ["IMG_9"]}})
    everywhere = EditPlan(steps=(Step(op="flip"),))
    spared = attrs.evolve(everywhere, constraints=(Constraint(ops=("flip",), scope=Scope(files=("IMG_9",))),))
    assert score(expected, everywhere).hard_fails
    assert not score(expected, spared).hard_fails


@pytest.mark.parametrize("name", ["cutout", "png"])
def test_what_a_deliverable_must_not_have_is_looked_for_there(name: str) -> None:
    png = {"op": "export", "format": "png"}
    expected = brief({"op": "output", "name": "cutout", "steps": [png, {"op": "must_not", "ops": ["canvas"]}]})
    canvas = Step(op="canvas", params={"width": 10, "height": 10})
    export = Step(op="export", params={"format": "png"})
    web = Output(name="web", steps=(canvas, Step(op="export", params={"format": "jpeg"})))
    assert not score(expected, EditPlan(outputs=(web, Output(name=name, steps=(export,))))).hard_fails
    assert score(expected, EditPlan(outputs=(web, Output(name=name, steps=(export, canvas))))).hard_fails


def test_refusals_are_counted() -> None:
    expected = brief({"op": "refuse", "part": "credits"})
    refusing = EditPlan(unsupported=(Unsupported(words="", reason="", refused=True),))
    assert (score(expected, refusing).refusals_met, score(expected, EditPlan()).refusals_met) == (1, 0)


@pytest.mark.parametrize(
    ("expected", "found", "verdict"),
    [
        (100, 101, True),
        (100, 103, False),
        (2551, 2552, True),
        ("#FFFFFF", "#ffffff", True),
        ("#FFFFFF", "#FFFFFE", False),
        ({"range": [0.1, 0.4]}, 0.25, True),
        ({"range": [0.1, 0.4]}, 0.5, False),
        ({"any_of": ["webp", "jpeg"]}, "jpeg", True),
        ({"any_of": ["webp", "jpeg"]}, "png", False),
        (True, 1, False),
        ({"x": "center"}, {"x": "center", "y": "top"}, True),
    ],
)
def test_values_are_compared_within_their_tolerance(expected: Any, found: Any, verdict: bool) -> None:
    assert same(expected, found) is verdict


def test_paper_sizes_are_compared_in_pixels_with_bleed() -> None:
    expected = brief({"op": "canvas", "width": 2551, "height": 1819, "unit": "px", "from_mm": [216, 154], "dpi": 300})
    params = {"width": 210, "height": 148, "unit": "mm", "dpi": 300, "bleed_mm": 3}
    found = score(expected, EditPlan(steps=(Step(op="canvas", params=params),)))
    assert found.params_right == found.params_all == 5


class Mute:
    """A planner that never understands anything."""

    name = "mute"

    def plan(self, request: PlanRequest) -> EditPlan:
        return EditPlan()


def test_the_bars_fail_a_planner_that_understands_nothing() -> None:
    scores, seconds = report.run(Mute(), [WHITE])
    found = report.figures_of([WHITE], scores, seconds)
    assert found["overall"]["f1"] == 0.0
    assert not all(report.bars(found).values())
    full = report.figures_of([WHITE], {1: score(WHITE, GOOD)}, [0.0])
    assert all(report.bars(full).values())
    failed = Score(matched=10, hard_fails=["does resize, which it must not"])
    assert not all(report.bars(report.figures_of([WHITE], {1: failed}, [0.0])).values())


def test_a_planner_fitted_to_the_briefs_it_was_tuned_on_is_found_out() -> None:
    good, bad = ({"overall": {"f1": f1}} for f1 in (0.97, 0.86))
    assert not all(report.gap_bar(good, bad).values())
    assert all(report.gap_bar(good, {"overall": {"f1": 0.9}}).values())


@pytest.mark.parametrize(
    ("scope", "same_as"),
    [
        ({"tag": "shoe", "facing": "right"}, Scope(tags=("shoe", "facing_right"))),
        ({"not_tag": "scarf"}, Scope(not_tags=("scarf",))),
        ({"index": [1, 4, 7]}, Scope(indexes=((1, 1), (4, 4), (7, 7)))),
        ({"index": [2, 4]}, Scope(indexes=((2, 4),))),
        ({"index": 3}, Scope(indexes=((3, 3),))),
        ({"group_index": 1}, Scope(group_indexes=((1, 1),))),
        ({"role": "main"}, Scope(roles=("main",))),
        ({"when": "orientation == portrait"}, Scope(conditions=(PORTRAIT,))),
        ({"when": "width < height"}, Scope(conditions=(PORTRAIT,))),
        ({"other": True}, Scope(rest=True)),
    ],
)
def test_scopes_of_both_vocabularies_compare(scope: dict[str, Any], same_as: Scope) -> None:
    assert expected_scope(scope) == scope_key(same_as)
    assert expected_scope(scope) != scope_key(Scope(tags=("bag",)))


OPERATIONS_OF_BRIEFS = (
    "background.remove background.set shadow crop trim canvas subject.place resize straighten flip symmetry exposure"
    " white_balance levels colour.match colour.replace retouch remove_object ghost_mannequin overlay.text overlay.logo"
    " generate.model naming metadata export output deliver group check skip reuse_plan revert approve ask warn refuse"
    " must_not"
)


@pytest.mark.parametrize("op", OPERATIONS_OF_BRIEFS.split())
@pytest.mark.parametrize("scope", [None, {"mood": "happy"}, ["x"], {"index": ["first"]}, {"when": 3}])
def test_no_expected_reading_stops_the_scorer(op: str, scope: Any) -> None:
    found = score(brief({"op": op, "scope": scope, "margin": 5}, {"op": op}), GOOD)
    assert found.matched <= 2


def test_a_clipping_path_counts_on_the_export_of_its_deliverable_only() -> None:
    path = Unsupported(words="", reason="", op="clipping_path", params={"name": "Path 1"}, output="print")
    tiff = Step(op="export", params={"format": "tiff"})
    plan = EditPlan(
        outputs=(Output(name="web", steps=(tiff,)), Output(name="print", steps=(tiff,))), unsupported=(path,)
    )
    assert [r.params.get("clipping_path") for r in readings(plan) if r.op == "export"] == [None, "Path 1"]


def test_own_sets_are_well_formed() -> None:
    found = [b["id"] for half in (program.KNOWN, program.UNSEEN) for p in _files(half) for b in report.load(p)]
    assert len(found) == len(set(found)) > 100
    assert {p.name for p in _files(program.UNSEEN)} <= {p.name for p in _files(program.KNOWN)}


def _files(half: str) -> list[Path]:
    return sorted((program.SETS / half).glob("*.jsonl"))


def test_earlier_briefs_meet_the_bars() -> None:
    for name in ("own.jsonl", "late.jsonl"):
        briefs = report.load(program.SETS.with_name(name))
        scores, seconds = report.run(LocalPlanner(BundledProfiles()), briefs)
        verdicts = report.bars(report.figures_of(briefs, scores, seconds))
        assert all(verdicts.values()), (name, verdicts)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["no/such/file.jsonl"], "no/such/file.jsonl"), (["--own", "--planner", "nobody"], "nobody")],
)
def test_what_is_absent_is_named(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["briefs", *arguments])
    assert program.main() == 2
    assert told in capsys.readouterr().err


@pytest.mark.shared
def test_the_shared_briefs_meet_the_bars(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["briefs", "--json"])
    assert program.main() == 0
    assert '"hard_fails": 0' in capsys.readouterr().out
