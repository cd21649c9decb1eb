"""The operator's page of payments: what went through the rails to and from other banks, and what the outside has not
answered yet."""

from __future__ import annotations

from typing import Any, get_args
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel import errands
from farthing.kernel.run import Ask
from farthing.kit.errors import malformed
from farthing.payments import service as payments
from farthing.payments.life import asked_service as lives
from farthing.payments.life import suspense_service
from farthing.payments.life.reasons import said
from farthing.payments.model import RailPayment, RailState
from farthing.web.ground import current, kernel_of, page, pages, part, view
from farthing.web.names import named
from farthing.web.operator import told
from farthing.web.sheets import Rows, long_sheet, rows_of
from farthing.web.speech import gettext as _
from farthing.web.speech import language
from farthing.web.writing import local

router = pages("/ops")

PAGE, AT_ONCE = 25, 1_000
WAYS, STATES = ("in", "out"), get_args(RailState)
NO_SUCH_FILTER = malformed(
    "web.unknown_filter",
    "This list cannot be narrowed by {value}; choose one of the filters above it.",
    "此列表不支持按 {value} 筛选；请选用列表上方的筛选项。",
)


BOOKED = ("accepted", "settled", "returned", "recalled")
"""States in which a payment has an entry of its own."""


def reason(payment: RailPayment) -> str:
    """Why a payment was declined or came back, in the reader's language."""
    found = said(payment.reason_code, payment.reason)
    return found.zh if language() == "zh" else found.en


def _held(way: str, state: str) -> None:
    """Refuse a filter that there is not: one that is ignored shows something else."""
    for value, known in ((way, WAYS), (state, STATES)):
        if value and value not in known:
            raise NO_SUCH_FILTER(value=repr(value[:40]))


@router.get("/payments")
def listed(request: Request, way: str = "", state: str = "", after: str = "", number: str = "") -> Response:
    """Payments by rail, the newest first, with the sums of all that is filtered; or the one of a number; and what nobody
    outside has answered."""
    who = current(request)
    _held(way, state)

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(payments.rail_payments, way, state, after, PAGE, number)
        return {
            "found": found, "names": told.customers(ask, [each.party_id for each in found.payments]),
            "errands": None if number else part(ask, errands.unanswered),
            "life": part(ask, lives.rail_life, number) if number else None,
            "stuck": None if number or after else part(ask, lives.stuck),
            "suspense": None if number or after else part(ask, suspense_service.suspense),
            "entries": {each.id: payments.rail_reference(each) for each in found.payments if each.state in BOOKED},
            "why": {each.id: reason(each) for each in found.payments if each.reason or each.reason_code},
        }  # fmt: skip

    def leads(**changed: str) -> str:
        """The same list with other filters, from its beginning."""
        asked = {name: value for name, value in {"way": way, "state": state, **changed}.items() if value}
        return f"/ops/payments?{urlencode(asked)}" if asked else "/ops/payments"

    return page(
        request, "operator/payments.html", who, way=way, state=state, after=after, number=number, leads=leads, ways=WAYS,
        states=STATES,
        **view(request, who, build),
    )  # fmt: skip


@router.get("/payments.csv")
def as_sheet(request: Request, way: str = "", state: str = "") -> Response:
    """All that is filtered, as a file for a spreadsheet."""
    who, zone = current(request), kernel_of(request).clock().time_zone
    _held(way, state)

    def some(ask: Ask, after: str) -> tuple[Rows, str | None]:
        found = ask(payments.rail_payments, way, state, after, AT_ONCE)
        return [
            (each.id, each.party_id or "", named(each.direction, "way"), named(each.state, "rail_state"),
             each.amount.currency, each.amount.plain(), each.rail, each.outside_account, local(each.recorded_at, zone),
             each.reference, reason(each) if each.reason or each.reason_code else "")
            for each in found.payments
        ], found.next_after  # fmt: skip

    heads = (
        _("Number"), _("Customer"), _("Way"), _("State"), _("Currency"), _("Amount"), _("Rail"), _("Outside account"),
        _("Recorded"), _("Number of the rail"), _("Reason"),
    )  # fmt: skip
    return long_sheet("payments.csv", heads, rows_of(request, who, some))
