"""Run transfers: a piece, or a part of one, offered to the next supplier by an agreement that both sign."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kernel.operation import Asked, operation
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.errors import Refusal
from farthing.kit.inputs import Id, PageSize
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.signing.acts.service import contract_id_of
from farthing.signing.agreements import ending_service as ending
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import AgreementParty, DrawAgreement, Filled, StepBack
from farthing.signing.agreements.rules import STATES
from farthing.signing.contests import rules as contest_rules
from farthing.signing.contests import service as contests
from farthing.supply import binding_service as binding
from farthing.supply import refusals, rules, service, store
from farthing.supply.confirming_service import OVER, found, keep, law
from farthing.supply.model import OfferTransfer, PieceTransfer, Receivable, TransferCommand

FORM = "receivable-transfer"


def offered(tx: Tx, asked: Asked) -> PieceTransfer:
    """A transfer once its agreement is drawn; refuses ``signing.authority_awaited`` before."""
    transfer_id, _, contract = asked.subject.partition(" ")
    agreements.drawn(tx, Asked(contract, asked.errands))
    return _transfer(tx, transfer_id)


@operation(
    "supply.offer_transfer", title=Words("Pass a receivable on", "转让应收账款"), permission="supply:act",
    whose=of("party_id"), conclude=offered,
)  # fmt: skip
def offer_transfer(tx: Tx, command: OfferTransfer) -> Asked:
    """Offer a piece, or a part that is split off it, to another: both sign, then it is the other's.

    Refuses ``supply.unknown_receivable``, ``parties.unknown``, ``signing.contested``, ``supply.not_binding`` and what
    :func:`farthing.supply.rules.offer` refuses.
    """
    before, taker = found(tx, command.receivable_id), parties.party(tx, command.to)
    transfer_id = tx.new_id("transfer")
    after, events, number = rules.offer(
        before, command.piece, command.amount, command.party_id, taker.id, transfer_id, tx.business_date, law(tx),
        taker_name=taker.name,
    )  # fmt: skip
    binding.check(tx, before, command.piece)
    keep(tx, before, after, events)
    contract = contract_id_of(f"agreement:{transfer_id}")
    new = PieceTransfer(
        transfer_id,
        before.id,
        number,
        command.party_id,
        taker.id,
        command.amount,
        contract,
        "offered",
        tx.business_date,
    )
    store.insert_transfer(tx, new)
    asked = agreements.draw(tx, _agreement(tx, before, new))
    return Asked(f"{transfer_id} {asked.subject}", asked.errands)


def _agreement(tx: Tx, of_what: Receivable, new: PieceTransfer) -> DrawAgreement:
    invoice = service.invoice_of(tx, of_what.invoice_id)
    fields = (
        Filled("invoice", invoice.number), Filled("register_id", f"{of_what.id} / {new.piece}"),
        Filled("debtor", invoice.buyer_name), Filled("amount", f"{new.amount.currency} {new.amount.plain()}"),
        Filled("due_on", str(of_what.due_on)),
    )  # fmt: skip
    named = (AgreementParty("giver", new.giver), AgreementParty("taker", new.taker))
    return DrawAgreement(new.id, FORM, named, fields)


@operation(
    "supply.complete_transfer", title=Words("Enter a transfer", "转让登记"), permission="supply:act",
    whose=of("party_id"),
)  # fmt: skip
def complete_transfer(tx: Tx, command: TransferCommand) -> PieceTransfer:
    """Make a piece the taker's once both have signed; again it answers the same. What was not signed in time, or fell due first,
    stays its holder's.

    Refuses ``supply.unknown_transfer``, ``supply.not_signed``, ``signing.contested``, ``supply.not_binding``.
    """
    return _completed(tx, _of_side(tx, command))


def _completed(tx: Tx, there: PieceTransfer) -> PieceTransfer:
    if there.state != "offered":
        return there
    state, before = agreements.agreement(tx, there.agreement_id).state, found(tx, there.receivable_id)
    if state in OVER or before.due_on <= tx.business_date:
        return _over(tx, there, before)
    if state != "in_force":
        raise refusals.NOT_SIGNED(state=STATES[state])
    contests.check_uncontested(tx, there.agreement_id)
    binding.check(tx, before, there.piece)
    changed = rules.pass_on(before, there.piece, there.taker, there.id, tx.business_date)
    keep(tx, before, *changed)
    store.end_transfer(tx, there.id, "done")
    return _transfer(tx, there.id)


@operation(
    "supply.end_transfer", title=Words("Take a transfer back", "撤回转让"), permission="supply:act",
    whose=of("party_id"),
)  # fmt: skip
def end_transfer(tx: Tx, command: TransferCommand) -> PieceTransfer:
    """Step back from a transfer before both have signed; the piece is its holder's again. Refuses ``supply.unknown_transfer``,
    ``signing.no_stepping_back`` once it is in force."""
    there = _of_side(tx, command)
    if there.state != "offered":
        return there
    agreements.step_back(tx, StepBack(there.agreement_id, command.party_id))
    return _over(tx, there, found(tx, there.receivable_id))


def _over(tx: Tx, there: PieceTransfer, before: Receivable) -> PieceTransfer:
    ending.give_up(tx, there.agreement_id)
    keep(tx, before, *rules.take_back(before, there.piece, there.id, tx.business_date))
    store.end_transfer(tx, there.id, "over")
    return _transfer(tx, there.id)


def lapse(tx: Tx, transfer_ids: list[str]) -> int:
    """Enter what both have signed, and give back what never will be; answers of how many."""
    return sum(_ended(tx, there) for there in store.transfers(tx, transfer_ids).values() if there.state == "offered")


def _ended(tx: Tx, there: PieceTransfer) -> int:
    """Enter or give back one; what is in dispute waits."""
    if agreements.agreement(tx, there.agreement_id).state not in (*OVER, "in_force"):
        return 0
    try:
        _completed(tx, there)
    except Refusal as refusal:
        if refusal.code not in (contest_rules.CONTESTED.name, refusals.NOT_BINDING.name):
            raise
        return 0
    return 1


def _transfer(tx: Tx, transfer_id: str) -> PieceTransfer:
    there = store.transfers(tx, [transfer_id]).get(transfer_id)
    if there is None:
        raise refusals.UNKNOWN_TRANSFER(transfer_id=transfer_id)
    return there


def _of_side(tx: Tx, command: TransferCommand) -> PieceTransfer:
    """A transfer as one of its sides sees it; that there is one of others nobody learns."""
    there = _transfer(tx, command.transfer_id)
    if command.party_id not in (there.giver, there.taker):
        raise refusals.UNKNOWN_TRANSFER(transfer_id=command.transfer_id)
    return there


@question("supply.transfers", permission="supply:read", whose=of("party_id"))
def transfers(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[PieceTransfer]:
    """What somebody offered or was offered, the latest first."""
    return store.transfers_of(tx, party_id, limit)
