"""The check itself on small profiles made for it: statuses, verdicts, sentences, refused values."""

import datetime as dt
from typing import Any

import pytest

from core.domain.compliance import (
    MEASURES,
    MarketplaceProfile,
    Measurements,
    Operator,
    Preset,
    Rule,
    Severity,
    Status,
    Trust,
    Verdict,
    check,
)
from core.errors import InvalidInputError

DAY = dt.date(2026, 11, 21)


def rule(**changes: Any) -> Rule:
    values: dict[str, Any] = {
        "id": "longest",
        "measure": "longest_side",
        "operator": Operator.MIN,
        "value": 1000,
        "unit": "px",
        "severity": Severity.HARD,
        "source": "a page",
        "trust": Trust.SECOND_HAND,
        "checked_on": DAY,
    }
    return Rule(**(values | changes))


def manual(**changes: Any) -> Rule:
    empty = {"measure": None, "value": None, "unit": ""}
    return rule(**({"id": "no_text", "operator": Operator.MANUAL, "statement": "No text."} | empty | changes))


def profile(*rules: Rule, **changes: Any) -> MarketplaceProfile:
    values: dict[str, Any] = {"id": "shop", "title": "Shop", "operator": "Shop", "version": DAY, "checked_on": DAY}
    return MarketplaceProfile(**(values | {"rules": rules} | changes))


def message(one: Rule, on: dt.date = DAY, **measured: Any) -> str:
    return check(profile(one), Measurements(**measured), on=on).results[0].message


def verdict(*rules: Rule, **measured: Any) -> Verdict:
    return check(profile(*rules), Measurements(**measured), on=DAY).verdict


BIG: dict[str, Any] = {"width": 1200, "height": 900}


@pytest.mark.parametrize(
    ("one", "measured", "sentence"),
    [
        (
            rule(purpose="for zoom"),
            {"width": 800, "height": 600},
            "Longest side 800 px; at least 1000 px is required for zoom (second-hand source, read 2026-11-21)",
        ),
        (
            rule(severity=Severity.ADVICE, trust=Trust.OPERATOR),
            BIG,
            "Longest side 1200 px; at least 1000 px is advised (operator's own page, read 2026-11-21)",
        ),
        (
            rule(measure="bytes", operator=Operator.MAX, value=10_000_000, unit="bytes", trust=Trust.UNVERIFIED),
            {"bytes": 10_000_001},
            "File size 10,000,001 bytes; at most 10,000,000 bytes is allowed (unverified, read 2026-11-21)",
        ),
        (
            rule(measure="fill_longest_side", value=0.85, unit="share", trust=Trust.DISPUTED),
            {"fill_longest_side": 0.849996},
            (
                "Fill on the longest side 84.9996 %; at least 85 % is required "
                "(second-hand sources that disagree, read 2026-11-21)"
            ),
        ),
        (
            rule(measure="aspect", operator=Operator.EQUALS, value=0.6944, unit="ratio", tolerance=0.005),
            {"width": 1801, "height": 2600},
            "Aspect ratio (width / height) 0.693; 0.6944 ± 0.005 is required (second-hand source, read 2026-11-21)",
        ),
        (
            rule(measure="width", operator=Operator.BETWEEN, value=(320, 1440)),
            {"width": 1441},
            "Width 1441 px; 320 px to 1440 px is required (second-hand source, read 2026-11-21)",
        ),
        (
            rule(measure="format", operator=Operator.ONE_OF, value=("jpeg", "png"), unit="", trust=Trust.DEVELOPER),
            {"format": "GIF"},
            "Format gif; one of jpeg, png is required (operator's developer page, read 2026-11-21)",
        ),
        (
            rule(measure="animated", operator=Operator.EQUALS, value=False, unit=""),
            {"animated": True},
            "Found an animated picture; a still picture is required (second-hand source, read 2026-11-21)",
        ),
        (
            rule(measure="background_white_share", value=0.995, unit="share"),
            {
                "background_white_share": 0.972,
                "background_worst_colour": [240, 240, 238],
                "background_worst_at": [12, 900],
            },
            (
                "Pure white share of the background 97.2 % (worst colour 240,240,238 at x=12, y=900); "
                "at least 99.5 % is required (second-hand source, read 2026-11-21)"
            ),
        ),
        (
            rule(),
            {},
            (
                "Not checked, longest side was not measured: at least 1000 px is required "
                "(second-hand source, read 2026-11-21)"
            ),
        ),
        (manual(), BIG, "Not checked, a person has to judge: No text. (second-hand source, read 2026-11-21)"),
    ],
)
def test_a_message_holds_the_measured_value_against_the_limit(
    one: Rule, measured: dict[str, Any], sentence: str
) -> None:
    assert message(one, **measured) == sentence


@pytest.mark.parametrize(("width", "accepted"), [(299, False), (300, True), (520, True), (521, False)])
def test_a_range_may_have_slack_on_both_sides(width: int, accepted: bool) -> None:
    slack = rule(measure="width", operator=Operator.BETWEEN, value=(310, 510), tolerance=10)
    report = check(profile(slack), Measurements(width=width), on=DAY)
    assert report.results[0].status is (Status.PASS if accepted else Status.FAIL)


def test_a_miss_is_never_shown_as_the_limit_itself() -> None:
    fill = rule(measure="fill_longest_side", value=0.85, unit="share")
    shown = message(fill, fill_longest_side=0.85 - 1e-9)
    assert "84.9999999 %; at least 85 %" in shown


def test_an_announced_rule_decides_nothing_before_its_day_and_everything_from_it() -> None:
    later = rule(effective_from=dt.date(2027, 1, 31))
    small = Measurements(width=10, height=10)
    before = check(profile(later), small, on=dt.date(2027, 1, 30))
    assert [r.status for r in before.results] == [Status.NOT_YET_EFFECTIVE]
    assert before.verdict is Verdict.UNKNOWN
    assert "1 not yet in force" in before.summary
    assert check(profile(later), small, on=dt.date(2027, 1, 31)).verdict is Verdict.NOT_COMPLIANT
    assert "this picture would meet it" in message(later, **BIG)
    assert message(later).startswith("Not in force before 2027-01-31: Not checked")


def test_a_replaced_rule_is_left_out_from_the_day_of_its_replacement() -> None:
    old = rule(effective_until=dt.date(2027, 1, 31))
    assert len(check(profile(old), Measurements(), on=dt.date(2027, 1, 30)).results) == 1
    assert check(profile(old), Measurements(), on=dt.date(2027, 1, 31)).results == ()


def test_verdicts() -> None:
    size = rule(id="bytes", measure="bytes", operator=Operator.MAX, value=100, unit="bytes")
    advice = rule(id="more", value=5000, severity=Severity.ADVICE)
    assert verdict(rule(), advice, manual(), **BIG) is Verdict.COMPLIANT
    assert verdict(rule(), size, **BIG) is Verdict.UNKNOWN  # a hard rule could have been measured and was not
    assert verdict(rule(), size, bytes=101, **BIG) is Verdict.NOT_COMPLIANT
    assert verdict(size, rule(), bytes=101) is Verdict.NOT_COMPLIANT  # one failure is enough, whatever is unknown
    assert verdict(advice, **BIG) is Verdict.UNKNOWN  # advice proves nothing
    assert verdict(manual(), **BIG) is Verdict.UNKNOWN


def test_a_summary_counts_what_was_not_checked() -> None:
    report = check(profile(rule(), manual(trust=Trust.UNVERIFIED)), Measurements(**BIG), on=DAY)
    assert report.verdict is Verdict.COMPLIANT
    assert report.summary == (
        "No hard failure for Shop (rules of 2026-11-21): 1 passed, 0 failed, 0 advised otherwise, 1 not checked. "
        "The profile contains unverified values."
    )


@pytest.mark.parametrize(
    ("measure", "measured", "value"),
    [
        ("extension_fits", {"format": "jpeg", "extension": ".JPG"}, True),
        ("extension_fits", {"format": "tif", "extension": "tiff"}, True),
        ("extension_fits", {"format": "webp", "extension": "jpg"}, False),
        ("extension_fits", {"format": "webp"}, None),
        ("is_srgb", {"icc": "sRGB IEC61966-2.1", "colour_space": "rgb"}, True),
        ("is_srgb", {"icc": "", "colour_space": "rgb"}, True),
        ("is_srgb", {"icc": "Display P3", "colour_space": "rgb"}, False),
        ("is_srgb", {"icc": "", "colour_space": "cmyk"}, False),
        ("is_srgb", {"colour_space": "rgb"}, None),
        ("profile_fits", {"icc": "", "colour_space": "cmyk"}, True),
        ("profile_fits", {"icc": "FOGRA39", "icc_space": "cmyk", "colour_space": "rgb"}, False),
        ("profile_fits", {"icc": "FOGRA39", "colour_space": "rgb"}, None),
        ("background_plain_share", {"background_white_share": 0.25, "background_transparent_share": 0.5}, 0.75),
        ("background_plain_share", {"background_white_share": 1.0}, None),
        ("file_name_is_gtin14", {"file_name": "00012345600012.jpg"}, True),
        ("file_name_is_gtin14", {"file_name": "00012345600021.jpg"}, False),
        ("file_name_is_gtin14", {"file_name": "0001234560001.jpg"}, False),
        ("file_name_is_plain", {"file_name": "shoe_left-1.jpg"}, True),
        ("file_name_is_plain", {"file_name": "schuhgröße.jpg"}, False),
        ("file_name_is_plain", {"file_name": "a b.jpg"}, False),
        ("pixel_count", {"width": 20, "height": 30}, 600),
        ("aspect", {"width": 4, "height": 5}, 0.8),
        ("longest_side", {"width": 4, "height": 5}, 5),
        ("longest_side", {"width": 5, "height": 4}, 5),
        ("shortest_side", {"width": 4, "height": 5}, 4),
        ("shortest_side", {"width": 5, "height": 4}, 4),
        ("shortest_side", {"width": 4}, None),
    ],
)
def test_derived_measures(measure: str, measured: dict[str, Any], value: object) -> None:
    assert MEASURES[measure].read(Measurements(**measured)) == value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("width", 0),
        ("width", 10.0),
        ("width", True),
        ("bytes", -1),
        ("bit_depth", 0),
        ("orientation", 9),
        ("background_white_share", 1.01),
        ("fill_longest_side", float("nan")),
        ("fill_area", -0.1),
        ("dpi", float("inf")),
        ("dpi", 0),
        ("has_alpha", 1),
        ("icc", 3),
        ("format", 3),
        ("background_worst_colour", (256, 0, 0)),
        ("background_worst_colour", (0, 0)),
        ("background_worst_at", (-1, 0)),
    ],
)
def test_a_value_that_cannot_be_true_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(InvalidInputError, match=f"Measurement {field} is") as caught:
        Measurements.from_mapping({field: value})
    assert caught.value.details == {"field": field}


def test_measurements_take_what_they_know_from_an_engines_figures() -> None:
    taken = Measurements.from_mapping({"width": 5, "sharpness": 0.3, "background_worst_colour": [1, 2, 3], "dpi": None})
    assert taken.as_mapping() == {"width": 5, "background_worst_colour": (1, 2, 3)}


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("id", {"id": "Longest Side"}),
        ("measure", {"measure": "longest"}),
        ("measure", {"measure": None}),
        ("operator", {"operator": Operator.ONE_OF, "value": ("1000",)}),
        ("operator", {"measure": "format", "unit": "", "operator": Operator.MAX}),
        ("value", {"value": "1000"}),
        ("value", {"value": True}),
        ("value", {"value": float("nan")}),
        ("value", {"operator": Operator.BETWEEN, "value": (5, 1)}),
        ("value", {"operator": Operator.BETWEEN, "value": (5,)}),
        ("value", {"measure": "format", "unit": "", "operator": Operator.ONE_OF, "value": ()}),
        ("value", {"measure": "animated", "unit": "", "operator": Operator.EQUALS, "value": 1}),
        ("unit", {"unit": "cm"}),
        ("tolerance", {"tolerance": 1.0}),
        ("tolerance", {"operator": Operator.EQUALS, "tolerance": -1.0}),
        ("source", {"source": ""}),
        ("severity", {"trust": Trust.HOUSE}),
        ("effective_until", {"effective_from": DAY, "effective_until": DAY}),
        ("statement", {"operator": Operator.MANUAL, "measure": None, "value": None, "unit": ""}),
        ("measure", {"operator": Operator.MANUAL, "statement": "No text."}),
    ],
)
def test_a_rule_that_could_not_be_checked_is_refused_by_field(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        rule(**changes)
    assert caught.value.details["field"] == field


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("canvas_height", {"canvas_width": 100}),
        ("canvas_width", {"canvas_width": 0, "canvas_height": 1}),
        ("max_bytes", {"max_bytes": 1.5}),
        ("fill_max", {"fill_min": 0.9, "fill_max": 0.8}),
        ("fill_min", {"fill_min": 85}),
        ("max_long_edge_px", {"min_long_edge_px": 2, "max_long_edge_px": 1}),
        ("aspect", {"aspect": "square"}),
        ("background", {"background": "white"}),
        ("formats", {"formats": ()}),
        ("jpeg_quality", {"jpeg_quality": 101}),
        ("shadow", {"shadow": "hard"}),
    ],
)
def test_a_preset_that_no_edit_could_follow_is_refused_by_field(field: str, values: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        Preset(**values)
    assert caught.value.details["field"] == field


@pytest.mark.parametrize(
    ("field", "rules", "changes"),
    [
        ("id", (rule(),), {"id": "My Shop"}),
        ("title", (rule(),), {"title": ""}),
        ("rules", (), {}),
        ("rules", (rule(), rule(value=5)), {}),
    ],
)
def test_a_profile_needs_a_name_and_each_rule_once(
    field: str, rules: tuple[Rule, ...], changes: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        profile(*rules, **changes)
    assert caught.value.details["field"] == field


def test_a_preset_shows_only_the_keys_that_are_set() -> None:
    assert Preset(background="#FFFFFF", formats=("jpeg",)).as_mapping() == {
        "background": "#FFFFFF",
        "formats": ("jpeg",),
    }
