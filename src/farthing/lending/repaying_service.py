"""Run repayments: many callers' as one batch, each answered for itself (decision 0007)."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.db.tx import Tx
from farthing.kernel.operation import Call
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending import keeping_service as keeping
from farthing.lending import life, refusals, rules, store, telling
from farthing.lending.dues import rules as ordinary
from farthing.lending.dues import store as due_store
from farthing.lending.dues.model import Due
from farthing.lending.life import Life
from farthing.lending.model import Repay, Repayment
from farthing.lending.telling import Told
from farthing.payments.wallets import wallet_path


def repay_batch(tx: Tx, calls: Sequence[Call]) -> list[Repayment | Refusal]:
    """Many repayments in one transaction, in their order: the second of a loan is decided on what the first one left."""
    answers: dict[int, Repayment | Refusal] = {}
    waiting = list(range(len(calls)))
    while waiting:
        first: dict[str, int] = {}
        for index in waiting:
            first.setdefault(calls[index].command.loan_id, index)
        answers |= zip(first.values(), _together(tx, [calls[index] for index in first.values()]), strict=True)
        waiting = [index for index in waiting if index not in answers]
    return [answers[index] for index in range(len(calls))]


def _together(tx: Tx, calls: Sequence[Call]) -> list[Repayment | Refusal]:
    """Repayments of different loans: read together, decided one by one, posted and kept together."""
    found = _found(tx, [call.command for call in calls])
    decided = [_decided(tx, call, found.get(call.command.loan_id)) for call in calls]
    refused = iter(keeping.take_each(tx, [each for each in decided if isinstance(each, Told)]))
    return [each if isinstance(each, Refusal) else next(refused) or repaid(each) for each in decided]


def _found(tx: Tx, commands: Sequence[Repay]) -> dict[str, Due | Life]:
    """The loans of these repayments, those that there are, held: what is due of one where the repayment is ordinary, else its
    whole life."""
    # Rows are held in the order of their ids, so that no two batches wait for each other.
    amounts = {command.loan_id: command.amount for command in commands}
    held, on = store.held(tx, sorted(amounts)), tx.business_date
    dues = {
        each.loan.id: each for each in due_store.due(tx, held, on) if ordinary.pays(each, amounts[each.loan.id], on)
    }
    return {**dues, **{each.loan.id: each for each in store.lives(tx, [row for row in held if row["id"] not in dues])}}


def _decided(tx: Tx, call: Call, before: Due | Life | None) -> Told | Refusal:
    try:
        return decide(tx, call, before)
    except Refusal as refusal:
        return refusal


def decide(tx: Tx, call: Call, before: Due | Life | None) -> Told:
    """What a repayment comes to, of a loan that is held; refuses what :func:`farthing.lending.service.repay` says."""
    command: Repay = call.command
    if before is None:
        raise refusals.UNKNOWN_LOAN(loan_id=command.loan_id)
    on, loan = tx.business_date, before.loan
    if not call.actor.acts_for(loan.party_id):
        raise refusals.NOT_YOURS(what=loan.id)
    wallet = wallet_path(loan.party_id, loan.principal.currency, tx.home)
    if isinstance(before, Due):
        return ordinary.pay(before, command.amount, wallet, tx.new_id("repay"), tx.now, on)
    state = life.stands(before, on)
    rules.check_repay(before, state, command.amount, on)
    return telling.pay(before, state, "repay", command.amount, wallet, tx.new_id("repay"), tx.now, on)


def repay_from(tx: Tx, command: Repay, payer: str) -> Repayment:
    """Repay with what another, by id, brought into the borrower's wallet in this transaction; the event keeps who that was.
    Refuses as :func:`farthing.lending.service.repay`."""
    told = decide(tx, Call(command, tx.actor), _found(tx, [command]).get(command.loan_id))
    told = telling.keeping(told, **{telling.PAID_BY: payer})
    keeping.take(tx, [told])
    return repaid(told)


def repay_at_most(tx: Tx, loan_id: str, most: Money, payer: str) -> Repayment | None:
    """Repay a running loan with what another, by id, brought into the borrower's wallet in this transaction for what stands
    behind it: all of it where that is enough, else as far as it goes, what is due first. None where the loan does not run."""
    before = keeping.life_of(tx, loan_id, lock=True)
    if before.loan.state != "active":
        return None
    on, wallet = tx.business_date, wallet_path(before.loan.party_id, before.loan.principal.currency, tx.home)
    state = life.stands(before, on)
    whole = life.settlement_of(before, state, on).amount <= most
    kind, amount = ("pay_off", most * 0) if whole else ("repay", most)
    told = telling.pay(before, state, kind, amount, wallet, tx.new_id("repay"), tx.now, on)
    told = telling.keeping(told, **{telling.PAID_BY: payer})
    keeping.take(tx, [told])
    return repaid(told)


def repaid(told: Told) -> Repayment:
    """The repayment that a fact is."""
    assert told.event is not None
    return life.repayment(told.loan.id, told.event)
