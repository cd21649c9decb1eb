"""Own how a page reads what a larger loan would come to that pays a running one off, of what was typed into its form."""

from __future__ import annotations

from fastapi import Request

from farthing.kit.money import positive
from farthing.lending.top_ups import service as top_ups
from farthing.lending.top_ups.model import TopUpQuote
from farthing.web.forms import Form, whole
from farthing.web.ground import ask, current


def quoted(request: Request, loan_id: str, typed: Form) -> TopUpQuote | None:
    """What was typed, reckoned; nothing where nothing was typed. Refuses as the question does."""
    if not str(typed.get("amount")).strip():
        return None
    amount = positive(typed.as_money("amount")).plain()
    found: TopUpQuote = ask(
        request, current(request), top_ups.top_up_quote, loan_id, amount, whole(typed.get("instalments"))
    )
    return found
