"""A person of a partner lender sees the partner's part, requests and settlement, to the minor unit; nobody else's."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest

from farthing.bank.founding import agreed
from farthing.funding.lenders import rules
from farthing.funding.lenders import service as lenders
from farthing.funding.lenders.model import BindLogin
from farthing.identity.rules import actor_of
from farthing.kernel.answers import Pending
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.lending import service as lending
from farthing.lending.model import Repay
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.products import service as products
from farthing.products.model import RateStep
from tests.funding.lenders import two_lenders
from tests.lending.house import CARD, yuan

HUA, CHUN, WU = (actor_of(f"lender:{name}", "lender", None) for name in ("hua", "chun", "wu"))
ACCOUNT = "assets:settlement:partner:harvest"


@pytest.mark.long
def test_the_part_of_a_partner_is_what_its_account_says(database_url: str) -> None:
    house, loan = two_lenders(database_url)
    ask = house.bank.kernel.ask
    mine = next(each.share for each in loan.holders if each.name == "partner:harvest")
    (share,) = ask(lenders.own_portfolio, actor=HUA).shares
    assert (share.loans, share.closed, share.late) == (1, 0, 0)
    assert share.lent == share.outstanding == share.largest == mine and not share.interest and not share.arrears

    due = loan.instalments[0]
    house.wait(due.due_on)
    house.bank.run(lending.repay, Repay(loan.id, yuan("77.77")))
    unshared = ask(lenders.own_portfolio, actor=HUA).shares[0]
    assert not unshared.interest and unshared.outstanding == mine  # it was received, and is not credited yet
    house.bank.drain()
    (wallet,) = house.bank.read(lambda tx: payments.wallets(tx, house.party.id))
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, wallet.balance, CARD))
    before = ask(lenders.own_portfolio, actor=HUA).shares[0]
    moved = ask(lenders.own_settlement, actor=HUA)
    assert moved.days[0].on == house.today
    credited = (before.lent - before.outstanding) + before.interest + before.charges
    assert moved.days[0].repaid == credited and credited
    assert moved.closing == house.bank.read(lambda tx: ledger.balance(tx, ACCOUNT)).owed()
    sums = [sum(getattr(day, name).minor for day in moved.days) for name in ("lent", "repaid", "paid", "other")]
    assert moved.opening.minor + sums[0] - sums[1] - sums[2] + sums[3] == moved.closing.minor

    house.wait(house.today.fromordinal(loan.instalments[1].due_on.toordinal() + 1))
    late = ask(lenders.own_portfolio, actor=HUA).shares[0]
    assert late.late == 1 and 0 < late.arrears.minor < late.outstanding.minor


def test_a_partner_is_told_what_it_is_asked_for_as_it_is_asked(database_url: str) -> None:
    house, loan = two_lenders(database_url)
    told = house.bank.kernel.ask(lenders.own_mandate, actor=HUA).asked_for
    asked = next(each for each in told if each.product == loan.conditions.product)
    assert asked.annual == loan.conditions.annual
    mine = next(each.share for each in loan.holders if each.name == "partner:harvest")
    assert mine.minor == asked.part * loan.principal.minor and asked.least.minor <= mine.minor <= asked.most.minor
    assert house.bank.kernel.ask(lenders.own_mandate, actor=CHUN).asked_for == ()
    alone = dataclasses.replace(
        house.bank.read(lambda tx: products.loan_terms(tx, asked.product)), funding=("own_book",)
    )
    policy = house.bank.read(products.policy_in_force)
    assert rules.asked_for(alone, policy, asked.since_at) is None
    steps = RateStep(Decimal("0.01"), Decimal("0.05")), RateStep(Decimal("0.10"), alone.rate.annual)
    by_grade = dataclasses.replace(
        alone, funding=("partners", "own_book"), rate=dataclasses.replace(alone.rate, by_default=steps)
    )
    graded = rules.asked_for(by_grade, policy, asked.since_at)
    assert graded is not None and (graded.annual_min, graded.annual) == (Decimal("0.05"), alone.rate.annual)
    assert asked.annual_min is None


def test_the_days_of_a_settlement_go_on_where_the_ones_before_ended(database_url: str) -> None:
    house, _ = two_lenders(database_url)
    house.wait(house.today.fromordinal(house.today.toordinal() + 33))
    now = house.bank.kernel.ask(lenders.own_settlement, actor=HUA)
    before = house.bank.kernel.ask(lenders.own_settlement, now.since.fromordinal(now.since.toordinal() - 1), actor=HUA)
    assert before.closing == now.opening and before.until < now.since
    assert any(day.lent.minor for day in before.days) and not any(day.lent.minor for day in now.days)


def test_what_was_asked_is_told_to_who_was_asked(database_url: str) -> None:
    house, loan = two_lenders(database_url)
    ask = house.bank.kernel.ask
    (asked,) = ask(lenders.own_requests, actor=HUA).requests
    assert (asked.loan_id, asked.state, asked.reference) == (loan.id, "agreed", "REF-1")
    assert asked.answered_at is not None
    assert ask(lenders.own_requests, asked.id, actor=HUA).requests == ()
    with pytest.raises(Refusal, match="asked nothing"):
        ask(lenders.own_requests, asked.id, actor=CHUN)


def test_another_partner_sees_nothing_of_it_and_who_is_of_none_is_told_so(database_url: str) -> None:
    house, _ = two_lenders(database_url)
    ask = house.bank.kernel.ask
    assert ask(lenders.own_portfolio, actor=CHUN).shares == ()
    assert ask(lenders.own_requests, actor=CHUN).requests == ()
    assert ask(lenders.own_settlement, actor=CHUN).days == ()
    for question in (lenders.own_portfolio, lenders.own_mandate, lenders.own_requests, lenders.own_settlement):
        for who in (WU, SYSTEM):
            with pytest.raises(Refusal) as refused:
                ask(question, actor=who)
            assert refused.value.code == "funding.no_partner"
        stranger = Actor("customer:other", actor_of("x", "customer", "party_x").permissions, "party_x")
        for role in ("operator", "teller", "auditor", "security", "risk"):
            with pytest.raises(Refusal, match="lacks the permission"):
                ask(question, actor=actor_of(f"{role}:x", role, None))
        with pytest.raises(Refusal, match="lacks the permission"):
            ask(question, actor=stranger)


def test_of_which_partner_a_login_is_takes_two_and_never_changes(database_url: str) -> None:
    house, _ = two_lenders(database_url)
    one = actor_of("operator:one", "operator", None, "person_1")
    waits = house.bank.run(lenders.bind_login, BindLogin("lender:wu", "spring"), actor=one)
    assert isinstance(waits, Pending)
    with pytest.raises(Refusal):
        house.bank.kernel.ask(lenders.own_portfolio, actor=WU)
    for actor in ("lender:hua", "operator:one"):
        with pytest.raises(Refusal) as refused:
            agreed(house.bank.kernel, lenders.bind_login, BindLogin(actor, "spring"))
        assert refused.value.code == "funding.not_a_lender"
    assert agreed(house.bank.kernel, lenders.bind_login, BindLogin("lender:hua", "harvest"))["partner"] == "harvest"
