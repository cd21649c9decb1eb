"""Run money against a piece: the bank offers what the piece covers on the day that it is due, as a loan like any other.

The loan is decided on the debtor's grade; accepting it, who holds it, its contract, its life, arrears and penalty are lending's
and funding's. With recourse: the borrower owes it, whoever pays; the piece repays it first.
"""

from __future__ import annotations

from datetime import date, timedelta

from farthing.credit import debtor_service as debtors
from farthing.credit.model import RequestDecision
from farthing.db.tx import Tx
from farthing.kernel.calendar import holidays
from farthing.kernel.operation import operation
from farthing.kernel.whose import of
from farthing.kit.money import Money, total
from farthing.kit.words import Words
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Recover
from farthing.lending.offering.plan import largest
from farthing.lending.repaying_service import repay_at_most
from farthing.lending.standing import OPEN
from farthing.lending.standing_service import standings
from farthing.parties import service as parties
from farthing.products import by_default
from farthing.products import service as products
from farthing.products.model import LoanTerms
from farthing.supply import binding_service as binding
from farthing.supply import refusals, rules, seen, store
from farthing.supply.confirming_service import found, keep
from farthing.supply.invoices import store as invoices
from farthing.supply.model import Advance, AskAdvance, Debtor, Piece, PieceCommand, Receivable

BULLET = "bullet"


@operation(
    "supply.ask_advance", title=Words("Ask for money against a receivable", "申请应收账款融资"), permission="supply:act",
    whose=of("party_id"),
)  # fmt: skip
def ask_advance(tx: Tx, command: AskAdvance) -> Advance:
    """Offer the holder of a piece a loan whose one instalment the piece covers on the day that it is due; the piece is pledged.

    Refuses what :func:`farthing.supply.rules.pledge` refuses, ``signing.contested``, ``supply.not_binding``,
    ``supply.debtor_not_graded``, ``supply.debtor_full``,
    ``supply.other_product``, ``supply.too_little``, ``supply.advance_refused``, ``credit.outside_product``,
    ``lending.party_kind``, ``parties.level_too_low``, ``policy.*``.
    """
    before, on = found(tx, command.receivable_id), tx.business_date
    terms = products.loan_terms(tx, command.product)
    rules.pledge(before, command.piece, command.party_id, "", on)  # first of all: whose it is, and free
    binding.check(tx, before, command.piece)
    piece, graded = before.pieces[command.piece - 1], _graded(tx, before)
    _check_product(terms)
    _check_room(tx, graded, piece.amount)
    periods = (before.due_on - on).days
    amount = _amount(tx, terms, graded, piece, periods, on)
    purpose = f"应收账款质押 {before.id}/{piece.number}"
    asked = RequestDecision(command.party_id, terms.product, amount, periods)
    decision = debtors.decide(tx, asked, before.debtor, graded.grade)
    if not decision.approved:
        why = decision.reasons[0]
        raise refusals.REFUSED(reason=why.en, reason_zh=why.zh)
    offer = lending.offer_on(tx, decision, purpose, before.due_on - timedelta(days=1))
    keep(tx, before, *rules.pledge(before, piece.number, command.party_id, offer.id, on))
    owed = total([each.amount for each in offer.schedule], amount.currency)
    return Advance(before.id, piece.number, offer, piece.amount, owed - offer.amount)


def _graded(tx: Tx, before: Receivable) -> Debtor:
    graded = invoices.debtor(tx, before.debtor, lock=True)
    if graded is None:
        raise refusals.NOT_GRADED(debtor=parties.party(tx, before.debtor).name)
    return graded


def _check_product(terms: LoanTerms) -> None:
    """One instalment at the end, counted in days, with no fee, decided on the debtor's grade."""
    daily = (terms.schedule.every, terms.schedule.unit) == (1, "day")
    if not (daily and terms.method == BULLET and debtors.decides(terms)):
        raise refusals.OTHER_PRODUCT(product=terms.product)


def _check_room(tx: Tx, graded: Debtor, face: Money) -> None:
    used = Money(store.pledged_of(tx, graded.party_id), face.currency)
    if graded.most.currency != face.currency or used + face > graded.most:
        raise refusals.DEBTOR_FULL(most=str(graded.most), used=str(used), face=str(face))


def _amount(tx: Tx, terms: LoanTerms, graded: Debtor, piece: Piece, periods: int, on: date) -> Money:
    """What is lent on a piece: the most whose principal and interest come to no more than its face on the day that it is due."""
    chance = debtors.probability(terms, graded.grade)
    last = terms.rate.by_default[-1].up_to if terms.rate.by_default else None
    priced = terms if last is not None and chance > last else by_default.priced(terms, chance)
    amount = largest(priced, piece.amount, periods, on, holidays(tx))
    if amount < terms.principal.min:
        raise refusals.TOO_LITTLE(face=str(piece.amount))
    return amount


@operation(
    "supply.release", title=Words("Free a pledged receivable", "解除应收账款质押"), permission="supply:act",
    whose=of("party_id"),
)  # fmt: skip
def release(tx: Tx, command: PieceCommand) -> Receivable:
    """Free a piece whose loan is over, or whose offer nobody took in time. Refuses ``supply.still_behind``,
    ``supply.not_holder``, ``supply.unknown_piece``; one that is free already answers the same."""
    before = found(tx, command.receivable_id)
    piece = next((each for each in before.pieces if each.number == command.piece), None)
    if piece is None:
        raise refusals.UNKNOWN_PIECE(receivable_id=before.id, piece=command.piece)
    if piece.holder != command.party_id:
        raise refusals.NOT_HOLDER(piece=piece.number)
    if piece.state != "pledged":
        return seen.seen(before, command.party_id)
    if piece.number not in over(tx, [before]).get(before.id, ()):
        raise refusals.STILL_BEHIND(loan_id=lending.loan_of_offer(piece.about))
    return seen.seen(
        keep(tx, before, *rules.release(before, piece.number, piece.about, tx.business_date)), piece.holder
    )


def over(tx: Tx, some: list[Receivable]) -> dict[str, list[int]]:
    """Which pledged pieces stand behind nothing any more: their loan is over, or nobody took the offer and its time is over. What
    may come of a piece still stays behind a loan that was written off, until that is recovered."""
    pledged = [(each, piece) for each in some for piece in each.pieces if piece.state == "pledged"]
    loans = standings(tx, sorted({lending.loan_of_offer(piece.about) for _, piece in pledged}))
    freed: dict[str, list[int]] = {}
    for each, piece in pledged:
        loan = loans.get(lending.loan_of_offer(piece.about))
        lapsed = loan is None and lending.offer(tx, piece.about).expires_on < tx.business_date
        if lapsed or (loan is not None and loan.state not in OPEN and not (piece.left and _lost(tx, loan.loan_id))):
            freed.setdefault(each.id, []).append(piece.number)
    return freed


def _lost(tx: Tx, loan_id: str) -> Money:
    """What was written off of a loan and may be recovered."""
    return acts.recoverable(tx, loan_id).left


def repaid(tx: Tx, piece: Piece, part: Money, receivable_id: str) -> Money:
    """Repay the loan that a piece stands behind with what was paid of it, due or not; answers how much that was.

    A loan that is not paid out yet is called off: what it would be lent on has come. No offer is open on a day on which a piece
    is paid (:func:`ask_advance`). Of one that was written off as much is recovered.
    """
    nothing, loan_id = part * 0, lending.loan_of_offer(piece.about)
    if piece.state != "pledged" or lending.loan_owner(tx, loan_id) is None:
        return nothing
    loan = lending.locked(tx, loan_id)
    if loan.state in ("accepted", "funded"):
        lending.call_off(tx, loan)
    elif loan.state == "closed" and (most := min(_lost(tx, loan_id), part)):
        return acts.tell(tx, acts.recover, Recover(loan_id, most)).amount
    done = repay_at_most(tx, loan_id, part, receivable_id)
    return nothing if done is None else done.amount


def lapse(tx: Tx, some: list[Receivable]) -> int:
    """Free what stands behind nothing any more; answers of how many."""
    freed, known = over(tx, some), {each.id: each for each in some}
    for receivable_id, numbers in freed.items():
        for number in numbers:
            before = known[receivable_id]
            changed = rules.release(before, number, before.pieces[number - 1].about, tx.business_date)
            known[receivable_id] = keep(tx, before, *changed)
    return sum(map(len, freed.values()))
