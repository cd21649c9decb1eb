"""Run the register of invoices, brought by their sellers and taken back from by credit notes; and who may confirm them."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kernel.operation import operation, personal
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Id, PageSize
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.supply import refusals
from farthing.supply.invoices import reading, store
from farthing.supply.invoices.model import InvoiceFile
from farthing.supply.model import Debtor, GradeDebtor, Invoice, NameOfficer, RegisterInvoice

BEST, WORST = 1, 5


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it came, and what it says."""

    content: bytes
    sha256: str
    said: InvoiceFile


@dataclass(frozen=True, slots=True)
class SigningOfficer:
    """A person who signs for an organisation."""

    person_id: str
    name: str = personal("")


@dataclass(frozen=True, slots=True)
class Officers:
    """Who signs for an organisation."""

    organisation_id: str
    person_ids: tuple[str, ...]


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
    "supply.name_officer", title=Words("Name an officer of an organisation", "登记单位授权签署人"),
    permission="supply:name", four_eyes=True, whose=STAFF,
)  # fmt: skip
def name_officer(tx: Tx, command: NameOfficer) -> Officers:
    """Let a person sign confirmations for an organisation, or not any more, by two of the bank's staff who saw its papers.

    Refuses ``parties.unknown``, ``supply.not_officer`` of somebody who is no person.
    """
    organisation, person = parties.party(tx, command.organisation_id), parties.party(tx, command.person_id)
    if organisation.kind != "organisation" or person.kind != "person":
        raise refusals.NOT_OFFICER(person=person.id, organisation=organisation.name)
    if command.ends:
        store.end_officer(tx, organisation.id, person.id)
    else:
        store.name_officer(tx, organisation.id, person.id)
    return Officers(organisation.id, tuple(store.officers(tx, organisation.id)))


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


def check_officers(tx: Tx, organisation_id: str, first: str, second: str) -> None:
    """Refuse ``supply.same_officer``, ``supply.not_officer`` unless two different officers were named: the one place that knows
    who signs for an organisation."""
    if first == second:
        raise refusals.SAME_OFFICER()
    known = store.officers(tx, organisation_id)
    for each in (first, second):
        if each not in known:
            raise refusals.NOT_OFFICER(person=each, organisation=parties.party(tx, organisation_id).name)


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


@question("supply.officers", permission="supply:read", whose=of("party_id"))
def officers(tx: Tx, party_id: Id) -> list[SigningOfficer]:
    """Who signs confirmations for an organisation."""
    found = store.officers(tx, party_id)
    known = parties.parties(tx, found)
    return [SigningOfficer(each, known[each].name) for each in found]
