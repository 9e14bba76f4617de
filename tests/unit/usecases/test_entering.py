"""Passwords of administrators, solved riddles, tokens and what the outbox holds."""

import datetime as dt
from typing import Any

import attrs
import pytest

from adapters.identity.argon2 import Argon2Hasher
from core.domain.accounts import OPERATOR_EMAIL
from core.errors import (
    InvalidInputError,
    LimitReachedError,
    NotAllowedError,
    NotAuthenticatedError,
    ProviderUnavailableError,
)
from core.kernel.actor import Channel, Scope
from core.ports.captcha import Proof
from core.usecases.accounts.passwords import (
    EnsureAdministrator,
    RequestPasswordReset,
    ResetPassword,
    SetPassword,
)
from core.usecases.accounts.sessions import (
    UNKNOWN,
    AuthenticateSession,
    ForgetSessions,
    ListSessions,
    RefreshSession,
    RevokeSession,
    SessionOpener,
)
from core.usecases.accounts.sign_in import SignIn
from core.usecases.accounts.sign_up import Applicant, ResendVerification, SignUp
from core.usecases.maintenance.dispatch import DispatchEvents
from tests.studio import Studio

PASSWORD = "Blue-Kettle-42"
ADA = Applicant(name="Ada Lovelace", email="ada@example.com", password=PASSWORD, accepts_terms=True)


@attrs.define
class Post:
    """Keeps letters, or is away."""

    sent: list[tuple[str, str]] = attrs.field(factory=list)
    paths: list[str] = attrs.field(factory=list)
    error: Exception | None = None

    def send(self, *, to: str, template: str, values: Any) -> None:
        """Keep a letter."""
        if self.error is not None:
            raise self.error
        self.sent.append((to, template))
        self.paths.append(values["path"])


@pytest.fixture
def post(studio: Studio) -> Post:
    studio.app.__dict__["mailer"] = found = Post()
    return found


def events(studio: Studio) -> str:
    """Return everything that the outbox holds, as text."""
    with studio.app.new_reading() as work:
        return str(work.events.pending(limit=1000))


def test_the_first_administrator_gets_a_password_once(studio: Studio) -> None:
    operator = studio.operator()
    ensure = studio.use(EnsureAdministrator)
    made = ensure(actor=operator)
    assert made is not None
    assert made.password is not None
    assert made.password not in repr(made)
    assert made.password not in events(studio)
    assert ensure(actor=operator) is None
    assert studio.use(SignIn)(email=OPERATOR_EMAIL, password=made.password).user.id == operator.user_id
    with pytest.raises(NotAllowedError):
        ensure(actor=studio.customer())


def test_another_administrator_with_a_password_is_enough(studio: Studio) -> None:
    operator = studio.operator()
    studio.use(SetPassword)(actor=operator, user=OPERATOR_EMAIL, password=PASSWORD)
    assert studio.use(EnsureAdministrator)(actor=operator) is None


def test_setting_a_password_ends_sessions_and_is_for_administrators(studio: Studio) -> None:
    ada, operator = studio.customer(), studio.operator()
    made = studio.use(SetPassword)(actor=operator, user="ada@example.com")
    assert made.password is not None
    opened = studio.use(SignIn)(email="ada@example.com", password=made.password)
    assert studio.use(SetPassword)(actor=operator, user=ada.user_id, password=PASSWORD).ended_sessions == 1
    with pytest.raises(NotAuthenticatedError):
        studio.use(AuthenticateSession)(secret=opened.secret)
    with pytest.raises(NotAllowedError):
        studio.use(SetPassword)(actor=ada, user=ada.user_id)


def test_a_solved_riddle_is_taken_once(studio: Studio) -> None:
    class Riddle:
        name = "test"

        def challenge(self) -> dict[str, Any]:
            return {}

        def check(self, solution: str) -> Proof:
            return Proof(solution, studio.clock.now() + dt.timedelta(minutes=20))

    studio.app.__dict__["captcha"] = Riddle()
    studio.use(SignUp)(applicant=ADA, captcha="7")
    with pytest.raises(InvalidInputError) as refused:
        studio.use(SignUp)(applicant=attrs.evolve(ADA, email="b@example.com"), captcha="7")
    assert refused.value.code == "captcha_failed"
    studio.use(SignUp)(applicant=attrs.evolve(ADA, email="b@example.com"), captcha="8")


def test_the_outbox_names_tokens_and_holds_no_link(studio: Studio, post: Post) -> None:
    studio.use(SignUp)(applicant=ADA)
    studio.use(RequestPasswordReset)(email=ADA.email)
    before = events(studio)
    studio.use(DispatchEvents)()
    signatures = [path.partition("?token=")[2].partition(".")[2] for path in post.paths]
    assert len(signatures) == 2
    assert all(len(s) > 40 and s not in before for s in signatures)
    assert PASSWORD not in before
    assert ADA.email not in before


def test_a_letter_waits_while_the_post_office_is_away(studio: Studio, post: Post) -> None:
    studio.use(SignUp)(applicant=ADA)
    post.error = ProviderUnavailableError("away")
    studio.use(DispatchEvents)()
    assert post.sent == []
    post.error = None
    studio.use(DispatchEvents)()
    studio.use(DispatchEvents)()
    assert post.sent == [("ada@example.com", "verify_email")]


def test_a_letter_whose_link_no_longer_works_is_not_sent(studio: Studio, post: Post) -> None:
    studio.use(SignUp)(applicant=ADA)
    studio.clock.advance(hours=25)
    studio.use(DispatchEvents)()
    assert post.sent == []


def test_three_links_in_six_hours(studio: Studio, post: Post) -> None:
    studio.use(SignUp)(applicant=ADA)
    for _ in range(6):
        studio.use(ResendVerification)(email=ADA.email)
        studio.use(DispatchEvents)()
    assert len(post.sent) == 3, "the first letter was overtaken by the second, whose token replaced it"
    studio.clock.advance(hours=7)
    studio.use(ResendVerification)(email=ADA.email)
    studio.use(DispatchEvents)()
    assert len(post.sent) == 4


def test_hashes_grow_stronger_at_the_next_sign_in(studio: Studio) -> None:
    studio.customer()
    studio.use(SetPassword)(actor=studio.operator(), user="ada@example.com", password=PASSWORD)
    studio.app.__dict__.pop("keeper")
    studio.app.__dict__["hasher"] = strong = Argon2Hasher(memory_kib=64, passes=2)
    studio.use(SignIn)(email="ada@example.com", password=PASSWORD)
    with studio.app.new_reading() as work:
        user = work.users.find_by_email("ada@example.com")
        assert user is not None
        credential = work.credentials.find(user.id)
    assert credential is not None
    assert not strong.is_outdated(credential.password_hash)
    studio.use(SignIn)(email="ada@example.com", password=PASSWORD)


def test_a_session_is_written_down_at_most_every_five_minutes(studio: Studio) -> None:
    studio.customer()
    studio.use(SetPassword)(actor=studio.operator(), user="ada@example.com", password=PASSWORD)
    opened = studio.use(SignIn)(email="ada@example.com", password=PASSWORD)
    seen = []
    for _ in range(4):
        actor = studio.use(AuthenticateSession)(secret=opened.secret)
        (session,) = studio.use(ListSessions)(actor=actor)
        seen.append(session.last_seen_at)
        studio.clock.advance(minutes=3)
    assert seen == [seen[0], seen[0], seen[0] + dt.timedelta(minutes=6), seen[0] + dt.timedelta(minutes=6)]


def test_old_sessions_are_forgotten(studio: Studio) -> None:
    studio.customer()
    studio.use(SetPassword)(actor=studio.operator(), user="ada@example.com", password=PASSWORD)
    studio.use(SignIn)(email="ada@example.com", password=PASSWORD)
    studio.clock.advance(days=30)
    assert studio.use(ForgetSessions)() == 0
    studio.clock.advance(days=8)
    assert studio.use(ForgetSessions)() == 1


def test_keys_leave_passwords_and_sessions_alone(studio: Studio) -> None:
    ada = studio.customer()
    key = attrs.evolve(ada, scopes=frozenset(Scope), channel=Channel.API)
    for attempt in (
        lambda: studio.use(ListSessions)(actor=key),
        lambda: studio.use(RevokeSession)(actor=key),
        lambda: studio.use(RefreshSession)(actor=key, secret="i2i_key"),
    ):
        with pytest.raises(NotAllowedError) as refused:
            attempt()
        assert refused.value.code == "person_required"


def test_a_secret_is_replaced_once_however_many_show_it_at_once(studio: Studio) -> None:
    ada = studio.customer()
    with studio.app.new_work() as work:
        opened = studio.use(SessionOpener).open(
            work, work.users.get(ada.user_id), is_remembered=False, visit=UNKNOWN
        )  # fmt: skip
        work.commit()
    known = [studio.use(AuthenticateSession)(secret=opened.secret) for _ in range(2)]
    renewed = studio.use(RefreshSession)(actor=known[0], secret=opened.secret)
    with pytest.raises(NotAuthenticatedError) as refused:
        studio.use(RefreshSession)(actor=known[1], secret=opened.secret)
    assert refused.value.code == "session_expired"
    assert studio.use(AuthenticateSession)(secret=renewed.secret).user_id == ada.user_id


def test_only_administrators_see_and_end_sessions_of_others(studio: Studio) -> None:
    ada, grace = studio.customer(), studio.customer("grace@example.com")
    with pytest.raises(NotAllowedError):
        studio.use(ListSessions)(actor=grace, user_id=ada.user_id)
    with pytest.raises(NotAllowedError):
        studio.use(RevokeSession)(actor=grace, user_id=ada.user_id)
    assert studio.use(RevokeSession)(actor=studio.operator(), user_id=ada.user_id) == 0


def test_a_second_reset_with_one_link_loses_the_race(studio: Studio, post: Post) -> None:
    studio.use(SignUp)(applicant=ADA)
    studio.use(RequestPasswordReset)(email=ADA.email)
    studio.use(DispatchEvents)()
    token = post.paths[-1].partition("?token=")[2]
    reset = studio.use(ResetPassword)
    real = reset.keeper.hasher

    class Slow(Argon2Hasher):
        """Lets somebody else use the link while it hashes."""

        def hash(self, password: str) -> str:
            reset(token=token, password="Green-Kettle-43")
            return real.hash(password)

    racing = attrs.evolve(reset, keeper=attrs.evolve(reset.keeper, hasher=Slow(memory_kib=8, passes=1)))
    with pytest.raises(InvalidInputError) as refused:
        racing(token=token, password="Black-Kettle-44")
    assert refused.value.code == "token_invalid"
    assert studio.use(SignIn)(email=ADA.email, password="Green-Kettle-43").user.email == ADA.email


def test_a_crowd_at_the_hasher_is_told_to_come_back(studio: Studio) -> None:
    class Full(Argon2Hasher):
        def verify(self, password_hash: str, password: str) -> bool:
            raise LimitReachedError("full", retry_after=5)

    signing = studio.use(SignIn)
    crowded = attrs.evolve(signing, keeper=attrs.evolve(signing.keeper, hasher=Full(memory_kib=8, passes=1)))
    with pytest.raises(LimitReachedError):
        crowded(email="nobody@example.com", password="x")
