"""Own what the balances of many accounts tell, equal to :mod:`farthing.credit.catalogue.balances` of each. Pure.

``balances``: person, on, minor; those of one day in the order in which they came to be.
"""

from __future__ import annotations

import polars as pl

from farthing.credit.batch.exact import WIDE, ratio, variation
from farthing.credit.batch.flows import named, numbered, overlap, stretches
from farthing.credit.catalogue.balances import LEAST_DAYS, NEARLY_EMPTY, RECENT_DAYS

BALANCES = {"person": pl.String, "on": pl.Date, "minor": pl.Int64}
_WINDOWS = (90, 180, 365)


def balances_of(balances: pl.DataFrame, people: pl.DataFrame, usual: pl.DataFrame) -> pl.DataFrame:
    """Every figure of ``balance_features``, a row a person; ``usual``: person and a usual month's income (``usual``)."""
    each, held = numbered(people, balances.with_row_index("order"))
    seen = held.filter(pl.col("on") < pl.col("after"))
    ends = seen.sort("person", "on", "order").with_columns(on=pl.max_horizontal("on", "first")).group_by(
        "person", "on", maintain_order=True
    ).agg(level=pl.col("minor").last()).sort("person", "on")  # fmt: skip
    income = people.select("person").with_row_index("at").join(usual, on="person").select(person="at", usual="usual")
    known = stretches(ends, each).with_columns(
        began=pl.col("start").min().over("person")
    ).with_columns(days=pl.col("length") - pl.col("began"))  # fmt: skip
    summed = known.join(income, on="person").group_by("person").agg(
        pl.col("days").first(), pl.col("usual").first(), *[part for days in _WINDOWS for part in _window(days)],
        whole=(pl.col("level") * overlap(pl.col("began"), pl.col("length"))).sum(),
        low=_days_below(NEARLY_EMPTY * pl.col("level") < pl.col("usual")), negative=_days_below(pl.col("level") < 0),
    )  # fmt: skip
    return named(people, _figures(summed))


def _window(days: int) -> list[pl.Expr]:
    """Sums over the last days of what is known: how many they are, sum, sum of squares, least."""
    inside = overlap(pl.max_horizontal(pl.col("length") - days, pl.col("began")), pl.col("length"))
    level = pl.col("level")
    return [
        inside.sum().alias(f"count_{days}"),
        (level * inside).sum().alias(f"sum_{days}"),
        (level.cast(WIDE) ** 2 * inside.cast(WIDE)).sum().alias(f"squares_{days}"),
        level.filter(inside > 0).min().alias(f"least_{days}"),
    ]


def _days_below(which: pl.Expr) -> pl.Expr:
    inside = overlap(pl.max_horizontal(pl.col("length") - 180, pl.col("began")), pl.col("length"))
    return (inside * which).sum()


def _figures(summed: pl.DataFrame) -> pl.DataFrame:
    known, usual, days = pl.col("days") >= LEAST_DAYS, pl.col("usual"), pl.col("days")
    late, before = pl.col(f"sum_{RECENT_DAYS}"), pl.when(days >= 2 * RECENT_DAYS).then(days - RECENT_DAYS)
    early = (pl.col("whole") - late) * RECENT_DAYS

    def where(value: pl.Expr) -> pl.Expr:
        return pl.when(known).then(value)

    def varied(number: int) -> pl.Expr:
        return where(variation(pl.col(f"count_{number}"), pl.col(f"sum_{number}"), pl.col(f"squares_{number}")))

    return summed.select(
        "person",
        balance_lowest_90d=where(ratio(pl.col("least_90"), usual)),
        balance_lowest_180d=where(ratio(pl.col("least_180"), usual)),
        balance_mean_90d=where(ratio(pl.col("sum_90"), usual * pl.col("count_90"))),
        balance_variation_180d=varied(180),
        balance_variation_365d=varied(365),
        balance_trend=ratio(late * before - early, early),
        low_balance_days_180d=where(pl.when(usual > 0).then(ratio(pl.col("low"), pl.col("count_180")))),
        overdrawn_days_180d=where(ratio(pl.col("negative"), pl.col("count_180"))),
    )
