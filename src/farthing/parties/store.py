"""Read and write the tables ``party``, ``party_number`` and ``party_verification``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Tx
from farthing.parties.model import Party, Verification
from farthing.parties.sealed_store import (
    SCHEMES,
    answers_sealed,
    insert,
    name_index,
    number_key,
    parties_of,
    phone_index,
    plain_key,
    seal,
)

__all__ = [
    "below_level", "claim_number", "claim_role", "erase", "find", "find_kept", "find_many", "hold", "insert",
    "insert_verifications", "not_erased", "number_holder", "of_phone", "restrict", "role_holder", "seal", "search",
    "verification", "verifications",
]  # fmt: skip

_PARTY: LiteralString = (
    "id, kind, name, number, phone, born_on, registered_at, level_until AS levels_until, sealed, restricted"
)
CLAIM_NUMBER: LiteralString = """
    INSERT INTO party_number (id, party_id) VALUES (%(number_key)s, %(party_id)s) ON CONFLICT (id) DO NOTHING
"""
FIND_NUMBER: LiteralString = "SELECT party_id FROM party_number WHERE id = ANY(%(keys)s::text[]) ORDER BY id LIMIT 1"
FIND_PARTY: LiteralString = f"""
    SELECT {_PARTY}
    FROM party WHERE id = %(party_id)s
"""
HOLD_PARTY: LiteralString = "UPDATE party SET phone = phone WHERE id = %(party_id)s"
FIND_PARTIES: LiteralString = f"""
    SELECT {_PARTY}
    FROM party WHERE id = ANY(%(party_ids)s)
"""
OF_PHONE: LiteralString = f"""
    SELECT {_PARTY}
    FROM party WHERE (phone_index = %(phone_index)s OR phone = %(phone)s) AND NOT restricted ORDER BY id LIMIT %(limit)s
"""
BELOW_LEVEL: LiteralString = """
    SELECT id FROM party
    WHERE id = ANY(%(party_ids)s) AND coalesce(level_until[%(level)s::integer] < %(on)s, true)
"""
SEARCH_PARTIES: LiteralString = f"""
    SELECT {_PARTY}
    FROM party
    WHERE (%(text)s = '' OR id = ANY(%(ids)s::text[]) OR name_index = %(name_index)s OR phone_index = %(phone_index)s
            OR name = %(text)s OR phone = %(phone)s)
      AND id > %(after)s
    ORDER BY id LIMIT %(count)s
"""
ERASE_PARTY: LiteralString = """
    UPDATE party SET name = %(name)s, number = %(number)s, phone = %(phone)s, born_on = %(born_on)s,
        sealed = NULL, name_index = NULL, phone_index = NULL,
        restricted = false, erased_at = %(erased_at)s
    WHERE id = %(party_id)s AND erased_at IS NULL
"""
RESTRICT: LiteralString = "UPDATE party SET restricted = %(restricted)s WHERE id = %(party_id)s AND erased_at IS NULL"
NOT_ERASED: LiteralString = f"""
    SELECT {_PARTY}
    FROM party WHERE id = ANY(%(party_ids)s::text[]) AND erased_at IS NULL ORDER BY id
"""
FREE_NUMBERS: LiteralString = "DELETE FROM party_number WHERE party_id = %(party_id)s AND id NOT LIKE 'role:%%'"
ERASE_ANSWERS: LiteralString = """
    UPDATE party_verification SET raw_answer = '', sealed_answer = NULL WHERE party_id = %(party_id)s
"""
INSERT_VERIFICATIONS: LiteralString = """
    INSERT INTO party_verification (id, party_id, provider, outcome, level_given, verification_level, reference,
                                    sealed_answer, raw_answer, answer_sha256, checked_at)
    SELECT id, party_id, provider, outcome, level_given, verification_level, reference, sealed, '', answer_sha256, checked_at
    FROM unnest(%(id)s::text[], %(party_id)s::text[], %(provider)s::text[], %(outcome)s::text[],
                         %(level_given)s::integer[], %(verification_level)s::integer[], %(reference)s::text[],
                         %(sealed)s::bytea[], %(answer_sha256)s::text[], %(checked_at)s::timestamptz[])
        AS new (id, party_id, provider, outcome, level_given, verification_level, reference, sealed, answer_sha256, checked_at)
"""
FIND_VERIFICATION: LiteralString = """
    SELECT id, party_id, provider, outcome, level_given, verification_level, reference, answer_sha256, checked_at
    FROM party_verification WHERE id = %(id)s
"""
LIST_VERIFICATIONS: LiteralString = """
    SELECT id, party_id, provider, outcome, level_given, verification_level, reference, answer_sha256, checked_at
    FROM party_verification WHERE party_id = %(party_id)s ORDER BY checked_at, id
"""


def _number_keys(tx: Tx, kind: str, number: str) -> list[str]:
    """Under what a number may be claimed: the key of today, and of before there was a keyring."""
    return [number_key(tx, kind, number), plain_key(kind, number)]


def claim_number(tx: Tx, kind: str, number: str, party_id: str) -> str:
    """Claim a number for a party; answers the id of the party that holds it, which may be an earlier one."""
    holder = number_holder(tx, kind, number)
    if holder is not None:
        return holder
    fresh, before = _number_keys(tx, kind, number)
    if tx.execute(CLAIM_NUMBER, {"number_key": fresh, "party_id": party_id}) == 1:
        return party_id
    return str(tx.one(FIND_NUMBER, {"keys": [fresh, before]})["party_id"])


def number_holder(tx: Tx, kind: str, number: str) -> str | None:
    """The party that holds an identity number, if any does."""
    row = tx.maybe(FIND_NUMBER, {"keys": _number_keys(tx, kind, number)})
    return str(row["party_id"]) if row else None


def claim_role(tx: Tx, role: str, party_id: str) -> str:
    """Give a party a role that one party only has; answers the party that holds it, which may be an earlier one."""
    key = f"role:{role}"
    tx.execute(CLAIM_NUMBER, {"number_key": key, "party_id": party_id})
    return str(tx.one(FIND_NUMBER, {"keys": [key]})["party_id"])


def role_holder(tx: Tx, role: str) -> str | None:
    """The party that has a role, or none."""
    row = tx.maybe(FIND_NUMBER, {"keys": [f"role:{role}"]})
    return str(row["party_id"]) if row else None


def find(tx: Tx, party_id: str) -> Party | None:
    """The party of an id, or none."""
    row = tx.maybe(FIND_PARTY, {"party_id": party_id})
    return parties_of(tx, [row])[0] if row else None


def find_kept(tx: Tx, party_id: str) -> Party | None:
    """As :func:`find`, with what the law keeps of who is restricted."""
    row = tx.maybe(FIND_PARTY, {"party_id": party_id})
    return parties_of(tx, [row], kept=True)[0] if row else None


def not_erased(tx: Tx, party_ids: list[str]) -> list[Party]:
    """Those of some parties that these books do not know as erased."""
    return parties_of(tx, tx.rows(NOT_ERASED, {"party_ids": party_ids})) if party_ids else []


def restrict(tx: Tx, party_id: str, restricted: bool) -> None:
    """Show a party's data to nobody any more, or again."""
    tx.execute(RESTRICT, {"party_id": party_id, "restricted": restricted})


def hold(tx: Tx, party_id: str) -> None:
    """Let nobody else change a party's phone, or prove it, until this transaction ends."""
    tx.execute(HOLD_PARTY, {"party_id": party_id})


def find_many(tx: Tx, party_ids: list[str]) -> dict[str, Party]:
    """The parties of several ids, by id; one SELECT for all, and none where nobody is asked for."""
    if not party_ids:
        return {}
    found = parties_of(tx, tx.rows(FIND_PARTIES, {"party_ids": party_ids}))
    return {each.id: each for each in found}


def of_phone(tx: Tx, phone: str, limit: int) -> list[Party]:
    """The parties that have a phone on file and are shown."""
    asked = {"phone": phone, "phone_index": phone_index(tx, phone), "limit": limit}
    return parties_of(tx, tx.rows(OF_PHONE, asked))


def below_level(tx: Tx, party_ids: list[str], level: int) -> frozenset[str]:
    """Which of these parties are not verified up to a level; one SELECT for all."""
    return frozenset(
        str(row["id"]) for row in tx.rows(BELOW_LEVEL, {"party_ids": party_ids, "level": level, "on": tx.business_date})
    )


def search(tx: Tx, text: str, phone: str | None, after: str, count: int) -> list[Party]:
    """Parties whose whole name, phone, number or id a text is, in the order of their ids; all where it is empty."""
    holders = [number_holder(tx, kind, text) for kind in SCHEMES] if text else []
    asked = {
        "text": text, "ids": [text, *(each for each in holders if each)], "phone": phone, "after": after, "count": count,
        "name_index": name_index(tx, text), "phone_index": None if phone is None else phone_index(tx, phone),
    }  # fmt: skip
    return parties_of(tx, tx.rows(SEARCH_PARTIES, asked))


def erase(tx: Tx, person: Party, erased: Party) -> None:
    """Put ``erased`` in a person's place, free the number, and empty what providers answered about it."""
    values = {"name": erased.name, "number": erased.number, "phone": erased.phone, "born_on": erased.born_on}
    tx.execute(ERASE_PARTY, {**values, "erased_at": tx.now, "party_id": person.id})
    tx.execute(FREE_NUMBERS, {"party_id": person.id})
    tx.execute(ERASE_ANSWERS, {"party_id": person.id})


def insert_verifications(tx: Tx, made: Sequence[tuple[Verification, bytes]]) -> None:
    """Keep what providers answered, each with the answer as it came."""
    said = [each for each, _ in made]
    sealed = answers_sealed(tx, [(each.id, each.party_id, raw) for each, raw in made])
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
            "sealed": rows.byteas(sealed),
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
