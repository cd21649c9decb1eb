"""Run what a bank owes its keyring: to be opened with the one that it began with, and to seal what lies in plain still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass

from farthing.db.keyring.ring import Keyring
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.identity import phones as logins
from farthing.kernel.run import Kernel
from farthing.parties import service as parties
from farthing.signing import service as signing

AT_ONCE = 2_000
"""Rows of each kind that are sealed in one transaction."""


@dataclass(frozen=True, slots=True)
class SealedNow:
    """How many rows that lay in plain were sealed: values beside the log, parties, names of logins, contracts."""

    values: int = 0
    parties: int = 0
    logins: int = 0
    contracts: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.values + self.parties + self.logins + self.contracts

    def plus(self, other: SealedNow) -> SealedNow:
        """Both together."""
        return SealedNow(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


def settle_keyring(kernel: Kernel, *, begin: bool = True) -> None:
    """See to it that the keyring is this bank's; one that has none yet begins with it. Refuses ``keyring.of_another_bank``."""
    ring: Keyring = kernel.ports.peer("keyring")
    with kernel.database.transaction() as connection:
        ring.settle(connection, kernel.wall() if begin else None)


def seal_personal(kernel: Kernel, told: Callable[[SealedNow], object] = lambda _: None) -> SealedNow:
    """Seal every personal value that lies in plain, some rows at a time; killed in between, it is done again and goes on.

    What the server has not vacuumed, its write-ahead log and backups from before still hold what lay there.
    """
    total = SealedNow()
    while (some := kernel.tidy(_some)) != SealedNow():
        total = total.plus(some)
        told(total)
    return total


def _some(tx: Tx) -> SealedNow:
    return SealedNow(
        evidence.seal_plain(tx, AT_ONCE), parties.seal_plain(tx, AT_ONCE), logins.seal_plain(tx, AT_ONCE),
        signing.seal_plain(tx, AT_ONCE // 20),
    )  # fmt: skip
