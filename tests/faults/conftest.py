"""Databases for fault tests: a SQLite file and PostgreSQL, migrated and empty."""

from pathlib import Path

import pytest

from tests.support import databases
from tests.support.job_worker import Crew


@pytest.fixture(scope="session")
def job_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated database file to copy."""
    return databases.migrated_file(tmp_path_factory.mktemp("template"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def crew(request: pytest.FixtureRequest, tmp_path: Path) -> Crew:
    """Return the description of workers on an empty database of each kind and a folder of files."""
    home = tmp_path / "home"
    home.mkdir()
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("job_template")
        return Crew(database_url=databases.copy_template(template, home), home=home)
    url: str = request.getfixturevalue("postgres_url")
    databases.empty(url)
    return Crew(database_url=url, home=home)
