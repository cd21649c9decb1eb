"""``farthing verify savings`` finds nothing in a sound bank, and names whatever a superuser plants, with both figures."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.kernel.day import CloseStep
from farthing.ledger.audit.service import verify as verify_ledger
from farthing.savings.audit import service
from farthing.savings.audit.rules import Audit
from farthing.savings.audit.service import verify
from farthing.savings.deposits import day_service as closing
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CancelNotice, CloseDeposit, Notify, PayIn, Withdraw
from farthing.town.savers.service import Wanted, fill
from tests.banks import commanded
from tests.conftest import Bank
from tests.hands import city
from tests.savings.deposits.saver import days, found, opened, saver, today, until, yuan


def audit(bank: Bank) -> Audit:
    return bank.read(verify, snapshot=True)


def clean(bank: Bank) -> Audit:
    seen = audit(bank)
    assert seen.findings == ()
    return seen


def busy(bank: Bank) -> dict[str, str]:
    """A deposit of every product, with a life behind it; answers their ids by product."""
    ids: dict[str, str] = bank.begin("every product of savings", _busy)
    return ids


def _busy(bank: Bank) -> dict[str, str]:
    found(bank, "sandbox")
    party = saver(bank, 1, "900000.00")
    made = {
        "demand": opened(bank, party, "demand", "10000.00"),
        "closed": opened(bank, party, "demand", "500.00"),
        "lump-sum": opened(bank, party, "lump-sum", "20000.00", term="3m", renewal="principal_and_interest"),
        "instalment": opened(bank, party, "instalment", "100.00", term="1y", collect=True),
        "out": opened(bank, party, "lump-in-instalments-out", "12000.00", term="1y", every="1m"),
        "drawn": opened(bank, party, "interest-drawn", "10000.00", term="1y", every="1m"),
        "either": opened(bank, party, "time-or-demand", "3000.00"),
        "notice": opened(bank, party, "notice", "200000.00", notice="7d"),
        "rolling": opened(bank, party, "rolling", "100000.00"),
    }
    ids = {name: done.deposit.id for name, done in made.items()}
    days(bank, 3)
    bank.run(deposits.pay_in, PayIn(ids["demand"], yuan("5000.00")))
    bank.run(deposits.withdraw, Withdraw(ids["demand"], yuan("2000.00")))
    bank.run(deposits.notify, Notify(ids["notice"], yuan("60000.00")))
    days(bank, 7)
    bank.run(deposits.withdraw, Withdraw(ids["notice"], yuan("60000.00")))
    bank.run(deposits.notify, Notify(ids["notice"], yuan("60000.00")))
    bank.run(deposits.cancel_notice, CancelNotice(ids["notice"]))
    until(bank, quarter_end(today(bank)))
    bank.run(deposits.close, CloseDeposit(ids["closed"]))
    return ids


def quarter_end(day: date) -> date:
    """The first day on which interest is settled after another."""
    return min(
        settled
        for year in (day.year, day.year + 1)
        for month in (3, 6, 9, 12)
        if (settled := date(year, month, 21)) > day
    )


@pytest.mark.long
def test_a_sound_bank_is_clean_on_every_day(bank: Bank) -> None:
    busy(bank)
    for step in (0, 1, 20, 45):
        days(bank, step)
        seen = clean(bank)
        assert seen.deposits == 9
        assert seen.interest_minor > 0
    assert bank.read(verify_ledger).findings == ()


@pytest.mark.long
def test_a_bank_is_clean_in_the_middle_of_a_close(bank: Bank) -> None:
    """The night of a quarter's end, stopped after each step: what is a day ahead already is no finding."""
    ids = busy(bank)
    until(bank, quarter_end(today(bank)) - timedelta(days=1))
    for step in bank.kernel.steps:
        bank.run(step.name, CloseStep(today(bank)), key=f"close:{today(bank)}:{step.name}:")
        clean(bank)
    days(bank, 1)
    clean(bank)
    bank.run(deposits.close, CloseDeposit(ids["demand"]))
    clean(bank)


@pytest.mark.parametrize("before", ["savings.fall_due", "savings.settle_quarter", "savings.accrue", "the clock"])
def test_a_deposit_opened_in_the_night_of_a_settlement_is_settled_too(bank: Bank, before: str) -> None:
    found(bank)
    party = saver(bank, 1, "200000.00")
    opened(bank, party, "demand", "10000.00")
    settled = quarter_end(today(bank))
    until(bank, settled - timedelta(days=1))
    late = ""
    for name in [*(step.name for step in bank.kernel.steps), "the clock"]:
        if name == before:
            late = opened(bank, party, "demand", "100000.00").deposit.id
        if name != "the clock":
            bank.run(name, CloseStep(today(bank)), key=f"close:{today(bank)}:{name}:")
    days(bank, 1)
    clean(bank)
    days(bank, 1)
    clean(bank)
    with bank.superuser() as connection:
        events = connection.execute(
            "SELECT happened_on, interest_minor FROM deposit_event WHERE deposit_id = %s ORDER BY number", [late]
        ).fetchall()
    assert events == [(settled - timedelta(days=1), 0), (settled, round(10_000_000 * 0.0035 / 360))]


@pytest.fixture
def planted(bank: Bank) -> dict[str, str]:
    ids = busy(bank)
    clean(bank)
    return ids


DIFFERENCES = [
    ("UPDATE deposit SET balance_days = balance_days + 1 WHERE id = %(demand)s", "deposit.balance_days", "demand"),
    ("UPDATE deposit SET balance_minor = balance_minor # 1 WHERE id = %(demand)s", "deposit.balance_minor", "demand"),
    ("UPDATE deposit SET since_on = since_on - 1 WHERE id = %(demand)s", "deposit.since_on", "demand"),
    ("UPDATE deposit SET as_of_on = as_of_on + 1 WHERE id = %(demand)s", "deposit.as_of_on", "demand"),
    ("UPDATE deposit SET opened_on = opened_on + 1 WHERE id = %(demand)s", "deposit.opened_on", "demand"),
    ("UPDATE deposit SET number = number + 1 WHERE id = %(demand)s", "deposit.number", "demand"),
    ("UPDATE deposit SET version = 'none' WHERE id = %(either)s", "deposit.version", "either"),
    ("UPDATE deposit SET rate = rate + 0.0001 WHERE id = %(lump-sum)s", "deposit.rate", "lump-sum"),
    ("UPDATE deposit SET balance_minor = balance_minor # 1 WHERE id = %(rolling)s", "deposit.balance", "rolling"),
    ("UPDATE deposit SET matures_on = matures_on + 1 WHERE id = %(drawn)s", "deposit.matures_on", "drawn"),
    ("UPDATE deposit SET detail = NULL WHERE id = %(notice)s", "deposit.portions", "notice"),
    ("DELETE FROM deposit_event WHERE deposit_id = %(demand)s AND number = 2", "deposit_event", "demand"),
    ("DELETE FROM deposit_event WHERE deposit_id = %(lump-sum)s AND number = 1", "deposit_event", "lump-sum"),
    ("DELETE FROM deposit_event WHERE deposit_id = %(demand)s AND number = (SELECT max(number) FROM deposit_event "
     "WHERE deposit_id = %(demand)s)", "deposit.number", "demand"),
    ("UPDATE deposit_event SET interest_minor = interest_minor + 1 WHERE deposit_id = %(demand)s AND "
     "what = 'settlement'", "deposit_event", "demand"),
    ("UPDATE deposit_event SET happened_on = happened_on + 1 WHERE deposit_id = %(demand)s AND number = 2",
     "deposit_event", "demand"),
    ("UPDATE deposit_event SET interest_minor = interest_minor + 1, balance_minor = balance_minor + 1 "
     "WHERE deposit_id = %(rolling)s AND what = 'due'", "deposit_event.interest", "rolling"),
    ("UPDATE deposit_event SET asked_minor = asked_minor + 100 WHERE deposit_id = %(out)s AND what = 'open'",
     "deposit_event.principal_in", "out"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "what", "whose"), DIFFERENCES)
def test_a_planted_difference_is_named(
    bank: Bank, planted: dict[str, str], statement: str, what: str, whose: str
) -> None:
    with bank.superuser() as connection:
        assert connection.execute(statement, planted).rowcount > 0
    found_here = [
        each for each in audit(bank).findings if each.what == what and each.subject.startswith(planted[whose])
    ]
    assert found_here, audit(bank).findings


def test_changed_interest_is_named_with_both_figures(bank: Bank, planted: dict[str, str]) -> None:
    """Interest moved up by one fen, in the posting and in everything that follows from it."""
    with bank.superuser() as connection:
        moved = connection.execute(
            """
            UPDATE posting SET balance = balance - 1
            FROM (
                SELECT p.account_id, p.version FROM posting AS p JOIN entry AS e ON e.id = p.entry_id
                    JOIN account AS a ON a.id = p.account_id
                WHERE a.path = 'liabilities:savings:' || split_part(%(demand)s, '_', 2) AND e.kind = 'savings.interest'
            ) AS paid
            WHERE posting.account_id = paid.account_id AND posting.version >= paid.version
            """,
            planted,
        )
        assert moved.rowcount > 0
    interest = [each for each in audit(bank).findings if each.what == "deposit.interest"]
    assert [each.subject for each in interest] == [planted["demand"]]
    posted, earned = (int(word) for word in interest[0].problem.replace(",", "").split() if word.isdigit())
    assert posted == earned + 1


def test_a_deposit_that_vanished_is_found(bank: Bank, planted: dict[str, str]) -> None:
    with bank.superuser() as connection:
        connection.execute("DELETE FROM deposit WHERE id = %(either)s", planted)
    kinds = {each.what for each in audit(bank).findings}
    assert {"deposit_event", "savings_control.slope"} <= kinds
    assert any(each.subject == planted["either"] for each in audit(bank).findings)


def test_an_account_without_its_postings_is_found(bank: Bank, planted: dict[str, str]) -> None:
    with bank.superuser() as connection:
        connection.execute(
            "DELETE FROM posting USING account WHERE account.id = account_id "
            "AND path = 'liabilities:savings:' || split_part(%(closed)s, '_', 2)",
            planted,
        )
    assert [(each.what, each.subject) for each in audit(bank).findings] == [("deposit.account", planted["closed"])]


@pytest.mark.parametrize("column", ["slope", "intercept"])
def test_a_changed_control_total_is_named(bank: Bank, planted: dict[str, str], column: str) -> None:
    with bank.superuser() as connection:
        connection.execute(f"UPDATE savings_control SET {column} = {column} + 1 WHERE product = 'savings-demand'")
    found_here = [each for each in audit(bank).findings if each.what == f"savings_control.{column}"]
    assert [each.subject.split()[0] for each in found_here] == ["savings-demand"]


def test_interest_payable_that_was_moved_is_named(bank: Bank, planted: dict[str, str]) -> None:
    days(bank, 1)
    with bank.superuser() as connection:
        moved = connection.execute(
            "UPDATE posting SET balance = posting.balance - 7 FROM account WHERE account.id = account_id "
            "AND path = 'liabilities:interest-payable:savings:lump-sum' AND posting.version = account.version"
        )
        assert moved.rowcount == 1
    assert [each.subject for each in audit(bank).findings] == ["liabilities:interest-payable:savings:lump-sum"]


def test_the_command_line_verifies_deposits_alone(
    bank: Bank, planted: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    commanded(monkeypatch, bank.url)
    told = CliRunner().invoke(app, ["verify", "savings"])
    assert told.exit_code == 0, told.output
    assert "savings: 9 deposits" in told.output and "ledger" not in told.output
    assert "savings: 9 deposits" in CliRunner().invoke(app, ["verify"]).output
    with bank.superuser() as connection:
        connection.execute("UPDATE deposit SET balance_days = balance_days + 1 WHERE id = %(demand)s", planted)
    told = CliRunner().invoke(app, ["verify", "savings"])
    assert told.exit_code == 1
    assert f"FOUND deposit.balance_days: {planted['demand']}" in told.output


def test_savers_by_the_thousand_are_clean_and_are_paid(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """In small pieces, so that a quarter's end runs in two rows side by side and the audit in several slices."""
    monkeypatch.setattr(closing, "QUARTER_PIECE", 250)
    monkeypatch.setattr(service, "SLICE", 700)
    city(bank)
    held = fill(bank.kernel, Wanted(3_000, least_minor=10_000, term_percent=10, owners=7))
    assert bank.read(verify_ledger).findings == ()
    assert clean(bank).deposits == 3_000
    with bank.superuser() as connection:
        (kept,) = connection.execute("SELECT sum(balance_minor) FROM deposit").fetchone() or (0,)
    assert kept == held
    until(bank, quarter_end(today(bank)))
    seen = clean(bank)
    assert (seen.deposits, seen.events) == (3_000, 3_000 + 2_700)
    assert bank.read(verify_ledger).findings == ()
