"""Who binds cards for tests: a customer with money, whose peers can be told what to do."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.payments import service as payments
from farthing.payments.bindings import service as bindings
from farthing.payments.bindings.model import Bind, BindingView, MoveByBinding, Proof, Prove, Unbind
from farthing.payments.bindings.sandbox_network import SandboxNetwork
from farthing.payments.model import RailPayment
from farthing.payments.sandbox_rail import SandboxRail
from tests.conftest import Bank
from tests.payments.packets.people import herself, street, yuan

NUMBER = "6222029876543210123"


@dataclass
class Binder:
    """``her`` has 500.00; ``other`` is another customer. Both are confirmed."""

    bank: Bank
    her: str
    other: str

    @property
    def network(self) -> SandboxNetwork:
        found: SandboxNetwork = self.bank.kernel.ports.peer("network")
        return found

    @property
    def rail(self) -> SandboxRail:
        found: SandboxRail = self.bank.kernel.ports.peer("rail")
        return found

    def bind(
        self, number: str = NUMBER, proof: Proof = "deposit", who: str = "", key: str | None = None
    ) -> BindingView:
        by = who or self.her
        made: BindingView = self.bank.run(bindings.bind, Bind(by, number, proof), actor=herself(by), key=key)
        return made

    def seen(self, binding: BindingView, who: str = "") -> BindingView:
        by = who or self.her
        found: BindingView = self.bank.read(lambda tx: bindings.binding(tx, by, binding.id), actor=herself(by))
        return found

    def came_in(self, tail: str = NUMBER[-4:]) -> list[Money]:
        """What the owner reads at the other bank, the latest two."""
        self.bank.drain()
        sent = [
            each for each in self.rail.moved().values() if each.direction == "out" and each.counterparty.endswith(tail)
        ]
        return [each.amount for each in sent][-2:]

    def prove(self, binding: BindingView, *amounts: Money, who: str = "") -> BindingView:
        by = who or self.her
        told: BindingView = self.bank.run(bindings.prove, Prove(by, binding.id, amounts), actor=herself(by))
        return told

    def bound(self, number: str = NUMBER, who: str = "") -> BindingView:
        made = self.bind(number, who=who)
        return self.prove(made, *self.came_in(number[-4:]), who=who)

    def unbind(self, binding: BindingView, who: str = "") -> BindingView:
        by = who or self.her
        done: BindingView = self.bank.run(bindings.unbind, Unbind(by, binding.id), actor=herself(by))
        return done

    def move(self, function: object, binding: BindingView, amount: str, **more: object) -> RailPayment:
        command = MoveByBinding(self.her, binding.id, yuan(amount))
        done: RailPayment = self.bank.run(function, command, actor=herself(self.her), **more)
        return done

    def refused(self, function: object, command: object, who: str = "") -> Refusal:
        with pytest.raises(Refusal) as caught:
            self.bank.run(function, command, actor=herself(who or self.her))
        return caught.value

    def holds(self) -> Money:
        found: Money = self.bank.read(lambda tx: payments.wallet(tx, self.her)).balance
        return found


def binder(bank: Bank, policy: str = "cn") -> Binder:
    people = street(bank, policy)
    return Binder(bank, people.sender, people.friends[0])
