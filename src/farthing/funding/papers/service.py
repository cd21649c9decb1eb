"""Answer to a person of a partner lender what it has in hand of its loans, and hand a contract out, which is logged.

Whose affairs are told follows from the login alone. Whoever lends a part of a loan is party to its contract and must know who
owes (Civil Code art. 470; PIPL art. 13 (1) 2): it is handed out as it was signed, once somebody takes it, and the borrower
sees that. Certificate and schedule name no borrower.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from farthing.db.tx import Tx
from farthing.funding import notes_store
from farthing.funding.joint import store as joint
from farthing.funding.joint.rules import by_partner
from farthing.funding.lenders import service as lenders
from farthing.funding.lenders.rules import credited
from farthing.funding.papers import rules, store
from farthing.funding.papers.model import Certificate, Part, PartPage, TakeContract, Taken
from farthing.funding.shares import Note, in_force
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import ONESELF, of
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.words import Words
from farthing.lending import books_service as books
from farthing.lending import service as lending
from farthing.lending.model import Loan
from farthing.lending.roll import service as roll
from farthing.products import service as products
from farthing.signing import service as signing


@question("funding.own_parts", permission="funding:read", whose=ONESELF)
def own_parts(tx: Tx, after: Cursor = "", limit: PageSize = 50) -> PartPage:
    """The loans that the partner has a part of, the latest first; continue with ``after`` the last id.

    Refuses ``funding.no_partner`` and ``funding.no_part``.
    """
    holder = f"partner:{lenders.partner_of(tx)}"
    began = store.since(tx, after, holder) if after else tx.business_date + timedelta(days=1)
    if began is None:
        raise rules.NO_PART(loan_id=after)
    found = store.parts(tx, holder, (began, after), limit + 1)
    page = found[:limit]
    loans = {loan.id: loan for loan, _ in books.with_flows(tx, [row["loan_id"] for row in page])}
    notes = notes_store.of_loans(tx, list(loans))
    told = tuple(_part(tx, loans[row["loan_id"]], notes[row["loan_id"]], holder, row["since"]) for row in page)
    return PartPage(told, told[-1].loan_id if len(found) > limit else None)


def _part(tx: Tx, loan: Loan, notes: list[Note], holder: str, since: date) -> Part:
    lent = next(note.principal for note in notes if note.holder == holder)
    return Part(loan.id, _called(tx, loan), lent, since, loan.state)


def _called(tx: Tx, loan: Loan) -> Words:
    return products.loan_terms(tx, loan.conditions.product, loan.conditions.version).name


@question("funding.own_certificate", permission="funding:read", whose=ONESELF)
def own_certificate(tx: Tx, loan_id: Id) -> Certificate:
    """What the partner holds of one loan today, and its part of each instalment; refuses ``funding.no_partner`` and
    ``funding.no_part``."""
    partner = lenders.partner_of(tx)
    loan, notes, at = _held(tx, partner, loan_id)
    (paid,) = roll.held(tx, [loan.id]) or (None,)
    if paid is None or loan.contract_id is None:
        raise rules.NO_PART(loan_id=loan_id)
    taken = by_partner(joint.of_loans(tx, [loan.id]), {}).get(loan.id, {}).get(notes[at].holder)
    had, lent = credited(paid, notes, at, taken), notes[at].principal
    return Certificate(
        lenders.name_of(tx, partner), loan.id, _called(tx, loan), loan.state, tx.business_date, notes[at].from_on,
        loan.principal, lent, Decimal(lent.minor) / Decimal(loan.principal.minor), loan.conditions.annual, had.principal,
        had.interest, had.servicing, had.charges, lent - had.principal, had.late, store.reference(tx, loan.id, partner),
        signing.contract_view(tx, loan.contract_id).document_digest, rules.schedule(loan.instalments, notes, at),
        tuple(each for each in store.taken(tx, loan.id) if each.partner == partner),
    )  # fmt: skip


@operation(
    "funding.take_contract", title=Words("Take a shared loan's contract", "调取联合贷款合同"),
    permission="funding:papers", whose=ONESELF,
)  # fmt: skip
def take_contract(tx: Tx, command: TakeContract) -> Taken:
    """Let this login read the contract of a loan that its partner has a part of, and keep that it does.

    Refuses ``funding.no_partner`` and ``funding.no_part``. Again it answers the same.
    """
    partner = lenders.partner_of(tx)
    loan, _, _ = _held(tx, partner, command.loan_id)
    contract = signing.require_effective(tx, loan.contract_id or "")
    store.take(tx, Taken(loan.id, tx.actor.id, partner, contract.document_digest, tx.business_date))
    return next(each for each in store.taken(tx, loan.id) if each.actor_id == tx.actor.id)


@question("funding.own_contract", permission="funding:papers", whose=ONESELF)
def own_contract(tx: Tx, loan_id: Id) -> bytes:
    """The contract (PDF) as it was signed, for the login that took it; refuses ``funding.no_partner``, ``funding.no_part`` and
    ``funding.contract_not_taken``."""
    loan, _, _ = _held(tx, lenders.partner_of(tx), loan_id)
    if not any(each.actor_id == tx.actor.id for each in store.taken(tx, loan.id)):
        raise rules.NOT_TAKEN()
    return signing.document(tx, loan.contract_id or "")


@question("funding.taken", permission="lending:read", whose=of("loan_id", lending.loan_owner))
def taken(tx: Tx, loan_id: Id) -> tuple[tuple[Words, date], ...]:
    """For the borrower: the names of the partners whose people took the contract, each with the first day."""
    found: dict[Words, date] = {}
    for each in store.taken(tx, loan_id):
        found.setdefault(lenders.name_of(tx, each.partner), each.taken_on)
    return tuple(found.items())


def _held(tx: Tx, partner: str, loan_id: str) -> tuple[Loan, list[Note], int]:
    """A loan that was paid out, its notes in force, and which of them is the partner's; refuses ``funding.no_part``."""
    notes = notes_store.of_loans(tx, [loan_id]).get(loan_id, [])
    now = in_force(notes, date.max) if notes else []
    at = rules.place(now, f"partner:{partner}")
    if at is None:
        raise rules.NO_PART(loan_id=loan_id)
    ((loan, _),) = books.with_flows(tx, [loan_id])
    return loan, now, at
