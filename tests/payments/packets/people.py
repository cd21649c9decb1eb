"""People of a packet for tests: a sender with money and friends with wallets, all confirmed; and time that goes by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from farthing.identity.rules import actor_of
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.model import Party, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.payments.packets import service as packets
from farthing.payments.packets.grabbing_service import grab
from farthing.payments.packets.model import Grab, Grabbed, Packet, SendPacket
from tests.conftest import Bank
from tests.hands import law
from tests.parties.people import register_person
from tests.payments.customers import CARD

LATER = "UPDATE packet_taken SET ends_at = ends_at - %s"


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


def herself(party_id: str) -> Actor:
    return actor_of(f"customer:{party_id[6:]}", "customer", party_id)


@dataclass
class Street:
    """A bank under a law, one who sends and those who open."""

    bank: Bank
    sender: str
    friends: list[str]

    def send(self, amount: str = "10.00", shares: int = 3, kind: str = "lucky", **more: object) -> Packet:
        command = SendPacket(self.sender, kind, yuan(amount), shares, **more)  # type: ignore[arg-type]
        sent: Packet = self.bank.run(packets.send, command, actor=herself(self.sender))
        return sent

    def grab(self, packet: Packet, claimer: str, **more: object) -> Grabbed:
        got: Grabbed = self.bank.run(grab, Grab(packet.id, claimer), actor=herself(claimer), **more)
        return got

    def refused(self, packet: Packet, claimer: str) -> str:
        with pytest.raises(Refusal) as caught:
            self.grab(packet, claimer)
        return caught.value.code

    def holds(self, party_id: str) -> Money:
        found: Money = self.bank.read(lambda tx: payments.wallet(tx, party_id)).balance
        return found

    def later(self, hours: float) -> None:
        """Let so much of every packet's time go by: a simulated clock waits for the close of its day."""
        with self.bank.superuser() as connection:
            connection.execute(LATER, [timedelta(hours=hours)])


def street(bank: Bank, policy: str = "cn") -> Street:
    """The usual one: 500.00 with the sender, four friends with nothing."""
    law(bank, policy)
    ids: list[str] = bank.begin(f"street {policy}", _people)
    return Street(bank, ids[0], ids[1:])


def _people(bank: Bank) -> list[str]:
    people: list[Party] = [register_person(bank, number) for number in range(5)]
    for each in people:
        bank.run(parties.verify_identity, VerifyIdentity(each.id))
        bank.run(payments.open_wallet, OpenWallet(each.id))
    bank.run(payments.top_up, MoveByRail(people[0].id, yuan("500.00"), CARD))
    return [each.id for each in people]
