"""Partners: asked once under one id, their answers kept, their shares let go, and their terms changed by two persons."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from farthing.bank.founding import SECOND, agreed
from farthing.credit.owing import service as owing
from farthing.funding import rules
from farthing.funding import service as funding
from farthing.funding.model import Inquiry, Partner, PartnerAnswer, Question, RecordAnswer, RegisterPartner
from farthing.funding.sandbox_partner import SandboxPartner
from farthing.kernel import approvals, errands
from farthing.kernel.answers import Pending
from farthing.kernel.approvals import Decide
from farthing.kernel.clock import wall_clock
from farthing.kernel.day import close_day
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.model import Loan, LoanCommand
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.kernel.disturbed import collisions, lost_commits
from tests.lending.house import CARD, House, yuan

HARVEST = RegisterPartner(
    "harvest", "丰收沙盒银行", "http://partner.example", "91310000MA1HRT002X", name_en="Harvest Sandbox Bank"
)
SHOP = "shop-stock-loan"


@dataclass
class Lender:
    """A partner in this process: counts what it was asked and told; it breaks off as often as it is told to."""

    says: bool | None = True
    asked: list[str] = field(default_factory=list)
    said: list[tuple[str, date]] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None
    breaks: int = 0

    def ask(self, partner: Partner, question: Question, within_ms: int) -> PartnerAnswer | None:
        self.asked.append(question.inquiry_id)
        self.said.append((question.every, question.ends_on))
        self.meanwhile()
        if self.breaks:
            self.breaks -= 1
            raise ConnectionError("planted")
        return None if self.says is None else PartnerAnswer(self.says, "REF-1", "" if self.says else "not now", "{}")

    def release(self, partner: Partner, inquiry_id: str, within_ms: int) -> bool:
        self.released.append(inquiry_id)
        if self.breaks:
            self.breaks -= 1
            return False
        return True


def shared(database_url: str, lender: Lender) -> tuple[House, Loan]:
    """An accepted loan of a product that partners fund first."""
    house = House(database_url)
    house.bank.kernel.ports = house.bank.kernel.ports.with_peer("partner", "http", lender)
    agreed(house.bank.kernel, funding.register_partner, HARVEST)
    return house, house.accept(house.co_lent_offer())


def test_a_partner_is_asked_once_whoever_asks_again(database_url: str) -> None:
    lender = Lender()
    house, loan = shared(database_url, lender)
    first = funding.arrange(house.bank.kernel, loan.id, key="k")
    assert funding.arrange(house.bank.kernel, loan.id, key="k") == first
    assert funding.arrange(house.bank.kernel, loan.id) == first
    assert len(lender.asked) == 1
    assert [holder.name for holder in first.holders] == ["own", "partner:harvest"]
    assert sum(holder.share.minor for holder in first.holders) == loan.principal.minor


def test_asking_while_the_partner_is_being_asked_asks_it_no_second_time(database_url: str) -> None:
    lender = Lender()
    house, loan = shared(database_url, lender)
    lender.meanwhile = lambda: funding.arrange(house.bank.kernel, loan.id)
    funding.arrange(house.bank.kernel, loan.id)
    assert len(lender.asked) == 1
    assert house.loan(loan.id).state == "funded"


@pytest.mark.parametrize("disturb", [collisions, lost_commits])
def test_one_inquiry_whatever_happens_to_the_transactions(
    database_url: str, monkeypatch: pytest.MonkeyPatch, disturb: Callable[..., None]
) -> None:
    """Each transaction of asking and of letting go collides, or loses the word of its COMMIT: one id is told of each."""
    lender = Lender()
    house, loan = shared(database_url, lender)
    with monkeypatch.context() as disturbed:
        disturb(house.bank, disturbed)
        funded = funding.arrange(house.bank.kernel, loan.id, key="k")
        assert funding.arrange(house.bank.kernel, loan.id, key="k") == funded
        house.bank.run(funding.withdraw, LoanCommand(loan.id), key="w")
        errands.sweep(house.bank.kernel, everything=True)
    assert [inquiry.state for inquiry in funded.inquiries] == ["agreed"]
    assert lender.asked == lender.released and len(lender.asked) == 1


def test_a_call_that_breaks_off_is_made_again_under_the_same_id(database_url: str) -> None:
    lender = Lender(breaks=1)
    house, loan = shared(database_url, lender)
    waiting = funding.arrange(house.bank.kernel, loan.id, key="k")
    assert [inquiry.state for inquiry in waiting.inquiries] == ["asked"] and waiting.holders == ()
    house.bank.drain()
    assert house.loan(loan.id).state == "funded" and len(lender.asked) == 2 and len(set(lender.asked)) == 1
    lender.breaks = 1
    house.bank.run(funding.withdraw, LoanCommand(loan.id))
    errands.sweep(house.bank.kernel, everything=True)
    house.bank.drain()
    assert lender.released == lender.asked


def test_a_partner_that_was_passed_over_is_told_that_its_share_is_free(database_url: str) -> None:
    """It may have agreed a moment too late, and kept its part ready for a loan of somebody else's for ever."""
    lender = Lender(None)
    house, loan = shared(database_url, lender)
    funding.arrange(house.bank.kernel, loan.id)
    errands.sweep(house.bank.kernel, everything=True)
    assert lender.released == lender.asked
    assert house.bank.read(errands.unanswered) == []


def test_a_partner_is_told_whatever_became_of_the_loan_and_not_asked_for_one_that_needs_nobody(
    database_url: str,
) -> None:
    """It could not be reached until the loan was paid off; of another it was not heard before the borrower gave up."""
    lender = Lender(None)
    house, loan = shared(database_url, lender)
    funding.arrange(house.bank.kernel, loan.id)
    lender.breaks = 10**6
    house.sign(loan.id)
    house.complete(loan.id)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("50"), CARD))
    house.bank.run(lending.settle, LoanCommand(loan.id))
    other = house.accept(house.co_lent_offer())
    funding.arrange(house.bank.kernel, other.id)
    house.bank.run(funding.withdraw, LoanCommand(other.id))
    assert len(lender.asked) == 2
    lender.breaks = 0
    errands.sweep(house.bank.kernel, everything=True)
    errands.sweep(house.bank.kernel, everything=True)
    assert len(lender.asked) == 2 and set(lender.released) == set(lender.asked)
    assert house.bank.read(errands.unanswered) == []


@pytest.mark.parametrize("late", [False, True])
def test_the_sandbox_partner_frees_what_is_released_in_whatever_order(late: bool) -> None:
    partner = SandboxPartner(capacity_minor=1000, least_score=0)
    asked = {
        "inquiry_id": "inq_1", "loan_id": "loan_1", "principal": {"minor": 2000, "currency": "CNY"},
        "share": {"minor": 800, "currency": "CNY"}, "score": 700, "instalments": 6, "every": "1m",
        "ends_on": "2027-07-05", "asked_at": "2027-01-05T08:00:00+00:00",
    }  # fmt: skip
    if not late:
        partner.decide(asked)
    partner.release(asked)
    partner.decide(asked)
    assert partner.committed == {}


@pytest.mark.parametrize(
    ("every", "instalments", "ends_on", "agreed"),
    [
        ("1m", 24, "2029-02-05", True),
        ("1w", 60, "2028-03-01", True),
        ("3m", 12, "2030-01-05", False),
        ("1m", 1, "2031-01-05", False),
    ],
)
def test_a_partner_is_told_how_far_apart_instalments_are_and_goes_by_the_last_day(
    every: str, instalments: int, ends_on: str, agreed: bool
) -> None:
    asked = {
        "inquiry_id": "inq_1", "loan_id": "loan_1", "principal": {"minor": 2000, "currency": "CNY"},
        "share": {"minor": 800, "currency": "CNY"}, "score": 700, "asked_at": "2027-01-05T08:00:00+00:00",
        "every": every, "instalments": instalments, "ends_on": ends_on,
    }  # fmt: skip
    answer = json.loads(SandboxPartner(capacity_minor=1000, least_score=0).decide(asked))
    assert answer["agreed"] is agreed and bool(answer["reason"]) is not agreed


def test_what_a_partner_is_asked_says_when_the_last_instalment_falls_due(database_url: str) -> None:
    lender = Lender()
    house, loan = shared(database_url, lender)
    funding.arrange(house.bank.kernel, loan.id)
    assert lender.said == [("1m", loan.instalments[-1].due_on)]


@pytest.mark.parametrize(("says", "state"), [(False, "declined"), (None, "passed_over")])
def test_a_partner_that_will_not_or_does_not_answer_leaves_the_loan_to_the_own_book(
    database_url: str, says: bool | None, state: str
) -> None:
    house, loan = shared(database_url, Lender(says))
    funded = funding.arrange(house.bank.kernel, loan.id)
    assert [inquiry.state for inquiry in funded.inquiries] == [state]
    assert [(holder.name, holder.share) for holder in funded.holders] == [("own", loan.principal)]


def test_a_loan_given_up_frees_the_partner_and_the_limit(database_url: str) -> None:
    lender = Lender()
    house, loan = shared(database_url, lender)
    funding.arrange(house.bank.kernel, loan.id)
    assert house.bank.run(funding.withdraw, LoanCommand(loan.id)).state == "cancelled"
    assert house.bank.run(funding.withdraw, LoanCommand(loan.id)).state == "cancelled"
    errands.sweep(house.bank.kernel, everything=True)
    assert lender.released == lender.asked
    assert [one.state for one in house.bank.read(lambda tx: funding.funded(tx, loan.id)).inquiries] == ["released"]
    assert house.refused(contracts.draw_contract, LoanCommand(loan.id)) == "lending.wrong_state"
    assert house.accept(house.co_lent_offer()).state == "accepted"


def test_an_accepted_loan_that_is_never_completed_lapses(database_url: str) -> None:
    lender = Lender()
    house, loan = shared(database_url, lender)
    funding.arrange(house.bank.kernel, loan.id)
    last = loan.accepted_on + timedelta(days=house.terms("rainy-day-loan").completion_days)
    house.wait(last)
    assert house.loan(loan.id).state == "funded" and lender.released == []
    close_day(house.bank.kernel)
    assert house.loan(loan.id).state == "cancelled"
    errands.sweep(house.bank.kernel, everything=True)
    assert lender.released == lender.asked
    (held,) = house.bank.read(lambda tx: owing.of_party(tx, house.party.id))
    assert (held.state, held.owed.minor, held.ended_on) == ("withdrawn", 0, last)
    assert house.refused(contracts.draw_contract, LoanCommand(loan.id)) == "lending.wrong_state"


def test_what_is_paid_out_does_not_lapse(database_url: str) -> None:
    house = House(database_url)
    loan = house.active()
    house.wait(loan.accepted_on + timedelta(days=32))
    assert house.loan(loan.id).state == "active"


def test_what_is_paid_out_cannot_be_given_up(database_url: str) -> None:
    house = House(database_url)
    loan = house.active()
    assert house.refused(funding.withdraw, LoanCommand(loan.id)) == "lending.wrong_state"
    stranger = Actor("customer:other", frozenset({"lending:accept"}), party_id="party_other")
    assert house.refused(funding.withdraw, LoanCommand(loan.id), actor=stranger) in (
        "lending.not_yours",
        "kernel.not_yours",
    )


def test_where_a_partner_is_paid_is_changed_by_two_persons(database_url: str) -> None:
    house = House(database_url)
    agreed(house.bank.kernel, funding.register_partner, HARVEST)
    other = RegisterPartner("harvest", HARVEST.name, HARVEST.url, HARVEST.credit_code, "6217009999999999")
    pending = house.bank.run(funding.register_partner, other)
    assert isinstance(pending, Pending)
    assert house.bank.read(funding.partners)[0].account != other.account
    house.bank.run(approvals.decide, Decide(pending.approval_id, approve=True), actor=SECOND)
    assert house.bank.read(funding.partners)[0].account == other.account


def test_a_partner_is_called_by_two_names_or_by_one(database_url: str) -> None:
    house = House(database_url)
    agreed(house.bank.kernel, funding.register_partner, HARVEST)
    assert house.bank.read(funding.partners)[0].called == Words("Harvest Sandbox Bank", "丰收沙盒银行")
    agreed(house.bank.kernel, funding.register_partner, replace(HARVEST, name_en=""))
    assert house.bank.read(funding.partners)[0].called == Words("丰收沙盒银行", "丰收沙盒银行")


def test_partners_that_one_party_controls_are_one_group(database_url: str) -> None:
    house, parent = House(database_url), "91310000MA1PRT002X"
    for each in (HARVEST, replace(HARVEST, code="spring", credit_code="")):
        agreed(house.bank.kernel, funding.register_partner, replace(each, controlled_by=parent))
    agreed(house.bank.kernel, funding.register_partner, replace(HARVEST, code="winter", credit_code=""))
    assert [each.group for each in house.bank.read(funding.partners)] == [parent, parent, "winter"]


def test_the_share_of_each_is_settled_at_the_close(database_url: str) -> None:
    house, loan = shared(database_url, Lender())
    funding.arrange(house.bank.kernel, loan.id)
    house.sign(loan.id)
    paid = house.complete(loan.id)
    house.bank.drain()
    theirs = next(holder.share for holder in paid.holders if holder.name == "partner:harvest")
    path = rules.settlement_account("harvest")
    assert house.bank.read(lambda tx: ledger.balance(tx, path)).owed() == theirs
    house.wait(house.today.replace(day=house.today.day + 1))
    assert not house.bank.read(lambda tx: ledger.balance(tx, path)).owed()


def test_refusals_of_funding(database_url: str) -> None:
    house = House(database_url)
    assert house.refused(funding.record_answer, RecordAnswer("inq_nothing", True)) == "funding.unknown_inquiry"
    for code, url in (("HARVEST", HARVEST.url), ("harvest", "ftp://partner.example")):
        with pytest.raises(Refusal) as caught:
            rules.check_partner(code, url)
        assert caught.value.code == "funding.bad_partner"
    terms = house.terms(SHOP)
    asked = Inquiry("inq_1", "loan_1", "harvest", yuan("3000"), 800, "declined", wall_clock())
    with pytest.raises(Refusal) as caught:
        rules.holders("loan_1", house.changed(terms, funding=("partners",)), yuan("10000"), [], [asked], {})
    assert caught.value.code == "funding.no_funder"
    assert rules.partner_share(house.terms("rainy-day-loan"), house.policy(), Money(100, "CNY")) is None
