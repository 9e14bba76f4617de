"""Which pictures a sentence is about, what a provider would have to know, and what threads and tables of names say."""

from typing import Any

import pytest

from adapters.profiles import BundledProfiles
from core.domain.editing.conditions import Condition
from core.domain.editing.plan import EditPlan, Unsupported
from core.domain.editing.scope import ALL, Scope
from core.ports.planner import PlanRequest
from plugins.llm.local.planner import LocalPlanner


@pytest.fixture(scope="module")
def planner() -> LocalPlanner:
    return LocalPlanner(BundledProfiles())


def plan_of(planner: LocalPlanner, words: str, **known: Any) -> EditPlan:
    return planner.plan(PlanRequest(instruction=words, **known))


def scopes(plan: EditPlan, op: str) -> list[Scope]:
    return [s.scope for s in plan.all_steps() if s.op == op]


def wish(plan: EditPlan, op: str) -> Unsupported:
    (found,) = [u for u in plan.unsupported if u.op == op]
    assert found.needs_provider
    return found


def where(text: str, operator: str = "==", name: str = "orientation") -> Scope:
    return Scope(conditions=(Condition(property=name, operator=operator, value=text),))


@pytest.mark.parametrize(
    ("words", "op", "found"),
    [
        ("Shoes should all face left. White background.", "flip", [Scope(tags=("shoe", "facing_right"))]),
        ("Shoes on white, 2000 px, jpg.", "background.set", [ALL]),
        (
            "Soft drop shadow. Mirrors get no shadow.",
            "shadow",
            [Scope(not_tags=("mirror",)), Scope(tags=("mirror",))],
        ),
        ("Shadow: none, except scarves: soft contact shadow.", "shadow",
         [Scope(not_tags=("scarf",)), Scope(tags=("scarf",))]),
        ("Landscape shots: crop to 4:3. Portrait shots: crop to 3:4.", "crop", [where("landscape"), where("portrait")]),
        ("Querformate auf 3:2 zuschneiden, Hochformate auf 2:3.", "crop", [where("landscape"), where("portrait")]),
        ("If the photo is landscape, crop it to 4:3.", "crop", [where("landscape")]),
        ("Pictures 1-5: straighten. 6: flip.", "flip", [Scope(indexes=((6, 6),))]),
        ("The first image of every style on white.", "background.set", [Scope(group_indexes=((1, 1),))]),
        ("Mirror 7 and 9.", "flip", [Scope(indexes=((7, 7), (9, 9)))]),
    ],
)  # fmt: skip
def test_reads_which_pictures_are_meant(planner: LocalPlanner, words: str, op: str, found: list[Scope]) -> None:
    assert sorted(map(str, scopes(plan_of(planner, words), op))) == sorted(map(str, found))


def test_asks_for_tags_only_where_nobody_has_looked(planner: LocalPlanner) -> None:
    words = "Shoes should all face left. Bags stay as they are."
    blind = plan_of(planner, words)
    assert [q.key for q in blind.questions] == ["tags"]
    assert not blind.open_questions, "a visible default, nothing is guessed"
    seen = plan_of(planner, words, names=("a.jpg",), tags=(frozenset({"shoe", "facing_right"}),))
    assert not seen.questions
    assert [c.scope for c in blind.constraints] == [Scope(tags=("bag",))]


@pytest.mark.parametrize(
    ("words", "op", "params"),
    [
        ("Remove the pins and clips.", "remove_object", {"what": ["pins", "clips"]}),
        ("Please get rid of the power cables.", "remove_object", {"what": ["power cables"]}),
        ("Remove dust and fingerprints, keep the hallmark.", "retouch",
         {"targets": ["dust", "fingerprints"], "preserve": ["hallmark"]}),
        ("Sleeves symmetrical.", "symmetry", {"targets": ["sleeves"]}),
        ("Hem straight.", "straighten", {"targets": ["hem"]}),
        ("Match the colour to SWATCH_<style>.tif, delta E below 3.", "colour.match",
         {"reference": "SWATCH_{style}.tif", "max_delta_e": 3.0}),
        ("The blue dress should be Pantone 286 C.", "colour.replace",
         {"target": {"pantone": "286 C", "srgb_approx": "#0033A0"}, "region": "garment"}),
        ("Mirror reflection 25% fading out over 120 px.", "shadow",
         {"type": "reflection", "opacity": 0.25, "fade_px": 120}),
        ("Keep the natural shadow.", "shadow", {"type": "keep"}),
        ("Put our logo in the bottom right, 60% opacity.", "overlay.logo",
         {"position": "bottom-right", "opacity": 0.6}),
        ("TIFF with clipping path named Path 1.", "clipping_path", {"name": "Path 1"}),
    ],
)  # fmt: skip
@pytest.mark.req("S0-LLM-03")
def test_a_wish_for_a_provider_says_what_is_known_of_it(
    planner: LocalPlanner, words: str, op: str, params: dict[str, Any]
) -> None:
    assert wish(plan_of(planner, words), op).params == params


def test_pictures_of_one_product_are_put_together_by_the_ends_of_their_names(planner: LocalPlanner) -> None:
    words = "Ghost mannequin. Front shots end in _F, inner neck shots end in _N, combine them per style."
    plan = plan_of(planner, words)
    assert wish(plan, "group").params == {"by": "regex", "pattern": "^(?P<style>.+)_(?P<view>[FN])$", "key": "style"}
    assert wish(plan, "ghost_mannequin").params == {"base": "F", "insert": "N"}


def test_a_measured_condition_becomes_a_check_of_the_originals(planner: LocalPlanner) -> None:
    plan = plan_of(planner, "If the original is shorter than 3000 px on the long side: do not enlarge, send it back.")
    assert [s.params for s in plan.steps] == [{"rule": "long_edge >= 3000", "on_fail": "return"}]
    assert ("upscale",) in [c.ops for c in plan.constraints]


def test_an_audit_edits_nothing(planner: LocalPlanner) -> None:
    plan = plan_of(planner, "Don't edit anything. I only want to know which of these would fail Google Shopping.")
    assert [(s.op, s.params["profile"]) for s in plan.all_steps()] == [("check", "google_shopping")]


@pytest.mark.parametrize(
    ("words", "pattern", "case"),
    [
        ("Rename everything to SKU_colour_view, like 48213_navy_front.jpg.", "{sku}_{colour}_{view}", "lower"),
        ("Names: LUM_<style>_<colour code>_<view 01-06>, all lower case.",
         "lum_{style}_{colour_code}_{view:02d}", "lower"),
        ("Umbenennen in Artikelnummer_Farbe_Ansicht.", "{sku}_{colour}_{view}", None),
    ],
)  # fmt: skip
def test_a_name_without_its_data_is_kept_and_asked_for(
    planner: LocalPlanner, words: str, pattern: str, case: str | None
) -> None:
    plan = plan_of(planner, words)
    (found,) = [u for u in plan.unsupported if u.op == "naming"]
    assert (found.params["pattern"], found.params.get("case")) == (pattern, case)
    assert [q.key for q in plan.open_questions] == ["naming_source"]


def test_a_table_of_names_needs_no_question(planner: LocalPlanner) -> None:
    plan = plan_of(planner, "Name the finals as per this list:\nP1010221 = TB-4410-BLK\nP1010222 = TB-4410-TAN")
    (step,) = plan.all_steps()
    assert step.params == {"pattern": "{sku}", "table": "file|sku;P1010221|TB-4410-BLK;P1010222|TB-4410-TAN"}
    assert not plan.questions


THREAD = (
    "From: Ann\nTo: Studio\nSubject: RE: mugs\n\nLight blue #DCE9F5 instead of the white, PNG is fine.\n\n"
    "> On Tuesday, Tom wrote:\n> White background, 1600 x 1600, JPG."
)


@pytest.mark.parametrize("words", [THREAD, THREAD.replace("> ", "").replace("On Tuesday", "\nOn Tuesday")])
def test_the_newest_mail_of_a_thread_holds(planner: LocalPlanner, words: str) -> None:
    plan = plan_of(planner, words)
    params = {s.op: s.params for s in plan.all_steps()}
    assert params["background.set"]["colour"] == "#DCE9F5"
    assert (params["canvas"]["width"], params["export"]["format"]) == (1600, "png")
    assert not plan.open_questions
    assert any("newer mail" in a.about for a in plan.assumptions)


def test_what_is_ruled_out_is_not_planned_before_the_answer(planner: LocalPlanner) -> None:
    plan = plan_of(planner, "Crop to 1:1, but don't crop.")
    assert "crop" not in {s.op for s in plan.all_steps()}
    assert plan.open_questions


def test_addresses_and_paths_wish_for_nothing(planner: LocalPlanner) -> None:
    plan = plan_of(planner, "See https://example.org/shadow/crop or /etc/shadow/flip or crop@example.org")
    assert not list(plan.all_steps())
