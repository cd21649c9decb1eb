"""The operator's pages of merchants: all of them, one with terms, tills, takings, refunds and payouts; opened, changed, ended."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.kit.rates import typed_percent
from farthing.payments.merchants import overview_service as overview
from farthing.payments.merchants import rules
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants import terms_service as terms
from farthing.payments.merchants.model import ChangeContract, EndMerchant, Fee, OpenMerchant, StopCode
from farthing.payments.merchants.views import MerchantView
from farthing.web.asking_again import drafted_once_more
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import Form, comes_back, command_of, digits
from farthing.web.ground import Fields, again, ask, current, page, page_of, page_of_any, pages, run, to, tried, view

router = pages("/ops/merchants")
MOST = 25


def percent_of(fee: Fee) -> str:
    """A fee as it is typed: in percent."""
    return typed_percent(rules.rate_of(fee))


SHOWN: dict[str, Any] = {"rate_of": rules.rate_of, "percent_of": percent_of}
"""How the terms of a contract are written on a page."""


@router.get("")
def listed(request: Request, q: str = "", after: str = "") -> Response:
    """Merchants, with what each took today and what waits; or those whose name is looked for."""
    who = current(request)
    found = ask(request, who, overview.all_merchants, q[:200], after, MOST)
    return page(request, "operator/merchants.html", who, found=found, q=q, after=after)


@router.get("/new")
def new_page(request: Request, party: str = "") -> Response:
    """Open a merchant for a customer."""
    return new_form(request, None, party)


def new_form(request: Request, refusal: Refusal | None, party: str = "") -> Response:
    """The form of a new merchant, as it was filled in where it was refused."""
    who = current(request)
    page_of_any(who, merchants.open_merchant)
    return again(request, "operator/merchant_new.html", who, refusal, party=party, **SHOWN)


@router.post("")
@comes_back(new_form)
def open_one(request: Request, fields: Fields) -> Response:
    """Let a customer take money by codes."""
    who = current(request)
    command = OpenMerchant(
        str(fields.get("party")).strip(), str(fields.get("shop_name")).strip(), str(fields.get("city")).strip(),
        str(fields.get("category")).strip(), _fee(fields), _settles(fields), str(fields.get("local_name")).strip(),
    )  # fmt: skip
    made = run(request, merchants.open_merchant, command, actor=who, key=str(fields.get("key")))
    return to(f"/ops/merchants/{made.id}")


@router.get("/{merchant_id}")
def one(
    request: Request, merchant_id: str, on: date | None = None, before: str = "", drafted: bool = False
) -> Response:  # fmt: skip
    """One merchant: terms, tills, a day's takings, refunds and payouts."""
    return shown(request, None, merchant_id, on, before, drafted)


def shown(
    request: Request, refusal: Refusal | None, merchant_id: str = "", on: date | None = None, before: str = "",
    drafted: bool = False,
) -> Response:  # fmt: skip
    """The page of a merchant, with what was refused."""
    who = current(request)
    page_of(request, who, overview.merchant)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "found": ask(overview.merchant, merchant_id), "day": ask(overview.takings_of, merchant_id, on, before, MOST),
            "refunds": ask(overview.refunds_of, merchant_id, "", 10),
            "payouts": ask(overview.settlements_of, merchant_id, "", 10),
        }  # fmt: skip

    return again(
        request,
        "operator/merchant.html",
        who,
        refusal,
        before=before,
        drafted=drafted,
        **SHOWN,
        **view(request, who, build),
    )


@router.post("/{merchant_id}")
@comes_back(shown)
def act(request: Request, merchant_id: str, fields: Fields) -> Response:
    """Other terms, an end, a code taken out of use: shown, then done or drafted for a second person."""
    step = str(fields.get("act"))
    if step == "terms":
        return _terms(request, merchant_id, fields)
    if step == "end":
        return _end(request, merchant_id, fields)
    if step == "stop":
        run(request, terms.stop_code, StopCode(str(fields.get("till"))), actor=current(request))
        return to(f"/ops/merchants/{merchant_id}")
    raise UNKNOWN_STEP(step=repr(step[:40]))


def _terms(request: Request, merchant_id: str, fields: Form) -> Response:
    who = current(request)
    command: ChangeContract = command_of(
        terms.change_contract, fields, merchant_id=merchant_id, fee=_fee(fields), settles=_settles(fields)
    )
    stands: MerchantView = ask(request, who, overview.merchant, merchant_id)
    tried(request, terms.change_contract, command, actor=who)

    def show(carried: dict[str, Any]) -> HTMLResponse:
        return page(
            request,
            "operator/merchant_review.html",
            who,
            found=stands,
            command=command,
            asked=fields.asked,
            **SHOWN,
            **carried,
        )

    return drafted_once_more(
        request, fields, terms.change_contract, command, actor=who, beside=stands.contracts, show=show,
        then=lambda pending: to(f"/ops/merchants/{merchant_id}", drafted="1" if pending else "0"),
    )  # fmt: skip


def _end(request: Request, merchant_id: str, fields: Form) -> Response:
    who = current(request)
    if fields.get("confirmed"):
        run(request, terms.end_merchant, EndMerchant(merchant_id), actor=who, key=str(fields.get("key")))
        return to(f"/ops/merchants/{merchant_id}")
    stands: MerchantView = ask(request, who, overview.merchant, merchant_id)
    rules.check_takes(stands.merchant)
    return page(
        request, "operator/merchant_review.html", who, found=stands, command=None, asked=fields.asked, seen="",
        changed=False, **SHOWN,
    )  # fmt: skip


def _fee(fields: Form) -> Fee:
    """The fee that was typed in percent, with or without its sign; what is no number is refused as the rate that it is not."""
    typed = digits(fields.get("rate")).removesuffix("%").strip()
    try:
        rate = format(Decimal(typed) / 100, "f")
    except ArithmeticError:
        raise rules.BAD_FEE(most=rules.HIGHEST_RATE, rate=repr(typed[:40])) from None
    by, earned = str(fields.get("by")), str(fields.get("earned"))
    return Fee(
        rate, "payer" if by == "payer" else "merchant", "settlement" if earned == "settlement" else "capture",
        fields.get("returned") == "1",
    )  # fmt: skip


def _settles(fields: Form) -> Any:
    return "gross" if fields.get("settles") == "gross" else "net"
