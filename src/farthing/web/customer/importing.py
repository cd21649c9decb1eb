"""The page on which a payment bill is brought: how to get one, what was read of it, and what was set aside and why."""

from __future__ import annotations

import base64
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.credit import service as credit
from farthing.credit.insight import service as insight
from farthing.credit.model import ImportBill, ImportedBill
from farthing.credit.seals import read_seal
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal, malformed
from farthing.web.customer.applying import check_agreed, consent_until, consented
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, kernel_of, pages, run, sign_in_first, to, view

router = pages()

BILL_MISSING = malformed("web.bill_missing", "Choose the file of your bill.", "请选择账单文件。")
SHOWN_ROWS = 200


@router.get("/history")
def history(request: Request, bill: str = "") -> Response:
    """Bringing a bill home; what was brought is read from its report, never from the address."""
    return history_form(request, None, bill)


def history_form(request: Request, refusal: Refusal | None, bill: str = "") -> Response:
    """The page on which a bill is brought, with a refusal where the last one was refused."""
    who, today = current(request), kernel_of(request).clock().business_date
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        report = ask(credit.bill_report, bill) if bill else None
        bills = ask(insight.bills, party, 20)
        return {
            "report": report, "bills": bills, "agreed": consented(ask(credit.consents, party), today),
            "brought": next((each for each in bills if each.id == bill), None),
        }  # fmt: skip

    return again(
        request, "customer/borrow/history.html", who, refusal, until=consent_until(request), shown_rows=SHOWN_ROWS,
        sealed=kernel_of(request).ports.names("channel"), **view(request, who, build),
    )  # fmt: skip


@router.post("/history")
@comes_back(history_form)
def bring(request: Request, fields: Fields) -> Response:
    """Consent and import in one operation. The same file again adds nothing."""
    who = current(request)
    content = fields.as_file("bill")
    if not content:
        raise BILL_MISSING()
    given = ask(request, who, credit.consents, str(who.party_id))
    if not consented(given, kernel_of(request).clock().business_date):
        check_agreed(fields)
    seal = read_seal(fields.as_file("seal"))
    encoded = base64.b64encode(content).decode()
    command = ImportBill(
        str(who.party_id),
        "bill",
        encoded,
        str(fields.get("password") or ""),
        seal,
        consent_until(request),
        bool(fields.get("as_file")),
    )
    imported: ImportedBill = run(request, credit.import_bill, command, actor=who)
    return to("/history", bill=imported.id)
