"""A bank that lends: a person with a history, and each act of a loan by one call."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from farthing.bank.founding import agreed
from farthing.credit import service as credit
from farthing.credit.bills.sample import graduate_bill
from farthing.credit.history import service as history
from farthing.credit.model import GiveConsent, ImportBill
from farthing.funding import service as funding
from farthing.kernel.day import close_day
from farthing.kernel.settings import Settings
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.service import SignContract
from farthing.lending.model import AcceptOffer, Apply, Loan, LoanCommand, Offer
from farthing.parties import service as parties
from farthing.parties.model import Party, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.products import service as products
from farthing.products.model import LoanTerms, Publish
from farthing.products.policy import Policy
from farthing.town.founding import found
from tests.banks import Bank, Beginning, begun_at
from tests.parties.people import register_person

OPENS = date(2026, 11, 28)
CARD = "6222021234567890123"


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


def nothing(house: House) -> None:
    """What most houses have lived through."""


class House:
    """A bank that opens on :data:`OPENS`, and one borrower."""

    def __init__(
        self, database_url: str, number: int = 0, *, sealed: bool = True, lived: Callable[[House], Any] = nothing
    ) -> None:
        """With what the house has ``lived`` through before the test; ``lived`` is a named function, which many share."""
        name = f"house {number} {sealed} {lived.__module__} {lived.__qualname__}"
        beginning = Beginning(name, OPENS, lambda bank: self._begin(bank, number, sealed, lived))
        self.bank, (self.party, self.content, self.made) = begun_at(database_url, beginning)

    def _begin(self, bank: Bank, number: int, sealed: bool, lived: Callable[[House], Any]) -> tuple[Party, str, Any]:
        self.bank = bank
        found(bank.kernel, Settings(_env_file=None), OPENS)
        self.party: Party = register_person(bank, number)
        bank.run(parties.verify_identity, VerifyIdentity(self.party.id))
        bank.run(payments.open_wallet, OpenWallet(self.party.id))
        self.bring(sealed=sealed)
        return self.party, self.content, lived(self)

    @property
    def today(self) -> date:
        return self.bank.kernel.clock().business_date

    def bring(self, *, sealed: bool = True) -> None:
        """A consent for a year, and a bill up to yesterday, sealed by the wallet that issued it or by nobody."""
        until = self.today + timedelta(days=360)
        kinds = ("payment_history", "credit_bureau")
        self.bank.run(credit.give_consent, GiveConsent(self.party.id, "loan_application", kinds, until))
        content = graduate_bill(random.Random(7), self.today - timedelta(days=1), self.party.name)
        channel = self.bank.kernel.ports.peer("channel", "sandbox")
        seal = channel.seal(content, self.party.number) if sealed else None
        self.content = base64.b64encode(content).decode()
        command = ImportBill(self.party.id, "bill.csv", self.content, seal=seal)
        self.bank.run(history.import_bill, command)

    def wait(self, day: date) -> None:
        while self.today < day:
            close_day(self.bank.kernel)

    def apply(self, amount: str = "8000", instalments: int = 6, product: str = "rainy-day-loan") -> Any:
        return self.bank.run(lending.apply, Apply(self.party.id, product, yuan(amount), instalments, "hospital"))

    def offer(self, amount: str = "8000") -> Offer:
        made: Offer = self.apply(amount).offer
        return made

    def co_lent_offer(self) -> Offer:
        """An offer of the rainy-day loan as a bank would sell it whose partners come first."""
        source = self.source("rainy-day-loan")
        first = source.replace('["own_book", "partners"]', '["partners", "own_book"]')
        agreed(self.bank.kernel, products.publish, Publish("rainy-day-loan", first))
        return self.offer("1000")

    def source(self, product: str) -> str:
        return (products.ROOT / "products" / f"{product}.toml").read_text(encoding="utf-8")

    def terms(self, product: str) -> LoanTerms:
        found: LoanTerms = self.bank.read(lambda tx: products.loan_terms(tx, product))
        return found

    def policy(self) -> Policy:
        found: Policy = self.bank.read(products.policy_in_force)
        return found

    @staticmethod
    def changed(terms: LoanTerms, **changes: Any) -> LoanTerms:
        return replace(terms, **changes)

    def accept(self, offer: Offer) -> Loan:
        taken: Loan = self.bank.run(lending.accept_offer, AcceptOffer(offer.id, offer.amount, offer.total_cost))
        return taken

    def funded(self, amount: str = "8000") -> Loan:
        """A loan whose holders are known."""
        loan = self.accept(self.offer(amount))
        funding.arrange(self.bank.kernel, loan.id)
        return self.loan(loan.id)

    def sign(self, loan_id: str) -> None:
        """The contract is drawn for today and signed."""
        drawn = self.bank.run(contracts.draw_contract, LoanCommand(loan_id))
        self.bank.run(contracts.sign_contract, SignContract(loan_id, drawn.document_digest))

    def complete(self, loan_id: str) -> Loan:
        paid: Loan = self.bank.run(contracts.complete, LoanCommand(loan_id))
        return paid

    def active(self, amount: str = "8000") -> Loan:
        """A loan that is paid out today."""
        loan = self.funded(amount)
        self.sign(loan.id)
        return self.complete(loan.id)

    def loan(self, loan_id: str) -> Loan:
        found: Loan = self.bank.read(lambda tx: lending.loan(tx, loan_id))
        return found

    def refused(self, *arguments: Any, **options: Any) -> str:
        with pytest.raises(Refusal) as caught:
            self.bank.run(*arguments, **options)
        return caught.value.code
