"""What a customer relies on when an instruction is read without any model."""

import datetime as dt
from typing import Any

import attrs
import pytest

from adapters.profiles import BundledProfiles
from core.domain.editing.answers import answer
from core.domain.editing.plan import EditPlan, Step, check_plan
from core.domain.editing.resolve import resolve
from core.domain.editing.scope import ImageFacts, Scope
from core.errors import InvalidInputError
from core.ports.planner import PlanRequest
from plugins.llm.local.planner import MAX_WISH, LocalPlanner

PLANNER = LocalPlanner(BundledProfiles())
EDITING = ("resize", "crop", "canvas", "shadow", "trim")


def plan(text: str, **fields: Any) -> EditPlan:
    return PLANNER.plan(attrs.evolve(PlanRequest(instruction=text), **fields))


def steps(found: EditPlan) -> dict[tuple[str, Scope], dict[str, object]]:
    return {(s.op, s.scope): s.params for s in found.steps}


def ops(found: EditPlan) -> set[str]:
    return {s.op for s in found.all_steps()}


def params(found: EditPlan, op: str) -> dict[str, Any]:
    return next(s.params for s in found.all_steps() if s.op == op)


@pytest.mark.parametrize(
    "text",
    [
        "White background please.",
        "please put them on a plain white backdrop",
        "Could you make the background pure white? Thanks!",
        "bg: #FFFFFF",
        "wht bg",
        "backgroud whtie",
        "Hintergrund RGB 255/255/255",
        "Bitte weißer Hintergrund",
        "bitte weisser hintergrund!!",
        "Fond blanc",
        "fondo blanco, por favor",
        "背景を白にしてください。",
    ],
)
def test_paraphrases_of_a_white_background_give_the_same_steps(text: str) -> None:
    found = plan(text)
    assert {(s.op, s.params.get("colour")) for s in found.steps} == {
        ("background.remove", None),
        ("background.set", "#FFFFFF"),
    }
    assert not found.questions
    assert not found.unsupported


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("White background. 2000x2000 px. JPG.", "JPG. 2000x2000 px. White background."),
        ("Crop to 4:5 and straighten.", "Straighten and crop to 4:5."),
        ("Schatten weich, Hintergrund #EEEEEE, PNG", "PNG, Hintergrund #EEEEEE, weicher Schatten"),
        ("IMG_1: flip. IMG_2: brighter.", "IMG_2: brighter. IMG_1: flip."),
        ("No shadow, white background", "White background, no shadow"),
        ("5% margin, centred, 1000x1000, transparent png", "transparent png 1000 x 1000 pixels; centered; 5 % margin"),
    ],
)
def test_the_order_of_the_sentences_does_not_matter(one: str, other: str) -> None:
    assert steps(plan(one)) == steps(plan(other))


@pytest.mark.parametrize(
    ("text", "op", "name", "value"),
    [
        ("long edge 1600", "resize", "long_edge", 1600),
        ("auf 1.600 px lange Kante verkleinern", "resize", "long_edge", 1600),
        ("resize to 2k wide", "resize", "width", 2000),
        ("1,000 x 1,500 pixels on white", "canvas", "height", 1500),
        ("1500 x 2000 px quer, Hintergrund weiß", "canvas", "width", 2000),
        ("A5 landscape with 3 mm bleed, 300 dpi", "canvas", "bleed_mm", 3),
        ("A5 landscape with 3 mm bleed, 300 dpi", "canvas", "width", 210),
        ("JPG max 500 KB", "export", "max_bytes", 500_000),
        ("JPEG, at most 1.5 MB", "export", "max_bytes", 1_500_000),
        ("JPG q90", "export", "quality", 90),
        ("JPG at 85%", "export", "quality", 85),
        ("sRGB, q10", "export", "quality", 88),
        ("300 dpi tiff", "export", "dpi", 300),
        ("16-bit TIFF", "export", "bit_depth", "16"),
        ("+0.5 EV", "exposure", "ev", 0.5),
        ("half a stop darker", "exposure", "ev", -0.5),
        ("white bg, product fills 85-90% of the frame", "subject.place", "fill", 87.5),
        ("背景は白、余白は上下左右１０％、1000×1000ピクセル", "subject.place", "margin_left", 10),
    ],
)
def test_values_are_read_with_their_units(text: str, op: str, name: str, value: object) -> None:
    assert params(plan(text), op)[name] == value


@pytest.mark.parametrize(
    ("text", "ruled_out"),
    [
        ("Don't crop. White background.", "crop"),
        ("Bitte nicht zuschneiden, Hintergrund weiß", "crop"),
        ("Keep the background, crop to 4:5", "background.remove"),
        ("Hintergrund so lassen, gerade ausrichten", "background.set"),
        ("No sharpening please, 1200 px long edge", "sharpen"),
        ("Ne pas recadrer. 1500 px de large.", "crop"),
        ("don't resize or crop, only remove the background", "resize"),
    ],
)
def test_negations_are_kept_as_constraints(text: str, ruled_out: str) -> None:
    found = plan(text)
    wanted = {"crop": {"crop"}, "resize": {"resize"}}.get(ruled_out, {ruled_out})
    assert wanted <= {op for c in found.constraints for op in c.ops}
    assert ruled_out not in ops(found)


@pytest.mark.parametrize("text", ["No shadow, white bg", "ohne Schatten, weißer Hintergrund", "影なし、背景は白"])
def test_no_shadow_is_a_step_of_its_own(text: str) -> None:
    assert params(plan(text), "shadow")["type"] == "none"


def test_every_step_that_was_asked_for_names_its_words() -> None:
    text = "Remove bg, 2000x2000 jpg, product centred, 5% margin all round"
    for step in plan(text).steps:
        if step.cause:
            assert text[step.cause.start : step.cause.end] == step.cause.words
    assert {s.op for s in plan(text).steps if s.cause} >= {"background.remove", "canvas", "export", "subject.place"}


def test_what_is_assumed_is_said() -> None:
    found = plan("Remove bg, 2000x2000 jpg")
    assert params(found, "background.set")["colour"] == "#FFFFFF"
    assert any("white" in w.about for w in found.warnings)
    assert any("white" in a.about for a in found.assumptions)


def test_transparent_jpeg_stops_the_order_until_one_of_the_two_gives_way() -> None:
    found = plan("Transparent background, save as JPG at 90%.")
    (question,) = found.open_questions
    for option in question.options:
        settled = check_plan(answer(found, question=question.key, option=option.key))
        assert not settled.open_questions
        resolve(settled, ImageFacts(name="a.jpg", position=1, count=1))


def test_a_size_that_cannot_fit_its_byte_limit_stops_the_order() -> None:
    found = plan("5000x5000 px, max 100 KB, JPG, absolutely no compression artefacts.")
    (question,) = found.open_questions
    assert {o.key for o in question.options} == {"keep_size", "keep_limit", "accept"}
    kept = answer(found, question=question.key, option="keep_limit")
    assert params(check_plan(kept), "canvas")["width"] < 2000


def test_names_that_nothing_tells_are_asked_for() -> None:
    found = plan("Rename everything to SKU_colour_view, like 48213_navy_front.jpg. No edits.")
    assert [q.key for q in found.open_questions] == ["naming_source"]
    assert not ops(found)
    for option in found.open_questions[0].options:
        check_plan(answer(found, question="naming_source", option=option.key))


def test_unreadable_uploads_are_asked_about() -> None:
    assert plan("Convert the PSDs to JPG").open_questions
    assert plan("White background", names=("a.psd",), formats=("",)).open_questions
    assert not plan("White background", names=("a.jpg",), formats=("jpeg",)).open_questions


def test_scopes_reach_the_pictures_that_are_named() -> None:
    found = plan("IMG_0412: flip. IMG_0413 to IMG_0418: straighten. All: long edge 1600.")
    names = [f"IMG_{n:04d}.jpg" for n in range(412, 420)]
    turned = {
        n: {s.op for s in resolve(found, ImageFacts(name=n, position=i, count=8)).outputs[0].steps}
        for i, n in enumerate(names, 1)
    }
    assert turned["IMG_0412.jpg"] == {"flip", "resize"}
    assert turned["IMG_0413.jpg"] == turned["IMG_0418.jpg"] == {"straighten", "resize"}
    assert turned["IMG_0419.jpg"] == {"resize"}


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("The first 3 images: flip", Scope(indexes=((1, 3),))),
        ("flip the last image", Scope(indexes=((-1, -1),))),
        ("Bild 2 bis 5 spiegeln", Scope(indexes=((2, 5),))),
        ("Flip IMG_12*", Scope(globs=("IMG_12*",))),
        ("Flip 0413-0418", Scope(ranges=(("0413", "0418"),))),
        ("Flip everything except IMG_7.jpg", Scope(not_globs=("IMG_7.jpg",))),
    ],
)
def test_positions_globs_ranges_and_exceptions(text: str, scope: Scope) -> None:
    assert [s.scope for s in plan(text).steps] == [scope]


def test_several_deliverables_share_the_cut_out() -> None:
    found = plan(
        "3 versions of each: 2048 square JPG for Shopify, 1801x2600 JPG for Zalando, and the original-size PNG cutout. "
        "White on the first two."
    )
    assert [o.name for o in found.outputs] == ["shopify", "zalando", "cutout"]
    assert [s.op for s in found.steps] == ["background.remove"]
    by_name = {o.name: {s.op: s.params for s in o.steps} for o in found.outputs}
    assert by_name["zalando"]["canvas"]["height"] == 2600
    assert by_name["cutout"]["background.set"]["mode"] == "transparent"
    assert by_name["shopify"]["background.set"]["colour"] == "#FFFFFF"
    assert not {"canvas", "resize"} & set(by_name["cutout"])


def test_a_marketplace_is_expanded_by_its_dated_profile_and_checked() -> None:
    found = plan("Make them Amazon-ready (main images).")
    assert {"background.remove", "background.set", "canvas", "subject.place", "export", "check"} <= ops(found)
    version = BundledProfiles().get("amazon_main").version
    assert isinstance(version, dt.date)
    assert any(version.isoformat() in a.about for a in found.assumptions)


def test_an_unknown_marketplace_is_not_passed_over() -> None:
    assert any("kaufland" in w.about for w in plan("For Kaufland, white background").warnings)


def test_the_previous_plan_is_repeated_when_there_is_just_one() -> None:
    before = EditPlan(steps=(Step(op="background.remove"), Step(op="background.set", params={"colour": "#EEEEEE"})))
    found = plan("Same as last time but a bit brighter", previous=before)
    assert ops(found) == {"background.remove", "background.set", "exposure"}
    assert not found.open_questions
    assert [q.key for q in plan("Same as last time but a bit brighter").open_questions] == ["previous_order"]


@pytest.mark.parametrize(
    ("text", "op"),
    [
        ("Remove the price tag", "remove_object"),
        ("Falten entfernen", "retouch"),
        ("ghost mannequin", "ghost_mannequin"),
        ("match the swatch", "colour.match"),
        ("show it on a model", "generate.model"),
        ("keep the natural shadow", "shadow"),
        ("mirror reflection below", "shadow"),
        ("layered PSD", "export"),
        ("Please recolour the red jacket to navy", "colour.replace"),
    ],
)
def test_wishes_without_an_engine_are_listed_with_a_reason(text: str, op: str) -> None:
    found = plan(text)
    assert op in {u.op for u in found.unsupported}
    assert all(u.reason and not u.refused for u in found.unsupported)
    assert op == "export" or op not in ops(found)


def test_an_invented_view_is_refused_while_the_rest_is_done() -> None:
    found = plan("The shop needs a back view too, please create one from the front photo. White bg.")
    assert any(u.refused for u in found.unsupported)
    assert {"background.remove", "background.set"} <= ops(found)


def test_too_long_an_instruction_is_refused() -> None:
    with pytest.raises(InvalidInputError) as caught:
        plan("white " * (MAX_WISH // 6 + 1))
    assert caught.value.code == "too_long"


def test_a_long_brief_is_read_to_its_end() -> None:
    found = plan("The shop opens at nine and closes at six. " * 400 + "White background, please.")
    assert {"background.remove", "background.set"} <= ops(found)


def test_files_that_were_not_uploaded_are_named() -> None:
    found = plan("Flip IMG_9.jpg", names=("IMG_1.jpg",), formats=("jpeg",))
    assert any("IMG_9.jpg" in w.about for w in found.warnings)


@pytest.mark.parametrize("text", ["Dear team, thanks a lot!", "Hallo zusammen, vielen Dank und liebe Grüße, Anna", ""])
def test_politeness_alone_asks_for_nothing(text: str) -> None:
    found = plan(text)
    assert not ops(found)
    assert not [u for u in found.unsupported if u.words != "Anna"]


def test_a_deliverable_is_called_what_the_customer_calls_it() -> None:
    brief = "White background. Two versions:\n- Shop: 2000 x 2000 px, JPEG\n- thumb: 600 x 600 px, WebP"
    assert plan(brief).output_names == ("shop", "thumb")


def test_a_wish_for_one_kind_of_product_says_that_it_was_taken_for_all() -> None:
    assert any("not looked at" in a.about for a in plan("Brighten the shoes a bit.").assumptions)
    assert not any("not looked at" in a.about for a in plan("Brighten the pictures a bit.").assumptions)


def test_an_answer_that_no_engine_could_carry_out_is_not_offered() -> None:
    found = plan("Crop to 4:5, 50000 x 50000 px.")
    assert not found.questions
    assert found.unsupported
