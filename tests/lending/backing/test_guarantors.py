"""A guarantor answers for a loan by an own act alone, sees what that comes to, and is free when the loan is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farthing.credit.owing import service as owing
from farthing.funding import service as funding
from farthing.identity.rules import actor_of
from farthing.kernel.operation import operation_of
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.backing import service as backing
from farthing.lending.backing.model import AskGuarantor, DeclineGuarantee, GiveGuarantee
from farthing.lending.model import LoanCommand
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee
from tests.lending.backing.friends import asked, behind, friend, given, rich
from tests.lending.house import House, yuan


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url)


def of(house: House, party_id: str) -> list[backing.Guaranteed]:
    return house.bank.kernel.ask(backing.guaranteed, party_id, actor=actor_of("zhao", "customer", party_id))


@pytest.mark.long
def test_nobody_answers_before_saying_yes_and_then_up_to_the_amount_and_what_is_owed(house: House) -> None:
    loan, zhao = house.active("8000"), friend(house)
    made = asked(house, loan, zhao, "3000")
    assert made.name == "*美" and made.state == "asked", "a borrower sees of a guarantor what a payer sees of a payee"
    (seen,) = of(house, zhao.id)
    assert (seen.guarantee.state, seen.liable, seen.borrower) == ("asked", yuan("0"), "*美")
    house.bank.run(backing.give_guarantee, GiveGuarantee(made.id, yuan("3000")))
    (seen,) = of(house, zhao.id)
    assert (seen.liable, seen.outstanding) == (yuan("3000"), yuan("8000"))
    (counted,) = house.bank.read(lambda tx: owing.here(tx, zhao.id, []))
    assert (counted.product, counted.owed) == ("guarantee", yuan("3000"))
    rich(house, house.party)
    for due in loan.instalments[:4]:
        house.wait(due.due_on + timedelta(days=1))
    left = house.loan(loan.id).outstanding
    assert left < yuan("3000") and of(house, zhao.id)[0].liable == left, "never more than is owed"
    house.bank.run(lending.settle, LoanCommand(loan.id))
    (over,) = of(house, zhao.id)
    assert (over.guarantee.state, over.liable) == ("released", yuan("0"))
    assert house.bank.read(lambda tx: owing.here(tx, zhao.id, [])) == ()


def test_what_is_guaranteed_counts_against_ones_own_limit(house: House) -> None:
    """The borrower of the house guarantees somebody else's loan; what she may borrow herself falls by it."""
    other = House.__new__(House)
    other.bank, other.party = house.bank, friend(house, 4)
    other.bring()
    loan = other.active("3000")
    free = house.apply("50000").limit
    made = house.bank.run(backing.ask_guarantor, AskGuarantor(loan.id, house.party.id, yuan("3000")))
    assert house.apply("50000").limit == free, "asked is not given"
    house.bank.run(backing.give_guarantee, GiveGuarantee(made.id, yuan("3000")))
    left = house.apply("50000").limit
    assert left < free
    other.bank.run(lending.settle, LoanCommand(loan.id))
    assert house.apply("50000").limit == free


def test_a_guarantor_is_found_by_phone_and_may_decline_and_be_asked_anew(house: House) -> None:
    loan, zhao = house.funded("2000"), friend(house)
    borrower = actor_of("mei", "customer", house.party.id)
    found = house.bank.run(payees.find_payee, FindPayee(house.party.id, zhao.phone), actor=borrower).payee
    made = house.bank.run(backing.ask_guarantor, AskGuarantor(loan.id, found.id, yuan("500")), actor=borrower)
    assert made.party_id == zhao.id
    again = house.bank.run(backing.ask_guarantor, AskGuarantor(loan.id, found.id, yuan("500")), actor=borrower)
    assert again == made, "asking alike twice asks once"
    own = actor_of("zhao", "customer", zhao.id)
    assert house.bank.run(backing.decline_guarantee, DeclineGuarantee(made.id), actor=own).state == "declined"
    anew = house.bank.run(backing.ask_guarantor, AskGuarantor(loan.id, found.id, yuan("400")), actor=borrower)
    assert (anew.state, anew.most) == ("asked", yuan("400"))


def test_another_cannot_consent_and_a_given_up_loan_frees(house: House) -> None:
    loan, zhao = house.funded("2000"), friend(house)
    made = asked(house, loan, zhao, "500")
    stranger = actor_of("mei", "customer", house.party.id)
    assert (
        house.refused(backing.give_guarantee, GiveGuarantee(made.id, made.most), actor=stranger) == "kernel.not_yours"
    )
    with pytest.raises(Refusal) as refused:
        house.bank.kernel.ask(backing.guaranteed, zhao.id, actor=stranger)
    assert refused.value.code == "kernel.not_yours"
    house.bank.run(backing.give_guarantee, GiveGuarantee(made.id, made.most))
    house.bank.run(funding.withdraw, LoanCommand(loan.id))
    assert behind(house, loan).guarantees[0].state == "released"


def test_a_guarantor_confirms_what_was_shown_and_not_what_it_became(house: House) -> None:
    loan, zhao = house.active("2000"), friend(house)
    made = asked(house, loan, zhao, "1500")
    own, give = actor_of("zhao", "customer", zhao.id), operation_of(backing.give_guarantee)
    command = GiveGuarantee(made.id, made.most)
    looked = house.bank.kernel.look(give, command, actor=own)
    assert looked.facts["principal"] == {"minor": 200000, "currency": "CNY"} and looked.facts["borrower"] == "*美"
    house.wait(loan.instalments[0].due_on + timedelta(days=1))
    assert house.refused(give.function, command, actor=own, seen=looked.seen) == "kernel.not_as_seen"
    looked = house.bank.kernel.look(give, command, actor=own)
    assert house.bank.run(give.function, command, actor=own, seen=looked.seen).guarantee.state == "given"


def test_what_is_refused_changes_nothing(house: House) -> None:
    loan, zhao = house.active("2000"), friend(house)
    before = behind(house, loan)
    refused = house.refused
    assert refused(backing.ask_guarantor, AskGuarantor(loan.id, house.party.id, yuan("1"))) == "lending.own_guarantor"
    assert refused(backing.ask_guarantor, AskGuarantor(loan.id, zhao.id, yuan("0"))) == "money.not_positive"
    assert (
        refused(backing.ask_guarantor, AskGuarantor(loan.id, zhao.id, yuan("2001"))) == "lending.guarantee_beyond_loan"
    )
    unverified = friend(house, 7, verified=False)
    made = asked(house, loan, unverified, "100")
    assert refused(backing.give_guarantee, GiveGuarantee(made.id, yuan("99"))) == "lending.guarantee_changed"
    assert refused(backing.give_guarantee, GiveGuarantee(made.id, yuan("100"))) == "policy.verification_level"
    assert behind(house, loan).loan_to_value == before.loan_to_value
    given(house, loan, zhao, "100")
    assert refused(backing.ask_guarantor, AskGuarantor(loan.id, zhao.id, yuan("200"))) == "lending.guarantee_stands"
    house.bank.run(lending.settle, LoanCommand(loan.id))
    assert refused(backing.ask_guarantor, AskGuarantor(loan.id, zhao.id, yuan("100"))) == "lending.loan_over"
    assert refused(backing.give_guarantee, GiveGuarantee(made.id, yuan("100"))) == "lending.guarantee_answered"
