"""The Berka bank's loans as tables: of each loan what its account's transactions before it tell, by polars; and the very figures
that decisions use, by their own functions, which the scorecard ``payment-history`` was fitted on.

    python bench/berka.py --data ../shared/data/berka > payment-history.csv
    farthing credit train bench/specs/payment-history.toml payment-history.csv --out trained

Balances (least, mean, last, days low), penalty interest, income, spending and how both vary, and the loan's own terms. The
figures that decisions use have their own arithmetic; this one is of the benchmark.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl

from farthing.credit.features import flow_of, person_features
from farthing.credit.movements import Movement
from farthing.kit.money import Money

TRANSACTIONS, LOANS = "trans_preloan_354loans_en.csv", "loan.asc"


def table(folder: Path) -> bytes:
    """The table as CSV: a line a loan."""
    moves = _moves(folder / TRANSACTIONS)
    loans = pl.read_csv(folder / LOANS, separator=";", schema_overrides={"date": pl.String})
    loans = loans.with_columns(pl.col("date").str.to_date("%y%m%d").alias("on"))
    before = moves.join(loans.select("account_id", "on"), on="account_id").filter(pl.col("day") < pl.col("on"))
    found = loans.join(_balances(before), on="account_id").join(_flows(before), on="account_id")
    return (
        found.with_columns(
            (pl.col("payments") / pl.col("income")).alias("instalment_share"),
            (pl.col("payments") / pl.col("balance_mean")).alias("instalment_to_balance"),
            (pl.col("amount") / pl.col("income")).alias("amount_to_income"),
            ((pl.col("income") - pl.col("spending") - pl.col("payments")) / pl.col("income")).alias("left_over"),
        )
        .drop("on", "account_id")
        .sort("loan_id")
        .write_csv()
        .encode()
    )


def _moves(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, separator=";", schema_overrides={"date": pl.String, "account": pl.String}).with_columns(
        pl.col("date").str.to_date("%y%m%d").alias("day"), pl.col("k_symbol").fill_null("").str.strip_chars()
    )


def _balances(before: pl.DataFrame) -> pl.DataFrame:
    """What the balances after each movement were, and those of the last half year."""
    late = pl.col("day") > pl.col("on") - pl.duration(days=180)
    return before.sort("day", "trans_id").group_by("account_id", maintain_order=True).agg(
        pl.col("balance").min().alias("balance_least"), pl.col("balance").mean().alias("balance_mean"),
        pl.col("balance").last().alias("balance_last"), pl.col("balance").quantile(0.1).alias("balance_tenth"),
        pl.col("balance").filter(late).min().alias("balance_least_late"), pl.col("balance").std().alias("balance_spread"),
        (pl.col("balance") < 5_000).mean().alias("low_share"), (pl.col("balance") < 0).sum().alias("below_zero"),
        pl.col("k_symbol").str.starts_with("sanction").sum().alias("penalties"),
    )  # fmt: skip


def _flows(before: pl.DataFrame) -> pl.DataFrame:
    """Income and spending of each month of the account, their means and how they vary."""
    months = (
        before.filter(pl.col("k_symbol") != "interest credited")
        .with_columns(((pl.col("on") - pl.col("day")).dt.total_days() // 30).alias("month"))
        .group_by("account_id", "month")
        .agg(
            pl.col("amount").filter(pl.col("type") == "credit").sum().alias("in"),
            pl.col("amount").filter(pl.col("type") != "credit").sum().alias("out"),
        )
    )
    return months.group_by("account_id").agg(
        pl.col("in").mean().alias("income"), pl.col("out").mean().alias("spending"),
        (pl.col("in").std() / pl.col("in").mean()).alias("income_variation"), pl.col("in").min().alias("income_least"),
        (pl.col("out").std() / pl.col("out").mean()).alias("spending_variation"), pl.len().alias("months"),
    )  # fmt: skip


def day(text: str) -> date:
    """``960728``: 28 July 1996."""
    return date(1900 + int(text[:2]), int(text[2:4]), int(text[4:6]))


def movement(row: dict[str, str]) -> Movement | None:
    """A bank transaction as a movement. The bank's own interest is left out, as a wallet pays none."""
    amount = Money(int(Decimal(row["amount"]) * 100), "CZK")
    symbol = row["k_symbol"].strip()
    if symbol == "interest credited":
        return None
    on, number = day(row["date"]), row["trans_id"]
    if row["type"] == "credit":
        return Movement(on, "in", amount, "earned", row["account"] or row["operation"], number)
    if symbol.startswith("sanction interest"):
        return Movement(on, "out", amount, "returned", "", number)
    regular = symbol in ("household", "insurance payment", "payment for statement")
    return Movement(on, "out", amount, "essential" if regular else "other", "", number)


def decisions(folder: Path) -> str:
    """The figures of decisions as CSV: a line a loan."""
    with (folder / LOANS).open() as file:
        loans = {row["account_id"]: row for row in csv.DictReader(file, delimiter=";")}
    history: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (folder / TRANSACTIONS).open() as file:
        for row in csv.DictReader(file, delimiter=";"):
            history[row["account_id"]].append(row)
    out = io.StringIO()
    writer = None
    for account, rows in history.items():
        loan = loans[account]
        movements = [found for found in map(movement, rows) if found is not None]
        since = min(day(row["date"]) for row in rows)
        flow = flow_of(movements, since, day(loan["date"]) - timedelta(days=1), "CZK")
        told = {"loan_id": loan["loan_id"], "status": loan["status"]}
        told |= {each.name: "" if each.value is None else f"{each.value:f}" for each in person_features(flow)}
        writer = writer or csv.DictWriter(out, list(told), lineterminator="\n")
        if not out.getvalue():
            writer.writeheader()
        writer.writerow(told)
    return out.getvalue()


def main() -> None:
    """Print the figures of decisions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/berka"))
    sys.stdout.write(decisions(parser.parse_args().data))


if __name__ == "__main__":
    main()
