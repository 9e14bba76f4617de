"""Fixtures of the web tests."""

from pathlib import Path

import pytest

from tests.web.site import Person, Site, make_site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Return a web application in memory."""
    return make_site(tmp_path)


@pytest.fixture
def ada(site: Site) -> Person:
    """Return a customer with a key that may do everything but administer."""
    return site.person()


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Return a web application for tests that bring people of their own."""
    return make_site(tmp_path_factory.mktemp("site"))
