"""Decide what may be disputed, when silence decides, and who is told. Pure.

A furnisher that says nothing by the last day loses the item: what nobody vouches for is not shown (Credit Reporting Regulation
art. 25; 15 USC 1681i(a)(5)). An answer on the last day is in time; the close of that day decides what is still open.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from farthing.exchange.disputing.model import SILENT, Dispute, Given, Outcome
from farthing.exchange.law.model import Clock
from farthing.exchange.law.rules import due_on, furnisher_by
from farthing.kit.errors import conflict, declined, not_found

ITEM_UNKNOWN = not_found(
    "exchange.item_unknown",
    "There is no such item in the person's file; take it from her report.",
    "其信用档案中没有该项；请从报告中选择。",
)
ALREADY = conflict(
    "exchange.dispute_open",
    "This item is disputed already (dispute {dispute_id}, answered by {due_on}).",
    "该项已在异议处理中（异议 {dispute_id}，最迟 {due_on} 答复）。",
)
UNKNOWN = not_found("exchange.dispute_unknown", "There is no dispute {dispute_id} here.", "没有异议 {dispute_id}。")
CLOSED = conflict(
    "exchange.dispute_closed",
    "Dispute {dispute_id} is closed ({outcome}); what comes after its last day changes nothing.",
    "异议 {dispute_id} 已办结（{outcome}）；逾期答复不产生任何效果。",
)
NOT_CORRECTED = declined(
    "exchange.dispute_not_corrected",
    "Nothing was corrected: send the item as it should be before answering that it was corrected.",
    "该项尚未更正：请先报送更正后的信息，再答复已更正。",
)
FURTHER_NOT_MEANT = declined(
    "exchange.dispute_not_longer",
    "The last day of this dispute cannot be moved: the law here gives no further days, or they were given.",
    "该异议的答复期限不能延长：当地法律未规定延期，或已延期。",
)


def opened(clock: Clock, blank: Dispute, on: date, holidays: Collection[date], others: Sequence[Dispute]) -> Dispute:
    """A dispute with its days; ``blank`` says of which item and why. Refuses ``exchange.dispute_open``."""
    same = (each for each in others if each.open and overlaps(each, blank))
    for each in same:
        raise ALREADY(dispute_id=each.id, due_on=each.due_on.isoformat())
    return replace(blank, opened_on=on, ask_by=furnisher_by(clock, on, holidays), due_on=due_on(clock, on))


def overlaps(one: Dispute, other: Dispute) -> bool:
    """Whether two disputes are of the same item, or one of a month of the other's account."""
    same = one.tradeline_id == other.tradeline_id
    return same and (one.period is None or other.period is None or one.period == other.period)


def longer(clock: Clock, it: Dispute) -> Dispute:
    """The dispute with the further days that the law gives where the person brings more, once.

    Refuses ``exchange.dispute_closed``, ``exchange.dispute_not_longer``.
    """
    if not it.open:
        raise CLOSED(dispute_id=it.id, outcome=it.outcome)
    if it.further or not clock.further_days:
        raise FURTHER_NOT_MEANT()
    return replace(it, further=True, due_on=due_on(clock, it.opened_on, further=True))


def answered(
    it: Dispute, outcome: Outcome, finding: str, by: str, on: date, *, corrected_at: int | None, revision: int
) -> Dispute:
    """A dispute with its outcome. ``corrected_at``: the newest revision at which its furnisher changed the item.

    Refuses ``exchange.dispute_closed``, ``exchange.dispute_not_corrected``.
    """
    if not it.open or on > it.due_on:
        raise CLOSED(dispute_id=it.id, outcome=it.outcome or "deleted")
    if outcome == "corrected" and (corrected_at is None or corrected_at <= it.revision):
        raise NOT_CORRECTED()
    return _closed(it, outcome, finding, by, on, revision)


def lapsed(it: Dispute, on: date, revision: int) -> Dispute:
    """A dispute whose last day ended without an answer: the item is deleted. Changes none that is answered or not due."""
    if not it.open or on < it.due_on:
        return it
    return _closed(it, "deleted", "", SILENT, on, revision)


def _closed(it: Dispute, outcome: Outcome, finding: str, by: str, on: date, revision: int) -> Dispute:
    return replace(it, outcome=outcome, finding=finding, decided_by=by, closed_on=on, closed_revision=revision)


def readers(
    views: Sequence[Given], cls: str, period: date | None, wrong_from: int, right_from: int, but: Collection[str]
) -> list[str]:
    """Who was shown the item while it was wrong: each reader once, but those who have no need to be told (the furnisher, the
    person)."""
    saw = {each.given_to for each in views if wrong_from <= each.revision < right_from and each.showed(cls, period)}
    return sorted(saw - set(but))


NOTICE_DAYS = 10
"""How long a notice waits for its member; then the member is listed as unreached, and hears of it still when it asks."""


def notice_due(on: date) -> date:
    """Until when a notice waits before its member counts as unreached."""
    return on + timedelta(days=NOTICE_DAYS)
