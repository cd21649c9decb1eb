"""Run what is said of disputes and how they end: answered, decided, contested, withdrawn; and, by the close of the day, silence
and what is owed.

Whoever moves a dispute writes its row first, under the condition that it stands as it was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel.day import CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF, of
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, Posted
from farthing.parties.oneself_service import not_own
from farthing.payments.disputes import reading_service as reading
from farthing.payments.disputes import rules, store
from farthing.payments.disputes.model import (
    CLOSED,
    AnswerPayer,
    ClosedTold,
    ContestDispute,
    DecidedDispute,
    DecideDispute,
    DisputeView,
    PaymentDispute,
    WithdrawDispute,
)
from farthing.payments.merchants import takings_store as takings
from farthing.payments.merchants.rules import EARNED
from farthing.payments.wallets import wallet_path

DECIDES = "payments:fraud"
GROUP = 200
OVER = ("ended", "withdrawn")
Moved = tuple[PaymentDispute, PaymentDispute]
"""A dispute as it stood, and as it stands now."""


@operation(
    "disputes.withdraw",
    title=Words("Withdraw a dispute", "撤回争议"),
    permission="payments:transfer",
    whose=of("payer"),
)
def withdraw(tx: Tx, command: WithdrawDispute) -> DisputeView:
    """Dispute it no more, before it is decided. Refuses ``disputes.unknown``, ``disputes.not_now``."""
    found = reading.of_party(tx, command.dispute_id, command.payer)
    if found.payer != command.payer:
        raise rules.UNKNOWN()
    rules.need(found, "open", "answered")
    settle(tx, [(found, replace(found, state="withdrawn", outcome="merchant", until_on=None))])
    store.say(tx, [(found.id, "withdrawn", "payer", "", "", "")])
    return reading.one(tx, command.payer, found.id)


@operation(
    "disputes.answer", title=Words("Answer a dispute", "答复争议"), permission="payments:transfer", whose=of("party_id")
)
def answer(tx: Tx, command: AnswerPayer) -> DisputeView:
    """Answer with evidence, or accept that the money goes back, as whoever was paid. Refuses ``disputes.unknown``,
    ``disputes.not_now``, ``disputes.no_words``."""
    found = reading.of_party(tx, command.dispute_id, command.party_id)
    if found.side != command.party_id:
        raise rules.UNKNOWN()
    after = rules.answered(found, command)
    kind = "accepted" if command.accept else "answered"
    settle(tx, [(found, after)])
    store.say(tx, [(found.id, kind, "side", after.outcome, command.words.strip(), command.digest)])
    return reading.one(tx, command.party_id, found.id)


@operation(
    "disputes.contest",
    title=Words("Ask once more", "申请终局裁定"),
    permission="payments:transfer",
    whose=of("party_id"),
)
def contest(tx: Tx, command: ContestDispute) -> DisputeView:
    """Ask once more with something new, as whoever lost: the bank decides for good. Refuses ``disputes.unknown``,
    ``disputes.no_words``, ``disputes.not_now``."""
    found = reading.of_party(tx, command.dispute_id, command.party_id)
    after = rules.contested(found, command)
    by = "payer" if command.party_id == found.payer else "side"
    settle(tx, [(found, after)])
    store.say(tx, [(found.id, "contested", by, "", command.words.strip(), command.digest)])
    return reading.one(tx, command.party_id, found.id)


@operation("disputes.decide", title=Words("Decide a dispute", "裁定争议"), permission=DECIDES, whose=STAFF)
def decide(tx: Tx, command: DecideDispute) -> DecidedDispute:
    """Decide a dispute the first time, below the amount from which two persons do. Refuses ``disputes.unknown``,
    ``disputes.two_persons``, ``disputes.not_now``, ``disputes.no_words``, ``parties.own_matter``."""
    found, law = reading.found(tx, command.dispute_id), reading.law(tx)
    if rules.needs_two(found, law):
        raise rules.TWO(amount=str(law.two_from))
    return _decide(tx, found, command)


@operation(
    "disputes.decide_large", title=Words("Decide a large dispute, or for good", "裁定大额或终局争议"), permission=DECIDES,
    whose=STAFF, four_eyes=True,
)  # fmt: skip
def decide_large(tx: Tx, command: DecideDispute) -> DecidedDispute:
    """Decide a dispute of any amount, or for good; two persons. Refuses ``disputes.unknown``, ``disputes.not_now``,
    ``disputes.no_words``, ``parties.own_matter``."""
    return _decide(tx, reading.found(tx, command.dispute_id), command)


def _decide(tx: Tx, found: PaymentDispute, command: DecideDispute) -> DecidedDispute:
    not_own(tx, found.payer, found.merchant_id)
    reason = rules.check_words(command.reason)
    after = rules.decided(found, command.outcome, tx.business_date, reading.law(tx))
    settle(tx, [(found, after)])
    store.say(tx, [(found.id, "decided", "bank", command.outcome, reason, "")])
    return DecidedDispute(found.id, command.outcome, found.amount, after.until_on)


def settle(tx: Tx, moved: Sequence[Moved]) -> None:
    """Keep how disputes stand now; of those that are over the money goes where it stays, all in one post."""
    over = [after for _, after in moved if after.state in OVER]
    ended = {each.id: each for each in _post(tx, over)} if over else {}
    kept = [(before, ended.get(after.id, after)) for before, after in moved]
    if store.move(tx, kept) != len(kept):
        raise Collision("a dispute was moved meanwhile")
    back = [
        (each.merchant_id, each.payment_id, each.amount)
        for each in ended.values()
        if each.kind == "code" and each.outcome == "merchant"
    ]
    if back:
        takings.undispute(tx, back)
    told = [
        ClosedTold(each.id, each.merchant_id, each.side, each.payer, each.amount, each.outcome, each.owed)
        for each in ended.values()
    ]
    if told:
        evidence.append_many(tx, [(CLOSED, each) for each in told])


def _post(tx: Tx, over: Sequence[PaymentDispute]) -> list[PaymentDispute]:
    """Post the end of disputes; answers each with what somebody owes of it."""
    paths = sorted({wallet_path(each, one.amount.currency, tx.home) for one in over for each in (one.payer, one.side)})
    there = ledger.balances_of(tx, paths)
    purses = rules.Purses({path: each.available().minor for path, each in there.items() if each.closed_at is None})
    ended = [rules.ended(each, purses, tx.business_date, tx.home) for each in over]
    ledger.open_accounts(tx, [AccountSpec(each, tx.home) for each in (rules.OWED, rules.ADVANCED, EARNED)])
    answers = ledger.post(tx, [entry for entry, _ in ended if entry is not None])
    for each in answers:
        if isinstance(each, Refusal):
            if each.code == "ledger.insufficient_funds":
                raise Collision("a wallet moved while a dispute ended")
            raise each
    return [replace(each, ended_on=tx.business_date) for _, each in ended]


@operation(
    "disputes.run_due",
    title=Words("Disputes whose day is over", "争议到期"),
    permission="kernel:close_day",
    whose=STAFF,
)
def run_due(tx: Tx, step: CloseStep) -> Stepped:
    """End what nobody answered, which the payer wins, and what nobody contested, as it was decided. One whose payer's wallet is
    closed waits for it to be opened again."""
    due = store.due(tx, step.on, step.after, GROUP)
    paths = {each.id: wallet_path(each.payer, each.amount.currency, tx.home) for each in due if not each.provisional}
    closed = set(ledger.not_open(tx, sorted(set(paths.values())))) if paths else set()
    ready = [each for each in due if paths.get(each.id) not in closed]
    if ready:
        moved = [(each, *rules.over(each)) for each in ready]
        settle(tx, [(before, after) for before, after, _ in moved])
        store.say(tx, [(after.id, kind, "bank", after.outcome, "", "") for _, after, kind in moved])
    return Stepped(len(ready), due[-1].id if len(due) == GROUP else None)


@operation(
    "disputes.collect",
    title=Words("What is owed of disputes", "追收争议欠款"),
    permission="kernel:close_day",
    whose=STAFF,
)
def collect(tx: Tx, step: CloseStep) -> Stepped:
    """Take what merchants and payers owe of disputes out of their wallets, as far as it is there."""
    owed = store.owed(tx, step.after, GROUP)
    paths = {each.id: wallet_path(each.owes, each.amount.currency, tx.home) for each in owed}
    there = ledger.balances_of(tx, sorted(set(paths.values()))) if owed else {}
    purses = rules.Purses({path: each.available().minor for path, each in there.items() if each.closed_at is None})
    taken = [(each, purses.take(paths[each.id], each.owed)) for each in owed]
    some = [(each, amount) for each, amount in taken if amount]
    if some:
        answers = ledger.post(tx, [rules.collected(each, amount, tx.business_date, tx.home) for each, amount in some])
        if not all(isinstance(each, Posted) for each in answers):
            raise Collision("a wallet moved while what is owed was taken")
        moved = [(each, _paid(each, amount)) for each, amount in some]
        if store.move(tx, moved) != len(moved):
            raise Collision("a dispute was moved meanwhile")
    return Stepped(len(some), owed[-1].id if len(owed) == GROUP else None)


def _paid(dispute: PaymentDispute, amount: Money) -> PaymentDispute:
    left = dispute.owed - amount
    return replace(dispute, owed=left, owes=dispute.owes if left else "", collected=dispute.collected + 1)
