"""What the DAM port itself promises: fields are checked, patterns stay inside, descriptors are sound."""

import datetime as dt
from pathlib import Path
from typing import Any

import attrs
import pytest

from core.domain.integrations import InvalidSettingsError, Setting, SettingKind, check_pattern, clean_settings
from core.ports.dam import Capability, DamContext, DamDescriptor, DamFormatError, DamItem, DamRateLimitedError
from plugins.dam.folder.plugin import i2i_dams

ITEM = DamItem(
    key="v1",
    path=Path("/nowhere"),
    name="shoe.png",
    format="png",
    width=8,
    height=8,
    bytes=100,
    sha256="0" * 64,
    date=dt.date(2026, 11, 21),
    order="Autumn/Winter",
    sku="..",
    category="",
)


def setting(kind: SettingKind, **options: Any) -> Setting:
    return Setting(name="field", label="Field", kind=kind, **options)


@pytest.mark.parametrize(
    ("field", "value", "clean"),
    [
        (setting(SettingKind.TEXT), "  two\nlines ", "two\nlines"),
        (setting(SettingKind.SECRET), " kept as it is ", " kept as it is "),
        (setting(SettingKind.URL), "https://dam.example:8443/api", "https://dam.example:8443/api"),
        (setting(SettingKind.FOLDER), "/mnt/share", "/mnt/share"),
        (setting(SettingKind.PATTERN), "{order}/{sku}-{date}", "{order}/{sku}-{date}"),
        (setting(SettingKind.INTEGER, minimum=1, maximum=5), " 5 ", 5),
        (setting(SettingKind.INTEGER), -3, -3),
        (setting(SettingKind.BOOLEAN), "Yes", True),
        (setting(SettingKind.BOOLEAN), "0", False),
        (setting(SettingKind.BOOLEAN), True, True),
        (setting(SettingKind.CHOICE, choices=("private", "public")), "public", "public"),
    ],
)
def test_a_field_takes_what_forms_and_files_give(field: Setting, value: object, clean: object) -> None:
    assert clean_settings([field], {"field": value}) == {"field": clean}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (setting(SettingKind.TEXT), 5, "must be text"),
        (setting(SettingKind.TEXT), "x" * 4001, "reasonable length"),
        (setting(SettingKind.TEXT), "a\x00b", "not allowed"),
        (setting(SettingKind.SECRET), "token\nX-Header: 1", "not allowed"),
        (setting(SettingKind.URL), "ftp://dam.example", "http or https"),
        (setting(SettingKind.URL), "https://", "http or https"),
        (setting(SettingKind.URL), "https://dam.example:port", "http or https"),
        (setting(SettingKind.URL), "https://dam .example", "http or https"),
        (setting(SettingKind.URL), "https://user:pw@dam.example", "user name or password"),
        (setting(SettingKind.FOLDER), "share", "absolute path"),
        (setting(SettingKind.PATTERN), "../{order}", "relative folder"),
        (setting(SettingKind.PATTERN), "{customer}", "only the tokens {order} {date} {sku} {category}"),
        (setting(SettingKind.INTEGER, minimum=1), 0, "at least 1"),
        (setting(SettingKind.INTEGER, maximum=5), 6, "at most 5"),
        (setting(SettingKind.INTEGER), True, "whole number"),
        (setting(SettingKind.INTEGER), "1.5", "whole number"),
        (setting(SettingKind.BOOLEAN), "perhaps", "yes or no"),
        (setting(SettingKind.CHOICE, choices=("private", "public")), "secret", "one of private, public"),
    ],
)
def test_a_field_refuses_what_it_cannot_be(field: Setting, value: object, said: str) -> None:
    with pytest.raises(InvalidSettingsError) as caught:
        clean_settings([field], {"field": value})
    assert said in caught.value.fields["field"]
    assert caught.value.code == "invalid_settings"


def test_all_problems_are_said_at_once_and_values_are_not_repeated() -> None:
    schema = [
        Setting(name="url", label="Address", kind=SettingKind.URL, is_required=True),
        Setting(name="token", label="Token", kind=SettingKind.SECRET, is_required=True),
        Setting(name="tries", label="Tries", kind=SettingKind.INTEGER, default=3),
    ]
    with pytest.raises(InvalidSettingsError) as caught:
        clean_settings(schema, {"token": "canary\nvalue", "tries": "many", "extra": 1})
    assert caught.value.fields.keys() == {"url", "token", "tries", "extra"}
    assert "canary" not in f"{caught.value} {caught.value.details}"
    assert clean_settings(schema, {"url": "http://a", "token": "t"}) == {"url": "http://a", "token": "t", "tries": 3}


@pytest.mark.req("S0-DAM-15")
@pytest.mark.parametrize(
    ("pattern", "place"),
    [
        ("", ""),
        ("{order}", "Autumn_Winter"),
        ("{date}/{sku}/x-{category}", "2026-11-21/image/x-unknown"),
    ],
)
def test_no_value_adds_a_level_or_leads_up(pattern: str, place: str) -> None:
    assert ITEM.subfolder(check_pattern(pattern)) == place


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("shoe.png", "shoe.png"),
        ("../../etc/passwd.png", "_.._etc_passwd.png"),
        ("CON.png", "_CON.png"),
        ("no-extension", "no-extension"),
        (".png", "png"),
        ("", "image"),
        ("a.b/c", "a.b_c"),
    ],
)
def test_the_safe_name_is_one_segment(name: str, safe: str) -> None:
    assert attrs.evolve(ITEM, name=name).safe_name == safe


def descriptor(**changes: Any) -> DamDescriptor:
    facts: dict[str, Any] = {"key": "shelf", "label": "Shelf", "create": lambda context: context}
    return DamDescriptor(**{**facts, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "Shelf"},
        {"key": ""},
        {"key": "a b"},
        {"settings": (setting(SettingKind.TEXT), setting(SettingKind.URL))},
        {"settings": (Setting(name="Field", label="Field"),)},
        {"settings": (setting(SettingKind.INTEGER, default=0, minimum=1),)},
        {"settings": (setting(SettingKind.CHOICE, default="x", choices=("a",)),)},
    ],
)
def test_an_unsound_descriptor_cannot_be_made(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"cannot be a key|a name of its own|must be"):
        descriptor(**changes)


@pytest.mark.req("S0-DAM-12")
def test_secrets_are_known_and_not_shown_by_the_context() -> None:
    shelf = descriptor(settings=(setting(SettingKind.SECRET),))
    assert shelf.secret_names == {"field"}
    assert "canary" not in repr(DamContext(settings={"field": "canary"}))


def test_a_picture_is_refused_by_format_and_size_before_it_is_sent() -> None:
    descriptor().check_item(ITEM)
    descriptor(formats=frozenset({"png"}), max_bytes=100).check_item(ITEM)
    with pytest.raises(DamFormatError, match="does not take png; use jpeg, webp"):
        descriptor(formats=frozenset({"webp", "jpeg"})).check_item(ITEM)
    with pytest.raises(DamFormatError, match="takes at most 99"):
        descriptor(max_bytes=99).check_item(ITEM)


def test_a_rate_limit_says_when_to_come_back() -> None:
    error = DamRateLimitedError("Slowly.", retry_after=30)
    assert (error.retry_after, error.details, error.code) == (30, {"retry_after": 30}, "rate_limited_by_provider")


def test_the_bundled_folder_says_what_it_can_do() -> None:
    (folder,) = i2i_dams()
    assert {Capability.FOLDERS, Capability.METADATA, Capability.VERSIONS} == folder.capabilities
    assert folder.secret_names == frozenset()
