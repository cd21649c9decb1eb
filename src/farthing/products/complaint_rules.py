"""Own ``ComplaintRules``: by when a complaint is answered, who speaks and gives redress, where to go next, as data of a pack.
Pure."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.kit.words import Words

COUNTS = ("calendar", "business")
PAUSES = ("asked", "mediation", "appraisal")
"""Why a clock may stand still: the complainant asked for it; both are before a mediator; an expert looks."""
MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Onward:
    """Who hears a complaint that the bank rejected: where, and for how many days after the answer."""

    name: Words
    where: Words
    within_days: int


@dataclass(frozen=True, slots=True)
class ComplaintRules:
    """A complaint is answered by the end of ``days[0]``; each extension, which two want, moves that to the next of ``days``.

    ``business``: business days count, else all. ``rolls``: a last day on which the bank is closed moves on to its next business
    day. ``summary_days``: business days within which a complaint that is settled is ended by a short answer (0: none). Whoever
    does not agree asks once more within ``appeal_within_days``, answered by another person within ``appeal_days``. ``warn_days``:
    so long before its last day a case is escalated. ``pauses``: why a clock may stand still. ``speakers_max``: of a group (0: any
    number). One member of staff gives ``alone_max`` of one case and ``alone_day`` in a day, more two together.
    """

    days: tuple[int, ...]
    business: bool
    rolls: bool
    summary_days: int
    appeal_within_days: int
    appeal_days: int
    warn_days: int
    pauses: tuple[str, ...]
    speakers_max: int
    alone_max: Money
    alone_day: Money
    onward: Onward
    article: Words


def before(currency: str, silent: Words) -> ComplaintRules:
    """What holds where no pack says it: fifteen days, nothing extends or stops them, redress by two."""
    nowhere = Onward(
        Words("the supervisor of this bank", "本行的监管机构"), Words("its office", "其办公地点"), MOST_DAYS
    )
    least = Money(1, currency)
    return ComplaintRules((15,), False, False, 0, 30, 15, 5, (), 5, least, least, nowhere, silent)


def decode(table: Table, currency: str) -> ComplaintRules:
    """The part ``[complaints]`` of a policy pack; refuses ``products.*`` by key."""
    days = table.many("days", lambda each: each.whole("days", 1, MOST_DAYS))
    if sorted(set(days)) != list(days):
        raise table.wrong("days", "must rise from one to the next", "须逐级递增")
    pauses = table.texts("pauses")
    for each in pauses:
        if each not in PAUSES:
            raise table.unfit("pauses", each, f"one of {', '.join(PAUSES)}", f"以下之一：{', '.join(PAUSES)}")
    onward = table.table("onward")
    found = ComplaintRules(
        days, table.choice("count", COUNTS) == "business", table.flag("rolls"), table.whole("summary_days", 0, MOST_DAYS),
        table.whole("appeal_within_days", 1, MOST_DAYS), table.whole("appeal_days", 1, MOST_DAYS),
        table.whole("warn_days", 0, MOST_DAYS), pauses, table.whole("speakers_max", 0, 1000),
        table.positive("alone_max", currency), table.positive("alone_day", currency),
        Onward(onward.words("name"), onward.words("where"), onward.whole("within_days", 1, 3660)), table.words("article"),
    )  # fmt: skip
    onward.close()
    table.close()
    return found
