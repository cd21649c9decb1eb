"""Refusals about the marketplace."""

from __future__ import annotations

import re

from farthing.bank.founding import agreed
from farthing.funding.market import batches_service as batches
from farthing.funding.market import lenders_service as lenders
from farthing.funding.market import listings_service as listings
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market.batches_model import BatchStep
from farthing.funding.market.lenders_model import Answer, SimulateLoss, TakeTest
from farthing.funding.market.mandates_model import StopMandate
from farthing.funding.resale import service as resale
from farthing.funding.resale.model import StopSale
from farthing.lending.shelf import service as loan_shelf
from farthing.products import service as products
from farthing.products.model import Publish
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.funding.market.lenders import answers, simulation, yuan
from tests.hands import law
from tests.parties.people import register_person


@reproduces("market.none")
def lending_where_there_is_no_marketplace(bank: Bank) -> None:
    pack = (products.ROOT / "policies" / "cn.toml").read_text(encoding="utf-8")
    without = re.sub(r"(?ms)^\[marketplace\b.*?(?=^\[+(?!marketplace))", "", pack)
    silent = without.replace('"CNY"', '"CNY"\nno_limit = ["marketplace"]', 1)
    agreed(bank.kernel, loan_shelf.publish, Publish("policy", silent))
    bank.run(lenders.take_test, TakeTest(register_person(bank).id, answers()))


@reproduces("market.test_too_soon")
def taking_a_test_twice_a_day(bank: Bank) -> None:
    law(bank)
    party = register_person(bank)
    bank.run(lenders.take_test, TakeTest(party.id, answers(wrong=12)))
    bank.run(lenders.take_test, TakeTest(party.id, answers()))


@reproduces("market.test_answered_twice")
def answering_a_question_twice(bank: Bank) -> None:
    law(bank)
    bank.run(lenders.take_test, TakeTest(register_person(bank).id, (*answers(), answers()[0])))


@reproduces("market.test_not_answered")
def leaving_a_question_out(bank: Bank) -> None:
    law(bank)
    bank.run(lenders.take_test, TakeTest(register_person(bank).id, answers()[1:]))


@reproduces("market.test_no_question")
def answering_what_nobody_asked(bank: Bank) -> None:
    law(bank)
    bank.run(lenders.take_test, TakeTest(register_person(bank).id, (*answers(), Answer("weather", "a"))))


@reproduces("market.figure_negative")
def earning_less_than_nothing(bank: Bank) -> None:
    law(bank)
    party = register_person(bank)
    bank.run(lenders.simulate_loss, SimulateLoss(party.id, yuan("1"), 1, "A", yuan("-1"), yuan("0"), yuan("0")))


@reproduces("market.unknown_grade")
def a_grade_that_is_not_on_the_curve(bank: Bank) -> None:
    law(bank)
    command = simulation(register_person(bank))
    bank.run(lenders.simulate_loss, SimulateLoss(command.party_id, yuan("1"), 1, "Z", yuan("1"), yuan("0"), yuan("0")))


@reproduces("market.unknown_mandate")
def stopping_a_mandate_that_is_not_there(bank: Bank) -> None:
    bank.run(mandates.stop_mandate, StopMandate("mandate_nothing"))


@reproduces("market.unknown_listing")
def picking_of_a_listing_that_is_not_there(bank: Bank) -> None:
    law(bank)
    bank.read(lambda tx: listings.listing(tx, "listing_nothing"))


@reproduces("market.unknown_sale")
def stopping_a_sale_that_is_not_there(bank: Bank) -> None:
    law(bank)
    bank.run(resale.stop_sale, StopSale("sale_nothing"))


@reproduces("market.unknown_batch")
def a_batch_that_is_not_there(bank: Bank) -> None:
    bank.run(batches.fill, BatchStep("batch_nothing"))
