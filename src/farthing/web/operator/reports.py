"""What the bank can be asked for on paper: each report with what it is for, as a file. The books' own are those of the door
of proofs; here stand the sums, limits and versions beside them, none of which names a customer."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from fastapi import Request
from fastapi.responses import Response

from farthing.credit.review import service as review
from farthing.kernel.run import Ask
from farthing.kit.money import EXPONENTS
from farthing.ledger.overview import service as overview
from farthing.lending.arrears import service as arrears
from farthing.lending.arrears.model import Lateness
from farthing.products.law import service as law
from farthing.products.law.model import Version
from farthing.web import names
from farthing.web.binding import KINDS, limits_of
from farthing.web.ground import WITHOUT_LAW, ask, current, kernel_of, page, page_of, pages, unless, view
from farthing.web.operator import told
from farthing.web.operator.risk import class_name
from farthing.web.sheets import Rows, dated, long_sheet, rows_of, sheet
from farthing.web.speech import gettext as _
from farthing.web.speech import said

router = pages("/ops/reports")
AT_ONCE = 200
"""Versions that are in memory at a time."""


@router.get("")
def reports(request: Request) -> Response:
    """Every report, with one sentence of what it is for."""
    who = current(request)
    page_of(request, who, overview.totals)
    return page(
        request, "operator/reports.html", who, books=who.may("ledger:read"), deposits=who.may("savings:read_any"),
        loans=who.may("lending:read_any"), on=kernel_of(request).clock().business_date,
    )  # fmt: skip


@router.get("/limits.csv")
def limits(request: Request) -> Response:
    """Each limit over the books with how much of it is used."""
    found = view(request, current(request), limits_of)
    lines = [
        (names.guard(each.name, each.title), each.currency, *(_major(minor, each.currency) for minor in (each.used, each.limit)))
        for each in found
    ]  # fmt: skip
    return _file(request, "limits", (_("Limit"), _("Currency"), _("In use"), _("At most")), lines)


@router.get("/lateness.csv")
def lateness(request: Request) -> Response:
    """What is owed by days past due."""

    def build(ask: Ask) -> tuple[list[Lateness], list[int]]:
        return ask(arrears.lateness), ask(arrears.classes)

    found, classes = view(request, current(request), build)
    lines = [
        (class_name(each.late_from, classes), each.currency, each.loans, each.outstanding.plain()) for each in found
    ]
    return _file(request, "lateness", (_("Past due"), _("Currency"), _("Loans"), _("Outstanding")), lines)


@router.get("/complaints.csv")
def complaints(request: Request) -> Response:
    """How many customers wait for an answer, by the day they asked; no words of theirs."""
    found = ask(request, current(request), review.complaints)
    kinds = {"review": _("A person should look at a decision"), "dispute": _("A datum is disputed")}
    lines = [(kinds[each.kind], each.asked_on, each.answer_by or "", each.count) for each in found]
    return _file(request, "complaints", (_("What"), _("Asked on"), _("Answer by"), _("Customers")), lines)


@router.get("/policy.csv")
def policy(request: Request) -> Response:
    """Each figure of the law in force with the article it comes from."""
    found = unless(WITHOUT_LAW, lambda: ask(request, current(request), law.law))
    lines = [
        (said(each.title), _("the law is silent") if each.shown is None else said(each.shown),
         "" if each.article is None else said(each.article))
        for each in (found.figures if found else ())
    ]  # fmt: skip
    return _file(request, "policy", (_("Figure"), _("Amount"), _("Article")), lines)


@router.get("/products.csv")
def products(request: Request) -> Response:
    """Every version that is or was in force, from when until when."""
    who = current(request)

    def some(ask: Ask, after: str) -> tuple[Rows, str | None]:
        found: list[Version] = ask(law.versions, "", AT_ONCE, after)
        by = told.actors(ask, [each.published_by for each in found])
        last = found[-1] if len(found) == AT_ONCE else None
        return [
            (said(each.name), _(KINDS[each.kind]) if each.kind in KINDS else _("Law"), each.since_at.isoformat(),
             "" if each.until_at is None else each.until_at.isoformat(), by[each.published_by], each.version)
            for each in found
        ], f"{last.product}@{last.version}" if last else None  # fmt: skip

    heads = (_("Product"), _("Kind"), _("In force from"), _("Until"), _("Published by"), _("Version"))
    return long_sheet(dated(request, "products-{}.csv"), heads, rows_of(request, who, some))


def _major(minor: int, currency: str) -> str:
    return f"{Decimal(minor).scaleb(-EXPONENTS[currency]):f}"


def _file(request: Request, name: str, heads: Iterable[str], lines: Iterable[Iterable[object]]) -> Response:
    return sheet(dated(request, f"{name}-{{}}.csv"), heads, lines)
