"""A bank with a customer who has a thousand yuan less a rail, and what its books say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from farthing.kernel import errands
from farthing.kernel.errands import unanswered
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.payments import service as payments
from farthing.payments.life import asked_service as asked
from farthing.payments.life.audit_service import verify_movements
from farthing.payments.life.notices_service import listen
from farthing.payments.model import MoveByRail, OpenWallet, RailPayment
from farthing.payments.sandbox_rail import SandboxRail
from tests.conftest import Bank
from tests.parties.people import register_person

CARD, DECLINES, SILENT, ACCEPTS, LATE_NO = (
    "6222021234567890123", "6222020000000051", "6222020000000091", "6222020000000009", "6222020000000068",
)  # fmt: skip


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


@dataclass
class House:
    """A bank, its customer, and the rail."""

    bank: Bank
    ann: str

    @property
    def rail(self) -> SandboxRail:
        peer = self.bank.kernel.ports.peer("rail")
        found: SandboxRail = getattr(peer, "behind", peer)
        return found

    @property
    def own(self) -> Actor:
        """The customer, as a door knows her."""
        return Actor(
            self.ann,
            frozenset({"payments:read", "payments:pay_out", "payments:top_up", "payments:recall"}),
            party_id=self.ann,
        )

    def pay_out(self, minor: int, account: str = CARD, key: str | None = None) -> RailPayment:
        done: RailPayment = self.bank.run(payments.pay_out, MoveByRail(self.ann, cny(minor), account), key=key)
        return done

    def top_up(self, minor: int, account: str = CARD, key: str | None = None) -> RailPayment:
        done: RailPayment = self.bank.run(payments.top_up, MoveByRail(self.ann, cny(minor), account), key=key)
        return done

    def settle(self) -> None:
        """Ask and hear everything there is."""
        self.ask()
        listen(self.bank.kernel)
        self.ask()

    def ask(self) -> None:
        """Ask the rail all that waits, as its time had come."""
        errands.sweep(self.bank.kernel, everything=True)

    def payment(self, payment_id: str) -> RailPayment:
        found: RailPayment = self.bank.read(lambda tx: payments.rail_payment(tx, payment_id))
        return found

    def payment_of_bank(self, payment_id: str | None) -> RailPayment:
        """A movement of the bank's own."""
        page = self.bank.read(lambda tx: payments.rail_payments(tx, number=str(payment_id)))
        found: RailPayment = page.payments[0]
        return found

    def kinds(self, payment_id: str) -> list[str]:
        """What was heard of a movement, in order; what changed nothing in brackets."""
        life = self.bank.read(lambda tx: asked.rail_life(tx, payment_id))
        return [each.fact.kind if each.effect == "taken" else f"({each.fact.kind})" for each in life.facts]

    def books(self) -> dict[str, int]:
        """What is in the wallet, what of it can be spent, and on the accounts of the rail."""
        wallet = self.bank.read(lambda tx: payments.wallet(tx, self.ann))
        found = {"wallet": wallet.balance.minor, "available": wallet.available.minor}
        paths = {
            "assets:cash:sandbox": "cash", "liabilities:in-transit:sandbox": "transit",
            "liabilities:suspense:sandbox": "suspense", "assets:returned:sandbox": "owed",
        }  # fmt: skip
        balances = self.bank.read(lambda tx: ledger.balances_of(tx, list(paths)))
        found |= {paths[path]: each.owed().minor for path, each in balances.items()}
        return {name: minor for name, minor in found.items() if minor}

    def clean(self) -> bool:
        """Whether the books verify and nobody waits for an answer."""
        return (
            bool(self.bank.read(verify).clean)
            and self.bank.read(verify_movements).findings == ()
            and self.bank.read(unanswered) == []
        )


def at_the_rail(rail: SandboxRail) -> int:
    """What the rail's own books say that it moved to us, less what it says came back: of one name the first that it told."""
    moved = sum(each.amount.minor if each.direction == "in" else -each.amount.minor for each in rail.moved().values())
    first = {each.id: each for each in reversed(rail.told)}
    back = [(each, rail.seen.get(each.instruction)) for each in first.values() if each.amount is not None]
    return moved + sum(
        each.amount.minor * (-1 if seen is not None and seen[0].direction == "in" else 1) for each, seen in back
    )


def house_of(bank: Bank) -> House:
    """A wallet with a thousand yuan in it."""

    def work(bank: Bank) -> str:
        party: str = register_person(bank, 1).id
        bank.run(payments.open_wallet, OpenWallet(party))
        bank.run(payments.top_up, MoveByRail(party, cny(100_000), CARD))
        return party

    return House(bank, bank.begin("a wallet with a thousand yuan, by rail", work))


def refused(run: Any, *given: Any, **named: Any) -> str:
    """The code that something is refused with."""
    try:
        run(*given, **named)
    except Refusal as refusal:
        return refusal.code
    return ""
