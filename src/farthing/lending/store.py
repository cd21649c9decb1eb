"""Read and write ``loan_offer`` and ``loan``; what a loan's rows of plan, events and obligations say is read beside them. Never
decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import LiteralString

from psycopg.types.json import Jsonb

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kernel.operation import decode
from farthing.kit.canonical import plain
from farthing.kit.money import Money, total
from farthing.lending import life_store
from farthing.lending.life import Life, planned
from farthing.lending.lives.events import Agreed
from farthing.lending.model import Conditions, Instalment, Loan, Offer
from farthing.lending.reading import loan_of

INSERT_OFFER: LiteralString = """
    INSERT INTO loan_offer (id, party_id, decision_id, purpose, currency, amount_minor, fee_minor, conditions, schedule,
                            total_interest_minor, annual_percentage_rate, made_on, expires_on, replaces, first_minor)
    VALUES (%(id)s, %(party_id)s, %(decision_id)s, %(purpose)s, %(currency)s, %(amount_minor)s, %(fee_minor)s,
            %(conditions)s, %(schedule)s, %(total_interest_minor)s, %(annual_percentage_rate)s, %(made_on)s,
            %(expires_on)s, %(replaces)s, %(first_minor)s)
"""
FIND_OFFER: LiteralString = "SELECT * FROM loan_offer WHERE id = %(offer_id)s"
OFFER_OWNER: LiteralString = "SELECT party_id FROM loan_offer WHERE id = %(id)s"
LIST_OFFERS: LiteralString = """
    SELECT * FROM loan_offer WHERE party_id = %(party_id)s ORDER BY made_on DESC, decision_id DESC LIMIT %(limit)s
"""
"""Ids of decisions ascend in time; those of offers and loans are derived, and do not."""
INSERT_LOAN: LiteralString = """
    INSERT INTO loan (id, party_id, offer_id, decision_id, purpose, currency, principal_minor, conditions,
                      state, holders, accepted_at, accepted_on, replaces, undrawn_minor)
    VALUES (%(id)s, %(party_id)s, %(offer_id)s, %(decision_id)s, %(purpose)s, %(currency)s, %(principal_minor)s,
            %(conditions)s, 'accepted', '[]', %(accepted_at)s, %(accepted_on)s, %(replaces)s,
            %(undrawn_minor)s)
    ON CONFLICT (id) DO NOTHING
"""
COLUMNS: LiteralString = """
    id, party_id, offer_id, decision_id, purpose, currency, principal_minor, conditions::text, state, holders::text, contract_id,
    pays_on, accepted_at, accepted_on, disbursed_on, closed_on, as_of_on, given_up_on, owed_back_minor, replaces,
    resets_on, undrawn_minor, undrawn_until
"""
"""A loan's row. What thousands of loans share comes as text, and is read once."""
FIND_LOAN: LiteralString = "SELECT " + COLUMNS + "FROM loan WHERE id = %(loan_id)s"
LOCK_LOAN: LiteralString = "UPDATE loan SET state = state WHERE id = %(loan_id)s RETURNING " + COLUMNS
LOCK_LOANS: LiteralString = "UPDATE loan SET state = state WHERE id = ANY(%(ids)s) RETURNING " + COLUMNS
LOAN_OWNER: LiteralString = "SELECT party_id FROM loan WHERE id = %(id)s"
LIST_LOANS: LiteralString = (
    "SELECT " + COLUMNS + "FROM loan WHERE party_id = %(party_id)s ORDER BY accepted_at DESC, id LIMIT %(limit)s"
)
ENDS_OF: LiteralString = "SELECT id, state, closed_on FROM loan WHERE party_id = %(party_id)s ORDER BY id"
LIST_ALL: LiteralString = "SELECT " + COLUMNS + "FROM loan WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
LOANS_OF: LiteralString = "SELECT " + COLUMNS + "FROM loan WHERE id = ANY(%(ids)s) ORDER BY id"
LIST_IDS: LiteralString = "SELECT id FROM loan WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
LAPSED: LiteralString = """
    SELECT id FROM loan
    WHERE state IN ('accepted', 'funded') AND id > %(after)s
        AND accepted_on + CAST(conditions ->> 'completion_days' AS integer) <= %(on)s
    ORDER BY id LIMIT %(limit)s
"""
BORROWERS: LiteralString = "SELECT id, party_id, currency FROM loan WHERE id = ANY(%(ids)s)"
KNOWN: LiteralString = "SELECT id FROM loan WHERE id = ANY(%(ids)s)"
SAVE_LOAN: LiteralString = """
    UPDATE loan SET state = %(state)s, holders = %(holders)s, contract_id = %(contract_id)s,
                    pays_on = %(pays_on)s
    WHERE id = %(id)s
"""


def insert_offer(tx: Tx, offer: Offer) -> None:
    """Keep an offer."""
    tx.execute(
        INSERT_OFFER,
        {
            "id": offer.id,
            "party_id": offer.party_id,
            "decision_id": offer.decision_id,
            "purpose": offer.purpose,
            "currency": offer.amount.currency,
            "amount_minor": offer.amount.minor,
            "fee_minor": offer.fee.minor,
            "conditions": Jsonb(plain(offer.conditions)),
            "schedule": Jsonb(plain(offer.schedule)),
            "total_interest_minor": offer.total_interest.minor,
            "annual_percentage_rate": offer.annual_percentage_rate,
            "made_on": offer.made_on,
            "expires_on": offer.expires_on,
            "replaces": offer.replaces,
            "first_minor": offer.first.minor if offer.first else None,
        },
    )


def find_offer(tx: Tx, offer_id: str) -> Offer | None:
    """One offer, or none."""
    row = tx.maybe(FIND_OFFER, {"offer_id": offer_id})
    return _offer(row) if row else None


def offers(tx: Tx, party_id: str, limit: int) -> list[Offer]:
    """A party's offers, newest first."""
    return [_offer(row) for row in tx.rows(LIST_OFFERS, {"party_id": party_id, "limit": limit})]


def insert_loan(tx: Tx, loan: Loan) -> bool:
    """Keep an accepted loan; false where its offer was accepted before."""
    inserted = tx.execute(
        INSERT_LOAN,
        {
            "id": loan.id,
            "party_id": loan.party_id,
            "offer_id": loan.offer_id,
            "decision_id": loan.decision_id,
            "purpose": loan.purpose,
            "currency": loan.principal.currency,
            "principal_minor": loan.principal.minor,
            "conditions": Jsonb(plain(loan.conditions)),
            "accepted_at": loan.accepted_at,
            "accepted_on": loan.accepted_on,
            "replaces": loan.replaces,
            "undrawn_minor": loan.to_draw.minor,
        },
    )
    return inserted == 1


def find_loan(tx: Tx, loan_id: str, *, lock: bool = False) -> Loan | None:
    """One loan with its instalments, or none; ``lock`` makes other changes of it wait for this transaction."""
    row = tx.maybe(LOCK_LOAN if lock else FIND_LOAN, {"loan_id": loan_id})
    return _all(tx, [row])[0] if row else None


def find_life(tx: Tx, loan_id: str, *, lock: bool = False) -> Life | None:
    """One loan with its plan and events, or none; ``lock`` as :func:`find_loan`."""
    row = tx.maybe(LOCK_LOAN if lock else FIND_LOAN, {"loan_id": loan_id})
    return _lives(tx, [row])[0] if row else None


def lives_of(tx: Tx, ids: list[str]) -> list[Life]:
    """The loans of these ids with plan and events."""
    return _lives(tx, tx.rows(LOANS_OF, {"ids": ids}))


def held(tx: Tx, ids: Sequence[str]) -> list[Row]:
    """The rows of these loans, those that there are, in this order; other changes of them wait for this transaction."""
    found = {row["id"]: row for row in tx.rows(LOCK_LOANS, {"ids": rows.texts(sorted(ids))})} if ids else {}
    return [found[loan_id] for loan_id in ids if loan_id in found]


def lives(tx: Tx, found: list[Row]) -> list[Life]:
    """Loans of which the rows were read, with plan and events."""
    return _lives(tx, found) if found else []


def borrowers(tx: Tx, ids: Sequence[str]) -> list[tuple[str, str, str]]:
    """Loan, party and currency of each of these loans."""
    return (
        [(row["id"], row["party_id"], row["currency"]) for row in tx.rows(BORROWERS, {"ids": rows.texts(ids)})]
        if ids
        else []
    )


def loans(tx: Tx, party_id: str, limit: int) -> list[Loan]:
    """A party's loans, newest first."""
    return _all(tx, tx.rows(LIST_LOANS, {"party_id": party_id, "limit": limit}))


def all_loans(tx: Tx, after: str, limit: int) -> list[Loan]:
    """Every loan in the order of its id, a page at a time."""
    return _all(tx, tx.rows(LIST_ALL, {"after": after, "limit": limit}))


def loans_of(tx: Tx, ids: list[str]) -> list[Loan]:
    """The loans of these ids."""
    return _all(tx, tx.rows(LOANS_OF, {"ids": ids}))


def loan_ids(tx: Tx, after: str, limit: int) -> list[str]:
    """The ids of all loans in order, a page at a time."""
    return [str(row["id"]) for row in tx.rows(LIST_IDS, {"after": after, "limit": limit})]


def _all(tx: Tx, found: list[Row]) -> list[Loan]:
    """Loans with their instalments: by plan where they are not paid out, else as their obligations stand."""
    waiting = [row["id"] for row in found if row["disbursed_on"] is None]
    return _standing(tx, found, life_store.plans(tx, waiting))


def _standing(tx: Tx, found: list[Row], plans: Mapping[str, tuple[Agreed, ...]]) -> list[Loan]:
    paid_out = {row["id"]: row["currency"] for row in found if row["disbursed_on"] is not None}
    stand = life_store.standings(tx, paid_out)
    return [
        loan_of(row, stand[row["id"]] if row["id"] in stand else planned(row["currency"], plans.get(row["id"], ())))
        for row in found
    ]


def _lives(tx: Tx, found: list[Row]) -> list[Life]:
    currencies = {row["id"]: row["currency"] for row in found}
    plans, events = life_store.plans(tx, list(currencies)), life_store.events(tx, currencies)
    loans = _standing(tx, found, plans)
    return [
        Life(loan, plans.get(loan.id, ()), tuple(events.get(loan.id, ())), row["as_of_on"])
        for row, loan in zip(found, loans, strict=True)
    ]


def lapsed(tx: Tx, on: date, after: str, limit: int) -> list[str]:
    """Loans that were accepted and, at the close of a day, were not paid out within the days that their product gives."""
    return [str(row["id"]) for row in tx.rows(LAPSED, {"on": on, "after": after, "limit": limit})]


def known(tx: Tx, ids: list[str]) -> set[str]:
    """Which of some ids are loans."""
    return {str(row["id"]) for row in tx.rows(KNOWN, {"ids": ids})}


def save_loan(tx: Tx, loan: Loan) -> None:
    """Keep the state, holders and contract of a loan that is not paid out."""
    tx.execute(
        SAVE_LOAN,
        {
            "id": loan.id,
            "state": loan.state,
            "holders": Jsonb(plain(loan.holders)),
            "contract_id": loan.contract_id,
            "pays_on": loan.pays_on,
        },
    )


def _offer(row: Row) -> Offer:
    currency = row["currency"]
    interest, schedule = Money(row["total_interest_minor"], currency), decode(tuple[Instalment, ...], row["schedule"])
    return Offer(
        id=row["id"],
        party_id=row["party_id"],
        decision_id=row["decision_id"],
        purpose=row["purpose"],
        amount=Money(row["amount_minor"], currency),
        fee=Money(row["fee_minor"], currency),
        conditions=decode(Conditions, row["conditions"]),
        schedule=schedule,
        total_interest=interest,
        total_cost=interest + total([each.fee for each in schedule], currency),
        annual_percentage_rate=row["annual_percentage_rate"],
        made_on=row["made_on"],
        expires_on=row["expires_on"],
        replaces=row["replaces"],
        first=Money(row["first_minor"], currency) if row["first_minor"] is not None else None,
    )


def offer_owner(tx: Tx, offer_id: str) -> str | None:
    """Whose offer this is, or none."""
    row = tx.maybe(OFFER_OWNER, {"id": offer_id})
    return row["party_id"] if row else None


def loan_owner(tx: Tx, loan_id: str) -> str | None:
    """Whose loan this is, or none."""
    row = tx.maybe(LOAN_OWNER, {"id": loan_id})
    return row["party_id"] if row else None


def ends_of(tx: Tx, party_id: str) -> list[Row]:
    """Of every loan of a party its id, its state and the day on which it ended."""
    return tx.rows(ENDS_OF, {"party_id": party_id})


def loan_owners(tx: Tx, ids: Sequence[str]) -> dict[str, str]:
    """Whose each of these loans is, of those that there are."""
    return {loan_id: party_id for loan_id, party_id, _ in borrowers(tx, ids)}
