"""The pages of a shop: what it took today, payments and refunds, payouts, a month, its tills and who takes money there."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.payments.merchants import month_service as monthly
from farthing.payments.merchants import reading_service as reading
from farthing.payments.merchants import refunds_service as refunds
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants.model import AddTill, Merchant, Refunded, RefundPayment, SetCashier
from farthing.payments.merchants.month import sheet
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee
from farthing.web.customer.activity import months
from farthing.web.forms import comes_back, meant
from farthing.web.ground import (
    Fields,
    again,
    ask,
    current,
    kernel_of,
    once_more,
    page,
    pages,
    run,
    sign_in_first,
    to,
    view,
)
from farthing.web.sheets import CSV, MARK, attached

router = pages()
MOST = 20


@router.get("/shop")
def shops(request: Request) -> Response:
    """The shops that one is, or takes money for; where there is one, its page."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found: list[Merchant] = ask(request, who, merchants.mine, who.party_id)
    if len(found) == 1:
        return to(f"/shop/{found[0].id}")
    return page(request, "customer/shop/shops.html", who, shops=found)


@router.get("/shop/{merchant_id}")
def shop(request: Request, merchant_id: str, on: date | None = None, before: str = "") -> Response:
    """A shop's day: what it comes to, what waits to be paid out, and each payment."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "day": ask(refunds.takings, party, merchant_id, on, before, MOST),
            "tills": ask(merchants.tills, party, merchant_id),
        }

    return page(request, "customer/shop/day.html", who, before=before, **view(request, who, build))


@router.get("/shop/{merchant_id}/payments/{payment_id}")
def payment_page(request: Request, merchant_id: str, payment_id: str) -> Response:
    """One payment, what was given back of it, and the form of a refund."""
    return payment_form(request, None, merchant_id, payment_id)


def payment_form(request: Request, refusal: Refusal | None, merchant_id: str = "", payment_id: str = "") -> Response:
    """The payment, with the refund as it was filled in where that was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    merchant_id = meant(request, refusal, "merchant", merchant_id)
    payment_id = meant(request, refusal, "payment", payment_id)
    found = ask(request, who, reading.payment, who.party_id, merchant_id, payment_id)
    return again(request, "customer/shop/payment.html", who, refusal, found=found, merchant=merchant_id)


@router.post("/shop/refunds")
@comes_back(payment_form)
def refund(request: Request, fields: Fields) -> Response:
    """Show what goes back and to whom, and ask once more; then give it back."""
    who, merchant_id, payment_id = current(request), str(fields.get("merchant")), str(fields.get("payment"))
    command = RefundPayment(
        str(who.party_id), merchant_id, payment_id, fields.as_money("amount"), str(fields.get("reason") or "")
    )

    def show(looked: Refunded, form: dict[str, Any]) -> HTMLResponse:
        found = ask(request, who, reading.payment, str(who.party_id), merchant_id, payment_id)
        return page(
            request, "customer/shop/refund_confirm.html", who, refund=looked, found=found, merchant=merchant_id, **form
        )

    return once_more(
        request, fields, refunds.refund, command, actor=who, show=show,
        then=lambda _: to(f"/shop/{merchant_id}/payments/{payment_id}"),
    )  # fmt: skip


@router.get("/shop/{merchant_id}/payouts")
def payouts(request: Request, merchant_id: str, before: str = "") -> Response:
    """What the shop was paid out, each with payments, fee and net; and its refunds."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "payouts": ask(refunds.settlements, party, merchant_id, before, MOST),
            "refunds": () if before else ask(reading.refunds, party, merchant_id, "", MOST),
            "mine": any(each.id == merchant_id and each.party_id == party for each in ask(merchants.mine, party)),
        }

    return page(
        request, "customer/shop/payouts.html", who, merchant=merchant_id, before=before, most=MOST,
        **view(request, who, build),
    )  # fmt: skip


@router.get("/shop/{merchant_id}/month")
def month_page(request: Request, merchant_id: str, month: str = "") -> Response:
    """A month of the shop, this one where none is named: by store and till, by day, and what it was paid out."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    known = months(kernel_of(request).clock().business_date)
    found = ask(request, who, monthly.month, who.party_id, merchant_id, month or known[0])
    return page(
        request, "customer/shop/month.html", who, found=found, months=known, month=month or known[0],
        own=found.merchant.party_id == who.party_id,
    )  # fmt: skip


@router.get("/shop/{merchant_id}/month.csv")
def month_file(request: Request, merchant_id: str, month: str) -> Response:
    """The same as a file for a spreadsheet, a line for each day of each till."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found = ask(request, who, monthly.month, who.party_id, merchant_id, month)
    name = f"shop-{found.since:%Y-%m}-{merchant_id[-8:]}.csv"
    return Response(MARK + sheet(found), media_type=CSV, headers=attached(name))


@router.get("/shop/{merchant_id}/tills")
def tills_page(request: Request, merchant_id: str) -> Response:
    """The tills, and who takes money there."""
    return tills_form(request, None, merchant_id)


def tills_form(request: Request, refusal: Refusal | None, merchant_id: str = "") -> Response:
    """Tills and cashiers, with a form as it was filled in where it was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id
    merchant_id = meant(request, refusal, "merchant", merchant_id)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "tills": ask(merchants.tills, party, merchant_id),
            "cashiers": ask(reading.cashiers, party, merchant_id),
            "own": any(each.id == merchant_id and each.party_id == party for each in ask(merchants.mine, party)),
        }

    return again(request, "customer/shop/tills.html", who, refusal, merchant=merchant_id, **view(request, who, build))


@router.post("/shop/tills")
@comes_back(tills_form)
def add_till(request: Request, fields: Fields) -> Response:
    """Add a till."""
    who, merchant_id = current(request), str(fields.get("merchant"))
    command = AddTill(
        str(who.party_id), merchant_id, str(fields.get("store")).strip(), str(fields.get("till_name")).strip()
    )
    made = run(request, merchants.add_till, command, actor=who, key=str(fields.get("key")))
    return to(f"/till/{made.id}")


@router.post("/shop/cashiers")
@comes_back(tills_form)
def look_up_cashier(request: Request, fields: Fields) -> Response:
    """Show, partly hidden, who answers to a phone, before she may take money."""
    who = current(request)
    command = FindPayee(str(who.party_id), str(fields.get("phone") or ""))
    found = run(request, payees.find_payee, command, actor=who, accepted=payees.require_found)
    return page(request, "customer/shop/cashier_confirm.html", who, found=found, merchant=str(fields.get("merchant")))


@router.post("/shop/cashiers/set")
@comes_back(tills_form)
def set_cashier(request: Request, fields: Fields) -> Response:
    """Somebody takes money for the shop from now on, or no longer does."""
    who, merchant_id = current(request), str(fields.get("merchant"))
    command = SetCashier(str(who.party_id), merchant_id, str(fields.get("cashier")), fields.get("may") == "1")
    run(request, merchants.set_cashier, command, actor=who)
    return to(f"/shop/{merchant_id}/tills")
