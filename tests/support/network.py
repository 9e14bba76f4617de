"""Keeps tests off the network: a socket may reach this machine and nothing else."""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

import pytest

INTERNET = (socket.AF_INET, socket.AF_INET6)


class NetworkBlockedError(RuntimeError):
    """A test tried to reach another machine."""


def is_local(host: object) -> bool:
    """Tell whether a host name or address stays on this machine; an empty one means every local interface."""
    if host is None:
        return True
    name = (host.decode() if isinstance(host, bytes) else str(host)).rstrip(".").lower()
    if not name or name == "localhost" or name.endswith(".localhost") or name == socket.gethostname().lower():
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


def is_address(host: object) -> bool:
    """Tell whether looking the host up needs no question to a name server."""
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return True


def block(patch: pytest.MonkeyPatch) -> None:
    """Make connecting, sending and looking up names raise `NetworkBlockedError` for any other machine."""
    for name, position in (("connect", 0), ("connect_ex", 0), ("sendto", -1)):
        patch.setattr(socket.socket, name, _guarded_send(getattr(socket.socket, name), position))
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        patch.setattr(socket, name, _guarded_lookup(getattr(socket, name)))


def _guarded_send(original: Callable[..., Any], position: int) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        address = arguments[position]
        if self.family in INTERNET and not is_local(address[0]):
            msg = f"a test tried to reach {address[0]}:{address[1]}; tests talk to this machine only"
            raise NetworkBlockedError(msg)
        return original(self, *arguments)

    return guarded


def _guarded_lookup(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(host: Any, *arguments: Any, **options: Any) -> Any:
        if not is_local(host) and not is_address(host):
            msg = f"a test tried to look up {host}; tests talk to this machine only"
            raise NetworkBlockedError(msg)
        return original(host, *arguments, **options)

    return guarded
