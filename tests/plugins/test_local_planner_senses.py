"""Words with two meanings, dots that end no sentence and counts of files are read by what stands around them."""

from typing import Any

import pytest

from adapters.profiles import BundledProfiles
from core.domain.editing.plan import EditPlan
from core.ports.planner import PlanRequest
from plugins.llm.local.planner import LocalPlanner

pytestmark = pytest.mark.req("S0-LLM-04")
PLANNER = LocalPlanner(BundledProfiles())


def plan(text: str) -> EditPlan:
    return PLANNER.plan(PlanRequest(instruction=text))


def params(found: EditPlan, op: str) -> dict[str, Any]:
    return next(s.params for s in found.all_steps() if s.op == op)


def forbidden(found: EditPlan) -> set[str]:
    return {op for constraint in found.constraints for op in constraint.ops}


@pytest.mark.parametrize("text", ["A5 quer, 3 mm Beschnitt, 300 dpi.", "A5 quer. Beschnitt rundum 3 mm, 300 dpi."])
def test_on_paper_beschnitt_is_a_bleed(text: str) -> None:
    found = plan(text)
    assert params(found, "canvas")["bleed_mm"] == 3
    assert not {s.op for s in found.steps} & {"crop", "trim"}
    assert not found.unsupported


@pytest.mark.parametrize("text", ["Beschnitt auf 4:5.", "JPG 300 dpi, Beschnitt 4:5"])
def test_with_an_aspect_beschnitt_is_a_crop(text: str) -> None:
    found = plan(text)
    assert params(found, "crop")["aspect"] == "4:5"
    assert not found.unsupported


def test_without_paper_no_beschnitt_rules_out_the_crop() -> None:
    assert "crop" in forbidden(plan("JPG mit 300 dpi, ohne Beschnitt."))


@pytest.mark.parametrize("text", ["A4, kein Beschnitt, 300 dpi.", "A4, no bleed, 300 dpi."])
def test_on_paper_no_bleed_is_none_and_is_said(text: str) -> None:
    found = plan(text)
    assert "bleed_mm" not in params(found, "canvas")
    assert "crop" not in forbidden(found)
    assert not found.unsupported
    assert any("No bleed" in a.about for a in found.assumptions)


def test_aligning_beside_a_side_places_and_otherwise_straightens() -> None:
    placed = plan("Produkt mittig ausrichten, 1200 x 1200 px, weiß.")
    assert "straighten" not in {s.op for s in placed.steps}
    assert not placed.unsupported
    assert {s.op for s in plan("Alle Fotos ausrichten.").steps} == {"straighten"}


@pytest.mark.parametrize(
    "text",
    ["Long edge max. 2000 px.", "Lange Kante max. 2000 px.", "Lange Kante ca. 2000 px.", "max. 2000 px long edge"],
)
def test_the_dot_of_a_shortened_word_ends_no_sentence(text: str) -> None:
    found = plan(text)
    assert params(found, "resize")["long_edge"] == 2000
    assert not found.unsupported
    assert not any("is read as the longer side" in a.about for a in found.assumptions)


def test_a_dot_behind_a_limited_value_ends_the_sentence() -> None:
    found = plan("Keep the background. JPG 2 MB max. 1600 px wide.")
    assert params(found, "export")["max_bytes"] == 2_000_000
    assert params(found, "resize")["width"] == 1600


def test_the_grounds_of_two_files_stay_with_their_files() -> None:
    found = plan("2 files per image: JPG, grey; PNG, transparent.")
    grounds = [next(s.params["mode"] for s in o.steps if s.op == "background.set") for o in found.outputs]
    assert grounds == ["colour", "transparent"]
    assert not found.unsupported
    assert not found.open_questions


@pytest.mark.parametrize("text", ["JPG. Leave the background alone.", "JPG. Den Hintergrund nicht anfassen."])
def test_what_is_to_be_left_alone_is_kept(text: str) -> None:
    found = plan(text)
    assert "background.remove" in forbidden(found)
    assert not found.unsupported
