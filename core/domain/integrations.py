"""Settings of a connection to an outside service: what there is to fill in, and what is refused."""

import enum
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import attrs

from core.errors import InvalidInputError

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
PATTERN_TOKENS = ("order", "date", "sku", "category")
MAX_TEXT = 4000


class SettingKind(enum.StrEnum):
    """What a field holds, and how a form shows it."""

    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    URL = "url"
    FOLDER = "folder"
    PATTERN = "pattern"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"


class InvalidSettingsError(InvalidInputError):
    """Settings of a connection cannot be used; ``details["fields"]`` says what is wrong with each field."""

    default_code = "invalid_settings"

    def __init__(self, fields: Mapping[str, str]) -> None:
        said = "; ".join(f"{name}: {problem}" for name, problem in fields.items())
        super().__init__(f"The settings cannot be used: {said}.", details={"fields": dict(fields)})
        self.fields = dict(fields)


@attrs.frozen(kw_only=True)
class Setting:
    """One field of a connection.

    Args:
        name: lowercase letters, digits and underscores.
        label: what the form calls it.
        description: one sentence of help.
        kind: ``PATTERN`` is a relative folder with the tokens {order} {date} {sku} {category}; ``FOLDER`` an absolute
            path on the machine of i2i; ``URL`` an http or https address.
        default: value when it is not filled in; None for none.
        choices: the values of a ``CHOICE``.
        minimum, maximum: limits of an ``INTEGER``, both allowed.
    """

    name: str
    label: str
    description: str = ""
    kind: SettingKind = SettingKind.TEXT
    is_required: bool = False
    default: str | int | bool | None = None
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None

    def clean(self, value: Any) -> str | int | bool:
        """Return the value in its own type; texts as forms and environment variables give them are understood.

        Raises:
            ValueError: the message completes the sentence "<field>: …".
        """
        if self.kind is SettingKind.BOOLEAN:
            return _boolean(value)
        if self.kind is SettingKind.INTEGER:
            return self._integer(value)
        if not isinstance(value, str) or len(value) > MAX_TEXT:
            raise ValueError("must be text of reasonable length")
        text = value if self.kind is SettingKind.SECRET else value.strip()
        if "\x00" in text or ("\n" in text and self.kind is not SettingKind.TEXT):
            raise ValueError("holds a character that is not allowed")
        return self._text(text)

    def _text(self, text: str) -> str:
        if self.kind is SettingKind.CHOICE and text not in self.choices:
            raise ValueError(f"must be one of {', '.join(self.choices)}")
        if self.kind is SettingKind.URL:
            check_url(text)
        if self.kind is SettingKind.FOLDER and not text.startswith("/"):
            raise ValueError("must be an absolute path")
        if self.kind is SettingKind.PATTERN:
            check_pattern(text)
        return text

    def _integer(self, value: Any) -> int:
        is_text = isinstance(value, str) and re.fullmatch(r"\s*-?\d{1,15}\s*", value)
        if isinstance(value, bool) or not (is_text or isinstance(value, int)):
            raise ValueError("must be a whole number")
        number = int(value)
        if self.minimum is not None and number < self.minimum:
            raise ValueError(f"must be at least {self.minimum}")
        if self.maximum is not None and number > self.maximum:
            raise ValueError(f"must be at most {self.maximum}")
        return number


def clean_settings(schema: Iterable[Setting], values: Mapping[str, Any]) -> dict[str, Any]:
    """Check all fields at once, and fill in the defaults; an empty text counts as not filled in.

    Returns:
        One value per field of the schema; None where there is neither value nor default.

    Raises:
        InvalidSettingsError: names every bad, missing or unknown field.
    """
    fields = {setting.name: setting for setting in schema}
    problems = {name: "there is no such field" for name in values if name not in fields}
    cleaned: dict[str, Any] = {}
    for name, setting in fields.items():
        value = values.get(name)
        if value is None or value == "":
            cleaned[name] = setting.default
            if setting.is_required and setting.default is None:
                problems[name] = "is needed"
            continue
        try:
            cleaned[name] = setting.clean(value)
        except ValueError as error:
            problems[name] = str(error)
    if problems:
        raise InvalidSettingsError(problems)
    return cleaned


def check_pattern(pattern: str) -> str:
    """Return a sub-folder pattern unchanged: a relative path in which only {order} {date} {sku} {category} vary.

    Raises:
        ValueError: it leads elsewhere, or holds another token.
    """
    known = "|".join(PATTERN_TOKENS)
    if re.search(r"[{}]", re.sub(rf"\{{(?:{known})\}}", "", pattern)):
        raise ValueError(f"only the tokens {' '.join(f'{{{token}}}' for token in PATTERN_TOKENS)} are understood")
    parts = pattern.split("/") if pattern else []
    if len(parts) > 8 or any(part.strip() in {"", ".", ".."} or "\\" in part for part in parts):
        raise ValueError("must be a relative folder of at most 8 levels, such as {order}/{sku}")
    return pattern


def check_url(text: str) -> str:
    """Return an http or https address unchanged.

    Raises:
        ValueError: it is none, or holds a user name or password.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError("must be an http or https address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0 or re.search(r"\s", text):
        raise ValueError("must be an http or https address")
    if parts.username is not None:
        raise ValueError("must not hold a user name or password")
    return text


def _boolean(value: Any) -> bool:
    words = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    found = value if isinstance(value, bool) else words.get(str(value).strip().lower())
    if found is None:
        raise ValueError("must be yes or no")
    return bool(found)
