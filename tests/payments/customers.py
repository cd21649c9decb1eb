"""Customers for tests: a login of their own, confirmed, with a wallet and what they brought into it."""

from __future__ import annotations

from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.model import Party, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from tests.conftest import Bank
from tests.identity.people import Person, enrolled

CARD = "6222021234567890123"


def customer(bank: Bank, minor: int = 0, who: Person | None = None) -> Party:
    """A customer who proved her phone and is confirmed, with so much in her wallet."""
    party = enrolled(bank, who or Person()).party
    assert party is not None
    bank.run(payments.open_wallet, OpenWallet(party.id))
    bank.run(parties.verify_identity, VerifyIdentity(party.id))
    if minor:
        bank.run(payments.top_up, MoveByRail(party.id, Money(minor, "CNY"), CARD))
    return party
