"""Own the cash flow of many people at once: what :mod:`farthing.credit.features` computes for one, equal to its last place. Pure.

Two frames come in. ``people``: person, since, until (days). ``movements``: person, on, flow (``in`` or ``out``), minor, category,
counterparty. A person without movements stays a row; a figure without a denominator is missing, never zero.
"""

from __future__ import annotations

import polars as pl

from farthing.credit.batch.exact import WIDE, median, ratio, variation
from farthing.credit.features import INCOME, LONGEST_MONTHS, RECENT_DAYS, SETTLING_DAYS

MOVEMENTS = {
    "person": pl.String, "on": pl.Date, "flow": pl.String, "minor": pl.Int64, "category": pl.String, "counterparty": pl.String,
}  # fmt: skip
PEOPLE = {"person": pl.String, "since": pl.Date, "until": pl.Date}
_SUMS = (
    "income", "earned", "support", "spent", "essential", "operating", "debt_service", "income_count", "spent_count", "returned",
)  # fmt: skip


def _month_number(day: pl.Expr) -> pl.Expr:
    return day.dt.year().cast(pl.Int32) * 12 + day.dt.month()


def _days(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    return (end - start).dt.total_days()


def _capped(day: pl.Expr, month: pl.Expr) -> pl.Expr:
    """The day of the month of ``day`` in the month of ``month``: its last one where that day does not exist there."""
    return pl.min_horizontal(day.dt.day(), month.dt.month_end().dt.day())


def bounds(people: pl.DataFrame) -> pl.DataFrame:
    """Each person once, with ``after`` (the day after the last), ``first`` (where levels begin) and ``months`` (whole ones)."""
    since, after = pl.col("since"), pl.col("after")
    whole = _month_number(after) - _month_number(since) - (_capped(since, after) > after.dt.day()).cast(pl.Int32)
    return people.select(pl.col(name).cast(kind) for name, kind in PEOPLE.items()).with_columns(
        after=pl.col("until").dt.offset_by("1d")
    ).with_columns(
        months=whole.clip(0, LONGEST_MONTHS).cast(pl.Int64),
        first=pl.max_horizontal(since, after.dt.offset_by(f"-{LONGEST_MONTHS}mo")),
    )  # fmt: skip


def numbered(people: pl.DataFrame, *rows: pl.DataFrame) -> tuple[pl.DataFrame, ...]:
    """:func:`bounds` with each person by the number of her row, and rows with that number beside all that is known of her:
    names are compared once, and numbers from then on."""
    each = bounds(people).with_row_index("at")
    known = each.select("person", "at", "after", "first", "months")
    met = [one.join(known, on="person", how="inner").drop("person").rename({"at": "person"}) for one in rows]
    return each.drop("person").rename({"at": "person"}), *met


def named(people: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """What was found by the number of a person, by her name, in the order of ``people``."""
    each = people.select("person").with_row_index("at")
    whole = each.join(found.rename({"person": "at"}), on="at", how="left", maintain_order="left")
    return whole.drop("at")


def monthly(movements: pl.DataFrame, people: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The movements that lie in whole months, each with its ``month`` (the oldest nought), and the sums of every month."""
    on, after = pl.col("on"), pl.col("after")
    # Windows count back from the last day: a day lies in the month that begins on or before it.
    back = _month_number(after) - _month_number(on) + (on.dt.day() < _capped(after, on)).cast(pl.Int32)
    inside = movements.with_columns(month=pl.col("months") - back, back=back)
    inside = inside.filter((pl.col("back") >= 1) & (pl.col("month") >= 0))
    alive = pl.col("category") != "returned"
    taken, paid = alive & (pl.col("flow") == "in"), alive & (pl.col("flow") != "in")

    def summed(which: pl.Expr) -> pl.Expr:
        return pl.when(which).then(pl.col("minor")).otherwise(0).sum()

    earned = pl.col("category") == "earned"
    sums = inside.group_by("person", "month").agg(
        income=summed(taken), earned=summed(taken & earned), support=summed(taken & ~earned), spent=summed(paid),
        essential=summed(paid & (pl.col("category") == "essential")),
        operating=summed(paid & (pl.col("category") == "operating")),
        debt_service=summed(paid & (pl.col("category") == "debt_service")),
        income_count=taken.sum().cast(pl.Int64), spent_count=paid.sum().cast(pl.Int64),
        returned=(~alive).sum().cast(pl.Int64),
    )  # fmt: skip
    grid = people.select("person", "months", month=pl.int_ranges(0, pl.col("months"))).explode(
        "month", empty_as_null=False
    )
    every = grid.join(sums, on=["person", "month"], how="left").with_columns(pl.col(_SUMS).fill_null(0))
    return inside, every.sort("person", "month")


def levels(movements: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """What was saved up at the end of each day, as stretches of equal days: person, start, end (days from ``first``), level."""
    alive = movements.filter(
        (pl.col("category") != "returned") & (pl.col("on") >= pl.col("first")) & (pl.col("on") < pl.col("after"))
    )
    changed = alive.select(
        "person", "on", change=pl.when(pl.col("flow") == "in").then(pl.col("minor")).otherwise(-pl.col("minor"))
    )
    start = people.filter(pl.col("first") < pl.col("after")).select("person", on="first", change=pl.lit(0, pl.Int64))
    daily = pl.concat([start, changed]).group_by("person", "on").agg(pl.col("change").sum()).sort("person", "on")
    return stretches(daily.with_columns(level=pl.col("change").cum_sum().over("person")), people)


def stretches(ends: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Ends of days (person, on, level; sorted) as stretches over which the level stays."""
    until = pl.col("on").shift(-1).over("person").fill_null(pl.col("after"))
    return ends.join(people.select("person", "first", "after"), on="person").select(
        "person", "level", start=_days(pl.col("first"), pl.col("on")), end=_days(pl.col("first"), until),
        length=_days(pl.col("first"), pl.col("after")),
    )  # fmt: skip


def overlap(low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """How many days of a stretch lie from ``low`` up to ``high``."""
    start, end = pl.max_horizontal(pl.col("start"), low), pl.min_horizontal(pl.col("end"), high)
    return (end - start).clip(lower_bound=0)


def _by_months(every: pl.DataFrame) -> pl.DataFrame:
    """What the months of each person add up to."""
    income, spent = pl.col("income"), pl.col("spent")
    last = pl.col("month") >= pl.col("months") - 3
    return every.with_columns(running=(income - spent).cum_sum().over("person")).with_columns(
        fall=pl.max_horizontal(pl.col("running").cum_max().over("person"), 0) - pl.col("running")
    ).group_by("person").agg(
        pl.col(_SUMS).sum(),
        usual=median(income), least=income.min(), with_income=(income > 0).sum(), deficits=(spent > income).sum(),
        income_squares=(income.cast(WIDE) ** 2).sum(), spent_squares=(spent.cast(WIDE) ** 2).sum(),
        late=income.filter(last).sum() // 3, early=income.filter(~last).sum(), buffer=median(pl.col("running")),
        deepest=pl.max_horizontal(pl.col("fall").max(), 0),
    )  # fmt: skip


def _by_days(stretched: pl.DataFrame, usual: pl.DataFrame) -> pl.DataFrame:
    lean = overlap(pl.lit(SETTLING_DAYS), pl.col("length")) * (10 * pl.col("level") < 3 * pl.col("usual"))
    recent = pl.col("end") > pl.col("length") - RECENT_DAYS
    return stretched.join(usual, on="person").group_by("person").agg(
        lean=lean.sum(), lean_of=pl.col("length").first() - SETTLING_DAYS, lowest=pl.col("level").filter(recent).min()
    )  # fmt: skip


def person_flow(movements: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Every figure of ``person_features``, a row a person in the order of ``people``; ``usual`` is a usual month's income."""
    each, moved = numbered(people, movements)
    inside, every = monthly(moved, each)
    largest = inside.filter((pl.col("flow") == "in") & pl.col("category").is_in(list(INCOME))).group_by("person").agg(
        largest=pl.col("minor").max()
    )  # fmt: skip
    summed = each.join(_by_months(every), on="person", how="left")
    numbers = [name for name in summed.columns if name not in each.columns]
    summed = summed.with_columns(pl.col(numbers).fill_null(0)).join(largest, on="person", how="left")
    summed = summed.join(_by_days(levels(moved, each), summed.select("person", "usual")), on="person", how="left")
    months, income, spent, usual = pl.col("months"), pl.col("income"), pl.col("spent"), pl.col("usual")
    both = pl.col("income_count") + pl.col("spent_count")
    before = pl.col("early") // pl.when(months > 3).then(months - 3)
    found = summed.select(
        "person", "usual", months_covered=months.cast(pl.Float64),
        income_level=pl.when(months > 0).then(usual).cast(pl.Float64),
        income_months_share=ratio(pl.col("with_income"), months),
        income_variation=variation(months, income, pl.col("income_squares")),
        income_floor=ratio(pl.col("least"), usual),
        largest_income_share=ratio(pl.col("largest").fill_null(0), income),
        income_trend=pl.when(months >= 6).then(ratio(pl.col("late") - before, before)),
        left_over_share=ratio(income - spent, income),
        deficit_months_share=ratio(pl.col("deficits"), months),
        deepest_fall=ratio(pl.col("deepest"), usual),
        lowest_level=ratio(pl.col("lowest").fill_null(0), usual),
        lean_days_share=ratio(pl.col("lean"), pl.col("lean_of")),
        month_end_buffer=ratio(pl.col("buffer"), usual),
        spending_variation=variation(months, spent, pl.col("spent_squares")),
        essential_share=ratio(pl.col("essential"), income),
        support_share=ratio(pl.col("support"), income),
        debt_service_share=ratio(pl.col("debt_service"), income),
        returned_payments=ratio(pl.col("returned"), months),
        payments_a_month=ratio(both, months),
    )  # fmt: skip
    return named(people, found)
