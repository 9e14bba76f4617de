"""Passwords, sessions, one-time tokens and spent proofs are kept, found and guarded."""

import datetime as dt

import attrs
import pytest

from core.domain.access import Credential, Purpose
from core.errors import ConflictError, NotFoundError
from tests.factories import HOUR, NOW, Seed, make_session, make_token
from tests.support.databases import AnyDatabase


def test_a_user_has_one_password(database: AnyDatabase) -> None:
    with database.new_work() as work:
        user = Seed(work).user()
        assert work.credentials.find(user.id) is None
        first = Credential(user_id=user.id, password_hash="$argon2id$1", changed_at=NOW)
        second = attrs.evolve(first, password_hash="$argon2id$2", changed_at=NOW + HOUR)
        for credential in (first, second):
            work.credentials.put(credential)
            assert work.credentials.find(user.id) == credential
        work.commit()
    with database.new_work() as work, pytest.raises(ConflictError):
        work.credentials.put(attrs.evolve(first, user_id="nobody"))


def test_sessions_are_found_by_their_secret(database: AnyDatabase) -> None:
    with database.new_work() as work:
        user = Seed(work).user()
        old = make_session(user.id, user_agent="Zoë's browser", address="192.0.2.0")
        new = make_session(user.id, last_seen_at=NOW + HOUR, is_remembered=True)
        gone = make_session(user.id, expires_at=NOW + HOUR)
        ended = make_session(user.id, revoked_at=NOW)
        other = make_session(Seed(work).user().id)
        for session in (old, new, gone, ended, other):
            work.sessions.add(session)
        work.commit()
    with database.new_work() as work:
        assert work.sessions.get(old.id) == old
        assert work.sessions.find_by_hash(new.secret_hash) == new
        assert work.sessions.find_by_hash("0") is None
        assert work.sessions.list(user.id, now=NOW + HOUR) == (new, old)
        with pytest.raises(NotFoundError):
            work.sessions.get("none")
        with pytest.raises(ConflictError):
            work.sessions.add(make_session(user.id, secret_hash=old.secret_hash))
        with pytest.raises(ConflictError):
            work.sessions.add(make_session("nobody"))


def test_a_secret_is_replaced_once(database: AnyDatabase) -> None:
    with database.new_work() as work:
        session = make_session(Seed(work).user().id)
        work.sessions.add(session)
        until = session.expires_at + HOUR

        def renew() -> bool:
            return work.sessions.renew(
                session.id, known_hash=session.secret_hash, secret_hash="new", expires_at=until
            )  # fmt: skip

        assert renew()
        assert not renew(), "the old secret is gone"
        assert work.sessions.get(session.id) == attrs.evolve(session, secret_hash="new", expires_at=until)
        work.sessions.revoke(session.user_id, at=NOW)
        assert not work.sessions.renew(session.id, known_hash="new", secret_hash="newer", expires_at=until)


def test_the_last_use_only_moves_on(database: AnyDatabase) -> None:
    with database.new_work() as work:
        session = make_session(Seed(work).user().id)
        work.sessions.add(session)
        work.sessions.see(session.id, at=NOW + HOUR)
        work.sessions.see(session.id, at=NOW)
        assert work.sessions.get(session.id).last_seen_at == NOW + HOUR


def test_sessions_end_for_good(database: AnyDatabase) -> None:
    with database.new_work() as work:
        user, other = Seed(work).user(), Seed(work).user()
        mine = [make_session(user.id) for _ in range(4)]
        foreign = make_session(other.id)
        for session in (*mine, foreign):
            work.sessions.add(session)
        assert work.sessions.revoke(other.id, at=NOW, only=mine[0].id) == 0, "not another user's"
        assert work.sessions.revoke(user.id, at=NOW, only=mine[0].id) == 1
        assert work.sessions.revoke(user.id, at=NOW + HOUR, only=mine[0].id) == 0
        assert work.sessions.get(mine[0].id).revoked_at == NOW
        assert work.sessions.revoke(user.id, at=NOW, keep=mine[1].id) == 2
        assert [s.id for s in work.sessions.list(user.id, now=NOW)] == [mine[1].id]
        assert work.sessions.revoke(user.id, at=NOW) == 1
        assert work.sessions.list(other.id, now=NOW) == (foreign,)


def test_what_expired_is_forgotten(database: AnyDatabase) -> None:
    with database.new_work() as work:
        user = Seed(work).user()
        old, new = make_session(user.id, expires_at=NOW - HOUR), make_session(user.id)
        for session in (old, new):
            work.sessions.add(session)
        assert work.sessions.forget(before=NOW) == 1
        assert work.sessions.find_by_hash(old.secret_hash) is None
        assert work.sessions.get(new.id) == new


def test_a_token_works_once_and_only_the_newest(database: AnyDatabase) -> None:
    with database.new_work() as work:
        user, other = Seed(work).user(), Seed(work).user()
        old, new = make_token(user.id), make_token(user.id, created_at=NOW + HOUR)
        reset, foreign = make_token(user.id, purpose=Purpose.RESET_PASSWORD), make_token(other.id)
        for token in (old, reset, foreign, new):
            work.tokens.add(token)
        assert work.tokens.find(new.id) == new
        assert work.tokens.find("none") is None
        assert not work.tokens.use(old.id, at=NOW)
        assert work.tokens.use(new.id, at=NOW)
        assert not work.tokens.use(new.id, at=NOW)
        assert not work.tokens.use("none", at=NOW)
        assert work.tokens.find(new.id) == attrs.evolve(new, used_at=NOW)
        assert work.tokens.find(reset.id) == reset, "another purpose"
        assert work.tokens.find(foreign.id) == foreign, "another user"
        count = work.tokens.count
        assert count(user.id, Purpose.VERIFY_EMAIL, since=NOW) == 2
        assert count(user.id, Purpose.VERIFY_EMAIL, since=NOW + dt.timedelta(seconds=1)) == 1
        with pytest.raises(ConflictError):
            work.tokens.add(make_token("nobody"))


def test_a_proof_is_spent_once_until_it_expires(database: AnyDatabase) -> None:
    with database.new_work() as work:
        assert work.proofs.spend("a", expires_at=NOW + HOUR, now=NOW)
        assert not work.proofs.spend("a", expires_at=NOW + HOUR, now=NOW)
        assert work.proofs.spend("b", expires_at=NOW + HOUR, now=NOW)
        assert work.proofs.spend("a", expires_at=NOW + 3 * HOUR, now=NOW + 2 * HOUR), "the store does not grow for ever"
