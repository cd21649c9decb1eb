"""Own how rows of loans, of their events and obligations are read: whoever kept them, a database or an export. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from farthing.kernel.operation import decode
from farthing.kit.money import Money
from farthing.lending.life import COMPONENTS
from farthing.lending.model import Conditions, Holder, Loan, LoanEvent, Move
from farthing.lending.owed import Obligation, StandingInstalment

Row = Mapping[str, Any]
AMOUNTS = ("amount", "paid", "waived", "written_off", "recognised")
ORDER = {component: place for place, component in enumerate(COMPONENTS)}


def loan_of(row: Row, instalments: tuple[StandingInstalment, ...]) -> Loan:
    """A loan of its row and its instalments."""
    currency = row["currency"]
    return Loan(
        id=row["id"],
        party_id=row["party_id"],
        offer_id=row["offer_id"],
        decision_id=row["decision_id"],
        purpose=row["purpose"],
        principal=Money(row["principal_minor"], currency),
        conditions=_conditions(row["conditions"]),
        state=row["state"],
        holders=_holders(row["holders"]),
        contract_id=row["contract_id"],
        pays_on=row["pays_on"],
        accepted_at=row["accepted_at"],
        accepted_on=row["accepted_on"],
        disbursed_on=row["disbursed_on"],
        closed_on=row["closed_on"],
        instalments=instalments,
        given_up_on=row["given_up_on"],
        owed_back=Money(row["owed_back_minor"], currency) if row["owed_back_minor"] else None,
        replaces=row["replaces"],
        resets_on=row["resets_on"],
        undrawn=Money(row["undrawn_minor"], currency) if row["undrawn_minor"] else None,
        undrawn_until=row["undrawn_until"],
    )


@lru_cache(maxsize=4096)
def _conditions(text: str) -> Conditions:
    found: Conditions = decode(Conditions, json.loads(text))
    return found


@lru_cache(maxsize=4096)
def _holders(text: str) -> tuple[Holder, ...]:
    found: tuple[Holder, ...] = decode(tuple[Holder, ...], json.loads(text))
    return found


def instalments_of(obligations: Sequence[Row], currency: str) -> tuple[StandingInstalment, ...]:
    """The instalments that rows of a loan's obligations make, which come instalment by instalment."""
    found = [
        _standing(number, list(several), currency)
        for number, several in groupby(obligations, key=lambda row: row["instalment"])
    ]
    return tuple(sorted(found, key=lambda each: (each.due_on, each.number)))


def _standing(number: int, several: Sequence[Row], currency: str) -> StandingInstalment:
    kept = sorted(several, key=lambda row: ORDER[row["component"]])
    obligations = tuple(
        Obligation(row["component"], *(Money(row[f"{name}_minor"], currency) for name in AMOUNTS)) for row in kept
    )
    due_on = next(
        (row["due_on"] for row in kept if row["amount_minor"]), kept[0]["due_on"]
    )  # what is gone moves no more
    return StandingInstalment(number, due_on, currency, obligations)


def event_of(row: Row) -> LoanEvent:
    """An event of its row."""
    return LoanEvent(
        row["number"], row["id"], row["kind"], row["on_day"], Money(row["amount_minor"], row["currency"]), row["about"],
        _moves(row), Money(row["outstanding_minor"], row["currency"]), row["loan_state"], row["recorded_at"],
    )  # fmt: skip


def _moves(row: Row) -> tuple[Move, ...]:
    found: tuple[Move, ...] = decode(tuple[Move, ...], row["moves"])
    return found
