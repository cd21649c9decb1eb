"""Refusals on the way of a loan: disputes, seals, offers and eligibility."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from farthing.api.ground import check_key
from farthing.bank.founding import agreed
from farthing.credit import service as credit
from farthing.credit.model import AnswerDispute, DisputeDatum
from farthing.credit.review import service as review
from farthing.credit.review.model import AnswerReview, AskReview
from farthing.credit.seals import read_seal
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import ChooseSurplus
from farthing.lending.model import AcceptOffer, Apply, Holder, SetHolders
from farthing.lending.prudence import service as prudence
from farthing.lending.prudence.model import ClassLoan
from farthing.lending.prudence.ruling_service import class_loan
from farthing.lending.shelf import service as loan_shelf
from farthing.parties import service as parties
from farthing.parties.model import RegisterOrganisation, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.products import service as products
from farthing.products.model import Publish
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.lending.backing.friends import friend, rich
from tests.lending.groups.village import villager
from tests.lending.house import CARD, House, yuan
from tests.lending.limits.law import bound, signed, together
from tests.parties.people import credit_code, register_person


@reproduces("api.idempotency_key_bad")
def key_that_cannot_be_one() -> None:
    check_key("钥匙", needed=True)


def _disputed(house: House) -> str:
    """A payment of the borrower's own history that she disputes."""
    with house.bank.superuser() as connection:
        row = connection.execute("SELECT id FROM credit_transaction WHERE party_id = %s", (house.party.id,)).fetchone()
    assert row is not None
    made = house.bank.run(
        credit.dispute_datum, DisputeDatum(house.party.id, str(row[0]).rpartition(":")[2], "not mine")
    )
    return str(made.id)


@reproduces("credit.dispute_unknown")
def dispute_unknown(bank: Bank) -> None:
    bank.run(credit.answer_dispute, AnswerDispute("dispute_nothing", True, "nobody raised it"))


@reproduces("credit.dispute_answered")
def dispute_answered(database_url: str) -> None:
    house = House(database_url)
    dispute = _disputed(house)
    for _ in range(2):
        house.bank.run(credit.answer_dispute, AnswerDispute(dispute, True, "a slip of the shop's"))


def _asked(house: House) -> str:
    """A review that the borrower asks for of the decision on her application."""
    made = house.bank.run(review.ask_review, AskReview(house.apply().decision_id, "my wages are paid twice a month"))
    return str(made.id)


@reproduces("credit.review_open")
def review_twice(database_url: str) -> None:
    house = House(database_url)
    decision = house.apply().decision_id
    for _ in range(2):
        house.bank.run(review.ask_review, AskReview(decision, "please look"))


@reproduces("credit.review_wordless")
def review_without_words(database_url: str) -> None:
    house = House(database_url)
    house.bank.run(review.ask_review, AskReview(house.apply().decision_id, " "))


@reproduces("credit.review_unknown")
def review_unknown(bank: Bank) -> None:
    bank.run(review.answer_review, AnswerReview("review_nothing", "upheld", "nobody asked"))


@reproduces("credit.review_answered")
def review_answered(database_url: str) -> None:
    house = House(database_url)
    asked = _asked(house)
    for _ in range(2):
        house.bank.run(review.answer_review, AnswerReview(asked, "upheld", "the figures are right"))


@reproduces("credit.seal_unreadable")
def seal_that_is_none() -> None:
    read_seal(b"%PDF-1.7")


@reproduces("lending.unknown_offer")
def unknown_offer(bank: Bank) -> None:
    bank.run(lending.accept_offer, AcceptOffer("offer_nothing", yuan("1"), yuan("1")))


@reproduces("lending.lender_unnamed")
def lender_without_a_name(database_url: str) -> None:
    house = House(database_url)
    loan = house.accept(house.offer("1000"))
    agreed(house.bank.kernel, lending.set_holders, SetHolders(loan.id, (Holder("partner:harvest", loan.principal),)))


@reproduces("lending.offer_expired")
def offer_expired(database_url: str) -> None:
    house = House(database_url)
    offer = house.offer()
    house.wait(offer.expires_on + timedelta(days=1))
    house.accept(offer)


@reproduces("lending.offer_changed")
def offer_changed(database_url: str) -> None:
    house = House(database_url)
    offer = house.offer()
    house.accept(replace(offer, total_interest=offer.total_interest, total_cost=offer.total_cost + yuan("0.01")))


@reproduces("lending.dearest_case")
def flat_product_that_costs_twice_what_it_says(database_url: str) -> None:
    house = House(database_url)
    source = house.source("rainy-day-loan").replace('method = "equal_instalment"', 'method = "flat"')
    source = source.replace('annual = "0.12"', 'annual = "0.20"').replace('annual = "0.18"', 'annual = "0.30"')
    house.bank.kernel.preview(loan_shelf.publish, Publish("rainy-day-loan", source))


@reproduces("lending.party_kind")
def not_for_organisations(database_url: str) -> None:
    house = House(database_url)
    shop = house.bank.run(
        parties.register_organisation, RegisterOrganisation("小店", credit_code("400054321"), "02112345678")
    )
    house.bank.run(parties.verify_identity, VerifyIdentity(shop.id))
    house.bank.run(lending.apply, Apply(shop.id, "rainy-day-loan", yuan("1000"), 3, "goods"))


@reproduces("lending.age_outside")
def too_old_for_the_product(database_url: str) -> None:
    house = House(database_url)
    young = house.source("rainy-day-loan").replace("max_age_years = 70", "max_age_years = 18")
    agreed(house.bank.kernel, loan_shelf.publish, Publish("rainy-day-loan", young))
    house.apply()


@reproduces("parties.level_too_low")
def not_known_well_enough(database_url: str) -> None:
    """Where the law is silent, what the product asks for still holds."""
    house = House(database_url)
    law = (products.ROOT / "policies" / "sandbox.toml").read_text(encoding="utf-8")
    before, _, after = law.partition("[loan_verification_min]")
    silent = before.replace("no_limit = [", 'no_limit = [\n    "loan_verification_min",') + after.partition("\n\n")[2]
    agreed(house.bank.kernel, loan_shelf.publish, Publish("policy", silent))
    stranger = register_person(house.bank, 1)
    house.bank.run(lending.apply, Apply(stranger.id, "rainy-day-loan", yuan("1000"), 3, "hospital"))


@reproduces("parties.no_institution")
def no_institution(bank: Bank) -> None:
    bank.read(parties.institution)


@reproduces("parties.institution_appointed")
def institution_appointed(database_url: str) -> None:
    another = RegisterOrganisation("另一机构", credit_code("400054321"), "02112345678")
    House(database_url).bank.run(parties.appoint_institution, another)


@reproduces("lending.day_not_come")
def month_that_is_not_over(database_url: str) -> None:
    house = House(database_url)
    house.bank.kernel.ask(prudence.provided, month=house.bank.kernel.clock().business_date)


@reproduces("lending.law_silent")
def law_that_does_not_say_how_loans_are_classed(database_url: str) -> None:
    house = House(database_url)
    law = (products.ROOT / "policies" / "sandbox.toml").read_text(encoding="utf-8")
    before, _, after = law.partition("\n[prudence]")
    silent = (
        before.replace("no_limit = [", 'no_limit = [\n    "prudence",')
        + "\n[conduct]"
        + after.partition("\n[conduct]")[2]
    )
    agreed(house.bank.kernel, loan_shelf.publish, Publish("policy", silent))
    house.bank.kernel.ask(prudence.provided)


def _classed(house: House, class_name: str, *, better: bool = False, reason: str = "the shop has closed") -> None:
    command = ClassLoan(house.bank.read(lending.all_loans)[0].id, class_name, reason, better)
    if better:
        agreed(house.bank.kernel, class_loan, command)
    else:
        house.bank.run(class_loan, command)


@reproduces("lending.unknown_class")
def class_that_nobody_knows(database_url: str) -> None:
    house = House(database_url)
    house.active("1000")
    _classed(house, "excellent")


@reproduces("lending.reason_missing")
def class_for_no_reason(database_url: str) -> None:
    house = House(database_url)
    house.active("1000")
    _classed(house, "loss", reason=" ")


@reproduces("lending.class_not_worse")
def class_that_one_person_makes_better(database_url: str) -> None:
    """A loan that was bad a month ago and is paid: the days say normal, the rule keeps it where it was."""
    house = House(database_url)
    house.active("1000")
    house.wait(date(2026, 12, 1))
    with house.bank.superuser() as connection:
        connection.execute("UPDATE loan_month SET class = 2, stage = 3, clean_months = 0")
    _classed(house, "normal")


@reproduces("lending.better_than_law")
def class_that_two_make_better_than_the_law(database_url: str) -> None:
    house = House(database_url)
    house.active("1000")
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("1000"), CARD))
    house.wait(date(2027, 1, 2))
    _classed(house, "normal", better=True)


def _paid_out_under(database_url: str, key: str, value: str, *others: int) -> None:
    """A loan that waits to be paid out meets a law of which one figure is less than the shipped one."""
    house = House(database_url)
    people = [house, *(villager(house, number) for number in others)]
    loans = [signed(each) for each in people]
    if others:
        together(*people)
    bound(house, key, value)
    for each, loan in zip(people, loans, strict=True):
        each.complete(loan.id)


@reproduces("lending.capital_ratio")
def capital_that_does_not_bear_the_loan(database_url: str) -> None:
    house = House(database_url)
    loan = signed(house)
    law = (products.ROOT / "policies" / "cn.toml").read_text(encoding="utf-8")
    heavier = law.replace('"assets:cash" = "0.2"', '"assets:cash" = "12.5"')
    agreed(house.bank.kernel, loan_shelf.publish, Publish("policy", heavier))
    house.complete(loan.id)


@reproduces("lending.leverage")
def more_assets_than_capital_bears(database_url: str) -> None:
    _paid_out_under(database_url, "leverage_min", "1")


@reproduces("lending.liquidity_ratio")
def less_ready_than_may_be_asked_back(database_url: str) -> None:
    house = House(database_url)
    loan = signed(house)
    rich(house, friend(house), "6000000")
    bound(house, "liquidity_ratio_min", "10")
    house.complete(loan.id)


@reproduces("lending.maturity_gap")
def lent_longer_than_what_is_asked_back_bears(database_url: str) -> None:
    _paid_out_under(database_url, "maturity_gap_min", "1")


@reproduces("lending.one_borrower")
def too_much_to_one_borrower(database_url: str) -> None:
    _paid_out_under(database_url, "one_borrower_max", "0.0001")


@reproduces("lending.connected_borrowers")
def too_much_to_people_who_answer_for_each_other(database_url: str) -> None:
    _paid_out_under(database_url, "connected_borrowers_max", "0.0002", 21)


def _published(house: House, old: str, new: str) -> None:
    source = house.source("rainy-day-loan").replace(old, new)
    agreed(house.bank.kernel, loan_shelf.publish, Publish("rainy-day-loan", source))


@reproduces("policy.late_fee")
def a_fee_for_missing_beside_a_bounded_penalty(database_url: str) -> None:
    _published(House(database_url), 'annual = "0.18"', 'annual = "0.18", fixed = "5.00"')


@reproduces("policy.fee_kept_back")
def a_fee_kept_back_where_the_law_forbids_it(database_url: str) -> None:
    fees = 'origination = "0.01", origination_due = "disbursement"'
    _published(House(database_url), 'origination = "0"', fees)


@reproduces("lending.surplus_agreed")
def a_choice_that_the_contract_leaves_to_nobody(database_url: str) -> None:
    house = House(database_url)
    _published(house, 'method = "equal', 'repayment = {borrower_chooses = false}\nmethod = "equal')
    loan = house.active("1000")
    house.bank.run(acts.choose_surplus, ChooseSurplus(loan.id, "shorter"))
