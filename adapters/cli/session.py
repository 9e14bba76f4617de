"""What every command works with: settings, the application, who is acting, and where to write."""

import getpass
import os
import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from adapters.bootstrap import Application
from adapters.cli.output import make_console, write_json
from adapters.settings import Settings, load_settings
from adapters.system.home import home_folder, prepare_home
from core.errors import ConflictError
from core.kernel.actor import Actor

if TYPE_CHECKING:
    from rich.console import Console

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Surroundings:
    """The outside of a command: its environment, and what turns settings into an application (tests replace both)."""

    environ: Mapping[str, str] = attrs.field(factory=lambda: os.environ)
    build: Callable[[Settings], Application] = Application


def person() -> str:
    """Return the name of whoever sits at the terminal, for the logs."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"uid {os.getuid()}"


class Session:
    """One command's view of the installation; everything is made on first use.

    Args:
        as_json: answer with one JSON document instead of text.
        as_user: act for the user with this e-mail or id instead of the operator.
    """

    def __init__(self, surroundings: Surroundings, *, as_json: bool = False, as_user: str | None = None) -> None:
        self.surroundings = surroundings
        self.as_json = as_json
        self.as_user = as_user
        self.is_service = False

    @cached_property
    def settings(self) -> Settings:
        """The settings of this installation."""
        environ = self.surroundings.environ
        return load_settings(environ, home_folder(environ))

    @cached_property
    def app(self) -> Application:
        """The application, without a prepared database."""
        from adapters.system.logging import set_up_logging

        # Between a person and a progress bar only problems are worth a line; servers log as configured.
        wants_all = self.is_service or "log_level" in self.settings.sources
        level = self.settings.log_level if wants_all else "warning"
        set_up_logging(format=self.settings.log_format, level=level)
        return self.surroundings.build(self.settings)

    @cached_property
    def actor(self) -> Actor:
        """Whoever acts; the database is ready from here on."""
        from core.usecases.accounts.users import EnsureOperator

        self.prepare()
        operator = self.app.use(EnsureOperator)(label=person())
        if self.as_user is None:
            return operator
        from core.usecases.accounts.users import GetUser

        user = self.app.use(GetUser)(actor=operator, user=self.as_user)
        return attrs.evolve(operator, user_id=user.id, roles=user.roles, label=f"{person()} for {user.email}")

    def prepare(self) -> None:
        """Make the home folder, and the tables of a new database.

        Raises:
            ConflictError: code ``database_outdated``.
        """
        from adapters.storage.sql import migrations

        prepare_home(self.settings.home)
        version = migrations.current(self.settings.database_url)
        if version is None:
            migrations.upgrade(self.settings.database_url)
        elif version != migrations.HEAD:
            raise ConflictError(
                f"The database has version {version} and this i2i needs {migrations.HEAD}; run `i2i db upgrade`.",
                code="database_outdated",
                details={"version": version, "needed": migrations.HEAD},
            )

    def use(self, kind: type[T]) -> T:
        """Return a use case with its ports."""
        return self.app.use(kind)

    @cached_property
    def out(self) -> "Console":
        """Where results go."""
        return make_console()

    @cached_property
    def err(self) -> "Console":
        """Where progress and questions go."""
        return make_console(is_error=True)

    @property
    def is_interactive(self) -> bool:
        """Whether somebody can be asked."""
        return sys.stdin.isatty() and sys.stderr.isatty() and not self.as_json

    def show(self, document: Any, view: "Callable[[Console, Any], None]") -> None:
        """Write a result: the document itself, or what a view makes of it, so that both tell the same."""
        if self.as_json:
            write_json(document)
        else:
            view(self.out, document)

    def close(self) -> None:
        """Close what was opened."""
        if "app" in self.__dict__:
            self.app.close()
