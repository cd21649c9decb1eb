"""Read and write ``loan_offer``, ``loan``, ``loan_instalment`` and ``loan_repayment``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from psycopg.types.json import Jsonb

from farthing.db.tx import Row, Tx
from farthing.kernel.operation import decode
from farthing.kit.canonical import plain
from farthing.kit.money import Money
from farthing.lending.model import Conditions, Due, Holder, Line, Loan, Offer, Repayment
from farthing.lending.schedule import Instalment

INSERT_OFFER: LiteralString = """
    INSERT INTO loan_offer (id, party_id, decision_id, purpose, currency, amount_minor, fee_minor, conditions, schedule,
                            total_interest_minor, annual_percentage_rate, made_on, expires_on)
    VALUES (%(id)s, %(party_id)s, %(decision_id)s, %(purpose)s, %(currency)s, %(amount_minor)s, %(fee_minor)s,
            %(conditions)s, %(schedule)s, %(total_interest_minor)s, %(annual_percentage_rate)s, %(made_on)s,
            %(expires_on)s)
"""
FIND_OFFER: LiteralString = "SELECT * FROM loan_offer WHERE id = %(offer_id)s"
OFFER_OWNER: LiteralString = "SELECT party_id FROM loan_offer WHERE id = %(id)s"
LIST_OFFERS: LiteralString = "SELECT * FROM loan_offer WHERE party_id = %(party_id)s ORDER BY id DESC LIMIT %(limit)s"
INSERT_LOAN: LiteralString = """
    INSERT INTO loan (id, party_id, offer_id, decision_id, purpose, currency, principal_minor, conditions,
                      state, holders, accepted_at, accepted_on)
    VALUES (%(id)s, %(party_id)s, %(offer_id)s, %(decision_id)s, %(purpose)s, %(currency)s, %(principal_minor)s,
            %(conditions)s, 'accepted', '[]', %(accepted_at)s, %(accepted_on)s)
    ON CONFLICT (id) DO NOTHING
"""
INSERT_INSTALMENTS: LiteralString = """
    INSERT INTO loan_instalment (loan_id, number, due_on, principal_minor, interest_minor, fee_minor, penalty_as_of)
    SELECT %(loan_id)s, number, due_on, principal_minor, interest_minor, fee_minor, due_on
    FROM unnest(%(number)s::integer[], %(due_on)s::date[], %(principal_minor)s::bigint[], %(interest_minor)s::bigint[],
                %(fee_minor)s::bigint[])
         AS new (number, due_on, principal_minor, interest_minor, fee_minor)
"""
FIND_LOAN: LiteralString = "SELECT * FROM loan WHERE id = %(loan_id)s"
LOCK_LOAN: LiteralString = "UPDATE loan SET state = state WHERE id = %(loan_id)s RETURNING *"
FIND_DUES: LiteralString = "SELECT * FROM loan_instalment WHERE loan_id = %(loan_id)s ORDER BY number"
DUES_OF: LiteralString = """
    SELECT * FROM loan_instalment WHERE loan_id = ANY(%(loan_ids)s) ORDER BY loan_id, number
"""
LOAN_OWNER: LiteralString = "SELECT party_id FROM loan WHERE id = %(id)s"
LIST_LOANS: LiteralString = "SELECT * FROM loan WHERE party_id = %(party_id)s ORDER BY id DESC LIMIT %(limit)s"
LIST_ALL: LiteralString = "SELECT * FROM loan WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
LOANS_OF: LiteralString = "SELECT * FROM loan WHERE id = ANY(%(ids)s) ORDER BY id"
LIST_IDS: LiteralString = "SELECT id FROM loan WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
LAPSED: LiteralString = """
    SELECT id FROM loan
    WHERE state IN ('accepted', 'funded') AND id > %(after)s
        AND accepted_on + CAST(conditions ->> 'completion_days' AS integer) <= %(on)s
    ORDER BY id LIMIT %(limit)s
"""
KNOWN: LiteralString = "SELECT id FROM loan WHERE id = ANY(%(ids)s)"
SAVE_LOAN: LiteralString = """
    UPDATE loan SET state = %(state)s, holders = %(holders)s, contract_id = %(contract_id)s,
                    pays_on = %(pays_on)s, disbursed_on = %(disbursed_on)s, closed_on = %(closed_on)s
    WHERE id = %(id)s
"""
REPLACE_DUES: LiteralString = """
    UPDATE loan_instalment SET due_on = new.due_on, principal_minor = new.principal_minor,
        interest_minor = new.interest_minor, fee_minor = new.fee_minor, penalty_as_of = new.due_on
    FROM unnest(%(number)s::integer[], %(due_on)s::date[], %(principal_minor)s::bigint[], %(interest_minor)s::bigint[],
                %(fee_minor)s::bigint[])
         AS new (number, due_on, principal_minor, interest_minor, fee_minor)
    WHERE loan_instalment.loan_id = %(loan_id)s AND loan_instalment.number = new.number
"""
SAVE_DUES: LiteralString = """
    UPDATE loan_instalment SET principal_paid_minor = new.principal_paid, interest_paid_minor = new.interest_paid,
        fee_paid_minor = new.fee_paid, interest_accrued_minor = new.interest_accrued,
        interest_waived_minor = new.interest_waived, penalty_accrued_minor = new.penalty_accrued,
        penalty_paid_minor = new.penalty_paid, penalty_as_of = new.penalty_as_of,
        late_minor_days = new.late_minor_days, open = new.open
    FROM unnest(%(number)s::integer[], %(principal_paid)s::bigint[], %(interest_paid)s::bigint[], %(fee_paid)s::bigint[],
                %(interest_accrued)s::bigint[], %(interest_waived)s::bigint[], %(penalty_accrued)s::bigint[],
                %(penalty_paid)s::bigint[], %(penalty_as_of)s::date[], %(late_minor_days)s::numeric[],
                %(open)s::boolean[])
         AS new (number, principal_paid, interest_paid, fee_paid, interest_accrued, interest_waived, penalty_accrued,
                 penalty_paid, penalty_as_of, late_minor_days, open)
    WHERE loan_instalment.loan_id = %(loan_id)s AND loan_instalment.number = new.number
"""
_PROGRESS = (
    "principal_paid", "interest_paid", "fee_paid", "interest_accrued", "interest_waived", "penalty_accrued",
    "penalty_paid",
)  # fmt: skip
DUE_ON: LiteralString = """
    SELECT DISTINCT due.loan_id FROM loan_instalment due JOIN loan ON loan.id = due.loan_id
    WHERE due.open AND due.due_on <= %(on)s AND loan.state = 'active' AND due.loan_id > %(after)s
    ORDER BY due.loan_id LIMIT %(limit)s
"""
INSERT_REPAYMENT: LiteralString = """
    INSERT INTO loan_repayment (id, loan_id, currency, amount_minor, paid_on, lines, outstanding_minor, loan_state,
                                recorded_at)
    VALUES (%(id)s, %(loan_id)s, %(currency)s, %(amount_minor)s, %(paid_on)s, %(lines)s, %(outstanding_minor)s,
            %(loan_state)s, %(recorded_at)s)
"""
LIST_REPAYMENTS: LiteralString = """
    SELECT * FROM loan_repayment WHERE loan_id = %(loan_id)s ORDER BY recorded_at, id
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
    """Keep an accepted loan with its instalments; false where its offer was accepted before."""
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
        },
    )
    if inserted:
        tx.execute(INSERT_INSTALMENTS, _agreed(loan))
    return inserted == 1


def replace_dues(tx: Tx, loan: Loan) -> None:
    """Keep another schedule of a loan that is not paid out yet; as many instalments as before."""
    tx.execute(REPLACE_DUES, _agreed(loan))


def _agreed(loan: Loan) -> dict[str, object]:
    return {
        "loan_id": loan.id,
        "number": [due.number for due in loan.dues],
        "due_on": [due.due_on for due in loan.dues],
        "principal_minor": [due.principal.minor for due in loan.dues],
        "interest_minor": [due.interest.minor for due in loan.dues],
        "fee_minor": [due.fee.minor for due in loan.dues],
    }


def find_loan(tx: Tx, loan_id: str, *, lock: bool = False) -> Loan | None:
    """One loan with its instalments, or none; ``lock`` makes other changes of it wait for this transaction."""
    row = tx.maybe(LOCK_LOAN if lock else FIND_LOAN, {"loan_id": loan_id})
    return _loan(row, tx.rows(FIND_DUES, {"loan_id": loan_id})) if row else None


def loans(tx: Tx, party_id: str, limit: int) -> list[Loan]:
    """A party's loans, newest first."""
    return _with_dues(tx, tx.rows(LIST_LOANS, {"party_id": party_id, "limit": limit}))


def all_loans(tx: Tx, after: str, limit: int) -> list[Loan]:
    """Every loan in the order of its id, a page at a time."""
    return _with_dues(tx, tx.rows(LIST_ALL, {"after": after, "limit": limit}))


def loans_of(tx: Tx, ids: list[str]) -> list[Loan]:
    """The loans of these ids."""
    return _with_dues(tx, tx.rows(LOANS_OF, {"ids": ids}))


def loan_ids(tx: Tx, after: str, limit: int) -> list[str]:
    """The ids of all loans in order, a page at a time."""
    return [str(row["id"]) for row in tx.rows(LIST_IDS, {"after": after, "limit": limit})]


def _with_dues(tx: Tx, found: list[Row]) -> list[Loan]:
    dues: dict[str, list[Row]] = {row["id"]: [] for row in found}
    if found:
        for due in tx.rows(DUES_OF, {"loan_ids": list(dues)}):
            dues[due["loan_id"]].append(due)
    return [_loan(row, dues[row["id"]]) for row in found]


def lapsed(tx: Tx, on: date, after: str, limit: int) -> list[str]:
    """Loans that were accepted and, at the close of a day, were not paid out within the days that their product gives."""
    return [str(row["id"]) for row in tx.rows(LAPSED, {"on": on, "after": after, "limit": limit})]


def known(tx: Tx, ids: list[str]) -> set[str]:
    """Which of some ids are loans."""
    return {str(row["id"]) for row in tx.rows(KNOWN, {"ids": ids})}


def save_loan(tx: Tx, loan: Loan) -> None:
    """Keep a loan's state, holders and contract."""
    tx.execute(
        SAVE_LOAN,
        {
            "id": loan.id,
            "state": loan.state,
            "holders": Jsonb(plain(loan.holders)),
            "contract_id": loan.contract_id,
            "pays_on": loan.pays_on,
            "disbursed_on": loan.disbursed_on,
            "closed_on": loan.closed_on,
        },
    )


def save_dues(tx: Tx, loan: Loan, dues: Sequence[Due]) -> None:
    """Keep the instalments that changed; what was agreed (number, date, amounts) never does."""
    changed = [due for before, due in zip(loan.dues, dues, strict=True) if before != due]
    if changed:
        values: dict[str, object] = {name: [getattr(due, name).minor for due in changed] for name in _PROGRESS}
        values |= {
            "loan_id": loan.id,
            "number": [due.number for due in changed],
            "penalty_as_of": [due.penalty_as_of for due in changed],
            "late_minor_days": [due.late_minor_days for due in changed],
            "open": [not due.settled for due in changed],
        }
        tx.execute(SAVE_DUES, values)


def due_loans(tx: Tx, on: date, after: str, limit: int) -> list[str]:
    """Ids of active loans with an open instalment due by a day, in order, a page at a time."""
    return [str(row["loan_id"]) for row in tx.rows(DUE_ON, {"on": on, "after": after, "limit": limit})]


def insert_repayment(tx: Tx, repayment: Repayment) -> None:
    """Keep a repayment and its allocation."""
    tx.execute(
        INSERT_REPAYMENT,
        {
            "id": repayment.id,
            "loan_id": repayment.loan_id,
            "currency": repayment.amount.currency,
            "amount_minor": repayment.amount.minor,
            "paid_on": repayment.paid_on,
            "lines": Jsonb(plain(repayment.lines)),
            "outstanding_minor": repayment.outstanding.minor,
            "loan_state": repayment.loan_state,
            "recorded_at": tx.now,
        },
    )


def repayments(tx: Tx, loan_id: str) -> list[Repayment]:
    """A loan's repayments, oldest first."""
    return [
        Repayment(
            id=row["id"],
            loan_id=row["loan_id"],
            amount=Money(row["amount_minor"], row["currency"]),
            paid_on=row["paid_on"],
            lines=decode(tuple[Line, ...], row["lines"]),
            outstanding=Money(row["outstanding_minor"], row["currency"]),
            loan_state=row["loan_state"],
        )
        for row in tx.rows(LIST_REPAYMENTS, {"loan_id": loan_id})
    ]


def _offer(row: Row) -> Offer:
    currency = row["currency"]
    interest, fee = Money(row["total_interest_minor"], currency), Money(row["fee_minor"], currency)
    return Offer(
        id=row["id"],
        party_id=row["party_id"],
        decision_id=row["decision_id"],
        purpose=row["purpose"],
        amount=Money(row["amount_minor"], currency),
        fee=fee,
        conditions=decode(Conditions, row["conditions"]),
        schedule=decode(tuple[Instalment, ...], row["schedule"]),
        total_interest=interest,
        total_cost=interest + fee,
        annual_percentage_rate=row["annual_percentage_rate"],
        made_on=row["made_on"],
        expires_on=row["expires_on"],
    )


def _loan(row: Row, dues: list[Row]) -> Loan:
    currency = row["currency"]
    return Loan(
        id=row["id"],
        party_id=row["party_id"],
        offer_id=row["offer_id"],
        decision_id=row["decision_id"],
        purpose=row["purpose"],
        principal=Money(row["principal_minor"], currency),
        conditions=decode(Conditions, row["conditions"]),
        state=row["state"],
        holders=decode(tuple[Holder, ...], row["holders"]),
        contract_id=row["contract_id"],
        pays_on=row["pays_on"],
        accepted_at=row["accepted_at"],
        accepted_on=row["accepted_on"],
        disbursed_on=row["disbursed_on"],
        closed_on=row["closed_on"],
        dues=tuple(_due(due, currency) for due in dues),
    )


def _due(row: Row, currency: str) -> Due:
    def money(column: str) -> Money:
        return Money(row[f"{column}_minor"], currency)

    return Due(
        number=row["number"],
        due_on=row["due_on"],
        principal=money("principal"),
        interest=money("interest"),
        fee=money("fee"),
        principal_paid=money("principal_paid"),
        fee_paid=money("fee_paid"),
        interest_paid=money("interest_paid"),
        interest_accrued=money("interest_accrued"),
        interest_waived=money("interest_waived"),
        penalty_accrued=money("penalty_accrued"),
        penalty_paid=money("penalty_paid"),
        penalty_as_of=row["penalty_as_of"],
        late_minor_days=int(row["late_minor_days"]),
    )


def offer_owner(tx: Tx, offer_id: str) -> str | None:
    """Whose offer this is, or none."""
    row = tx.maybe(OFFER_OWNER, {"id": offer_id})
    return row["party_id"] if row else None


def loan_owner(tx: Tx, loan_id: str) -> str | None:
    """Whose loan this is, or none."""
    row = tx.maybe(LOAN_OWNER, {"id": loan_id})
    return row["party_id"] if row else None
