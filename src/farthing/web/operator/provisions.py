"""The operator's page of what is set aside for loans, and the charts of bad loans that the page of risk shows: by class, by
the month in which was lent, and how they moved from one month's end to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.run import Ask
from farthing.kit.calendar import month_before
from farthing.kit.money import total
from farthing.kit.rates import percent
from farthing.lending.prudence import service as prudence
from farthing.lending.prudence.history import VintagePoint
from farthing.lending.prudence.history_service import LAW_SILENT
from farthing.lending.prudence.model import RESERVE, Coverage, Provision, Provisions, Rolls
from farthing.lending.suspense import service as suspense
from farthing.lending.suspense.model import Suspended
from farthing.products.prudence import CLASSES
from farthing.web import writing
from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.charts.plain import bars
from farthing.web.charts.risk import heat, lines
from farthing.web.ground import current, kernel_of, page, pages, unless, view
from farthing.web.sold import loan_products
from farthing.web.speech import N_, language, ngettext
from farthing.web.speech import gettext as _

router = pages("/ops/risk/provisions")
NAMES = dict(zip(
    (*CLASSES, RESERVE),
    (N_("Normal"), N_("Special mention"), N_("Substandard"), N_("Doubtful"), N_("Loss"), N_("Asked for by the regulator")),
    strict=True,
))  # fmt: skip
SILENT = (LAW_SILENT.name,)


@router.get("")
def provisions(request: Request, trial: str = "") -> Response:
    """What was set aside at the last month's end, or what would be if the month ended today."""
    who, clock = current(request), kernel_of(request).clock()
    last = month_before(clock.business_date)

    def build(ask: Ask) -> dict[str, Any]:
        month = None if trial else last
        found = unless(SILENT, lambda: ask(prudence.provided, month=month))
        no_income = unless(SILENT, lambda: ask(suspense.suspended, month=month))
        return {"found": found, "products": loan_products(ask), "suspended": no_income.products if no_income else ()}

    found = view(request, who, build)
    sheets = [] if found["found"] is None else _sheets(found["found"], found["products"])
    return page(
        request, "operator/provisions.html", who, sheets=sheets, trial=bool(trial), month=last,
        silent=found["found"] is None, suspended=[_suspended(each, found["products"]) for each in found["suspended"]],
    )  # fmt: skip


def _sheets(found: Provisions, names: Mapping[str, str]) -> list[tuple[str, list[tuple[str, str]], list[list[str]]]]:
    """Of each currency its facts, and a row a product and class."""
    sheets = []
    for coverage in found.coverage:
        currency = coverage.loans.currency
        here = [each for each in found.provisions if each.own.currency == currency]
        sheets.append((currency, facts(coverage), [_row(each, names) for each in here]))
    return sheets


def _row(each: Provision, names: Mapping[str, str]) -> list[str]:
    told = language()
    return [
        names.get(each.product, each.product) or _(NAMES[RESERVE]), _(NAMES[each.class_name]) if each.product else "",
        str(each.loans), *(writing.money(one, told) for one in (each.own, each.expected, each.allowance)),
        writing.money(each.change, told, sign=True),
    ]  # fmt: skip


def _suspended(each: Suspended, names: Mapping[str, str]) -> list[str]:
    told = language()
    return [
        names.get(each.product, each.product), str(each.loans), writing.money(each.suspended, told),
        writing.money(each.change, told, sign=True),
    ]  # fmt: skip


def facts(coverage: Coverage) -> list[tuple[str, str]]:
    """The allowance of a currency beside what the regulator's table asks for."""
    told = language()
    found = [
        (_("Allowance"), writing.money(coverage.allowance, told)),
        (_("Expected loss"), writing.money(coverage.expected, told)),
        (_("Bad loans"), writing.money(coverage.bad, told)),
        (_("Set aside, of bad loans"), _ratio(coverage.of_bad)),
        (_("Set aside, of all loans"), _ratio(coverage.of_loans)),
    ]
    if coverage.least is not None:
        found.append((_("Asked for by the regulator"), writing.money(coverage.least, told)))
    return found


def _ratio(part: Decimal | None) -> str:
    return _("no such loans") if part is None else percent(part, least=1, most=1)


def by_class(found: Provisions, coverage: Coverage) -> Chart:
    """Our part of loans by class; the title says how much of it is bad."""
    currency, told = coverage.loans.currency, language()
    share = percent(
        Decimal(coverage.bad.minor) / coverage.loans.minor if coverage.loans else Decimal(0), least=1, most=1
    )
    points, notes = [], []
    for name in CLASSES:
        here = [each for each in found.provisions if each.class_name == name and each.own.currency == currency]
        own, loans = total([each.own for each in here], currency), sum(each.loans for each in here)
        points.append(Point(_(NAMES[name]), Decimal(own.minor), writing.money(own, told)))
        notes.append(ngettext("%(num)s loan", "%(num)s loans", loans) % {"num": loans})
    title = _("%(share)s of our loans are bad") % {"share": share} if coverage.bad else _("None of our loans is bad")
    about = _("Our part of what is outstanding, by the five classes; substandard and worse is bad.")
    return bars(title, about, Series(_("Our part"), points), _("Class"), notes=notes, strong=(2, 3, 4))


def vintages(found: Sequence[VintagePoint]) -> Chart | None:
    """A line for each month in which was lent: which part is more than thirty days late so many months after."""
    cohorts: dict[str, dict[int, tuple[int, int]]] = {}
    for each in found:
        line = cohorts.setdefault(f"{each.cohort:%Y-%m}", {})
        lent, late = line.get(each.months_on_book, (0, 0))
        line[each.months_on_book] = (lent + each.lent.minor, late + each.late.minor)
    series = [
        Series(cohort, [_point(months, *line[months]) for months in sorted(line)]) for cohort, line in cohorts.items()
    ]
    if not series:
        return None
    worst = max((point.value, each.name) for each in series for point in each.points)
    title = (
        _("Of what was lent in %(month)s up to %(share)s was more than 30 days late")
        % {"month": worst[1], "share": percent(worst[0] / 100, least=1, most=1)}
        if worst[0]
        else _("Nothing of what was lent was more than 30 days late at a month's end")
    )
    about = _("A line for each month in which was lent: which part of it is more than 30 days late, month by month.")
    return lines(title, about, series, _("Months since"), language())


def _point(months: int, lent: int, late: int) -> Point:
    part = Decimal(late) / lent if lent else Decimal(0)
    return Point(str(months), part * 100, percent(part, least=1, most=1))


def moved(found: Rolls, names: Mapping[str, str]) -> Chart | None:
    """How a product's loans moved from one month's end to the next, all counted months together; none where none did."""
    heads = [*(_days(row.from_days) for row in found.rows), _("repaid")]
    rows = [
        Series(
            writing.noted(_days(row.from_days), row.loans, language()),
            [Point(head, part, f"{part * 100:.0f}%") for head, part in zip(heads, row.counted, strict=True)],
        )
        for row in found.rows
        if row.loans
    ]
    if not rows:
        return None
    first = found.rows[0]
    said = (
        _(
            "%(product)s: little was seen; mostly by the law's figures, %(share)s of what is in time may default in a year"
        )
        if any(row.thin for row in found.rows)
        else _("%(product)s: by what was seen, %(share)s of what is in time may default in a year")
    )
    title = said % {
        "product": names.get(found.product, found.product),
        "share": percent(first.default_in_a_year, least=1, most=1),
    }
    about = _(
        "A row for what loans were at a month's end, by the first day past due, a column for what they were at the next; in "
        "brackets how many. Where few were seen, the figures of the law weigh more in the probability of default."
    )
    return heat(title, about, rows, _("At a month's end"))


def _days(first: int) -> str:
    return _("in time") if first == 0 else f"{first}+"
