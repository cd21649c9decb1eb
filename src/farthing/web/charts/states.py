"""The charts of risk and of what adds up in each state that they may come to, with figures of no customer, for the gallery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from farthing.web.charts import dated, flows, risk
from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.speech import gettext as _
from farthing.web.speech import language


def _percent(label: str, value: str) -> Point:
    return Point(label, Decimal(value), f"{value}%".replace("-", "\u2212"))


def _shown(value: Decimal) -> str:
    return f"{value:.1f}".replace("-", "\u2212")


def _cohorts(*rows: Sequence[str]) -> list[Series]:
    return [
        Series(
            _("Cohort %(number)s") % {"number": number},
            [_percent(str(month), each) for month, each in enumerate(row, 1)],
        )
        for number, row in enumerate(rows, 1)
    ]


def _waterfalls(told: str) -> list[Chart]:
    name, first = _("Percent a year"), _("Part")
    usual = [
        _percent(_("Funding"), "2.10"), _percent(_("Expected loss"), "1.85"), _percent(_("Work"), "2.40"),
        _percent(_("Given back to who pays in time"), "-0.35"), _percent(_("Margin"), "1.20"),
    ]  # fmt: skip
    long = [
        _percent(
            _("What a part is called can be so long that there is no room for it on any line of this chart ") * 2,
            "1.00",
        )
    ]
    rate = _("Rate a year")
    return [
        flows.waterfall(_("A third of the rate pays for work"), told, Series(name, usual), _percent(rate, "7.20"), first),
        flows.waterfall(_("The rate is one part"), told, Series(name, long), _percent(rate, "1.00"), first),
        flows.waterfall(
            _("Nothing is charged"), told, Series(name, [_percent(_("Margin"), "0.00")]), _percent(rate, "0.00"), first
        ),
        flows.waterfall(
            _("More is given back than is charged"), told,
            Series(name, [_percent(_("Margin"), "1.00"), _percent(_("Given back to who pays in time"), "-1.50")]),
            _percent(rate, "-0.50"), first,
        ),
    ]  # fmt: skip


def _sankeys(told: str) -> list[Chart]:
    columns = (_("From"), _("To"), _("Amount"))

    def flow(source: str, target: str, value: int) -> flows.Flow:
        return flows.Flow(source, target, Decimal(value), f"{value:,}")

    savers, partner, pool = _("Savers"), _("Partner bank"), _("Loans")
    usual = [
        flow(savers, pool, 620), flow(partner, pool, 380), flow(pool, _("Shops"), 700), flow(pool, _("Households"), 260),
        flow(pool, _("Farms"), 40),
    ]  # fmt: skip
    long = _("A place whose name is much longer than there is room for beside it")
    return [
        flows.sankey(_("Seven of ten went to shops"), told, usual, columns),
        flows.sankey(_("All went one way"), told, [flow(long, f"{long} 2", 5)], columns),
        flows.sankey(_("Nothing has moved"), told, [flow(savers, pool, 0)], columns),
    ]


def _vintages(told: str) -> list[Chart]:
    first = _("Months since")
    usual = _cohorts(
        ("0.2", "0.9", "1.6", "2.1", "2.4"), ("0.1", "0.7", "1.2", "1.5"), ("0.1", "0.4", "0.8"), ("0.0", "0.3")
    )
    return [
        risk.lines(_("Later loans lose less"), told, usual, first, language()),
        risk.lines(_("One month is known"), told, _cohorts(("0.4",)), first, language()),
        risk.lines(_("Nothing is lost"), told, _cohorts(("0.0", "0.0"), ("0.0",)), first, language()),
    ]


def _heats(told: str) -> list[Chart]:
    names = (_("On time"), _("1 to 30 days"), _("31 to 60 days"), _("Paid off"))

    def row(name: str, *shares: str) -> Series:
        return Series(
            name, [Point(to, Decimal(each), f"{Decimal(each):.0%}") for to, each in zip(names, shares, strict=True)]
        )

    usual = [
        row(names[0], "0.90", "0.04", "0", "0.06"), row(names[1], "0.55", "0.15", "0.28", "0.02"),
        row(names[2], "0.20", "0.10", "0.65", "0.05"),
    ]  # fmt: skip
    return [
        risk.heat(_("Half of what is late comes back in time"), told, usual, _("It was")),
        risk.heat(
            _("Nothing was late"),
            told,
            [row(names[0], "1", "0", "0", "0"), row(names[1], "0", "0", "0", "0")],
            _("It was"),
        ),
    ]


def _fans(told: str) -> list[Chart]:
    words = risk.FanWords(
        _("Month"), (_("5 of 100"), _("25 of 100"), _("Middle"), _("75 of 100"), _("95 of 100")), _("Came true")
    )

    def at(month: int) -> risk.Spread:
        values = [Decimal(month * each) for each in (2, 5, 8, 12, 20)]
        shown = [f"{each}" for each in values]
        return risk.Spread(str(month), tuple(values), tuple(shown))  # type: ignore[arg-type]

    expected = [at(month) for month in range(1, 13)]
    true = Series(_("Came true"), [Point(str(month), Decimal(month * 9), str(month * 9)) for month in range(1, 6)])
    none = Series(_("Came true"), [])
    return [
        risk.fan(_("Inside what was expected"), told, expected, true, words, language()),
        risk.fan(_("Nothing has come true yet"), told, expected, none, words, language()),
        risk.fan(_("One month is expected"), told, expected[:1], Series("", true.points[:1]), words, language()),
    ]


def _lorenzes(told: str) -> list[Chart]:
    columns = (_("Of all, who have least"), _("They hold"))
    same = (_("All would have the same"), _("Gini coefficient"))
    spread = [Decimal(each * each) for each in range(1, 41)]
    return [
        risk.lorenz(_("Half hold an eighth"), told, spread, same, columns),
        risk.lorenz(_("All hold the same"), told, [Decimal(5)] * 8, same, columns),
        risk.lorenz(_("One holds all"), told, [Decimal(0)] * 9 + [Decimal(7)], same, columns),
        risk.lorenz(_("There is nothing to share"), told, [Decimal(0)] * 3, same, columns),
    ]


def _controls(told: str) -> list[Chart]:
    columns = (_("Day"), _("Outside"), _("Limits"))

    def shown(values: Sequence[int]) -> Chart:
        points = [Point(str(at), Decimal(each), str(each).replace("-", "\u2212")) for at, each in enumerate(values, 1)]
        low, centre, high = risk.natural([each.value for each in points])
        names = (
            _("Lower %(limit)s") % {"limit": _shown(low)},
            _("Mean %(limit)s") % {"limit": _shown(centre)},
            _("Upper %(limit)s") % {"limit": _shown(high)},
        )
        outside = sum(not low <= each.value <= high for each in points)
        title = _("%(count)s of %(all)s are outside") % {"count": outside, "all": len(points)}
        return risk.control(
            title, told, Series(_("Calls"), points), risk.Limits(low, centre, high, names), columns, language()
        )

    return [
        shown((9, 11, 10, 12, 9, 10, 24, 11, 10, 9, 11, 10)),
        shown((4,)),
        shown((0, 0, 0)),
        shown((-3, -2, -4, 3, -3, -2)),
    ]


def _timelines(told: str) -> list[Chart]:
    day, columns = date(2026, 11, 28), (_("Day"), _("What"))

    def event(after: int, label: str, *, open_: bool = False, bad: bool = False) -> dated.Event:
        return dated.Event(day + timedelta(days=after), label, open_, bad)

    long = _("What happened is told at such length that there is no room for it beside its day, which the table has")
    usual = [
        event(0, _("Complaint received")), event(1, _("Papers asked for")), event(2, long),
        event(14, _("Answered too late"), bad=True), event(44, _("Last day to go on"), open_=True),
    ]  # fmt: skip
    return [
        dated.timeline(_("Answered on the fifteenth day"), told, usual, columns, language()),
        dated.timeline(_("One thing happened"), told, usual[:1], columns, language()),
        dated.timeline(_("All on one day"), told, [event(0, str(at)) for at in range(1, 5)], columns, language()),
    ]


def states() -> list[Chart]:
    """Each kind in each of its states, the usual one first of each."""
    told = _("A sample without meaning.")
    makers = (_waterfalls, _sankeys, _vintages, _heats, _fans, _lorenzes, _controls, _timelines)
    return [chart for maker in makers for chart in maker(told)]
