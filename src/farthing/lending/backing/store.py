"""Read and write ``loan_guarantee``, ``loan_pledge``, ``loan_collateral`` and ``loan_valuation``. Never decides.

A change finds a row as it was read or is a ``Collision``, upon which it runs again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db.server import Collision
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.lending.backing.model import Collateral, Guarantee, Pledge, Valuation

ASK: LiteralString = """
    INSERT INTO loan_guarantee (id, loan_id, party_id, currency, most_minor, state, asked_on)
    VALUES (%(id)s, %(loan_id)s, %(party_id)s, %(currency)s, %(most_minor)s, 'asked', %(on)s)
    ON CONFLICT (id) DO UPDATE SET most_minor = excluded.most_minor, state = 'asked', asked_on = excluded.asked_on,
        answered_on = NULL
    WHERE loan_guarantee.state = 'declined'
"""
FIND_GUARANTEES: LiteralString = "SELECT * FROM loan_guarantee WHERE id = ANY(%(ids)s)"
GUARANTEES_OF_LOANS: LiteralString = """
    SELECT * FROM loan_guarantee WHERE loan_id = ANY(%(loan_ids)s) ORDER BY asked_on, id
"""
GUARANTEES_BY: LiteralString = """
    SELECT * FROM loan_guarantee WHERE party_id = %(party_id)s ORDER BY asked_on DESC, id LIMIT %(limit)s
"""
ANSWER: LiteralString = """
    UPDATE loan_guarantee SET state = %(state)s, answered_on = %(on)s WHERE id = %(id)s AND state = 'asked'
"""
RELEASE_GUARANTEES: LiteralString = """
    UPDATE loan_guarantee SET state = 'released', ended_on = %(on)s
    WHERE loan_id = %(loan_id)s AND state IN ('asked', 'given')
"""
GUARANTEE_IDS: LiteralString = "SELECT id FROM loan_guarantee WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
INSERT_PLEDGE: LiteralString = """
    INSERT INTO loan_pledge (id, loan_id, deposit_id, party_id, currency, pledged_minor, taken_minor, place, calls, state,
                             pledged_on)
    VALUES (%(id)s, %(loan_id)s, %(deposit_id)s, %(party_id)s, %(currency)s, %(pledged_minor)s, 0, %(place)s, 0, 'held',
            %(on)s)
"""
FIND_PLEDGES: LiteralString = "SELECT * FROM loan_pledge WHERE id = ANY(%(ids)s)"
PLEDGES_OF: LiteralString = "SELECT * FROM loan_pledge WHERE loan_id = ANY(%(loan_ids)s) ORDER BY pledged_on, id"
SAVE_PLEDGE: LiteralString = """
    UPDATE loan_pledge SET pledged_minor = %(pledged_minor)s, taken_minor = %(taken_minor)s, place = %(place)s,
        calls = %(calls)s, state = %(state)s, ended_on = %(ended_on)s
    WHERE id = %(id)s AND calls = %(calls_before)s AND state = 'held'
"""
RELEASE_PLEDGES: LiteralString = """
    UPDATE loan_pledge SET state = 'released', ended_on = %(on)s
    WHERE loan_id = %(loan_id)s AND state = 'held' RETURNING *
"""
PLEDGED_AT: LiteralString = "SELECT * FROM loan_pledge WHERE place = ANY(%(places)s)"
PLEDGE_IDS: LiteralString = "SELECT id FROM loan_pledge WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
INSERT_COLLATERAL: LiteralString = """
    INSERT INTO loan_collateral (id, loan_id, kind, description, lien, currency, before_minor, registered_on)
    VALUES (%(id)s, %(loan_id)s, %(kind)s, %(description)s, %(lien)s, %(currency)s, %(before_minor)s, %(on)s)
"""
FIND_COLLATERAL: LiteralString = "SELECT * FROM loan_collateral WHERE id = ANY(%(ids)s)"
COLLATERAL_OF: LiteralString = """
    SELECT * FROM loan_collateral WHERE loan_id = ANY(%(loan_ids)s) ORDER BY registered_on, id
"""
RELEASE_COLLATERAL: LiteralString = """
    UPDATE loan_collateral SET released_on = %(on)s WHERE loan_id = %(loan_id)s AND released_on IS NULL
"""
RELEASE_THING: LiteralString = """
    UPDATE loan_collateral SET released_on = %(on)s WHERE id = %(id)s AND released_on IS NULL
"""
HELD_COLLATERAL: LiteralString = """
    SELECT * FROM loan_collateral WHERE released_on IS NULL AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""
COLLATERAL_IDS: LiteralString = "SELECT id FROM loan_collateral WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
INSERT_VALUATION: LiteralString = """
    INSERT INTO loan_valuation (collateral_id, number, valued_on, value_minor, valuer, recorded_by, recorded_at)
    VALUES (%(collateral_id)s, %(number)s, %(valued_on)s, %(value_minor)s, %(valuer)s, %(by)s, %(at)s)
    ON CONFLICT (collateral_id, number) DO NOTHING
"""
VALUATIONS: LiteralString = """
    SELECT * FROM loan_valuation WHERE collateral_id = ANY(%(ids)s) ORDER BY collateral_id, number
"""


def ask(tx: Tx, asked: Guarantee) -> None:
    """Keep that somebody is asked; one who said no is asked anew, and any other row stays as it is."""
    values = {
        "id": asked.id, "loan_id": asked.loan_id, "party_id": asked.party_id, "currency": asked.most.currency,
        "most_minor": asked.most.minor, "on": asked.asked_on,
    }  # fmt: skip
    tx.execute(ASK, values)


def guarantee(tx: Tx, guarantee_id: str) -> Guarantee | None:
    """One guarantee, or none."""
    found = guarantees(tx, [guarantee_id])
    return found[0] if found else None


def guarantees(tx: Tx, ids: Sequence[str]) -> list[Guarantee]:
    """Some guarantees."""
    return [_guarantee(row) for row in tx.rows(FIND_GUARANTEES, {"ids": list(ids)})]


def guarantees_of(tx: Tx, loan_ids: Sequence[str]) -> list[Guarantee]:
    """Every guarantee of some loans, in the order in which they were asked for."""
    return [_guarantee(row) for row in tx.rows(GUARANTEES_OF_LOANS, {"loan_ids": list(loan_ids)})]


def guarantees_by(tx: Tx, party_id: str, limit: int) -> list[Guarantee]:
    """What a party was asked to guarantee, the latest first."""
    return [_guarantee(row) for row in tx.rows(GUARANTEES_BY, {"party_id": party_id, "limit": limit})]


def answer(tx: Tx, guarantee_id: str, state: str, on: date) -> None:
    """Keep what a guarantor said; a ``Collision`` where it was answered meanwhile."""
    if tx.execute(ANSWER, {"id": guarantee_id, "state": state, "on": on}) != 1:
        raise Collision(f"guarantee {guarantee_id} was answered meanwhile")


def insert_pledge(tx: Tx, pledge: Pledge) -> None:
    """Keep a pledge."""
    values = {
        "id": pledge.id, "loan_id": pledge.loan_id, "deposit_id": pledge.deposit_id, "party_id": pledge.party_id,
        "currency": pledge.pledged.currency, "pledged_minor": pledge.pledged.minor, "place": pledge.place,
        "on": pledge.pledged_on,
    }  # fmt: skip
    tx.execute(INSERT_PLEDGE, values)


def pledge(tx: Tx, pledge_id: str) -> Pledge | None:
    """One pledge, or none."""
    found = pledges(tx, [pledge_id])
    return found[0] if found else None


def pledges(tx: Tx, ids: Sequence[str]) -> list[Pledge]:
    """Some pledges."""
    return [_pledge(row) for row in tx.rows(FIND_PLEDGES, {"ids": list(ids)})]


def pledges_of(tx: Tx, loan_ids: Sequence[str]) -> list[Pledge]:
    """Every pledge for some loans, the oldest first."""
    return [_pledge(row) for row in tx.rows(PLEDGES_OF, {"loan_ids": list(loan_ids)})]


def at(tx: Tx, places: Sequence[str]) -> list[Pledge]:
    """Every pledge of money in some accounts."""
    return [_pledge(row) for row in tx.rows(PLEDGED_AT, {"places": list(places)})]


def save_pledge(tx: Tx, before: Pledge, after: Pledge) -> None:
    """Keep what a call made of a pledge; a ``Collision`` where it was called or released meanwhile."""
    values = {
        "id": after.id, "pledged_minor": after.pledged.minor, "taken_minor": after.taken.minor, "calls_before": before.calls,
        "place": after.place, "calls": after.calls, "state": after.state, "ended_on": after.ended_on,
    }  # fmt: skip
    if tx.execute(SAVE_PLEDGE, values) != 1:
        raise Collision(f"pledge {after.id} changed meanwhile")


def release(tx: Tx, loan_id: str, on: date) -> list[Pledge]:
    """End everything that stands behind a loan; answers the pledges whose money is free now, each as it stood."""
    ended = {"loan_id": loan_id, "on": on}
    tx.execute(RELEASE_GUARANTEES, ended)
    tx.execute(RELEASE_COLLATERAL, ended)
    return [_pledge(row) for row in tx.rows(RELEASE_PLEDGES, ended)]


def insert_collateral(tx: Tx, thing: Collateral) -> None:
    """Keep a thing that secures a loan, with its first valuation."""
    values = {
        "id": thing.id, "loan_id": thing.loan_id, "kind": thing.kind, "description": thing.description,
        "lien": thing.lien, "currency": thing.before.currency, "before_minor": thing.before.minor,
        "on": thing.registered_on,
    }  # fmt: skip
    tx.execute(INSERT_COLLATERAL, values)
    insert_valuation(tx, thing.id, thing.valuations[-1])


def insert_valuation(tx: Tx, collateral_id: str, made: Valuation) -> None:
    """Keep a valuation; a ``Collision`` where another was recorded meanwhile."""
    values = {
        "collateral_id": collateral_id, "number": made.number, "valued_on": made.valued_on,
        "value_minor": made.value.minor, "valuer": made.valuer, "by": tx.actor.id, "at": tx.now,
    }  # fmt: skip
    if tx.execute(INSERT_VALUATION, values) != 1:
        raise Collision(f"collateral {collateral_id} was valued meanwhile")


def release_thing(tx: Tx, collateral_id: str, on: date) -> None:
    """Give one thing free; a ``Collision`` where it was released meanwhile."""
    if tx.execute(RELEASE_THING, {"id": collateral_id, "on": on}) != 1:
        raise Collision(f"collateral {collateral_id} was released meanwhile")


def held_collateral(tx: Tx, after: str, limit: int) -> list[Collateral]:
    """Things that are not released, in the order in which they were registered, a page at a time."""
    return _things(tx, tx.rows(HELD_COLLATERAL, {"after": after, "limit": limit}))


def collateral(tx: Tx, ids: Sequence[str]) -> list[Collateral]:
    """Some things with their valuations."""
    return _things(tx, tx.rows(FIND_COLLATERAL, {"ids": list(ids)}))


def collateral_of(tx: Tx, loan_ids: Sequence[str]) -> list[Collateral]:
    """Every thing that secures some loans, with its valuations, in the order in which they were registered."""
    return _things(tx, tx.rows(COLLATERAL_OF, {"loan_ids": list(loan_ids)}))


def ids(tx: Tx, what: LiteralString, after: str, limit: int) -> list[str]:
    """The ids of one of these tables in order, a page at a time (for verification)."""
    return [str(row["id"]) for row in tx.rows(what, {"after": after, "limit": limit})]


def guarantor(tx: Tx, guarantee_id: str) -> str | None:
    """Who is asked to guarantee, or none."""
    found = guarantee(tx, guarantee_id)
    return found.party_id if found else None


def _things(tx: Tx, found: list[Row]) -> list[Collateral]:
    told: dict[str, list[Row]] = {row["id"]: [] for row in found}
    if found:
        for valuation in tx.rows(VALUATIONS, {"ids": list(told)}):
            told[valuation["collateral_id"]].append(valuation)
    return [
        Collateral(
            id=row["id"], loan_id=row["loan_id"], kind=row["kind"], description=row["description"], lien=row["lien"],
            before=Money(row["before_minor"], row["currency"]), registered_on=row["registered_on"],
            released_on=row["released_on"],
            valuations=tuple(
                Valuation(each["number"], each["valued_on"], Money(each["value_minor"], row["currency"]), each["valuer"])
                for each in told[row["id"]]
            ),
        )
        for row in found
    ]  # fmt: skip


def _guarantee(row: Row) -> Guarantee:
    most = Money(row["most_minor"], row["currency"])
    return Guarantee(
        row["id"],
        row["loan_id"],
        row["party_id"],
        most,
        row["state"],
        row["asked_on"],
        row["answered_on"],
        row["ended_on"],
    )


def _pledge(row: Row) -> Pledge:
    currency = row["currency"]
    return Pledge(
        row["id"], row["loan_id"], row["deposit_id"], row["party_id"], Money(row["pledged_minor"], currency),
        Money(row["taken_minor"], currency), row["place"], row["calls"], row["state"], row["pledged_on"],
        row["ended_on"],
    )  # fmt: skip
