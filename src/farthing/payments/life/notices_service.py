"""Run what rails tell by themselves: read with no transaction open, taken in groups, one commit a group.

A rail's list is read after the last notice that was taken, and the place moves in the transaction that takes it: a notice is
taken once, whoever reads, and read again after a crash. Table ``rail_place``.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence

from farthing.db.server import Unavailable
from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel.operation import operation, operation_of
from farthing.kernel.run import Kernel
from farthing.kernel.whose import STAFF
from farthing.kit.actor import SYSTEM
from farthing.kit.errors import Refusal
from farthing.kit.words import Words
from farthing.payments import store as movements
from farthing.payments.life import service as life
from farthing.payments.life import store, suspense_service
from farthing.payments.life.model import Fact, FactKind, RailHeard, RailTold
from farthing.payments.model import BankRail, Notice

LOG = logging.getLogger("farthing.payments.notices")
AT_ONCE = 200
"""Notices that one transaction takes."""
GROUPS = 50
"""Groups that are taken of one rail in a row: one that tells without end does not keep the others waiting for ever."""
ONCE: tuple[FactKind, ...] = ("accepted", "settled", "declined")
"""Facts of which a movement has one each, whoever tells it."""
NOT_BOOKED = "not_booked"
"""Why somebody must look at a movement: the books refused what its rail told."""


def listen(kernel: Kernel) -> int:
    """Take what every rail told since it was last asked; answers how many notices were taken.

    A rail that is silent or wrong keeps nobody else waiting. What the books refuse is taken one by one, and then set aside.
    """
    return sum(_listen(kernel, name) for name in kernel.ports.names("rail"))


def _listen(kernel: Kernel, name: str) -> int:
    taken = 0
    place = kernel.read(lambda tx: store.place(tx, name))
    for _ in range(GROUPS):
        try:
            rail: BankRail = kernel.ports.peer("rail", name)
            told = rail.notices(place)
        except Exception:
            LOG.exception("rail %s could not be heard", name)
            return taken
        if not told:
            return taken
        group = tuple(told[:AT_ONCE])
        _take(kernel, RailTold(name, place, group))
        taken, place = taken + len(group), group[-1].id
    return taken


def _take(kernel: Kernel, told: RailTold) -> None:
    try:
        kernel.execute(operation_of(rail_told), told, actor=SYSTEM, keep_refusal=False)
    except Unavailable:
        raise
    except Refusal as refusal:
        if told.aside:
            raise
        LOG.warning("what %s told is taken one by one: %s", told.rail, refusal.code)
        place = told.after
        for notice in told.notices:
            _take_one(kernel, RailTold(told.rail, place, (notice,)))
            place = notice.id


def _take_one(kernel: Kernel, told: RailTold) -> None:
    try:
        kernel.execute(operation_of(rail_told), told, actor=SYSTEM, keep_refusal=False)
    except Refusal:
        aside = RailTold(told.rail, told.after, told.notices, aside=True)
        kernel.execute(operation_of(rail_told), aside, actor=SYSTEM, keep_refusal=False)


@operation(
    "payments.rail_told", title=Words("The rail tells", "通道通知"), permission=errands.ANSWER, whose=STAFF
)  # fmt: skip
def rail_told(tx: Tx, command: RailTold) -> RailHeard:
    """Take what a rail told by itself: settlements and refusals that come late, returns, recalls, reversals, and money that
    nobody here asked for. What was taken before changes nothing."""
    place = store.held_place(tx, command.rail)
    if place != command.after or not command.notices:
        return RailHeard(command.rail, place)
    ours = _ours(tx, command.notices)
    facts = [fact_of(each) for each in command.notices if each.instruction in ours and each.kind != "credited"]
    nobodys = [each for each in command.notices if each.amount is not None and _is_nobodys(each, ours)]
    effects = Counter(life.take(tx, facts, aside=NOT_BOOKED if command.aside else "").effects)
    suspended = suspense_service.suspend(tx, command.rail, nobodys)
    store.move_place(tx, command.rail, command.notices[-1].id)
    return RailHeard(
        command.rail, command.notices[-1].id, effects["taken"], effects["known"], effects["contrary"], suspended
    )


def _ours(tx: Tx, notices: Sequence[Notice]) -> frozenset[str]:
    named = sorted({each.instruction for each in notices if each.instruction})
    return frozenset(movements.rail_movements(tx, named)) if named else frozenset()


def _is_nobodys(notice: Notice, ours: frozenset[str]) -> bool:
    """Whether money came in of which no movement of ours is known: a credit, or a return without its original."""
    return notice.kind == "credited" or (notice.kind in ("returned", "recalled") and notice.instruction not in ours)


def fact_of(notice: Notice) -> Fact:
    """What a notice about a movement of ours says."""
    assert notice.kind != "credited"
    return Fact(
        notice.instruction, notice.kind if notice.kind in ONCE else f"{notice.kind}:{notice.id}", notice.kind, "notice",
        notice.amount if notice.kind not in ONCE else None, notice.fee, notice.reference, notice.reason_code, notice.reason,
        notice.value_on,
    )  # fmt: skip
