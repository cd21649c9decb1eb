"""A bank that lends: a person with a history, and each act of a loan by one call."""

from __future__ import annotations

import base64
import contextlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
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
from farthing.lending.shelf import service as loan_shelf
from farthing.parties import service as parties
from farthing.parties.model import Party, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.products import service as products
from farthing.products.model import LoanTerms, Publish
from farthing.products.policy import Policy
from farthing.town.founding import found
from tests.banks import Bank, Beginning, begun_at, foreseen
from tests.parties.people import register_person

OPENS = date(2026, 11, 28)
CARD = "6222021234567890123"


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


def nothing(house: House) -> None:
    """What most houses have lived through."""


@dataclass
class Begun:
    """What a house is told of its beginning. ``made``: what ``lived`` answered; ``answer``: what the act after it did."""

    party: Party
    content: str
    made: Any
    answer: Any = None


class House:
    """A bank that opens on :data:`OPENS`, and one borrower; it begins when somebody looks. What is done of :meth:`active` and
    :meth:`wait` before that belongs to how it begins, so that tests which begin alike share it."""

    bank: Bank

    def __init__(
        self, database_url: str, number: int = 0, *, sealed: bool = True, lived: Callable[[House], Any] = nothing
    ) -> None:
        """With what the house has ``lived`` through before the test; ``lived`` is a named function, which many share."""
        self._url = database_url
        self._beginning = Beginning(f"house {number} {sealed}", OPENS, lambda bank: _begun(bank, number, sealed))
        if lived is not nothing:
            self._go_on(
                f"{lived.__module__} {lived.__qualname__}", lambda house, begun: replace(begun, made=lived(house))
            )
        begun = foreseen(database_url, self._beginning)
        if begun is None:
            self.bank, begun = begun_at(database_url, self._beginning)
        self.party, self.content, self.made = begun.party, begun.content, begun.made

    @classmethod
    def of(cls, bank: Bank, party: Party, content: str = "") -> House:
        """A house over a bank that stands."""
        house = cls.__new__(cls)
        house.bank, house.party, house.content, house.made = bank, party, content, None
        return house

    def __getattr__(self, name: str) -> Any:
        if name != "bank":
            raise AttributeError(name)
        self.bank, _ = begun_at(self._url, self._beginning)
        return self.bank

    def _at_first(self, name: str, act: Callable[[House], Any]) -> Any:
        """Do an act, as part of the beginning where nobody has looked yet; answers what it answers."""
        if "bank" in vars(self):
            return act(self)
        self._go_on(name, lambda house, begun: replace(begun, answer=act(house)))
        return foreseen(self._url, self._beginning).answer

    def _go_on(self, name: str, act: Callable[[House, Begun], Begun]) -> None:
        """Let an act, of that name, belong to how the house begins."""
        self._beginning = Beginning(
            name, OPENS, lambda bank, begun: act(House.of(bank, begun.party, begun.content), begun), self._beginning
        )

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
        self._at_first(f"wait {day}", lambda house: house._wait(day))

    def _wait(self, day: date) -> None:
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
        agreed(self.bank.kernel, loan_shelf.publish, Publish("rainy-day-loan", first))
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
        loan: Loan = self._at_first(f"active {amount}", lambda house: house._active(amount))
        return loan

    def _active(self, amount: str) -> Loan:
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


def _begun(bank: Bank, number: int, sealed: bool) -> Begun:
    found(bank.kernel, Settings(_env_file=None), OPENS)
    party = register_person(bank, number)
    bank.run(parties.verify_identity, VerifyIdentity(party.id))
    bank.run(payments.open_wallet, OpenWallet(party.id))
    house = House.of(bank, party)
    house.bring(sealed=sealed)
    return Begun(party, house.content, None)


@contextlib.contextmanager
def opened(database_url: str, lived: Any) -> Iterator[House]:
    """A house in which something happened, until its tests are done."""
    house = House(database_url, lived=lived)
    yield house
    house.bank.kernel.database.close()
