"""The operator's page of what lending earns: where the interest of a period goes, product by product, and how that comes to
the result of the books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.calendar import month_before, month_end
from farthing.kit.errors import Refusal
from farthing.kit.money import Money, total
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.lending.spread import service as spread
from farthing.lending.spread.model import InternalRates, ProductSpread, SetInternalRates, Spread
from farthing.products.reading import day
from farthing.products.reading import rate as annual_rate
from farthing.web import writing
from farthing.web.asking_again import drafted_once_more
from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.charts.flows import waterfall
from farthing.web.forms import comes_back, command_of, digits
from farthing.web.ground import Fields, again, ask, current, kernel_of, page, pages, to, tried, view
from farthing.web.operator.heads import named_head
from farthing.web.sold import loan_products
from farthing.web.speech import gettext as _
from farthing.web.speech import language, said

router = pages("/ops/risk/spread")
BACK = 2
"""Ended months that can be chosen beside the running one."""


TERMS = ("3m", "6m", "1y", "2y", "3y", "5y")
"""The terms of an edition that a page takes; an edition of other terms comes by a file."""
TYPED = "rate_"
"""How the fields of rates begin, before their term."""


@router.get("")
def earned(request: Request, month: str = "", drafted: bool = False) -> Response:
    """What the loans of the own book earned in a month: the last that ended, or one that is named (2026-11)."""
    return earned_form(request, None, month, drafted)


def earned_form(request: Request, refusal: Refusal | None, month: str = "", drafted: bool = False) -> Response:
    """The page; the form of new internal rates as it was filled in, where it was refused."""
    who, today = current(request), kernel_of(request).clock().business_date
    months = _months(today)
    first = day(f"{month}-01") if month else months[1]
    last = min(month_end(first), today)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "report": ask(spread.spread, since=first, until=last), "products": loan_products(ask),
            "rates": ask(spread.internal_rates),
        }  # fmt: skip

    found = view(request, who, build)
    sheets = [_sheet(each, found["products"], found["report"].days) for each in found["report"].currencies]
    chips = [(f"/ops/risk/spread?month={each:%Y-%m}", f"{each:%Y-%m}", each == first) for each in months]
    return again(
        request, "operator/spread.html", who, refusal, sheets=[each for each in sheets if each], rates=_rates(found["rates"]),
        first=first, last=last, months=chips, terms=TERMS, tomorrow=today + timedelta(days=1), drafted=drafted,
        currency=kernel_of(request).home,
    )  # fmt: skip


@router.post("")
@comes_back(earned_form)
def set_rates(request: Request, fields: Fields) -> Response:
    """Show new internal rates beside those that stand; once confirmed as shown, draft them for a second person."""
    who = current(request)
    currency = str(fields.get("currency"))
    typed = {term: as_percent(fields.get(f"{TYPED}{term}")) for term in TERMS}
    rates = {term: rate for term, rate in typed.items() if rate}
    asked = fields.but(demand=as_percent(fields.get("demand")))
    command: SetInternalRates = command_of(spread.set_internal_rates, asked, currency=currency, terms=rates)
    tried(request, spread.set_internal_rates, command, actor=who)
    stands: Sequence[InternalRates] = ask(request, who, spread.internal_rates, currency)
    rows = [[_("no term"), stands[-1].demand if stands else None, annual_rate(command.demand)]]
    before = dict(stands[-1].terms) if stands else {}
    for term in dict.fromkeys([*before, *rates]):
        named = writing.term(term, language())
        rows.append([named, before.get(term), annual_rate(rates[term]) if term in rates else None])
    told = fields.asked

    def show(carried: dict[str, Any]) -> HTMLResponse:
        return page(request, "operator/internal_rates.html", who, command=command, rows=rows, asked=told, **carried)

    return drafted_once_more(
        request, fields, spread.set_internal_rates, command, actor=who, beside=stands[-1:], show=show,
        then=lambda pending: to("/ops/risk/spread", drafted="true"),
    )  # fmt: skip


def as_percent(typed: Any) -> str:
    """A rate as people type it, a number of percent with or without its sign, as the edition says it."""
    found = digits(typed).removesuffix("%").strip()
    return f"{found}%" if found else ""


def _months(today: date) -> list[date]:
    """The first days of the running month and of those before it, the latest first."""
    found = [today.replace(day=1)]
    while len(found) <= BACK:
        found.append(month_before(found[-1]).replace(day=1))
    return found


def _sheet(found: Spread, names: Mapping[str, str], days: int) -> dict[str, Any]:
    """A currency's charts and its table; nothing where no loan earned and nothing moved."""
    if not found.products and not found.apart:
        return {}
    return {
        "currency": found.currency, "priced": found.priced,
        "where": where_it_goes(found) if found.products else None, "up_to": up_to_the_books(found),
        "rows": [_row(each, names, days) for each in found.products],
        "lines": [
            [names.get(each.product, each.product), writing.term(each.term, language()) if each.term else _("no term"),
             percent(each.annual), str(each.loans), writing.money(each.average, language()), writing.money(each.cost, language())]
            for each in found.lines
        ],
    }  # fmt: skip


def _row(each: ProductSpread, names: Mapping[str, str], days: int) -> list[str]:
    told = language()
    figures = (each.average, each.income, each.funding, each.provision, each.losses, each.spread)
    return [
        names.get(each.product, each.product),
        *(writing.money(one, told) for one in figures),
        a_year(each.spread, each.average, days),
    ]


def a_year(spread: Money, average: Money, days: int) -> str:
    """A spread as a yearly part of what was outstanding."""
    if not average:
        return "–"
    return percent(Decimal(spread.minor) * 365 / days / average.minor, least=2, most=2).replace("-", "\u2212")


def _point(label: str, amount: Money) -> Point:
    return Point(label, amount.decimal(), writing.money(amount, language()))


def where_it_goes(found: Spread) -> Chart:
    """What borrowers paid, less what their money cost, what is set aside and what is lost: the spread."""

    def of(name: str) -> Money:
        return total([getattr(each, name) for each in found.products], found.currency)

    parts = [_point(_("Interest"), of("interest"))]
    for label, amount in (
        (_("Fees, penalties and other"), of("fees") + of("penalties") + of("other")), (_("Cost of money"), -of("funding")),
        (_("Set aside for losses"), -of("provision")), (_("Lost"), -of("losses")),
    ):  # fmt: skip
        if amount:
            parts.append(_point(label, amount))
    income = of("income")
    kept = percent(Decimal(found.spread.minor) / income.minor, least=0, most=0) if income.minor > 0 else ""
    if found.spread.minor < 0:
        title = _("Lending cost the bank %(amount)s") % {"amount": writing.money(-found.spread, language())}
    elif kept:
        title = _("%(share)s of what borrowers paid is left") % {"share": kept}
    else:
        title = _("Borrowers paid nothing that is income")
    about = _(
        "What borrowers paid on the bank's own part of loans, less what the money cost inside the bank and what may be lost."
    )
    return waterfall(title, about, Series(_("Amount"), parts), _point(_("Spread"), found.spread), _("Part"))


def up_to_the_books(found: Spread) -> Chart:
    """From the spread of loans to the result of the books: nothing is left out."""
    parts = [_point(_("Spread of loans"), found.spread)]
    if found.transferred:
        parts.append(_point(_("What loans paid inside the bank for their money"), found.transferred))
    parts += [_point(named_head(each.path), each.amount) for each in found.apart]
    amount = writing.money(found.profit, language())
    title = _("The books say %(amount)s, and the parts come to the same") % {"amount": amount}
    about = _("What the bank earned and spent in all; what no loan's entry names stands by its account.")
    return waterfall(
        title, about, Series(_("Amount"), parts), _point(_("Result of the books"), found.profit), _("Part")
    )


def _rates(found: Sequence[InternalRates]) -> list[tuple[InternalRates, str, str]]:
    """Editions of the curve, the latest first, with the terms as people read them and the source."""
    return [
        (
            each,
            " · ".join(f"{writing.term(term, language())} {percent(rate)}" for term, rate in each.terms),
            said(Words(each.source, each.source_zh)),
        )
        for each in reversed(found)
    ]  # fmt: skip
