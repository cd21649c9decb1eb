"""Run the register of invoices, brought by their sellers and taken back from by credit notes; and who may confirm them."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kernel.acting import powers_service as powers
from farthing.kernel.acting.model import Act
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Id, PageSize
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.supply import refusals
from farthing.supply.invoices import reading, store
from farthing.supply.invoices.model import InvoiceFile
from farthing.supply.model import Debtor, GradeDebtor, Invoice, RegisterInvoice

BEST, WORST = 1, 5
CONFIRMS = "supply.ask_confirmation"
"""What the power of whoever confirms for an organisation must be for."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it came, and what it says."""

    content: bytes
    sha256: str
    said: InvoiceFile


def brought(command: RegisterInvoice) -> Brought:
    """Read the file before the transaction; refuses ``supply.invoice_*``, ``parties.credit_code_invalid``."""
    try:
        content = base64.b64decode(command.content_base64, validate=True)
    except (binascii.Error, ValueError):
        raise refusals.NOT_BASE64() from None
    return Brought(content, hashlib.sha256(content).hexdigest(), reading.read(content))


@operation(
    "supply.register_invoice", title=Words("Register an invoice", "登记发票"), permission="supply:act",
    whose=of("party_id"), prepare=brought,
)  # fmt: skip
def register_invoice(tx: Tx, command: RegisterInvoice, file: Brought) -> Invoice:
    """Keep an invoice of the seller's own, or a credit note that takes back from one; the same invoice again, in whichever file
    or format, answers the one that is there.

    Refuses ``supply.not_seller``, ``supply.own_buyer``, ``supply.invoice_differs``, ``supply.unknown_invoice``,
    ``supply.credits_more``.
    """
    said, seller = file.said, parties.party(tx, command.party_id)
    if said.seller != seller.number:
        raise refusals.NOT_SELLER(seller=said.seller)
    if said.buyer == said.seller:
        raise refusals.OWN_BUYER()
    if said.credits is not None:
        return _credited(tx, file)
    store.insert(tx, seller.id, said, file.sha256, file.content)
    kept = store.find(tx, [said.id])[said.id]
    known = (kept.buyer_code, kept.amount, kept.issued_on)
    if known != (said.buyer, said.amount, said.issued_on):
        one, other = (", ".join(map(str, each)) for each in (known, (said.buyer, said.amount, said.issued_on)))
        raise refusals.INVOICE_DIFFERS(number=said.number, known=one, found=other)
    return kept


def _credited(tx: Tx, file: Brought) -> Invoice:
    note = file.said
    there = store.find_credit(tx, note.id)
    known = store.find(tx, [note.referred()]).get(note.referred())
    if known is None:
        raise refusals.UNKNOWN_INVOICE(invoice_id=note.credits)
    if there is not None:
        if (there.invoice_id, there.amount) != (known.id, note.amount):
            raise refusals.INVOICE_DIFFERS(number=note.number, known=str(there.amount), found=str(note.amount))
        return known
    if note.buyer != known.buyer_code or note.amount.currency != known.amount.currency or note.amount > known.free:
        raise refusals.CREDITS_MORE(amount=str(note.amount), free=str(known.free))
    store.credit(tx, note, file.sha256, file.content)
    return store.find(tx, [known.id])[known.id]


@operation(
    "supply.grade_debtor", title=Words("Grade a core company", "核心企业评级"), permission="supply:grade", four_eyes=True,
    whose=STAFF,
)  # fmt: skip
def grade_debtor(tx: Tx, command: GradeDebtor) -> Debtor:
    """Say how good a core company's word is and how much is lent on it in all. Refuses ``supply.grade_unknown``,
    ``parties.unknown``, ``money.*``."""
    if not BEST <= command.grade <= WORST:
        raise refusals.GRADE_UNKNOWN(grade=command.grade)
    found = Debtor(parties.party(tx, command.party_id).id, command.grade, command.most, tx.business_date)
    store.grade(tx, found)
    return found


def check_signatories(tx: Tx, organisation_id: str, first: str, second: str, amount: Money | None = None) -> None:
    """Refuse ``supply.same_signatory``, ``supply.not_signatory`` unless two different persons confirm for an organisation, each
    by a power that is for it today. ``amount`` is counted against the limits of both, also where each signs jointly: refuses
    ``acting.over_each``, ``acting.over_day``, ``acting.other_currency``."""
    if first == second:
        raise refusals.SAME_SIGNATORY()
    for person in sorted((first, second)):  # of two confirmations at once each holds the powers in the same order
        if not powers.signs(tx, organisation_id, person, Act(CONFIRMS, amount)):
            raise refusals.NOT_SIGNATORY(person=person, organisation=parties.party(tx, organisation_id).name)


def invoice_of(tx: Tx, invoice_id: str) -> Invoice:
    """An invoice; refuses ``supply.unknown_invoice``."""
    found = store.find(tx, [invoice_id]).get(invoice_id)
    if found is None:
        raise refusals.UNKNOWN_INVOICE(invoice_id=invoice_id)
    return found


@question("supply.invoice", permission="supply:read", whose=of("party_id"))
def invoice(tx: Tx, party_id: Id, invoice_id: Id) -> Invoice:
    """An invoice as its seller or its buyer sees it; refuses ``supply.unknown_invoice`` of anybody else's too."""
    found = invoice_of(tx, invoice_id)
    if party_id != found.seller_id and parties.party(tx, party_id).number != found.buyer_code:
        raise refusals.UNKNOWN_INVOICE(invoice_id=invoice_id)
    return found


@question("supply.invoice_file", permission="supply:read", whose=of("party_id"))
def invoice_file(tx: Tx, party_id: Id, invoice_id: Id) -> bytes:
    """The file that an invoice came as, to the byte; refuses as :func:`invoice` does."""
    return store.content(tx, invoice(tx, party_id, invoice_id).id)


@question("supply.invoices", permission="supply:read", whose=of("party_id"))
def invoices(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[Invoice]:
    """What somebody issued, the latest first."""
    return store.of_seller(tx, party_id, limit)


@question("supply.invoices_to", permission="supply:read", whose=of("party_id"))
def invoices_to(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[Invoice]:
    """What was issued to somebody, the latest first: what a core company may confirm."""
    return store.to_buyer(tx, parties.party(tx, party_id).number, limit)
