"""Settings: environment variables ``I2I_*`` over ``config.toml`` in the home folder over defaults."""

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

import attrs

from core.errors import InvalidInputError

PREFIX = "I2I_"
CONFIG_FILE = "config.toml"
MASK = "***"
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]i?b|)", re.IGNORECASE)
SIZE_UNITS = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
SIZE_UNITS |= {"kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}


@attrs.frozen
class Kind:
    """How one setting is read.

    Args:
        label: what people are told it is, e.g. ``a whole number from 1 to 64``.
        parse: turns the text of a variable, or the value in the file, into the setting; raises ValueError otherwise.
        is_secret: whether a wrong value is kept out of the error message.
    """

    label: str
    parse: Callable[[Any], Any]
    is_secret: bool = False


def _check(is_fine: bool) -> None:
    if not is_fine:
        raise ValueError


def _parse_text(value: object) -> str:
    _check(isinstance(value, str))
    return str(value).strip()


def _parse_path(value: object) -> Path:
    path = Path(_parse_text(value)).expanduser()
    _check(path.is_absolute())
    return path


def _parse_names(value: object) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value
    _check(isinstance(names, list) and all(isinstance(name, str) for name in names))
    return tuple(stripped for name in names if (stripped := name.strip()))  # type: ignore[attr-defined]


def _parse_size(value: object) -> int:
    match = SIZE.fullmatch(str(value).strip())
    if isinstance(value, bool) or match is None:
        raise ValueError
    size = int(float(match[1]) * SIZE_UNITS[match[2].lower()])
    _check(size > 0)
    return size


def _parse_database(value: object) -> str:
    url = _parse_text(value)
    scheme, _, rest = url.partition("://")
    if scheme in {"postgres", "postgresql"}:  # what hosting services hand out; the driver is ours to choose
        url, scheme = f"postgresql+psycopg://{rest}", "postgresql+psycopg"
    _check(scheme in {"sqlite", "postgresql+psycopg"} and bool(rest))
    return url


def _parse_redis(value: object) -> str:
    url = _parse_text(value)
    _check(urlsplit(url).scheme in {"redis", "rediss", "unix"})
    return url


def _choice(*names: str) -> Kind:
    def parse(value: object) -> str:
        text = _parse_text(value).lower()
        _check(text in names)
        return text

    return Kind(f"one of {', '.join(names)}", parse)


def _whole(low: int, high: int) -> Kind:
    def parse(value: Any) -> int:
        _check(isinstance(value, str | int) and not isinstance(value, bool))
        number = int(value)
        _check(low <= number <= high)
        return number

    return Kind(f"a whole number from {low} to {high}", parse)


def _parse_flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = _parse_text(value).lower()
    _check(text in {"yes", "no", "true", "false", "on", "off", "1", "0"})
    return text in {"yes", "true", "on", "1"}


def _parse_site(value: object) -> str:
    url = _parse_text(value).rstrip("/")
    parts = urlsplit(url)
    is_plain = not (parts.path or parts.query or parts.fragment or parts.username)
    _check(parts.scheme in {"http", "https"} and bool(parts.hostname) and is_plain)
    return url


def _parse_service(value: object) -> str:
    url = _parse_text(value).rstrip("/")
    parts = urlsplit(url)
    _check(not url or (parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username))
    return url


def _number(low: float, high: float, *, what: str = "a number") -> Kind:
    def parse(value: Any) -> float:
        _check(isinstance(value, str | int | float) and not isinstance(value, bool))
        number = float(value)
        _check(low <= number <= high)  # false for NaN too
        return number

    return Kind(f"{what} from {low:g} to {high:g}", parse)


def _seconds(low: float, high: float) -> Kind:
    return _number(low, high, what="a number of seconds")


TEXT = Kind("text", _parse_text)
SECRET = Kind("text", _parse_text, is_secret=True)
FLAG = Kind("yes or no", _parse_flag)
SITE = Kind("an address such as https://studio.example.com, without a path", _parse_site)
SERVICE = Kind("an address such as http://localhost:11434/v1, without a password", _parse_service)
FOLDER = Kind("the absolute path of a folder", _parse_path)
FILE = Kind("the absolute path of a file", _parse_path)
NAMES = Kind("names separated by commas", _parse_names)
BYTES = Kind("a number of bytes, or a size such as 512 MB or 20 GiB", _parse_size)
DATABASE = Kind("a sqlite:/// or postgresql:// URL", _parse_database, is_secret=True)
REDIS = Kind("a redis:// URL", _parse_redis, is_secret=True)


def show_url(url: str) -> str:
    """Write a URL with its password masked, for logs and people; what cannot be read is masked whole."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return MASK
    query = re.sub(r"(?i)((?:password|passwd|secret|token)=)[^&]*", rf"\g<1>{MASK}", parts.query)
    user, at, place = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    netloc = f"{name}{colon}{MASK if colon else ''}{at}{place}"
    if netloc == parts.netloc and query == parts.query:
        return url
    return urlunsplit(parts._replace(netloc=netloc, query=query))


def _processors() -> int:
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return count or 1


def _about(description: str, kind: Kind) -> dict[str, Any]:
    return {"description": description, "kind": kind}


@attrs.frozen(kw_only=True)
class SettingInfo:
    """One line of the printed reference; ``value`` is safe to show.

    Args:
        source: ``default``, the name of the variable, or the path of the file.
    """

    name: str
    variable: str
    value: str
    default: str
    source: str
    kind: str
    description: str


@attrs.frozen(kw_only=True)
class Settings:
    """Everything an installation can choose; a secret appears neither in ``repr`` nor in ``describe``.

    Access keys of S3 are not among them: boto3 finds those where it always does (environment, profile, role).
    """

    home: Path = attrs.field(metadata=_about("Folder of the database, the files, the key and config.toml.", FOLDER))
    database_url: str = attrs.field(
        default=attrs.Factory(lambda self: f"sqlite:///{self.home / 'i2i.db'}", takes_self=True),
        repr=lambda url: repr(show_url(url)),
        metadata=_about("The database: SQLite for one machine, PostgreSQL for several.", DATABASE),
    )
    blob_store: Literal["files", "s3"] = attrs.field(
        default="files", metadata=_about("Where file contents are kept.", _choice("files", "s3"))
    )
    s3_bucket: str = attrs.field(default="", metadata=_about("Bucket; needed when contents are kept in S3.", TEXT))
    s3_prefix: str = attrs.field(default="", metadata=_about("Beginning of every key in the bucket.", TEXT))
    s3_endpoint: str = attrs.field(
        default="", metadata=_about("Address of an S3-compatible service; empty means AWS.", TEXT)
    )
    s3_region: str = attrs.field(default="", metadata=_about("Region of the bucket; empty leaves it to boto3.", TEXT))
    broker: Literal["embedded", "redis"] = attrs.field(
        default="embedded",
        metadata=_about(
            "How workers hear of new work: in this process, or through Redis.", _choice("embedded", "redis")
        ),
    )
    redis_url: str = attrs.field(
        default="redis://127.0.0.1:6379/0",
        repr=lambda url: repr(show_url(url)),
        metadata=_about("The Redis server of the redis broker.", REDIS),
    )
    workers: int = attrs.field(
        # One more than the engine's processes, so that these need not wait while a result is written down.
        factory=lambda: min(_processors(), 2) + 1,
        metadata=_about("Pictures worked on at once by one process; the engine renders fewer.", _whole(1, 256)),
    )
    engine_processes: int = attrs.field(
        factory=lambda: min(_processors(), 2),
        metadata=_about("Child processes that decode and render; each may use up to 2 GiB.", _whole(1, 256)),
    )
    onnx_model: Path | None = attrs.field(
        default=None,
        metadata=_about("Model that finds the product in a picture; unset uses the built-in method.", FILE),
    )
    icc_folder: Path | None = attrs.field(
        default=None, metadata=_about("Folder of further colour profiles (*.icc).", FOLDER)
    )
    profiles_folder: Path | None = attrs.field(
        default=None, metadata=_about("Folder of further marketplace profiles (*.toml).", FOLDER)
    )
    prices_folder: Path | None = attrs.field(
        default=None, metadata=_about("Folder of further price lists (*.toml).", FOLDER)
    )
    plugins_blocked: tuple[str, ...] = attrs.field(
        default=(), metadata=_about("Plugins that are never loaded, by name.", NAMES)
    )
    planner: str = attrs.field(
        default="local",
        metadata=_about("Who reads instructions: local, or a provider of language models such as openai.", TEXT),
    )
    language_model: str = attrs.field(
        default="",
        metadata=_about(
            "Model of the planner's provider; PROVIDER or PROVIDER/MODEL for another one; empty takes the default.",
            TEXT,
        ),
    )
    openai_api_key: str = attrs.field(default="", repr=False, metadata=_about("Key for OpenAI.", SECRET))
    openai_base_url: str = attrs.field(default="", metadata=_about("Another address for OpenAI.", SERVICE))
    anthropic_api_key: str = attrs.field(default="", repr=False, metadata=_about("Key for Anthropic.", SECRET))
    anthropic_base_url: str = attrs.field(default="", metadata=_about("Another address for Anthropic.", SERVICE))
    gemini_api_key: str = attrs.field(default="", repr=False, metadata=_about("Key for Google Gemini.", SECRET))
    gemini_base_url: str = attrs.field(default="", metadata=_about("Another address for Google Gemini.", SERVICE))
    compatible_api_key: str = attrs.field(
        default="", repr=False, metadata=_about("Key for an OpenAI-compatible server; empty for none.", SECRET)
    )
    compatible_base_url: str = attrs.field(
        default="", metadata=_about("Address of an OpenAI-compatible server such as Ollama.", SERVICE)
    )
    compatible_vision: bool = attrs.field(
        default=False, metadata=_about("Whether the model of that server looks at pictures.", FLAG)
    )
    model_seconds: float = attrs.field(
        default=60.0, metadata=_about("Longest time for one answer of a language model.", _seconds(1, 600))
    )
    plan_tokens: int = attrs.field(
        default=4000, metadata=_about("Longest plan of a language model, in tokens.", _whole(256, 64_000))
    )
    vision_samples: int = attrs.field(
        default=3,
        metadata=_about(
            "Pictures of an order that a language model looks at as samples; 0 never looks.", _whole(0, 12)
        ),
    )
    model_dollars_a_day: float = attrs.field(
        default=0.0,
        metadata=_about("What one process may spend on language models a day (UTC); 0 for no limit.", _number(0, 1e6)),
    )
    welcome_credits: int = attrs.field(
        default=50, metadata=_about("Credits that a new account receives.", _whole(0, 1_000_000_000))
    )
    quota_bytes: int = attrs.field(default=20 * 10**9, metadata=_about("Storage of one account.", BYTES))
    log_format: Literal["console", "json"] = attrs.field(
        default="console", metadata=_about("Logs for people or for machines.", _choice("console", "json"))
    )
    log_level: Literal["debug", "info", "warning", "error"] = attrs.field(
        default="info",
        metadata=_about("The least important entry that is logged.", _choice("debug", "info", "warning", "error")),
    )
    host: str = attrs.field(default="127.0.0.1", metadata=_about("Address on which the web server listens.", TEXT))
    port: int = attrs.field(
        default=8000, metadata=_about("Port of the web server; 0 takes a free one.", _whole(0, 65535))
    )
    lease_seconds: float = attrs.field(
        default=20.0, metadata=_about("How long a worker that fell silent keeps its picture.", _seconds(0.1, 3600))
    )
    reconcile_seconds: float = attrs.field(
        default=5.0, metadata=_about("How often forgotten work is looked for.", _seconds(0.1, 3600))
    )
    max_upload_bytes: int = attrs.field(
        default=512 * 10**6, metadata=_about("Largest request that the web server accepts.", BYTES)
    )
    trusted_proxies: int = attrs.field(
        default=0, metadata=_about("Reverse proxies in front whose X-Forwarded headers are believed.", _whole(0, 16))
    )
    static_dist: Path | None = attrs.field(
        default=None, metadata=_about("Folder of the built pages; unset uses the bundled ones.", FOLDER)
    )
    render_seconds: float = attrs.field(
        default=120.0, metadata=_about("Longest time for one picture.", _seconds(1, 3600))
    )
    public_url: str = attrs.field(
        default="",
        metadata=_about("Address under which people reach this installation, for links in mails.", SITE),
    )
    require_verified_email: bool = attrs.field(
        default=True, metadata=_about("Whether people open a mailed link before they can sign in.", FLAG)
    )
    captcha: Literal["altcha", "none"] = attrs.field(
        default="altcha",
        metadata=_about(
            "What sign-up asks against robots: a small computation in the browser, or nothing.",
            _choice("altcha", "none"),
        ),
    )
    mail: Literal["console", "smtp"] = attrs.field(
        default="console",
        metadata=_about(
            "How mail leaves: written to the terminal of the server, or by SMTP.", _choice("console", "smtp")
        ),
    )
    mail_from: str = attrs.field(default="i2i <i2i@localhost>", metadata=_about("Sender of mails.", TEXT))
    smtp_host: str = attrs.field(default="127.0.0.1", metadata=_about("Mail server.", TEXT))
    smtp_port: int = attrs.field(
        default=587, metadata=_about("Its port; 465 is encrypted from the first byte.", _whole(1, 65535))
    )
    smtp_starttls: bool = attrs.field(
        default=True, metadata=_about("Whether the connection must be encrypted before anything is sent.", FLAG)
    )
    smtp_user: str = attrs.field(default="", metadata=_about("Account at the mail server; empty for none.", TEXT))
    smtp_password: str = attrs.field(default="", repr=False, metadata=_about("Its password.", SECRET))
    password_memory_kib: int = attrs.field(
        default=19 * 1024, metadata=_about("Memory of one password hash (argon2id) in KiB.", _whole(8, 4 * 1024 * 1024))
    )
    password_passes: int = attrs.field(
        default=2, metadata=_about("Passes of one password hash (argon2id).", _whole(1, 100))
    )
    sources: Mapping[str, str] = attrs.field(factory=dict, repr=False, eq=False)

    @property
    def blobs_folder(self) -> Path:
        """Folder of the contents when they are kept in files."""
        return self.home / "blobs"

    def describe(self) -> tuple[SettingInfo, ...]:
        """Return every setting with its value, where it came from and what it means."""
        defaults = Settings(home=self.home)
        return tuple(
            SettingInfo(
                name=field.name,
                variable=variable_of(field.name),
                value=_show_value(field, getattr(self, field.name)),
                default=_show(getattr(defaults, field.name)),
                source=self.sources.get(field.name, "default"),
                kind=field.metadata["kind"].label,
                description=field.metadata["description"],
            )
            for field in _fields()
        )


def _fields() -> list["attrs.Attribute[Any]"]:
    return [field for field in attrs.fields(Settings) if "kind" in field.metadata]


def _show_value(field: "attrs.Attribute[Any]", value: object) -> str:
    return MASK if field.metadata["kind"] is SECRET and value else _show(value)


def _show(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return show_url(value) if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)


def variable_of(name: str) -> str:
    """Return the environment variable of a setting: ``workers`` is ``I2I_WORKERS``."""
    return PREFIX + name.upper()


def load_settings(environ: Mapping[str, str], home: Path) -> Settings:
    """Read all settings; an empty variable counts as not set.

    Args:
        environ: the environment of the process.
        home: the home folder; it need not exist.

    Raises:
        InvalidInputError: code ``invalid_setting``; the message names the variable or the file and the key.
    """
    file = home / CONFIG_FILE
    in_file = _read_file(file)
    values: dict[str, Any] = {"home": home}
    sources: dict[str, str] = {"home": variable_of("home")} if environ.get(variable_of("home")) else {}
    for field in _fields():
        variable = variable_of(field.name)
        if field.name == "home":
            continue
        if environ.get(variable, "").strip():
            values[field.name], sources[field.name] = _parse(field, environ[variable], variable), variable
        elif field.name in in_file:
            values[field.name] = _parse(field, in_file[field.name], f"{file}: {field.name}")
            sources[field.name] = str(file)
    settings = Settings(**values, sources=sources)
    if settings.blob_store == "s3" and not settings.s3_bucket:
        raise _invalid(variable_of("s3_bucket"), "a bucket is needed when contents are kept in S3")
    return settings


def unknown_variables(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the variables that begin like a setting and are none: most often a slip of the keyboard."""
    known = {variable_of(field.name) for field in _fields()}
    return tuple(sorted(name for name in environ if name.startswith(PREFIX) and name not in known))


def _parse(field: "attrs.Attribute[Any]", value: object, place: str) -> Any:
    kind: Kind = field.metadata["kind"]
    try:
        return kind.parse(value)
    except (ValueError, RuntimeError):  # the latter is ~nobody of Path.expanduser
        shown = "the value" if kind.is_secret else repr(value)
        raise _invalid(place, f"{shown} is not {kind.label}") from None


def _read_file(path: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _invalid(str(path), f"cannot be read: {error}") from error
    names = [field.name for field in _fields() if field.name != "home"]
    for key in found:
        if key not in names:
            near = difflib.get_close_matches(key, names, n=1)
            raise _invalid(
                f"{path}: {key}", "there is no such setting" + (f"; did you mean {near[0]}?" if near else "")
            )
    return found


def _invalid(place: str, problem: str) -> InvalidInputError:
    return InvalidInputError(f"{place}: {problem}.", code="invalid_setting", details={"setting": place})
