"""Users and API keys are kept, found and guarded."""

import attrs
import pytest

from core.domain.accounts import UserStatus
from core.errors import ConflictError, NotFoundError
from core.kernel.actor import Role, Scope
from tests.factories import HOUR, NOW, Seed, make_api_key, make_user
from tests.support.databases import AnyDatabase


def test_a_user_comes_back_as_it_was(database: AnyDatabase) -> None:
    user = make_user(
        name="Zoë 鞋", company_name="Läden & Co", roles=frozenset({Role.ADMIN, Role.CUSTOMER}), is_unmetered=True,
        status=UserStatus.SUSPENDED, email_verified_at=NOW + HOUR, quota_bytes=5_000_000_000_000,
    )  # fmt: skip
    plain = make_user(created_at=NOW - HOUR)
    with database.new_work() as work:
        work.users.add(user)
        work.users.add(plain)
        work.commit()
    with database.new_reading() as work:
        assert work.users.get(user.id) == user
        assert work.users.find_by_email(user.email) == user
        assert work.users.find_by_email("nobody@example.com") is None
        assert work.users.list() == (plain, user)
        with pytest.raises(NotFoundError):
            work.users.get("nobody")


def test_an_address_belongs_to_one_user(database: AnyDatabase) -> None:
    with database.new_work() as work:
        first, second = Seed(work).user(), Seed(work).user()
        with pytest.raises(ConflictError) as refused:
            work.users.add(make_user(email=first.email))
        assert refused.value.code == "email_taken"
        assert work.users.list() == (first, second), "the unit of work stays usable"
        with pytest.raises(ConflictError) as refused:
            work.users.save(attrs.evolve(second, email=first.email))
        assert refused.value.code == "email_taken"


def test_a_save_on_old_knowledge_is_refused(database: AnyDatabase) -> None:
    with database.new_work() as work:
        user = Seed(work).user()
        saved = work.users.save(attrs.evolve(user, name="Grace"))
        assert (saved.name, saved.row_version) == ("Grace", user.row_version + 1)
        assert work.users.get(user.id) == saved
        with pytest.raises(ConflictError) as refused:
            work.users.save(attrs.evolve(user, name="Mallory"))
        assert refused.value.code == "stale"
        assert work.users.get(user.id) == saved
        with pytest.raises(NotFoundError):
            work.users.save(make_user())


def test_keys_are_found_by_their_secret(database: AnyDatabase) -> None:
    with database.new_work() as work:
        user = Seed(work).user()
        late = make_api_key(user.id, created_at=NOW + HOUR, scopes=frozenset({Scope.DAM_READ, Scope.ORDERS_WRITE}))
        early = make_api_key(user.id, expires_at=NOW + HOUR)
        other = make_api_key(Seed(work).user().id)
        for key in (late, early, other):
            work.api_keys.add(key)
        work.commit()
    with database.new_work() as work:
        assert work.api_keys.get(late.id) == late
        assert work.api_keys.find_by_hash(early.secret_hash) == early
        assert work.api_keys.find_by_hash("0") is None
        assert work.api_keys.list(user.id) == (early, late)
        revoked = attrs.evolve(early, revoked_at=NOW, last_used_at=NOW)
        work.api_keys.save(revoked)
        assert work.api_keys.get(early.id) == revoked
        for unknown in (lambda: work.api_keys.get("none"), lambda: work.api_keys.save(make_api_key(user.id))):
            with pytest.raises(NotFoundError):
                unknown()
        with pytest.raises(ConflictError):
            work.api_keys.add(make_api_key(user.id, secret_hash=late.secret_hash))


def test_a_revocation_is_not_undone_by_one_who_read_the_key_before(database: AnyDatabase) -> None:
    with database.new_work() as work:
        key = make_api_key(Seed(work).user().id)
        work.api_keys.add(key)
        work.api_keys.save(attrs.evolve(key, revoked_at=NOW))
        work.api_keys.save(attrs.evolve(key, last_used_at=NOW))
        assert work.api_keys.get(key.id) == attrs.evolve(key, revoked_at=NOW, last_used_at=NOW)


def test_a_key_needs_its_user(database: AnyDatabase) -> None:
    with database.new_work() as work, pytest.raises(ConflictError) as refused:
        work.api_keys.add(make_api_key("nobody"))
    assert refused.value.code == "integrity"
