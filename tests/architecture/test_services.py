"""The databases that tests are handed are empty, their own, and gone or empty afterwards."""

import uuid

import pytest

from tests.support import services


@pytest.mark.postgres
def test_a_postgres_database_is_new_and_dropped(postgres_url: str, worker_id: str) -> None:
    psycopg = pytest.importorskip("psycopg")
    with services.postgres_database(worker_id) as url:
        assert url != postgres_url
        plain = url.replace("+psycopg", "")
        with psycopg.connect(plain) as connection:
            tables = connection.execute("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
            assert tables.fetchone() == (0,)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(plain)


@pytest.mark.redis
def test_a_redis_database_is_nobody_elses_and_left_empty(redis_url: str) -> None:
    redis = pytest.importorskip("redis")
    with services.redis_database() as url:
        assert url != redis_url
        with redis.Redis.from_url(url) as client:
            assert client.dbsize() == 0
            client.set("left-behind", uuid.uuid4().hex)
    with redis.Redis.from_url(url) as client:
        assert client.dbsize() == 0


@pytest.mark.redis
def test_a_redis_database_that_holds_data_is_never_taken() -> None:
    redis = pytest.importorskip("redis")
    with services.redis_database() as url, redis.Redis.from_url(url) as client:
        client.set("precious", "1")
        server, _, number = url.rpartition("/")
        with redis.Redis.from_url(f"{server}/0") as claims:
            claims.delete(services.CLAIM.format(number=number))
        with services.redis_database() as other:
            assert other != url
        assert client.get("precious") == b"1"


def test_a_missing_server_is_a_skip_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("I2I_TEST_POSTGRES", "postgresql://someone:secret@127.0.0.1:1/none")
    monkeypatch.setenv("I2I_TEST_REDIS", "redis://:secret@127.0.0.1:1")
    with pytest.raises(pytest.skip.Exception, match=r"127\.0\.0\.1:1 .*I2I_TEST_POSTGRES") as without_postgres:
        services.postgres_database("gw0").__enter__()
    with pytest.raises(pytest.skip.Exception, match=r"127\.0\.0\.1:1 .*I2I_TEST_REDIS") as without_redis:
        services.redis_database().__enter__()
    assert "secret" not in f"{without_postgres.value}{without_redis.value}"
