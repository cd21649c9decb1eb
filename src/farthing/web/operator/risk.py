"""The operator's page of risk: how late the loans are, how they moved in a month, how credit was decided, which customers
wait for an answer, and how much of each limit is used. Sums and counts of this moment, each with its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.credit.review import service as review
from farthing.credit.tally import service as tally
from farthing.credit.tally.service import ScoreBand
from farthing.kernel.run import Ask
from farthing.kit.calendar import month_before
from farthing.kit.money import Money
from farthing.kit.rates import percent
from farthing.lending.arrears import service as arrears
from farthing.lending.arrears.model import Lateness, Move
from farthing.lending.prudence import service as prudence
from farthing.web import writing
from farthing.web.binding import limits_of, use_of
from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.charts.plain import bars
from farthing.web.charts.risk import heat
from farthing.web.ground import current, kernel_of, page, pages, unless, view
from farthing.web.operator import provisions
from farthing.web.sold import loan_products
from farthing.web.speech import gettext as _
from farthing.web.speech import language, ngettext
from farthing.web.waiting import by_age, by_kind

router = pages("/ops/risk")


@router.get("")
def risk(request: Request) -> Response:
    """The risks of this moment."""
    who, clock = current(request), kernel_of(request).clock()
    last = month_before(clock.business_date)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "classes": ask(arrears.classes), "lateness": ask(arrears.lateness), "moves": ask(arrears.moves),
            "bands": ask(tally.tally), "waiting": ask(review.complaints), "limits": limits_of(ask),
            "provided": unless(provisions.SILENT, lambda: ask(prudence.provided, month=last)),
            "vintages": ask(prudence.vintages), "rolled": unless(provisions.SILENT, lambda: ask(prudence.rolled)) or (),
            "products": loan_products(ask),
        }  # fmt: skip

    found = view(request, who, build)
    currencies = sorted(
        {each.currency for each in found["lateness"]}, key=lambda each: (each != kernel_of(request).home, each)
    )
    portfolios = [
        _portfolio([each for each in found["lateness"] if each.currency == one], found["classes"]) for one in currencies
    ]
    return page(
        request, "operator/risk.html", who, portfolios=portfolios,
        rolled=rolled(found["moves"], found["classes"]) if found["moves"] else None,
        decided=decided(found["bands"]) if found["bands"] else None, waiting=by_kind(found["waiting"], clock.business_date),
        ages=by_age(found["waiting"], clock.business_date) if found["waiting"] else None,
        limits=[use_of(each) for each in found["limits"]], last_month=last, **bad_loans(found),
    )  # fmt: skip


def bad_loans(found: Mapping[str, Any]) -> dict[str, Any]:
    """What the last month's end said of bad loans, as facts and charts."""
    provided = found["provided"]
    moved = [provisions.moved(each, found["products"]) for each in found["rolled"]]
    return {
        "classed": [
            (provisions.facts(each), provisions.by_class(provided, each)) for each in (provided.coverage if provided else ())
        ],
        "vintages": provisions.vintages(found["vintages"]), "moves_by_month": [chart for chart in moved if chart is not None],
    }  # fmt: skip


def _portfolio(lateness: Sequence[Lateness], classes: Sequence[int]) -> tuple[list[tuple[str, str]], Chart]:
    """The facts of the loans of a currency, and how late they are as a chart."""
    total = sum(each.outstanding.minor for each in lateness)
    facts = []
    for days in dict.fromkeys((*classes[1:3], classes[-1])):
        late = sum(each.outstanding.minor for each in lateness if each.late_from >= days)
        name = _("More than %(days)s days late") % {"days": days - 1} if days > 1 else _("Late at all")
        facts.append((name, share(late, total)))
    return facts, by_lateness(lateness, classes)


def class_name(first: int, classes: Sequence[int]) -> str:
    """A class of lateness by its days, on the scale of the policy."""
    last = _last(first, classes)
    if not first:
        return _("in time")
    if last is None:
        return _("over %(days)s days") % {"days": first - 1}
    return _("%(first)s to %(last)s days") % {"first": first, "last": last}


def _short(first: int, classes: Sequence[int]) -> str:
    """The same, where there is room for a few letters."""
    last = _last(first, classes)
    if not first:
        return _("in time")
    return f"{first}+" if last is None else f"{first}\u2013{last}"


def _last(first: int, classes: Sequence[int]) -> int | None:
    """The last day of a class; none of the one that has no end."""
    return next((each - 1 for each in classes if each > first), None)


def by_lateness(lateness: Sequence[Lateness], classes: Sequence[int]) -> Chart:
    """What is owed by days past due; the title says how much of it is later than the first class (more than thirty days)."""
    currency = lateness[0].currency
    owed = {each.late_from: each for each in lateness}
    total = sum(each.outstanding.minor for each in lateness)
    edge = classes[min(2, len(classes) - 1)]
    late = sum(each.outstanding.minor for each in lateness if each.late_from >= edge)
    told_by = {"share": share(late, total), "days": edge - 1}
    says = _("%(share)s of what is owed is more than %(days)s days late") % told_by
    title = says if late else _("Nothing that is owed is more than %(days)s days late") % told_by
    points, notes = [], []
    for days in classes:
        each = owed.get(days)
        money = each.outstanding if each else Money(0, currency)
        points.append(Point(class_name(days, classes), Decimal(money.minor), writing.money(money, language())))
        count = each.loans if each else 0
        notes.append(ngettext("%(num)s loan", "%(num)s loans", count) % {"num": count})
    told = _("Outstanding principal of loans being repaid, by how long their oldest unpaid instalment has been due.")
    return bars(
        title, told, Series(_("Outstanding"), points), _("Past due"), notes=notes, strong=tuple(range(2, len(classes)))
    )


def rolled(moves: Sequence[Move], classes: Sequence[int]) -> Chart:
    """What loans were thirty days ago and what they are now; the title says how many of them are later than they were."""
    columns = [*((days, False) for days in classes), (None, False), (None, True)]
    counts = {(each.was_from, (each.now_from, each.given_up)): each.loans for each in moves}
    heads = [*(_short(days, classes) for days in classes), _("repaid"), _("given up")]
    rows = []
    for was in classes:
        cells = [counts.get((was, now), 0) for now in columns]
        whole = sum(cells)
        if whole:
            points = [
                Point(head, Decimal(cell) / whole, f"{Decimal(100 * cell) / whole:.0f}%")
                for head, cell in zip(heads, cells, strict=True)
            ]
            rows.append(Series(writing.noted(_short(was, classes), whole, language()), points))
    loans = sum(each.loans for each in moves)
    later = sum(each.loans for each in moves if each.given_up or (each.now_from or 0) > each.was_from)
    says = _("%(share)s of the loans are later than they were thirty days ago") % {"share": share(later, loans)}
    title = says if later else _("No loan is later than it was thirty days ago")
    told = _(
        "A row for what loans were thirty days ago, by days past due, a column for what they are now; in brackets how many."
    )
    return heat(title, told, rows, _("Thirty days ago"))


def decided(bands: Sequence[ScoreBand]) -> Chart:
    """How many of each band of the score were approved; the title says how many in all."""
    all_of_them, approved = sum(each.decided for each in bands), sum(each.approved for each in bands)
    title = _("%(approved)s of %(decided)s applications of the last 90 days were approved") % {
        "approved": approved, "decided": all_of_them,
    }  # fmt: skip
    points = [
        Point(
            _("Score %(low)s to %(high)s") % {"low": each.low, "high": each.high - 1},
            Decimal(each.approved) / each.decided, share(each.approved, each.decided),
        )
        for each in bands
    ]  # fmt: skip
    notes = [ngettext("%(num)s decision", "%(num)s decisions", each.decided) % {"num": each.decided} for each in bands]
    told = _("Which part of the decisions of each band of the score was an approval.")
    return bars(title, told, Series(_("Approved"), points), _("Band of the score"), notes=notes)


def share(part: int, whole: int) -> str:
    """A part in hundredths, to one place."""
    return percent(Decimal(part) / whole if whole else Decimal(0), least=1, most=1)
