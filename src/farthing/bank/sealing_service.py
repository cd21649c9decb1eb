"""Seal anew what the bank keeps sealed: signing keys, seeds of login codes, secrets of webhooks, keys of tokens, what fetches
people's history from elsewhere, people's own keys. Their values stay the same."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.keyring.ring import ring_of
from farthing.db.tx import Tx
from farthing.events import service as events
from farthing.identity.codes import service as codes
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Count
from farthing.kit.words import Words
from farthing.parties.vouching import keys_service as token_keys
from farthing.sharing.pulling import service as pulling
from farthing.signing import service as signing

AT_ONCE = 500
"""Of each kind, in one transaction."""


@dataclass(frozen=True, slots=True)
class SealAnew:
    """Seal as the vault seals now what was sealed by another suite or under another secret; at most ``limit`` of each kind."""

    limit: Count = AT_ONCE


@dataclass(frozen=True, slots=True)
class SealedAnew:
    """How many of each kind were sealed anew; all zero: everything is as it would be sealed now."""

    signing_keys: int
    login_codes: int
    webhooks: int
    token_keys: int
    """Keys by which what is told of people is signed."""
    pulls: int
    """Keys and tokens by which history is fetched from other institutions."""
    people: int
    """People's own keys, and the house's, in the keyring."""

    def plus(self, other: SealedAnew) -> SealedAnew:
        """Both together."""
        return SealedAnew(
            self.signing_keys + other.signing_keys, self.login_codes + other.login_codes, self.webhooks + other.webhooks,
            self.token_keys + other.token_keys, self.pulls + other.pulls, self.people + other.people,
        )  # fmt: skip


@operation(
    "bank.seal_anew", title=Words("Seal kept keys and secrets anew", "重新加密保存的密钥与秘密"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def seal_anew(tx: Tx, command: SealAnew) -> SealedAnew:
    """Seal some of everything anew that is not as it would be sealed now; asked again until nothing is left."""
    return SealedAnew(
        signing.seal_anew(tx, command.limit), codes.seal_anew(tx, command.limit), events.seal_anew(tx, command.limit),
        token_keys.seal_anew(tx, command.limit), pulling.seal_anew(tx, command.limit), ring_of(tx).rewrap(command.limit),
    )  # fmt: skip
