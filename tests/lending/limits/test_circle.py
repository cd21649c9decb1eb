"""A guarantor and whom it guarantees are one circle, and whoever is tied to either is in it."""

from __future__ import annotations

from farthing.lending.agreement import service as contracts
from farthing.lending.limits.service import everybody_beside
from farthing.lending.model import LoanCommand
from tests.lending.backing.friends import friend, given
from tests.lending.groups.village import villager
from tests.lending.house import House
from tests.lending.limits.law import bound, signed, together


def test_a_guarantor_ties_two_groups_together(database_url: str) -> None:
    house = House(database_url)
    other, stands = villager(house, 1), friend(house, 2)
    loan = signed(house)
    given(house, loan, stands, "1000")
    assert house.bank.read(lambda tx: everybody_beside(tx, house.party.id)) == {house.party.id, stands.id}
    neighbour = House.__new__(House)
    neighbour.bank, neighbour.party = house.bank, stands
    together(other, neighbour)
    circle = {house.party.id, stands.id, other.party.id}
    for each in sorted(circle):
        assert house.bank.read(lambda tx, each=each: everybody_beside(tx, each)) == circle
    assert other.active("8000").state == "active"
    bound(house, "connected_borrowers_max", "0.0002")
    assert house.refused(contracts.complete, LoanCommand(loan.id)) == "lending.connected_borrowers"
