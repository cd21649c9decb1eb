"""One deposit: what it is worth, how it earns, what can be done with it, its passbook, receipts and papers.

Whatever moves money is asked on a page of its own, shown as it would be, and done when it is confirmed.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal, not_found
from farthing.kit.money import Money
from farthing.payments import service as payments
from farthing.savings.deposits import earnings_service as earnings
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits.model import WALLET, DepositView, Done
from farthing.savings.deposits.papers import WHAT
from farthing.web.customer import saving_charts as charts
from farthing.web.depositing import PAPERS, UNKNOWN_STEP, step_of, takes_more
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, once_more, page, pages, part, to, view
from farthing.web.names import matures, named
from farthing.web.speech import gettext as _
from farthing.web.speech import language
from farthing.web.writing import day, floor, money, rate, term

router = pages()

NO_RECEIPT = not_found(
    "web.no_receipt",
    "This deposit has no movement {number}; its passbook lists them.",
    "该存款没有第 {number} 笔记录；请查看存折明细。",
)
TYPED = ("pay_in", "withdraw", "notify")
"""What is asked with an amount, on a page of its own."""


def receipt_of(request: Request, who: Actor, deposit_id: str) -> str:
    """Where the receipt of what was last done with a deposit stands."""
    events = ask(request, who, passbook.statement, deposit_id).events
    return f"/savings/{deposit_id}/receipts/{events[-1].number}"


@router.get("/savings/{deposit_id}")
def deposit(request: Request, deposit_id: str) -> Response:
    """A deposit as it stands, how it earns, its passbook, and what can be done."""
    return deposit_page(request, None, deposit_id)


def deposit_page(request: Request, refusal: Refusal | None, deposit_id: str) -> Response:
    """The same, with a refusal where what was asked without an amount was refused."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "deposit": ask(passbook.deposit, deposit_id), "worth": ask(passbook.worth, deposit_id),
            "events": ask(passbook.statement, deposit_id).events[::-1], "course": ask(earnings.course, deposit_id),
            "paid": ask(passbook.interest, deposit_id),
        }  # fmt: skip

    found = view(request, who, build)
    shown: DepositView = found["deposit"]
    acts = acts_of(shown, found["course"].today, takes_more(request, who, shown.product))
    return again(
        request, "customer/savings/deposit.html", who, refusal, what=WHAT, acts=acts, first=first_of(shown, acts),
        drawn=charts.course(found["course"], shown), reckoning=charts.reckoning,
        facts=facts_of(shown, _so_far(found["course"], shown), found["course"].today),
        **found,
    )  # fmt: skip


def _so_far(course: earnings.Course, deposit: DepositView) -> Money:
    """What was earned by today, paid or not, rounded down to the fen."""
    now = [each for each in course.points if each.on <= max(course.today, deposit.opened_on)][-1]
    return floor(Decimal(now.earned), deposit.balance.currency)


def facts_of(deposit: DepositView, so_far: Money, today: date) -> list[tuple[str, str]]:
    """The strip of facts: rate, maturity, what it earned, what protects it."""
    spoken = language()
    found = [(_("Interest so far"), money(so_far, spoken, sign=True))]
    if deposit.annual_rate is not None:
        found.insert(0, (_("Rate a year"), rate(deposit.annual_rate)))
    if deposit.notice:
        found.append((_("Notice before drawing"), term(deposit.notice, spoken)))
    if deposit.closed_on is None and deposit.matures_on:
        found.append((matures(deposit, today), day(deposit.matures_on, spoken)))
        found.append((_("At maturity"), named(deposit.renewal, "renewal")))
    elif deposit.closed_on is None:
        found.append((_("Opened"), day(deposit.opened_on, spoken)))
    known = {True: _("yes"), False: _("no"), None: _("not known")}
    return [*found, (_("Deposit insurance"), known[deposit.insured])]


def acts_of(deposit: DepositView, today: date, more: bool) -> list[str]:
    """What may be asked of an open deposit, by the steps of its form."""
    if deposit.closed_on is not None:
        return []
    matured = deposit.matures_on is not None and deposit.matures_on <= today
    renews = matured and deposit.term is not None and deposit.renewal != "none"
    asked = [
        ("pay_in", more and not matured), ("notify", deposit.notice is not None), ("withdraw", not matured),
        ("renew", renews), ("close", True),
    ]  # fmt: skip
    return [step for step, there in asked if there]


def first_of(deposit: DepositView, acts: list[str]) -> str:
    """The one act that comes next; none where a running term is best left alone."""
    if "withdraw" not in acts and "close" in acts:
        return "close"
    if deposit.notice is not None and "notify" in acts:
        return "notify"
    return "pay_in" if "pay_in" in acts else ""


@router.get("/savings/{deposit_id}/acts/{step}")
def act(request: Request, deposit_id: str, step: str) -> Response:
    """How much is paid in, drawn, or given notice of."""
    return act_page(request, None, deposit_id, step)


def act_page(request: Request, refusal: Refusal | None, deposit_id: str, step: str = "") -> Response:
    """The one question of a step, as it was answered where it was refused."""
    step = step or str(request.state.typed.get("step"))
    if step not in TYPED:
        return deposit_page(request, refusal, deposit_id)
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(passbook.deposit, deposit_id)
        return {
            "deposit": found, "worth": ask(passbook.worth, deposit_id),
            "wallet": part(ask, payments.wallet, found.party_id, currency=found.balance.currency),
        }  # fmt: skip

    return again(request, "customer/savings/act.html", who, refusal, step=step, **view(request, who, build))


@router.post("/savings/{deposit_id}")
@comes_back(act_page)
def change(request: Request, deposit_id: str, fields: Fields) -> Response:
    """Show what would happen to a deposit; do it when it is confirmed."""
    who = current(request)
    function, command = step_of(deposit_id, fields, WALLET)

    def show(tried: Done, form: dict[str, Any]) -> HTMLResponse:
        before = ask(request, who, passbook.deposit, deposit_id)
        return page(
            request, "customer/savings/act_confirm.html", who, done=tried, before=before, what=WHAT,
            reckoning=charts.reckoning, **form,
        )  # fmt: skip

    return once_more(
        request,
        fields,
        function,
        command,
        actor=who,
        show=show,
        then=lambda done: to(receipt_of(request, who, deposit_id)),
    )


@router.get("/savings/{deposit_id}/receipts/{number}")
def receipt(request: Request, deposit_id: str, number: int) -> Response:
    """What was done with a deposit, read from its passbook; it can be looked at again, printed and shown."""
    who = current(request)
    found = ask(request, who, passbook.statement, deposit_id)
    event = next((each for each in found.events if each.number == number), None)
    if event is None:
        raise NO_RECEIPT(number=number)
    paid = [each for each in ask(request, who, passbook.interest, deposit_id) if each.paid_on == event.on]
    return page(
        request, "customer/savings/receipt.html", who, deposit=found.deposit, event=event, what=WHAT, paid=paid,
        reckoning=charts.reckoning, next=next_of(found.deposit),
    )  # fmt: skip


def next_of(deposit: DepositView) -> str:
    """What happens next with a deposit, as a sentence."""
    spoken = language()
    if deposit.closed_on is not None:
        return _("The money is in your wallet; the deposit is closed.")
    if deposit.notices:
        first = deposit.notices[0]
        said = {"amount": money(first.amount, spoken), "day": day(first.for_on, spoken)}
        return _("What happens next: draw %(amount)s on %(day)s, as you said.") % said
    if deposit.matures_on is None:
        return _("What happens next: it earns every day, and is on hand any day.")
    told = {"day": day(deposit.matures_on, spoken)}
    if deposit.renewal != "none":
        return _("What happens next: it earns until %(day)s, and then begins a new term.") % told
    return _("What happens next: it earns until %(day)s, and then waits for you.") % told


@router.get("/savings/{deposit_id}/{kind}.pdf")
def paper(request: Request, deposit_id: str, kind: str) -> Response:
    """The passbook or the interest certificate, printed."""
    if kind not in PAPERS:
        raise UNKNOWN_STEP(step=repr(kind[:40]))
    made = ask(request, current(request), passbook.printed, deposit_id, PAPERS[kind])
    return Response(made.pdf, media_type="application/pdf")
