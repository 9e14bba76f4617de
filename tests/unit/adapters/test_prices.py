"""Which price list applies, and what is refused as one."""

import datetime as dt
from pathlib import Path

import pytest

from adapters.prices import BundledPrices
from core.errors import InvalidInputError, NotFoundError

TODAY = dt.date(2026, 11, 21)
NEXT = """
version = "2027-01-01"
valid_from = 2027-01-01
source = "decided by the owner"
[credits]
studio_edit = 2
"""


@pytest.mark.parametrize(
    ("operation", "credits"),
    [
        pytest.param("raster_generation", 4, marks=pytest.mark.req("S2-TOK-04")),
        pytest.param("vector_generation", 8, marks=pytest.mark.req("S2-TOK-05")),
        pytest.param("vector_illustration", 8, marks=pytest.mark.req("S2-TOK-06")),
        pytest.param("vectorization", 4, marks=pytest.mark.req("S2-TOK-07")),
        pytest.param("background_removal", 4, marks=pytest.mark.req("S2-TOK-08")),
        pytest.param("clarity_upscale", 4, marks=pytest.mark.req("S2-TOK-09")),
        pytest.param("generative_upscale", 80, marks=pytest.mark.req("S2-TOK-10")),
        pytest.param("style_creation", 4, marks=pytest.mark.req("S2-TOK-11")),
        ("preset_generation", 1),
        ("personal_generation", 4),
        ("studio_edit", 1),
        ("virtual_tryon", 4),
        ("model_training", 40),
        ("assistant_message", 0),
    ],
)
def test_the_first_list(operation: str, credits: int) -> None:
    prices = BundledPrices().current(TODAY)
    assert prices.version == "2026-11-21"
    assert prices.source
    assert prices.price(operation) == credits


@pytest.mark.req("S2-TOK-14")
def test_an_operation_that_is_not_on_the_list_is_refused() -> None:
    with pytest.raises(InvalidInputError) as caught:
        BundledPrices().current(TODAY).price("teleportation")
    assert caught.value.code == "invalid_operation"


def test_a_list_applies_from_its_first_day_and_earlier_ones_stay_readable(tmp_path: Path) -> None:
    (tmp_path / "next.toml").write_text(NEXT)
    prices = BundledPrices(tmp_path)
    assert prices.current(dt.date(2026, 12, 31)).price("studio_edit") == 1
    assert prices.current(dt.date(2027, 1, 1)).price("studio_edit") == 2
    assert prices.current(dt.date(2020, 1, 1)).version == "2026-11-21"
    assert prices.get("2026-11-21").price("studio_edit") == 1
    assert [found.version for found in prices.list()] == ["2026-11-21", "2027-01-01"]


def test_an_own_list_wins_over_the_bundled_one_of_the_same_day(tmp_path: Path) -> None:
    own = NEXT.replace("valid_from = 2027-01-01", "valid_from = 2026-11-21").replace('"2027-01-01"', '"agency"')
    (tmp_path / "agency.toml").write_text(own)
    assert BundledPrices(tmp_path).current(TODAY).version == "agency"


def test_an_unknown_version_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="'1999'"):
        BundledPrices().get("1999")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("studio_edit = 2", "studio_edit = 2.5"), "studio_edit must cost a whole number"),
        (("studio_edit = 2", "studio_edit = -1"), "studio_edit must cost"),
        (("studio_edit = 2", "studio_edit = true"), "studio_edit must cost"),
        (("studio_edit = 2", '"Studio edit" = 2'), "'Studio edit' is not the name"),
        (("studio_edit = 2", ""), "[credits] is missing or empty"),
        (("valid_from = 2027-01-01", 'valid_from = "soon"'), "valid_from must be a date"),
        (("valid_from = 2027-01-01", "valid_from = 2027-01-01T00:00:00Z"), "valid_from must be a date"),
        (('version = "2027-01-01"', "version = 2027"), "version must be a short name"),
        (('version = "2027-01-01"', 'version = "2026-11-21"'), "2026-11-21 exists twice"),
        (("source =", "origin ="), "origin is not a field"),
        (("[credits]", "[credits"), "cannot be read"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    (tmp_path / "next.toml").write_text(NEXT.replace(*change))
    with pytest.raises(InvalidInputError) as caught:
        BundledPrices(tmp_path)
    assert said in str(caught.value)
    assert caught.value.code == "invalid_price_list"


def test_a_missing_folder_is_an_error_and_not_an_empty_list(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="no such folder"):
        BundledPrices(tmp_path / "prices")
