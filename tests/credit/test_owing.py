"""A limit counts what is owed here: at the decision, at acceptance, at payment; and a bill nobody vouches for carries little."""

from __future__ import annotations

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from farthing.credit import rules
from farthing.credit import service as credit
from farthing.credit.grades import grade_of
from farthing.credit.history import service as history
from farthing.credit.model import BillSeal, ImportBill, Inputs, ReplayDecision, RequestDecision
from farthing.credit.owing import service as owing
from farthing.credit.owing.model import Commitment, Owed
from farthing.credit.sandbox_channel import SandboxChannel
from farthing.funding import service as funding
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.model import AcceptOffer, LoanCommand, Offer, Repay
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.lending.house import CARD, OPENS, House, yuan


def accept(offer: Offer) -> AcceptOffer:
    return AcceptOffer(offer.id, offer.amount, offer.total_cost)


def test_the_limit_falls_by_what_is_accepted_and_rises_when_it_is_repaid(database_url: str) -> None:
    house = House(database_url)
    whole = house.apply("50000").limit
    first = house.active(str(whole.decimal()))
    left = house.apply("50000")
    assert left.limit.minor == 0 and not left.approved
    reasons = house.bank.read(lambda tx: credit.decision(tx, left.decision_id)).reasons
    assert reasons[0].code in ("affordability", "owed_here") and str(whole) in reasons[0].datum
    house.bank.run(lending.settle, LoanCommand(first.id))
    assert house.apply("50000").limit == whole
    (held,) = house.bank.read(lambda tx: owing.of_party(tx, house.party.id))
    assert (held.state, held.owed.minor, held.ended_on) == ("repaid", 0, OPENS)


def test_two_offers_are_not_both_accepted_beyond_the_limit(database_url: str) -> None:
    house = House(database_url)
    offers = [house.offer("50000") for _ in range(2)]
    loan = house.accept(offers[0])
    assert house.refused(lending.accept_offer, accept(offers[1])) == "credit.limit_used"
    assert house.accept(offers[0]) == loan  # again is no second loan
    house.bank.run(funding.withdraw, LoanCommand(loan.id))
    assert house.accept(offers[1]).state == "accepted"


def test_acceptances_at_the_same_time_stay_within_the_limit(database_url: str) -> None:
    house = House(database_url)
    whole = house.apply("50000").limit
    offers = [house.offer(str(Money(whole.minor // 300 * 100, "CNY").decimal())) for _ in range(6)]
    gate = threading.Barrier(6)

    def at_once(offer: Offer) -> str:
        gate.wait()
        try:
            house.bank.run(lending.accept_offer, accept(offer))
        except Refusal as refusal:
            return refusal.code
        return "accepted"

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(at_once, offers))
    taken = [each for each in house.bank.read(lambda tx: owing.of_party(tx, house.party.id)) if each.open]
    assert 1 <= answers.count("accepted") == len(taken) < 6
    assert set(answers) == {"accepted", "credit.limit_used"}
    assert sum(each.owed.minor for each in taken) <= whole.minor


def test_payment_asks_for_the_limit_again(database_url: str) -> None:
    """Whatever was entered meanwhile, by whomever: money is paid out within the limit or not at all."""
    house = House(database_url)
    loan = house.funded("8000")
    house.sign(loan.id)
    with house.bank.superuser() as connection:
        connection.execute(
            "INSERT INTO credit_commitment (id, party_id, decision_id, product, use, currency, agreed_minor, owed_minor,"
            " instalment_minor, state, taken_on, drawn_on) VALUES ('loan_other', %s, %s, 'shop-stock-loan', 'business',"
            " 'CNY', 30000000, 30000000, 2600000, 'drawn', %s, %s)",
            (house.party.id, loan.decision_id, OPENS, OPENS),
        )
    assert house.refused(contracts.complete, LoanCommand(loan.id)) == "credit.limit_used"
    assert house.loan(loan.id).state == "funded"


def test_a_repayment_lowers_what_is_owed_and_remembers_how_late_it_came(database_url: str) -> None:
    house = House(database_url)
    loan = house.active("8000")
    due = loan.instalments[0]
    house.wait(due.due_on + timedelta(days=5))
    owed = house.bank.read(lambda tx: lending.owed(tx, loan.id))[0]
    wallet = house.bank.read(lambda tx: payments.wallet(tx, house.party.id)).available
    if wallet < owed:
        house.bank.run(payments.top_up, MoveByRail(house.party.id, owed - wallet, CARD))
    if owed:
        house.bank.run(lending.repay, Repay(loan.id, owed))
    (held,) = house.bank.read(lambda tx: owing.of_party(tx, house.party.id))
    assert held.owed == house.loan(loan.id).outstanding == loan.principal - due.principal


def test_a_bill_that_nobody_vouches_for_carries_a_small_sum_in_all(database_url: str) -> None:
    house = House(database_url, sealed=False)
    answer = house.apply("8000")
    decision = house.bank.read(lambda tx: credit.decision(tx, answer.decision_id))
    assert answer.approved and answer.limit == answer.offer.amount == yuan("5000")
    assert decision.grounds is not None
    assert (decision.grounds.grade, decision.grounds.most) == ("holder", yuan("5000"))
    assert "nobody vouches" in decision.grounds.en and "无人担保" in decision.grounds.zh
    assert decision.reasons[0].code == "evidence"
    assert house.bank.run(credit.replay_decision, ReplayDecision(decision.id)).identical
    house.accept(answer.offer)
    again = house.apply("8000")
    assert not again.approved
    house.bring()  # the same file once more, now with the seal of who issued it
    assert house.apply("8000").limit > yuan("5000")


def test_a_seal_holds_for_one_file_and_one_person(database_url: str) -> None:
    house = House(database_url, sealed=False)
    channel = house.bank.kernel.ports.peer("channel", "sandbox")

    def brought(seal: BillSeal) -> str:
        return house.refused(history.import_bill, ImportBill(house.party.id, "bill.csv", house.content, seal=seal))

    bill = base64.b64decode(house.content)
    assert brought(channel.seal(b"another file", house.party.number)) == "credit.seal_broken"
    assert brought(channel.seal(bill, "110105199003078888")) == "credit.seal_broken"
    assert brought(SandboxChannel().seal(bill, house.party.number)) == "credit.seal_broken"
    assert brought(BillSeal("sandbox", "not base64!")) == "credit.seal_broken"
    assert brought(channel.seal(bill, house.party.number, "someone")) == "credit.seal_unknown_issuer"


def test_a_number_of_instalments_is_bounded_before_anything_is_reckoned(database_url: str) -> None:
    house = House(database_url)
    no_count, no_product = "request.malformed", "credit.outside_product"
    for count, code in ((0, no_count), (-1, no_count), (13, no_product), (12_345_678_901_234_567_890, no_count)):
        asked = RequestDecision(house.party.id, "rainy-day-loan", yuan("1000"), count)
        assert house.refused(credit.request_decision, asked) == code
    answer = house.apply("1000")
    given = house.bank.read(lambda tx: credit.decision_inputs(tx, answer.decision_id))
    with pytest.raises(Refusal) as caught:
        rules.affordable("person", replace(given, instalments=10**19))
    assert caught.value.code == "credit.outside_product"


def test_the_grade_is_the_weakest_of_what_was_brought_or_the_record_here() -> None:
    sealed = {"added": 5, "vouched_by": "sandbox", "holder_check": "matched"}
    named, nameless = {**sealed, "vouched_by": ""}, {**sealed, "vouched_by": "", "holder_check": "unverifiable"}
    assert grade_of([sealed], []) == "vouched"
    assert grade_of([sealed, {**nameless, "added": 0}], []) == "vouched"
    assert grade_of([sealed, named], []) == "holder"
    assert grade_of([sealed, nameless], []) == "file"
    zero = Money(0, "CNY")
    repaid = Commitment(
        "l", "p", "d", "rainy-day-loan", "consumption", yuan("2000"), zero, yuan("400"), "repaid", OPENS, OPENS,
        OPENS + timedelta(days=90), 30,
    )  # fmt: skip
    assert grade_of([nameless], [repaid]) == "record"
    assert grade_of([nameless], [replace(repaid, ended_on=OPENS + timedelta(days=89))]) == "file"
    assert grade_of([nameless], [replace(repaid, worst_days_late=31)]) == "file"
    assert grade_of([nameless], [replace(repaid, state="written_off")]) == "file"


def test_what_is_owed_of_another_product_counts_against_the_month_alone(database_url: str) -> None:
    house = House(database_url)
    answer = house.apply("8000")
    given: Inputs = house.bank.read(lambda tx: credit.decision_inputs(tx, answer.decision_id))
    rich = replace(given, monthly_income=yuan("1000000"), monthly_left_over=yuan("1000000"))
    other = Owed("shop-stock-loan", "business", yuan("300000"), yuan("26000"))
    assert rules.bounded("person", rich) == (yuan("50000"), "product")
    assert rules.bounded("person", replace(rich, here=(other,))) == (yuan("50000"), "product")
    same = Owed("rainy-day-loan", "consumption", yuan("8050"), yuan("1400"))
    assert rules.bounded("person", replace(rich, here=(same,))) == (yuan("41900"), "product")
