"""What lies beside loans is taken over with what it is about: money in covers of partners' losses, and in red packets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farthing.assurance.winddown.folder import findings, opened
from farthing.bank.founding import agreed
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import GiveUp
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.payments.packets.audit_service import verify_packets
from tests.assurance.winddown.test_going_on import balances, same
from tests.assurance.winddown.two import empty, exported, taken_over, verified
from tests.banks import Bank, Shelf
from tests.funding.cover.test_cover import cover, covered, put
from tests.lending.house import CARD, House, yuan
from tests.parties.people import register_person
from tests.payments.packets.people import Street


@pytest.mark.prove
def test_a_cover_of_ours_pays_at_the_servicer_and_a_packet_is_opened_or_comes_back(
    database_url: str, shelf: Shelf
) -> None:
    house, loan = covered(database_url, giver="", part="1")
    put(house, "250")
    friend = register_person(house.bank, 7).id
    house.bank.run(payments.open_wallet, OpenWallet(friend))
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("30"), CARD))
    street = Street(house.bank, house.party.id, [friend])
    packet = street.send("20.00", 2)
    files = exported(house.bank)
    assert findings(opened(files)) == []
    with empty(shelf, house.today) as bank:
        taken_over(bank, files)
        banks = [house, House.of(bank, house.party)]
        for each in banks:
            assert (cover(each).balance, clean(each.bank)) == (yuan("250"), True)
            Street(each.bank, house.party.id, [friend]).grab(packet, friend)
            agreed(each.bank.kernel, acts.write_off, GiveUp(loan.id, "gone"))
            each.bank.drain()
            each.wait(each.today + timedelta(days=2))
            assert (cover(each).paid, clean(each.bank)) == (yuan("250"), True)
        same(*(balances(each.bank) for each in banks))
    house.bank.kernel.database.close()


def clean(bank: Bank) -> bool:
    return verified(bank) == [] and bank.read(verify_packets, snapshot=True).findings == ()
