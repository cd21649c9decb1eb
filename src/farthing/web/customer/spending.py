"""The pages of her money: where it went, by month and category; statements brought home and taken back; her own word on a
payment."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal, malformed
from farthing.payments.home import exporting_service as exporting
from farthing.payments.home import reading_service as reading
from farthing.payments.home import service as home
from farthing.payments.home.exporting_service import ExportFile
from farthing.payments.home.model import BringMoney, Brought, Categorise, TakeBackMoney
from farthing.payments.home.views import Movements, Spent
from farthing.web.customer.activity import months
from farthing.web.customer.spending_charts import by_months, went
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, kernel_of, page, pages, run, sign_in_first, to, view
from farthing.web.sheets import CSV, MARK, XML, attached

router = pages()

MEDIA = {"csv": CSV, "hledger": "text/plain; charset=utf-8", "camt": XML}

FILE_MISSING = malformed("web.statement_missing", "Choose the file of your statement.", "请选择账单文件。")


@router.get("/money")
def money_page(request: Request, month: str = "") -> Response:
    """Where the money of a month went: by category, from which account, what comes again, what is doubtful."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        return {"found": ask(reading.spent, party, month), "accounts": ask(reading.accounts, party)}

    shown = view(request, who, build)
    found: Spent = shown["found"]
    today = kernel_of(request).clock().business_date
    known = sorted({*months(today), *(each.month for each in found.months), found.month}, reverse=True)
    return page(
        request, "customer/money/spent.html", who, **shown, flow=went(found), course=by_months(found), months=known,
        address=_address,
    )  # fmt: skip


def _address(path: str = "/money", **wanted: str) -> str:
    """The address of a page with what is looked for."""
    asked = {name: value for name, value in wanted.items() if value}
    return f"{path}?{urlencode(asked)}" if asked else path


@router.get("/money/file")
def saved(request: Request, form: str = "csv") -> Response:
    """Everything as a file to take along."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found: ExportFile = ask(request, who, exporting.export, who.party_id, form)
    before = MARK if found.form == "csv" else ""
    return Response(before + found.content, media_type=MEDIA[found.form], headers=attached(found.name))


@router.get("/money/movements")
def listed(request: Request, month: str = "", category: str = "", cursor: str = "") -> Response:
    """The movements of a month, each once, whichever files tell it."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        found: Movements = ask(reading.movements, party, month, category, cursor=cursor or None)
        return {"found": found, "categories": {each.id: each.name for each in ask(reading.categories)}}

    return page(
        request, "customer/money/movements.html", who, month=month, category=category, cursor=cursor, address=_address,
        **view(request, who, build),
    )  # fmt: skip


@router.get("/money/categories")
def category_page(request: Request, row: str = "") -> Response:
    """One payment, and where it belongs."""
    return category_form(request, None, row)


def category_form(request: Request, refusal: Refusal | None, row: str = "") -> Response:
    """The form in which she says where a payment belongs."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(reading.movement, party, row)
        return {"found": found, "categories": [each for each in ask(reading.categories) if each.side == found.side]}

    return again(request, "customer/money/category.html", who, refusal, **view(request, who, build))


@router.post("/money/categories")
def categorise(request: Request, fields: Fields) -> Response:
    """Keep her word, for this payment and all that are like it."""
    who = current(request)
    command = Categorise(str(who.party_id), str(fields.get("row") or ""), str(fields.get("category") or ""))
    run(request, home.categorise, command, actor=who)
    return to("/money/movements", month=str(fields.get("month") or ""))


@router.get("/money/accounts")
def accounts(request: Request, rows: str = "", added: str = "") -> Response:
    """What was brought home, and bringing more."""
    return accounts_form(request, None, rows, added)


def accounts_form(request: Request, refusal: Refusal | None, rows: str = "", added: str = "") -> Response:
    """The page on which a statement is brought, with a refusal where the last one was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    told = (int(rows), int(added)) if rows.isdecimal() and added.isdecimal() and len(rows + added) < 16 else None
    known = ask(request, who, reading.accounts, who.party_id)
    return again(request, "customer/money/accounts.html", who, refusal, accounts=known, told=told)


@router.post("/money/statements")
@comes_back(accounts_form)
def bring(request: Request, fields: Fields) -> Response:
    """Bring a statement home. The same file again adds nothing."""
    who = current(request)
    content = fields.as_file("bill")
    if not content:
        raise FILE_MISSING()
    command = BringMoney(
        str(who.party_id), bool(fields.get("agreed")), base64.b64encode(content).decode(), str(fields.get("password") or ""),
        str(fields.get("tail") or "").strip(),
    )  # fmt: skip
    brought: Brought = run(request, home.bring, command, actor=who)
    rows, added = sum(each.rows for each in brought.accounts), sum(each.added for each in brought.accounts)
    return to("/money/accounts", rows=str(rows), added=str(added))


@router.post("/money/removals")
def take_back(request: Request, fields: Fields) -> Response:
    """Take an account back, or everything; its rows are forgotten."""
    who = current(request)
    run(request, home.take_back, TakeBackMoney(str(who.party_id), str(fields.get("account") or "") or None), actor=who)
    return to("/money/accounts")
