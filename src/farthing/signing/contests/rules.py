"""Decide who may contest a contract, and what a contest holds up. Pure.

While one is open the contract takes no effect, nobody steps back from it, a loan under it is not paid out and no part of it is
sold on, and nothing of its evidence is erased. Money that moved before stays where it is: who owes what is decided by people.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from farthing.kit.canonical import plain
from farthing.kit.errors import conflict, not_found
from farthing.kit.words import Words
from farthing.signing.contests.model import OUTCOMES, Contest

UNKNOWN = not_found(
    "signing.unknown_contest", "There is no such contest here; look at your list.", "没有该合同异议；请查看您的列表。"
)
OPEN_ALREADY = conflict(
    "signing.contested_already",
    "You contest this contract already ({contest_id}); wait for the answer, or withdraw it first.",
    "您已对该合同提出异议（{contest_id}）；请等待答复，或先撤回。",
)
OVER = conflict("signing.contest_over", "This contest is over: {outcome} on {on}.", "该异议已于 {on} 结束：{outcome}。")
CONTESTED = conflict(
    "signing.contested",
    "This contract is contested since {since}; until that is decided nothing about it changes.",
    "该合同自 {since} 起处于异议之中；作出决定之前不得变更。",
)


def check_may_open(before: Collection[Contest], party_id: str) -> None:
    """One at a time for each party; refuses ``signing.contested_already``."""
    for each in before:
        if each.party_id == party_id and each.outcome is None:
            raise OPEN_ALREADY(contest_id=each.id)


def check_open(contest: Contest) -> None:
    """Refuse ``signing.contest_over``."""
    if contest.outcome is not None:
        outcome: Words = OUTCOMES[contest.outcome]
        raise OVER(outcome=outcome, on=contest.ended_on)


def check_uncontested(open_ones: Collection[Contest]) -> None:
    """Refuse ``signing.contested`` while anybody contests it."""
    if open_ones:
        raise CONTESTED(since=min(each.opened_at for each in open_ones).date())


def told_at(contest: Contest, at: datetime) -> dict[str, Any]:
    """What a package made at a moment tells of a contest: the same whenever it is written. A party's own words stand in the
    package of its contest, which begins at that moment, and in no other: they are not for the other side."""
    told = {name: plain(getattr(contest, name)) for name in ("id", "contract_id", "party_id", "claim", "opened_at")}
    over = contest.ended_at is not None and contest.ended_at <= at
    told |= {name: plain(getattr(contest, name)) if over else None for name in ("outcome", "ended_on")}
    return told | ({"said": contest.said} if contest.opened_at == at else {})
