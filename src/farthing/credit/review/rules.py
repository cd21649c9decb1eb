"""Decide whether a review may be asked for and answered. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.credit.review.model import Review
from farthing.kit.errors import conflict, malformed, not_found

OPEN = conflict(
    "credit.review_open",
    "A person is asked already to look at decision {decision_id}; the answer will stand beside it.",
    "决定 {decision_id} 的人工复核已在受理中；答复将显示在该决定旁。",
)
UNKNOWN = not_found("credit.review_unknown", "There is no review {review_id}.", "没有复核 {review_id}。")
ANSWERED = conflict(
    "credit.review_answered",
    "Review {review_id} was answered before; the first answer stands.",
    "复核 {review_id} 已答复，以首次答复为准。",
)
WORDLESS = malformed("credit.review_wordless", "Say in a few words why.", "请简要说明理由。")


def check_ask(decision_id: str, earlier: Sequence[Review], words: str) -> None:
    """Refuse ``credit.review_wordless``, and ``credit.review_open`` while one waits for its answer."""
    check_words(words)
    if any(each.open for each in earlier):
        raise OPEN(decision_id=decision_id)


def check_words(words: str) -> None:
    """Refuse ``credit.review_wordless``: nothing is said."""
    if not words.strip():
        raise WORDLESS()
