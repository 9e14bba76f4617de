"""A studio for every test."""

from pathlib import Path

import pytest

from core.kernel.actor import Actor
from tests.studio import Studio


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    """Return an empty studio."""
    return Studio(tmp_path)


@pytest.fixture
def ada(studio: Studio) -> Actor:
    """Return a customer with 100 credits."""
    return studio.customer()
