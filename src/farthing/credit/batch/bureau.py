"""Own what bureaus' files tell of many people at once, equal to :mod:`farthing.credit.catalogue.bureau_file` of each. Pure.

Five frames: ``files`` (person, on, state, income, currency, asked: whether who asked is told, paid: whether payments here are
known), ``lines``, ``months`` of lines, ``asked`` and ``paid`` (see the schemas). ``line`` names a line among those of its person.
Amounts are those of lines in the person's own currency; a line in another leaves the sums missing.
"""

from __future__ import annotations

import polars as pl

from farthing.credit.batch.exact import ratio, typed
from farthing.credit.catalogue.bureau_file import (
    ASKING_DAYS,
    BEFORE_PAYMENT_DAYS,
    GROWTH_MONTHS,
    LATENESS_MONTHS,
    OPENING_MONTHS,
    SAME_SEARCH_DAYS,
)

FILES = {
    "person": pl.String, "on": pl.Date, "state": pl.String, "income": pl.Int64, "currency": pl.String,
    "asked": pl.Boolean, "paid": pl.Boolean,
}  # fmt: skip
LINES = {
    "person": pl.String, "line": pl.Int64, "lender": pl.String, "currency": pl.String, "limit": pl.Int64, "balance": pl.Int64,
    "instalment": pl.Int64, "days_past_due": pl.Int64, "opened_on": pl.Date, "closed_on": pl.Date, "kind": pl.String,
    "role": pl.String, "lender_kind": pl.String, "tells_months": pl.Boolean,
}  # fmt: skip
MONTHS = {
    "person": pl.String, "line": pl.Int64, "month": pl.Date, "days_past_due": pl.Int64, "balance": pl.Int64,
    "currency": pl.String,
}  # fmt: skip
ASKED = {"person": pl.String, "on": pl.Date, "product": pl.String}
PAID = {"person": pl.String, "on": pl.Date}


def _number(day: pl.Expr) -> pl.Expr:
    return day.dt.year().cast(pl.Int64) * 12 + day.dt.month()


def bureau_file(
    files: pl.DataFrame, lines: pl.DataFrame, months: pl.DataFrame, asked: pl.DataFrame, paid: pl.DataFrame
) -> pl.DataFrame:
    """Every figure of ``bureau_features``, a row a person in the order of ``files``."""
    files, lines, months = typed(files, FILES), typed(lines, LINES), typed(months, MONTHS)
    asked, paid = typed(asked, ASKED), typed(paid, PAID)
    found = files.filter(pl.col("state") == "found").with_columns(now=_number(pl.col("on")))
    each = lines.join(found.select("person", "on", "now", own="currency"), on="person", how="inner").with_columns(
        open=pl.col("closed_on").is_null() | (pl.col("closed_on") > pl.col("on")),
        opened=_number(pl.col("opened_on")), closed=_number(pl.col("closed_on")),
    ).with_columns(owed=pl.col("open") & pl.col("role").ne_missing("guarantor"))  # fmt: skip
    told = months.with_columns(number=_number(pl.col("month"))).join(
        each.select("person", "line", "now", "opened", "closed"), on=["person", "line"], how="inner"
    )
    parts = [_sums(each), _lateness(each, told), _openings(each), _growth(each, told), _borrowed(files, each, paid)]
    joined = files
    for part in parts:
        joined = joined.join(part, on="person", how="left", maintain_order="left")
    for days in ASKING_DAYS:
        joined = joined.join(_searches(files, asked, days), on="person", how="left", maintain_order="left")
    return _figures(joined)


def _figures(joined: pl.DataFrame) -> pl.DataFrame:
    income, has = pl.col("income"), pl.col("state") == "found"

    def whole(name: str) -> pl.Expr:
        """Of a file without any line, a count is nought."""
        return pl.when(has).then(pl.col(name)).cast(pl.Float64)

    empty = has & pl.col("lines").is_null()
    return joined.select(
        "person",
        bureau_record=pl.when(has).then(1.0).when(pl.col("state") == "no_record").then(0.0),
        utilisation=ratio(pl.col("used"), pl.col("limits")),
        current_days_past_due=whole("late_now"),
        **{f"worst_days_past_due_{months}m": whole(f"worst_{months}") for months in LATENESS_MONTHS},
        months_since_arrears=whole("since"),
        open_banks=pl.when(empty).then(0.0).otherwise(whole("banks")),
        open_non_banks=pl.when(empty).then(0.0).otherwise(whole("non_banks")),
        **{f"new_accounts_{months}m": pl.when(empty).then(0.0).otherwise(whole(f"opened_{months}")) for months in OPENING_MONTHS},
        **{
            f"inquiries_{days}d": pl.when(pl.col("asked")).then(pl.col(f"asked_{days}").fill_null(0)).cast(pl.Float64)
            for days in ASKING_DAYS
        },
        dues_to_income=ratio(pl.when(empty).then(0).otherwise(pl.col("dues")), pl.when(has).then(income)),
        exposure_to_income=ratio(pl.when(empty).then(0).otherwise(pl.col("owing")), pl.when(has).then(income)),
        guaranteed_share=ratio(pl.col("guaranteed"), pl.col("all")),
        exposure_growth_6m=ratio(pl.col("all") - pl.col("before"), pl.col("before")),
        repaid_by_borrowing=pl.when(has & pl.col("paid")).then(
            ratio(pl.when(empty).then(0).otherwise(pl.col("close")), pl.col("payments"))
        ),
    )  # fmt: skip


def _one_currency(which: pl.Expr) -> pl.Expr:
    return pl.col("currency").filter(which).n_unique() <= 1


def _own_currency(which: pl.Expr) -> pl.Expr:
    return (pl.col("currency").filter(which) == pl.col("own").filter(which)).all()


def _sums(each: pl.DataFrame) -> pl.DataFrame:
    """What the open lines add up to, and how many of which lenders."""
    live, owed = pl.col("open"), pl.col("owed")
    revolving = live & (pl.col("kind") == "revolving") & (pl.col("limit") > 0)

    def summed(name: str, which: pl.Expr) -> pl.Expr:
        return pl.col(name).filter(which).sum()

    def lenders(kind: str) -> pl.Expr:
        told = pl.col("lender_kind").filter(owed).null_count() == 0
        return pl.when(told).then(pl.col("lender").filter(owed & (pl.col("lender_kind") == kind)).n_unique())

    kinds = pl.col("kind").filter(live).null_count() == 0
    roles = pl.col("role").filter(live).null_count() == 0
    guaranteed = live & (pl.col("role") == "guarantor")
    return each.group_by("person").agg(
        lines=pl.len(), late_now=pl.col("days_past_due").max(), banks=lenders("bank"), non_banks=lenders("non_bank"),
        used=pl.when(kinds & _one_currency(revolving)).then(summed("balance", revolving)),
        limits=pl.when(kinds & _one_currency(revolving)).then(summed("limit", revolving)),
        dues=pl.when(_own_currency(owed)).then(summed("instalment", owed)),
        owing=pl.when(_own_currency(live)).then(summed("balance", live)),
        all=pl.when(_one_currency(live)).then(summed("balance", live)),
        guaranteed=pl.when(roles & _one_currency(guaranteed)).then(summed("balance", guaranteed)),
    )  # fmt: skip


def _lateness(each: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The worst lateness over the windows, and how long ago the last arrears were; missing if any line does not tell."""
    now = pl.col("now")
    result = each.select("person").unique()
    for months in LATENESS_MONTHS:
        begin = pl.max_horizontal(now - months + 1, pl.col("opened"))
        have = told.filter(pl.col("number") >= begin).group_by("person", "line").agg(seen=pl.col("number").n_unique())
        last = told.group_by("person", "line").agg(last=pl.col("number").max())
        known = each.join(last, on=["person", "line"], how="left").join(have, on=["person", "line"], how="left")
        # Every month from the beginning to the last told one is told; a line that ended before it owes none.
        whole = pl.col("seen").fill_null(0) >= pl.col("last") - begin + 1
        ended = (pl.col("closed") < begin).fill_null(False)
        all_told = known.group_by("person").agg(
            told=(pl.col("tells_months") & (ended | whole.fill_null(False))).all(), today=pl.col("days_past_due").max()
        )
        late = told.filter((pl.col("number") > now - months) & (pl.col("number") <= now)).group_by("person").agg(
            late=pl.col("days_past_due").max(),
            ago=(now - pl.col("number")).filter(pl.col("days_past_due") > 0).min(),
        )  # fmt: skip
        worst = all_told.join(late, on="person", how="left").select(
            "person",
            pl.when(pl.col("told")).then(pl.max_horizontal("late", "today")).alias(f"worst_{months}"),
            pl.when(pl.col("told")).then(pl.when(pl.col("today") > 0).then(0).otherwise(pl.col("ago"))).alias("since"),
        )
        kept = worst if months == LATENESS_MONTHS[-1] else worst.drop("since")
        result = result.join(kept, on="person", how="left")
    return result


def _openings(each: pl.DataFrame) -> pl.DataFrame:
    told = pl.col("opened_on").null_count() == 0

    def opened(months: int) -> pl.Expr:
        since = pl.col("on").dt.offset_by(f"-{months}mo")
        inside = (pl.col("opened_on") > since) & (pl.col("opened_on") <= pl.col("on"))
        return pl.when(told).then(inside.sum()).alias(f"opened_{months}")

    return each.group_by("person").agg(opened(months) for months in OPENING_MONTHS)


def _growth(each: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """What was owed in the month six months ago, of the lines that were open then."""
    then = pl.col("now") - GROWTH_MONTHS
    was = each.filter((pl.col("opened").is_null() | (pl.col("opened") <= then))
                      & (pl.col("closed").is_null() | (pl.col("closed") >= then)))  # fmt: skip
    held = told.filter(pl.col("number") == then).group_by("person", "line", maintain_order=True).agg(
        held=pl.col("balance").first(), held_in=pl.col("currency").first()
    )  # fmt: skip
    currencies = pl.concat([
        each.select("person", "currency"),
        was.join(held, on=["person", "line"]).select("person", currency="held_in").drop_nulls(),
    ]).group_by("person").agg(of=pl.col("currency").n_unique())  # fmt: skip
    return was.join(held, on=["person", "line"], how="left").group_by("person").agg(
        known=pl.col("held").null_count() == 0, before=pl.col("held").sum()
    ).join(currencies, on="person").select(
        "person", before=pl.when(pl.col("known") & (pl.col("of") <= 1)).then(pl.col("before"))
    )  # fmt: skip


def _searches(files: pl.DataFrame, asked: pl.DataFrame, days: int) -> pl.DataFrame:
    """Searches for credit: an inquiry that follows one for the same product closely is not another."""
    ago = (pl.col("today") - pl.col("on")).dt.total_days()
    inside = asked.join(files.select("person", today="on"), on="person").filter((ago >= 0) & (ago < days))
    apart = (pl.col("on") - pl.col("on").shift(1).over("person", "product")).dt.total_days()
    return inside.sort("person", "product", "on").with_columns(
        fresh=apart.is_null() | (apart > SAME_SEARCH_DAYS)
    ).group_by("person").agg(pl.col("fresh").sum().alias(f"asked_{days}"))  # fmt: skip


def _borrowed(files: pl.DataFrame, each: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """Payments here of a year, and how many of them a loan elsewhere came closely before; missing if a line tells no opening."""
    here = paid.join(files.select("person", today="on"), on="person").filter(
        (pl.col("on") > pl.col("today").dt.offset_by("-12mo")) & (pl.col("on") <= pl.col("today"))
    ).with_row_index("payment")  # fmt: skip
    told = each.group_by("person").agg(told=pl.col("opened_on").null_count() == 0)
    before = (pl.col("on") - pl.col("opened_on")).dt.total_days()
    close = here.join(each.select("person", "opened_on"), on="person").filter(
        (before >= 0) & (before <= BEFORE_PAYMENT_DAYS)
    ).group_by("person").agg(close=pl.col("payment").n_unique())  # fmt: skip
    return here.group_by("person").agg(payments=pl.len()).join(close, on="person", how="left").join(
        told, on="person", how="left"
    ).select(
        "person", "payments", close=pl.when(pl.col("told").fill_null(True)).then(pl.col("close").fill_null(0))
    )  # fmt: skip
