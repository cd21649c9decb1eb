"""What the own book earned in a bank that lived for months: its parts are the books, and two say what money costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from farthing.bank.founding import agreed
from farthing.identity.rules import actor_of
from farthing.kernel.answers import Pending
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.ledger.profit import service as profit
from farthing.lending import service as lending
from farthing.lending.entries import principal_account
from farthing.lending.spread import service as spread
from farthing.lending.spread.model import SetInternalRates
from tests.lending.house import House
from tests.lending.prudence.test_month import DECEMBER, JANUARY, after


def a_quarter(house: House) -> None:
    """A loan of which two instalments are drawn on their days."""
    house.active("5000")
    house.wait(after(JANUARY))


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    opened = House(database_url, lived=a_quarter)
    yield opened
    opened.bank.kernel.database.close()


def result(house: House, since: date, until: date) -> int:
    """The profit of the books between two days, from two trial balances."""

    def reached(on: date) -> int:
        lines = house.bank.kernel.ask(ledger.trial_balance, on=on).lines
        return -sum(amount.minor for path, amount in lines if path.startswith(("income:", "expenses:")))

    return reached(until) - reached(since - timedelta(days=1))


def test_the_parts_are_the_profit_of_the_books_in_every_period(house: House) -> None:
    first = house.bank.kernel.clock().business_date - timedelta(days=66)
    for since, until in (
        (first, JANUARY), (DECEMBER.replace(day=1), DECEMBER), (JANUARY.replace(day=1), JANUARY), (DECEMBER, DECEMBER),
    ):  # fmt: skip
        report = house.bank.kernel.ask(spread.spread, since=since, until=until)
        assert report.days == (until - since).days + 1
        (found,) = report.currencies
        parts = found.spread.minor + found.transferred.minor + sum(each.amount.minor for each in found.apart)
        assert parts == found.profit.minor == result(house, since, until)


def test_a_loan_is_charged_for_every_day_at_the_rate_of_its_term(house: House) -> None:
    loan = house.bank.read(lending.all_loans)[0]
    report = house.bank.kernel.ask(spread.spread)
    assert (report.since, report.until) == (JANUARY.replace(day=1), JANUARY), "the month that ended last"
    (found,) = report.currencies
    (line,) = found.lines
    assert (line.term, line.annual, line.loans) == ("6m", Decimal("0.0130"), 1) and found.priced
    account = principal_account(loan)
    days = [JANUARY.replace(day=1) + timedelta(days=each) for each in range(31)]
    held = sum(house.bank.kernel.ask(ledger.balance, account, effective_on=day).balance.minor for day in days)
    assert house.bank.read(lambda tx: profit.balance_days(tx, [account], days[0], days[-1])) == {account: held}
    assert line.cost.minor == round(held * Decimal("0.0130") / 365) and line.average.minor == held // 31
    (product,) = found.products
    assert product.funding == line.cost and product.loans == 1 and product.provision.minor != 0
    due = next(each for each in house.loan(loan.id).instalments if each.due_on.month == 1)
    assert product.interest == due.interest, "the instalment that fell due in January, whether or not it was paid"
    assert {each.path for each in found.apart} == {"expenses:credit-losses:reserve"} or not found.apart


def test_two_persons_say_what_money_costs_from_a_day_that_is_still_to_come(house: House) -> None:
    bank, today = house.bank, house.today
    (standing,) = bank.kernel.ask(spread.internal_rates)
    assert standing.effective_on == date(2015, 10, 24) and dict(standing.terms)["1y"] == Decimal("0.0150")
    assert "PBOC" in standing.source and "人民银行" in standing.source_zh
    wanted = SetInternalRates(
        "CNY", today + timedelta(days=1), "0.0040", {"1y": "1.60%", "3m": "0.012"}, "committee of today"
    )
    assert isinstance(bank.run(spread.set_internal_rates, wanted, actor=actor_of("risk:one", "risk", None)), Pending)
    agreed(bank.kernel, spread.set_internal_rates, wanted)
    latest = bank.kernel.ask(spread.internal_rates, "CNY")[-1]
    assert [str(term) for term, _ in latest.terms] == ["3m", "1y"] and latest.source_zh == "committee of today"
    before = bank.kernel.ask(spread.spread)
    for on in (today, today + timedelta(days=1)):
        with pytest.raises(Refusal) as refused:
            agreed(bank.kernel, spread.set_internal_rates, SetInternalRates("CNY", on, "0.9", {}, "too late"))
        assert refused.value.code == "lending.internal_rates_in_force"
    with pytest.raises(Refusal) as refused:
        agreed(
            bank.kernel, spread.set_internal_rates, SetInternalRates("CNY", today + timedelta(days=9), "9", {}, "much")
        )
    assert refused.value.code == "savings.bad_rate"
    assert bank.kernel.ask(spread.spread) == before, "what was charged stays"


def test_who_sets_rates_is_shown_those_and_a_term_has_one(house: House) -> None:
    bank, soon = house.bank, house.today + timedelta(days=9)
    set_for = lambda on, terms: agreed(  # noqa: E731
        bank.kernel, spread.set_internal_rates, SetInternalRates("CNY", on, "0.004", terms, "committee")
    )
    set_for(date(9999, 12, 31), {"1y": "0.05"})
    made = set_for(soon, {"1y": "0.02"})
    assert (made["effective_on"], made["terms"]) == (soon.isoformat(), [["1y", "0.02"]])
    with pytest.raises(Refusal) as refused:
        set_for(soon + timedelta(days=1), {"1y": "0.02", "12m": "0.03"})
    assert refused.value.code == "savings.term_twice"


@pytest.mark.parametrize(("since", "until"), [(1, 0), (-400, 0), (0, 1)])
def test_a_period_is_in_order_not_too_long_and_over(house: House, since: int, until: int) -> None:
    days = [house.today + timedelta(days=each) for each in (since, until)]
    with pytest.raises(Refusal) as refused:
        house.bank.kernel.ask(spread.spread, since=days[0], until=days[1])
    assert refused.value.code == "lending.period_refused"
