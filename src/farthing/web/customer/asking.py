"""The pages of asking for money: whom, how much and what for; answered by the other; and bills that are split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from farthing.kit.errors import Refusal
from farthing.kit.money import positive
from farthing.payments import service as payments
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee
from farthing.payments.requests import service as requests
from farthing.payments.requests import splitting_service as bills
from farthing.payments.requests.model import (
    AskToPay,
    BillShare,
    BillView,
    Block,
    Decline,
    OwnRequest,
    PayRequest,
    RequestPaid,
    RequestView,
    SplitBill,
    Unblock,
)
from farthing.web.forms import comes_back, meant
from farthing.web.ground import Fields, again, ask, current, once_more, page, pages, run, sign_in_first, to

router = pages()
MOST_ADDED = 20
"""So many people are looked up for one bill."""
CHOSEN, PART = "with-", "part-"
"""How the fields begin that choose somebody, and that say what part she has."""


@router.get("/requests")
def requests_page(request: Request) -> Response:
    """What one is asked for, what one asked for, and bills that one split."""
    return whom_form(request, None)


def whom_form(request: Request, refusal: Refusal | None) -> Response:
    """The lists, and the phone of whom one asks."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id
    return again(
        request, "customer/requests.html", who, refusal, recent=ask(request, who, payees.recent_payees, party),
        received=ask(request, who, requests.listed, party, "received"), made=ask(request, who, requests.listed, party, "made"),
        bills=ask(request, who, bills.bills, party), blocks=ask(request, who, requests.blocks, party),
    )  # fmt: skip


@router.post("/requests/people")
@comes_back(whom_form)
def look_up(request: Request, fields: Fields) -> Response:
    """Look up who answers to a phone; the page after it shows the name, masked."""
    who = current(request)
    command = FindPayee(str(who.party_id), str(fields.get("phone") or ""))
    found = run(request, payees.find_payee, command, actor=who, accepted=payees.require_found)
    return to(f"/requests/of/{found.id}")


@router.get("/requests/of/{payee}")
def of_whom(request: Request, payee: str) -> Response:
    """How much and what for, under the masked name."""
    return ask_form(request, None, payee)


def ask_form(request: Request, refusal: Refusal | None, payee: str = "") -> Response:
    """The form of a request, as it was filled in where it was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    payee = meant(request, refusal, "whom", payee)
    known = ask(request, who, payees.payee, who.party_id, payee)
    return again(request, "customer/request_new.html", who, refusal, payee=known)


@router.post("/requests")
@comes_back(ask_form)
def ask_somebody(request: Request, fields: Fields) -> Response:
    """Show whom one asks, and for how much, and ask once more; then make the request."""
    who = current(request)
    command = AskToPay(
        str(who.party_id), str(fields.get("whom") or ""), positive(fields.as_money("amount")),
        str(fields.get("reason") or "").strip(), DAYS,
    )  # fmt: skip

    def show(looked: Any, form: dict[str, Any]) -> HTMLResponse:
        return page(request, "customer/request_confirm.html", who, made=looked, **form)

    return once_more(request, fields, requests.ask, command, actor=who, show=show, then=_made)


DAYS = 7


def _made(done: RequestView) -> Response:
    return to(f"/requests/{done.id}")


@router.get("/requests/{request_id}")
def request_page(request: Request, request_id: str) -> Response:
    """A request: to be paid or declined by whoever was asked, followed by whoever asked."""
    return request_form(request, None, request_id)


def request_form(request: Request, refusal: Refusal | None, request_id: str = "") -> Response:
    """The request as it stands."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    request_id = meant(request, refusal, "request", request_id)
    found = ask(request, who, requests.request, who.party_id, request_id)
    return again(request, "customer/request.html", who, refusal, asked=found)


@router.post("/requests/payments")
@comes_back(request_form)
def pay(request: Request, fields: Fields) -> Response:
    """Show who asks and for how much once more; then pay, and go to the receipt."""
    who = current(request)
    command = PayRequest(str(who.party_id), str(fields.get("request") or ""))

    def show(looked: Any, form: dict[str, Any]) -> HTMLResponse:
        wallet = ask(request, who, payments.wallet, str(who.party_id))
        return page(request, "customer/request_pay.html", who, paid=looked, wallet=wallet, **form)

    return once_more(request, fields, requests.pay, command, actor=who, show=show, then=_paid)


def _paid(done: RequestPaid) -> Response:
    if done.held_until is not None:
        return to(f"/held/{done.reference.removeprefix('transfer:')}")
    return to(f"/activity/{done.reference}", done="true")


@router.post("/requests/refusals")
@comes_back(request_form)
def decline(request: Request, fields: Fields) -> Response:
    """Say no, and take no more of whoever asks where that is wanted."""
    who, name = current(request), str(fields.get("request") or "")
    if fields.get("block"):
        run(request, requests.block, Block(str(who.party_id), name), actor=who)
    else:
        word = str(fields.get("word") or "").strip()
        run(request, requests.decline, Decline(str(who.party_id), name, word), actor=who)
    return to(f"/requests/{name}")


@router.post("/requests/withdrawals")
@comes_back(request_form)
def withdraw(request: Request, fields: Fields) -> Response:
    """Take back what one asked for."""
    who, name = current(request), str(fields.get("request") or "")
    run(request, requests.withdraw, OwnRequest(str(who.party_id), name), actor=who)
    return to(f"/requests/{name}")


@router.post("/requests/reminders")
@comes_back(request_form)
def remind(request: Request, fields: Fields) -> Response:
    """Remind whoever was asked."""
    who, name = current(request), str(fields.get("request") or "")
    run(request, requests.remind, OwnRequest(str(who.party_id), name), actor=who)
    return to(f"/requests/{name}")


@router.post("/requests/unblocks")
def unblock(request: Request, fields: Fields) -> Response:
    """Take requests of somebody again."""
    who = current(request)
    run(request, requests.unblock, Unblock(str(who.party_id), str(fields.get("block") or "")), actor=who)
    return to("/requests")


@router.get("/bills")
def bill_new_page(request: Request, also: Annotated[list[str], Query()] = []) -> Response:  # noqa: B006 - read alone
    """Split a bill over people whom one paid before, and whom one looked up just now."""
    return bill_form(request, None, also)


def bill_form(request: Request, refusal: Refusal | None, also: Sequence[str] = ()) -> Response:
    """The form of a bill, as it was filled in where it was refused. ``also``: who was looked up for it, chosen already."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    recent = ask(request, who, payees.recent_payees, who.party_id)
    wanted = [*also, *_meant_also(request)]
    added = [each for each in dict.fromkeys(wanted) if each not in {one.id for one in recent}][:MOST_ADDED]
    people = [ask(request, who, payees.payee, who.party_id, each) for each in added]
    return again(
        request, "customer/bill_new.html", who, refusal, people=[*people, *recent], chosen=frozenset(wanted), also=added
    )


def _meant_also(request: Request) -> list[str]:
    """Who stood in a form that comes back."""
    typed = getattr(request.state, "typed", None) or {}
    return str(typed.get("also") or "").split() + [
        name.removeprefix(CHOSEN) for name in typed if name.startswith(f"{CHOSEN}payee_")
    ]


@router.post("/bills/people")
@comes_back(bill_form)
def look_up_for_bill(request: Request, fields: Fields) -> Response:
    """Look up one more who has a part; the form then shows the name, masked and chosen."""
    who = current(request)
    command = FindPayee(str(who.party_id), str(fields.get("phone") or ""))
    found = run(request, payees.find_payee, command, actor=who, accepted=payees.require_found)
    also = [*str(fields.get("also") or "").split(), found.id]
    return to(f"/bills?{urlencode([('also', each) for each in dict.fromkeys(also)])}")


@router.post("/bills")
@comes_back(bill_form)
def split(request: Request, fields: Fields) -> Response:
    """Show everybody's part and ask once more; then ask each for it."""
    who = current(request)
    chosen = sorted(name.removeprefix(CHOSEN) for name in fields if name.startswith(CHOSEN))
    people = tuple(BillShare(each, _part(fields, PART + each)) for each in chosen)
    reason = str(fields.get("reason") or "").strip()
    command = SplitBill(
        str(who.party_id), positive(fields.as_money("amount")), people, reason, bool(fields.get("own")), DAYS
    )

    def show(looked: Any, form: dict[str, Any]) -> HTMLResponse:
        return page(request, "customer/bill_confirm.html", who, bill=looked, **form)

    return once_more(request, fields, bills.split, command, actor=who, show=show, then=_split)


def _part(fields: Fields, name: str) -> Any:
    return fields.as_money(name) if str(fields.get(name) or "").strip() else None


def _split(done: BillView) -> Response:
    return to(f"/bills/{done.id}")


@router.get("/bills/{split_id}")
def bill_page(request: Request, split_id: str) -> Response:
    """A bill, who has paid and who has not."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found = ask(request, who, bills.bill, who.party_id, split_id)
    return page(request, "customer/bill.html", who, bill=found)
