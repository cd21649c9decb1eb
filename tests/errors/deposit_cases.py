"""Refusals of deposits in the bank: whose, from where, when, and what is published for them."""

from __future__ import annotations

from datetime import date, timedelta

from farthing.bank.founding import agreed
from farthing.kernel import calendar
from farthing.kernel.calendar import DeclareHolidays
from farthing.kernel.day import CloseStep
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger.chart import counter_path
from farthing.parties import service as parties
from farthing.products.model import Publish
from farthing.products.service import ROOT
from farthing.savings.deposits import day_service as closing
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import OpenDeposit, PayIn, Withdraw
from farthing.savings.fund import founding_service as funds
from farthing.savings.passbooks import service as passbooks
from farthing.savings.passbooks.model import PAGES, ROWS, PrintPassbook
from farthing.savings.shelf import service as catalogue
from farthing.savings.shelf.model import PublishRates
from farthing.savings.sweeps import service as odds
from farthing.savings.sweeps.model import EndSweep, JoinGroup, SetSweep, StartGroup
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.hands import city
from tests.parties.people import lin_mei, register_person, resident_id
from tests.payments.drawers import drawer
from tests.savings.deposits.saver import days, found, opened, saver, today, yuan


def demand(bank: Bank) -> str:
    """A demand deposit of one hundred yuan in a bank that takes deposits."""
    deposit: str = opened(found(bank), saver(bank), "demand", "100.00").deposit.id
    return deposit


@reproduces("savings.bad_place")
def bad_place(bank: Bank) -> None:
    bank.run(deposits.pay_in, PayIn(demand(bank), yuan("1.00"), "mattress"))


@reproduces("savings.passbook_up_to_date")
def passbook_up_to_date(bank: Bank) -> None:
    asked = PrintPassbook(demand(bank))
    bank.run(passbooks.print_passbook, asked)
    bank.run(passbooks.print_passbook, asked)


@reproduces("savings.passbook_full")
def passbook_full(bank: Bank) -> None:
    asked = PrintPassbook(demand(bank))
    bank.run(passbooks.print_passbook, asked)
    with bank.superuser() as connection:
        connection.execute("UPDATE passbook_print SET first_row = %s", (ROWS * PAGES,))
    bank.run(passbooks.print_passbook, asked)


@reproduces("ledger.bad_counter")
def bad_counter() -> None:
    counter_path("east:1", "CNY", "CNY")


@reproduces("savings.collect_needs_instalments")
def collect_needs_instalments(bank: Bank) -> None:
    opened(found(bank), saver(bank), "demand", "1.00", collect=True)


@reproduces("savings.needs_wallet")
def needs_wallet(bank: Bank) -> None:
    party = register_person(found(bank)).id
    drawer(bank)
    bank.run(deposits.open_deposit, OpenDeposit(party, "savings-demand", yuan("1.00"), source="counter"))


@reproduces("savings.day_closing")
def day_closing(bank: Bank) -> None:
    """The close of the day has carried the deposit into tomorrow, and the bank's date has not moved yet."""
    deposit = opened(found(bank, "sandbox"), saver(bank), "rolling-grassroots", "1.00").deposit.id
    days(bank, 6)
    bank.run(closing.fall_due, CloseStep(today(bank)))
    bank.run(deposits.withdraw, Withdraw(deposit, yuan("1.00")))


@reproduces("savings.bad_period")
def bad_period(bank: Bank) -> None:
    deposit = demand(bank)
    tomorrow = today(bank) + timedelta(days=1)
    bank.read(lambda tx: passbook.statement(tx, deposit, None, tomorrow))


@reproduces("savings.before_opening")
def before_opening(bank: Bank) -> None:
    deposit = demand(bank)
    yesterday = today(bank) - timedelta(days=1)
    bank.read(lambda tx: passbook.worth(tx, deposit, yesterday))


@reproduces("savings.not_a_deposit")
def not_a_deposit(bank: Bank) -> None:
    fund = (ROOT / "products" / "savings-baby.toml").read_text(encoding="utf-8")
    agreed(bank.kernel, catalogue.publish, Publish("savings-baby", fund))


@reproduces("savings.holiday_passed")
def holiday_passed(bank: Bank) -> None:
    bank.run(calendar.declare_holidays, DeclareHolidays((today(bank),)))


@reproduces("savings.accounts_pinned")
def accounts_pinned(bank: Bank) -> None:
    demand(bank)
    source = (ROOT / "products" / "savings-demand.toml").read_text(encoding="utf-8")
    agreed(
        bank.kernel,
        catalogue.publish,
        Publish("savings-demand", source.replace('"liabilities:savings"', '"liabilities:other"')),
    )


@reproduces("savings.rates_in_force")
def rates_in_force(bank: Bank) -> None:
    found(bank)
    bank.run(catalogue.publish_rates, PublishRates("retail", bank.kernel.clock().business_date, "0.35%"))


@reproduces("parties.several")
def several(bank: Bank) -> None:
    bank.run(parties.register, lin_mei())
    bank.run(parties.register, lin_mei(name="林强", resident_id=resident_id(date(1970, 1, 1), "001")))
    bank.read(lambda tx: parties.the_party(tx, "138 1234 5678"))


@reproduces("savings.sweep_currency")
def sweep_currency(bank: Bank) -> None:
    party = saver(found(bank))
    deposit = opened(bank, party, "demand", "1.00").deposit.id
    bank.run(odds.set_sweep, SetSweep(party, "round_up", Money(100, "USD"), deposit))


@reproduces("savings.unknown_sweep_rule")
def unknown_sweep_rule(bank: Bank) -> None:
    bank.run(odds.end_sweep, EndSweep("sweep_nothing"))


@reproduces("savings.group_until")
def group_until(bank: Bank) -> None:
    name = Words("Village term", "村里定期")
    started = StartGroup(name, "savings-lump-sum", "1y", yuan("1000.00"), today(found(bank)), "retail")
    bank.run(odds.start_group, started)


@reproduces("savings.unknown_group")
def unknown_group(bank: Bank) -> None:
    bank.run(odds.join_group, JoinGroup("group_nothing", saver(found(bank)), yuan("1.00")))


@reproduces("savings.fund_no_day")
def fund_no_day(bank: Bank) -> None:
    city(bank)
    bank.read(lambda tx: funds.day(tx, "savings-baby", tx.business_date))
