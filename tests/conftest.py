"""Fixtures for every test: no network, and services of one's own where this machine has them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import network, services

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session", autouse=True)
def _only_this_machine() -> Iterator[None]:
    """Raise in any test that reaches for another machine; loopback and local sockets work."""
    with pytest.MonkeyPatch.context() as patch:
        network.block(patch)
        yield


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests marked ``shared`` where the design folder is absent."""
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        pytest.skip("the shared design folder is not beside this checkout")


@pytest.fixture(scope="session")
def project_root() -> Path:
    """Return the folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Return the design folder beside the checkout, or skip."""
    if not SHARED.is_dir():
        pytest.skip("the shared design folder is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def postgres_url(worker_id: str) -> Iterator[str]:
    """Yield the SQLAlchemy URL of an empty PostgreSQL database of this worker's own, or skip."""
    with services.postgres_database(worker_id) as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Yield the URL of an empty Redis database of this worker's own, or skip."""
    with services.redis_database() as url:
        yield url
