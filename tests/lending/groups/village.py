"""A village: four people with a loan each, a fifth without, one group of them, and a teller with a drawer open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from farthing.identity.rules import actor_of
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.money import Money
from farthing.lending.groups import service as groups
from farthing.lending.groups import sheet_service as sheets
from farthing.lending.groups.model import (
    AskMember,
    CashPaid,
    CollectSheet,
    FormGroup,
    JoinLoanGroup,
    Sheet,
    SheetToFill,
)
from farthing.lending.model import Loan
from farthing.parties.model import Party
from farthing.payments.tills import service as tills
from farthing.payments.tills.model import OpenDrawer, SetUpTill
from tests.lending.backing.friends import empty, friend
from tests.lending.house import House, yuan

TELLER = actor_of("teller:wang", "teller", None)


def villager(house: House, number: int) -> House:
    """Another borrower of the same bank, as a house of its own."""
    other = House.__new__(House)
    other.bank, other.party = house.bank, friend(house, number)
    other.bring()
    return other


@dataclass
class Village:
    """A bank with a group: its members, their loans in their order (the last member has none), and its id."""

    house: House
    group_id: str
    members: list[Party]
    loans: list[Loan]

    def sheet(self) -> SheetToFill:
        """What the teller sees."""
        found: SheetToFill = self.house.bank.kernel.ask(sheets.group_sheet, self.group_id, actor=TELLER)
        return found

    def dues(self) -> list[Money]:
        """What is due on each loan today, in the order of the members."""
        rows = {each.loan_id: each.due for each in self.sheet().rows}
        return [rows[each.id] for each in self.loans]

    def line(self, payer: int, loan: int, amount: Money | str) -> CashPaid:
        """A line by the places of who pays and whose loan it is."""
        money = yuan(amount) if isinstance(amount, str) else amount
        return CashPaid(self.members[payer].id, self.loans[loan].id, money)

    def filled(self, *lines: CashPaid, total: Money | None = None, number: int | None = None) -> CollectSheet:
        """The sheet as it was filled in."""
        come_to = Money(sum(each.amount.minor for each in lines), "CNY")
        return CollectSheet(self.group_id, number or self.sheet().number, total or come_to, lines)

    def collect(self, sheet: CollectSheet, **options: Any) -> Sheet:
        """The teller collects."""
        done: Sheet = self.house.bank.run(sheets.collect_sheet, sheet, actor=TELLER, **options)
        return done

    def drawer(self) -> Money:
        """What the books say is in the teller's drawer."""
        found = self.house.bank.kernel.ask(tills.own_drawer, actor=TELLER)
        return found.balance


def founded(house: House) -> tuple[str, list[Party], list[Loan]]:
    """The village on the day on which the first instalments fall due; every wallet is empty."""
    people = [house, *(villager(house, number) for number in (21, 22, 23))]
    loans = [each.active(amount) for each, amount in zip(people, ("1000", "2000", "3000", "1500"), strict=True)]
    members = [each.party for each in people] + [friend(house, 24)]
    run = house.bank.run
    group = run(groups.form_group, FormGroup("East lane", house.today, 2, "the old mill"), actor=TELLER)
    for member in members:
        run(groups.ask_member, AskMember(group.id, member.id), actor=TELLER)
        own = actor_of("own", "customer", member.id)
        run(groups.join_loan_group, JoinLoanGroup(group.id, member.id), actor=own)
        empty(house, member)
    run(tills.set_up_till, SetUpTill("east-1"), actor=SYSTEM)
    house.wait(loans[0].instalments[0].due_on + timedelta(days=1))
    run(tills.open_drawer, OpenDrawer("east-1"), actor=TELLER)
    return group.id, members, loans


def village(database_url: str) -> Village:
    """The village, as many tests begin with it."""
    house = House(database_url, lived=founded)
    return Village(house, *house.made)


def customer(party: Party) -> Actor:
    """A customer about own things."""
    return actor_of("own", "customer", party.id)
