"""The fund's page: its two published figures, one's own income by day, buying, redeeming fast or for the next trading day.

An order is shown first as it would be, and placed when it is confirmed. Never says that a fund is insured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.payments import service as payments
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund import service as pool
from farthing.savings.fund.commands import CancelOrder, Figures, FundView, Redeem, Redeemed, RedeemNow, Subscribe
from farthing.savings.fund.model import CANCELLED, INSTANT, REDEEM, SETTLED, SUBSCRIBE, Order
from farthing.savings.fund.refusals import FUND_UNKNOWN
from farthing.web.customer import saving_charts as charts
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import Form, comes_back
from farthing.web.ground import Fields, again, current, once_more, page, pages, run, sign_in_first, to, view
from farthing.web.speech import gettext as _
from farthing.web.speech import language
from farthing.web.writing import day

router = pages()

STEPS = ("buy", "redeem_now", "redeem")
SHOWN_ORDERS = 10


def order_of(party: str, fund: str, fields: Form) -> tuple[Callable[..., Any], Any]:
    """The operation and command that a form asks for; refuses ``web.unknown_step``."""
    step = str(fields.get("step") or "")
    if step == "buy":
        return pool.subscribe, Subscribe(fund, party, fields.as_money("amount"))
    if step == "redeem_now":
        return pool.redeem_now, RedeemNow(fund, party, fields.as_money("amount"), rest_next_day=True)
    if step == "redeem":
        return pool.redeem, Redeem(fund, party, fields.as_money("amount"))
    raise UNKNOWN_STEP(step=repr(step[:40]))


def _fund(ask: Ask, fund: str) -> FundView:
    """One fund as people see it; refuses ``savings.fund_unknown``."""
    found: FundView | None = next((each for each in ask(funds.funds) if each.id == fund), None)
    if found is None:
        raise FUND_UNKNOWN(fund=fund)
    return found


@router.get("/savings/fund/{fund}")
def fund_page(request: Request, fund: str, older: str | None = None) -> Response:
    """What the fund publishes, what one holds and earned of it by day, and the orders that are on their way."""
    return _page(request, None, fund, older)


def refused_page(request: Request, refusal: Refusal, fund: str) -> Response:
    """The same, where an order could not be taken back."""
    return _page(request, refusal, fund, None)


def _page(request: Request, refusal: Refusal | None, fund: str, older: str | None) -> Response:
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        found = _fund(ask, fund)
        return {
            "fund": found, "figures": ask(funds.figures, fund).days, "held": ask(pool.holding, fund, party),
            "income": ask(pool.income, fund, party), "orders": ask(pool.orders, fund, party, older, SHOWN_ORDERS),
        }  # fmt: skip

    found = view(request, who, build)
    return again(
        request, "customer/savings/fund.html", who, refusal, last=found["figures"][-1] if found["figures"] else None,
        drawn=charts.income(found["income"], found["fund"].currency), older=older,
        seven_day=_seven_day(found["fund"], found["figures"]), **found,
    )  # fmt: skip


def _seven_day(fund: FundView, figures: Sequence[Figures]) -> Decimal | None:
    """The annualised yield of the last seven days, as its kind of fund publishes it; none before there are seven."""
    if not figures:
        return None
    return figures[-1].seven_day_compound if fund.carry == "daily" else figures[-1].seven_day_simple


@router.get("/savings/fund/{fund}/{step}")
def order_page(request: Request, fund: str, step: str) -> Response:
    """How much is bought or redeemed."""
    if step not in STEPS:
        raise UNKNOWN_STEP(step=repr(step[:40]))
    return order_form(request, None, fund, step)


def order_form(request: Request, refusal: Refusal | None, fund: str, step: str = "") -> Response:
    """The one question of an order, as it was answered where it was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party, step = who.party_id, step or str(request.state.typed.get("step"))
    if step not in STEPS and refusal is not None:
        return refused_page(request, refusal, fund)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "fund": _fund(ask, fund), "held": ask(pool.holding, fund, party), "wallet": ask(payments.wallet, party)
        }  # fmt: skip

    return again(request, "customer/savings/fund_order.html", who, refusal, step=step, **view(request, who, build))


@router.post("/savings/fund/{fund}")
@comes_back(order_form)
def order(request: Request, fund: str, fields: Fields) -> Response:
    """Show what an order would do; place it when it is confirmed."""
    who = current(request)
    function, command = order_of(str(who.party_id), fund, fields)

    def show(tried: Order | Redeemed, form: dict[str, Any]) -> HTMLResponse:
        return page(
            request, "customer/savings/fund_confirm.html", who, tried=tried, amount=command.amount,
            fund=view(request, who, lambda ask: _fund(ask, fund)), step=str(fields.get("step")), **form,
        )  # fmt: skip

    return once_more(
        request, fields, function, command, actor=who, show=show,
        then=lambda done: to(f"/savings/fund/{fund}/orders/{_number(done)}"),
    )  # fmt: skip


def _number(done: Order | Redeemed) -> str:
    """The order to show: what was paid at once, else what was ordered for the next trading day."""
    if isinstance(done, Order):
        return done.id
    kept = done.order or done.next_day
    return kept.id if kept else ""


@router.get("/savings/fund/{fund}/orders/{order_id}")
def receipt(request: Request, fund: str, order_id: str) -> Response:
    """An order as it stands: the receipt, what happens next, and the way to take it back."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {"order": ask(pool.order, order_id), "fund": _fund(ask, fund)}

    found = view(request, who, build)
    return page(request, "customer/savings/fund_receipt.html", who, steps=steps_of(found["order"]), **found)


def steps_of(order: Order) -> list[tuple[str, str, str]]:
    """How an order went and what comes next, for a timeline."""
    spoken, done = language(), order.state in (SETTLED, CANCELLED)
    if order.kind == INSTANT:
        return [(day(order.trading_on, spoken), _("In your wallet"), "now")]
    if order.state == CANCELLED:
        return [(day(order.trading_on, spoken), _("Taken back; nothing was bought or redeemed"), "wrong-turn")]
    earns = _("Its units begin to earn") if order.kind == SUBSCRIBE else _("Its units earn no more")
    found = [
        (day(order.trading_on, spoken), _("Trading day: the order is confirmed at its close"), "" if done else "now"),
        (day(order.earns_change_on, spoken), earns, "now" if done and order.kind == SUBSCRIBE else ""),
    ]
    if order.kind == REDEEM:
        found.append((day(order.settles_on, spoken), _("The money is in your wallet"), "now" if done else ""))
    return found


@router.post("/savings/fund/{fund}/orders")
@comes_back(refused_page)
def take_back(request: Request, fund: str, fields: Fields) -> Response:
    """Take an order back before its cut-off; pressed twice, it is taken back once."""
    who, order_id = current(request), str(fields.get("order"))
    run(request, pool.cancel, CancelOrder(order_id), actor=who, key=str(fields.get("key")))
    return to(f"/savings/fund/{fund}/orders/{order_id}")
