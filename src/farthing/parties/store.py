"""Read and write the tables ``party``, ``party_number`` and ``party_verification``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.parties.levels.rules import level_of
from farthing.parties.model import Party, Verification

SCHEMES = {"person": "cn.resident_id", "organisation": "cn.credit_code"}

CLAIM_NUMBER: LiteralString = """
    INSERT INTO party_number (id, party_id) VALUES (%(number_key)s, %(party_id)s) ON CONFLICT (id) DO NOTHING
"""
FIND_NUMBER: LiteralString = "SELECT party_id FROM party_number WHERE id = %(number_key)s"
INSERT_PARTY: LiteralString = """
    INSERT INTO party (id, kind, name, number, phone, born_on, registered_at)
    VALUES (%(id)s, %(kind)s, %(name)s, %(number)s, %(phone)s, %(born_on)s, %(registered_at)s)
"""
FIND_PARTY: LiteralString = """
    SELECT id, kind, name, number, phone, born_on, registered_at, level_until AS levels_until
    FROM party WHERE id = %(party_id)s
"""
HOLD_PARTY: LiteralString = "UPDATE party SET phone = phone WHERE id = %(party_id)s"
FIND_PARTIES: LiteralString = """
    SELECT id, kind, name, number, phone, born_on, registered_at, level_until AS levels_until
    FROM party WHERE id = ANY(%(party_ids)s)
"""
OF_PHONE: LiteralString = """
    SELECT id, kind, name, number, phone, born_on, registered_at, level_until AS levels_until
    FROM party WHERE phone = %(phone)s ORDER BY id LIMIT %(limit)s
"""
BELOW_LEVEL: LiteralString = """
    SELECT id FROM party
    WHERE id = ANY(%(party_ids)s) AND coalesce(level_until[%(level)s::integer] < %(on)s, true)
"""
SEARCH_PARTIES: LiteralString = """
    SELECT id, kind, name, number, phone, born_on, registered_at, level_until AS levels_until
    FROM party
    WHERE (%(text)s = '' OR starts_with(name, %(text)s) OR phone = %(phone)s OR number = %(text)s OR id = %(text)s)
      AND id > %(after)s
    ORDER BY id LIMIT %(count)s
"""
ERASE_PARTY: LiteralString = """
    UPDATE party SET name = %(name)s, number = %(number)s, phone = %(phone)s, born_on = %(born_on)s,
        erased_at = %(erased_at)s
    WHERE id = %(party_id)s AND erased_at IS NULL
"""
FREE_NUMBERS: LiteralString = "DELETE FROM party_number WHERE id = %(number_key)s AND party_id = %(party_id)s"
ERASE_ANSWERS: LiteralString = """
    UPDATE party_verification SET raw_answer = ''::bytea WHERE party_id = %(party_id)s
"""
INSERT_VERIFICATIONS: LiteralString = """
    INSERT INTO party_verification (id, party_id, provider, outcome, level_given, verification_level, reference,
                                    raw_answer, answer_sha256, checked_at)
    SELECT * FROM unnest(%(id)s::text[], %(party_id)s::text[], %(provider)s::text[], %(outcome)s::text[],
                         %(level_given)s::integer[], %(verification_level)s::integer[], %(reference)s::text[],
                         %(raw_answer)s::bytea[], %(answer_sha256)s::text[], %(checked_at)s::timestamptz[])
"""
FIND_VERIFICATION: LiteralString = """
    SELECT id, party_id, provider, outcome, level_given, verification_level, reference, answer_sha256, checked_at
    FROM party_verification WHERE id = %(id)s
"""
LIST_VERIFICATIONS: LiteralString = """
    SELECT id, party_id, provider, outcome, level_given, verification_level, reference, answer_sha256, checked_at
    FROM party_verification WHERE party_id = %(party_id)s ORDER BY checked_at, id
"""


def number_key(kind: str, number: str) -> str:
    """The key that lets a number be registered once: ``cn.resident_id:...``."""
    return f"{SCHEMES[kind]}:{number}"


def claim_number(tx: Tx, kind: str, number: str, party_id: str) -> str:
    """Claim a number for a party; answers the id of the party that holds it, which may be an earlier one."""
    key = {"number_key": number_key(kind, number), "party_id": party_id}
    if tx.execute(CLAIM_NUMBER, key) == 1:
        return party_id
    return str(tx.one(FIND_NUMBER, key)["party_id"])


def number_holder(tx: Tx, kind: str, number: str) -> str | None:
    """The party that holds an identity number, if any does."""
    row = tx.maybe(FIND_NUMBER, {"number_key": number_key(kind, number)})
    return str(row["party_id"]) if row else None


def claim_role(tx: Tx, role: str, party_id: str) -> str:
    """Give a party a role that one party only has; answers the party that holds it, which may be an earlier one."""
    key = {"number_key": f"role:{role}", "party_id": party_id}
    tx.execute(CLAIM_NUMBER, key)
    return str(tx.one(FIND_NUMBER, key)["party_id"])


def role_holder(tx: Tx, role: str) -> str | None:
    """The party that has a role, or none."""
    row = tx.maybe(FIND_NUMBER, {"number_key": f"role:{role}"})
    return str(row["party_id"]) if row else None


def insert(tx: Tx, party: Party) -> None:
    """Keep a new party, whom nobody has verified."""
    tx.execute(INSERT_PARTY, {
        "id": party.id, "kind": party.kind, "name": party.name, "number": party.number, "phone": party.phone,
        "born_on": party.born_on, "registered_at": party.registered_at,
    })  # fmt: skip


def find(tx: Tx, party_id: str) -> Party | None:
    """The party of an id, or none."""
    row = tx.maybe(FIND_PARTY, {"party_id": party_id})
    return _party(row, tx.business_date) if row else None


def hold(tx: Tx, party_id: str) -> None:
    """Let nobody else change a party's phone, or prove it, until this transaction ends."""
    tx.execute(HOLD_PARTY, {"party_id": party_id})


def find_many(tx: Tx, party_ids: list[str]) -> dict[str, Party]:
    """The parties of several ids, by id; one SELECT for all, and none where nobody is asked for."""
    if not party_ids:
        return {}
    return {row["id"]: _party(row, tx.business_date) for row in tx.rows(FIND_PARTIES, {"party_ids": party_ids})}


def of_phone(tx: Tx, phone: str, limit: int) -> list[Party]:
    """The parties that have a phone on file."""
    return [_party(row, tx.business_date) for row in tx.rows(OF_PHONE, {"phone": phone, "limit": limit})]


def below_level(tx: Tx, party_ids: list[str], level: int) -> frozenset[str]:
    """Which of these parties are not verified up to a level; one SELECT for all."""
    return frozenset(
        str(row["id"]) for row in tx.rows(BELOW_LEVEL, {"party_ids": party_ids, "level": level, "on": tx.business_date})
    )


def search(tx: Tx, text: str, phone: str | None, after: str, count: int) -> list[Party]:
    """Parties whose name begins with ``text`` or whose phone, number or id it is, in the order of their ids."""
    found = tx.rows(SEARCH_PARTIES, {"text": text, "phone": phone, "after": after, "count": count})
    return [_party(row, tx.business_date) for row in found]


def erase(tx: Tx, person: Party, erased: Party) -> None:
    """Put ``erased`` in a person's place, free the number, and empty what providers answered about it."""
    values = {"name": erased.name, "number": erased.number, "phone": erased.phone, "born_on": erased.born_on}
    tx.execute(ERASE_PARTY, {**values, "erased_at": tx.now, "party_id": person.id})
    key = number_key(person.kind, person.number)
    tx.execute(FREE_NUMBERS, {"number_key": key, "party_id": person.id})
    tx.execute(ERASE_ANSWERS, {"party_id": person.id})


def insert_verifications(tx: Tx, made: Sequence[tuple[Verification, bytes]]) -> None:
    """Keep what providers answered, each with the answer as it came."""
    said = [each for each, _ in made]
    tx.execute(
        INSERT_VERIFICATIONS,
        {
            "id": rows.texts([each.id for each in said]),
            "party_id": rows.texts([each.party_id for each in said]),
            "provider": rows.texts([each.provider for each in said]),
            "outcome": rows.texts([each.outcome for each in said]),
            "level_given": rows.int4s([each.level_given for each in said]),
            "verification_level": rows.int4s([each.verification_level for each in said]),
            "reference": rows.texts([each.reference for each in said]),
            "raw_answer": rows.byteas([raw for _, raw in made]),
            "answer_sha256": rows.texts([each.answer_sha256 for each in said]),
            "checked_at": rows.instants([each.checked_at for each in said]),
        },
    )


def verification(tx: Tx, verification_id: str) -> Verification | None:
    """What a provider said once, if it has answered."""
    row = tx.maybe(FIND_VERIFICATION, {"id": verification_id})
    return None if row is None else Verification(**row)


def verifications(tx: Tx, party_id: str) -> list[Verification]:
    """What providers said about a party, oldest first."""
    return [Verification(**row) for row in tx.rows(LIST_VERIFICATIONS, {"party_id": party_id})]


def _party(row: Row, today: date) -> Party:
    until = tuple(row.pop("levels_until"))
    return Party(**row, levels_until=until, verification_level=level_of(until, today))
