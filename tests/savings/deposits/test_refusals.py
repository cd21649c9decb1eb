"""What the bank refuses of a deposit, by its code; and nothing moves, nothing is kept, the books stay whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from farthing.bank import founding
from farthing.kernel import approvals, calendar
from farthing.kernel.approvals import Decide
from farthing.kernel.calendar import DeclareHolidays
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.ledger.audit.service import verify
from farthing.products.model import Publish
from farthing.products.service import ROOT
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CloseDeposit, Notify, OpenDeposit, PayIn, Renew, Withdraw
from farthing.savings.shelf import service as catalogue
from farthing.savings.shelf.model import PublishRates
from tests.conftest import Bank
from tests.savings.deposits.saver import days, found, opened, saver, today, wallet, yuan

Step = tuple[Callable[..., Any], Any]


def published(bank: Bank, name: str, **changes: str) -> str:
    """A product of one's own: a shipped file with some lines changed."""
    lines = (ROOT / "products" / "savings-lump-sum.toml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.partition(" ")[0] not in changes]
    at = kept.index("[roles]")
    source = "\n".join([*kept[:at], *(f"{key} = {value}" for key, value in changes.items()), *kept[at:]])
    founding.agreed(bank.kernel, catalogue.publish, Publish(name, source))
    return name


def below_minimum(bank: Bank, party: str) -> Step:
    return deposits.open_deposit, OpenDeposit(party, "savings-lump-sum", yuan("49.99"), term="1y")


def over_balance(bank: Bank, party: str) -> Step:
    deposit = opened(bank, party, "demand", "100.00").deposit.id
    return deposits.withdraw, Withdraw(deposit, yuan("100.01"))


def before_term(bank: Bank, party: str) -> Step:
    return deposits.renew, Renew(opened(bank, party, "lump-sum", "100.00", term="3m").deposit.id)


def early_refused(bank: Bank, party: str) -> Step:
    product = published(bank, "savings-locked", early='"refused"')
    made = bank.run(deposits.open_deposit, OpenDeposit(party, product, yuan("100.00"), term="3m"))
    return deposits.close, CloseDeposit(made.deposit.id)


def notice_twice(bank: Bank, party: str) -> Step:
    deposit = opened(bank, party, "notice", "50000.00", notice="7d").deposit.id
    bank.run(deposits.notify, Notify(deposit, yuan("50000.00")))
    return deposits.notify, Notify(deposit, yuan("50000.00"))


def holiday(bank: Bank, party: str) -> Step:
    product = published(bank, "savings-weekdays", value_dates='"business_days"')
    founding.agreed(bank.kernel, calendar.declare_holidays, DeclareHolidays((today(bank) + timedelta(days=1),)))
    days(bank, 1)
    return deposits.open_deposit, OpenDeposit(party, product, yuan("100.00"), term="3m")


def product_changed(bank: Bank, party: str) -> Step:
    """Terms were changed since the customer read them: what she saw is version 1, what is in force is version 2."""
    opened(bank, party, "lump-sum", "100.00", term="3m")
    published(bank, "savings-lump-sum", version="2", minimum='"60.00"')
    wanted = OpenDeposit(party, "savings-lump-sum", yuan("55.00"), term="3m", product_version=1)
    return deposits.open_deposit, wanted


def poor(bank: Bank, party: str) -> Step:
    return deposits.open_deposit, OpenDeposit(party, "savings-demand", yuan("100000.01"))


def rates(bank: Bank, first: int, demand: str | None = "0.30%", until: int | None = None) -> PublishRates:
    lump = {"3m": "1.80%", "1y": "2.20%"}
    last = None if until is None else today(bank) + timedelta(days=until)
    return PublishRates("retail", today(bank) + timedelta(days=first), demand, lump, until_on=last)


def agreed(bank: Bank, command: PublishRates) -> None:
    waiting = bank.run(catalogue.publish_rates, command)
    second = Actor("second", frozenset({"*"}))
    bank.run(approvals.decide, Decide(waiting.approval_id, approve=True), actor=second)


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("savings.below_minimum", below_minimum),
        ("savings.over_balance", over_balance),
        ("savings.before_term", before_term),
        ("savings.before_term", early_refused),
        ("savings.notice_twice", notice_twice),
        ("savings.holiday_value_date", holiday),
        ("savings.product_changed", product_changed),
        ("ledger.insufficient_funds", poor),
    ],
)
def test_refused_and_nothing_moves(bank: Bank, code: str, asked: Callable[[Bank, str], Step]) -> None:
    party = saver(found(bank))
    function, command = asked(bank, party)
    before = wallet(bank, party), bank.read(lambda tx: passbook.deposits(tx, party))
    for attempt in (lambda: bank.run(function, command), lambda: bank.kernel.preview(function, command)):
        with pytest.raises(Refusal) as caught:
            attempt()
        assert caught.value.code == code
        assert caught.value.detail_zh
    assert (wallet(bank, party), bank.read(lambda tx: passbook.deposits(tx, party))) == before
    assert not bank.read(verify).findings


def test_a_live_deposit_keeps_its_terms(bank: Bank) -> None:
    """A product that is changed under a live deposit changes nothing for it."""
    party = saver(found(bank))
    kept = opened(bank, party, "lump-sum", "55.00", term="3m").deposit
    published(bank, "savings-lump-sum", version="2", minimum='"60.00"')
    days(bank, 2)
    assert bank.read(lambda tx: passbook.deposit(tx, kept.id)).version == 1
    drawn = bank.run(deposits.withdraw, Withdraw(kept.id, yuan("5.00")))
    assert drawn.deposit.balance == yuan("50.00")
    with pytest.raises(Refusal) as caught:
        bank.run(deposits.withdraw, Withdraw(kept.id, yuan("0.01")))
    assert caught.value.code == "savings.remainder_below_minimum"


def test_a_board_with_a_hole_is_refused_before_it_hurts(bank: Bank) -> None:
    party = saver(found(bank))
    deposit = opened(bank, party, "demand", "100.00").deposit.id
    agreed(bank, rates(bank, 1, until=3))
    for first, code in ((5, "savings.rate_board_gap"), (3, "savings.rate_board_overlap")):
        with pytest.raises(Refusal) as caught:
            bank.kernel.preview(catalogue.publish_rates, rates(bank, first))
        assert caught.value.code == code
    with pytest.raises(Refusal) as caught:
        bank.kernel.preview(catalogue.publish_rates, rates(bank, 4, demand=None))
    assert caught.value.code == "savings.rate_not_quoted"
    agreed(bank, rates(bank, 4))
    days(bank, 5)
    assert bank.run(deposits.pay_in, PayIn(deposit, yuan("1.00"))).deposit.balance == yuan("101.00")


def test_a_deposit_that_tomorrows_board_does_not_quote_is_refused_today(bank: Bank) -> None:
    """Else the close of the day could not tell what it earns, and no day could be closed any more."""
    party = saver(found(bank, "sandbox"))
    agreed(bank, rates(bank, 1))
    with pytest.raises(Refusal) as caught:
        opened(bank, party, "rolling-grassroots", "1.00")
    assert caught.value.code == "savings.rate_not_quoted"
    days(bank, 2)
