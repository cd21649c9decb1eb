"""The law of ordinary repayments: what is decided by what is due alone is, to the row and the entry, what the fold comes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.db.tx import Tx
from farthing.kernel.operation import Call
from farthing.kit.actor import SYSTEM
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.lending import keeping_service as keeping
from farthing.lending import repaying_service as repaying
from farthing.lending import service as lending
from farthing.lending import store
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import ChooseSurplus, RepayAsOf, Waive
from farthing.lending.audit import service as audit
from farthing.lending.dues import rules as dues
from farthing.lending.dues import store as due_store
from farthing.lending.dues.model import Due
from farthing.lending.model import Loan, Repay
from tests.banks import Shelf
from tests.lending.closing.test_by_sets import due_days, kept, put, several_loans, undone
from tests.lending.house import House

WORDS = "as the board decided"
UNTOLD = "the log does not say that it was told"
"""Acts are run here without the kernel, which keeps what they are told."""
EXAMPLES = 15 if settings.default.derandomize else 100


@pytest.fixture(scope="module")
def lived(shelf: Shelf) -> Iterator[House]:
    with shelf.database() as url:
        house = House(url, lived=several_loans)
        yield house
        house.bank.kernel.database.close()


def is_ordinary(tx: Tx, command: Repay) -> bool:
    """Whether a repayment is decided by what is due alone."""
    found = due_store.due(tx, store.held(tx, [command.loan_id]), tx.business_date)
    return all(dues.pays(each, command.amount, tx.business_date) for each in found)


def owed(tx: Tx, loan_id: str) -> int:
    """What is due of a loan today, in minor units."""
    found: Money = lending.owed(tx, loan_id)[0]
    return found.minor


def folded(tx: Tx, command: Repay) -> str:
    """Repay by the fold of all events; answers the refusal's code, or nothing."""
    try:
        found = store.find_life(tx, command.loan_id, lock=True)
        keeping.take(tx, [repaying.decide(tx, Call(command, tx.actor), found)])
    except Refusal as refusal:
        return refusal.code
    return ""


def repaid(tx: Tx, command: Repay) -> str:
    """Repay by the operation; answers as :func:`folded`."""
    try:
        lending.repay(tx, command)
    except Refusal as refusal:
        return refusal.code
    return ""


def act(tx: Tx, loan: Loan, kind: str, on: date) -> None:
    """Something that is no repayment of today, where it may be done."""
    every: dict[str, tuple[Any, Any]] = {
        "as of": (acts.repay_as_of, RepayAsOf(loan.id, Money(100, "CNY"), on - timedelta(days=1), WORDS)),
        "waive": (acts.waive, Waive(loan.id, "interest", Money(1, "CNY"), WORDS)),
        "choose": (acts.choose_surplus, ChooseSurplus(loan.id, "shorter")),
    }
    operation, command = every[kind]
    try:
        with tx.part():
            operation(tx, command)
    except Refusal:
        return


part = st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("0.4"), Decimal(1), Decimal(1), Decimal("1.1")])
step = st.tuples(
    st.integers(0, 3),
    st.sampled_from([-2, 0, 0, 1, 1, 2, 3, 4, 9]),
    st.lists(st.tuples(st.integers(0, 6), part), max_size=6),
    st.sampled_from([None, None, None, None, "as of", "waive", "choose"]),
)
STEPS = st.lists(step, min_size=2, max_size=6).map(lambda found: sorted(found, key=lambda each: each[:2]))


@settings(max_examples=EXAMPLES)
@given(steps=STEPS)
def test_what_is_due_alone_says_what_the_fold_says(lived: House, steps: list[Any]) -> None:
    kernel = lived.bank.kernel
    loans: list[Loan] = [lived.loan(each) for each in lived.made]
    with kernel.database.transaction() as connection, connection.transaction(force_rollback=True):
        began = kernel._tx(connection, SYSTEM)
        for number, (month, later, asked, acted) in enumerate(steps):
            tx = replace(began, business_date=due_days(began)[month] + timedelta(days=later))
            for each, loan in enumerate(loans):
                if each % 2 == 0:
                    put(tx, loan, 500_000, 100 * number + each)
            for which, share in asked:
                loan = loans[which % len(loans)]
                command = Repay(loan.id, Money(int(owed(tx, loan.id) * share), "CNY"))
                with undone(tx) as other:
                    why = folded(other, command)
                    wanted = kept(other)
                assert repaid(tx, command) == why
                assert why or kept(tx) == wanted
            if acted:
                act(tx, loans[0], acted, tx.business_date)
        assert [each for each in audit.by_fold(tx, lived.made) if not each.problem.endswith(UNTOLD)] == []


def test_another_order_of_money_than_by_four_components_goes_by_the_fold(lived: House) -> None:
    loan = lived.loan(lived.made[0])
    on, usual = loan.instalments[0].due_on, loan.conditions
    buckets = tuple(f"{when}_{each}" for when in ("past_due", "due", "in_advance") for each in usual.allocation)
    for conditions, wanted in (
        (usual, True), (replace(usual, allocation=buckets), False),
        (replace(usual, repaying=replace(usual.repaying, direction="by_component")), False),
        (replace(usual, repaying=replace(usual.repaying, surplus="next")), False),
        (replace(usual, repaying=replace(usual.repaying, recalculated="by_day")), False),
        (replace(usual, repaying=replace(usual.repaying, pay_off="to_period_end")), True),
    ):  # fmt: skip
        found = Due(replace(loan, conditions=conditions), 1, True, loan.principal, True, on)
        assert dues.ordinary(replace(found, loan=replace(found.loan, instalments=loan.instalments[:1])), on) is wanted


def test_a_loan_that_is_late_within_the_days_of_grace_is_repaid_without_a_fold(lived: House) -> None:
    kernel, loan = lived.bank.kernel, lived.loan(lived.made[0])
    with kernel.database.transaction() as connection, connection.transaction(force_rollback=True):
        began = kernel._tx(connection, SYSTEM)
        for days, wanted in ((0, True), (loan.conditions.grace_days, True), (loan.conditions.grace_days + 1, False)):
            tx = replace(began, business_date=loan.instalments[0].due_on + timedelta(days=days))
            put(tx, loan, 500_000, days)
            one = Repay(loan.id, Money(1, "CNY"))
            assert is_ordinary(tx, one) is wanted
            assert not is_ordinary(tx, replace(one, amount=Money(owed(tx, loan.id) + 1, "CNY")))
            assert lending.repay(tx, one).amount == one.amount
        assert ledger.balance(tx, f"assets:loans:{loan.short_id}").owed().minor
        assert audit.verify(tx).findings == ()


def test_how_many_events_there_are_is_told_without_reading_them(lived: House) -> None:
    with lived.bank.superuser() as connection, connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL enable_seqscan = off")
        asked = {"ids": lived.made, "on": date(2026, 12, 28)}
        plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {due_store.TOLD}", asked))  # type: ignore[arg-type]
    assert " loan_event_beside" in plan and "Scan Backward using loan_event_pkey " in plan and "Seq Scan" not in plan
