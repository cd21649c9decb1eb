"""Run groups of borrowers who answer for each other: formed and met by an officer, joined and left by each member's own act."""

from __future__ import annotations

from dataclasses import replace

from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.money import Money, total
from farthing.kit.words import Words
from farthing.lending import refusals
from farthing.lending.groups import rules, store
from farthing.lending.groups.model import (
    AskMember,
    Belongs,
    FormGroup,
    Group,
    GroupView,
    Joined,
    JoinLoanGroup,
    LeaveLoanGroup,
    Member,
    MoveMeeting,
)
from farthing.lending.standing import Standing
from farthing.lending.standing_service import open_loans
from farthing.parties import service as parties


@operation(
    "lending.form_group", title=Words("Form a group of borrowers", "组建联保小组"),
    permission="lending:groups", whose=STAFF,
)  # fmt: skip
def form_group(tx: Tx, command: FormGroup) -> Group:
    """Form a group that the actor meets; nobody belongs to it before joining.

    Refuses ``lending.group_nameless``, ``lending.bad_meeting``.
    """
    rules.check_meeting(command.name, command.place, command.from_on, command.every_weeks, tx.business_date)
    made = Group(
        tx.new_id("lgroup"), command.name, tx.actor.id, command.from_on, command.every_weeks, command.place, 0,
        tx.business_date,
    )  # fmt: skip
    store.insert_group(tx, made)
    return made


@operation(
    "lending.move_meeting", title=Words("Move a group's meetings", "变更小组集会"),
    permission="lending:groups", whose=STAFF,
)  # fmt: skip
def move_meeting(tx: Tx, command: MoveMeeting) -> Group:
    """Let a group meet on other days or elsewhere, and the actor be who meets it.

    Refuses ``lending.unknown_group``, ``lending.group_nameless``, ``lending.bad_meeting``.
    """
    found = held(tx, command.group_id)
    rules.check_meeting(found.name, command.place, command.from_on, command.every_weeks, tx.business_date)
    moved = replace(
        found, officer=tx.actor.id, from_on=command.from_on, every_weeks=command.every_weeks, place=command.place
    )
    store.move_meeting(tx, moved)
    return moved


@operation(
    "lending.ask_member", title=Words("Ask somebody to join a group", "邀请加入联保小组"),
    permission="lending:groups", whose=STAFF,
)  # fmt: skip
def ask_member(tx: Tx, command: AskMember) -> Member:
    """Ask a customer to join; nobody answers for anything by being asked. Who was asked stays asked.

    Refuses ``lending.unknown_group``, ``parties.unknown``, ``lending.in_a_group``, ``lending.group_full``.
    """
    found = held(tx, command.group_id)
    known = parties.party(tx, command.party_id)
    there = store.members(tx, [found.id])
    rules.check_asked(_of(there, known.id), there)
    store.ask(tx, found.id, known.id, tx.business_date)
    return next(each for each in store.members(tx, [found.id]) if each.party_id == known.id)


@operation(
    "lending.join_loan_group", title=Words("Join a group of borrowers", "加入联保小组"),
    permission="lending:back", whose=of("party_id"), confirm=rules.joined_seen,
)  # fmt: skip
def join_loan_group(tx: Tx, command: JoinLoanGroup) -> Joined:
    """Join: answer for what the members owe from now on.

    Refuses ``lending.unknown_group``, ``lending.not_asked_to_join``, ``lending.in_a_group``, ``lending.group_full``,
    ``lending.group_late``.
    """
    found = held(tx, command.group_id)
    there = store.members(tx, [found.id])
    elsewhere = any(each.state == "in" for each in store.of_party(tx, command.party_id))
    own = open_loans(tx, [command.party_id])
    rules.check_join(_of(there, command.party_id), elsewhere, there, [*_loans(tx, there), *own])
    store.join(tx, found.id, command.party_id, tx.business_date)
    return _joined(tx, found, "in")


@operation(
    "lending.leave_loan_group", title=Words("Leave a group of borrowers", "退出联保小组"),
    permission="lending:back", whose=of("party_id"),
)  # fmt: skip
def leave_loan_group(tx: Tx, command: LeaveLoanGroup) -> Joined:
    """Leave a group in which nobody owes anything.

    Refuses ``lending.unknown_group``, ``lending.not_a_member``, ``lending.group_owes``.
    """
    found = held(tx, command.group_id)
    there = store.members(tx, [found.id])
    rules.check_leave(_of(there, command.party_id), _loans(tx, there), tx.home)
    store.leave(tx, found.id, command.party_id, tx.business_date)
    return _joined(tx, found, "left")


def held(tx: Tx, group_id: str) -> Group:
    """One group, of which other changes wait for this transaction; refuses ``lending.unknown_group``."""
    found = store.group(tx, group_id, lock=True) if group_id.isprintable() else None
    if found is None:
        raise rules.UNKNOWN_GROUP(group_id=group_id)
    return found


def _of(there: list[Member], party_id: str) -> Member | None:
    return next((each for each in there if each.party_id == party_id), None)


def _loans(tx: Tx, there: list[Member]) -> list[Standing]:
    """The loans of those who belong, that are not over."""
    belong = [each.party_id for each in there if each.state == "in"]
    return open_loans(tx, belong) if belong else []


def _joined(tx: Tx, found: Group, state: Belongs) -> Joined:
    there = store.members(tx, [found.id])
    return Joined(
        found.id, found.name, sum(each.state == "in" for each in there), _owed(tx, _loans(tx, there)), state
    )  # fmt: skip


def _owed(tx: Tx, loans: list[Standing]) -> Money:
    return total([each.owed for each in loans], tx.home)


@question("lending.loan_group", permission="lending:read_groups", whose=STAFF)
def loan_group(tx: Tx, group_id: Id) -> GroupView:
    """A group with its members, what they owe together, and when it meets next; refuses ``lending.unknown_group``."""
    found = store.group(tx, group_id) if group_id.isprintable() else None
    if found is None:
        raise rules.UNKNOWN_GROUP(group_id=group_id)
    return _views(tx, [found])[0]


@question("lending.loan_groups", permission="lending:read_groups", whose=STAFF)
def loan_groups(tx: Tx, after: Cursor = "", limit: PageSize = 50) -> list[GroupView]:
    """Groups with their members and what these owe, the oldest first; continue with ``after`` the last id."""
    return _views(tx, store.groups(tx, after, limit))


def _views(tx: Tx, found: list[Group]) -> list[GroupView]:
    there = store.members(tx, [each.id for each in found]) if found else []
    known = parties.parties(tx, sorted({each.party_id for each in there})) if there else {}
    named = [replace(each, name=known[each.party_id].name if each.party_id in known else "") for each in there]
    loans = _loans(tx, there)
    group_of = {each.party_id: each.group_id for each in there if each.state == "in"}
    views = []
    for group in found:
        ours = [each for each in loans if group_of[each.party_id] == group.id]
        views.append(
            GroupView(
                group, rules.meets_on(group, tx.business_date),
                tuple(each for each in named if each.group_id == group.id), _owed(tx, ours),
                sum(each.days_late > 0 for each in ours),
            )
        )  # fmt: skip
    return views


@question("lending.own_loan_group", permission="lending:read", whose=of("party_id"))
def own_loan_group(tx: Tx, party_id: Id) -> list[Joined]:
    """The group that a customer belongs to, and those that asked the customer: what their members owe together."""
    if not tx.actor.acts_for(party_id):
        raise refusals.NOT_YOURS(what="groups")
    found = []
    for member in store.of_party(tx, party_id):
        group = store.group(tx, member.group_id)
        if group is not None:
            found.append(_joined(tx, group, member.state))
    return found
