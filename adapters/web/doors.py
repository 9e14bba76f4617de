"""How often one may try to get in: by person, by address, and by both together."""

import hashlib
import time

import attrs
from apiflask import APIFlask
from flask import current_app, request
from limits import RateLimitItem, RateLimitItemPerMinute

from adapters.web.networks import is_this_machine, network_of
from adapters.web.windows import Windows, windows_of
from core.errors import LimitReachedError


@attrs.frozen(kw_only=True)
class DoorRates:
    """Tries at the doors of an installation.

    Args:
        address: at any door, per minute and network address.
        sign_in: per five minutes, account and network address.
        sign_in_account: per five minutes and account, wherever they come from.
        sign_up, reset: per hour and account.
        resend: per six hours and account.
    """

    address: int = 10
    sign_in: int = 10
    sign_in_account: int = 100
    sign_up: int = 5
    reset: int = 5
    resend: int = 3


MINUTES = {"address": 1, "sign_in": 5, "sign_in_account": 5, "sign_up": 60, "reset": 60, "resend": 360}


class Doors:
    """Counts tries."""

    def __init__(self, rates: DoorRates, windows: Windows) -> None:
        self._windows = windows
        self._items: dict[str, RateLimitItem] = {
            name: RateLimitItemPerMinute(amount, MINUTES[name]) for name, amount in attrs.asdict(rates).items()
        }

    def knock(self, kind: str, caller: str) -> None:
        """Count a try.

        Raises:
            LimitReachedError: code ``too_many_requests``, with the seconds to wait.
        """
        hit = self._windows.hit(self._items[kind], f"door:{kind}", caller)
        if not hit.is_allowed:
            raise LimitReachedError(
                "That was tried too often; wait a while.",
                code="too_many_requests",
                retry_after=max(1.0, hit.resets_at - time.time()),
                details={"kind": kind},
            )


def knock(kind: str, account: str) -> None:
    """Count a try of the current request at a door, for this account and from this address.

    Raises:
        LimitReachedError: code ``too_many_requests``; the same whether there is such an account or not.
    """
    doors: Doors = current_app.extensions["i2i_doors"]
    address = request.remote_addr or ""
    _knock_from(address)
    network = network_of(address)
    # Whoever looks into the store of the counters finds no addresses of people.
    person = hashlib.sha256(account.strip().casefold().encode("utf-8", "replace")).hexdigest()
    if kind == "sign_in":
        doors.knock("sign_in_account", person)
        doors.knock("sign_in", f"{person} {network}")
    else:
        doors.knock(kind, person)


def knock_with_link() -> None:
    """Count a try with a mailed link, which names no account."""
    _knock_from(request.remote_addr or "")


def _knock_from(address: str) -> None:
    """Count by network address; this very machine is no stranger, and all its people share one address."""
    doors: Doors = current_app.extensions["i2i_doors"]
    if not is_this_machine(address) or "X-Forwarded-For" in request.headers:
        doors.knock("address", network_of(address))


def register(app: APIFlask, rates: DoorRates) -> None:
    """Keep the counters with the application."""
    app.extensions["i2i_doors"] = Doors(rates, windows_of(app.extensions["i2i"].settings))
