"""Read and write the table ``credit_review``; count open rows of ``credit_dispute``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from farthing.credit.review.model import LateTold, Review, Waiting
from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kernel import words_sealed
from farthing.kernel.words_sealed import Text

INSERT_REVIEW: LiteralString = """
    INSERT INTO credit_review (id, decision_id, party_id, words, asked_on, answer_by)
    VALUES (%(id)s, %(decision_id)s, %(party_id)s, %(words)s, %(asked_on)s, %(answer_by)s)
    ON CONFLICT (id) DO NOTHING
"""
FIND_REVIEW: LiteralString = """
    SELECT id, decision_id, party_id, words, asked_on, outcome, answer, answered_on, answered_by,
           answer_by, late_told_on
    FROM credit_review WHERE id = %(review_id)s
"""
REVIEWS_OF_DECISION: LiteralString = """
    SELECT id, decision_id, party_id, words, asked_on, outcome, answer, answered_on, answered_by,
           answer_by, late_told_on
    FROM credit_review WHERE decision_id = %(decision_id)s ORDER BY asked_on, answered_on NULLS LAST, id
"""
REVIEWS_OF_DECISIONS: LiteralString = """
    SELECT id, decision_id, party_id, words, asked_on, outcome, answer, answered_on, answered_by,
           answer_by, late_told_on
    FROM credit_review WHERE decision_id = ANY(%(ids)s) ORDER BY asked_on DESC, id DESC
"""
OPEN_REVIEWS: LiteralString = """
    SELECT id, decision_id, party_id, words, asked_on, outcome, answer, answered_on, answered_by,
           answer_by, late_told_on
    FROM credit_review WHERE outcome IS NULL ORDER BY answer_by NULLS FIRST, asked_on, id LIMIT %(limit)s
"""
REVIEWS_WAITING: LiteralString = """
    SELECT asked_on, answer_by, count(*) AS waiting FROM credit_review
    WHERE outcome IS NULL GROUP BY asked_on, answer_by ORDER BY asked_on, answer_by
"""
DISPUTES_WAITING: LiteralString = """
    SELECT opened_on, answer_by, count(*) AS waiting FROM credit_dispute
    WHERE state = 'open' GROUP BY opened_on, answer_by ORDER BY opened_on, answer_by
"""
FORGET: LiteralString = """
    UPDATE credit_review SET words = '', answer = CASE WHEN answer IS NULL THEN NULL ELSE '' END WHERE party_id = %(party_id)s
"""
LATE_REVIEWS: LiteralString = """
    SELECT id FROM credit_review
    WHERE outcome IS NULL AND late_told_on IS NULL AND answer_by < %(on)s AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""
TELL_LATE: LiteralString = """
    UPDATE credit_review SET late_told_on = %(on)s
    WHERE id = ANY(%(ids)s) AND outcome IS NULL AND late_told_on IS NULL
    RETURNING id, decision_id, party_id, answer_by
"""
ANSWER_REVIEW: LiteralString = """
    UPDATE credit_review SET outcome = %(outcome)s, answer = %(answer)s, answered_on = %(on)s, answered_by = %(by)s
    WHERE id = %(review_id)s AND outcome IS NULL
"""


def insert(tx: Tx, review: Review) -> bool:
    """Keep a review, its words under its party's key; false where somebody asked for the same one at the same time."""
    (words,) = words_sealed.closed(tx, [_text(review.id, review.party_id, "words", review.words)])
    values = {
        "id": review.id, "decision_id": review.decision_id, "party_id": review.party_id, "words": words,
        "asked_on": review.asked_on, "answer_by": review.answer_by,
    }  # fmt: skip
    return tx.execute(INSERT_REVIEW, values) == 1


def find(tx: Tx, review_id: str) -> Review | None:
    """One review, or none."""
    row = tx.maybe(FIND_REVIEW, {"review_id": review_id})
    return _reviews(tx, [row])[0] if row else None


def of_decision(tx: Tx, decision_id: str) -> list[Review]:
    """The reviews of a decision, oldest first."""
    return _reviews(tx, tx.rows(REVIEWS_OF_DECISION, {"decision_id": decision_id}))


def of_decisions(tx: Tx, decision_ids: list[str]) -> list[Review]:
    """The reviews of several decisions, the newest first."""
    found = tx.rows(REVIEWS_OF_DECISIONS, {"ids": rows.texts(decision_ids)}) if decision_ids else []
    return _reviews(tx, found)


def waiting(tx: Tx, limit: int) -> list[Review]:
    """The reviews that wait for an answer, oldest first."""
    return _reviews(tx, tx.rows(OPEN_REVIEWS, {"limit": limit}))


def forget(tx: Tx, party_id: str) -> None:
    """Empty what was typed in the reviews of somebody who is erased."""
    tx.execute(FORGET, {"party_id": party_id})


def _reviews(tx: Tx, found: Sequence[Row]) -> list[Review]:
    texts = [_text(row["id"], row["party_id"], name, row[name] or "") for row in found for name in ("words", "answer")]
    said = iter(words_sealed.said(tx, texts))
    told = [(row, next(said), next(said)) for row in found]
    return [
        Review(**{**row, "words": words, "answer": None if row["answer"] is None else answer})
        for row, words, answer in told
    ]


def _text(review_id: str, party_id: str, name: str, text: str) -> Text:
    return Text(f"credit_review {review_id} {name}", party_id, text)


def reviews_waiting(tx: Tx) -> list[Waiting]:
    """Reviews without an answer, counted by the day they were asked for, the oldest first."""
    return [Waiting("review", row["asked_on"], row["answer_by"], row["waiting"]) for row in tx.rows(REVIEWS_WAITING)]


def disputes_waiting(tx: Tx) -> list[Waiting]:
    """Disputes without an answer, counted by the day they were opened, the oldest first."""
    return [Waiting("dispute", row["opened_on"], row["answer_by"], row["waiting"]) for row in tx.rows(DISPUTES_WAITING)]


def answer(tx: Tx, review: Review, outcome: str, words: str) -> bool:
    """Answer a review, under its party's key; false where it was answered before."""
    (kept,) = words_sealed.closed(tx, [_text(review.id, review.party_id, "answer", words)])
    values = {
        "review_id": review.id, "outcome": outcome, "answer": kept, "on": tx.business_date, "by": tx.actor.id,
    }  # fmt: skip
    return tx.execute(ANSWER_REVIEW, values) == 1


def late(tx: Tx, after: str, limit: int) -> list[str]:
    """Reviews whose day to be answered by is over and whose customers were not told so yet, in the order of their ids."""
    return [row["id"] for row in tx.rows(LATE_REVIEWS, {"on": tx.business_date, "after": after, "limit": limit})]


def tell_late(tx: Tx, ids: list[str]) -> list[LateTold]:
    """Mark that it is told of them; answers those that were still open and untold."""
    found = tx.rows(TELL_LATE, {"ids": rows.texts(ids), "on": tx.business_date})
    return [LateTold(row["id"], row["decision_id"], row["party_id"], row["answer_by"]) for row in found]
