"""Somebody who may lend through the marketplace: registered, tested, shown what may be lost, warned."""

from __future__ import annotations

from farthing.funding.market import knowledge
from farthing.funding.market import lenders_service as lenders
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market.lenders_model import AcknowledgeWarning, Answer, SimulateLoss, TakeTest
from farthing.funding.market.mandates_model import MakeMandate, Mandate, Terms
from farthing.kit.actor import Actor
from farthing.kit.money import Money
from farthing.parties.model import Party
from tests.conftest import Bank
from tests.parties.people import register_person


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


TERMS = Terms(yuan("3000"), yuan("100"), yuan("200"), grades=("A", "B"))


def himself(party: Party) -> Actor:
    """The customer, who may do what a lender does and nothing else."""
    return Actor("customer:lender", frozenset({"market:lend", "market:read"}), party_id=party.id)


def answers(wrong: int = 0) -> tuple[Answer, ...]:
    """The test answered, the first so many questions wrongly."""
    asked = knowledge.shipped()
    found = []
    for number, question in enumerate(asked.questions):
        right = asked.key[question.id][0]
        others = [letter for letter in question.choices if letter != right]
        found.append(Answer(question.id, others[0] if number < wrong else right))
    return tuple(found)


def simulation(party: Party, amount: str = "1000", worth: str = "60000") -> SimulateLoss:
    """A loss simulated by somebody who has so much at hand, and neither income nor debts."""
    return SimulateLoss(party.id, yuan(amount), 100, "D", yuan("0"), yuan(worth), yuan("0"))


def lender(bank: Bank, number: int = 0, worth: str = "60000") -> Party:
    """A person who may lend today."""
    party = register_person(bank, number)
    prepared(bank, party, worth)
    return party


def mandated(bank: Bank, party: Party) -> str:
    """The id of the mandate of somebody who is known and has a wallet."""
    prepared(bank, party)
    made: Mandate = bank.run(mandates.make_mandate, MakeMandate(party.id, TERMS), actor=himself(party))
    return made.id


def prepared(bank: Bank, party: Party, worth: str = "60000") -> None:
    """Do all that comes before the first mandate."""
    actor = himself(party)
    bank.run(lenders.take_test, TakeTest(party.id, answers()), actor=actor)
    bank.run(lenders.simulate_loss, simulation(party, worth=worth), actor=actor)
    bank.run(lenders.acknowledge_warning, AcknowledgeWarning(party.id), actor=actor)
