"""Read and write ``debit_mandate`` and ``mandate_debit``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.debits.model import Debit, DebitState, Limits, Mandate

_MANDATE: LiteralString = """id, creditor, merchant_id, payer, purpose, currency, each_max_minor, month_max_minor, until_on,
    state, proposed_at, signed_at, ended_at, last_on, debits"""
INSERT: LiteralString = """
    INSERT INTO debit_mandate (id, creditor, merchant_id, payer, purpose, currency, each_max_minor, month_max_minor, until_on,
                               state, proposed_at, debits)
    VALUES (%(id)s, %(creditor)s, %(merchant_id)s, %(payer)s, %(purpose)s, %(currency)s, %(each)s, %(month)s, %(until)s,
            'proposed', %(at)s, 0)
"""
FIND: LiteralString = "SELECT " + _MANDATE + " FROM debit_mandate WHERE id = ANY(%(ids)s::text[])"
OF_PAYER: LiteralString = (
    "SELECT "
    + _MANDATE
    + """ FROM debit_mandate WHERE payer = %(party_id)s AND (%(before)s::text = '' OR id < %(before)s::text)
    ORDER BY id DESC LIMIT %(limit)s"""
)
OF_CREDITOR: LiteralString = (
    "SELECT "
    + _MANDATE
    + """ FROM debit_mandate WHERE creditor = %(party_id)s AND (%(before)s::text = '' OR id < %(before)s::text)
    ORDER BY id DESC LIMIT %(limit)s"""
)
SIGN: LiteralString = """
    UPDATE debit_mandate SET state = 'active', signed_at = %(at)s, last_on = %(on)s, each_max_minor = %(each)s,
        month_max_minor = %(month)s, until_on = %(until)s
    WHERE id = %(id)s AND state = 'proposed' AND currency = %(currency)s
"""
SET_LIMITS: LiteralString = """
    UPDATE debit_mandate SET each_max_minor = %(each)s, month_max_minor = %(month)s, until_on = %(until)s
    WHERE id = %(id)s AND state = 'active' AND currency = %(currency)s
"""
END: LiteralString = """
    UPDATE debit_mandate SET state = CASE WHEN state = 'proposed' THEN 'refused' ELSE 'ended' END, ended_at = %(at)s
    WHERE id = %(id)s AND state IN ('proposed', 'active')
"""
TAKE_NUMBER: LiteralString = """
    UPDATE debit_mandate SET debits = debits + 1 WHERE id = %(id)s AND state = 'active' RETURNING debits
"""
"""The row that whoever announces a debit writes first: of two at once the second counts the first."""
HOLD: LiteralString = (
    "UPDATE debit_mandate SET last_on = %(on)s WHERE id = ANY(%(ids)s::text[]) AND state = 'active' RETURNING "
    + _MANDATE
)
"""Holds mandates in force until what they let be drawn is drawn: an end, or other limits, come before it or after it."""
_DEBIT: LiteralString = """mandate_id, id, number, currency, amount_minor, memo, announced_at, due_on, state, code, done_on,
    refund_until, owed_minor"""
INSERT_DEBIT: LiteralString = """
    INSERT INTO mandate_debit (mandate_id, id, number, currency, amount_minor, memo, announced_at, due_on, state, code)
    VALUES (%(mandate_id)s, %(id)s, %(number)s, %(currency)s, %(amount)s, %(memo)s, %(at)s, %(due_on)s, 'announced', '')
"""
DEBITS_OF: LiteralString = (
    "SELECT " + _DEBIT + " FROM mandate_debit WHERE mandate_id = ANY(%(ids)s::text[]) ORDER BY mandate_id, number DESC"
)
FIND_DEBIT: LiteralString = "SELECT " + _DEBIT + " FROM mandate_debit WHERE mandate_id = %(mandate_id)s AND id = %(id)s"
PROMISED: LiteralString = """
    SELECT coalesce(sum(amount_minor), 0)::bigint AS minor FROM mandate_debit
    WHERE mandate_id = %(mandate_id)s AND coalesce(done_on, due_on) >= %(first)s AND coalesce(done_on, due_on) < %(next)s
        AND state IN ('announced', 'drawn', 'refunded')
"""
DRAWN: LiteralString = """
    SELECT mandate_id, sum(amount_minor)::bigint AS minor FROM mandate_debit
    WHERE mandate_id = ANY(%(ids)s::text[]) AND done_on >= %(first)s AND done_on < %(next)s AND state IN ('drawn', 'refunded')
    GROUP BY mandate_id
"""
DUE: LiteralString = (
    "SELECT "
    + _DEBIT
    + """ FROM mandate_debit
    WHERE state = 'announced' AND due_on <= %(on)s AND (%(closing)s::boolean OR tried_on IS NULL OR tried_on < %(on)s)
        AND (due_on, id) > (%(after_on)s, %(after)s::text) ORDER BY due_on, id LIMIT %(limit)s"""
)
MOVE_ON: LiteralString = """
    UPDATE mandate_debit AS d SET state = n.state, code = n.code, tried_on = %(on)s,
        done_on = CASE WHEN n.state = 'announced' THEN NULL ELSE %(on)s::date END,
        refund_until = CASE WHEN n.state = 'drawn' THEN %(refund_until)s::date END,
        each_max_minor = n.each_max, month_max_minor = n.month_max, month_gone_minor = n.gone
    FROM unnest(%(mandates)s::text[], %(ids)s::text[], %(states)s::text[], %(codes)s::text[], %(each)s::bigint[],
                %(month)s::bigint[], %(gone)s::bigint[]) AS n (mandate_id, id, state, code, each_max, month_max, gone)
    WHERE d.mandate_id = n.mandate_id AND d.id = n.id AND d.state = 'announced'
"""
STOP: LiteralString = """
    UPDATE mandate_debit SET state = 'stopped', done_on = %(on)s
    WHERE mandate_id = %(mandate_id)s AND id = %(id)s AND state = 'announced'
"""
STOP_ALL: LiteralString = """
    UPDATE mandate_debit SET state = 'stopped', done_on = %(on)s WHERE mandate_id = %(mandate_id)s AND state = 'announced'
"""
GIVE_BACK: LiteralString = """
    UPDATE mandate_debit SET state = 'refunded'
    WHERE mandate_id = %(mandate_id)s AND id = %(id)s AND state = 'drawn' AND refund_until >= %(on)s
"""
"""The row that whoever has a debit back writes first: once."""
KEEP_OWED: LiteralString = (
    "UPDATE mandate_debit SET owed_minor = %(owed)s WHERE mandate_id = %(mandate_id)s AND id = %(id)s"
)
PAGE: LiteralString = "SELECT " + _MANDATE + " FROM debit_mandate WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
BEYOND: LiteralString = """
    SELECT mandate_id, id FROM mandate_debit
    WHERE state IN ('drawn', 'refunded')
        AND (amount_minor > each_max_minor OR month_gone_minor + amount_minor > month_max_minor OR each_max_minor IS NULL)
    ORDER BY mandate_id, id LIMIT 100
"""
OWED: LiteralString = (
    "SELECT currency, sum(owed_minor)::bigint AS minor FROM mandate_debit WHERE owed_minor > 0 GROUP BY currency"
)


def insert(tx: Tx, mandate: Mandate) -> None:
    """Keep a mandate that was proposed."""
    values = {
        "id": mandate.id, "creditor": mandate.creditor, "merchant_id": mandate.merchant_id, "payer": mandate.payer,
        "purpose": mandate.purpose, "at": mandate.proposed_at, **_limits(mandate.limits),
    }  # fmt: skip
    tx.execute(INSERT, values)


def _limits(limits: Limits) -> dict[str, object]:
    return {
        "currency": limits.each_max.currency, "each": limits.each_max.minor, "month": limits.month_max.minor,
        "until": limits.until,
    }  # fmt: skip


def find(tx: Tx, ids: Sequence[str]) -> dict[str, Mandate]:
    """Mandates by id, those that there are."""
    return {row["id"]: _mandate(row) for row in tx.rows(FIND, {"ids": rows.texts(ids)})}


def listed(tx: Tx, party_id: str, creditor: bool, before: str, limit: int) -> list[Mandate]:
    """Mandates that somebody gave, or draws by, the latest first."""
    asked = {"party_id": party_id, "before": before, "limit": limit}
    return [_mandate(row) for row in tx.rows(OF_CREDITOR if creditor else OF_PAYER, asked)]


def sign(tx: Tx, mandate_id: str, limits: Limits) -> bool:
    """Put a mandate in force under limits; false where it was answered before."""
    return tx.execute(SIGN, {"id": mandate_id, "at": tx.now, "on": tx.business_date, **_limits(limits)}) == 1


def set_limits(tx: Tx, mandate_id: str, limits: Limits) -> bool:
    """Other limits of a mandate in force; false where it is not."""
    return tx.execute(SET_LIMITS, {"id": mandate_id, **_limits(limits)}) == 1


def end(tx: Tx, mandate_id: str) -> bool:
    """End a mandate, or refuse it, and stop what is announced; false where it had ended."""
    done = tx.execute(END, {"id": mandate_id, "at": tx.now}) == 1
    if done:
        tx.execute(STOP_ALL, {"mandate_id": mandate_id, "on": tx.business_date})
    return done


def take_number(tx: Tx, mandate_id: str) -> int | None:
    """The number of the next debit, whose mandate is ours until we are done; none where it is not in force."""
    row = tx.maybe(TAKE_NUMBER, {"id": mandate_id})
    return None if row is None else int(row["debits"])


def hold(tx: Tx, ids: Sequence[str], on: date) -> dict[str, Mandate]:
    """Mandates in force, held until we are done, as used on a day."""
    return {row["id"]: _mandate(row) for row in tx.rows(HOLD, {"ids": rows.texts(ids), "on": on})}


def insert_debit(tx: Tx, debit: Debit) -> None:
    """Keep a debit that was announced."""
    values = {
        "mandate_id": debit.mandate_id, "id": debit.id, "number": debit.number, "currency": debit.amount.currency,
        "amount": debit.amount.minor, "memo": debit.memo, "at": debit.announced_at, "due_on": debit.due_on,
    }  # fmt: skip
    tx.execute(INSERT_DEBIT, values)


def debits_of(tx: Tx, ids: Sequence[str]) -> dict[str, list[Debit]]:
    """The debits of mandates, the latest first."""
    found: dict[str, list[Debit]] = {}
    for row in tx.rows(DEBITS_OF, {"ids": rows.texts(ids)}):
        found.setdefault(row["mandate_id"], []).append(_debit(row))
    return found


def debit(tx: Tx, mandate_id: str, debit_id: str) -> Debit | None:
    """A debit, where there is one."""
    row = tx.maybe(FIND_DEBIT, {"mandate_id": mandate_id, "id": debit_id})
    return None if row is None else _debit(row)


def promised(tx: Tx, mandate_id: str, first: date, following: date) -> int:
    """What of a month is drawn or announced, in minor units."""
    return int(tx.one(PROMISED, {"mandate_id": mandate_id, "first": first, "next": following})["minor"])


def drawn(tx: Tx, ids: Sequence[str], first: date, following: date) -> dict[str, int]:
    """What of a month is drawn, by mandate, in minor units."""
    asked = {"ids": rows.texts(ids), "first": first, "next": following}
    return {row["mandate_id"]: row["minor"] for row in tx.rows(DRAWN, asked)}


def due(tx: Tx, on: date, after: tuple[date, str], closing: bool, limit: int) -> list[Debit]:
    """Announced debits that are to be drawn by a day, in the order of their days and ids, after one of them."""
    asked = {"on": on, "after_on": after[0], "after": after[1], "closing": closing, "limit": limit}
    return [_debit(row) for row in tx.rows(DUE, asked)]


def move_on(tx: Tx, on: date, refund_until: date, done: Sequence[tuple[Debit, DebitState, str, Limits, Money]]) -> int:
    """Keep what became of debits, with the limits they were drawn under and what of the month was gone; answers how many waited
    still."""
    values = {
        "on": on, "refund_until": refund_until, "mandates": rows.texts([each.mandate_id for each, *_ in done]),
        "ids": rows.texts([each.id for each, *_ in done]), "states": rows.texts([state for _, state, *_ in done]),
        "codes": rows.texts([code for _, _, code, _, _ in done]),
        "each": rows.int8s([limits.each_max.minor for *_, limits, _ in done]),
        "month": rows.int8s([limits.month_max.minor for *_, limits, _ in done]),
        "gone": rows.int8s([gone.minor for *_, gone in done]),
    }  # fmt: skip
    return tx.execute(MOVE_ON, values)


def stop(tx: Tx, mandate_id: str, debit_id: str) -> bool:
    """Stop a debit that waits; false where it does not."""
    return tx.execute(STOP, {"mandate_id": mandate_id, "id": debit_id, "on": tx.business_date}) == 1


def give_back(tx: Tx, mandate_id: str, debit_id: str) -> bool:
    """Count a debit as given back; false where that may not be, or was."""
    return tx.execute(GIVE_BACK, {"mandate_id": mandate_id, "id": debit_id, "on": tx.business_date}) == 1


def keep_owed(tx: Tx, debit: Debit, owed: Money) -> None:
    """Keep what of a refund the creditor owes."""
    tx.execute(KEEP_OWED, {"mandate_id": debit.mandate_id, "id": debit.id, "owed": owed.minor})


def page(tx: Tx, after: str, limit: int) -> list[Mandate]:
    """All mandates, by id."""
    return [_mandate(row) for row in tx.rows(PAGE, {"after": after, "limit": limit})]


def beyond(tx: Tx) -> list[tuple[str, str]]:
    """Debits that were drawn beyond the limits they were drawn under."""
    return [(row["mandate_id"], row["id"]) for row in tx.rows(BEYOND)]


def owed(tx: Tx) -> dict[str, int]:
    """What creditors owe of refunds, by currency, in minor units."""
    return {row["currency"]: row["minor"] for row in tx.rows(OWED)}


def _mandate(row: Row) -> Mandate:
    currency = row["currency"]
    limits = Limits(Money(row["each_max_minor"], currency), Money(row["month_max_minor"], currency), row["until_on"])
    return Mandate(
        row["id"], row["creditor"], row["merchant_id"], row["payer"], row["purpose"], limits, row["state"], row["proposed_at"],
        row["signed_at"], row["ended_at"], row["last_on"], row["debits"],
    )  # fmt: skip


def _debit(row: Row) -> Debit:
    owes = Money(row["owed_minor"], row["currency"]) if row["owed_minor"] else None
    return Debit(
        row["mandate_id"], row["id"], row["number"], Money(row["amount_minor"], row["currency"]), row["memo"],
        row["announced_at"], row["due_on"], row["state"], row["code"], row["done_on"], row["refund_until"], owes,
    )  # fmt: skip
