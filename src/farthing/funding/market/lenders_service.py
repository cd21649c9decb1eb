"""Run what somebody does before lending through the marketplace: test, simulated loss, warning. By the customer himself."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.db.tx import Tx
from farthing.funding.market import knowledge, lenders_store
from farthing.funding.market import lenders_rules as rules
from farthing.funding.market.lenders_model import (
    AcknowledgeWarning,
    Fan,
    LenderStanding,
    LenderTest,
    Loans,
    Marked,
    Simulated,
    SimulateLoss,
    TakeTest,
)
from farthing.funding.valuing import curve
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, of
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Code, Id, Word
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.products import service as products
from farthing.products.marketplace import Marketplace


@question("market.test", permission=PUBLIC, whose=NOBODYS)
def test(tx: Tx) -> LenderTest:
    """The questions that a lender answers before the first mandate."""
    asked = knowledge.shipped()
    return LenderTest(asked.name, asked.pass_mark, asked.questions)


@question("market.outcomes", permission=PUBLIC, whose=NOBODYS)
def outcomes(tx: Tx, amount: Code, loans: Loans, grade: Word) -> Fan:
    """What an amount (such as 1000.50) over so many loans of a grade may come to in a year, and what more loans do not change.

    Refuses ``money.*`` and ``market.unknown_grade``.
    """
    return rules.fan(curve.shipped(), Money.parse(amount, tx.home), loans, grade)


@question("market.lender", permission="market:read", whose=of("party_id"))
def lender(tx: Tx, party_id: Id) -> LenderStanding:
    """What a party has done and lacks before it may lend; refuses ``market.none`` and ``parties.unknown``."""
    return standing_of(tx, parties.party(tx, party_id).id)


@operation(
    "market.take_test", title=Words("Take the lender's test", "参加出借人知识测试"),
    permission="market:lend", whose=of("party_id"),
)  # fmt: skip
def take_test(tx: Tx, command: TakeTest) -> Marked:
    """Mark a test and explain each answer.

    Refuses ``market.none``, ``parties.unknown``, ``market.test_too_soon``, ``market.test_answered_twice``,
    ``market.test_no_question``, ``market.test_not_answered``.
    """
    law, party_id = law_in_force(tx), parties.party(tx, command.party_id).id
    rules.check_again(lenders_store.lender(tx, party_id), law, tx.business_date)
    asked = knowledge.shipped()
    explained = asked.marked(rules.by_question(command.answers))
    right = sum(each.answered == each.right for each in explained)
    passed = right >= asked.pass_mark
    lenders_store.tested(tx, party_id, tx.business_date, passed=passed)
    return Marked(passed, right, asked.pass_mark, standing_of(tx, party_id), explained)


@operation(
    "market.simulate_loss", title=Words("Simulate a loss", "模拟出借损失"),
    permission="market:lend", whose=of("party_id"),
)  # fmt: skip
def simulate_loss(tx: Tx, command: SimulateLoss) -> Simulated:
    """Show what lending may come to beside what somebody has, and keep what he can bear to lose.

    Refuses ``market.none``, ``parties.unknown``, ``market.figure_negative``, ``money.currency_mismatch``,
    ``money.not_positive``, ``market.unknown_grade``.
    """
    law, party_id = law_in_force(tx), parties.party(tx, command.party_id).id
    worth = rules.net_worth(command, tx.home)
    bears = rules.borne(worth, law)
    beyond = command.amount > bears
    shown = rules.fan(curve.shipped(), command.amount, command.loans, command.grade)
    lenders_store.simulated(tx, party_id, tx.business_date, worth)
    return Simulated(beyond, shown, standing_of(tx, party_id), worth, bears)


@operation(
    "market.acknowledge_warning", title=Words("Acknowledge the lender's warning", "确认出借风险提示"),
    permission="market:lend", whose=of("party_id"), confirm=rules.warning_seen,
)  # fmt: skip
def acknowledge_warning(tx: Tx, command: AcknowledgeWarning) -> LenderStanding:
    """Keep that the warning was read; refuses ``market.none`` and ``parties.unknown``."""
    law_in_force(tx)
    party_id = parties.party(tx, command.party_id).id
    lenders_store.warned(tx, party_id, tx.business_date)
    return standing_of(tx, party_id)


def law_in_force(tx: Tx) -> Marketplace:
    """What the law asks of a marketplace; refuses ``market.none``."""
    return rules.law_of(products.policy_in_force(tx).marketplace)


def standing_of(tx: Tx, party_id: str) -> LenderStanding:
    """Whether a party may lend today, and what it lacks."""
    level = parties.party(tx, party_id).verification_level
    return rules.standing(lenders_store.lender(tx, party_id), law_in_force(tx), tx.business_date, level)


def ready(tx: Tx, party_ids: Sequence[str]) -> set[str]:
    """Those of these parties, who were verified when they gave their mandates, who may lend today."""
    law = law_in_force(tx)
    known = law.verification_min
    found = [rules.standing(each, law, tx.business_date, known) for each in lenders_store.lenders(tx, party_ids)]
    return {each.party_id for each in found if not each.missing}


def forget(tx: Tx, party_id: str) -> None:
    """Empty what a party said of its means, for a person who is erased."""
    lenders_store.forget(tx, party_id)
