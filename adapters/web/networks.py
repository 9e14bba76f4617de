"""Whom a network address stands for, where requests are counted by address."""

from ipaddress import IPv6Address, ip_address

HOME_BITS = 64


def network_of(address: str) -> str:
    """Return what is counted: an IPv4 address, or the network of an IPv6 address.

    One household has 2**64 addresses of IPv6; whoever uses a new one for each try has still only one network.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Address(int(found) >> HOME_BITS << HOME_BITS))


def is_this_machine(address: str) -> bool:
    """Whether an address is one of the machine itself, also where IPv4 arrives on a socket of IPv6."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (mapped or found).is_loopback
