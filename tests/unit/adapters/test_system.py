"""Time, ids, the home folder with its key, and logs that keep secrets."""

import datetime as dt
import io
import json
import logging
import os
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import structlog

from adapters.system.clock import SystemClock
from adapters.system.home import home_folder, load_secret_key, prepare_home
from adapters.system.ids import UlidGenerator
from adapters.system.logging import log_context, redact, set_up_logging
from core.errors import CredentialsError, InvalidInputError, ProviderUnavailableError
from core.kernel.ids import check_id, encode_id

SECRET = "hunter2-do-not-print"


def test_the_clock_is_aware_and_its_durations_never_shrink() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == dt.timedelta(0)
    marks = [clock.monotonic_ms() for _ in range(100)]
    assert marks == sorted(marks)


def test_ids_sort_in_the_order_in_which_they_were_made_even_when_the_clock_stops_or_goes_back() -> None:
    times = iter([5, 5, 5, 4, 3, 6, 6, 1] * 500)
    generator = UlidGenerator(lambda: next(times))
    ids = [generator.new() for _ in range(4000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert all(check_id(each, what="thing") == each for each in ids[:10])


def test_a_full_millisecond_overflows_into_the_next() -> None:
    generator = UlidGenerator(lambda: 7)
    first = generator.new()
    generator._randomness = (1 << 80) - 1
    assert generator.new() > encode_id(7, (1 << 80) - 1) > first


def test_ids_of_many_threads_are_all_different() -> None:
    generator = UlidGenerator(lambda: 42)
    start = threading.Barrier(8)

    def make(_: int) -> list[str]:
        start.wait()
        return [generator.new() for _ in range(2000)]

    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(make, range(8)))
    assert all(batch == sorted(batch) for batch in batches)
    assert len({each for batch in batches for each in batch}) == 16000


def test_secrets_have_256_bits_and_differ() -> None:
    secrets = {UlidGenerator().secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(len(secret) == 43 for secret in secrets)


def test_home_is_what_the_variable_says_or_the_users_data_folder(tmp_path: Path) -> None:
    assert home_folder({"I2I_HOME": str(tmp_path)}) == tmp_path
    assert home_folder({}).is_absolute()
    assert home_folder({}).name == "i2i"
    with pytest.raises(InvalidInputError, match="I2I_HOME: 'here'"):
        home_folder({"I2I_HOME": "here"})


def test_home_is_private_and_an_existing_one_is_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "i2i"
    prepare_home(home)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    home.chmod(0o750)
    prepare_home(home)
    assert stat.S_IMODE(home.stat().st_mode) == 0o750


def test_a_home_that_cannot_be_made_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ProviderUnavailableError, match="cannot be created"):
        prepare_home(tmp_path / "file" / "i2i")


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    key = load_secret_key(tmp_path)
    assert len(key) == 32
    assert load_secret_key(tmp_path) == key
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_many_first_users_get_the_same_key(tmp_path: Path) -> None:
    start = threading.Barrier(16)

    def load(_: int) -> bytes:
        start.wait()
        return load_secret_key(tmp_path)

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(load, range(16)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("content", ["", "00" * 31, "zz" * 32])
def test_a_damaged_key_is_never_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secret.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(CredentialsError, match="damaged"):
        load_secret_key(tmp_path)
    assert path.read_text() == content


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    load_secret_key(tmp_path)
    (tmp_path / "secret.key").chmod(0o644)
    with pytest.raises(CredentialsError, match="chmod 600"):
        load_secret_key(tmp_path)


@pytest.fixture
def _logging() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("_logging")
def test_machine_logs_are_one_json_object_per_entry_with_request_and_order() -> None:
    stream = io.StringIO()
    set_up_logging(format="json", stream=stream)
    with log_context(request_id="r1", order_id="o1"):
        structlog.get_logger("i2i.web").info("order submitted", images=3)
        logging.getLogger("some.library").warning("slow answer after %d ms", 250)
    structlog.get_logger().info("later")
    ours, theirs, later = map(json.loads, stream.getvalue().splitlines())
    assert ours["event"] == "order submitted"
    assert (ours["images"], ours["level"], ours["logger"]) == (3, "info", "i2i.web")
    assert (theirs["event"], theirs["level"]) == ("slow answer after 250 ms", "warning")
    assert {entry["request_id"] for entry in (ours, theirs)} == {"r1"}
    assert {entry["order_id"] for entry in (ours, theirs)} == {"o1"}
    assert "order_id" not in later
    assert dt.datetime.fromisoformat(ours["timestamp"]).utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize("format", ["console", "json"])
@pytest.mark.usefixtures("_logging")
def test_no_secret_reaches_the_log(format: str) -> None:
    stream = io.StringIO()
    set_up_logging(format=format, level="debug", stream=stream)  # type: ignore[arg-type]
    log = structlog.get_logger("i2i")
    log.info("signing in", password=SECRET, api_key=SECRET, headers={"Authorization": f"Bearer {SECRET}"})
    log.info(
        "connecting to postgresql://i2i:%s@db/i2i", SECRET, urls=[f"https://s3.example/a?X-Amz-Signature={SECRET}"]
    )
    logging.getLogger("library").error("request failed: %s", {"session_token": SECRET, "header": f"Basic {SECRET}"})
    logging.getLogger("uvicorn.access").info("GET /callback?token=%s", SECRET)
    for failing in (log, logging.getLogger("library")):
        try:
            raise ConnectionError(f"redis://:{SECRET}@cache refused")
        except ConnectionError:
            failing.exception("no cache")
    text = stream.getvalue()
    assert text.count("ConnectionError") >= 2
    assert SECRET not in text
    assert "db/i2i" in text


def test_what_is_not_secret_stays_readable() -> None:
    entry = {"event": "planned", "tokens": 812, "token": "", "key": "orders/1", "secret": None, "is_cookie_set": True}
    assert redact(None, "info", dict(entry)) == entry


@pytest.mark.usefixtures("_logging")
def test_a_pipeline_without_redaction_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.system.logging.redact", lambda _logger, _method, entry: entry)
    stream = io.StringIO()
    set_up_logging(format="json", stream=stream)
    structlog.get_logger("i2i").info("signing in", password=SECRET)
    assert SECRET in stream.getvalue()


def test_the_home_of_another_user_is_reported(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    if os.access(tmp_path, os.W_OK):
        pytest.skip("this user (root) may write everywhere")
    with pytest.raises(ProviderUnavailableError, match="cannot be written"):
        prepare_home(tmp_path)
