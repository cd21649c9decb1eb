"""Run orders whose day has come: many in one transaction, each a transfer or a pay-out of its own.

A group is one batch of transfers and one of held pay-outs with their errands, and one statement that keeps what became of each;
killed anywhere it was done or it was not. Whoever makes orders moves each on only as it was read, so none is paid twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.kernel.day import CloseStep, Stepped, catch_up
from farthing.kernel.operation import Call, operation
from farthing.kernel.run import Kernel
from farthing.kernel.whose import STAFF
from farthing.kit.errors import Refusal
from farthing.kit.words import Words
from farthing.payments import asking_service as asking
from farthing.payments import service as payments
from farthing.payments.model import Instruction, Transfer
from farthing.payments.orders import rules, store
from farthing.payments.orders.model import OrderLine
from farthing.payments.wallets import wallet_path
from farthing.products.alone import unconfirmed_service as unconfirmed

GROUP = 500
FIRST = (date.min, "", 0)


@operation(
    "orders.make_due", title=Words("Orders of files that are due", "付款文件到期交易"), permission="kernel:close_day", whose=STAFF
)  # fmt: skip
def make_due(tx: Tx, step: CloseStep) -> Stepped:
    """Pay orders whose day has come, a group in one transaction; what the books or the law refuse is told as refused."""
    due = store.due(tx, step.on, _place(step.after), GROUP)
    if not due:
        return Stepped(0)
    here, out = [each for each in due if each.way == "here"], [each for each in due if each.way == "rail"]
    moved = [*zip(here, _transferred(tx, here), strict=True), *zip(out, _paid_out(tx, out), strict=True)]
    if store.move_lines(tx, moved) != len(due):
        raise Collision("an order was made or taken back meanwhile")
    last = due[-1]
    more = f"{last.on.isoformat()} {last.file_id} {last.number}" if len(due) == GROUP else None
    return Stepped(len(due), more)


def _place(after: str) -> tuple[date, str, int]:
    """Where a group goes on: day, file, place."""
    if not after:
        return FIRST
    on, file_id, number = after.split(" ")
    return date.fromisoformat(on), file_id, int(number)


def _transferred(tx: Tx, lines: Sequence[OrderLine]) -> list[OrderLine]:
    commands = [
        Transfer(each.party_id, each.payee, each.amount, each.memo, rules.transfer_id(each)) for each in lines if each.amount
    ]  # fmt: skip
    done = payments.arranged_batch(tx, [Call(each, tx.actor) for each in commands]) if commands else []
    return [
        rules.refused(line, each) if isinstance(each, Refusal) else _made(line, each.id)
        for line, each in zip(lines, done, strict=True)
    ]


def _paid_out(tx: Tx, lines: Sequence[OrderLine]) -> list[OrderLine]:
    """Hold and ask for those that the day's limit lets out."""
    rail = tx.ports.first("rail") if lines else ""
    amounts = [(each.party_id, each.amount) for each in lines if each.amount]
    day = unconfirmed.held(tx, amounts)
    answers: list[OrderLine] = []
    wanted: dict[int, asking.Wanted] = {}
    for place, line in enumerate(lines):
        assert line.amount is not None
        answers.append(line)
        try:
            day.let_out(line.party_id, line.amount)
        except Refusal as refusal:
            answers[place] = rules.refused(line, refusal)
            continue
        told = Instruction(tx.new_id("rail"), "out", line.amount, line.account, line.name, tx.business_date)
        wanted[place] = asking.Wanted(
            told, wallet_path(line.party_id, line.amount.currency, tx.home), rail, line.party_id
        )
    for (place, each), why in zip(wanted.items(), asking.pay_all(tx, list(wanted.values())), strict=True):
        line = lines[place]
        answers[place] = rules.refused(line, why) if why else _made(line, each.instruction.id)
    went = [(each.party_id, each.amount) for each in answers if each.state == "made" and each.amount]
    unconfirmed.keep(tx, day, went)
    return answers


def _made(line: OrderLine, payment_id: str) -> OrderLine:
    return rules.ended(replace(line, state="made", payment_id=payment_id))


def watch(kernel: Kernel) -> None:
    """Make what is due now. Harmless to repeat."""
    catch_up(kernel, make_due, lambda tx, on: store.due(tx, on, FIRST, 1))
