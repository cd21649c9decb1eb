"""Members answer for each other: nobody joins a late group unasked or twice, nobody leaves while anybody owes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from farthing.kernel.operation import operation_of
from farthing.lending import service as lending
from farthing.lending.groups import rules
from farthing.lending.groups import service as groups
from farthing.lending.groups.model import AskMember, FormGroup, Group, JoinLoanGroup, LeaveLoanGroup, MoveMeeting
from farthing.lending.model import LoanCommand
from tests.lending.backing.friends import empty, friend, rich
from tests.lending.groups.village import TELLER, Village, customer, village, villager


@pytest.fixture
def east(database_url: str) -> Village:
    return village(database_url)


def test_nobody_leaves_while_anybody_owes_and_all_may_once_it_is_repaid(east: Village) -> None:
    last = east.members[-1]
    leave = LeaveLoanGroup(east.group_id, last.id)
    assert east.house.refused(groups.leave_loan_group, leave, actor=customer(last)) == "lending.group_owes"
    for party, loan in zip(east.members, east.loans, strict=False):
        rich(east.house, party, "4000")
        east.house.bank.run(lending.settle, LoanCommand(loan.id))
    left = east.house.bank.run(groups.leave_loan_group, leave, actor=customer(last))
    assert (left.state, left.members, left.owed.minor) == ("left", 4, 0)
    assert east.house.refused(groups.leave_loan_group, leave, actor=customer(last)) == "lending.not_a_member"


def test_a_late_group_takes_nobody_in_and_one_in_time_shows_what_it_owes(east: Village) -> None:
    zhao = friend(east.house, 30)
    east.house.bank.run(groups.ask_member, AskMember(east.group_id, zhao.id), actor=TELLER)
    join = JoinLoanGroup(east.group_id, zhao.id)
    assert east.house.refused(groups.join_loan_group, join, actor=customer(zhao)) == "lending.group_late"
    east.collect(east.filled(*(east.line(place, place, due) for place, due in enumerate(east.dues()))))
    looked = east.house.bank.kernel.look(operation_of(groups.join_loan_group), join, actor=customer(zhao))
    owed = sum(east.house.loan(each.id).outstanding.minor for each in east.loans)
    assert looked.facts == {"group": "East lane", "members": 6, "owed": {"minor": owed, "currency": "CNY"}}
    east.house.bank.run(groups.join_loan_group, join, actor=customer(zhao), seen=looked.seen)
    (own,) = east.house.bank.kernel.ask(groups.own_loan_group, zhao.id, actor=customer(zhao))
    assert (own.name, own.state, own.members) == ("East lane", "in", 6)
    assert (
        east.house.refused(groups.ask_member, AskMember(east.group_id, zhao.id), actor=TELLER) == "lending.in_a_group"
    )


def test_who_is_late_joins_no_group_that_would_answer_for_it(east: Village) -> None:
    west = east.house.bank.run(groups.form_group, FormGroup("West", east.house.today, 1, "the well"), actor=TELLER)
    zhao, late = friend(east.house, 30), villager(east.house, 31)
    loan = late.active("2000")
    empty(east.house, late.party)
    for each in (zhao, late.party):
        east.house.bank.run(groups.ask_member, AskMember(west.id, each.id), actor=TELLER)
    east.house.bank.run(groups.join_loan_group, JoinLoanGroup(west.id, zhao.id), actor=customer(zhao))
    east.house.wait(loan.instalments[0].due_on + timedelta(days=1))
    join = JoinLoanGroup(west.id, late.party.id)
    assert east.house.refused(groups.join_loan_group, join, actor=customer(late.party)) == "lending.group_late"


def test_one_joins_by_an_own_act_when_asked_and_one_group_alone(east: Village) -> None:
    zhao = friend(east.house, 30)
    run, refused = east.house.bank.run, east.house.refused
    join = JoinLoanGroup(east.group_id, zhao.id)
    assert refused(groups.join_loan_group, join, actor=customer(zhao)) == "lending.not_asked_to_join"
    assert refused(groups.join_loan_group, join, actor=TELLER) == "kernel.customer_not_there"
    member = east.members[0]
    west = run(groups.form_group, FormGroup("West lane", east.house.today, 1, "the well"), actor=TELLER)
    run(groups.ask_member, AskMember(west.id, member.id), actor=TELLER)
    twice = JoinLoanGroup(west.id, member.id)
    assert refused(groups.join_loan_group, twice, actor=customer(member)) == "lending.in_a_group"
    assert [each.group.name for each in east.house.bank.kernel.ask(groups.loan_groups, actor=TELLER)] == [
        "East lane", "West lane",
    ]  # fmt: skip


def test_meetings_follow_the_first_and_move(east: Village) -> None:
    seen = east.house.bank.kernel.ask(groups.loan_group, east.group_id, actor=TELLER)
    assert (seen.meets_on - seen.group.from_on).days % 14 == 0 and seen.meets_on >= east.house.today and seen.late == 4
    on = east.house.today + timedelta(days=3)
    moved = east.house.bank.run(groups.move_meeting, MoveMeeting(east.group_id, on, 1, "the school"), actor=TELLER)
    assert (moved.place, rules.meets_on(moved, on + timedelta(days=1))) == ("the school", on + timedelta(days=7))
    past = MoveMeeting(east.group_id, on - timedelta(days=9), 1, "the school")
    assert east.house.refused(groups.move_meeting, past, actor=TELLER) == "lending.bad_meeting"


@pytest.mark.parametrize("days", range(0, 40))
def test_the_next_meeting_is_never_before_the_day_nor_a_whole_step_after(days: int) -> None:
    group = Group("lgroup_1", "x", "o", date(2026, 3, 4), 2, "y", 0, date(2026, 3, 1))
    on = date(2026, 3, 1) + timedelta(days=days)
    met = rules.meets_on(group, on)
    assert (met - group.from_on).days % 14 == 0 and met >= max(on, group.from_on)
    assert met == group.from_on or met - on < timedelta(days=14)
