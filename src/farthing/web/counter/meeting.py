"""The collection sheet: an officer writes what each member brought, counts the cash, sees it once more and collects from all of
them in one act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending.groups import rules
from farthing.lending.groups import sheet_service as sheets
from farthing.lending.groups.model import CashPaid, CollectSheet, Sheet, SheetToFill
from farthing.payments.tills import service as tills
from farthing.web.counter.desk import at_desk
from farthing.web.forms import Form, comes_back, none_wrong, whole
from farthing.web.ground import Fields, ask, current, once_more, page, page_of, pages, to
from farthing.web.sold import loan_products

router = pages("/groups/{group_id}/sheet")

PAID, PAYER, LOAN, OTHER = "paid_", "payer_", "loan_", "other_"
"""How fields begin: what a borrower brought for a loan, by its id; who pays for another's loan, and how much, by line."""
OTHERS = 4
"""Lines on which members pay for others, until more are asked for."""
MOST_OTHERS = 30


@router.get("")
def blank(request: Request, group_id: str) -> Response:
    """The sheet of today, filled in with what is due."""
    return sheet_form(request, None, group_id)


def sheet_form(request: Request, refusal: Refusal | None, group_id: str, more: bool = False) -> HTMLResponse:
    """The sheet; as it was filled in where it was refused, or where more lines are wanted."""
    who = current(request)
    page_of(request, who, sheets.group_sheet)
    typed: Mapping[str, Any] = request.state.typed if refusal or more else {}
    if refusal is not None:
        _at_its_line(refusal, typed)

    def build(ask: Ask) -> dict[str, Any]:
        return {"sheet": ask(sheets.group_sheet, group_id), "products": loan_products(ask)}

    others = min(_others(typed) + (OTHERS if more else 0), MOST_OTHERS)
    return at_desk(request, "counter/sheet.html", who, refusal, build, others=others, kept=typed)


def _others(typed: Mapping[str, Any]) -> int:
    """How many lines there are for members who pay for others."""
    written = [int(name.removeprefix(PAYER)) for name in typed if name.removeprefix(PAYER).isdecimal()]
    return max([OTHERS, *written])


def _at_its_line(refusal: Refusal, typed: Mapping[str, Any]) -> None:
    """Tell the field at which too much was paid for a loan."""
    if refusal.code != rules.SHEET_BEYOND_DUE.name:
        return
    loan = str(refusal.facts["loan_id"])
    line = next(
        (name.removeprefix(LOAN) for name, value in typed.items() if name.startswith(LOAN) and value == loan), ""
    )
    name = f"{OTHER}{line}" if line and typed.get(f"{OTHER}{line}") else f"{PAID}{loan}"
    refusal.facts["field_errors"] = [{"field": name, "problem": refusal.detail, "problem_zh": refusal.detail_zh}]


@router.post("")
@comes_back(sheet_form)
def collect(request: Request, group_id: str, fields: Fields) -> Response:
    """Show what is collected from whom, then collect it in one act; or give more lines."""
    if fields.get("more"):
        return sheet_form(request, None, group_id, more=True)
    who = current(request)
    sheet: SheetToFill = ask(request, who, sheets.group_sheet, group_id)
    command = _filled(group_id, fields, sheet)

    def show(tried: Sheet, form: dict[str, Any]) -> HTMLResponse:
        names = {each.party_id: each.name for each in sheet.members}
        paid = {each.loan_id for each in tried.lines}
        return page(
            request, "counter/sheet_review.html", who, group=sheet.group, tried=tried, names=names,
            missing=[each for each in sheet.rows if each.due and each.loan_id not in paid],
            drawer=_drawer(request), **form,
        )  # fmt: skip

    def then(done: Sheet) -> Response:
        return to(f"/groups/{group_id}/sheets/{done.number}", done="true")

    return once_more(request, fields, sheets.collect_sheet, command, actor=who, show=show, then=then)


def _drawer(request: Request) -> Any:
    """The drawer of who serves, as every page of the counter shows it."""
    return ask(request, current(request), tills.own_drawer)


def _filled(group_id: str, fields: Form, sheet: SheetToFill) -> CollectSheet:
    """The sheet as it was filled in; refuses every amount that cannot be read, each at its field."""
    borrowers = {each.loan_id: each.party_id for each in sheet.rows}
    wrong: list[tuple[str, Refusal]] = []
    lines = []
    for name in fields:
        if name.startswith(PAID):
            loan = name.removeprefix(PAID)
            payer = borrowers.get(loan, "")
        elif name.startswith(OTHER) and (line := name.removeprefix(OTHER)):
            payer, loan = str(fields.get(f"{PAYER}{line}")), str(fields.get(f"{LOAN}{line}"))
        else:
            continue
        if amount := _read(fields, name, wrong):
            lines.append(CashPaid(payer, loan, amount))
    counted = _read(fields, "total", wrong, required=True)
    none_wrong(wrong)
    assert counted is not None
    return CollectSheet(group_id, whole(fields.get("number")), counted, tuple(lines))


def _read(fields: Form, name: str, wrong: list[tuple[str, Refusal]], required: bool = False) -> Money | None:
    """An amount of a field; none where it is empty or nothing, or where it cannot be read, which is then told."""
    if not required and not str(fields.get(name)).strip():
        return None
    try:
        return fields.as_money(name)
    except Refusal as refusal:
        wrong.append((name, refusal))
        return None
