"""Own which addresses may be asked: of a network, whether it is the internet's; of a peer, whether it is plain, over TLS or here.

For whoever calls an address that is somebody else's choice. Pure.
"""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1")
GIVEN_OUT, TRANSLATED = ipaddress.IPv6Network("2000::/3"), ipaddress.IPv6Network("64:ff9b::/96")
"""What IPv6 gives out as addresses of the internet (IANA), and IPv4 written as IPv6 by a translator (RFC 6052)."""


def is_outside(address: str) -> bool:
    """Whether a network address is one of the internet's: neither this machine's, nor a private network's, nor the link's,
    nor a way round by which one of those is written as the other family.

    Of IPv6 only what is given out as global unicast counts, and translated IPv4: what else there is was given up
    (``::7f00:1``, ``fec0::``), is one network's own (``64:ff9b:1::``), or is not given out yet.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return found.is_global and not found.is_multicast
    if found in TRANSLATED:
        return is_outside(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    inner = found.ipv4_mapped or found.sixtofour
    if inner is not None:
        return is_outside(str(inner))
    return found in GIVEN_OUT and found.is_global


def is_local(address: str) -> bool:
    """Whether an address is on this very machine, without TLS, hence for trying out."""
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def may_be_asked(address: Any, longest: int) -> bool:
    """Whether something is an address that one reads in one way only, over TLS or on this machine: nobody's name, no fragment."""
    try:
        parts = urlsplit(address) if isinstance(address, str) and len(address) <= longest else urlsplit("")
        named = parts.hostname and parts.username is None and not parts.fragment and parts.port != 0
    except ValueError:
        return False
    plain = bool(named) and address.isascii() and address.isprintable()
    return plain and (parts.scheme == "https" or is_local(address))
