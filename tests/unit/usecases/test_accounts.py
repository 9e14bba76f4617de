"""Users, roles and API keys."""

import attrs
import pytest

from core.domain.accounts import MAX_API_KEYS, OPERATOR_EMAIL, UserStatus
from core.errors import (
    ConflictError,
    InvalidInputError,
    LimitReachedError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
)
from core.kernel.actor import Actor, Role, Scope
from core.usecases.accounts.api_keys import Authenticate, CreateApiKey, ListApiKeys, RevokeApiKey
from core.usecases.accounts.users import ChangeUser, CreateUser, EnsureOperator, GetUser, ListUsers
from tests.factories import HOUR
from tests.studio import Studio

READ = [Scope.ORDERS_READ]


@pytest.mark.req("S1-CRED-08")
def test_a_new_user_gets_the_welcome_credits_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    studio = Studio(tmp_path_factory.mktemp("home"), settings={"welcome_credits": 50})
    ada = studio.customer(credits=0)
    assert studio.balance(ada).available == 50
    assert studio.audit().issued == 50


@pytest.mark.req("S0-AUTH-09")
def test_an_address_belongs_to_one_user_whatever_its_case(studio: Studio, ada: Actor) -> None:
    with pytest.raises(ConflictError) as refused:
        studio.customer(" ADA@Example.com ")
    assert refused.value.code == "email_taken"
    assert len(studio.use(ListUsers)(actor=studio.operator())) == 2


@pytest.mark.req("S0-AUTH-07", "S0-AUTH-08")
@pytest.mark.parametrize(
    ("email", "name"),
    [("nobody", "Ada"), ("a@b@c", "Ada"), ("a b@c.d", "Ada"), ("x@y.z", "A"), ("x@y.z", "A" * 51), ("x@y.z", "A\nB")],
)
def test_addresses_and_names_that_cannot_be_used(studio: Studio, email: str, name: str) -> None:
    with pytest.raises(InvalidInputError):
        studio.use(CreateUser)(actor=studio.operator(), email=email, name=name)


def test_the_operator_is_made_once(studio: Studio) -> None:
    first, second = studio.use(EnsureOperator)(label="root"), studio.use(EnsureOperator)(label="me")
    assert first.user_id == second.user_id
    assert (second.label, second.is_admin) == ("me", True)
    users = studio.use(ListUsers)(actor=first)
    assert [(u.email, u.is_unmetered) for u in users] == [(OPERATOR_EMAIL, True)]


def test_only_administrators_manage_users(studio: Studio, ada: Actor) -> None:
    bob = studio.customer("bob@example.com")
    for attempt in (
        lambda: studio.use(CreateUser)(actor=ada, email="x@y.z", name="Xaver"),
        lambda: studio.use(ListUsers)(actor=ada),
        lambda: studio.use(GetUser)(actor=ada, user=bob.user_id),
        lambda: studio.use(ChangeUser)(actor=ada, user=ada.user_id, roles=[Role.ADMIN]),
    ):
        with pytest.raises(NotAllowedError):
            attempt()
    assert studio.use(GetUser)(actor=ada, user="me").email == "ada@example.com"
    assert studio.use(GetUser)(actor=studio.operator(), user="Bob@example.com").id == bob.user_id
    with pytest.raises(NotFoundError):
        studio.use(GetUser)(actor=studio.operator(), user="who@example.com")


def test_an_administrator_with_a_weak_key_administers_nothing(studio: Studio) -> None:
    weak = attrs.evolve(studio.operator(), scopes=frozenset({Scope.ORDERS_READ}))
    with pytest.raises(NotAllowedError):
        studio.use(ListUsers)(actor=weak)


def test_the_last_administrator_stays(studio: Studio, ada: Actor) -> None:
    admin, change = studio.operator(), studio.use(ChangeUser)
    for loss in ({"roles": [Role.CUSTOMER]}, {"status": UserStatus.SUSPENDED}):
        with pytest.raises(ConflictError) as refused:
            change(actor=admin, user=admin.user_id, **loss)
        assert refused.value.code == "last_admin"
    change(actor=admin, user=ada.user_id, roles=[Role.ADMIN])
    assert change(actor=admin, user=admin.user_id, roles=[]).roles == {Role.CUSTOMER}


def test_a_key_opens_the_door_until_it_is_revoked(studio: Studio, ada: Actor) -> None:
    made = studio.use(CreateApiKey)(actor=ada, name="Shop", scopes=READ)
    actor = studio.use(Authenticate)(secret=made.secret)
    assert (actor.user_id, actor.scopes, actor.label) == (ada.user_id, frozenset(READ), made.secret[:12])
    assert made.secret not in repr(studio.use(ListApiKeys)(actor=ada))
    studio.use(RevokeApiKey)(actor=ada, key_id=made.key.id)
    revoked = studio.use(RevokeApiKey)(actor=ada, key_id=made.key.id)
    assert revoked.revoked_at == studio.clock.now()
    for secret in (made.secret, "i2i_unknown", ""):
        with pytest.raises(NotAuthenticatedError):
            studio.use(Authenticate)(secret=secret)


def test_a_key_ends_when_it_was_said_to(studio: Studio, ada: Actor) -> None:
    ends = studio.clock.now() + HOUR
    made = studio.use(CreateApiKey)(actor=ada, name="Shop", scopes=READ, expires_at=ends)
    studio.use(Authenticate)(secret=made.secret)
    studio.clock.advance(hours=1)
    with pytest.raises(NotAuthenticatedError):
        studio.use(Authenticate)(secret=made.secret)
    with pytest.raises(InvalidInputError):
        studio.use(CreateApiKey)(actor=ada, name="Shop", scopes=READ, expires_at=ends)


def test_the_keys_of_a_suspended_user_stop_at_once(studio: Studio, ada: Actor) -> None:
    made = studio.use(CreateApiKey)(actor=ada, name="Shop", scopes=READ)
    studio.use(ChangeUser)(actor=studio.operator(), user=ada.user_id, status=UserStatus.SUSPENDED)
    with pytest.raises(NotAuthenticatedError):
        studio.use(Authenticate)(secret=made.secret)


def test_use_of_a_key_is_noted_every_five_minutes(studio: Studio, ada: Actor) -> None:
    made = studio.use(CreateApiKey)(actor=ada, name="Shop", scopes=READ)
    seen = []
    for _ in range(4):
        studio.use(Authenticate)(secret=made.secret)
        seen.append(studio.use(ListApiKeys)(actor=ada)[0].last_used_at)
        studio.clock.advance(minutes=3)
    assert seen[0] == seen[1] != seen[2] == seen[3]


def test_no_key_outlives_the_one_that_made_it(studio: Studio, ada: Actor) -> None:
    create = studio.use(CreateApiKey)
    end = studio.clock.now() + HOUR
    key = studio.use(Authenticate)(secret=create(actor=ada, name="Short", scopes=READ, expires_at=end).secret)
    for later in (None, end + HOUR):
        with pytest.raises(NotAllowedError) as refused:
            create(actor=key, name="Longer", scopes=READ, expires_at=later)
        assert refused.value.code == "scope_escalation"
    assert create(actor=key, name="As long", scopes=READ, expires_at=end).key.expires_at == end


def test_no_key_makes_a_stronger_key(studio: Studio, ada: Actor) -> None:
    create = studio.use(CreateApiKey)
    weak = attrs.evolve(ada, scopes=frozenset(READ))
    with pytest.raises(NotAllowedError) as refused:
        create(actor=weak, name="More", scopes=[Scope.ORDERS_WRITE])
    assert refused.value.code == "scope_escalation"
    with pytest.raises(NotAllowedError):
        create(actor=ada, name="Root", scopes=[Scope.ADMIN])
    with pytest.raises(InvalidInputError):
        create(actor=ada, name="None", scopes=[])
    with pytest.raises(NotAllowedError):
        create(actor=ada, name="Theirs", scopes=READ, user=studio.operator().user_id)
    assert (
        create(actor=studio.operator(), name="Theirs", scopes=READ, user="ada@example.com").key.user_id == ada.user_id
    )


def test_keys_of_others_are_neither_seen_nor_revoked(studio: Studio, ada: Actor) -> None:
    bob = studio.customer("bob@example.com")
    made = studio.use(CreateApiKey)(actor=bob, name="Shop", scopes=READ)
    with pytest.raises(NotFoundError):
        studio.use(RevokeApiKey)(actor=ada, key_id=made.key.id)
    with pytest.raises(NotAllowedError):
        studio.use(ListApiKeys)(actor=ada, user=bob.user_id)
    assert studio.use(RevokeApiKey)(actor=studio.operator(), key_id=made.key.id).revoked_at is not None


def test_a_user_has_ten_live_keys_at_most(studio: Studio, ada: Actor) -> None:
    create = studio.use(CreateApiKey)
    keys = [create(actor=ada, name=f"Key {n}", scopes=READ).key for n in range(MAX_API_KEYS)]
    with pytest.raises(LimitReachedError) as refused:
        create(actor=ada, name="One more", scopes=READ)
    assert refused.value.code == "too_many_keys"
    studio.use(RevokeApiKey)(actor=ada, key_id=keys[0].id)
    create(actor=ada, name="One more", scopes=READ)
