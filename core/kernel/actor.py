"""Who performs a use case, and what that person or process may do."""

import datetime as dt
import enum

import attrs

from core.errors import NotAllowedError, NotFoundError


class Role(enum.StrEnum):
    """A capacity in which a user acts; a user holds a set of them."""

    CUSTOMER = "customer"
    DESIGNER = "designer"
    TAILOR = "tailor"
    ADMIN = "admin"


class Scope(enum.StrEnum):
    """What an API key may be used for."""

    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    ASSETS_WRITE = "assets:write"
    CREDITS_READ = "credits:read"
    CREDITS_CHARGE = "credits:charge"
    DAM_READ = "dam:read"
    DAM_WRITE = "dam:write"
    ADMIN = "admin"


class Channel(enum.StrEnum):
    """The door through which a request came in."""

    WEB = "web"
    API = "api"
    CLI = "cli"
    WORKER = "worker"


class Action(enum.StrEnum):
    """What an actor wants to do to an object."""

    READ = "read"
    WRITE = "write"
    ADMINISTER = "administer"


@attrs.frozen(kw_only=True)
class Actor:
    """The authenticated originator of one request.

    Args:
        user_id: id of the account whose data is touched.
        roles: all roles the account holds.
        scopes: what the key allows; None where the channel does not restrict.
        channel: where the request came in.
        label: the name written to logs (an e-mail, a key prefix, an OS user).
        expires_at: when the key of this request ends; None for never.
        session_id: the session of this request; None for a key and elsewhere.
    """

    user_id: str
    roles: frozenset[Role] = frozenset({Role.CUSTOMER})
    scopes: frozenset[Scope] | None = None
    channel: Channel = Channel.CLI
    label: str = ""
    expires_at: dt.datetime | None = None
    session_id: str | None = None

    @property
    def is_admin(self) -> bool:
        """Whether the actor administers this installation (role and, for a key, scope)."""
        return Role.ADMIN in self.roles and (self.scopes is None or Scope.ADMIN in self.scopes)

    def require_scope(self, scope: Scope) -> None:
        """Refuse an API key that was not given this scope.

        Raises:
            NotAllowedError: code ``missing_scope``.
        """
        if self.scopes is not None and scope not in self.scopes and not self.is_admin:
            raise NotAllowedError(f"This key lacks the scope {scope}.", code="missing_scope", details={"scope": scope})

    def require_person(self) -> None:
        """Refuse an API key: passwords and sessions are the business of whoever signed in.

        Raises:
            NotAllowedError: code ``person_required``.
        """
        if self.scopes is not None:
            raise NotAllowedError("A key may not do this; sign in.", code="person_required")

    def require_admin(self) -> None:
        """Refuse everyone who does not administer this installation.

        Raises:
            NotAllowedError: code ``admin_only``.
        """
        if not self.is_admin:
            raise NotAllowedError("Only an administrator may do this.", code="admin_only")


def can(actor: Actor, action: Action, owner_id: str) -> bool:
    """Decide whether an actor may act on an object of this owner (owners and administrators may)."""
    if action is Action.ADMINISTER:
        return actor.is_admin
    return actor.user_id == owner_id or actor.is_admin


def require_access(actor: Actor, action: Action, *, owner_id: str, what: str) -> None:
    """Hide private objects of others behind the same answer as missing ones.

    Raises:
        NotFoundError: when the actor may not touch the object.
    """
    if not can(actor, action, owner_id):
        raise NotFoundError(f"There is no such {what}.", details={"what": what})
