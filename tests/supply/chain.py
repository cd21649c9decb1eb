"""A supply chain for tests: a core company with two signatories, a supplier, her own suppliers, and each act by one call."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.kernel.acting import powers_service as powers
from farthing.kernel.acting.model import Power
from farthing.kernel.day import close_day
from farthing.kernel.settings import Settings
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.service import SignContract
from farthing.lending.audit.service import verify as verify_loans
from farthing.lending.model import AcceptOffer, Loan, LoanCommand, Offer
from farthing.lending.shelf import service as shelf
from farthing.parties import service as parties
from farthing.parties.acting import service as acting
from farthing.parties.acting.model import EnterSignatory
from farthing.parties.model import Party, RegisterOrganisation, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.products.model import Publish
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import SignAgreement
from farthing.supply import advancing_service as advances
from farthing.supply import confirming_service as confirming
from farthing.supply import passing_service as passing
from farthing.supply import paying_service as paying
from farthing.supply import service as supply
from farthing.supply.audit_service import verify_supply
from farthing.supply.model import (
    Advance,
    AskAdvance,
    AskConfirmation,
    GradeDebtor,
    Invoice,
    OfferTransfer,
    PaidOut,
    PayReceivable,
    PieceCommand,
    PieceTransfer,
    Receivable,
    ReceivableCommand,
    RegisterInvoice,
    TransferCommand,
)
from farthing.town import founding
from farthing.town.supply import paper as papers
from farthing.town.supply.paper import Paper
from farthing.town.supply.terms import PRODUCT, SOURCE
from tests.banks import Bank
from tests.parties.people import credit_code, register_person

COMPANIES = ("东方造船厂", "巧手缆绳社", "石家麻线坊", "白云纸箱厂")
DAYS = 12


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


class Chain:
    """A bank, a core company, three suppliers in a row, and the acts by one call each."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.parties, self.signatories = bank.begin("a supply chain", _come)
        self.core, self.supplier, self.second, self.third = self.parties

    @property
    def today(self) -> date:
        return self.bank.kernel.clock().business_date

    def paper(self, number: str = "FP-1", amount: str = "10000.00", **changes: Any) -> Paper:
        found = Paper(
            self.supplier.number, self.supplier.name, self.core.number, self.core.name, number, self.today, yuan(amount),
            self.today + timedelta(days=DAYS),
        )  # fmt: skip
        return replace(found, **changes)

    def bring(self, of: Paper, write: Callable[[Paper], bytes] = papers.ubl, who: Party | None = None) -> Invoice:
        content = base64.b64encode(write(of)).decode()
        return self.bank.run(supply.register_invoice, RegisterInvoice((who or self.supplier).id, content))  # type: ignore[no-any-return]

    def ask(self, invoice: Invoice, amount: str = "10000.00", **changes: Any) -> Receivable:
        first, second = self.signatories
        due_on = self.today + timedelta(days=DAYS)
        command = AskConfirmation(self.core.id, invoice.id, yuan(amount), due_on, first.id, second.id)
        return self.bank.run(confirming.ask_confirmation, replace(command, **changes))  # type: ignore[no-any-return]

    def sign(self, agreement_id: str, *people: Party) -> None:
        for each in people:
            shown = self.bank.read(lambda tx: agreements.agreement(tx, agreement_id)).document_digest
            self.bank.run(agreements.sign, SignAgreement(agreement_id, each.id, shown))

    def powers(self) -> list[Power]:
        """Under which it is acted for the core company."""
        return self.bank.read(lambda tx: powers.given(tx, self.core.id))  # type: ignore[no-any-return]

    def enter(self, proposed: Receivable) -> Receivable:
        return self.bank.run(confirming.enter, ReceivableCommand(self.core.id, proposed.id))  # type: ignore[no-any-return]

    def confirmed(self, number: str = "FP-1", amount: str = "10000.00") -> Receivable:
        proposed = self.ask(self.bring(self.paper(number, amount)), amount)
        self.sign(proposed.agreement_id, self.supplier, self.core, *self.signatories)
        return self.enter(proposed)

    def offer(self, of: Receivable, piece: int, giver: Party, taker: Party, amount: str) -> PieceTransfer:
        command = OfferTransfer(giver.id, of.id, piece, yuan(amount), taker.id)
        return self.bank.run(passing.offer_transfer, command)  # type: ignore[no-any-return]

    def passed(self, of: Receivable, piece: int, giver: Party, taker: Party, amount: str) -> Receivable:
        offered = self.offer(of, piece, giver, taker, amount)
        self.sign(offered.agreement_id, giver, taker)
        self.bank.run(passing.complete_transfer, TransferCommand(taker.id, offered.id))
        return self.now(of)

    def now(self, of: Receivable) -> Receivable:
        return self.bank.read(lambda tx: confirming.found(tx, of.id))  # type: ignore[no-any-return]

    def graded(self, grade: int = 2, most: str = "100000.00") -> None:
        agreed(self.bank.kernel, supply.grade_debtor, GradeDebtor(self.core.id, grade, yuan(most)))

    def advance(self, of: Receivable, piece: int, holder: Party) -> Advance:
        return self.bank.run(advances.ask_advance, AskAdvance(holder.id, of.id, piece, PRODUCT))  # type: ignore[no-any-return]

    def free(self, of: Receivable, piece: int, holder: Party) -> Receivable:
        return self.bank.run(advances.release, PieceCommand(holder.id, of.id, piece))  # type: ignore[no-any-return]

    def paid_out(self, offer: Offer, who: Party) -> Loan:
        run = self.bank.run
        loan = run(lending.accept_offer, AcceptOffer(offer.id, offer.amount, offer.total_cost))
        funding.arrange(self.bank.kernel, loan.id)
        run(contracts.draw_contract, LoanCommand(loan.id))
        shown = self.bank.read(lambda tx: contracts.view(tx, loan.id)).document_digest
        run(contracts.sign_contract, SignContract(loan.id, shown))
        return run(contracts.complete, LoanCommand(loan.id))  # type: ignore[no-any-return]

    def loan(self, loan_id: str) -> Loan:
        return self.bank.read(lambda tx: lending.loan(tx, loan_id))  # type: ignore[no-any-return]

    def read(self, of: Invoice) -> Invoice:
        return self.bank.read(lambda tx: supply.invoice_of(tx, of.id))  # type: ignore[no-any-return]

    def verified(self) -> tuple[object, ...]:
        """What the audits of supply and of loans find."""
        found = [
            each
            for audit in (verify_supply, verify_loans)
            for each in self.bank.kernel.read(audit, snapshot=True).findings
        ]
        return tuple(found)

    def pay(self, of: Receivable, amount: str) -> PaidOut:
        return self.bank.run(paying.pay, PayReceivable(self.core.id, of.id, yuan(amount)))  # type: ignore[no-any-return]

    def bring_money(self, who: Party, amount: str) -> None:
        card = f"622202{int(who.number[8:14].translate(str.maketrans('ABCDEFGHJKLMNPQRTUWXY', '0' * 21))):010d}123"
        self.bank.run(payments.top_up, MoveByRail(who.id, yuan(amount), card))

    def has(self, who: Party) -> Money:
        return self.bank.read(lambda tx: payments.wallet(tx, who.id)).balance  # type: ignore[no-any-return]

    def refused(self, act: Callable[[], Any]) -> str:
        with pytest.raises(Refusal) as caught:
            act()
        for said in (caught.value.detail, caught.value.detail_zh):
            assert "?" not in said and "{" not in said, f"a fact is missing from: {said}"
        return caught.value.code

    def days(self, count: int) -> None:
        for _ in range(count):
            close_day(self.bank.kernel)


def signs(bank: Bank, company: Party, person: Party, **changes: Any) -> None:
    """Enter a signatory of a company, who confirms jointly."""
    given: dict[str, Any] = {"scope": ("sign", "confirm"), "jointly": True, **changes}
    command = EnterSignatory(company.id, person.id, "signatory", "board minutes 2026-05-02", **given)
    agreed(bank.kernel, acting.enter_signatory, command)


def _come(bank: Bank) -> tuple[list[Party], list[Party]]:
    founding.found(bank.kernel, Settings(bureau_url=None, tsa_url=None, policy="cn", _env_file=None))
    agreed(bank.kernel, shelf.publish, Publish(PRODUCT, SOURCE.read_text(encoding="utf-8")))
    companies = []
    for number, name in enumerate(COMPANIES):
        command = RegisterOrganisation(name, credit_code(f"50001{number}345"), f"021-6324010{number}")
        companies.append(bank.run(parties.register_organisation, command))
    people = [register_person(bank, number) for number in (0, 1)]
    known = []
    for each in (*companies, *people):
        bank.run(parties.verify_identity, VerifyIdentity(each.id))
        known.append(bank.read(lambda tx, one=each: parties.party(tx, one.id)))
    for each in companies:
        bank.run(payments.open_wallet, OpenWallet(each.id))
    for each in people:
        signs(bank, companies[0], each)
    return known[: len(companies)], known[len(companies) :]
