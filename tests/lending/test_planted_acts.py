"""Every kind of act on a loan: whatever is changed or missing of it, in its event, its entries or the log, is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from farthing.bank.founding import agreed
from farthing.db.tx import Tx
from farthing.kit.findings import Finding
from farthing.ledger.meeting.service import verify as verify_log
from farthing.ledger.model import entry_id
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import (
    Charge,
    ChooseSurplus,
    GiveMoney,
    GiveUp,
    Happened,
    LowerRate,
    PauseInterest,
    Recover,
    RepayAsOf,
    Reschedule,
    ReverseEvent,
    Waive,
)
from farthing.lending.audit.service import ACTS, verify
from farthing.lending.books_service import entries_of
from farthing.lending.model import Repay
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.lending.house import CARD, House, opened, yuan

WORDS = "as the board decided"
KINDS = {
    "charge", "waive", "pause_interest", "change_rate", "move_due", "set_surplus", "repay", "goodwill_credit", "reverse",
    "refund_credit", "charge_off", "write_off", "recover",
}  # fmt: skip
"""The event of each kind of act."""


def every_act(house: House) -> list[str]:
    """Three loans: one on which all is done that leaves it standing, one that is given up and recovered, one paid too much."""
    kernel, run = house.bank.kernel, house.bank.run
    stands, lost = house.active("1500").id, house.active("1000").id
    first = house.loan(stands).instalments[0].due_on
    agreed(kernel, acts.lower_rate, LowerRate(stands, Decimal("0.06"), WORDS))
    agreed(kernel, acts.pause_interest, PauseInterest(stands, house.today + timedelta(days=9), WORDS))
    agreed(
        kernel, acts.reschedule, Reschedule(stands, "move_due", WORDS, due_on=first, until=first + timedelta(days=3))
    )
    agreed(kernel, acts.charge, Charge(stands, "fee", yuan("30"), WORDS, on=house.today))
    agreed(kernel, acts.waive, Waive(stands, "fee", yuan("10"), WORDS))
    fee: Any = agreed(kernel, acts.charge, Charge(stands, "fee", yuan("15"), WORDS, on=house.today))
    run(acts.choose_surplus, ChooseSurplus(stands, "shorter"))
    run(lending.repay, Repay(stands, yuan("200")))
    agreed(kernel, acts.goodwill, GiveMoney(stands, yuan("25"), WORDS))
    house.wait(house.today + timedelta(days=2))
    agreed(kernel, acts.repay_as_of, RepayAsOf(stands, yuan("40"), house.today - timedelta(days=1), WORDS))
    agreed(kernel, acts.reverse_event, ReverseEvent(stands, fee["id"], WORDS))
    run(
        payments.pay_out,
        MoveByRail(house.party.id, house.bank.read(lambda tx: payments.wallet(tx, house.party.id)).balance, CARD),
    )
    house.wait(house.loan(lost).instalments[0].due_on + timedelta(days=9))
    run(payments.top_up, MoveByRail(house.party.id, yuan("3000"), CARD))
    run(lending.repay, Repay(lost, yuan("20")))
    agreed(kernel, acts.repay_as_of, RepayAsOf(lost, yuan("10"), house.today - timedelta(days=2), WORDS))
    agreed(kernel, acts.charge_off, GiveUp(lost, WORDS))
    run(lending.repay, Repay(lost, yuan("20")))
    agreed(kernel, acts.write_off, GiveUp(lost, WORDS))
    run(acts.recover, Recover(lost, yuan("150")))
    more = house.active("500").id
    house.wait(house.today + timedelta(days=1))
    agreed(kernel, acts.repay_as_of, RepayAsOf(more, yuan("550"), house.today, WORDS))
    agreed(kernel, acts.refund_credit, GiveMoney(more, yuan("30"), WORDS))
    return [stands, lost, more]


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with opened(database_url, every_act) as found:
        yield found


def planted(house: House, statements: Sequence[str], of: dict[str, Any]) -> tuple[str, str]:
    """What the verification of loans, and that of books and log together, say while something is planted; then it is undone."""
    asked: Tx = house.bank.read(lambda tx: tx)
    with house.bank.superuser() as connection:
        connection.autocommit = False
        connection.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            assert connection.execute(statement, of).rowcount > 0, statement
        tx = replace(asked, connection=connection, read_once={})
        seen = verify(tx).findings, verify_log(tx)
        connection.rollback()
    return shown(seen[0]), shown((*seen[1][0].findings, *seen[1][1]))


def shown(findings: Sequence[Finding]) -> str:
    return "\n".join(str(each) for each in findings)


def events(house: House) -> list[Happened]:
    """One event of each kind of act."""
    told = [event for loan in house.made for event in house.bank.read(lambda tx, loan=loan: acts.story(tx, loan))]
    found = {event.kind: event for event in told if event.kind != "repay" or event.told_on != event.on}
    assert {*found} >= KINDS, KINDS - {*found}
    return [found[kind] for kind in sorted(KINDS)]


def test_nothing_is_found_where_nothing_is_planted(house: House) -> None:
    assert house.bank.read(verify, snapshot=True).findings == ()


EVENT = {
    "another amount": "UPDATE loan_event SET amount_minor = amount_minor + 1 WHERE id = %(id)s",
    "another day": "UPDATE loan_event SET on_day = on_day - 1 WHERE id = %(id)s",
    "other words": """UPDATE loan_event SET about = about || '{"words": "others"}' WHERE id = %(id)s""",
    "another kind of surplus, or of component": (
        """UPDATE loan_event SET about = about || '{"surplus": "next_last", "component": "interest"}' WHERE id = %(id)s"""
    ),
    "no event": "DELETE FROM loan_event WHERE id = %(id)s",
    "no leaf": "DELETE FROM evidence_leaf WHERE mentions @> ARRAY[%(id)s] AND kind LIKE 'lending.%%'",
}


@pytest.mark.long
@pytest.mark.parametrize("what", EVENT)
def test_whatever_is_planted_in_the_event_of_an_act_is_named(house: House, what: str) -> None:
    for event in events(house):
        found, _ = planted(house, [EVENT[what]], {"id": event.id})
        named = [line for line in found.splitlines() if event.loan_id in line]
        assert any(event.id in line or f"event {event.number}, {event.kind} of" in line for line in named), (
            event,
            found,
        )


ENTRY = {
    "another amount": ["UPDATE entry SET legs[2] = legs[2] + 1, legs[4] = legs[4] - 1 WHERE id = %(id)s"],
    "another day": ["UPDATE entry SET effective_on = effective_on - 1 WHERE id = %(id)s"],
    "no entry": ["DELETE FROM posting WHERE entry_id = %(id)s", "DELETE FROM entry WHERE id = %(id)s"],
    "no leaf": [
        "DELETE FROM evidence_leaf WHERE mentions @> ARRAY[%(loan)s] AND kind LIKE 'lending.%%'"
        " AND position(convert_to(%(id)s::text, 'UTF8') in body) > 0"
    ],
}


@pytest.mark.long
@pytest.mark.parametrize("what", ENTRY)
def test_whatever_is_planted_in_the_entry_of_an_act_is_named(house: House, what: str) -> None:
    kinds = set()
    for loan_id in house.made:
        loan = house.loan(loan_id)
        for posted in house.bank.read(lambda tx, loan=loan: entries_of(tx, loan)):
            if ":act:" not in posted.entry.reference:
                continue
            kinds.add(posted.entry.kind)
            of = {"id": entry_id(posted.entry.reference), "loan": loan_id}
            found, log = planted(house, ENTRY[what], of)
            interest = posted.entry.kind in ("accrual", "waiver")
            assert loan_id in found or (what == "another day" and interest), (posted, found)
            assert "leaf_" in log if what == "no leaf" else str(of["id"]) in log, (posted, log)
    assert kinds >= {"goodwill", "charge-off", "recovery", "refund", "adjustment", "repayment"}, kinds


def test_the_acts_that_the_log_is_asked_for_are_all_there_are() -> None:
    assert {*ACTS} == {
        "lending.charge", "lending.waive", "lending.pause_interest", "lending.lower_rate", "lending.reschedule",
        "lending.charge_off", "lending.write_off", "lending.recover", "lending.refund_credit", "lending.goodwill",
        "lending.take_recovery",
        "lending.repay_as_of", "lending.reverse_event", "lending.choose_surplus",
        "lending.draw", "lending.give_back",
    }  # fmt: skip
