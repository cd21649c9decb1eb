"""Own what the receipts of many shops tell, equal to ``shop_features`` of each. Pure.

``people`` carries beside person, since and until whether its costs are told (``costs_told``); where not, its margin is missing.
"""

from __future__ import annotations

import polars as pl

from farthing.credit.batch.exact import WIDE, median, ratio, variation
from farthing.credit.batch.flows import monthly, named, numbered


def shop_flow(movements: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Every figure of ``shop_features``, a row a person in the order of ``people``."""
    each, moved = numbered(people, movements)
    inside, every = monthly(moved, each)
    taken = inside.filter((pl.col("flow") == "in") & (pl.col("category") != "returned"))
    payers = taken.group_by("person", "counterparty").agg(pl.col("minor").sum()).group_by("person").agg(
        payers=pl.len().cast(pl.Int64), top=pl.col("minor").max()
    )  # fmt: skip
    opened = taken.group_by("person").agg(open=pl.col("on").n_unique().cast(pl.Int64))
    joined = each
    for one in (_by_months(every), payers, opened):
        joined = joined.join(one, on="person", how="left")
    joined = joined.with_columns(
        pl.col(name).fill_null(0) for name in joined.columns if name not in each.columns
    ).with_columns(length=_length())  # fmt: skip
    months, receipts, usual = pl.col("months"), pl.col("receipts"), pl.col("usual")
    half = pl.when(months > 1).then(months // 2)
    early, late = pl.col("early") // half, pl.col("late") // half
    mean = receipts // pl.when(months > 0).then(months)
    found = joined.select(
        "person", months_covered=months.cast(pl.Float64),
        receipts_level=pl.when(months > 0).then(usual).cast(pl.Float64),
        receipts_variation=variation(months, receipts, pl.col("squares")),
        receipts_growth=ratio(late - early, early),
        receipts_season=ratio(pl.col("best"), mean),
        receipts_floor=ratio(pl.col("least"), usual),
        payers=pl.when(months > 0).then(pl.col("payers")).cast(pl.Float64),
        top_payer_share=ratio(pl.col("top"), receipts),
        open_days_share=ratio(pl.col("open"), pl.col("length")),
        margin=ratio(receipts - pl.col("costs"), receipts),
        returned_payments=ratio(pl.col("returned"), months),
    )  # fmt: skip
    return named(people, found).with_columns(margin=pl.when(people["costs_told"]).then(pl.col("margin")))


def _length() -> pl.Expr:
    """Days of the whole months of each."""
    months, after = pl.col("months"), pl.col("after")
    start = after.dt.offset_by(pl.format("-{}mo", months))
    return (after - start).dt.total_days()


def _by_months(every: pl.DataFrame) -> pl.DataFrame:
    earned, months, month = pl.col("earned"), pl.col("months"), pl.col("month")
    return every.group_by("person").agg(
        receipts=earned.sum(), costs=pl.col("operating").sum(), returned=pl.col("returned").sum(),
        squares=(earned.cast(WIDE) ** 2).sum(), usual=median(earned), best=earned.max(), least=earned.min(),
        early=earned.filter(month < months // 2).sum(), late=earned.filter(month >= months - months // 2).sum(),
    )  # fmt: skip
