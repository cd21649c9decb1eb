"""The operator's pages of loans: the list with the sums of all that is filtered, the same as a file, and one loan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from fastapi import Request
from fastapi.responses import Response

from farthing.funding import service as funding
from farthing.kernel.run import Ask
from farthing.ledger import service as ledger
from farthing.lending import entries
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.arrears import service as arrears
from farthing.lending.backing import service as backing
from farthing.lending.floating import service as floating
from farthing.lending.model import Loan, State
from farthing.lending.roll import service as roll
from farthing.web import loan_charts
from farthing.web.ground import current, page, page_of, pages, part, view
from farthing.web.names import named
from farthing.web.operator import told
from farthing.web.seeking import seeking
from farthing.web.sheets import Rows, dated, long_sheet, rows_of
from farthing.web.sold import loan_products
from farthing.web.speech import gettext as _
from farthing.web.speech import said

router = pages()
Wanted = Literal["", State]
AT_ONCE = 500


@router.get("/ops/loans")
def listed(
    request: Request, product: str = "", state: Wanted = "", late: int = 0, after: str = "", customer: str = ""
) -> Response:
    """Loans of a product and state, of a customer, or late ones, the latest first, with the sums of all that is filtered."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(roll.roll, state, product, late, after, party_id=customer)
        return {
            "found": found,
            "names": told.customers(ask, [customer, *(each.party_id for each in found.loans)]),
            "products": loan_products(ask),
            "classes": [each for each in part(ask, arrears.classes) or () if each],
        }

    asked = {"product": product, "state": state, "late": str(late), "customer": customer}
    return page(request, "operator/loans.html", who, asked=asked, after=after, **view(request, who, build))


@router.get("/ops/loans.csv")
def taken_away(request: Request, product: str = "", state: Wanted = "", late: int = 0, customer: str = "") -> Response:
    """The same list as a file for a spreadsheet, every page of it."""
    who = current(request)
    sold: Mapping[str, str] = view(request, who, loan_products)

    def some(ask: Ask, after: str) -> tuple[Rows, str | None]:
        found = ask(roll.roll, state, product, late, after, AT_ONCE, customer)
        names = told.customers(ask, [each.party_id for each in found.loans])
        return [
            (
                each.id, names.get(each.party_id, ""), each.party_id, sold.get(each.product, each.product),
                named(each.standing, "loan_state"), each.principal.currency, each.principal.plain(), each.outstanding.plain(),
                each.overdue.plain(), each.days_past_due, each.next_due_on, each.accepted_on, each.closed_on, each.given_up_on,
                each.written_off.plain(),
            )
            for each in found.loans
        ], found.next_after  # fmt: skip

    heads = (
        _("Loan"), _("Customer"), _("Customer number"), _("Product"), _("State"), _("Currency"), _("Borrowed"),
        _("Still owed"), _("Overdue"), _("Days past due"), _("Next due"), _("Accepted"),
        _("Over since"), _("Out of the books since"), _("Written off"),
    )  # fmt: skip
    return long_sheet(dated(request, "loans-{}.csv"), heads, rows_of(request, who, some))


@router.get("/ops/loans/{loan_id}")
def one(request: Request, loan_id: str) -> Response:
    """One loan: what is owed, its schedule as a chart and a table, what was paid, who holds it, and its accounts."""
    who = current(request)
    page_of(request, who, roll.roll)

    def build(ask: Ask) -> dict[str, Any]:
        found: Loan = ask(lending.loan, loan_id)
        return {
            **told.of_loan(ask, found),
            "owed": ask(lending.owed, loan_id) if found.state == "active" else None,
            "repayments": ask(lending.repayments, loan_id)[::-1], "accounts": _accounts(ask, found),
            "backing": ask(backing.backing, loan_id), "rate": ask(floating.rate, loan_id),
            "gone": ask(acts.recoverable, loan_id) if found.written_off else None,
            "lenders": {f"partner:{each.code}": said(each.called) for each in part(ask, funding.partners) or ()},
            "seeking": seeking(ask, [found]).get(loan_id),
            "chart": loan_charts.repaid(found) if found.state in ("active", "closed") else None,
        }  # fmt: skip

    return page(request, "operator/loan.html", who, **view(request, who, build))


def _accounts(ask: Ask, loan: Loan) -> Any:
    """The loan's own accounts, for whoever reads the books; one that others fund wholly has none."""
    paths = (entries.principal_account(loan), entries.interest_account(loan))
    return [each for path in paths for each in part(ask, ledger.balances, path, limit=1) or ()]
