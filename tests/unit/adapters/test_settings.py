"""What an operator can set, how, and what happens to mistakes and secrets."""

from pathlib import Path

import attrs
import pytest

from adapters.settings import Settings, load_settings, show_url, unknown_variables, variable_of
from core.errors import InvalidInputError

SECRET = "hunter2-do-not-print"


def test_without_anything_every_setting_has_its_default(tmp_path: Path) -> None:
    settings = load_settings({}, tmp_path)
    assert settings == Settings(home=tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/i2i.db"
    assert (settings.blob_store, settings.broker) == ("files", "embedded")
    assert settings.engine_processes in {1, 2}
    assert settings.workers == settings.engine_processes + 1
    assert (settings.welcome_credits, settings.quota_bytes, settings.max_upload_bytes) == (50, 20 * 10**9, 512 * 10**6)
    assert (settings.lease_seconds, settings.reconcile_seconds, settings.render_seconds) == (20.0, 5.0, 120.0)
    assert (settings.host, settings.port, settings.trusted_proxies) == ("127.0.0.1", 8000, 0)
    assert settings.plugins_blocked == ()
    assert settings.blobs_folder == tmp_path / "blobs"


def test_a_variable_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('workers = 3\nport = 9000\nplugins_blocked = ["dam_folder"]\n')
    settings = load_settings({"I2I_WORKERS": "5"}, tmp_path)
    assert (settings.workers, settings.port, settings.plugins_blocked) == (5, 9000, ("dam_folder",))
    sources = {line.name: line.source for line in settings.describe()}
    assert sources["workers"] == "I2I_WORKERS"
    assert sources["port"] == str(tmp_path / "config.toml")
    assert sources["host"] == "default"


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    assert load_settings({"I2I_WORKERS": " ", "I2I_ONNX_MODEL": ""}, tmp_path) == Settings(home=tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("workers", " 4 ", 4),
        ("quota_bytes", "20 GB", 20 * 10**9),
        ("quota_bytes", "1.5GiB", 3 * 2**29),
        ("quota_bytes", "1000", 1000),
        ("lease_seconds", "0.5", 0.5),
        ("plugins_blocked", "one, two,,three ", ("one", "two", "three")),
        ("log_level", "WARNING", "warning"),
        ("onnx_model", "/models/product.onnx", Path("/models/product.onnx")),
        ("database_url", "postgres://u:p@db/i2i", "postgresql+psycopg://u:p@db/i2i"),
        ("database_url", "postgresql+psycopg://u:p@db/i2i", "postgresql+psycopg://u:p@db/i2i"),
        ("redis_url", "rediss://:p@cache:6380/1", "rediss://:p@cache:6380/1"),
        ("compatible_base_url", "http://localhost:11434/v1/", "http://localhost:11434/v1"),
        ("model_dollars_a_day", "2.5", 2.5),
    ],
)
def test_values_are_read_from_text(tmp_path: Path, name: str, text: str, value: object) -> None:
    assert getattr(load_settings({variable_of(name): text}, tmp_path), name) == value


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("workers", "many", "'many' is not a whole number from 1 to 256"),
        ("workers", "0", "'0' is not a whole number"),
        ("port", "70000", "0 to 65535"),
        ("lease_seconds", "nan", "a number of seconds from 0.1 to 3600"),
        ("quota_bytes", "20 parsecs", "a number of bytes, or a size such as"),
        ("quota_bytes", "-1", "a number of bytes"),
        ("log_level", "loud", "one of debug, info, warning, error"),
        ("onnx_model", "model.onnx", "absolute path of a file"),
        ("icc_folder", "~nobody-at-all/icc", "absolute path of a folder"),
        ("broker", "rabbit", "one of embedded, redis"),
        ("database_url", f"mysql://u:{SECRET}@db/i2i", "a sqlite:/// or postgresql:// URL"),
        ("redis_url", f"http://:{SECRET}@cache", "a redis:// URL"),
        ("openai_base_url", "api.example.com", "an address such as http://localhost:11434/v1"),
        ("vision_samples", "100", "a whole number from 0 to 12"),
        ("model_dollars_a_day", "nan", "a number from 0 to"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        load_settings({variable_of(name): text}, tmp_path)
    assert str(caught.value).startswith(f"{variable_of(name)}: ")
    assert said in str(caught.value)
    assert SECRET not in str(caught.value)
    assert caught.value.code == "invalid_setting"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("workers = true", "workers: True is not a whole number"),
        ("workers = 2.5", "workers: 2.5 is not"),
        ("worker = 2", "worker: there is no such setting; did you mean workers?"),
        ('home = "/elsewhere"', "home: there is no such setting"),
        ("plugins_blocked = [1]", "plugins_blocked: [1] is not names"),
        ("quota_bytes = true", "quota_bytes: True is not"),
        ("port = ", "cannot be read"),
    ],
)
def test_a_wrong_file_is_refused_by_its_path_and_key(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(InvalidInputError) as caught:
        load_settings({}, tmp_path)
    assert str(tmp_path / "config.toml") in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.req("S0-STOR-01")
def test_s3_needs_a_bucket(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="I2I_S3_BUCKET"):
        load_settings({"I2I_BLOB_STORE": "s3"}, tmp_path)
    assert load_settings({"I2I_BLOB_STORE": "s3", "I2I_S3_BUCKET": "photos"}, tmp_path).s3_bucket == "photos"


def test_secrets_appear_neither_in_repr_nor_in_the_reference(tmp_path: Path) -> None:
    environ = {
        "I2I_DATABASE_URL": f"postgresql://i2i:{SECRET}@db/i2i?password={SECRET}",
        "I2I_REDIS_URL": f"redis://:{SECRET}@cache:6379/0",
    }
    settings = load_settings(environ, tmp_path)
    shown = repr(settings) + repr(settings.describe())
    assert SECRET in settings.database_url
    assert SECRET not in shown
    assert "postgresql+psycopg://i2i:***@db/i2i?password=***" in shown
    assert "redis://:***@cache:6379/0" in shown


@pytest.mark.parametrize("provider", ["openai", "anthropic", "gemini", "compatible"])
def test_keys_of_providers_are_secrets(tmp_path: Path, provider: str) -> None:
    settings = load_settings({f"I2I_{provider.upper()}_API_KEY": SECRET}, tmp_path)
    assert getattr(settings, f"{provider}_api_key") == SECRET
    assert SECRET not in repr(settings) + repr(settings.describe())
    assert "***" in {line.value for line in settings.describe()}


def test_a_setting_without_masking_would_be_seen(tmp_path: Path) -> None:
    @attrs.frozen
    class Careless:
        database_url: str

    assert SECRET in repr(Careless(f"postgresql://i2i:{SECRET}@db/i2i"))


def test_a_url_that_cannot_be_read_is_masked_whole() -> None:
    assert show_url(f"redis://:{SECRET}@[half") == "***"
    assert show_url("sqlite:///var/i2i.db") == "sqlite:///var/i2i.db"


def test_the_reference_explains_every_setting(tmp_path: Path) -> None:
    lines = Settings(home=tmp_path).describe()
    names = [field.name for field in attrs.fields(Settings) if field.name != "sources"]
    assert [line.name for line in lines] == names
    assert all(line.variable == f"I2I_{line.name.upper()}" for line in lines)
    assert all(line.description.endswith(".") and line.kind for line in lines)


def test_a_misspelt_variable_can_be_pointed_out() -> None:
    assert unknown_variables({"I2I_WORKER": "2", "I2I_WORKERS": "2", "PATH": "x"}) == ("I2I_WORKER",)
