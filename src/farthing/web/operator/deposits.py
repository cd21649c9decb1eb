"""The operator's pages of deposits: the list with the sums of all that is filtered, the same as a file, and one deposit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.run import Ask
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import roll_service as deposits
from farthing.savings.deposits.papers import WHAT
from farthing.web.ground import current, kernel_of, page, page_of, pages, view
from farthing.web.operator import told
from farthing.web.sheets import Rows, dated, long_sheet, rows_of
from farthing.web.sold import called
from farthing.web.speech import gettext as _
from farthing.web.speech import said

router = pages()
State = Literal["", "open", "closed"]
Within = Literal["", "7", "14", "30", "90", "365"]
"""Days ahead in which a deposit matures."""
AT_ONCE = 500


@router.get("/ops/deposits")
def listed(
    request: Request, product: str = "", state: State = "open", within: Within = "", after: str = ""
) -> Response:
    """Deposits of a product and state, the newest first, with the sums of all that is filtered."""
    who, by = current(request), _by(request, within)

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(deposits.roll, product, state, by, after)
        return {
            "found": found, "names": told.customers(ask, [each.party_id for each in found.deposits]),
            "products": called(ask, "deposit"),
        }  # fmt: skip

    asked = {"product": product, "state": state, "within": within}
    return page(request, "operator/deposits.html", who, asked=asked, after=after, **view(request, who, build))


@router.get("/ops/deposits.csv")
def taken_away(request: Request, product: str = "", state: State = "open", within: Within = "") -> Response:
    """The same list as a file for a spreadsheet, every page of it."""
    who, by = current(request), _by(request, within)

    def some(ask: Ask, after: str) -> tuple[Rows, str | None]:
        found = ask(deposits.roll, product, state, by, after, AT_ONCE)
        names = told.customers(ask, [each.party_id for each in found.deposits])
        return [
            (
                each.id, names.get(each.party_id, ""), each.party_id, said(each.name), each.balance.currency,
                each.balance.plain(), each.opened_on, each.matures_on, each.closed_on,
            )
            for each in found.deposits
        ], found.next_after  # fmt: skip

    heads = (
        _("Deposit"), _("Customer"), _("Customer number"), _("Product"), _("Currency"), _("Balance"), _("Opened"),
        _("Matures"), _("Closed"),
    )  # fmt: skip
    return long_sheet(dated(request, "deposits-{}.csv"), heads, rows_of(request, who, some))


def _by(request: Request, within: str) -> date | None:
    """The day by which a deposit is to mature; none where that does not matter."""
    return kernel_of(request).clock().business_date + timedelta(days=int(within)) if within else None


@router.get("/ops/deposits/{deposit_id}")
def one(request: Request, deposit_id: str) -> Response:
    """One deposit: what it holds and would pay today, what was agreed, its passbook, and its account in the books."""
    who = current(request)
    page_of(request, who, deposits.roll)

    def build(ask: Ask) -> dict[str, Any]:
        statement = ask(passbook.statement, deposit_id)
        found = statement.deposit
        return {
            "deposit": found, "events": statement.events[::-1],
            "worth": None if found.closed_on else ask(passbook.worth, deposit_id),
            "names": told.customers(ask, [found.party_id]),
        }  # fmt: skip

    return page(request, "operator/deposit.html", who, what=WHAT, **view(request, who, build))
