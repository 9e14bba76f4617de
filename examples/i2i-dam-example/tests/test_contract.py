"""What i2i relies on from every DAM plugin."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from i2i_dam_example.plugin import SHELF
from shelf_server import ACCEPTED, ShelfServer

from i2i import DamDescriptor
from i2i.testing import Arrived, DamContract


class TestShelf(DamContract):
    @pytest.fixture
    def descriptor(self) -> DamDescriptor:
        return SHELF

    @pytest.fixture
    def settings(self, shelf: ShelfServer) -> Mapping[str, Any]:
        return {"url": shelf.url, "token": ACCEPTED, "folder_pattern": "{order}/{sku}"}

    @pytest.fixture
    def refused_settings(self, shelf: ShelfServer) -> Mapping[str, Any]:
        return {"url": shelf.url, "token": "bad-token"}

    @pytest.fixture
    def unreachable_settings(self) -> Mapping[str, Any]:
        return {"url": "http://127.0.0.1:9", "token": ACCEPTED}

    @pytest.fixture
    def arrived(self, shelf: ShelfServer) -> Callable[[], Sequence[Arrived]]:
        def arrived() -> list[Arrived]:
            return [
                Arrived(
                    name=picture["metadata"]["name"],
                    folder=picture["metadata"]["folder"],
                    content=picture["content"],
                    metadata=picture["metadata"],
                )
                for picture in shelf.pictures.values()
            ]

        return arrived
