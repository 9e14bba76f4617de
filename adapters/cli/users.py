"""``i2i user``: users, their roles and their storage."""

import sys
from typing import TYPE_CHECKING, Any

import click

from adapters.cli.commands import command
from adapters.cli.output import print_facts, print_line, print_table, size
from adapters.cli.session import Session
from core.domain.accounts import User, UserStatus
from core.errors import InvalidInputError
from core.kernel.actor import Role
from core.usecases.accounts.demo import EnsureDemo
from core.usecases.accounts.passwords import SetPassword
from core.usecases.accounts.sessions import ListSessions, RevokeSession
from core.usecases.accounts.users import ChangeUser, CreateUser, GetUser, ListUsers

if TYPE_CHECKING:
    from rich.console import Console

user = click.Group("user", help="Users, their roles and their storage.")
ROLE = click.Choice([r.value for r in Role])
user_argument = click.argument("who", metavar="EMAIL")


def _document(found: User) -> dict[str, Any]:
    return {
        "id": found.id,
        "email": found.email,
        "name": found.name,
        "company_name": found.company_name,
        "roles": sorted(role.value for role in found.roles),
        "status": found.status.value,
        "is_unmetered": found.is_unmetered,
        "quota_bytes": found.quota_bytes,
        "created_at": found.created_at,
        "email_verified_at": found.email_verified_at,
    }


def _print(console: "Console", document: dict[str, Any]) -> None:
    quota = size(document["quota_bytes"]) if document["quota_bytes"] is not None else "as in the settings"
    print_facts(
        console,
        [
            ("User", document["id"]),
            ("E-mail", document["email"]),
            ("Name", document["name"]),
            ("Roles", ", ".join(document["roles"])),
            ("Status", document["status"]),
            ("Storage", quota),
        ],
    )


def _print_list(console: "Console", document: dict[str, Any]) -> None:
    rows = [(u["email"], u["name"], ", ".join(u["roles"]), u["status"], u["id"]) for u in document["users"]]
    print_table(console, ("E-mail", "Name", "Roles", "Status", "Id"), rows)


@command(user, "create", about=CreateUser)
@click.argument("email")
@click.argument("name")
@click.option("--role", "roles", multiple=True, type=ROLE, help="Besides customer (repeatable).")
def create(session: Session, *, email: str, name: str, roles: tuple[str, ...]) -> None:
    """Create a user."""
    wanted = [Role(role) for role in roles]
    session.show(_document(session.use(CreateUser)(actor=session.actor, email=email, name=name, roles=wanted)), _print)


@command(user, "demo", about=EnsureDemo)
def demo(session: Session) -> None:
    """Make sure that there is a demo customer."""
    session.show(_document(session.use(EnsureDemo)(actor=session.actor)), _print)


@command(user, "list", about=ListUsers)
def show_list(session: Session) -> None:
    """List users."""
    session.show({"users": [_document(u) for u in session.use(ListUsers)(actor=session.actor)]}, _print_list)


@command(user, "show", about=GetUser)
@user_argument
def show(session: Session, *, who: str) -> None:
    """Show a user."""
    session.show(_document(session.use(GetUser)(actor=session.actor, user=who)), _print)


def _change(session: Session, who: str, **change: Any) -> None:
    session.show(_document(session.use(ChangeUser)(actor=session.actor, user=who, **change)), _print)


@command(user, "roles", about="Set the roles of a user; everybody stays a customer.")
@user_argument
@click.argument("roles", nargs=-1, type=ROLE, metavar="[ROLE…]")
def set_roles(session: Session, *, who: str, roles: tuple[str, ...]) -> None:
    """Set roles."""
    _change(session, who, roles=[Role(role) for role in roles])


@command(user, "suspend", about="Suspend a user: keys and sessions stop working at once.")
@user_argument
def suspend(session: Session, *, who: str) -> None:
    """Suspend a user."""
    _change(session, who, status=UserStatus.SUSPENDED)


@command(user, "reactivate", about="Let a suspended user work again.")
@user_argument
def reactivate(session: Session, *, who: str) -> None:
    """Reactivate a user."""
    _change(session, who, status=UserStatus.ACTIVE)


@command(user, "quota", about="Set how many bytes a user may store.")
@user_argument
@click.argument("quota", type=int, metavar="BYTES")
def quota(session: Session, *, who: str, quota: int) -> None:
    """Set the storage of a user."""
    if quota < 1:
        raise InvalidInputError("A quota is at least 1 byte.", code="invalid_quota")
    _change(session, who, quota_bytes=quota)


def _print_password(console: "Console", document: dict[str, Any]) -> None:
    if document["password"] is None:
        print_line(console, f"{document['email']} has the new password.")
    else:
        print_facts(console, [("E-mail", document["email"]), ("Password", document["password"])])
        print_line(console, "It is shown this once.")
    if document["ended_sessions"]:
        print_line(console, f"Ended sessions: {document['ended_sessions']}.")


@command(user, "password", about="Set a user's password (a random one unless given) and end the user's sessions.")
@user_argument
@click.option("--password", help="The password; other people of this machine may see it while the command runs.")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the password from standard input.")
def set_password(session: Session, *, who: str, password: str | None, from_stdin: bool) -> None:
    """Set a password."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    made = session.use(SetPassword)(actor=session.actor, user=who, password=password)
    document = {"email": made.user.email, "password": made.password, "ended_sessions": made.ended_sessions}
    session.show(document, _print_password)


def _print_sessions(console: "Console", document: dict[str, Any]) -> None:
    if document["ended"] is not None:
        print_line(console, f"Ended sessions: {document['ended']}.")
        return
    rows = [
        (
            s["last_seen_at"].strftime("%Y-%m-%d %H:%M"),
            s["expires_at"].strftime("%Y-%m-%d"),
            s["address"],
            s["user_agent"],
        )
        for s in document["sessions"]
    ]
    print_table(console, ("Last seen (UTC)", "Until", "From", "Browser"), rows)


@command(user, "sessions", about="Show where a user is signed in, or end all of it.")
@user_argument
@click.option("--end", is_flag=True, help="End all sessions of the user.")
def sessions(session: Session, *, who: str, end: bool) -> None:
    """Show or end sessions."""
    user_id = session.use(GetUser)(actor=session.actor, user=who).id
    ended = session.use(RevokeSession)(actor=session.actor, user_id=user_id) if end else None
    found = session.use(ListSessions)(actor=session.actor, user_id=user_id)
    fields = ("id", "created_at", "last_seen_at", "expires_at", "is_remembered", "address", "user_agent")
    listed = [{name: getattr(s, name) for name in fields} for s in found]
    session.show({"sessions": listed, "ended": ended}, _print_sessions)
