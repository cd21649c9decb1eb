"""Own how a customer's login is named in its table: a phone, found by a blind index and sealed under its own key. Never decides.

Members of staff have names that they chose, which lie as they are. Rows from before there was a keyring are found by the phone
itself until they are sealed (:func:`seal_plain`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from farthing.db.keyring.ring import Item, ring_of
from farthing.db.keyring.sealing import Gone
from farthing.db.tx import Row, Tx
from farthing.identity.model import Login

MARK = "phone:"
GONE = "+0"
"""What is read where a key is destroyed: no phone."""
IN_PLAIN: LiteralString = "SELECT id, party_id FROM login WHERE id LIKE '+%%' ORDER BY id LIMIT %(limit)s"
NAMED_ANEW: LiteralString = """
    INSERT INTO login (id, actor_id, role, party_id, person_id, must_change, password_hash, created_at, changed_at, disabled_at,
                       sealed)
    SELECT %(key)s, actor_id, role, party_id, person_id, must_change, password_hash, created_at, changed_at, disabled_at,
        %(sealed)s
    FROM login WHERE id = %(name)s
    ON CONFLICT (id) DO NOTHING
"""
HELD: LiteralString = "UPDATE login SET changed_at = changed_at WHERE id = %(name)s"
PLAIN_GOES: LiteralString = "DELETE FROM login WHERE id = %(name)s"


def key_of(tx: Tx, name: str) -> str:
    """The key of a login's row: a name of staff itself, a blind index of a phone."""
    if not name.startswith("+"):
        return name
    (index,) = ring_of(tx).index("login", [name])
    return MARK + index.hex()


def keys_of(tx: Tx, name: str) -> list[str]:
    """The keys under which a login's row may lie: of today, and of before there was a keyring."""
    return list(dict.fromkeys((key_of(tx, name), name)))


def sealed(tx: Tx, name: str, party_id: str | None) -> bytes | None:
    """A customer's phone as its login keeps it; nothing of a name of staff."""
    if party_id is None or not name.startswith("+"):
        return None
    (kept,) = ring_of(tx).seal([_item(key_of(tx, name), party_id, name.encode())])
    return kept


def logins_of(tx: Tx, found: Sequence[Row]) -> list[Login]:
    """The logins of rows, by their names."""
    kept = [row for row in found if row["sealed"] is not None]
    items = [_item(row["id"], row["party_id"], bytes(row["sealed"])) for row in kept]
    names = {row["id"]: said for row, said in zip(kept, ring_of(tx).open(items) if items else [], strict=True)}
    return [_login(row, names.get(row["id"])) for row in found]


def seal_plain(tx: Tx, limit: int) -> int:
    """Name some logins anew whose phone lies in plain; answers how many."""
    found = tx.rows(IN_PLAIN, {"limit": limit})
    for row in found:
        name = str(row["id"])
        tx.execute(HELD, {"name": name})  # a password that is changed meanwhile is the one that is kept
        tx.execute(NAMED_ANEW, {"key": key_of(tx, name), "sealed": sealed(tx, name, row["party_id"]), "name": name})
        tx.execute(PLAIN_GOES, {"name": name})
    return len(found)


def _item(key: str, party_id: str, content: bytes) -> Item:
    return Item((party_id,), content, f"login {key}")


def _login(row: Row, said: bytes | Gone | None) -> Login:
    name = row["id"] if said is None else GONE if isinstance(said, Gone) else said.decode()
    return Login(
        name, row["actor_id"], row["role"], row["party_id"], row["created_at"], row["disabled_at"], row["person_id"],
        row["must_change"],
    )  # fmt: skip
