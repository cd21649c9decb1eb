"""The shelf of a ``cn`` bank is lawful and of today: what it sells, what its law refuses and why, and its books hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from farthing.bank.founding import agreed, found_savings
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending.shelf import service as loan_shelf
from farthing.products import service as products
from farthing.products.library import own_library
from farthing.products.model import Publish
from farthing.products.policy import check_terms
from farthing.savings.audit.service import verify
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CloseDeposit, Notify
from farthing.savings.shelf import service as catalogue
from farthing.savings.shelf.model import EarlierRates, PublishRates
from tests.conftest import Bank
from tests.hands import law, sandbox
from tests.savings.deposits.saver import days, opened, saver, today, until, wallet, yuan

LIBRARY = own_library()
ROOT = products.ROOT / "products"
LAWFUL = {
    "demand": {},
    "lump-sum": {"term": "3m", "renewal": "principal_and_interest"},
    "instalment": {"term": "1y", "collect": True},
    "lump-in-instalments-out": {"term": "1y", "every": "1m"},
    "interest-drawn": {"term": "1y", "every": "1m"},
    "time-or-demand": {},
    "notice": {"notice": "7d"},
}
"""Every product of the shelf of today, with what is agreed."""
STOPPED = ("savings-rolling", "savings-rolling-grassroots", "savings-notice-grassroots", "savings-tiered")


def source(product: str) -> str:
    return (ROOT / f"{product}.toml").read_text("utf-8")


def of_today(bank: Bank) -> Bank:
    """A ``cn`` bank with the shelf and the rates that come with the program."""
    bank.begin("the shelf of today", _shelve)
    return bank


def _shelve(bank: Bank) -> None:
    law(bank)
    found_savings(bank.kernel, "cn")


def test_a_bank_of_today_sells_what_is_lawful(bank: Bank) -> None:
    of_today(bank)
    shelf = {each.product: each for each in bank.read(catalogue.on_offer)}
    assert set(shelf) == {f"savings-{name}" for name in LAWFUL}
    assert shelf["savings-notice"].minimum == yuan("50000.00")
    assert "principal_and_interest" in shelf["savings-lump-sum"].renewals, "renewal that was agreed to is lawful"
    assert {each.term: each.annual for each in shelf["savings-lump-sum"].rates}["1y"] == Decimal("0.0095")
    assert shelf["savings-demand"].demand_rate == Decimal("0.0005")


def test_its_board_shows_2015_and_today(bank: Bank) -> None:
    board = of_today(bank).read(catalogue.board_view)
    assert [(each.effective_on, each.in_force) for each in board.editions] == [
        (date(2025, 5, 20), True),
        (date(2015, 6, 28), False),
    ]
    known = bank.read(catalogue.board)
    assert [known.demand(day) for day in (date(2025, 5, 19), date(2025, 5, 20))] == [
        Decimal("0.0035"),
        Decimal("0.0005"),
    ]


@pytest.mark.parametrize(
    ("product", "code", "article"),
    [
        ("savings-tiered", "savings.refused_by_policy", "2019"),
        ("savings-rolling", "savings.refused_by_policy", "15 May 2024"),
        ("savings-rolling-grassroots", "savings.refused_by_policy", "15 May 2024"),
        ("savings-notice-grassroots", "savings.less_than_policy", "[1999] 3"),
    ],
)
def test_what_was_stopped_is_refused_with_its_article(bank: Bank, product: str, code: str, article: str) -> None:
    of_today(bank)
    with pytest.raises(Refusal) as caught:
        bank.kernel.preview(catalogue.publish, Publish(product, source(product)))
    assert caught.value.code == code
    assert article in caught.value.detail and article[-4:] in caught.value.detail_zh.replace("〔1999〕3", "[1999] 3")


def test_a_least_sum_counts_at_a_draw_too_and_in_its_own_currency_alone() -> None:
    cn, terms = LIBRARY.policy("cn"), LIBRARY.terms("notice")
    check_terms(cn, terms)
    with pytest.raises(Refusal) as caught:
        check_terms(cn, replace(terms, minimum_draw=yuan("49999.99")))
    assert "minimum_draw" in caught.value.detail
    dollars = Money.parse("5000.00", "USD")
    check_terms(cn, replace(terms, currency="USD", minimum=dollars, minimum_draw=dollars))


def test_the_page_of_the_policy_is_told_what_is_refused_and_since_when(bank: Bank) -> None:
    told = of_today(bank).read(catalogue.not_allowed)
    assert [(each.field, each.since_on) for each in told] == [
        ("early", date(2019, 12, 17)),
        ("method", date(2024, 5, 15)),
        ("minimum", None),
    ]
    assert told[0].name.zh == "提前支取靠档计息" and "¥50,000.00" in told[2].reason.zh
    assert all(each.article.en and each.article.zh and each.reason.zh for each in told)
    sandbox(bank)
    assert bank.read(catalogue.not_allowed) == []


def test_what_the_sandbox_sold_is_offered_no_more_once_the_law_refuses_it(bank: Bank) -> None:
    law(bank, "sandbox")
    found_savings(bank.kernel, "sandbox")
    party = saver(bank)
    kept = opened(bank, party, "rolling", "1000.00").deposit.id
    assert set(STOPPED) <= {each.product for each in bank.read(catalogue.on_offer)}
    agreed(bank.kernel, loan_shelf.publish, products.shipped("cn")[0])
    assert not set(STOPPED) & {each.product for each in bank.read(catalogue.on_offer)}
    with pytest.raises(Refusal) as caught:
        opened(bank, party, "rolling", "1000.00")
    assert caught.value.code == "savings.refused_by_policy"
    days(bank, 8)
    assert bank.run(deposits.close, CloseDeposit(kept)).paid_out == yuan("1000.06")  # 1,000.00 x 7 days x 0.30% / 360


def test_earlier_rates_are_for_a_board_that_has_none(bank: Bank) -> None:
    of_today(bank)
    tomorrow = today(bank) + timedelta(days=1)
    late = PublishRates("retail", tomorrow, "0.05%", earlier=(EarlierRates(tomorrow + timedelta(days=1), "0.05%"),))
    with pytest.raises(Refusal) as caught:
        bank.kernel.preview(catalogue.publish_rates, late)
    assert caught.value.code == "savings.rates_in_force"
    twice = PublishRates("other", tomorrow, "0.05%", earlier=(EarlierRates(tomorrow, "0.05%"),))
    with pytest.raises(Refusal) as caught:
        bank.kernel.preview(catalogue.publish_rates, twice)
    assert caught.value.code == "savings.rate_board_overlap"


@pytest.mark.long
def test_its_days_are_closed_and_its_books_hold(bank: Bank) -> None:
    """Every product of the shelf over a quarter end and a term of three months, verified on the way."""
    of_today(bank)
    party = saver(bank, 1, "900000.00")
    start = today(bank)
    made = {name: opened(bank, party, name, "50000.00" if name == "notice" else "6000.00", **terms).deposit.id
            for name, terms in LAWFUL.items()}  # fmt: skip
    days(bank, 5)
    assert not bank.read(verify).findings
    bank.run(deposits.notify, Notify(made["notice"], yuan("50000.00")))
    days(bank, 7)
    drawn = bank.run(deposits.close, CloseDeposit(made["notice"]))
    assert (drawn.interest, drawn.payments[0].rule) == (yuan("5.00"), "notice_kept")  # 50,000 x 12 days x 0.30% / 360
    until(bank, start + timedelta(days=95))
    assert not bank.read(verify).findings
    renewed = bank.read(lambda tx: passbook.deposit(tx, made["lump-sum"]))
    assert renewed.balance == yuan("6009.75")  # 6,000.00 x 0.65% x 3/12
    before = wallet(bank, party)
    closed = bank.run(deposits.close, CloseDeposit(made["time-or-demand"]))
    assert closed.payments[0].annual_rate == Decimal("0.0039")  # 60% of 0.65%
    assert wallet(bank, party) == before + yuan("6000.00") + closed.interest
    days(bank, 1)
    assert not bank.read(verify).findings
