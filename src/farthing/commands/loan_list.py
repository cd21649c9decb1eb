"""Own ``farthing loans list``: which loans there are, whose, how late, and what they add up to; borrowers' names are masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import typer

from farthing.commands.language import pick, say
from farthing.commands.lives import STATES
from farthing.commands.savings import ask
from farthing.commands.tables import Json, rows
from farthing.db.tx import Tx
from farthing.kit.masked import masked_name
from farthing.kit.words import Words
from farthing.lending.roll import service as roll
from farthing.lending.roll.model import LoanPage
from farthing.parties import service as parties


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of loans, and what their borrowers are called, masked, by id."""

    page: LoanPage
    borrowers: dict[str, str]


def list_loans(
    state: Annotated[
        Literal["accepted", "funded", "active", "closed", "cancelled"] | None,
        typer.Option("--state", help="Those in one state alone."),
    ] = None,
    product: Annotated[str, typer.Option("--product", help="One product alone.")] = "",
    late: Annotated[int, typer.Option("--late", help="At least so many days past due.", min=0, max=36600)] = 0,
    customer: Annotated[str, typer.Option("--customer", help="One borrower's, by id.")] = "",
    after: Annotated[str, typer.Option("--after", help="Go on after this loan.")] = "",
    limit: Annotated[int, typer.Option("--limit", help="How many are shown.", min=1, max=500)] = 50,
    as_json: Json = False,
) -> None:
    """Loans, the latest first: whose, in which state, how late, what is owed; and the sums of all that are asked for."""

    def listed(tx: Tx) -> Listed:
        page = roll.roll(tx, state or "", product, late, after, limit, customer)
        named = parties.names(tx, tuple(dict.fromkeys(each.party_id for each in page.loans)))
        return Listed(page, {party_id: masked_name(name) for party_id, name in named.items()})

    ask(listed, as_json, _show)


def _show(found: Listed) -> None:
    heads = (
        Words("loan", "贷款"), Words("borrower", "借款人"), Words("product", "产品"), Words("state", "状态"),
        Words("principal owed", "剩余本金"), Words("overdue", "逾期金额"), Words("days late", "逾期天数"),
        Words("next due", "下一到期日"),
    )  # fmt: skip
    lines = [
        (each.id, found.borrowers.get(each.party_id, ""), each.product, pick(STATES[each.standing]), each.outstanding,
         each.overdue or "", each.days_past_due or "", each.next_due_on or "")
        for each in found.page.loans
    ]  # fmt: skip
    rows(Words("Loans", "贷款"), heads, lines, right=(4, 5, 6))
    for each in found.page.sums:
        typer.echo(
            say(f"{each.loans} in all: {each.outstanding} of principal owed, {each.overdue} overdue",
                f"共 {each.loans} 笔：剩余本金 {each.outstanding}，逾期 {each.overdue}")
        )  # fmt: skip
    if found.page.next_after:
        typer.echo(say(f"more: --after {found.page.next_after}", f"继续：--after {found.page.next_after}"))
