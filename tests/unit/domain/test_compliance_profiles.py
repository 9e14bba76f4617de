"""Every bundled profile, held against pictures on both sides of each of its limits."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.profiles import BundledProfiles
from core.domain.compliance import (
    FIELDS,
    MEASURES,
    ComplianceReport,
    Kind,
    MarketplaceProfile,
    Measurements,
    Operator,
    Rule,
    RuleResult,
    Severity,
    Status,
    Verdict,
    check,
)

CHECKED = dt.date(2026, 11, 21)
PROFILES = BundledProfiles().list()
BY_ID = {profile.id: profile for profile in PROFILES}

# A studio picture that most marketplaces take; each profile below says in what its own picture differs.
STUDIO: dict[str, Any] = {
    "width": 2000,
    "height": 2000,
    "bytes": 1_500_000,
    "format": "jpeg",
    "extension": "jpg",
    "icc": "sRGB IEC61966-2.1",
    "icc_space": "rgb",
    "colour_space": "rgb",
    "bit_depth": 8,
    "has_alpha": False,
    "orientation": 1,
    "background_white_share": 1.0,
    "background_transparent_share": 0.0,
    "background_worst_colour": (255, 255, 255),
    "background_worst_at": (0, 0),
    "fill_longest_side": 0.85,
    "fill_width": 0.6,
    "fill_height": 0.85,
    "fill_area": 0.4,
    "dpi": 72,
    "animated": False,
    "file_name": "00012345600012.jpg",
}
SUITABLE: dict[str, dict[str, Any]] = {
    "aboutyou_apparel": {},
    "ajio_main": {"width": 1200, "height": 1500},
    "amazon_main": {},
    "amazon_other": {"height": 1300, "background_white_share": 0.0},
    "ebay_main": {},
    "etsy_listing": {},
    "facebook_page": {"width": 1200, "height": 630},
    "google_shopping": {},
    "instagram_ads": {"width": 1080, "height": 1080},
    "instagram_feed": {"width": 1080, "height": 1350},
    "pinterest_pin": {"width": 1000, "height": 1500},
    "shopify_product": {"width": 2048, "height": 2048},
    "vtex_catalog": {},
    "walmart_main": {"width": 2200, "height": 2200},
    "zalando_model": {"width": 1801, "height": 2600, "background_white_share": 0.0},
    "zalando_packshot": {"width": 1801, "height": 2600},
    "zalora_main": {"width": 762, "height": 1100, "bytes": 900_000},
}
STEPS = {"px": 1, "pixels": 1, "bytes": 1, "bits": 1, "": 1, "share": 0.0001, "ratio": 0.0001, "dpi": 0.1}


def picture(profile_id: str, **changes: Any) -> Measurements:
    return Measurements(**(STUDIO | SUITABLE[profile_id] | changes))


def raw(measure: str, value: Any) -> dict[str, Any]:
    """Return fields of the measurements that make a measure take a value."""
    made: dict[str, Callable[[], dict[str, Any]]] = {
        "longest_side": lambda: {"width": value, "height": value},
        "shortest_side": lambda: {"width": value, "height": value},
        "pixel_count": lambda: {"width": value, "height": 1},
        "aspect": lambda: {"width": round(value * 1_000_000), "height": 1_000_000},
        "background_plain_share": lambda: {"background_white_share": value, "background_transparent_share": 0.0},
        "extension_fits": lambda: {"format": "png", "extension": "png" if value else "jpg"},
        "is_srgb": lambda: {"icc": "sRGB" if value else "Display P3", "colour_space": "rgb"},
        "profile_fits": lambda: {"icc": "FOGRA39", "icc_space": "cmyk", "colour_space": "cmyk" if value else "rgb"},
        "file_name_is_plain": lambda: {"file_name": "shoe_1-a.jpg" if value else "shoe 1.jpg"},
        "file_name_is_gtin14": lambda: {"file_name": "00012345600012.jpg" if value else "00012345600013.jpg"},
    }
    return made.get(measure, lambda: {measure: value})()


def edges(rule: Rule) -> Iterator[tuple[Any, bool]]:
    """Yield values at each limit of a numeric rule (accepted) and one step beyond it (not accepted)."""
    limit: Any = rule.value
    step, slack = STEPS[rule.unit], rule.tolerance or 0  # the whole number 0 keeps whole limits whole
    low, high = limit if isinstance(limit, tuple) else (limit, limit)
    if rule.operator is not Operator.MAX:
        inside = low - slack + (step if slack else 0)  # a sum of floats is not exactly the edge
        yield inside, True
        if low - slack - step > 0:
            yield low - slack - step, False
    if rule.operator is not Operator.MIN:
        yield high + slack - (step if slack else 0), True
        yield high + slack + step, False


def numeric_cases() -> Iterator[Any]:
    for profile in PROFILES:
        for rule in profile.rules:
            if rule.measure and MEASURES[rule.measure].kind is Kind.NUMBER:
                for value, accepted in edges(rule):
                    word = "within" if accepted else "beyond"
                    yield pytest.param(profile, rule, value, accepted, id=f"{profile.id}-{rule.id}-{value:.6g}-{word}")


def other_cases() -> Iterator[Any]:
    for profile in PROFILES:
        for rule in profile.rules:
            if not rule.measure or MEASURES[rule.measure].kind is Kind.NUMBER:
                continue
            limit: Any = rule.value
            good = limit if isinstance(limit, tuple) else (limit,)
            for value in (*good, (not limit) if isinstance(limit, bool) else "psd"):
                yield pytest.param(profile, rule, value, value in good, id=f"{profile.id}-{rule.id}-{value}")


def day_in_force(rule: Rule) -> dt.date:
    return rule.effective_from or CHECKED


def result_of(report: ComplianceReport, rule: Rule) -> RuleResult:
    return next(result for result in report.results if result.rule_id == rule.id)


def test_the_seventeen_profiles_are_there() -> None:
    assert set(BY_ID) == set(SUITABLE)
    assert len(BY_ID) == 17


@pytest.mark.parametrize("profile_id", sorted(SUITABLE))
def test_a_suitable_picture_breaks_no_rule(profile_id: str) -> None:
    report = check(BY_ID[profile_id], picture(profile_id), on=CHECKED)
    assert report.failures == ()
    # About You publishes no hard limit for a file: nothing was proved, and the verdict says so.
    assert report.verdict is (Verdict.UNKNOWN if profile_id == "aboutyou_apparel" else Verdict.COMPLIANT)
    assert f"{report.not_checked} not checked" in report.summary


@pytest.mark.parametrize(("profile", "rule", "value", "accepted"), [*numeric_cases(), *other_cases()])
def test_each_limit_decides_exactly_at_its_edge(
    profile: MarketplaceProfile, rule: Rule, value: Any, accepted: bool
) -> None:
    report = check(profile, picture(profile.id, **raw(rule.measure or "", value)), on=day_in_force(rule))
    result = result_of(report, rule)
    missed = Status.FAIL if rule.severity is Severity.HARD else Status.ADVICE
    assert result.status is (Status.PASS if accepted else missed)
    assert result.limit == rule.value
    if result.status is Status.FAIL:
        assert report.verdict is Verdict.NOT_COMPLIANT


def test_each_numeric_rule_is_hit_on_both_sides() -> None:
    hit = {(case.values[0].id, case.values[1].id, case.values[3]) for case in numeric_cases()}
    rules = {(p.id, r.id) for p in PROFILES for r in p.rules if r.measure and MEASURES[r.measure].kind is Kind.NUMBER}
    assert hit == {(*rule, side) for rule in rules for side in (True, False)}
    assert len(rules) > 100


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.id)
def test_a_picture_nobody_measured_passes_nothing(profile: MarketplaceProfile) -> None:
    report = check(profile, Measurements(), on=CHECKED)
    assert {result.status for result in report.results} <= {Status.NOT_CHECKED, Status.NOT_YET_EFFECTIVE}
    assert report.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.id)
def test_what_only_a_person_can_judge_is_never_passed(profile: MarketplaceProfile) -> None:
    report = check(profile, picture(profile.id), on=CHECKED)
    manual = {rule.id for rule in profile.rules if rule.operator is Operator.MANUAL}
    assert {r.status for r in report.results if r.rule_id in manual} <= {Status.NOT_CHECKED}
    assert report.not_checked >= len(manual)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.id)
def test_what_the_preset_makes_passes_the_profile_it_belongs_to(profile: MarketplaceProfile) -> None:
    preset = profile.preset
    edge = preset.min_long_edge_px or STUDIO["width"]
    made: dict[str, Any] = {"width": preset.canvas_width or edge, "height": preset.canvas_height or edge}
    made["bytes"] = preset.max_bytes or STUDIO["bytes"]
    made["dpi"] = preset.dpi or 300
    made["background_white_share"] = 1.0 if preset.background == "#FFFFFF" else 0.0
    for fill in (preset.fill_min or 0.5, preset.fill_max or 1.0):
        for image_format in preset.formats or ("jpeg",):
            files = {"format": image_format, "extension": image_format, "fill_longest_side": fill}
            assert check(profile, Measurements(**(STUDIO | made | files)), on=CHECKED).failures == ()


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.id)
def test_every_fact_tells_where_it_comes_from(profile: MarketplaceProfile) -> None:
    assert profile.version == profile.checked_on == CHECKED
    for result in check(profile, picture(profile.id), on=CHECKED).results:
        assert result.source
        assert "read 2026-11-21" in result.message or result.trust == "H"


UNVERIFIED = {
    "aboutyou_apparel", "ajio_main", "amazon_main", "amazon_other", "ebay_main", "etsy_listing", "google_shopping",
    "walmart_main", "zalando_model", "zalando_packshot",
}  # fmt: skip


@pytest.mark.parametrize("profile_id", sorted(SUITABLE))
def test_a_report_says_when_its_profile_holds_unverified_values(profile_id: str) -> None:
    report = check(BY_ID[profile_id], picture(profile_id), on=CHECKED)
    assert report.unverified is (profile_id in UNVERIFIED)
    assert ("unverified values" in report.summary) is report.unverified


@pytest.mark.parametrize(
    ("day", "new", "old", "verdict"),
    [
        (dt.date(2026, 11, 21), Status.NOT_YET_EFFECTIVE, Status.PASS, Verdict.COMPLIANT),
        (dt.date(2027, 1, 30), Status.NOT_YET_EFFECTIVE, Status.PASS, Verdict.COMPLIANT),
        (dt.date(2027, 1, 31), Status.FAIL, None, Verdict.NOT_COMPLIANT),
    ],
)
def test_googles_larger_size_replaces_the_smaller_on_its_day(
    day: dt.date, new: Status, old: Status | None, verdict: Verdict
) -> None:
    report = check(BY_ID["google_shopping"], picture("google_shopping", width=499, height=800), on=day)
    found = {result.rule_id: result for result in report.results}
    assert found["shortest_side"].status is new
    earlier = found.get("shortest_side_until_2027")
    assert (earlier.status if earlier else None) is old
    assert report.verdict is verdict
    if new is Status.NOT_YET_EFFECTIVE:
        assert found["shortest_side"].message.startswith(
            "Not in force before 2027-01-31, this picture would not meet it: Shortest side 499 px; at least 500 px"
        )


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "width": st.integers(1, 12_000),
    "height": st.integers(1, 12_000),
    "bytes": st.integers(1, 30_000_000),
    "format": st.sampled_from(["jpeg", "png", "gif", "webp", "tiff", "psd"]),
    "extension": st.sampled_from(["jpg", "png", "gif", "tif"]),
    "icc": st.sampled_from(["", "sRGB", "Adobe RGB (1998)", "FOGRA39"]),
    "icc_space": st.sampled_from(["rgb", "cmyk", "grey"]),
    "colour_space": st.sampled_from(["rgb", "cmyk", "grey"]),
    "bit_depth": st.sampled_from([8, 16]),
    "orientation": st.integers(1, 8),
    "background_worst_colour": st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255)),
    "background_worst_at": st.tuples(st.integers(0, 99), st.integers(0, 99)),
    "dpi": st.sampled_from([72, 300]),
    "file_name": st.sampled_from(["00012345600012.jpg", "a b.jpg", "shoe.jpg"]),
} | dict.fromkeys(("has_alpha", "animated"), st.booleans())
SHARES = st.one_of(st.sampled_from([0.0, 0.82, 0.9, 1.0]), st.floats(0, 1))
PICTURES = st.fixed_dictionaries({}, optional={name: VALUES.get(name, SHARES) for name in FIELDS})


def near_suitable(profile: MarketplaceProfile) -> st.SearchStrategy[dict[str, Any]]:
    """Pictures with few deviations: wild ones pass so little that there is nothing to lose."""
    return PICTURES.map(lambda wild: STUDIO | SUITABLE[profile.id] | dict(list(wild.items())[:3]))


Checker = Callable[..., ComplianceReport]


def assert_forgetting_never_helps(checker: Checker) -> None:
    @settings(derandomize=True, database=None, max_examples=300, deadline=None, report_multiple_bugs=False)
    @given(st.data())
    def prove(data: st.DataObject) -> None:
        profile = BY_ID[data.draw(st.sampled_from(sorted(BY_ID)))]
        values = data.draw(st.one_of(PICTURES, near_suitable(profile)))
        dropped = data.draw(st.sets(st.sampled_from(FIELDS), max_size=4))
        day = data.draw(st.sampled_from([CHECKED, dt.date(2027, 6, 1)]))
        before = checker(profile, Measurements(**values), on=day)
        less = {name: value for name, value in values.items() if name not in dropped}
        after = checker(profile, Measurements(**less), on=day)
        for old, new in zip(before.results, after.results, strict=True):
            assert new.status in (old.status, Status.NOT_CHECKED)
            assert new.measured is not None or new.status is not Status.PASS
        assert after.verdict in (before.verdict, Verdict.UNKNOWN)

    prove()


def test_forgetting_a_measure_never_turns_anything_into_a_pass() -> None:
    assert_forgetting_never_helps(check)


def test_the_property_catches_a_checker_that_passes_what_was_not_measured() -> None:
    def lenient(profile: MarketplaceProfile, measurements: Measurements, *, on: dt.date) -> ComplianceReport:
        report = check(profile, measurements, on=on)
        results = tuple(
            attrs.evolve(r, status=Status.PASS) if r.status is Status.NOT_CHECKED and r.limit is not None else r
            for r in report.results
        )
        return attrs.evolve(report, results=results)

    with pytest.raises(AssertionError):
        assert_forgetting_never_helps(lenient)
