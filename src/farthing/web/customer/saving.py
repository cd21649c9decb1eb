"""The saver's pages: what money gives in each product, opening a deposit, one's deposits and their papers.

Whatever moves money is shown first as a dry run, in figures and words, and done when it is confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.payments import service as payments
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import WALLET, Done
from farthing.savings.deposits.papers import WHAT
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund import service as pool
from farthing.savings.quotes.compare import Comparison
from farthing.savings.shelf import service as catalogue
from farthing.signing.capitals import capitals
from farthing.web.depositing import PAPERS, UNKNOWN_STEP, opening, step_of, takes_more
from farthing.web.forms import amount_of, comes_back
from farthing.web.ground import Fields, again, ask, current, kernel_of, once_more, page, pages, to, view

router = pages()

MANY_DAYS = 36_600


def days_of(text: str) -> int:
    """A number of days typed into a form, ninety where it is none."""
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    return min(count, MANY_DAYS) or 90


def confirm(
    request: Request, who: Actor, done: Done, form: dict[str, Any], action: str, back: str, cash: bool
) -> HTMLResponse:
    """What would happen, in figures and words, to be confirmed or left."""
    moved = done.principal_in or done.paid_out
    return page(
        request, "savings_confirm.html", who, done=done, action=action, back=back, cash=cash,
        words=capitals(moved) if moved else "", what=WHAT, **form,
    )  # fmt: skip


def alike(found: Sequence[Comparison]) -> list[tuple[Comparison, list[str]]]:
    """Agreements of a product that give the same as one line: the first of them, and what may be agreed."""
    groups: dict[tuple[str, Money, bool], list[Comparison]] = {}
    for each in found:
        groups.setdefault((each.product, each.gain, each.refused is not None), []).append(each)
    return [
        (group[0], [str(each.agreement.term or each.agreement.notice or "") for each in group])
        for group in groups.values()
    ]


@router.get("/savings")
def shelf(request: Request, amount: str = "1000", days: str = "90") -> Response:
    """One's deposits, and what an amount gives after so many days in each product."""
    who = current(request)
    if not who.party_id:
        return to("/")
    party, saved, count = who.party_id, amount_of(amount, kernel_of(request).home), days_of(days)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "compared": alike(ask(passbook.comparison_for, party, saved, days=count)),
            "deposits": ask(passbook.deposits, party), "cover": ask(passbook.cover, party),
            "wallet": ask(payments.wallet, party), "funds": ask(funds.funds),
            "held": {each.fund: each for each in ask(pool.holdings, party)},
        }  # fmt: skip

    return page(request, "savings.html", who, amount=saved, days=count, **view(request, who, build))


@router.get("/savings/open")
def open_page(request: Request, product: str = "savings-demand", amount: str = "", term: str = "") -> Response:
    """Choose what is agreed."""
    return _opening(request, None, product, amount, term)


def open_form(request: Request, refusal: Refusal) -> Response:
    """The form of an opening as it was filled in, where it was refused."""
    typed = request.state.typed
    return _opening(request, refusal, typed.get("product"), typed.get("amount"), typed.get("term"))


def _opening(request: Request, refusal: Refusal | None, product: str, amount: str, term: str) -> Response:
    who = current(request)
    if not who.party_id:
        return to("/")
    products = ask(request, who, catalogue.on_offer)
    chosen = next((each for each in products if each.product == product), products[0])
    return again(request, "savings_open.html", who, refusal, products=products, chosen=chosen, amount=amount, term=term)


@router.post("/savings/open")
@comes_back(open_form)
def open_deposit(request: Request, fields: Fields) -> Response:
    """Show what would be opened; open it when it is confirmed."""
    who = current(request)
    command = opening(str(who.party_id), fields, WALLET)
    return once_more(
        request, fields, deposits.open_deposit, command, actor=who,
        show=lambda tried, form: confirm(request, who, tried, form, "/savings/open", "/savings", cash=False),
        then=lambda done: to(f"/savings/{done.deposit.id}"),
    )  # fmt: skip


@router.get("/savings/{deposit_id}")
def deposit(request: Request, deposit_id: str) -> Response:
    """A deposit as it stands, what it is worth today, its passbook, and what can be done."""
    who = current(request)
    found = ask(request, who, passbook.deposit, deposit_id)
    return page(
        request, "deposit.html", who, deposit=found, what=WHAT, more=takes_more(request, who, found.product),
        worth=ask(request, who, passbook.worth, deposit_id),
        statement=ask(request, who, passbook.statement, deposit_id),
    )  # fmt: skip


@router.post("/savings/{deposit_id}")
def change(request: Request, deposit_id: str, fields: Fields) -> Response:
    """Show what would happen to a deposit; do it when it is confirmed."""
    who = current(request)
    function, command = step_of(deposit_id, fields, WALLET)
    here = f"/savings/{deposit_id}"
    return once_more(
        request, fields, function, command, actor=who,
        show=lambda tried, form: confirm(request, who, tried, form, here, here, cash=False),
        then=lambda done: to(here),
    )  # fmt: skip


@router.get("/savings/{deposit_id}/{kind}.pdf")
def paper(request: Request, deposit_id: str, kind: str) -> Response:
    """The passbook or the interest certificate, printed."""
    if kind not in PAPERS:
        raise UNKNOWN_STEP(step=repr(kind[:40]))
    made = ask(request, current(request), passbook.printed, deposit_id, PAPERS[kind])
    return Response(made.pdf, media_type="application/pdf")
