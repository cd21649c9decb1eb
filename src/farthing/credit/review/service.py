"""Run the review of a decision by a person. It is recorded and read; it changes no decision."""

from __future__ import annotations

from datetime import date, timedelta

from farthing.credit import service as credit
from farthing.credit import store as decisions
from farthing.credit.model import Dispute
from farthing.credit.review import rules, store
from farthing.credit.review.model import LATE, AnswerReview, AskReview, Review, Waiting
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.ids import derived, prefixed
from farthing.kit.inputs import Id, PageSize
from farthing.kit.words import Words
from farthing.parties.oneself_service import not_own
from farthing.products import service as products

LATEST = 100
"""Decisions of a customer whose reviews are told together."""


@operation(
    "credit.ask_review", title=Words("Ask for a review by a person", "申请人工复核"),
    permission="credit:consent", whose=of("decision_id", decisions.decision_owner),
)  # fmt: skip
def ask_review(tx: Tx, command: AskReview) -> Review:
    """Ask that a person looks at a decision of one's own; again once the last review is answered.

    Refuses ``credit.decision_unknown``, ``credit.review_wordless``, ``credit.review_open``.
    """
    decided = credit.decision(tx, command.decision_id)
    earlier = store.of_decision(tx, decided.id)
    rules.check_ask(decided.id, earlier, command.words)
    wanted = Review(
        id=prefixed("review", derived(f"{decided.id} {len(earlier)}")), decision_id=decided.id,
        party_id=decided.party_id, asked_on=tx.business_date, outcome=None, answered_on=None, answered_by=None,
        words=command.words, answer=None, answer_by=_due(tx),
    )  # fmt: skip
    if not store.insert(tx, wanted):
        raise rules.OPEN(decision_id=decided.id)
    return wanted


def _due(tx: Tx) -> date | None:
    """By when a review that is asked for today is to be answered."""
    most = products.policy_in_force(tx).review_days_max
    return None if most is None else tx.business_date + timedelta(days=most.value)


@operation(
    "credit.tell_late_reviews", title=Words("Reviews whose answer is late", "逾期未答复的人工复核"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def tell_late(tx: Tx, step: CloseStep) -> Stepped:
    """Tell customers and whoever watches of reviews that were not answered by their day, each once. It decides nothing: a
    person still has to answer."""
    ids = store.late(tx, step.after, PIECE)
    told = store.tell_late(tx, ids) if ids else []
    evidence.append_many(tx, [(LATE, each) for each in told])
    return Stepped(len(told), ids[-1] if len(ids) == PIECE else None)


@operation(
    "credit.answer_review", title=Words("Answer a review", "答复人工复核"), permission="credit:answer", whose=STAFF
)
def answer_review(tx: Tx, command: AnswerReview) -> Review:
    """Answer an open review in one's own words. What is found is recorded for the customer, who may apply anew.

    Refuses ``credit.review_wordless``, ``credit.review_unknown``, ``credit.review_answered``, ``parties.own_matter``.
    """
    rules.check_words(command.answer)
    found = _found(tx, command.review_id)
    not_own(tx, found.party_id)
    if not store.answer(tx, found, command.outcome, command.answer):
        raise rules.ANSWERED(review_id=found.id)
    return _found(tx, found.id)


def _found(tx: Tx, review_id: str) -> Review:
    found = store.find(tx, review_id)
    if found is None:
        raise rules.UNKNOWN(review_id=review_id)
    return found


@question("credit.reviews", permission="credit:read", whose=of("decision_id", decisions.decision_owner))
def reviews(tx: Tx, decision_id: Id) -> list[Review]:
    """The reviews of a decision, oldest first, with their answers."""
    return store.of_decision(tx, decision_id)


@question("credit.reviews_of", permission="credit:read", whose=of("party_id"))
def reviews_of(tx: Tx, party_id: Id) -> list[Review]:
    """The reviews of a customer's latest hundred decisions, the newest first, with their answers."""
    return store.of_decisions(tx, [each.id for each in credit.decisions(tx, party_id, LATEST)])


@question("credit.open_reviews", permission="credit:answer", whose=STAFF)
def open_reviews(tx: Tx, limit: PageSize = 50) -> list[Review]:
    """The reviews that wait for an answer, the one that is due first on top."""
    return store.waiting(tx, limit)


@question("credit.complaints", permission="reports:read", whose=STAFF)
def complaints(tx: Tx) -> list[Waiting]:
    """How many reviews and disputes wait for an answer, by the day they were asked for. No words and no names."""
    return store.reviews_waiting(tx) + store.disputes_waiting(tx)


@question("credit.open_disputes", permission="credit:answer", whose=STAFF)
def open_disputes(tx: Tx, limit: PageSize = 50) -> list[Dispute]:
    """Everybody's disputes that wait for an answer, the one that is due first on top."""
    return decisions.open_disputes(tx, limit)


def forget(tx: Tx, party_id: str) -> None:
    """Empty what was typed in the reviews of somebody who is erased."""
    store.forget(tx, party_id)
