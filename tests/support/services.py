"""A PostgreSQL database and a Redis database of a test worker's own, on servers that already run on this machine."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import pytest

if TYPE_CHECKING:
    import redis

POSTGRES = "postgresql://127.0.0.1:5432/test"
REDIS = "redis://127.0.0.1:6379"
CLAIM = "i2i-tests:database:{number}"
CLAIM_SECONDS = 3600


@contextmanager
def postgres_database(worker: str) -> Iterator[str]:
    """Create an empty database, yield its URL in SQLAlchemy's form, drop it; skip where there is no server.

    Args:
        worker: a name for people who list databases while tests run, such as ``gw0``.
    """
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    import psycopg

    server = os.environ.get("I2I_TEST_POSTGRES", POSTGRES)
    name = f"i2i_test_{worker}_{uuid.uuid4().hex[:12]}"
    try:
        maintenance = _maintenance_url(server)
        _execute(maintenance, f'CREATE DATABASE "{name}" TEMPLATE template0')
    except psycopg.Error as error:
        pytest.skip(
            f"no usable PostgreSQL server at {_place(server)} (I2I_TEST_POSTGRES names another): {_reason(error)}"
        )
    try:
        yield urlunsplit(urlsplit(server)._replace(scheme="postgresql+psycopg", path=f"/{name}"))
    finally:
        _execute(maintenance, f'DROP DATABASE "{name}" WITH (FORCE)')


def _execute(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
        connection.execute(statement.encode())


def _maintenance_url(server: str) -> str:
    """Return the URL of a database on the server that can be connected to: the one named, else ``postgres``."""
    import psycopg

    try:
        psycopg.connect(server, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            raise
        return urlunsplit(urlsplit(server)._replace(path="/postgres"))
    return server


@contextmanager
def redis_database() -> Iterator[str]:
    """Claim an empty numbered database, yield its URL, empty it again; skip where there is no server.

    Only an empty database is ever taken, so nobody's data can be lost, and a claim kept in database 0 keeps two test
    runs on one machine apart.
    """
    pytest.importorskip("redis", reason="redis is not installed")
    import redis

    server = os.environ.get("I2I_TEST_REDIS", REDIS).rstrip("/")
    with redis.Redis.from_url(f"{server}/0", socket_connect_timeout=3) as claims:
        try:
            number = next((number for number in range(1, 16) if _claim(claims, server, number)), None)
        except redis.ConnectionError as error:
            pytest.skip(f"no usable Redis server at {_place(server)} (I2I_TEST_REDIS names another): {_reason(error)}")
        if number is None:
            pytest.skip(f"every numbered database of the Redis server at {_place(server)} is in use")
        try:
            yield f"{server}/{number}"
        finally:
            with redis.Redis.from_url(f"{server}/{number}") as client:
                client.flushdb()
            claims.delete(CLAIM.format(number=number))


def _claim(claims: "redis.Redis", server: str, number: int) -> bool:
    """Claim a numbered database for this process; False when it holds data or somebody else has it."""
    import redis

    if not claims.set(CLAIM.format(number=number), os.getpid(), nx=True, ex=CLAIM_SECONDS):
        return False
    with redis.Redis.from_url(f"{server}/{number}") as client:
        if not client.dbsize():
            return True
    claims.delete(CLAIM.format(number=number))
    return False


def _place(server: str) -> str:
    """Return host and port of a URL, without the password that it may hold."""
    parts = urlsplit(server)
    return f"{parts.hostname}:{parts.port}"


def _reason(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
