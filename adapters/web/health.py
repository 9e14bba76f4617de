"""What has to work before requests are sent here."""

import os
from collections.abc import Callable

import structlog

from adapters.bootstrap import Application
from core.domain.accounts import OPERATOR_EMAIL
from core.errors import I2IError, ProviderUnavailableError

log: structlog.stdlib.BoundLogger = structlog.get_logger("i2i.web")
TIMEOUT_SECONDS = 3


def check_database(application: Application) -> None:
    """Reach the database and compare its version."""
    from adapters.storage.sql import migrations

    with application.new_reading() as work:
        work.users.find_by_email(OPERATOR_EMAIL)
    has_version = hasattr(application.database, "connect")  # one in memory has none
    if has_version and not migrations.is_current(application.settings.database_url):
        raise ProviderUnavailableError("The database is not up to date; run `i2i db upgrade`.")


def check_store(application: Application) -> None:
    """Ask the store for something that is not there."""
    application.blobs.exists("health/none")
    settings = application.settings
    if settings.blob_store == "files" and not os.access(settings.home, os.W_OK | os.X_OK):
        raise ProviderUnavailableError("The folder of the files cannot be written.")


def check_broker(application: Application) -> None:
    """Reach the broker, where there is one."""
    if application.settings.broker == "embedded":
        return
    import redis

    try:
        redis.Redis.from_url(
            application.settings.redis_url, socket_connect_timeout=TIMEOUT_SECONDS, socket_timeout=TIMEOUT_SECONDS
        ).ping()
    except redis.RedisError as error:
        raise ProviderUnavailableError("The broker cannot be reached.") from error


CHECKS: dict[str, Callable[[Application], None]] = {
    "database": check_database, "store": check_store, "broker": check_broker,
}  # fmt: skip


def examine(application: Application) -> dict[str, str]:
    """Return ``ok`` or a sentence for everything that has to work; causes stand in the log only."""
    return {name: _examine(name, application) for name in CHECKS}


def _examine(name: str, application: Application) -> str:
    try:
        CHECKS[name](application)
    except I2IError as error:
        log.warning("not_ready", check=name, exc_info=error)
        return error.message
    except Exception as error:
        log.warning("not_ready", check=name, exc_info=error)
        return "It failed; see the log."
    return "ok"
