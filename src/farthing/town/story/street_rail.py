"""Own the acts of the street's story in which the bank at the other end fails: pay-outs that nobody answers, and the statement of
the day, of which every difference is explained."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from farthing.bank.founding import SECOND
from farthing.kernel import approvals, errands
from farthing.kernel.answers import Pending
from farthing.kernel.approvals import Decide
from farthing.kernel.day import close_day
from farthing.kit.money import total
from farthing.kit.words import Words
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, RailPayment
from farthing.payments.nostro import breaks_service
from farthing.payments.nostro.model import RailBreak, WorkOffRail
from farthing.town.bank_client import RAIL
from farthing.town.story.columns import columns
from farthing.town.story.street import Street, yuan
from farthing.town.story.teller import Step, Teller

GONE = 6
"""Pay-outs that are asked while the bank at the other end is gone."""
KINDS = {
    "timing": Words("not there yet: it comes with the next statement", "时间性差异：将随下一份对账单到账"),
    "duplicate": Words("booked twice by the other bank, which owes it back", "对方银行重复入账，应退回"),
    "missing_there": Words("in our books alone", "仅本行有账"),
    "missing_here": Words("on the statement alone", "仅对账单有账"),
}


def rail_gone(scene: Street) -> None:
    """The bank at the other end is gone; what people send out is held, asked after, and never sent twice."""
    teller = scene.teller
    with teller.step("The bank at the other end is gone", "对方银行中断") as told:
        scene.bank.told(gone=True)
        with told_by_the_story():
            for number in range(GONE):
                _send_out(scene, number)
            for _ in range(2):
                errands.sweep(teller.kernel, everything=True)
        states = sorted({_stands(scene, each).state for each in scene.out})
        held = total([each.amount for each in scene.out], "CNY")
        told.say(
            f"{len(scene.out)} pay-outs of {held}: nobody answers, they stand as {', '.join(states)}; the money is held",
            f"{len(scene.out)} 笔提现共 {held}：对方无应答，状态未知；资金保持冻结",
        )
        scene.bank.told(gone=False, moods=["mute"])
        with told_by_the_story():
            for _ in range(3):
                errands.sweep(teller.kernel, everything=True)
        scene.bank.told(moods=["twice"])
        for number in (GONE, GONE + 1):
            _send_out(scene, number)
        moved = scene.bank.told()["moved"]
        settled = [each for each in scene.out if _stands(scene, each).state == "settled"]
        told.say(
            f"back again: {len(settled)} of {len(scene.out)} settled, asked after by our own numbers, though one answer was "
            f"lost on the way; of two that were sent afterwards the other bank booked one twice, which its statement will tell",
            f"恢复后：按本行编号查询，{len(settled)} / {len(scene.out)} 笔成功，其间一笔应答丢失；恢复后所发两笔中一笔被重复入账",
        )
        told.data.update(
            unknown=states == ["unknown"], settled=len(settled),
            at_the_rail=-sum(minor for minor in moved.values() if minor < 0),
            sent=total([each.amount for each in scene.out], "CNY"),
        )  # fmt: skip


def _send_out(scene: Street, number: int) -> None:
    soul, account = scene.neighbours[number], f"622848{scene.chance.randrange(10**10):010d}123"
    command = MoveByRail(soul.party.id, yuan(f"{40 + 10 * number}.00"), account)
    scene.out.append(scene.teller.run(payments.pay_out, command, f"out:{number}", soul.actor))


@contextmanager
def told_by_the_story() -> Iterator[None]:
    """What is not answered meanwhile the story tells itself, so the log need not."""
    log = logging.getLogger("farthing.kernel")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


def _stands(scene: Street, payment: RailPayment) -> RailPayment:
    found = scene.teller.kernel.read(lambda tx: payments.rail_payments(tx, number=payment.id))
    return found.payments[0]


def reconcile(scene: Street) -> None:
    """The day is closed, its statement lacks a line; the morning after every difference has a name, and ends or is explained."""
    teller = scene.teller
    scene.bank.told(gap="line")
    eve = _closed(teller)
    with teller.step(f"The statement of {eve}", f"{eve} 对账单") as told:
        _differences(scene, told, eve)
    morning = _closed(teller)
    with teller.step("The morning after", "次日") as told:
        _differences(scene, told, morning)
        left = teller.kernel.ask(breaks_service.breaks).breaks
        for each in left:
            _work_off(teller, each)
        told.say(
            f"worked off with a reason: {len(left)}; open after it: {len(teller.kernel.ask(breaks_service.breaks).breaks)}",
            f"注明原因后核销 {len(left)} 项；剩余未处理 {len(teller.kernel.ask(breaks_service.breaks).breaks)} 项",
        )
        for shop in scene.shops:
            found = scene.balance(shop.owner)
            told.say(f"{shop.name.en} was paid out: {found}", f"{shop.name.zh}已结算：{found}")
        told.data.update(
            worked_off=len(left), paid_out=total([scene.balance(each.owner) for each in scene.shops], "CNY")
        )


def _closed(teller: Teller) -> date:
    on = teller.kernel.clock().business_date
    close_day(teller.kernel)
    errands.sweep(teller.kernel, everything=True)
    return on


def _differences(scene: Street, told: Step, on: date) -> None:
    found = scene.teller.kernel.ask(breaks_service.reconciliation, RAIL, on)
    day, standing = found.day, total([each.difference for each in found.breaks], "CNY")
    told.say(
        f"{day.lines} lines, {day.matched} alike on both sides; ours {day.ours}, theirs {day.theirs}",
        f"{day.lines} 行，双方一致 {day.matched} 笔；本行余额 {day.ours}，对方余额 {day.theirs}",
    )
    rows = [(told.pick(_why(each)), each.difference, each.payment_id or each.reference) for each in found.breaks]
    if rows:
        headings = (Words("difference", "差异"), Words("they have more", "对方多记"), Words("of", "所属"))
        for line in columns([told.pick(each) for each in headings], rows, right=(1,)):
            told.say(line)
    proven = day.ours + standing == day.theirs
    told.say(
        f"ours and what stands come to theirs: {'to the fen' if proven else 'NO'}",
        f"本行余额加未达项等于对方余额：{'分毫不差' if proven else '否'}",
    )
    told.data.update(kinds=sorted(each.kind for each in found.breaks), proven=proven)


def _why(found: RailBreak) -> Words:
    return KINDS.get(found.kind, Words(found.kind, found.kind))


def _work_off(teller: Teller, found: RailBreak) -> None:
    asked = teller.run(breaks_service.work_off, WorkOffRail(found.id, KINDS[found.kind].en), f"work-off:{found.id}")
    if isinstance(asked, Pending):
        teller.run(approvals.decide, Decide(asked.approval_id, approve=True), f"agree:{found.id}", SECOND)
