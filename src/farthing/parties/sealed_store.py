"""Own how a ``party`` lies in its table: name, number, phone and day of birth sealed under its own key, found by blind indexes.

Rows from before there was a keyring are read as they lie until they are sealed (:func:`seal_plain`). Who was erased, here or
since this copy of the database was made, is read as nobody. Never decides.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, LiteralString

from farthing.db import rows
from farthing.db.keyring.ring import Item, ring_of
from farthing.db.keyring.sealing import Gone
from farthing.db.tx import Row, Tx
from farthing.kit.canonical import canonical
from farthing.kit.errors import InvariantBroken
from farthing.parties.levels.rules import level_of
from farthing.parties.model import ERASED, RESTRICTED, Party

SCHEMES = {"person": "cn.resident_id", "organisation": "cn.credit_code"}

INSERT_PARTY: LiteralString = """
    INSERT INTO party (id, kind, name, number, phone, registered_at, sealed, name_index, phone_index)
    VALUES (%(id)s, %(kind)s, '', '', '', %(registered_at)s, %(sealed)s, %(name_index)s, %(phone_index)s)
"""
SEAL: LiteralString = """
    UPDATE party SET name = '', number = '', phone = '', born_on = NULL, sealed = new.sealed, name_index = new.name_index,
        phone_index = new.phone_index
    FROM unnest(%(ids)s::text[], %(sealed)s::bytea[], %(names)s::bytea[], %(phones)s::bytea[], %(plain)s::text[])
        AS new (id, sealed, name_index, phone_index, plain)
    WHERE party.id = new.id AND erased_at IS NULL
        AND (NOT %(only_plain)s OR party.sealed IS NULL AND party.phone = new.plain)
"""
IN_PLAIN: LiteralString = """
    SELECT id, kind, name, number, phone, born_on, registered_at, level_until AS levels_until, sealed, restricted
    FROM party WHERE sealed IS NULL AND erased_at IS NULL ORDER BY id LIMIT %(limit)s
"""
PLAIN_NUMBERS: LiteralString = """
    DELETE FROM party_number USING unnest(%(keys)s::text[], %(ids)s::text[]) AS old (id, party_id)
    WHERE party_number.id = old.id AND party_number.party_id = old.party_id
"""
SEALED_NUMBERS: LiteralString = """
    INSERT INTO party_number (id, party_id) SELECT * FROM unnest(%(keys)s::text[], %(ids)s::text[]) ON CONFLICT (id) DO NOTHING
"""
PLAIN_ANSWERS: LiteralString = """
    SELECT id, party_id, raw_answer FROM party_verification WHERE raw_answer <> '' ORDER BY id LIMIT %(limit)s
"""
SEAL_ANSWERS: LiteralString = """
    UPDATE party_verification SET raw_answer = '', sealed_answer = new.sealed
    FROM unnest(%(ids)s::text[], %(sealed)s::bytea[]) AS new (id, sealed)
    WHERE party_verification.id = new.id AND raw_answer <> ''
"""
ANSWERS_AFTER: LiteralString = """
    SELECT id, party_id, raw_answer, sealed_answer, answer_sha256 FROM party_verification
    WHERE id > %(after)s ORDER BY id LIMIT %(limit)s
"""


def parties_of(tx: Tx, found: Sequence[Row], *, kept: bool = False) -> list[Party]:
    """The parties of rows, as they are on the business day: their values opened together. Those of who is restricted are shown to
    nobody, unless what the law keeps is wanted (``kept``)."""
    sealed = [row for row in found if row["sealed"] is not None]
    opened = iter(ring_of(tx).open([Item((row["id"],), bytes(row["sealed"]), _about(row["id"])) for row in sealed]))
    contents = [None if row["sealed"] is None else next(opened) for row in found]
    shown = (RESTRICTED if row["restricted"] and not kept else None for row in found)
    made = zip(found, contents, shown, strict=True)
    return [_party(row, content, instead, tx.business_date) for row, content, instead in made]


def insert(tx: Tx, party: Party) -> None:
    """Keep a new party, whom nobody has verified."""
    (sealed,) = _sealed(tx, [party])
    tx.execute(INSERT_PARTY, {"id": party.id, "kind": party.kind, "registered_at": party.registered_at, **sealed})


def seal(tx: Tx, parties: Sequence[Party], *, plain: bool = False) -> int:
    """Put what is said of parties in the place of what was kept; answers how many there were that are not erased. ``plain``: of
    those alone that lie in plain still, as they were read."""
    sealed = _sealed(tx, parties)
    return tx.execute(
        SEAL,
        {
            "ids": rows.texts([each.id for each in parties]), "sealed": rows.byteas([each["sealed"] for each in sealed]),
            "names": rows.byteas([each["name_index"] for each in sealed]),
            "phones": rows.byteas([each["phone_index"] for each in sealed]),
            "plain": rows.texts([each.phone if plain else "" for each in parties]), "only_plain": plain,
        },
    )  # fmt: skip


def seal_plain(tx: Tx, limit: int) -> int:
    """Seal some parties that lie in plain, as all did before there was a keyring; answers how many."""
    found = parties_of(tx, tx.rows(IN_PLAIN, {"limit": limit}))
    if not found:
        return 0
    ids = rows.texts([each.id for each in found])
    tx.execute(PLAIN_NUMBERS, {"keys": rows.texts([plain_key(each.kind, each.number) for each in found]), "ids": ids})
    keys = [number_key(tx, each.kind, each.number) for each in found]
    tx.execute(SEALED_NUMBERS, {"keys": rows.texts(keys), "ids": ids})
    return seal(tx, found, plain=True)


def columns(tx: Tx, parties: Sequence[Party]) -> list[dict[str, Any]]:
    """What stands in the columns of parties that are sealed, as text of JSON has it."""
    plain = {"name": "", "number": "", "phone": "", "born_on": None}
    return [
        {**plain, **{name: "\\x" + value.hex() for name, value in each.items()}} for each in _sealed(tx, parties)
    ]  # fmt: skip


def number_key(tx: Tx, kind: str, number: str) -> str:
    """The key that lets a number be registered once, and by which it is found: ``cn.resident_id:`` and a blind index."""
    (index,) = ring_of(tx).index(SCHEMES[kind], [number])
    return f"{SCHEMES[kind]}:{index.hex()}"


def plain_key(kind: str, number: str) -> str:
    """That key as it was before there was a keyring."""
    return f"{SCHEMES[kind]}:{number}"


def name_index(tx: Tx, name: str) -> bytes:
    """By what a whole name is found, however it is spaced and whether its letters are small."""
    (index,) = ring_of(tx).index("name", [_plain(name)])
    return index


def phone_index(tx: Tx, phone: str) -> bytes:
    """By what a phone is found."""
    (index,) = ring_of(tx).index("phone", [phone])
    return index


def answers_sealed(tx: Tx, said: Iterable[tuple[str, str, bytes]]) -> list[bytes]:
    """What providers answered, as it is kept: of each the verification's id, whose it is, and the answer."""
    return ring_of(tx).seal([_answer(*each) for each in said])


def seal_plain_answers(tx: Tx, limit: int) -> int:
    """Seal some answers of providers that lie in plain; answers how many."""
    found = [(row["id"], row["party_id"], bytes(row["raw_answer"])) for row in tx.rows(PLAIN_ANSWERS, {"limit": limit})]
    sealed = {"ids": rows.texts([ident for ident, _, _ in found]), "sealed": rows.byteas(answers_sealed(tx, found))}
    return tx.execute(SEAL_ANSWERS, sealed) if found else 0


def answers_after(tx: Tx, after: str, limit: int) -> list[Row]:
    """Providers' answers as they are kept, in the order of their ids."""
    return tx.rows(ANSWERS_AFTER, {"after": after, "limit": limit})


def opened_answer(tx: Tx, row: Row) -> bytes | None:
    """What a provider answered, as it came; none where it was emptied or nobody can open it any more, and nothing where it was
    changed, which its digest tells."""
    if row["sealed_answer"] is None:
        return bytes(row["raw_answer"]) or None
    try:
        (opened,) = ring_of(tx).open([_answer(row["id"], row["party_id"], bytes(row["sealed_answer"]))])
    except InvariantBroken:
        return b""
    return None if isinstance(opened, Gone) else opened


def _answer(verification_id: str, party_id: str, content: bytes) -> Item:
    return Item((party_id,), content, f"verification {verification_id}")


def _sealed(tx: Tx, parties: Sequence[Party]) -> list[dict[str, bytes]]:
    said = [
        canonical({"name": each.name, "number": each.number, "phone": each.phone, "born_on": each.born_on})
        for each in parties
    ]
    ring = ring_of(tx)
    sealed = ring.seal([Item((each.id,), text, _about(each.id)) for each, text in zip(parties, said, strict=True)])
    names = ring.index("name", [_plain(each.name) for each in parties])
    phones = ring.index("phone", [each.phone for each in parties])
    made = zip(sealed, names, phones, strict=True)
    return [{"sealed": one, "name_index": name, "phone_index": phone} for one, name, phone in made]


def _party(row: Row, opened: bytes | Gone | None, instead: Mapping[str, Any] | None, today: date) -> Party:
    until = tuple(row["levels_until"])
    said: dict[str, Any] = {name: row[name] for name in ("name", "number", "phone", "born_on")}
    if isinstance(opened, Gone):
        said = dict(ERASED)
    elif opened is not None:
        said = json.loads(opened)
        said["born_on"] = date.fromisoformat(said["born_on"]) if said["born_on"] else None
    if instead is not None and not isinstance(opened, Gone):
        said = dict(instead)
    return Party(
        row["id"], row["kind"], **said, registered_at=row["registered_at"], levels_until=until,
        verification_level=level_of(until, today),
    )  # fmt: skip


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _about(party_id: str) -> str:
    return f"party {party_id}"
