"""The drawer of who serves: opened with a count, counted, handed over, closed; nobody types whose it is."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal, malformed
from farthing.payments.tills import handing_service as handing
from farthing.payments.tills import left_service as left
from farthing.payments.tills import rules
from farthing.payments.tills import service as tills
from farthing.payments.tills.model import (
    VAULT,
    BookDifference,
    CloseDrawer,
    CloseLeftDrawer,
    CountDrawer,
    Drawer,
    HandFromVault,
    HandOver,
    OpenDrawer,
    Pieces,
    TakeBack,
    TakeOver,
    TakeToVault,
)
from farthing.web.counter.desk import at_desk
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import Form, comes_back, none_wrong, whole
from farthing.web.ground import Fields, ask, current, kernel_of, once_more, page_of, pages, part, run, to, tried

router = pages("/counter/drawer")

LINES = 12
NOTHING_COUNTED = malformed(
    "web.nothing_counted",
    "Write how many there are of each; write 0 where there is nothing at all.",
    "请填写各面额的张数；没有任何现金时请填写 0。",
)
TILL_MISSING = malformed("web.till_missing", "Choose the till that you sit at.", "请选择您所在的柜位。")


@router.get("")
def drawer(request: Request, waits: bool = False) -> Response:
    """What is in the drawer by the books, what moved, and what can be done with it."""
    return shown(request, None, waits)


def shown(request: Request, refusal: Refusal | None, waits: bool = False) -> HTMLResponse:
    """The drawer's page; the count as it was typed, where it was refused."""
    who = current(request)
    page_of(request, who, handing.handovers)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "tills": part(ask, tills.tills) or [], "lines": part(ask, tills.own_drawer_lines, LINES) or [],
            "handovers": ask(handing.handovers),
            "vault": ask(tills.vault) if who.may("payments:vault") else None,
        }  # fmt: skip

    return at_desk(
        request, "counter/drawer.html", who, refusal, build, values=rules.values(kernel_of(request).home), waits=waits,
        vault_name=VAULT,
    )  # fmt: skip


def counted(request: Request, fields: Form) -> tuple[Pieces, ...]:
    """How many notes and coins were typed of each value; an empty field is none, but not all of them: a drawer with nothing
    in it is counted as 0. Refuses ``web.nothing_counted`` and ``web.not_a_count``, at the field."""
    page_of(request, current(request), handing.handovers)  # who may not count is told that, and not what was left out
    values = rules.values(kernel_of(request).home)
    typed = {value: str(fields.get(f"n{value.minor}")).strip() for value in values}
    found, wrong = [], []
    if not any(typed.values()):
        wrong.append((f"n{values[0].minor}", NOTHING_COUNTED()))
    for value, text in typed.items():
        try:
            found += [Pieces(value, whole(text))] if text and whole(text) else []
        except Refusal as refusal:
            wrong.append((f"n{value.minor}", refusal))
    none_wrong(wrong)
    return tuple(found)


@router.post("")
@comes_back(shown)
def change(request: Request, fields: Fields) -> Response:
    """Open, count or close the drawer; ask that a difference be booked."""
    who, step, key = current(request), str(fields.get("step")), str(fields.get("key"))
    if step == "open":
        if not fields.get("till"):
            raise TILL_MISSING()
        command = OpenDrawer(str(fields.get("till")), counted(request, fields))
        return _count(request, fields, tills.open_drawer, command, who)
    if step == "count":
        return _count(request, fields, tills.count_drawer, CountDrawer(counted(request, fields)), who)
    if step == "close":
        return _count(request, fields, tills.close_drawer, CloseDrawer(counted(request, fields)), who)
    if step == "left":
        return _leave(request, fields, who, key)
    if step == "difference":
        asked = BookDifference(
            str(fields.get("till")), fields.as_money("books"), fields.as_money("counted"), str(fields.get("note"))
        )
        run(request, tills.book_difference, asked, actor=who, key=key)
        return to("/counter/drawer", waits="true")
    raise UNKNOWN_STEP(step=repr(step[:40]))


def _leave(request: Request, fields: Form, who: Actor, key: str) -> Response:
    """Ask that the drawer of a till that somebody left open be closed as it was counted; what would be refused is said now."""
    open_now = {each.name: each.drawer for each in ask(request, who, tills.tills) if each.drawer}
    found = open_now.get(str(fields.get("left")))
    if found is None:
        raise rules.NOT_LEFT(till=str(fields.get("left"))[:40])
    asked = CloseLeftDrawer(found.id, found.till, found.balance, str(fields.get("note")), counted(request, fields))
    tried(request, left.close_left_drawer, asked, actor=who)
    run(request, left.close_left_drawer, asked, actor=who, key=key)
    return to("/counter/drawer", waits="true")


def _count(request: Request, fields: Form, function: Any, command: Any, who: Actor) -> Response:
    """Keep a count that agrees with the books; ask once more where it does not, and before the drawer is left."""

    def show(done: Drawer, form: dict[str, Any]) -> HTMLResponse:
        action = "/counter/drawer"
        return at_desk(request, "counter/drawer_review.html", who, None, count=done, action=action, back=action, **form)

    plain = None if function is tills.close_drawer else lambda done: not done.difference
    return once_more(
        request, fields, function, command, actor=who, show=show, then=lambda _: to("/counter/drawer"), plain=plain
    )


@router.post("/handovers")
@comes_back(shown)
def hand(request: Request, fields: Fields) -> Response:
    """Count cash out for another, take what was counted out, or take it back."""
    who, step, key = current(request), str(fields.get("step")), str(fields.get("key"))
    function: Any
    command: Any
    handover = str(fields.get("handover"))
    if step == "give":
        function, command = handing.hand_over, HandOver(str(fields.get("to")), counted(request, fields))
    elif step == "vault":
        function, command = handing.hand_from_vault, HandFromVault(str(fields.get("to")), counted(request, fields))
    elif step == "take":
        function, command = handing.take_over, TakeOver(handover)
    elif step == "take_to_vault":
        function, command = handing.take_to_vault, TakeToVault(handover)
    elif step == "back":
        function, command = handing.take_back, TakeBack(handover)
    else:
        raise UNKNOWN_STEP(step=repr(step[:40]))
    run(request, function, command, actor=who, key=key)
    return to("/counter/drawer")
