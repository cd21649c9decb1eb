"""Own how many people repaid here, equal to :mod:`farthing.credit.catalogue.repaid_here` of each. Pure.

``people``: person, on, known (whether instalments are known). ``loans`` and ``instalments``: see the schemas.
"""

from __future__ import annotations

import polars as pl

from farthing.credit.batch.exact import ratio, typed
from farthing.credit.catalogue.repaid_here import DRAWN

LOANS = {"person": pl.String, "state": pl.String, "ended_on": pl.Date, "worst_days_late": pl.Int64}
INSTALMENTS = {"person": pl.String, "due_on": pl.Date, "paid_on": pl.Date, "minor": pl.Int64}


def repaid_here(people: pl.DataFrame, loans: pl.DataFrame, instalments: pl.DataFrame) -> pl.DataFrame:
    """Every figure of ``repaid_features``, a row a person in the order of ``people``."""
    loans, instalments = typed(loans, LOANS), typed(instalments, INSTALMENTS)
    repaid = (pl.col("state") == "repaid") & pl.col("ended_on").is_not_null()
    drawn = loans.filter(pl.col("state").is_in(list(DRAWN))).group_by("person").agg(
        repaid=repaid.sum(), worst=pl.col("worst_days_late").max(), last=pl.col("ended_on").filter(repaid).max(),
        lost=(pl.col("state") == "written_off").sum(),
    )  # fmt: skip
    is_paid = (pl.col("paid_on") <= pl.col("on")).fill_null(False)
    paid_late = pl.col("paid_on").is_null() | (pl.col("paid_on") > pl.col("due_on"))
    due = instalments.join(people.select("person", "on"), on="person").filter(
        (pl.col("due_on") < pl.col("on")) | is_paid
    )
    acts = due.group_by("person").agg(
        due=pl.len(), late=paid_late.sum(), paid=pl.col("minor").filter(is_paid).sum(),
        early=pl.col("minor").filter(is_paid & (pl.col("paid_on") < pl.col("due_on"))).sum(),
    )  # fmt: skip
    on, last = pl.col("on"), pl.col("last")
    day = pl.min_horizontal(last.dt.day(), on.dt.month_end().dt.day())
    months = (on.dt.year().cast(pl.Int32) - last.dt.year()) * 12 + on.dt.month() - last.dt.month()
    joined = people.join(drawn, on="person", how="left", maintain_order="left")
    return joined.join(acts, on="person", how="left", maintain_order="left").select(
        "person", loans_repaid_here=pl.col("repaid").cast(pl.Float64), worst_days_late_here=pl.col("worst").cast(pl.Float64),
        late_instalments_share_here=ratio(pl.col("late"), pl.col("due")),
        early_share_here=ratio(pl.col("early"), pl.col("paid")),
        months_since_repaid_here=(months - (day > on.dt.day()).cast(pl.Int32)).cast(pl.Float64),
        written_off_here=pl.col("lost").cast(pl.Float64),
    )  # fmt: skip
