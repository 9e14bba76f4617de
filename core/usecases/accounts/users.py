"""Create, list and change users."""

from collections.abc import Iterable

import attrs

from core.domain.accounts import OPERATOR_EMAIL, User, UserStatus, clean_email, clean_name
from core.domain.credits.ledger import Source
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.kernel.actor import Actor, Channel, Role
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.unit_of_work import NewReading, NewWork, UnitOfWork
from core.usecases.credits.bookkeeper import Bookkeeper, Note


@attrs.frozen(kw_only=True)
class UserOpener:
    """Stores a user together with a credit account and the welcome grant."""

    clock: Clock
    ids: IdGenerator
    bookkeeper: Bookkeeper
    welcome_credits: int

    def open(
        self, work: UnitOfWork, *, email: str, name: str, roles: frozenset[Role], is_unmetered: bool = False,
        company_name: str = "", is_verified: bool = True,
    ) -> User:  # fmt: skip
        """Create the account.

        Raises:
            ConflictError: code ``email_taken``.
        """
        now = self.clock.now()
        user = User(
            id=self.ids.new(), email=email, name=name, created_at=now, roles=roles,
            email_verified_at=now if is_verified else None, is_unmetered=is_unmetered, company_name=company_name,
        )  # fmt: skip
        work.users.add(user)
        account = self.bookkeeper.open_account(work, owner_id=user.id, is_unmetered=is_unmetered)
        if self.welcome_credits and not is_unmetered:
            self.bookkeeper.grant(
                work, account_id=account.id, amount=self.welcome_credits, source=Source.PROMO,
                origin_key=f"welcome:{user.id}", note=Note(actor="system", reason="Welcome"),
            )  # fmt: skip
        return user


@attrs.frozen(kw_only=True)
class CreateUser:
    """Create a user with the welcome grant."""

    new_work: NewWork
    opener: UserOpener

    def __call__(self, *, actor: Actor, email: str, name: str, roles: Iterable[Role] = (Role.CUSTOMER,)) -> User:
        """Create the user; the address counts as verified, since an administrator vouches for it.

        Raises:
            NotAllowedError: the actor is no administrator.
            InvalidInputError: a bad address or name.
            ConflictError: code ``email_taken``.
        """
        actor.require_admin()
        with self.new_work() as work:
            user = self.opener.open(
                work, email=clean_email(email), name=clean_name(name), roles=frozenset(roles) | {Role.CUSTOMER}
            )
            work.commit()
        return user


@attrs.frozen(kw_only=True)
class EnsureOperator:
    """Return the account behind the command line, creating it at the first use."""

    new_work: NewWork
    new_reading: NewReading
    opener: UserOpener

    def __call__(self, *, label: str) -> Actor:
        """Return the operator as an actor.

        Args:
            label: the operating system's name of the person, for the logs.
        """
        with self.new_reading() as work:
            user = work.users.find_by_email(OPERATOR_EMAIL)
        if user is None:
            user = self._create()
        return Actor(user_id=user.id, roles=user.roles, channel=Channel.CLI, label=label)

    def _create(self) -> User:
        try:
            with self.new_work() as work:
                roles = frozenset({Role.CUSTOMER, Role.ADMIN})
                user = self.opener.open(work, email=OPERATOR_EMAIL, name="Operator", roles=roles, is_unmetered=True)
                work.commit()
        except ConflictError:
            # Another process was first.
            with self.new_reading() as work:
                found = work.users.find_by_email(OPERATOR_EMAIL)
            if found is None:
                raise
            return found
        return user


@attrs.frozen(kw_only=True)
class ListUsers:
    """List all users."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor) -> tuple[User, ...]:
        """Return the users, oldest first.

        Raises:
            NotAllowedError: the actor is no administrator.
        """
        actor.require_admin()
        with self.new_reading() as work:
            return work.users.list()


@attrs.frozen(kw_only=True)
class GetUser:
    """Show a user."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, user: str) -> User:
        """Return a user by id or e-mail.

        Raises:
            NotFoundError: there is none.
            NotAllowedError: the actor is no administrator.
        """
        if user not in (actor.user_id, "me"):
            actor.require_admin()
        with self.new_reading() as work:
            return find_user(work, actor.user_id if user == "me" else user)


def find_user(work: UnitOfWork, user: str) -> User:
    """Return a user by id or e-mail.

    Raises:
        NotFoundError: there is none.
    """
    found = work.users.find_by_email(clean_email(user)) if "@" in user else work.users.get(user)
    if found is None:
        raise NotFoundError(f"There is no user {user!r}.", details={"what": "user"})
    return found


@attrs.frozen(kw_only=True)
class ChangeUser:
    """Change a user's roles, status or storage quota."""

    new_work: NewWork

    def __call__(
        self, *, actor: Actor, user: str, roles: Iterable[Role] | None = None, status: UserStatus | None = None,
        quota_bytes: int | None = None,
    ) -> User:  # fmt: skip
        """Store the change.

        Raises:
            NotAllowedError: the actor is no administrator.
            ConflictError: code ``last_admin``, when nobody would be left to administer.
            InvalidInputError: code ``invalid_quota``, below 0.
            NotFoundError: no such user.
        """
        actor.require_admin()
        if quota_bytes is not None and quota_bytes < 0:
            raise InvalidInputError("A quota is not negative.", code="invalid_quota")
        with self.new_work() as work:
            known = find_user(work, user)
            changed = attrs.evolve(
                known,
                roles=known.roles if roles is None else frozenset(roles) | {Role.CUSTOMER},
                status=status or known.status,
                quota_bytes=known.quota_bytes if quota_bytes is None else quota_bytes,
            )
            if _is_admin(known) and not _is_admin(changed):
                others = [u for u in work.users.list() if u.id != known.id and _is_admin(u)]
                if not others:
                    raise ConflictError("The last administrator cannot be removed.", code="last_admin")
            saved = work.users.save(changed)
            work.commit()
        return saved


def _is_admin(user: User) -> bool:
    return Role.ADMIN in user.roles and user.status is UserStatus.ACTIVE
