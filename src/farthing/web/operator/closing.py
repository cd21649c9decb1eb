"""The operator's close of the day: what it would do, the steps, and what each of them did."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.day import close_day
from farthing.kernel.run import Ask
from farthing.kernel.steps import steps_of_day
from farthing.kit.canonical import digest, plain
from farthing.kit.errors import Refusal, conflict, malformed
from farthing.products.reading import day
from farthing.savings.coming import service as coming
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, kernel_of, pages, to, view
from farthing.web.sold import called

router = pages("/ops/day")

NOT_LOOKED = malformed(
    "web.close_not_looked",
    "Say that you have looked at what this close will do: tick the box above the button.",
    "请先确认已查看本次日终将办理的事项：勾选按钮上方的方框。",
)
CHANGED = conflict(
    "web.close_changed",
    "What this close will do has changed since you looked; read it again, then close the day.",
    "本次日终将办理的事项在您查看之后有变化；请重新查看后再办理日终。",
)


def shown(request: Request, refusal: Refusal | None = None, closed: str = "") -> Response:
    """What closing the business date would do and how far it is; after a close, what each step of it did."""
    who = current(request)
    on = kernel_of(request).clock().business_date
    ended = day(closed) if closed else None

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "coming": ask(coming.coming), "steps": ask(steps_of_day, on),
            "names": called(ask, "deposit"),
            "ended": ask(steps_of_day, ended) if ended is not None else None,
        }  # fmt: skip

    found = view(request, who, build)
    return again(
        request, "operator/day.html", who, refusal, on=on, closed=ended, looked=_seen(found["coming"]),
        begun=any(each.begun for each in found["steps"]), **found,
    )  # fmt: skip


@router.get("")
def close_page(request: Request, closed: str = "") -> Response:
    """The close of the day."""
    return shown(request, closed=closed)


@router.post("")
@comes_back(shown)
def close(request: Request, fields: Fields) -> Response:
    """Close the business date, if whoever closes it has looked at what that does; the same day again changes nothing."""
    who = current(request)
    closing: date = day(str(fields.get("closing")))
    if closing == kernel_of(request).clock().business_date:
        if not fields.get("looked"):
            raise NOT_LOOKED()
        if fields.get("seen") != _seen(ask(request, who, coming.coming)):
            raise CHANGED()
    done = close_day(kernel_of(request), closing, actor=who, key=str(fields.get("key")))
    return to("/ops/day", closed=str(done.closed))


def _seen(found: object) -> str:
    """What somebody looked at, as a form carries it."""
    return digest(plain(found)).hex()[:32]
