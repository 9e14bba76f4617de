"""Every contract runs on the memory, SQLite and PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.storage.memory import MemoryDatabase
from adapters.storage.sql import Database
from tests.support import databases

SQL = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.migrated_file(tmp_path_factory.mktemp("template"))


@pytest.fixture
def sqlite_url(template: Path, tmp_path: Path) -> str:
    return databases.copy_template(template, tmp_path)


@pytest.fixture
def clean_postgres_url(postgres_url: str) -> str:
    databases.empty(postgres_url)
    return postgres_url


@pytest.fixture(params=SQL)
def sql_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty, migrated database."""
    name = {"sqlite": "sqlite_url", "postgresql": "clean_postgres_url"}[request.param]
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def sql_database(sql_url: str) -> Iterator[Database]:
    """Return an empty SQL database that gives up waiting soon."""
    with databases.opened(sql_url, lock_seconds=0.2) as database:
        yield database


@pytest.fixture(params=["memory", *SQL])
def database(request: pytest.FixtureRequest) -> Iterator[databases.AnyDatabase]:
    """Return an empty database of each kind."""
    if request.param == "memory":
        yield MemoryDatabase(lock_seconds=0.2)
        return
    name = {"sqlite": "sqlite_url", "postgresql": "clean_postgres_url"}[request.param]
    with databases.opened(request.getfixturevalue(name), lock_seconds=0.2) as opened:
        yield opened


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """Return an empty SQLite database."""
    with databases.opened(sqlite_url) as opened:
        yield opened
