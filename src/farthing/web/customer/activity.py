"""The pages of what moved: looked through by words, kind and month, one movement as a receipt, all of it as a file."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.run import Ask
from farthing.parties import service as parties
from farthing.payments.activity import service as activity
from farthing.payments.activity import statement_service as statements
from farthing.payments.activity.model import Activity
from farthing.payments.life import asked_service as lives
from farthing.payments.merchants import reading_service as shops
from farthing.payments.model import History
from farthing.payments.rules import UNKNOWN_MOVEMENT
from farthing.payments.wallets import CODE_PAY, CODE_REFUND
from farthing.web import names
from farthing.web.ground import HEADERS, ask, current, kernel_of, page, pages, sign_in_first, unless
from farthing.web.sheets import Rows, long_sheet, rows_of
from farthing.web.speech import gettext as _
from farthing.web.writing import local

router = pages()

MONTHS = 12


@router.get("/activity")
def shown(request: Request, q: str = "", kind: str = "", month: str = "", cursor: str = "") -> Response:
    """Everything that moved in one's wallet, the newest first, or what is looked for, with its sums."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found: Activity = ask(
        request, who, activity.activity, str(who.party_id), q=q[:200], kind=kind, month=month, cursor=cursor or None
    )  # fmt: skip
    asked = {"q": q, "kind": kind, "month": month}
    today = kernel_of(request).clock().business_date
    under_way = [] if any(asked.values()) or cursor else ask(request, who, lives.under_way, str(who.party_id))
    return page(
        request, "customer/activity.html", who, found=found, under_way=under_way,
        asked=asked, address=_address, kinds=tuple(activity.GROUPS),
        months=months(today), filtered=any(asked.values()), cursor=cursor,
    )  # fmt: skip


def _address(asked: dict[str, str], path: str = "/activity", **changed: str) -> str:
    """The address of the same search with something changed: it can be kept and sent."""
    wanted = {name: value for name, value in {**asked, **changed}.items() if value}
    return f"{path}?{urlencode(wanted)}" if wanted else path


def months(today: date) -> list[str]:
    """The last twelve months, this one first, as an address writes them."""
    first = today.year * 12 + today.month - 1
    return [f"{each // 12:04}-{each % 12 + 1:02}" for each in range(first, first - MONTHS, -1)]


@router.get("/activity.csv")
def exported(request: Request, q: str = "", kind: str = "", month: str = "") -> Response:
    """The same as a file for a spreadsheet, every page of it."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    heads = (_("Time"), _("Kind"), _("With whom"), _("Memo"), _("Amount"), _("Balance"), _("Currency"), _("Number"))
    clock, party = kernel_of(request).clock(), str(who.party_id)

    def some(ask: Ask, after: str) -> tuple[Rows, str | None]:
        found: History = ask(
            activity.activity_file, party, q=q[:200], kind=kind, month=month, cursor=after or None
        )  # fmt: skip
        return [
            (
                local(each.recorded_at, clock.time_zone), names.kind(each.kind), each.other, each.memo,
                each.amount.plain(), each.balance.plain(), each.amount.currency, each.number,
            )
            for each in found.movements
        ], found.next_cursor  # fmt: skip

    return long_sheet(f"activity-{month or clock.business_date.isoformat()}.csv", heads, rows_of(request, who, some))


@router.get("/statements")
def statement_list(request: Request) -> Response:
    """The months of which there is a statement, this one first and no earlier than one is known here."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    clock = kernel_of(request).clock()
    since = ask(request, who, parties.own_party, who.party_id).registered_at
    first = "" if since is None else local(since, clock.time_zone)[:7]
    known = months(clock.business_date)
    return page(
        request, "customer/statements.html", who,
        months=[each for each in known if each >= first] or known[:1],
    )  # fmt: skip


@router.get("/statements/{month}.pdf")
def printed(request: Request, month: str) -> Response:
    """A month of one's wallet as a paper."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    pdf = ask(request, who, statements.statement, who.party_id, month)
    name = f"wallet-{activity.month_of(month)[0]:%Y-%m}.pdf"
    headers = {**HEADERS, "Content-Disposition": f'inline; filename="{name}"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.get("/activity/{reference}")
def receipt(request: Request, reference: str, done: bool = False) -> Response:
    """One movement as a receipt. That it was just done is said by the page before; what it was is read from the books."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found = ask(request, who, activity.receipt, who.party_id, reference)
    code = None
    if found.kind in (CODE_PAY, CODE_REFUND):
        code = unless((UNKNOWN_MOVEMENT.name,), lambda: ask(request, who, shops.paid, who.party_id, reference))
    return page(request, "customer/receipt.html", who, found=found, done=done, code=code)
