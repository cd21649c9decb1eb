"""The operator's page of the maturity ladder: what comes in and what may be asked back by how soon."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.run import Ask
from farthing.kit.calendar import month_before
from farthing.lending.maturity import service as maturity
from farthing.lending.maturity.model import RUNGS, Ladder
from farthing.web import writing
from farthing.web.ground import current, kernel_of, page, pages, view
from farthing.web.speech import N_, language
from farthing.web.speech import gettext as _

router = pages("/ops/risk/ladder")
NAMES = dict(zip(
    RUNGS,
    (
        N_("At once"), N_("Within 7 days"), N_("8 to 30 days"), N_("31 to 90 days"), N_("91 days to a year"),
        N_("Over a year"), N_("No day"),
    ),
    strict=True,
))  # fmt: skip


@router.get("")
def ladder(request: Request, month: str = "") -> Response:
    """What stands at this moment, or at the last month's end."""
    who, clock = current(request), kernel_of(request).clock()
    last = month_before(clock.business_date)

    def build(ask: Ask) -> dict[str, Any]:
        return {"ladders": ask(maturity.maturity_ladder, month=last if month else None)}

    found = view(request, who, build)
    sheets = [(each.currency, _said(each), _rows(each)) for each in found["ladders"]]
    return page(request, "operator/ladder.html", who, sheets=sheets, month=bool(month))


def _said(found: Ladder) -> str:
    """The finding: the rung up to which most is short, or that none is."""
    worst = min(found.rungs[:-1], key=lambda each: each.gap_so_far.minor)
    if worst.gap_so_far.minor >= 0:
        return _("What comes in covers what may be asked back, up to every rung.")
    return _("Most is short up to “%(rung)s”: %(short)s more may be asked back than comes in.") % {
        "rung": _(NAMES[worst.name]), "short": writing.money(-worst.gap_so_far, language()),
    }  # fmt: skip


def _rows(found: Ladder) -> list[list[str]]:
    told = language()
    return [
        [
            _(NAMES[each.name]), writing.money(each.comes_in, told), writing.money(each.goes_out, told),
            writing.money(each.gap, told, sign=True), writing.money(each.gap_so_far, told, sign=True),
        ]
        for each in found.rungs
    ]  # fmt: skip
