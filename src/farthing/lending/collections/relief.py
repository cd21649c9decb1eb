"""Decide what a plan of relief does to a loan, and whether it is followed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from farthing.kit.errors import malformed
from farthing.lending.acts.model import Act, LowerRate, PauseInterest, Reschedule, Waive
from farthing.lending.collections.model import CarryOutRelief, Hardship, Kept

EMPTY = malformed(
    "lending.relief_empty",
    "The plan does nothing; say what it forgives, which rate is agreed, until when interest is paused, or how due days change.",
    "方案没有任何内容；请填写减免金额、新利率、停息截止日或还款安排的变更。",
)
Due = tuple[date, date | None, bool]
"""An instalment: its day, the day on which nothing of it was owed any more, and whether something is owed now."""


def parts(command: CarryOutRelief, loan_id: str) -> list[tuple[str, Act]]:
    """The acts of a plan by their words, in the order in which they are done: what is owed already is forgiven before what is to
    come changes.

    Refuses ``lending.relief_empty``."""
    words, found = command.words, list[tuple[str, Act]]()
    if command.waived is not None:
        found.append(("waive", Waive(loan_id, "penalty", command.waived, words)))
    if command.annual is not None:
        found.append(("rate", LowerRate(loan_id, command.annual, words)))
    if command.paused_until is not None:
        found.append(("pause", PauseInterest(loan_id, command.paused_until, words)))
    if command.how:
        due_on, until = command.due_on, command.moved_to
        found.append(("reschedule", Reschedule(loan_id, command.how, words, due_on, until, command.count)))
    if not found:
        raise EMPTY()
    return found


def plan_of(command: CarryOutRelief) -> str:
    """What a plan is called: by what of it changes most."""
    if command.how:
        return "reschedule"
    if command.paused_until is not None:
        return "pause"
    return "lower_rate" if command.annual is not None else "penalty_waived"


def followed(plan: Hardship, dues: Iterable[Due], on: date) -> Kept | None:
    """Whether a plan that was carried out is kept: whether everything that fell due since, up to its last day, was paid on its
    day; open until that day is over. None of one that was not carried out."""
    if not plan.event or plan.decided_on is None or plan.until_on is None:
        return None
    for due_on, paid_on, owed in dues:
        fell = plan.decided_on <= due_on <= min(plan.until_on, on - timedelta(days=1))
        if fell and (owed or (paid_on is not None and paid_on > due_on)):
            return "broken"
    return "open" if on <= plan.until_on else "kept"
