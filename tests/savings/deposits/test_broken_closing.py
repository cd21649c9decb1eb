"""Days that could not be closed, or closed twice: found by trying to break the savings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from farthing.bank.founding import agreed
from farthing.kernel.day import close_day
from farthing.kit.actor import Actor
from farthing.kit.calendar import add_months
from farthing.kit.errors import Refusal
from farthing.products.model import Publish
from farthing.products.service import ROOT
from farthing.savings.audit.service import verify
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CloseDeposit, OpenDeposit, Withdraw
from farthing.savings.shelf import service as catalogue
from farthing.savings.shelf.model import PublishRates
from tests.conftest import Bank
from tests.hands import law
from tests.savings.deposits.saver import days, found, opened, refused, saver, today, until, yuan

OPERATOR = Actor("operator", frozenset({"*"}))


def quarter_end(day: date) -> date:
    """The first day on which interest is settled after another."""
    return min(
        settled
        for year in (day.year, day.year + 1)
        for month in (3, 6, 9, 12)
        if (settled := date(year, month, 21)) > day
    )


def rates(bank: Bank, board: str, effective_on: date, **quoted: object) -> None:
    agreed(bank.kernel, catalogue.publish_rates, PublishRates(board, effective_on, **quoted))  # type: ignore[arg-type]


def refused_rates(bank: Bank, command: PublishRates) -> str:
    with pytest.raises(Refusal) as caught:
        bank.kernel.preview(catalogue.publish_rates, command)
    return caught.value.code


def clean(bank: Bank) -> None:
    assert bank.read(verify).findings == ()


def test_a_board_without_a_demand_rate_does_not_stop_a_quarter_end(bank: Bank) -> None:
    opened(bank, saver(found(bank)), "demand", "1000.00")
    rates(bank, "together", today(bank), lump={"3m": "2%"})
    until(bank, quarter_end(today(bank)))
    clean(bank)


def test_a_board_that_has_ended_does_not_stop_a_quarter_end(bank: Bank) -> None:
    opened(bank, saver(found(bank)), "demand", "1000.00")
    rates(bank, "together", today(bank), demand="0.35%", until_on=today(bank) + timedelta(days=2))
    until(bank, quarter_end(today(bank)))
    clean(bank)


def test_a_board_that_ends_stops_the_close_until_it_goes_on(bank: Bank) -> None:
    last = today(found(bank, "sandbox")) + timedelta(days=6)
    quoted: dict[str, Any] = {"demand": "0.35%", "lump": {"3m": "2%"}, "call": {"7d": "1%", "1d": "1%"}}
    rates(bank, "retail", today(bank) + timedelta(days=1), until_on=last, **quoted)
    opened(bank, saver(bank), "rolling-grassroots", "1000.00")
    until(bank, last)
    with pytest.raises(Refusal) as caught:
        close_day(bank.kernel)
    assert caught.value.code == "savings.rate_board_gap"
    rates(bank, "retail", last + timedelta(days=1), **quoted)
    days(bank, 2)
    clean(bank)


@pytest.mark.long
def test_a_renewal_whose_term_is_quoted_no_more_does_not_stop_the_close(bank: Bank) -> None:
    party = saver(found(bank))
    opened(bank, party, "lump-sum", "1000.00", term="3m", renewal="principal")
    day = today(bank) + timedelta(days=1)
    without = PublishRates("retail", day, "0.35%", {"1y": "2%"})
    assert refused_rates(bank, without) == "savings.rate_not_quoted"
    assert refused_rates(bank, PublishRates("retail", day, None, {"3m": "2%"})) == "savings.rate_not_quoted"
    rates(bank, "retail", day, demand="0.35%", lump={"3m": "2%"})
    until(bank, add_months(today(bank), 3) + timedelta(days=2))
    clean(bank)


@pytest.mark.long
def test_a_term_that_is_quoted_no_more_soon_is_not_opened_with_renewal(bank: Bank) -> None:
    party = saver(found(bank))
    rates(bank, "retail", today(bank) + timedelta(days=1), demand="0.35%", lump={"1y": "2%"}, call={"7d": "1%"})
    command = OpenDeposit(party, "savings-lump-sum", yuan("1000.00"), term="3m", renewal="principal")
    assert refused(bank, deposits.open_deposit, command) == "savings.rate_not_quoted"
    opened(bank, party, "lump-sum", "1000.00", term="3m")
    until(bank, add_months(today(bank), 3) + timedelta(days=2))
    clean(bank)


def test_a_first_board_without_a_demand_rate_does_not_stop_the_close_after_a_maturity(bank: Bank) -> None:
    law(bank)
    for file in catalogue.shipped("CNY"):
        if file.product == "savings-lump-sum":
            agreed(bank.kernel, catalogue.publish, file)
    rates(bank, "retail", today(bank), lump={"3m": "2%"})
    command = OpenDeposit(saver(bank), "savings-lump-sum", yuan("1000.00"), term="3m")
    code = refused(bank, deposits.open_deposit, command)
    assert code == "savings.rate_not_quoted"


def test_a_product_published_again_with_other_roles_does_not_stop_the_close(bank: Bank) -> None:
    party = saver(found(bank))
    done = opened(bank, party, "demand", "1000.00")
    days(bank, 2)
    source = (ROOT / "products" / "savings-demand.toml").read_text(encoding="utf-8")
    other = Publish("savings-demand", source.replace('-payable:savings"', '-payable:other"'))
    assert refused(bank, catalogue.publish, other) == "savings.accounts_pinned"
    agreed(
        bank.kernel,
        catalogue.publish,
        Publish("savings-demand", source.replace('minimum = "1.00"', 'minimum = "2.00"')),
    )
    days(bank, 2)
    bank.run(deposits.close, CloseDeposit(done.deposit.id))
    days(bank, 1)
    clean(bank)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('principal = "liabilities:savings"', 'principal = "assets:savings"'),
        ('interest_payable = "liabilities:', 'interest_payable = "assets:'),
        ('interest_expense = "expenses:', 'interest_expense = "income:'),
    ],
)
def test_a_role_stands_below_its_root(bank: Bank, old: str, new: str) -> None:
    source = (ROOT / "products" / "savings-demand.toml").read_text(encoding="utf-8")
    command = Publish("savings-demand", source.replace(old, new))
    assert refused(found(bank), catalogue.publish, command) == "savings.bad_field"


def test_a_product_published_again_in_another_currency_does_not_stop_the_close(bank: Bank) -> None:
    party = saver(found(bank))
    opened(bank, party, "demand", "1000.00")
    days(bank, 2)
    source = (ROOT / "products" / "savings-demand.toml").read_text(encoding="utf-8")
    other = Publish("savings-demand", source.replace('"CNY"', '"USD"'))
    assert refused(bank, catalogue.publish, other) == "savings.accounts_pinned"
    days(bank, 2)
    clean(bank)


def _a_month_of_a_lump_sum(bank: Bank) -> str:
    lump: str = opened(bank, saver(found(bank)), "lump-sum", "90000.00", term="5y").deposit.id
    days(bank, 30)
    return lump


@pytest.mark.parametrize("stopped", ["savings.settle_quarter", "savings.accrue", "savings.fund_orders"])
def test_a_close_that_one_person_began_is_ended_by_another(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, stopped: str
) -> None:
    lump = bank.begin("a month of a lump sum", _a_month_of_a_lump_sum)
    run, row = bank.kernel.run, bank.kernel.execute_row

    def alone(name: Any, *command: Any, **options: Any) -> Any:
        done = run(name, *command, **options)
        if name == stopped:
            raise KeyboardInterrupt
        return done

    def together(calls: Any, **options: Any) -> Any:
        names = [operation.name for operation, _ in calls]
        upto = names.index(stopped) + 1 if stopped in names else len(names)
        done = row(calls[:upto], **options)
        if stopped in names and len(done) == upto:
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as cut:
        cut.setattr(bank.kernel, "run", alone)
        cut.setattr(bank.kernel, "execute_row", together)
        with pytest.raises(KeyboardInterrupt):
            close_day(bank.kernel, actor=OPERATOR)
    bank.run(deposits.withdraw, Withdraw(lump, yuan("50000.00")))
    on = today(bank)
    assert close_day(bank.kernel).closed == on
    clean(bank)


def test_closing_a_day_needs_its_permission(bank: Bank) -> None:
    with pytest.raises(Refusal) as caught:
        close_day(bank.kernel, actor=Actor("teller", frozenset({"savings:cash"})))
    assert caught.value.code == "kernel.forbidden"
