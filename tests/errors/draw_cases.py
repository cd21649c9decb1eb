"""Refusals of a loan that is paid out in parts: asked for at once or out of bounds, and further payments that are not made."""

from __future__ import annotations

from datetime import timedelta

from farthing.bank.founding import agreed
from farthing.lending import service as lending
from farthing.lending.collections import service as collections
from farthing.lending.collections.model import AskHardship, LogContact
from farthing.lending.draws import service as draws
from farthing.lending.draws.model import GiveBack
from farthing.lending.model import Apply, Holder, Repay, SetHolders
from tests.errors.gallery import reproduces
from tests.lending.acts.doing import earn, late
from tests.lending.draws.drawing import begun, drawn, in_parts, offered, sold
from tests.lending.house import House, yuan


@reproduces("lending.paid_out_at_once")
def a_part_of_what_is_paid_out_at_once(database_url: str) -> None:
    house = House(database_url)
    command = Apply(house.party.id, "rainy-day-loan", yuan("6000"), 6, "a kitchen", yuan("2000"))
    house.bank.run(lending.apply, command)


@reproduces("lending.first_outside")
def more_first_than_is_asked_for(database_url: str) -> None:
    house = House(database_url)
    sold(house)
    offered(house, "6000", "6000.01")


@reproduces("lending.undrawn_shared")
def others_beside_what_is_paid_out_in_parts(database_url: str) -> None:
    house = House(database_url)
    sold(house)
    loan = house.accept(offered(house))
    other = Holder("partner:harvest", loan.principal, "Harvest Bank", "91110000100000001X")
    agreed(house.bank.kernel, lending.set_holders, SetHolders(loan.id, (other,)))


@reproduces("lending.nothing_undrawn")
def nothing_left_to_pay_out(database_url: str) -> None:
    house = House(database_url, lived=in_parts)
    drawn(house, "4000")
    house.bank.run(draws.give_back, GiveBack(house.made))


@reproduces("lending.draw_day_passed")
def after_the_last_day(database_url: str) -> None:
    house = House(database_url)
    sold(house, payments_out="payments_out = {at_most = 3, within_days = 2}")
    loan = begun(house)
    house.wait(house.today + timedelta(days=3))
    drawn(house, "1000", loan.id)


@reproduces("lending.draws_used")
def more_payments_than_were_agreed(database_url: str) -> None:
    house = House(database_url)
    sold(house, payments_out="payments_out = {at_most = 2, within_days = 90}")
    loan = begun(house)
    drawn(house, "1000", loan.id)
    drawn(house, "1000", loan.id)


@reproduces("lending.draw_late")
def while_something_is_late(database_url: str) -> None:
    house = House(database_url, lived=in_parts)
    late(house, 1)
    drawn(house, "1000")


@reproduces("lending.draw_disputed")
def while_what_is_owed_is_disputed(database_url: str) -> None:
    house = House(database_url, lived=in_parts)
    late(house, 1)
    house.bank.run(
        collections.log_contact, LogContact(house.made, "call", "disputes", "says she paid", at_time="14:30")
    )
    earn(house, "500")
    due = house.bank.read(lambda tx: lending.owed(tx, house.made))[0]
    house.bank.run(lending.repay, Repay(house.made, due))
    drawn(house, "1000")


@reproduces("lending.draw_troubled")
def while_relief_is_asked_for(database_url: str) -> None:
    house = House(database_url, lived=in_parts)
    house.bank.run(collections.ask_hardship, AskHardship(house.made, "I am in hospital"))
    drawn(house, "1000")


@reproduces("lending.draw_too_much")
def more_than_is_left(database_url: str) -> None:
    drawn(House(database_url, lived=in_parts), "4000.01")


@reproduces("lending.draw_too_little")
def less_than_is_paid_out_at_least(database_url: str) -> None:
    drawn(House(database_url, lived=in_parts), "499.99")
