"""Decide about groups: who may join and leave, when they meet, and whether a sheet may be collected. Pure.

Members answer for each other. So nobody joins while a loan of the group is late, and nobody leaves while anybody in it owes.
A sheet is taken whole or not at all, and says no more and no less than the cash that was counted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from farthing.kit.errors import conflict, declined, malformed, not_found
from farthing.kit.money import Money, positive, total
from farthing.lending.groups.model import CashPaid, CollectSheet, Group, Joined, JoinLoanGroup, Member, Sheet
from farthing.lending.standing import Standing

MOST_MEMBERS = 50
MOST_WEEKS = 12

UNKNOWN_GROUP = not_found("lending.unknown_group", "There is no group {group_id}.", "没有小组 {group_id}。")
BAD_MEETING = malformed(
    "lending.bad_meeting",
    "A group meets every 1 to {most} weeks, from today on; {weeks} weeks from {from_on} was given.",
    "小组每 1 至 {most} 周集会一次，且不早于今天；收到每 {weeks} 周、自 {from_on} 起。",
)
NAMELESS = malformed(
    "lending.group_nameless",
    "A group has a name and a place where it meets; give both.",
    "小组须有名称和集会地点；请填写。",
)
NOT_ASKED = declined(
    "lending.not_asked_to_join",
    "The group has not asked this customer, or the customer has left; its officer asks first.",
    "小组未邀请该客户，或其已退出；请先由客户经理邀请。",
)
IN_A_GROUP = conflict(
    "lending.in_a_group",
    "This customer belongs to a group already; one answers for the loans of one group.",
    "该客户已属于一个小组；每人只为一个小组的贷款承担连带责任。",
)
GROUP_FULL = declined(
    "lending.group_full",
    "A group has at most {most} members; form another.",
    "小组至多 {most} 名成员；请另组一个小组。",
)
GROUP_LATE = declined(
    "lending.group_late",
    "{late} loans of the group or of who joins are late; nobody joins before they are in time again.",
    "小组或拟加入者有 {late} 笔贷款逾期；恢复正常之前不能加入。",
)
GROUP_OWES = declined(
    "lending.group_owes",
    "Members owe {owed} together, for which each of them answers; nobody leaves before it is repaid.",
    "小组成员共欠 {owed}，由全体成员连带承担；还清之前不能退出。",
)
NOT_A_MEMBER = declined(
    "lending.not_a_member",
    "{who} does not belong to this group, and its sheet takes cash of members for members' loans alone.",
    "{who} 不属于该小组；收款单只收取成员为成员贷款支付的现金。",
)
SHEET_TAKEN = conflict(
    "lending.sheet_taken",
    "Sheet {number} is not the next one, which is {next}; look at the sheet again, it may have been collected already.",
    "第 {number} 号收款单不是下一份（下一份为第 {next} 号）；请重新查看，可能已经收过。",
)
SHEET_EMPTY = malformed(
    "lending.sheet_empty",
    "Nobody paid anything on this sheet; write what each member brought.",
    "收款单上没有任何人付款；请填写每位成员所付金额。",
)
SHEET_DIFFERS = declined(
    "lending.sheet_differs",
    "The lines come to {lines} and {total} was counted; count again, or find the line that is wrong. Nothing was collected.",
    "各行合计 {lines}，清点为 {total}；请重新清点或更正有误的行。尚未收取任何款项。",
)
SHEET_BEYOND_DUE = declined(
    "lending.sheet_beyond_due",
    "{amount} was paid for {name}, who owes {due} today; take that, and give the rest back.",
    "为 {name} 支付了 {amount}，今日应还 {due}；请按应还金额收取，余款退回。",
)


def check_meeting(name: str, place: str, from_on: date, every_weeks: int, today: date) -> None:
    """Refuse ``lending.group_nameless`` and ``lending.bad_meeting``."""
    if not name.strip() or not place.strip():
        raise NAMELESS()
    if not 1 <= every_weeks <= MOST_WEEKS or from_on < today:
        raise BAD_MEETING(most=MOST_WEEKS, weeks=every_weeks, from_on=from_on.isoformat())


def meets_on(group: Group, on: date) -> date:
    """The day of the first meeting from a day on."""
    step = timedelta(weeks=group.every_weeks)
    missed = -(-(on - group.from_on).days // step.days) if on > group.from_on else 0
    return group.from_on + missed * step


def check_asked(member: Member | None, members: Sequence[Member]) -> None:
    """Refuse ``lending.in_a_group`` of a member of this group and ``lending.group_full``."""
    if member is not None and member.state == "in":
        raise IN_A_GROUP()
    if sum(each.state == "in" for each in members) >= MOST_MEMBERS:
        raise GROUP_FULL(most=MOST_MEMBERS)


def check_join(member: Member | None, elsewhere: bool, members: Sequence[Member], loans: Sequence[Standing]) -> None:
    """Refuse to let somebody join: ``lending.not_asked_to_join``, ``lending.in_a_group``, ``lending.group_full``,
    ``lending.group_late``. ``loans``: the open loans of the members, and of who joins."""
    if member is None or member.state != "asked":
        raise NOT_ASKED()
    if elsewhere:
        raise IN_A_GROUP()
    check_asked(None, members)
    late = sum(each.days_late > 0 for each in loans)
    if late:
        raise GROUP_LATE(late=late)


def check_leave(member: Member | None, loans: Sequence[Standing], currency: str) -> None:
    """Refuse ``lending.not_a_member`` and, while a loan of a member is not over, ``lending.group_owes``."""
    if member is None or member.state != "in":
        raise NOT_A_MEMBER(who=member.party_id if member else "-")
    if loans:
        raise GROUP_OWES(owed=str(total([each.owed for each in loans], currency)))


def check_sheet(
    sheet: CollectSheet,
    following: int,
    members: Collection[str],
    loans: Mapping[str, Standing],
    names: Mapping[str, str],
) -> None:
    """Refuse a sheet that cannot be collected whole; the first that applies, and nothing of it is.

    ``lending.sheet_taken``, ``lending.sheet_empty``, ``money.*``, ``lending.sheet_differs``, ``lending.not_a_member``,
    ``lending.sheet_beyond_due``. ``names``: how the members are called to the officer.
    """
    if sheet.number != following:
        raise SHEET_TAKEN(number=sheet.number, next=following)
    if not sheet.lines:
        raise SHEET_EMPTY()
    come_to = total([positive(each.amount) for each in sheet.lines], sheet.total.currency)
    if come_to != sheet.total:
        raise SHEET_DIFFERS(lines=str(come_to), total=str(sheet.total))
    paid: dict[str, Money] = {}
    for line in sheet.lines:
        loan = loans.get(line.loan_id)
        if line.payer not in members or loan is None:
            raise NOT_A_MEMBER(who=line.payer if line.payer not in members else line.loan_id)
        paid[line.loan_id] = paid.get(line.loan_id, line.amount * 0) + line.amount
        if paid[line.loan_id] > loan.due:
            name = names.get(loan.party_id, loan.party_id)
            raise SHEET_BEYOND_DUE(amount=str(paid[line.loan_id]), name=name, due=str(loan.due), loan_id=line.loan_id)


def brought(lines: Sequence[CashPaid]) -> list[tuple[str, Money]]:
    """The cash of each member who brought some, in the order of the sheet: one entry a person, however many loans it pays."""
    found: dict[str, Money] = {}
    for line in lines:
        found[line.payer] = found.get(line.payer, line.amount * 0) + line.amount
    return list(found.items())


def same(sheet: CollectSheet, collected: Sheet) -> bool:
    """Whether a sheet that was collected is this one, word for word: sending it twice collects once."""
    return sheet.total == collected.total and [(each.payer, each.loan_id, each.amount) for each in sheet.lines] == [
        (each.payer_id, each.loan_id, each.amount) for each in collected.lines
    ]


def joined_seen(command: JoinLoanGroup, done: Joined) -> dict[str, Any]:
    """What somebody must have seen who joins: which group, how many belong to it, what they owe together."""
    return {"group": done.name, "members": done.members, "owed": done.owed}


def sheet_seen(command: CollectSheet, done: Sheet) -> dict[str, Any]:
    """What an officer must have seen: the cash, how many paid, and how much of it was paid for others."""
    others = [each.amount for each in done.lines if each.for_another]
    return {
        "total": done.total, "payers": len({each.payer_id for each in done.lines}),
        "for_others": total(others, done.total.currency),
    }  # fmt: skip
