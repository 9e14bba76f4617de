"""The catalogue of profiles: names, an agency's own folder, and files that are refused."""

from pathlib import Path

import pytest

from adapters.profiles import BundledProfiles
from core.ports.profiles import ProfileCatalogue, ProfileFileError, ProfileNotFoundError

SHOP = """
id = "shop"
title = "Our shop"
operator = "Agency"
version = 2026-11-21
checked_on = 2026-11-20
aliases = ["Shop Hero"]

[preset]
canvas_width = 100
canvas_height = 120
formats = ["png"]

[[rules]]
id = "width"
measure = "width"
operator = "min"
value = 100
unit = "px"
severity = "hard"
source = "style guide"
trust = "O"

[[not_checkable]]
id = "props"
statement = "No props."
severity = "advice"
source = "style guide"
trust = "O"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop.toml").write_text(SHOP, encoding="utf-8")
    return tmp_path


def write(folder: Path, name: str, *changes: tuple[str, str]) -> BundledProfiles:
    text = SHOP
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / name).write_text(text, encoding="utf-8")
    return BundledProfiles(folder)


@pytest.mark.parametrize(
    ("name", "profile_id"),
    [
        ("amazon_main", "amazon_main"),
        ("amazon", "amazon_main"),
        ("Amazon main image", "amazon_main"),
        ("  AMAZON-Main  image ", "amazon_main"),
        ("insta", "instagram_feed"),
        ("Instagram", "instagram_feed"),
        ("about you", "aboutyou_apparel"),
    ],
)
def test_profiles_are_found_by_id_title_and_alias(name: str, profile_id: str) -> None:
    catalogue: ProfileCatalogue = BundledProfiles()
    assert catalogue.get(name).id == profile_id
    found = catalogue.find(name)
    assert found is not None
    assert found.id == profile_id


def test_every_name_leads_to_the_profile_that_bears_it() -> None:
    catalogue = BundledProfiles()
    names = catalogue.names()
    for profile in catalogue.list():
        for name in (profile.id, profile.title, *profile.aliases):
            assert catalogue.get(name) is profile
    assert {names[name] for name in names} == {profile.id for profile in catalogue.list()}
    assert names["amazon main image"] == "amazon_main"


def test_the_list_is_ordered_by_id() -> None:
    ids = [profile.id for profile in BundledProfiles().list()]
    assert ids == sorted(ids)


def test_an_unknown_name_is_answered_with_the_closest_ids() -> None:
    catalogue = BundledProfiles()
    assert catalogue.find("amazn") is None
    with pytest.raises(ProfileNotFoundError, match="did you mean amazon_main"):
        catalogue.get("amazn")
    with pytest.raises(ProfileNotFoundError, match="known are aboutyou_apparel, ajio_main"):
        catalogue.get("xyzzy 123")


def test_nothing_is_read_before_the_first_question(tmp_path: Path) -> None:
    catalogue = BundledProfiles(tmp_path)
    (tmp_path / "shop.toml").write_text(SHOP, encoding="utf-8")
    assert catalogue.get("shop").title == "Our shop"
    (tmp_path / "shop.toml").unlink()
    assert catalogue.get("shop").title == "Our shop"


def test_an_agency_adds_its_profiles(folder: Path) -> None:
    (folder / "notes.txt").write_text("not a profile", encoding="utf-8")
    catalogue = BundledProfiles(folder)
    shop = catalogue.get("shop hero")
    assert shop.preset.as_mapping() == {"canvas_width": 100, "canvas_height": 120, "formats": ("png",)}
    assert [rule.id for rule in shop.rules] == ["width", "props", "extension_fits", "profile_fits", "upright"]
    assert shop.rules[0].checked_on == shop.checked_on
    assert not shop.is_unverified
    assert len(catalogue.list()) == len(BundledProfiles().list()) + 1


def test_an_agency_replaces_a_bundled_profile_and_takes_its_names(tmp_path: Path) -> None:
    catalogue = write(tmp_path, "amazon_main.toml", ('id = "shop"', 'id = "amazon_main"'))
    assert catalogue.get("amazon_main").title == "Our shop"
    assert catalogue.get("shop hero").id == "amazon_main"
    assert catalogue.find("Amazon") is None  # the replaced profile's aliases went with it
    assert len(catalogue.list()) == len(BundledProfiles().list())


def test_an_agency_redirects_an_alias(tmp_path: Path) -> None:
    catalogue = write(tmp_path, "shop.toml", ('["Shop Hero"]', '["Amazon"]'))
    assert catalogue.get("amazon").id == "shop"
    assert catalogue.get("amazon_main").id == "amazon_main"


def test_an_alias_may_not_hide_another_profile(tmp_path: Path) -> None:
    catalogue = write(tmp_path, "shop.toml", ('["Shop Hero"]', '["amazon-main"]'))
    with pytest.raises(ProfileFileError, match=r"shop\.toml: aliases: 'amazon main' already stands for amazon_main"):
        catalogue.list()


def test_two_files_may_not_claim_one_alias(folder: Path) -> None:
    catalogue = write(folder, "store.toml", ('id = "shop"', 'id = "store"'), ("Our shop", "Our store"))
    with pytest.raises(ProfileFileError, match="a name leads to one profile"):
        catalogue.list()


def test_a_profile_may_start_later_as_a_whole(tmp_path: Path) -> None:
    catalogue = write(tmp_path, "shop.toml", ("aliases", "effective_from = 2027-05-01\naliases"))
    shop = catalogue.get("shop")
    assert [str(rule.effective_from) for rule in shop.rules[:2]] == ["2027-05-01", "2027-05-01"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('title = "Our shop"', "", "title"),
        ('title = "Our shop"', "title = 5", "title"),
        ('title = "Our shop"', 'titel = "Our shop"\ntitle = "Our shop"', "titel"),
        ('id = "shop"', 'id = "shoe"', "id"),
        ("version = 2026-11-21", 'version = "2026-11-21"', "version"),
        ("version = 2026-11-21", "version = 2026-11-21T10:00:00", "version"),
        ('aliases = ["Shop Hero"]', "aliases = [5]", "aliases"),
        ("canvas_width = 100", 'canvas_width = "100"', "preset.canvas_width"),
        ("canvas_width = 100", "canvas = 100", "preset.canvas"),
        ('formats = ["png"]', 'formats = "png"', "preset.formats"),
        ('measure = "width"', 'measure = "wideness"', "rules[width].measure"),
        ('measure = "width"', "", "rules[width].measure"),
        ('operator = "min"', 'operator = "atleast"', "rules[width].operator"),
        ('operator = "min"', 'operator = "manual"', "rules[width].operator"),
        ("value = 100", 'value = "100"', "rules[width].value"),
        ("value = 100", "value = true", "rules[width].value"),
        ("value = 100", "value = nan", "rules[width].value"),
        ("value = 100", "value = [1, 2]", "rules[width].value"),
        ('unit = "px"', 'unit = "cm"', "rules[width].unit"),
        ('unit = "px"', 'unit = "px"\ntolerance = "1"', "rules[width].tolerance"),
        ('severity = "hard"', 'severity = "fatal"', "rules[width].severity"),
        ('trust = "O"', 'trust = "X"', "rules[width].trust"),
        ('trust = "O"', 'trust = "H"', "rules[width].severity"),
        ('source = "style guide"', "", "rules[width].source"),
        ('source = "style guide"', 'source = "style guide"\nsevrity = "hard"', "rules[width].sevrity"),
        ('id = "width"', "", "rules[#1].id"),
        ('id = "width"', 'id = "props"', "rules"),
        ("[[rules]]", "[rules]", "rules"),
        ('statement = "No props."', "", "not_checkable[props].statement"),
    ],
)
def test_a_malformed_file_is_refused_by_file_and_field(tmp_path: Path, old: str, new: str, field: str) -> None:
    catalogue = write(tmp_path, "shop.toml", (old, new))
    with pytest.raises(ProfileFileError) as caught:
        catalogue.get("amazon_main")
    assert caught.value.details == {"file": "shop.toml", "field": field}
    assert caught.value.message.startswith(f"shop.toml: {field}: ")


def test_a_profile_without_rules_is_refused(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text(SHOP.split("[[rules]]", maxsplit=1)[0], encoding="utf-8")
    with pytest.raises(ProfileFileError, match=r"shop\.toml: rules: .*at least one rule"):
        BundledProfiles(tmp_path).list()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"id =\n", r"shop\.toml: is not valid TOML: .*line 1"),
        (b"\xff\xfe", r"shop\.toml: cannot be read as UTF-8 text"),
        (b"#" * (256 * 1024 + 1), r"shop\.toml: is larger than 262144 bytes"),
    ],
)
def test_a_file_that_is_no_profile_is_refused_by_name(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "shop.toml").write_bytes(content)
    with pytest.raises(ProfileFileError, match=message):
        BundledProfiles(tmp_path).list()


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileFileError, match="is not a folder of marketplace profiles"):
        BundledProfiles(tmp_path / "absent").list()
