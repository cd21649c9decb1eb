"""The operator's pages of late loans: whom a collector may speak to now and why not, what was said and promised, and requests for
relief that wait for an answer."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.collections import relief_service
from farthing.lending.collections import service as collections
from farthing.lending.collections.model import CHANNELS, OUTCOMES, PLANS
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, current, kernel_of, page, page_of, pages, run, to, view
from farthing.web.operator import told
from farthing.web.sold import loan_products

router = pages("/ops/collections")


@router.get("")
def late_loans(request: Request, after: str = "") -> Response:
    """The loans that are late, the latest lent first, and what was asked for and waits."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        found, waiting = ask(collections.worklist, after), ask(collections.open_hardships)
        people = [*(each.party_id for each in found.works), *(each.party_id for each in waiting)]
        return {
            "found": found, "waiting": waiting, "names": told.customers(ask, people), "products": loan_products(ask),
        }  # fmt: skip

    return page(request, "operator/late_loans.html", who, after=after, **view(request, who, build))


def shown(request: Request, refusal: Refusal | None, loan_id: str, drafted: bool = False) -> Response:
    """One late loan; the form as it was filled in, where it was refused."""
    who = current(request)
    page_of(request, who, collections.worklist)

    def build(ask: Ask) -> dict[str, Any]:
        loan = ask(lending.loan, loan_id)
        due, _settlement, late = ask(lending.owed, loan_id) if loan.state == "active" else (None, None, 0)
        return {
            **told.of_loan(ask, loan), "due": due, "late": late,
            "contacts": ask(collections.contacts, loan_id)[::-1], "asked": ask(relief_service.hardships, loan_id)[::-1],
        }  # fmt: skip

    return again(
        request, "operator/late_loan.html", who, refusal, channels=CHANNELS, outcomes=OUTCOMES, plans=PLANS, drafted=drafted,
        on=kernel_of(request).clock().business_date, **view(request, who, build),
    )  # fmt: skip


@router.get("/{loan_id}")
def late_loan(request: Request, loan_id: str, drafted: bool = False) -> Response:
    """What was said about a loan, and where the next contact is written down."""
    return shown(request, None, loan_id, drafted)


@router.post("/{loan_id}")
@comes_back(shown)
def spoken(request: Request, loan_id: str, fields: Fields) -> Response:
    """Write down a contact, or answer a request for relief."""
    who, key = current(request), str(fields.get("key"))
    if fields.get("hardship_id"):
        granted = fields.get("granted") == "1"
        given: dict[str, Any] = {"granted": granted}
        if not granted:
            given |= {"plan": "", "until_on": None}
        command = command_of(collections.decide_hardship, fields, **given)
        run(request, collections.decide_hardship, command, actor=who, key=key)
    else:
        given = {"loan_id": loan_id}
        if fields.get("outcome") != "promised":
            given |= {"promised": None, "promised_on": None}
        command = command_of(collections.log_contact, fields, **given)
        run(request, collections.log_contact, command, actor=who, key=key)
    return to(f"/ops/collections/{loan_id}")
