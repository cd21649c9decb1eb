"""Run confirmations: what a core company owes on an invoice, drawn up as an agreement, signed, and entered as a receivable."""

from __future__ import annotations

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel.operation import Asked, operation
from farthing.kernel.whose import of
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.products import service as products
from farthing.products.receivable_rules import ReceivableRules
from farthing.signing.acts.service import contract_id_of
from farthing.signing.agreements import ending_service as ending
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import AgreementParty, DrawAgreement, Filled
from farthing.signing.agreements.rules import STATES
from farthing.supply import binding_service as binding
from farthing.supply import refusals, rules, seen, service, store
from farthing.supply.invoices import store as invoices
from farthing.supply.model import AskConfirmation, Event, Invoice, Receivable, ReceivableCommand

FORM = "payable-confirmation"
OVER = ("lapsed", "ended")


def law(tx: Tx) -> ReceivableRules:
    """What the pack in force says of receivables."""
    found = products.policy_in_force(tx).receivables
    assert found is not None  # a pack says it, or decoding puts what held before
    return found


def proposed(tx: Tx, asked: Asked) -> Receivable:
    """A receivable once its agreement is drawn; refuses ``signing.authority_awaited`` before."""
    receivable_id, _, contract = asked.subject.partition(" ")
    agreements.drawn(tx, Asked(contract, asked.errands))
    return found(tx, receivable_id)


@operation(
    "supply.ask_confirmation", title=Words("Confirm a payable", "应付账款确权"), permission="supply:act",
    whose=of("party_id"), conclude=proposed,
)  # fmt: skip
def ask_confirmation(tx: Tx, command: AskConfirmation) -> Asked:
    """As the buyer of an invoice, have the confirmation drawn up: supplier, core company and two of its signatories sign.

    The amount is set aside of the invoice from now on. Refuses ``supply.unknown_invoice``, ``supply.not_buyer``,
    ``supply.same_signatory``, ``supply.not_signatory``, ``acting.*`` where it is more than one of them may confirm,
    ``supply.beyond_invoice``, ``supply.due_outside``, ``supply.piece_too_small``, and what drawing
    refuses (``parties.level_too_low``).
    """
    invoice, buyer = service.invoice_of(tx, command.invoice_id), parties.party(tx, command.party_id)
    if invoice.buyer_code != buyer.number:
        raise refusals.NOT_BUYER(buyer=invoice.buyer_code)
    service.check_signatories(tx, buyer.id, command.first, command.second, command.amount)
    rules.check_confirmed(invoice, command.amount, command.due_on, tx.business_date, law(tx))
    receivable_id = tx.new_id("receivable")
    new = Receivable(
        receivable_id, invoice.id, invoice.seller_id, buyer.id, command.amount, command.due_on, "proposed",
        contract_id_of(f"agreement:{receivable_id}"), tx.business_date, 0,
    )  # fmt: skip
    invoices.confirm(tx, invoice.id, command.amount)
    if not store.insert(tx, new):
        raise Collision("the confirmation is being drawn by somebody else")
    asked = agreements.draw(tx, _agreement(new, invoice, command))
    return Asked(f"{receivable_id} {asked.subject}", asked.errands)


def _agreement(new: Receivable, invoice: Invoice, command: AskConfirmation) -> DrawAgreement:
    fields = (
        Filled("invoice", f"{invoice.number} {invoice.issued_on}"), Filled("invoice_digest", invoice.sha256),
        Filled("register_id", new.id), Filled("amount", money(new)), Filled("due_on", str(new.due_on)),
    )  # fmt: skip
    named = (("supplier", new.supplier), ("core", new.debtor), ("first", command.first), ("second", command.second))
    return DrawAgreement(new.id, FORM, tuple(AgreementParty(role, party) for role, party in named), fields)


def money(new: Receivable) -> str:
    """An amount as a form's field takes it."""
    return f"{new.amount.currency} {new.amount.plain()}"


@operation(
    "supply.enter", title=Words("Enter a confirmed payable", "确权登记"), permission="supply:act",
    whose=of("party_id"),
)  # fmt: skip
def enter(tx: Tx, command: ReceivableCommand) -> Receivable:
    """Enter a receivable whose agreement is in force; again it answers the same. One that was not signed in time, or stepped back
    from, is void and gives back what it took of the invoice.

    Refuses ``supply.unknown_receivable``, ``supply.not_signed``, ``signing.contested``, ``supply.not_signatory`` of one who is
    none any more.
    """
    before = of_side(tx, command.party_id, command.receivable_id)
    if before.state != "proposed":
        return seen.seen(before, command.party_id)
    signed = agreements.agreement(tx, before.agreement_id)
    if signed.state in OVER:
        return _voided(tx, before)
    if signed.state != "in_force":
        raise refusals.NOT_SIGNED(state=STATES[signed.state])
    binding.check(tx, before)
    people = {each.role: each.party_id for each in signed.parties}
    service.check_signatories(tx, before.debtor, people["first"], people["second"])
    return keep(tx, before, *rules.confirm(before, tx.business_date))


def _voided(tx: Tx, before: Receivable) -> Receivable:
    ending.give_up(tx, before.agreement_id)
    invoices.confirm(tx, before.invoice_id, -before.amount)
    return keep(tx, before, *rules.void(before))


def lapse(tx: Tx, ids: list[str]) -> int:
    """Void what was proposed and never will be signed; answers of how many."""
    ended = 0
    for before in store.find(tx, ids).values():
        if agreements.agreement(tx, before.agreement_id).state in OVER:
            _voided(tx, before)
            ended += 1
    return ended


def found(tx: Tx, receivable_id: str) -> Receivable:
    """A receivable; refuses ``supply.unknown_receivable``."""
    there = store.find(tx, [receivable_id]) if receivable_id.isprintable() else {}
    if receivable_id not in there:
        raise refusals.UNKNOWN(receivable_id=receivable_id)
    return there[receivable_id]


def of_side(tx: Tx, party_id: str, receivable_id: str) -> Receivable:
    """A receivable as its supplier, its debtor, or whoever held a piece sees it; that there is one of others nobody learns.
    Refuses ``supply.unknown_receivable``."""
    there = found(tx, receivable_id)
    if party_id not in (there.supplier, there.debtor, *(each.holder for each in there.pieces)):
        raise refusals.UNKNOWN(receivable_id=receivable_id)
    return there


def keep(tx: Tx, before: Receivable, after: Receivable, events: tuple[Event, ...]) -> Receivable:
    """Keep what became of a receivable, with a leaf of the log for each thing that happened."""
    store.save(tx, before, after, events)
    evidence.append_many(
        tx,
        [
            (
                f"supply.{each.kind}",
                {
                    "receivable_id": after.id, "invoice_id": after.invoice_id, "piece": each.piece, "party_id": each.party,
                    "amount": str(each.amount), "about": each.about, "on": str(tx.business_date),
                },
            )
            for each in events
        ],
    )  # fmt: skip
    return after
