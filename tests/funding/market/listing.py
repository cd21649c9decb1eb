"""A loan that is listed on the marketplace, and lenders with money and mandates."""

from __future__ import annotations

from datetime import UTC, datetime

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.funding.holdings.rules import escrow_account
from farthing.funding.market import listings_service as listings
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market.listings_model import Listing
from farthing.funding.market.mandates_model import MakeMandate, Mandate, Terms
from farthing.kit.actor import Actor
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.lending.model import Loan
from farthing.lending.shelf import service as loan_shelf
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.payments.wallets import wallet_path
from farthing.products import service as products
from farthing.products.model import Publish
from tests.funding.market.lenders import lender, yuan
from tests.lending.house import CARD, House

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
TERMS = Terms(yuan("3000"), yuan("1500"), yuan("1500"), grades=("A", "B"))


def published(house: House, funding: str = '["marketplace", "own_book"]', fee: str = "0") -> None:
    """The rainy-day loan as a bank would sell it that funds it through the marketplace, at the curve's rate of grade A; ``fee``
    for granting it, as a part of it."""
    source = house.source("rainy-day-loan").replace('["own_book", "partners"]', funding)
    source = source.replace('rate = {annual = "0.12"', 'rate = {annual = "0.0520"').replace('"0.18"', '"0.0780"')
    source = source.replace('origination = "0"', f'origination = "{fee}"')
    kept = [line for line in source.splitlines() if not line.startswith("co_lending")]
    agreed(house.bank.kernel, loan_shelf.publish, Publish("rainy-day-loan", "\n".join(kept)))


def law(house: House, *changes: tuple[str, str]) -> None:
    """Publish the policy pack with other words in it."""
    pack = (products.ROOT / "policies" / "cn.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert pack.count(old) == 1, old
        pack = pack.replace(old, new)
    agreed(house.bank.kernel, loan_shelf.publish, Publish("policy", pack))


def listed(house: House, amount: str = "8000") -> tuple[Loan, Listing]:
    """An accepted loan that seeks lenders."""
    loan = house.accept(house.offer(amount))
    funding.arrange(house.bank.kernel, loan.id)
    return house.loan(loan.id), of_loan(house, loan.id)


def of_loan(house: House, loan_id: str) -> Listing:
    """The listing of a loan as it stands."""
    found: Listing | None = house.bank.read(lambda tx: listings.listing_of_loan(tx, loan_id))
    assert found is not None
    return found


def with_money(house: House, number: int, money: str) -> str:
    """Somebody who may lend, and has so much in the wallet."""
    party = lender(house.bank, number)
    house.bank.run(parties.verify_identity, VerifyIdentity(party.id))
    house.bank.run(payments.open_wallet, OpenWallet(party.id))
    house.bank.run(payments.top_up, MoveByRail(party.id, yuan(money), CARD))
    return party.id


def mandated(house: House, number: int, money: str, terms: Terms = TERMS) -> Mandate:
    """The mandate of a lender who has so much in the wallet."""
    party_id = with_money(house, number, money)
    made: Mandate = house.bank.run(mandates.make_mandate, MakeMandate(party_id, terms), actor=as_lender(party_id))
    return made


def as_lender(party_id: str) -> Actor:
    """The lender himself."""
    return Actor("customer:lender", frozenset({"market:lend", "market:read"}), party_id=party_id)


def wallet(house: House, party_id: str) -> tuple[str, str]:
    """What lies in a wallet, and what of it is free."""
    found = house.bank.read(lambda tx: ledger.balance(tx, wallet_path(party_id, "CNY", "CNY")))
    return str(found.owed().decimal()), str(found.available().decimal())


def escrow(house: House, listing_id: str) -> Money:
    """What lies on the escrow of a listing."""
    return house.bank.read(lambda tx: ledger.balance(tx, escrow_account(listing_id, "CNY", "CNY"))).owed()
