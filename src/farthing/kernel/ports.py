"""Own ``Ports``: the one table of everything outside the bank that it may ask, by kind and name.

Made once by whoever opens the bank and given to ``Kernel``; ``Tx`` carries it, so that an operation may ask which peers
there are. Nothing is plugged in at import, and an adapter is built when it is first used. A peer is never called while a
transaction is open (:mod:`farthing.kernel.errands`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Literal

from farthing.kit.errors import InvariantBroken

Kind = Literal[
    "rail", "statement", "proofing", "bureau", "ca", "ocsp", "tsa", "witness", "partner", "gateway", "vault", "channel",
    "webhook", "network", "sealer", "signer", "openid", "judge", "exchange", "giver", "exposure", "keyring",
]  # fmt: skip
"""rail: money at other banks; statement: what a rail tells of our account there; proofing: who somebody is; bureau: what
somebody owes; ca, ocsp, tsa: certificates, whether one was revoked, and timestamps; witness: who cosigns the log; partner:
lenders who lend beside us; gateway: messages to a phone; vault: what wraps the keys that the bank keeps; channel: who issues
bills and seals them; webhook: the way to programs outside that are told of events; network: who issues cards and accounts at
other banks; sealer: what seals their numbers to a network's own key, in this process; signer: who holds the log's key;
openid: whose logins sign in here; judge: what says whether a signed PDF is sealed, and by whom; exchange: the credit-information
node that is told of loans; giver: the way to institutions that give what a person lets us read there; exposure: what somebody
owes elsewhere, in bands, by an exchange that knows no names; keyring: where people's own keys lie."""

Build = Callable[[], object]
"""Makes an adapter; called at most once."""
Table = Mapping[Kind, Mapping[str, Build]]
"""Peers by kind and name."""


class Ports:
    """Which peers there are. The table never changes; what stands behind a name is built at first use."""

    __slots__ = ("_build", "_built", "_lock")

    def __init__(self, table: Table | None = None) -> None:
        self._build = {(kind, name): build for kind, peers in (table or {}).items() for name, build in peers.items()}
        self._built: dict[tuple[str, str], object] = {}
        self._lock = threading.RLock()

    def names(self, kind: Kind) -> tuple[str, ...]:
        """The peers of a kind, the one that is meant where none is named first."""
        return tuple(name for each, name in self._build if each == kind)

    def has(self, kind: Kind, name: str) -> bool:
        """Whether there is such a peer; asks nobody and builds nothing."""
        return (kind, name) in self._build

    def first(self, kind: Kind) -> str:
        """The name of the peer that is meant where none is named; a bank without one was opened wrongly."""
        names = self.names(kind)
        if not names:
            raise InvariantBroken(f"this bank was opened without a {kind}")
        return names[0]

    def peer(self, kind: Kind, name: str | None = None) -> Any:
        """The adapter of a name, or of the first; the caller's package knows its protocol."""
        where = (kind, self.first(kind) if name is None else name)
        if where not in self._build:
            raise InvariantBroken(f"this bank was opened without the {kind} {name}")
        with self._lock:
            if where not in self._built:
                self._built[where] = self._build[where]()
            return self._built[where]

    def beside(self, table: Table) -> Ports:
        """The same table with further peers behind those that are there; what is there already keeps its name."""
        joined = Ports(table)
        joined._build = {**self._build, **{at: build for at, build in joined._build.items() if at not in self._build}}
        joined._built = dict(self._built)
        return joined

    def before(self, kind: Kind, name: str, peer: object) -> Ports:
        """The same table with one peer plugged in that is meant where none is named."""
        changed = Ports()
        changed._build = {
            (kind, name): lambda: peer,
            **{at: build for at, build in self._build.items() if at != (kind, name)},
        }
        changed._built = {where: built for where, built in self._built.items() if where != (kind, name)}
        return changed

    def with_peer(self, kind: Kind, name: str, peer: object) -> Ports:
        """The same table with one peer plugged in or replaced; what is built already stays as it is."""
        changed = Ports()
        changed._build = {**self._build, (kind, name): lambda: peer}
        changed._built = {where: built for where, built in self._built.items() if where != (kind, name)}
        return changed
