"""Stored files are kept and counted."""

import attrs
import pytest

from core.domain.assets import AssetState, Purpose
from core.errors import ConflictError, NotFoundError
from tests.factories import Seed, make_asset
from tests.support.databases import AnyDatabase


def test_a_file_comes_back_as_it_was(database: AnyDatabase) -> None:
    with database.new_work() as work:
        owner = Seed(work).user().id
        asset = make_asset(owner, bytes=50_000_000_000, original_name="größe/鞋 %_.jpg", purpose=Purpose.LOGO)
        work.assets.add(asset)
        assert work.assets.get(asset.id) == asset
        with pytest.raises(ConflictError):
            work.assets.add(asset)
        for unknown in (lambda: work.assets.get("none"), lambda: work.assets.save(make_asset(owner))):
            with pytest.raises(NotFoundError):
                unknown()
        with pytest.raises(ConflictError):
            work.assets.add(make_asset("nobody"))


def test_deleted_files_do_not_count(database: AnyDatabase) -> None:
    with database.new_work() as work:
        seed = Seed(work)
        owner, other = seed.user().id, seed.user().id
        kept, gone = make_asset(owner, bytes=300), make_asset(owner, bytes=500)
        for asset in (kept, gone, make_asset(other, bytes=700)):
            work.assets.add(asset)
        assert work.assets.used_bytes(owner) == 800
        work.assets.save(attrs.evolve(gone, state=AssetState.DELETED))
        assert work.assets.get(gone.id).state is AssetState.DELETED
        assert work.assets.used_bytes(owner) == 300
        assert work.assets.used_bytes("nobody") == 0


def test_a_key_is_referenced_while_any_live_file_uses_it(database: AnyDatabase) -> None:
    with database.new_work() as work:
        owner = Seed(work).user().id
        shared = [make_asset(owner, storage_key="shared") for _ in range(2)]
        alone = make_asset(owner, storage_key="alone")
        for asset in (*shared, alone):
            work.assets.add(asset)
        work.assets.save(attrs.evolve(shared[0], state=AssetState.DELETED))
        work.assets.save(attrs.evolve(alone, state=AssetState.DELETED))
        many = (f"key-{n}" for n in range(2000))
        assert work.assets.referenced_keys(["shared", "alone", *many]) == {"shared"}
        assert work.assets.referenced_keys([]) == frozenset()
