"""A loan is priced once, by the probability of default of its decision, and is afforded, offered, signed and owed at that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from farthing.bank.founding import agreed
from farthing.cli import app
from farthing.credit import rules as credit_rules
from farthing.credit import service as credit
from farthing.credit.model import ReplayDecision
from farthing.funding import service as funding
from farthing.funding.market import batches_service as batches
from farthing.funding.market.mandates_model import Terms
from farthing.kernel.day import close_day
from farthing.kit.errors import Refusal
from farthing.kit.rates import percent
from farthing.lending.offering import service as offering
from farthing.lending.offering.plan import build, plan_of
from farthing.lending.shelf import service as shelf
from farthing.products import by_default
from farthing.products import service as products
from farthing.products.model import Publish, RateStep
from tests.banks import commanded
from tests.funding.holdings.test_payout import Spend, spend
from tests.funding.market.listing import mandated, of_loan
from tests.funding.test_distribution import clean
from tests.lending.house import House, yuan

PRODUCT = "neighbours-loan"


def steps(house: House, *lines: str) -> None:
    """The product is put in force with other steps."""
    source = house.source(PRODUCT)
    start, end = source.index("    {up_to"), source.index("]\n\n[roles]")
    agreed(house.bank.kernel, shelf.publish, Publish(PRODUCT, f"{source[:start]}{''.join(lines)}{source[end:]}"))


def test_what_the_decision_expects_is_what_the_loan_bears_to_its_end(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    house = House(database_url)
    made = house.apply("8000", 6, PRODUCT)
    decision = house.bank.read(lambda tx: credit.decision(tx, made.decision_id))
    terms = house.terms(PRODUCT)
    step = by_default.step_of(terms.rate.by_default, decision.probability_of_default)
    assert step is not None and step != terms.rate.by_default[-1]
    pinned = made.offer.conditions
    assert (pinned.annual, pinned.step, pinned.penalty_annual) == (step.annual, step, step.annual * Decimal("1.5"))
    priced = by_default.at(terms, step)
    plan = plan_of(priced, made.offer.amount, made.offer.fee, 6, house.today)
    assert made.offer.schedule == build(priced.method, plan)
    assert house.bank.run(credit.replay_decision, ReplayDecision(decision.id)).identical
    loan = house.accept(made.offer)
    commanded(monkeypatch, house.bank.url)
    shown = CliRunner().invoke(app, ["loans", "show", loan.id]).output
    assert f"agreed for a probability of default up to {percent(step.up_to)}: {percent(step.annual)}" in shown
    funding.arrange(house.bank.kernel, loan.id)
    listing = of_loan(house, loan.id)
    assert (listing.worth.annual, listing.state) == (step.annual, "open"), "the curve's rate is the loan's"
    house.wait(listing.kept_until + timedelta(days=1))
    for number in range(1, 6):
        mandated(house, number, "1600", Terms(yuan("1600"), yuan("1600"), yuan("1600"), grades=(listing.worth.grade,)))
    assert batches.run(house.bank.kernel, "one").funded == listing.amount == yuan("8000")
    house.bank.drain()
    while house.loan(loan.id).state == "accepted":
        close_day(house.bank.kernel)
    assert [each.name for each in house.loan(loan.id).holders] == ["marketplace"]
    house.sign(loan.id)
    house.bank.run(spend, Spend(leaving=0))
    house.complete(loan.id)
    house.bank.drain()
    done = house.loan(loan.id)
    assert done.state == "active" and done.conditions == pinned
    clean(house)


def test_where_the_law_has_no_marketplace_the_own_book_lends_at_the_step(database_url: str) -> None:
    house = House(database_url)
    pack = (products.ROOT / "policies" / "cn.toml").read_text(encoding="utf-8")
    cut, rest = pack.index("\n[marketplace]"), pack.index("\n[savings]")
    silent = (pack[:cut] + pack[rest:]).replace('"CNY"', '"CNY"\nno_limit = ["marketplace"]', 1)
    agreed(house.bank.kernel, shelf.publish, Publish("policy", silent))
    loan = house.accept(house.apply("8000", 6, PRODUCT).offer)
    funding.arrange(house.bank.kernel, loan.id)
    assert [each.name for each in house.loan(loan.id).holders] == ["own"]
    house.sign(loan.id)
    assert house.complete(loan.id).conditions.step is not None
    clean(house)


def test_what_can_be_afforded_is_reckoned_at_the_rate_of_the_step_now_and_when_it_is_accepted(
    database_url: str,
) -> None:
    house = House(database_url)
    made = house.apply("50000", 6, PRODUCT)
    inputs = house.bank.read(lambda tx: credit.decision_inputs(tx, made.decision_id))
    terms = house.terms(PRODUCT)
    assert (inputs.annual, inputs.default_max) == (made.offer.conditions.annual, terms.rate.by_default[-1].up_to)
    limit, bound = credit_rules.bounded("person", inputs)
    dearest, _ = credit_rules.bounded("person", replace(inputs, annual=terms.rate.annual))
    assert bound == "affordability" and made.limit == limit > dearest
    assert made.offer.amount == limit and house.accept(made.offer).principal == limit


def test_who_is_beyond_the_last_step_is_told_so_and_offered_nothing(database_url: str) -> None:
    house = House(database_url)
    found = house.apply("8000", 6, PRODUCT)
    probability = house.bank.read(lambda tx: credit.decision(tx, found.decision_id)).probability_of_default
    below = probability - Decimal("0.0001")
    assert below > 0
    steps(house, f'    {{up_to = "{below}", annual = "0.0520"}},\n')
    made = house.apply("8000", 6, PRODUCT)
    decision = house.bank.read(lambda tx: credit.decision(tx, made.decision_id))
    assert (made.approved, made.offer, decision.probability_of_default) == (False, None, probability)
    reason = decision.reasons[0]
    assert reason.code == "default_beyond_product" and not reason.favourable
    assert f"{below:.2%}" in reason.en and f"{below:.2%}" in reason.zh and reason.improve_en and reason.improve_zh
    assert house.bank.run(credit.replay_decision, ReplayDecision(decision.id)).identical
    steps(house, f'    {{up_to = "{probability}", annual = "0.0520"}},\n')
    again = house.apply("8000", 6, PRODUCT)
    assert again.offer.conditions.step == RateStep(probability, Decimal("0.0520"))


def test_no_offer_is_made_on_a_decision_that_a_newer_version_has_no_step_for(database_url: str) -> None:
    house = House(database_url)
    found = house.apply("8000", 6, PRODUCT)
    decision = house.bank.read(lambda tx: credit.decision(tx, found.decision_id))
    steps(house, f'    {{up_to = "{decision.probability_of_default - Decimal("0.0001")}", annual = "0.0520"}},\n')
    with pytest.raises(Refusal) as caught:
        house.bank.read(lambda tx: offering.checked(tx, decision, "hospital"))
    assert caught.value.code == "products.beyond_last_step" and "邻里贷" in caught.value.detail_zh
    assert house.accept(found.offer).conditions == found.offer.conditions, "what was offered stands"


def test_what_lengths_cost_is_laid_side_by_side_at_the_dearest_step(database_url: str) -> None:
    house = House(database_url)
    terms = house.terms(PRODUCT)
    (six,) = [
        each for each in house.bank.read(lambda tx: shelf.compare(tx, PRODUCT, "8000")) if each.instalments == 6
    ]  # fmt: skip
    plan = plan_of(terms, yuan("8000"), yuan("0"), 6, house.today)
    assert plan.annual == Decimal("0.1750")
    assert six.total_interest.minor == sum(each.interest.minor for each in build(terms.method, plan))
    assert six.total_interest > house.apply("8000", 6, PRODUCT).offer.total_interest
