"""The page of a loan that cannot be paid as agreed: asking for relief, what was answered, and every contact about the loan."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.collections import relief_service
from farthing.lending.collections import service as collections
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, current, kernel_of, pages, run, to, view

router = pages("/loans/{loan_id}/relief")


def shown(request: Request, refusal: Refusal | None, loan_id: str) -> Response:
    """How to ask, what was answered, and what was said; the words that were typed, where they were refused."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        loan = ask(lending.loan, loan_id)
        asked = ask(relief_service.hardships, loan_id)[::-1]
        return {"loan": loan, "asked": asked, "contacts": ask(collections.contacts, loan_id)[::-1]}

    found, on = view(request, who, build), kernel_of(request).clock().business_date
    held = any(each.holds(on) for each in found["asked"])
    return again(request, "customer/borrow/relief.html", who, refusal, held=held, **found)


@router.get("")
def relief(request: Request, loan_id: str) -> Response:
    """Ask for relief, and read what was said about the loan."""
    return shown(request, None, loan_id)


@router.post("")
@comes_back(shown)
def ask_for_it(request: Request, loan_id: str, fields: Fields) -> Response:
    """Ask; from now until the answer nobody calls about being late."""
    who = current(request)
    command = command_of(collections.ask_hardship, fields, loan_id=loan_id)
    run(request, collections.ask_hardship, command, actor=who, key=str(fields.get("key")))
    return to(f"/loans/{loan_id}/relief")
