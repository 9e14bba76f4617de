"""Fixtures of all tests."""

from collections.abc import Iterator

import pytest
from shelf_server import ShelfServer


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[ShelfServer]:
    """Yield an empty Shelf."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with ShelfServer() as server:
        yield server
    assert server.problems == []
