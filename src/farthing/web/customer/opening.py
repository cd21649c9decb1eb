"""Opening a deposit: which product, how much, on what terms, one question a screen; then look, confirm, and the receipt."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kit.errors import Refusal
from farthing.kit.money import Money, positive
from farthing.payments import service as payments
from farthing.savings.deposits import earnings_service as earnings
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import WALLET, Done, OpenDeposit
from farthing.savings.quotes.promised import Promised
from farthing.savings.rules.common import BELOW_MINIMUM
from farthing.savings.shelf import service as catalogue
from farthing.savings.shelf.model import Offered
from farthing.web.customer.deposit import receipt_of
from farthing.web.depositing import opening
from farthing.web.forms import amount_of, comes_back
from farthing.web.ground import Fields, again, ask, current, kernel_of, once_more, page, pages, sign_in_first, to
from farthing.web.names import named
from farthing.web.speech import gettext as _
from farthing.web.speech import language
from farthing.web.writing import day, money, rate
from farthing.web.writing import term as duration

router = pages()

MONTHLY = "instalment"
"""The method of a product that is paid in month by month."""


@router.get("/savings/open")
def open_page(request: Request, product: str = "", amount: str = "", term: str = "") -> Response:
    """Which product; how much; on what terms: what is not said yet is asked."""
    if not current(request).party_id:
        return sign_in_first(request)
    return _asked(request, None, product, amount, term)


def open_form(request: Request, refusal: Refusal) -> Response:
    """The form of an opening as it was filled in, where it was refused."""
    typed = request.state.typed
    return _asked(request, refusal, str(typed.get("product")), str(typed.get("amount")), str(typed.get("term")))


def _asked(request: Request, refusal: Refusal | None, product: str, amount: str, term: str) -> Response:
    who = current(request)
    products: list[Offered] = ask(request, who, catalogue.on_offer)
    chosen = next((each for each in products if each.product == product), None)
    if chosen is None:
        return again(request, "customer/savings/open_which.html", who, refusal, products=products)
    wallet = ask(request, who, payments.wallet, str(who.party_id))
    given = {"chosen": chosen, "amount": amount, "wallet": wallet, "monthly": chosen.method == MONTHLY}
    saved, refusal = _saved(request, chosen, amount, refusal)
    if saved is None or not needs_terms(chosen):
        return again(
            request, "customer/savings/open_amount.html", who, refusal, direct=not needs_terms(chosen), **given
        )
    gives = {str(each.agreement.term or each.agreement.notice): each for each in _gives(request, chosen, saved)}
    return again(
        request, "customer/savings/open_terms.html", who, refusal, saved=saved, term=term,
        cards=[card(chosen, each, gives.get(each)) for each in chosen.terms or chosen.notices],
        every=[(each, duration(each, language())) for each in chosen.every],
        renewals=[(each, named(each, "renewal")) for each in chosen.renewals], **given,
    )  # fmt: skip


def card(chosen: Offered, length: str, gives: Promised | None) -> list[str]:
    """A term or notice to choose: its name, what it gives by when, and its rate at the end."""
    annual = next((each.annual for each in chosen.rates if each.term == length), None)
    note = ""
    if gives is not None:
        told = {"gain": money(gives.interest, language()), "day": day(gives.on, language())}
        note = _("gives %(gain)s by %(day)s") % told
    return [length, duration(length, language()), note, rate(annual) if annual is not None else ""]


def needs_terms(chosen: Offered) -> bool:
    """Whether a product leaves anything to be agreed beside the amount."""
    return bool(chosen.terms or chosen.every or chosen.notices or len(chosen.renewals) > 1 or chosen.method == MONTHLY)


def _saved(
    request: Request, chosen: Offered, amount: str, refusal: Refusal | None
) -> tuple[Money | None, Refusal | None]:
    """The amount, if it may be saved; else the refusal that says why, unless nothing was typed yet."""
    if not amount and refusal is None:
        return None, None
    try:
        saved = positive(amount_of(amount, kernel_of(request).home))
        if saved < chosen.minimum:
            raise BELOW_MINIMUM(amount=str(saved), minimum=str(chosen.minimum))
    except Refusal as found:
        return None, refusal or found
    return saved, refusal


def _gives(request: Request, chosen: Offered, saved: Money) -> list[Promised]:
    """What each term gives for the amount, a month's payment for each month of it where it is paid month by month."""
    who = current(request)
    if chosen.method != MONTHLY:
        return list(ask(request, who, earnings.gives, chosen.product, saved).kept)
    return [ask(request, who, earnings.expected, chosen.product, saved, term=each) for each in chosen.terms]


@router.post("/savings/open")
@comes_back(open_form)
def open_deposit(request: Request, fields: Fields) -> Response:
    """Show what would be opened; open it when it is confirmed."""
    who = current(request)
    command = opening(str(who.party_id), fields, WALLET)

    def show(tried: Done, form: dict[str, Any]) -> HTMLResponse:
        wallet = ask(request, who, payments.wallet, str(who.party_id))
        return page(
            request, "customer/savings/open_confirm.html", who, done=tried, command=command, wallet=wallet,
            promised=_promised(request, command), **form,
        )  # fmt: skip

    return once_more(
        request, fields, deposits.open_deposit, command, actor=who, show=show,
        then=lambda done: to(receipt_of(request, who, done.deposit.id)),
    )  # fmt: skip


def _promised(request: Request, command: OpenDeposit) -> Promised | None:
    """What the deposit gives if it is kept to its end; none where the product has no end of its own."""
    found: Promised = ask(
        request, current(request), earnings.expected, command.product, command.amount,
        term=command.term, every=command.every, notice=command.notice,
    )  # fmt: skip
    return found if found.matures_on is not None else None
