"""Run debits: drawn on their day a group at a time, within the limits that stand then; and given back to whoever asks in time.

A group holds its mandates first, so that an end or other limits come before it or after it; then it is one batch of transfers,
and one statement that keeps what became of each. A debit's transfer has its id: it is posted once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel.day import CloseStep, Stepped, catch_up, is_closing, place_of, read_place
from farthing.kernel.operation import Call, operation
from farthing.kernel.run import Kernel
from farthing.kernel.whose import STAFF, of
from farthing.kit.calendar import add_months
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec
from farthing.payments import service as payments
from farthing.payments.debits import rules, store
from farthing.payments.debits.model import FAILED, Debit, DebitState, DebitView, FailedTold, Mandate, PayersDebit
from farthing.payments.debits.rules import Month
from farthing.payments.debits.service import debit_of, law, view_of
from farthing.payments.merchants import service as merchants
from farthing.payments.model import Transfer
from farthing.payments.wallets import wallet_path

GROUP = 1_000


@operation(
    "debits.draw_due", title=Words("Debits that are due", "到期扣款"), permission="kernel:close_day", whose=STAFF
)
def draw_due(tx: Tx, step: CloseStep) -> Stepped:
    """Draw what is due by a day, a group in one transaction. Beyond a limit, or of a mandate that ended, nothing is drawn; where
    there is too little it is tried again at the close, then told as failed."""
    closing = is_closing(tx)
    due = store.due(tx, step.on, read_place(step.after), closing, GROUP)
    if not due:
        return Stepped(0)
    ids = sorted({each.mandate_id for each in due})
    held = _in_force(tx, store.hold(tx, ids, step.on))
    first = rules.month_of(step.on)
    month = Month({(each, first): minor for each, minor in store.drawn(tx, ids, first, add_months(first, 1)).items()})
    tried = _tried(tx, due, held, month, step.on)
    mandates = held | store.find(tx, [each for each in ids if each not in held])
    done = [
        (each, _became(one, closing), one.code, mandates[each.mandate_id].limits, one.gone)
        for each, one in zip(due, tried, strict=True)
    ]
    if store.move_on(tx, step.on, step.on + timedelta(days=law(tx).refund_days), done) != len(due):
        raise Collision("a debit was stopped or drawn meanwhile")
    failed = [
        FailedTold(each.id, each.mandate_id, mandates[each.mandate_id].payer, mandates[each.mandate_id].creditor, each.amount,
                   each.due_on, code)
        for each, state, code, _, _ in done if state == "failed"
    ]  # fmt: skip
    if failed:
        evidence.append_many(tx, [(FAILED, each) for each in failed])
    return Stepped(len(due), place_of(due[-1].due_on, due[-1].id) if len(due) == GROUP else None)


def _in_force(tx: Tx, held: dict[str, Mandate]) -> dict[str, Mandate]:
    """Those by which may be drawn: a merchant who takes no more money draws none."""
    ended = merchants.ended_among(tx, sorted({each.merchant_id for each in held.values() if each.merchant_id}))
    return {name: each for name, each in held.items() if each.merchant_id not in ended}


@dataclass(frozen=True, slots=True)
class Try:
    """What became of a try. ``gone``: what of its month was; ``code``: why it was not drawn, nothing where it was; ``final``: for
    a limit or want of a mandate, so that it is not tried again."""

    gone: Money
    code: str
    final: bool = False


def _tried(tx: Tx, due: Sequence[Debit], held: dict[str, Mandate], month: Month, on: date) -> list[Try]:
    """Draw what may be drawn. What the books refuse takes nothing of its month: who was refused for its sake is tried again."""
    decided = rules.drawable(due, held, month, on)
    calls = [
        Call(_transfer(held[each.mandate_id], each), tx.actor)
        for each, (_, refusal) in zip(due, decided, strict=True)
        if refusal is None
    ]
    answers = iter(payments.arranged_batch(tx, calls) if calls else ())
    tried: list[Try] = []
    short: set[str] = set()
    for each, (gone, refusal) in zip(due, decided, strict=True):
        answer = refusal or next(answers)
        tried.append(Try(gone, answer.code if isinstance(answer, Refusal) else "", refusal is not None))
        if refusal is None and isinstance(answer, Refusal):
            month.take_off(each, on)
            short.add(each.mandate_id)
    again = [
        place
        for place, (each, one) in enumerate(zip(due, tried, strict=True))
        if one.final and one.code == rules.OVER_MONTH.name and each.mandate_id in short
    ]
    if again:
        for place, one in zip(again, _tried(tx, [due[each] for each in again], held, month, on), strict=True):
            tried[place] = one
    return tried


def _transfer(mandate: Mandate, debit: Debit) -> Transfer:
    return Transfer(mandate.payer, mandate.creditor, debit.amount, debit.memo, debit.id)


def _became(tried: Try, closing: bool) -> DebitState:
    if not tried.code:
        return "drawn"
    return "failed" if closing or tried.final else "announced"


def watch(kernel: Kernel) -> None:
    """Draw what is due now. Harmless to repeat."""
    catch_up(kernel, draw_due, lambda tx, on: store.due(tx, on, read_place(""), False, 1))


@operation(
    "debits.refund", title=Words("Have a debit back", "退回扣款"), permission="payments:transfer", whose=of("payer")
)
def refund(tx: Tx, command: PayersDebit) -> DebitView:
    """Have a debit back without a reason, within the days that the law gives; at once, out of the creditor's wallet as far as
    it goes, and the bank stands for the rest, which the creditor owes.

    Refuses ``debits.unknown``, ``debits.unknown_debit``, ``debits.not_refundable``.
    """
    found = debit_of(tx, command)
    if not store.give_back(tx, found.mandate_id, found.id):
        asks = law(tx)
        raise rules.NOT_REFUNDABLE(days=asks.refund_days, article=asks.article.en, article_zh=asks.article.zh)
    mandate = store.find(tx, [found.mandate_id])[found.mandate_id]
    path = wallet_path(mandate.creditor, found.amount.currency, tx.home)
    there = ledger.balance(tx, path).available()
    covered = max(Money.zero(found.amount.currency), min(found.amount, there))
    ledger.open_accounts(tx, [AccountSpec(rules.OWED, found.amount.currency)])
    try:
        ledger.post_all(tx, [rules.back_entry(found, mandate, covered, tx.business_date, tx.home)])
    except Refusal as refusal:
        if refusal.code == "ledger.insufficient_funds":
            raise Collision("the creditor's wallet was spent from meanwhile") from refusal
        raise
    store.keep_owed(tx, found, found.amount - covered)
    return view_of(debit_of(tx, command))
