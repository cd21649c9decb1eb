"""Run the keys that sign id tokens: P-256, wrapped by the vault, each for ninety days and published for an hour after it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from farthing.db.tx import Row, Tx
from farthing.identity import counting, jose
from farthing.kernel import sealed_anew
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF
from farthing.kit.actor import PUBLIC
from farthing.kit.words import Words
from farthing.parties.vouching import rules, store
from farthing.parties.vouching.model import KeepTokenKey, TokenKey, TurnTokenKey


@operation(
    "parties.keep_token_key", title=Words("Have a key that signs tokens", "备妥令牌签名密钥"),
    permission="identity:attest", whose=NOBODYS,
)  # fmt: skip
def keep_token_key(tx: Tx, command: KeepTokenKey) -> TokenKey:
    """Make a key where there is none that is young enough to sign; answers the one that signs."""
    return TokenKey(str(_current(tx, counting.wall(tx))["id"]))


@operation(
    "parties.turn_token_key", title=Words("Sign tokens by a new key", "更换令牌签名密钥"),
    permission="identity:manage", whose=STAFF,
)  # fmt: skip
def turn_token_key(tx: Tx, command: TurnTokenKey) -> TokenKey:
    """Sign by a new key from now on; the one before is published for an hour more, since tokens by it live that long at most."""
    at = counting.wall(tx)
    store.end_keys(tx, at)
    return TokenKey(_made(tx, at))


@question("parties.token_keys", permission=PUBLIC, whose=NOBODYS)
def token_keys(tx: Tx) -> list[dict[str, Any]]:
    """The public keys by which id tokens are verified (JWKS); none where none was ever needed."""
    return [dict(row["public_key"]) for row in store.keys(tx, counting.wall(tx) - rules.KEY_STAYS)]


def signed(tx: Tx, claims: dict[str, Any], at: datetime, kind: str = "") -> str:
    """A token of ours, by the key that signs now; ``kind``: what it says that it is, where it is no id token."""
    row = _current(tx, at)
    key: ec.EllipticCurvePrivateKey = tx.ports.peer("vault").unwrap(bytes(row["key"]))
    return jose.signed(key, row["id"], claims, kind)


def seed(tx: Tx) -> bytes | None:
    """What nobody outside knows and every process of this bank does, for as long as one key signs: nonces are made of it. None
    where no key signs now."""
    young = _young(tx, counting.wall(tx))
    return None if young is None else hashlib.sha256(b"nonces of " + bytes(young["key"])).digest()


def seal_anew(tx: Tx, limit: int) -> int:
    """Seal some keys as the vault seals now, that were sealed otherwise; answers how many."""
    return sealed_anew.seal_anew(tx, store.OTHERWISE, store.ANEW, {"key": tx.ports.peer("vault").KEYS}, limit)


def _current(tx: Tx, at: datetime) -> Row:
    """The key that signs; a new one where the last has signed for as long as one may."""
    young = _young(tx, at)
    if young is None:
        store.end_keys(tx, at)
        _made(tx, at)
        young = _young(tx, at)
    assert young is not None
    return young


def _young(tx: Tx, at: datetime) -> Row | None:
    found = store.keys(tx, at)
    return next((row for row in found if row["ended_at"] is None and at - row["made_at"] < rules.KEY_SIGNS), None)


def _made(tx: Tx, at: datetime) -> str:
    key_id, key = tx.new_id("jwk"), ec.generate_private_key(ec.SECP256R1())
    store.add_key(tx, key_id, tx.ports.peer("vault").wrap(key), jose.public_key(key, key_id), at)
    return key_id
