"""Read and write ``loan_plan``, ``loan_event`` and ``loan_obligation``. Never decides.

Events are only ever added. Obligations are what the fold of them said last; many loans are kept in a few statements.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.canonical import written
from farthing.kit.money import Money
from farthing.lending import life
from farthing.lending.lives.events import Agreed
from farthing.lending.model import Loan, LoanEvent, Repayment
from farthing.lending.owed import Obligation, StandingInstalment
from farthing.lending.reading import AMOUNTS, event_of, instalments_of
from farthing.lending.telling import Told

KEEP_PLAN: LiteralString = """
    INSERT INTO loan_plan (loan_id, number, from_on, made_by, rows) VALUES (%(loan_id)s, 1, %(from_on)s, 0, %(rows)s::jsonb)
    ON CONFLICT (loan_id, number) DO UPDATE SET from_on = excluded.from_on, rows = excluded.rows
"""
PLANS: LiteralString = "SELECT loan_id, rows FROM loan_plan WHERE loan_id = ANY(%(ids)s) AND number = 1"
EVENTS: LiteralString = "SELECT * FROM loan_event WHERE loan_id = ANY(%(ids)s) ORDER BY loan_id, number"
OBLIGATIONS: LiteralString = """
    SELECT * FROM loan_obligation WHERE loan_id = ANY(%(ids)s) ORDER BY loan_id, instalment
"""
INSERT_EVENTS: LiteralString = """
    INSERT INTO loan_event (loan_id, number, id, kind, on_day, currency, amount_minor, about, moves, outstanding_minor,
                            loan_state, recorded_at)
    SELECT new.loan_id, new.number, new.id, new.kind, new.on_day, new.currency, new.amount_minor, new.about::jsonb,
        new.moves::jsonb, new.outstanding_minor, new.loan_state, %(now)s
    FROM unnest(%(loan_id)s::text[], %(number)s::integer[], %(id)s::text[], %(kind)s::text[], %(on_day)s::date[],
                %(currency)s::text[], %(amount_minor)s::bigint[], %(about)s::text[], %(moves)s::text[],
                %(outstanding_minor)s::bigint[], %(loan_state)s::text[])
         AS new (loan_id, number, id, kind, on_day, currency, amount_minor, about, moves, outstanding_minor, loan_state)
"""
SAVE_LOANS: LiteralString = """
    UPDATE loan SET state = new.state, disbursed_on = new.disbursed_on, closed_on = new.closed_on, as_of_on = %(on)s,
        given_up_on = new.given_up_on, owed_back_minor = new.owed_back, resets_on = new.resets_on
    FROM unnest(%(ids)s::text[], %(states)s::text[], %(disbursed)s::date[], %(closed)s::date[], %(given_up)s::date[],
                %(owed_back)s::bigint[], %(resets)s::date[])
         AS new (id, state, disbursed_on, closed_on, given_up_on, owed_back, resets_on)
    WHERE loan.id = new.id
"""
SAVE_DRAWN: LiteralString = """
    UPDATE loan SET principal_minor = new.principal, holders = new.holders::jsonb, undrawn_minor = new.undrawn,
        undrawn_until = new.until
    FROM unnest(%(ids)s::text[], %(principal)s::bigint[], %(holders)s::text[], %(undrawn)s::bigint[], %(until)s::date[])
         AS new (id, principal, holders, undrawn, until)
    WHERE loan.id = new.id
"""
"""What of a loan was paid out, and what may still be: few facts change it."""
SAVE_OBLIGATIONS: LiteralString = """
    INSERT INTO loan_obligation (loan_id, instalment, component, due_on, amount_minor, paid_minor, waived_minor,
                                 written_off_minor, recognised_minor, left_minor, open)
    SELECT loan_id, instalment, component, due_on, amount_minor, paid_minor, waived_minor, written_off_minor,
        recognised_minor, left_minor, left_minor > 0
    FROM unnest(%(loan_id)s::text[], %(instalment)s::integer[], %(component)s::text[], %(due_on)s::date[],
                %(amount)s::bigint[], %(paid)s::bigint[], %(waived)s::bigint[], %(written_off)s::bigint[],
                %(recognised)s::bigint[], %(left)s::bigint[])
         AS new (loan_id, instalment, component, due_on, amount_minor, paid_minor, waived_minor, written_off_minor,
                 recognised_minor, left_minor)
    ON CONFLICT (loan_id, instalment, component) DO UPDATE SET due_on = excluded.due_on,
        amount_minor = excluded.amount_minor, paid_minor = excluded.paid_minor, waived_minor = excluded.waived_minor,
        written_off_minor = excluded.written_off_minor, recognised_minor = excluded.recognised_minor,
        left_minor = excluded.left_minor, open = excluded.open
"""
REPAYMENTS: LiteralString = """
    SELECT * FROM loan_event WHERE loan_id = %(loan_id)s AND kind = ANY(%(kinds)s) ORDER BY number
"""


def keep_plan(tx: Tx, loan_id: str, plan: Sequence[Agreed], from_on: date) -> None:
    """Keep the plan that a loan is to begin with: another takes its place until the loan is paid out."""
    kept = [[each.due_on.isoformat(), each.principal, each.interest, each.fee] for each in plan]
    tx.execute(KEEP_PLAN, {"loan_id": loan_id, "from_on": from_on, "rows": written(kept)})


def plans(tx: Tx, ids: Sequence[str]) -> dict[str, tuple[Agreed, ...]]:
    """The plans that these loans began, or are to begin, with."""
    if not ids:
        return {}
    return {
        row["loan_id"]: tuple(Agreed(date.fromisoformat(due), *amounts) for due, *amounts in row["rows"])
        for row in tx.rows(PLANS, {"ids": rows.texts(ids)})
    }


def standings(tx: Tx, currencies: Mapping[str, str]) -> dict[str, tuple[StandingInstalment, ...]]:
    """The instalments of loans (id -> currency) that were paid out, as their obligations were kept last."""
    found: dict[str, list[Row]] = {loan_id: [] for loan_id in currencies}
    for row in tx.rows(OBLIGATIONS, {"ids": rows.texts(list(currencies))}) if currencies else []:
        found[row["loan_id"]].append(row)
    return {loan_id: instalments_of(several, currencies[loan_id]) for loan_id, several in found.items()}


def events(tx: Tx, currencies: Mapping[str, str]) -> dict[str, list[LoanEvent]]:
    """The events of loans (id -> currency), in the order of telling."""
    found: dict[str, list[LoanEvent]] = {}
    for row in tx.rows(EVENTS, {"ids": rows.texts(list(currencies))}) if currencies else []:
        found.setdefault(row["loan_id"], []).append(event_of(row))
    return found


def keep(tx: Tx, told: Sequence[Told], on: date) -> None:
    """Keep what facts came to, of loans whose rows are held, and what of their obligations stands by a day."""
    if not told:
        return
    loans = [each.loan for each in told]
    tx.execute(
        SAVE_LOANS,
        {
            "on": on, "ids": rows.texts([loan.id for loan in loans]), "states": rows.texts([loan.state for loan in loans]),
            "disbursed": [loan.disbursed_on for loan in loans], "closed": [loan.closed_on for loan in loans],
            "given_up": [loan.given_up_on for loan in loans],
            "owed_back": rows.int8s([loan.owed_back.minor if loan.owed_back else 0 for loan in loans]),
            "resets": [loan.resets_on if loan.state == "active" else None for loan in loans],
        },
    )  # fmt: skip
    drawn = [each.loan for each in told if _drawn(each.before.loan) != _drawn(each.loan)]
    if drawn:
        tx.execute(
            SAVE_DRAWN,
            {
                "ids": rows.texts([loan.id for loan in drawn]), "until": [loan.undrawn_until for loan in drawn],
                "principal": rows.int8s([loan.principal.minor for loan in drawn]),
                "holders": rows.texts([written(loan.holders) for loan in drawn]),
                "undrawn": rows.int8s([loan.to_draw.minor for loan in drawn]),
            },
        )  # fmt: skip
    kept = [(each.loan.id, each.event) for each in told if each.event is not None]
    if kept:
        tx.execute(INSERT_EVENTS, {"now": tx.now, **_columns([_kept(loan_id, event) for loan_id, event in kept])})
    changed = [row for each in told for row in _changed(each)]
    if changed:
        tx.execute(SAVE_OBLIGATIONS, _columns(changed))


def _drawn(loan: Loan) -> tuple[Money, Money | None, date | None]:
    return loan.principal, loan.undrawn, loan.undrawn_until


ENCODED: dict[type, Callable[[Sequence[Any]], rows.Encoded]] = {str: rows.texts, int: rows.int8s, date: rows.dates}


def _columns(kept: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {name: ENCODED[type(kept[0][name])]([row[name] for row in kept]) for name in kept[0]}


def _kept(loan_id: str, event: LoanEvent) -> dict[str, Any]:
    return {
        "loan_id": loan_id, "number": event.number, "id": event.id, "kind": event.kind, "on_day": event.on,
        "currency": event.amount.currency, "amount_minor": event.amount.minor, "about": written(event.about),
        "moves": written(event.moves), "outstanding_minor": event.outstanding.minor, "loan_state": event.loan_state,
    }  # fmt: skip


def _changed(told: Told) -> list[dict[str, Any]]:
    """The obligations that a fact changed. One that the plan has no more is nothing from then on."""
    before = life.by_key(told.before.loan.instalments) if told.before.loan.disbursed_on is not None else {}
    after = life.by_key(told.loan.instalments)
    gone = {key: (due_on, _nothing(one)) for key, (due_on, one) in before.items() if key not in after}
    return [
        {
            "loan_id": told.loan.id, "instalment": number, "component": component, "due_on": due_on,
            **{name: getattr(one, name).minor for name in AMOUNTS}, "left": one.left.minor,
        }
        for (number, component), (due_on, one) in {**after, **gone}.items()
        if before.get((number, component)) != (due_on, one)
    ]  # fmt: skip


def _nothing(one: Obligation) -> Obligation:
    nothing = one.amount * 0
    return Obligation(one.component, nothing, nothing, nothing, nothing, nothing)


def repayments(tx: Tx, loan_id: str) -> list[Repayment]:
    """A loan's repayments, oldest first."""
    found = tx.rows(REPAYMENTS, {"loan_id": loan_id, "kinds": list(life.PAYING)})
    return [life.repayment(loan_id, event) for event in map(event_of, found)]
