"""What a product says of itself is built from its terms: what it is, what it gives, what insures it, what leaving costs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.products.deposit import EARLY_WAYS, InstalmentTerms, LumpTerms
from farthing.products.library import own_library
from farthing.products.rates import Term
from farthing.savings.rules import behaviour
from farthing.savings.rules.telling import Telling, length, lengths
from farthing.savings.shelf import rules
from farthing.savings.shelf import service as catalogue
from tests.conftest import Bank
from tests.savings.deposits.saver import found

LIBRARY = own_library()
ASCII_BY_HAN = re.compile(r"[\u4e00-\u9fff][,.;:()]|[,;:()][\u4e00-\u9fff]")


def telling(name: str) -> Telling:
    terms = LIBRARY.terms(name)
    return behaviour(terms).told(terms)


@pytest.mark.parametrize("name", LIBRARY.kinds("deposit"))
def test_every_product_says_what_it_is_how_it_ends_and_what_leaving_costs(name: str) -> None:
    told = telling(name)
    for words in (told.what, told.ends, told.leaving):
        assert words.en.endswith(".") and words.zh.endswith("。")
        assert not ASCII_BY_HAN.search(words.zh) and "_" not in words.en + words.zh


def test_lengths_are_said_as_people_say_them() -> None:
    assert (length(Term(days=7)).en, length(Term(months=3)).zh, length(Term(months=12)).en) == (
        "7 days",
        "3 个月",
        "1 year",
    )
    three = lengths([Term(months=3), Term(months=6), Term(months=24)])
    assert (three.en, three.zh) == ("3 months, 6 months or 2 years", "3 个月、6 个月或 2 年")


def test_leaving_early_is_told_as_the_terms_say_it() -> None:
    terms = LIBRARY.terms("lump-sum")
    assert isinstance(terms, LumpTerms)
    told = {way: behaviour(terms).told(replace(terms, early=way)).leaving for way in EARLY_WAYS}
    assert len(set(told.values())) == len(EARLY_WAYS)
    assert "demand rate of that day" in told["demand"].en and "按支取日活期利率" in told["demand"].zh
    assert "2 times" in behaviour(terms).told(replace(terms, part_withdrawals=2)).leaving.en
    assert "renewed" not in behaviour(terms).told(replace(terms, renewals=("none",))).ends.en


def test_a_missed_month_is_told_as_the_terms_say_it() -> None:
    terms = LIBRARY.terms("instalment")
    assert isinstance(terms, InstalmentTerms)
    told = [behaviour(terms).told(replace(terms, make_ups=often)).what.en for often in (None, 0, 1, 2)]
    assert ["Each missed" in told[0], "cannot" in told[1], "once;" in told[2], "2 times" in told[3]] == [True] * 4


def test_a_notice_deposit_says_its_least_sums() -> None:
    told = telling("notice")
    assert "CNY 50,000.00" in told.what.en and "¥50,000.00" in told.leaving.zh
    assert "CNY 1.00" in telling("notice-grassroots").what.en


def test_an_offer_says_what_insures_it_and_what_early_money_earns() -> None:
    terms, on = LIBRARY.terms("lump-sum"), date(2015, 7, 1)
    board, cn = LIBRARY.board("boc-2015-06-28"), LIBRARY.policy("cn").insurance
    offer = rules.offered(terms, board, on, cn)
    assert (offer.insured, offer.insured_to) == (True, Money.parse("500000.00", "CNY"))
    assert offer.demand_rate == Decimal("0.0035")
    assert rules.offered(terms, board, on, None).insured_to is None
    assert rules.offered(replace(terms, insured=False), board, on, cn).insured_to is None


def test_one_product_is_asked_by_its_name(bank: Bank) -> None:
    found(bank)
    offer = bank.read(lambda tx: catalogue.offer_of(tx, "savings-notice"))
    assert (offer.what, offer.leaving) == (telling("notice").what, telling("notice").leaving)
    assert offer in bank.read(catalogue.on_offer)
    with pytest.raises(Refusal) as caught:
        bank.read(lambda tx: catalogue.offer_of(tx, "savings-baby"))
    assert caught.value.code == "savings.not_a_deposit"
