"""Refusals about groups of borrowers and their sheets."""

from __future__ import annotations

from farthing.lending.groups import service as groups
from farthing.lending.groups.model import AskMember, FormGroup, JoinLoanGroup, LeaveLoanGroup
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.lending import house as lent
from tests.lending.backing.friends import friend
from tests.lending.groups.village import TELLER, village
from tests.lending.house import yuan


@reproduces("lending.unknown_group")
def group_unknown(bank: Bank) -> None:
    bank.run(groups.join_loan_group, JoinLoanGroup("lgroup_nothing", "party_nobody"))


@reproduces("lending.group_nameless")
def group_without_a_name(bank: Bank) -> None:
    bank.run(groups.form_group, FormGroup(" ", lent.OPENS, 1, "the well"))


@reproduces("lending.bad_meeting")
def group_that_never_meets(bank: Bank) -> None:
    bank.run(groups.form_group, FormGroup("East", lent.OPENS, 0, "the well"))


@reproduces("lending.not_asked_to_join")
def joining_unasked(database_url: str) -> None:
    east = village(database_url)
    east.house.bank.run(groups.join_loan_group, JoinLoanGroup(east.group_id, friend(east.house, 30).id))


@reproduces("lending.in_a_group")
def asked_twice(database_url: str) -> None:
    east = village(database_url)
    east.house.bank.run(groups.ask_member, AskMember(east.group_id, east.members[0].id))


@reproduces("lending.group_full")
def fifty_members(database_url: str) -> None:
    east = village(database_url)
    with east.house.bank.superuser() as connection:
        connection.execute(
            "INSERT INTO loan_group_member (party_id, group_id, state, asked_on) "
            "SELECT 'party_' || n, %s, 'in', '2026-11-28' FROM generate_series(1, 50) AS n",
            (east.group_id,),
        )
    east.house.bank.run(groups.ask_member, AskMember(east.group_id, friend(east.house, 30).id))


@reproduces("lending.group_late")
def joining_a_late_group(database_url: str) -> None:
    east = village(database_url)
    zhao = friend(east.house, 30)
    east.house.bank.run(groups.ask_member, AskMember(east.group_id, zhao.id), actor=TELLER)
    east.house.bank.run(groups.join_loan_group, JoinLoanGroup(east.group_id, zhao.id))


@reproduces("lending.group_owes")
def leaving_a_group_that_owes(database_url: str) -> None:
    east = village(database_url)
    east.house.bank.run(groups.leave_loan_group, LeaveLoanGroup(east.group_id, east.members[4].id))


@reproduces("lending.not_a_member")
def paid_by_a_stranger(database_url: str) -> None:
    east = village(database_url)
    east.members[0] = friend(east.house, 30)
    east.collect(east.filled(east.line(0, 0, "1")))


@reproduces("lending.sheet_taken")
def sheet_of_another_number(database_url: str) -> None:
    east = village(database_url)
    east.collect(east.filled(east.line(0, 0, "1"), number=7))


@reproduces("lending.sheet_empty")
def sheet_without_lines(database_url: str) -> None:
    east = village(database_url)
    east.collect(east.filled(total=yuan("1")))


@reproduces("lending.sheet_differs")
def sheet_that_does_not_sum(database_url: str) -> None:
    east = village(database_url)
    east.collect(east.filled(east.line(0, 0, "1"), total=yuan("2")))


@reproduces("lending.sheet_beyond_due")
def sheet_beyond_what_is_due(database_url: str) -> None:
    east = village(database_url)
    east.collect(east.filled(east.line(0, 0, "900")))
