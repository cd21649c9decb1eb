"""Statements of a bank become figures by a layout: exactly, and of nothing that came on the day of the question or after it."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from farthing.credit.batch.statements import closing, frame, layout, movements, read
from farthing.credit.catalogue.balances import Balance, balance_features, daily
from farthing.credit.features import Feature, flow_of, median, person_features
from farthing.credit.movements import Movement
from farthing.kit.errors import Refusal
from farthing.kit.money import Money

LAYOUT = (Path(__file__).parents[2] / "bench" / "berka.toml").read_text(encoding="utf-8")
SIGNED = """
kind = "transactions"
currency = "CNY"
[columns]
person = "who"
on = "day"
amount = "sum"
balance = "left"
about = "what"
[words]
aside = ["interest"]
returned = ["bounced"]
"""
COLUMNS = ["who", "day", "sum", "left", "what"]
ROWS = [
    ("A", "2026-01-05", "100.00", "100.00", ""),
    ("A", "2026-01-06", "-30.5", "99.50", ""),  # shuffled: it follows the next row
    ("A", "2026-01-06", "30", "130.00", ""),
    ("A", "2026-01-07", "0.01", "99.51", "interest"),
    ("B", "2026-01-07", "-5.00", "-5.00", "bounced"),
]


def table(rows: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def test_rows_are_read_exactly_and_days_end_as_they_ended() -> None:
    rows = read(table(ROWS), layout(SIGNED))
    assert movements(rows).select("person", "flow", "minor", "category").rows() == [
        ("A", "in", 10_000, "earned"), ("A", "out", 3_050, "other"), ("A", "in", 3_000, "earned"),
        ("B", "out", 500, "returned"),
    ]  # fmt: skip
    assert closing(rows).group_by("person", "on", maintain_order=True).last().rows() == [
        ("A", date(2026, 1, 5), 10_000), ("A", date(2026, 1, 6), 9_950), ("A", date(2026, 1, 7), 9_951),
        ("B", date(2026, 1, 7), -500),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (("A", "2026-02-30", "1.00", "", ""), "a day"),
        (("A", "2026-02-01", "1.005", "", ""), "an amount"),
        (("A", "2026-02-01", "1e3", "", ""), "an amount"),
        (("A", "2026-02-01", "", "", ""), "an amount"),
        (("A", "2026-02-01", "12345678901.00", "", ""), "an amount"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused(row: tuple[str, ...], what: str) -> None:
    with pytest.raises(Refusal) as caught:
        read(table([*ROWS, row]), layout(SIGNED))
    assert caught.value.code == "credit.features_data_unreadable"
    assert what in caught.value.detail


@pytest.mark.parametrize(
    "text",
    ["", SIGNED.replace("who", "whom"), SIGNED + 'colour = ["x"]\n', SIGNED.replace("CNY", "XXX")],
)
def test_a_layout_is_read_strictly(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        read(table(ROWS), layout(text))
    assert caught.value.code == "credit.features_spec_invalid"


@pytest.mark.long
def test_nothing_of_the_day_or_after_it_is_seen() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(0, 300, 9)]
    rows = [("A", f"{day}", f"{100 + day.day}.00", "", "") for day in days]
    asked = pl.DataFrame({"person": ["A", "A", "C"], "as_of": [days[25], days[30], days[30]]})
    found = frame(table(rows), asked, layout(SIGNED))
    later = [(who, day, "-9000000.00", left, "bounced") if day >= f"{days[25]}" else (who, day, amount, left, what)
             for who, day, amount, left, what in rows]  # fmt: skip
    changed = frame(table(later), asked, layout(SIGNED))
    assert found.row(0) == changed.row(0)
    assert found.row(1) != changed.row(1)
    assert found["months_covered"].to_list() == [7.0, 8.0, 0.0]
    assert found.row(2, named=True)["income_level"] is None


def test_a_shop_s_statements_are_read_as_receipts() -> None:
    rows = [("A", f"2026-0{month}-1{day}", f"{month}00.00", "", "") for month in (1, 2, 3) for day in range(3)]
    asked = pl.DataFrame({"person": ["A"], "as_of": [date(2026, 4, 10)]})
    (found,) = frame(table(rows), asked, layout('subject = "shop"' + SIGNED)).to_dicts()
    assert (found["months_covered"], found["receipts_level"], found["receipts_season"]) == (3.0, 60_000.0, 1.5)
    assert "lowest_level" not in found


@pytest.mark.long
def test_the_loans_of_a_bank_are_as_each(shared_data: Path) -> None:
    """Every loan of the PKDD 1999 challenge: the batch against the path that a decision takes."""
    berka = shared_data / "berka"
    with (berka / "loan.asc").open(encoding="utf-8") as file:
        loans = {row["account_id"]: _day(row["date"]) for row in csv.DictReader(file, delimiter=";")}
    text = pl.read_csv(berka / "trans_preloan_354loans_en.csv", separator=";", infer_schema_length=0)
    rows = defaultdict(list)
    for row in text.iter_rows(named=True):
        rows[row["account_id"]].append(row)
    asked = pl.DataFrame({"person": list(rows), "as_of": [loans[each] for each in rows]})
    found = frame(text, asked, layout(LAYOUT))
    assert found.height == 354
    for one in found.iter_rows(named=True):
        assert {**one} == {"person": one["person"], "as_of": one["as_of"], **_alone(rows[one["person"]], one["as_of"])}


def _alone(rows: list[dict[str, str]], as_of: date) -> dict[str, float | None]:
    moves = [found for row in rows if (found := _movement(row)) is not None]
    since, until = min(_day(row["date"]) for row in rows), as_of - timedelta(days=1)
    flow = flow_of(moves, since, until, "CZK")
    levels = daily(_ends(rows), since, until)
    features: tuple[Feature, ...] = (
        *person_features(flow),
        *balance_features(levels, median(flow.of("income")), "CZK"),
    )
    return {each.name: None if each.value is None else float(each.value) for each in features}


def _day(text: str) -> date:
    return date(1900 + int(text[:2]), int(text[2:4]), int(text[4:]))


def _minor(text: str) -> int:
    return int(Decimal(text) * 100)


def _movement(row: dict[str, str]) -> Movement | None:
    about = row["k_symbol"] or ""
    if about == "interest credited":
        return None
    amount = Money(_minor(row["amount"]), "CZK")
    if row["type"] == "credit":
        return Movement(_day(row["date"]), "in", amount, "earned", row["account"] or "", row["trans_id"])
    meant = "returned" if about.startswith("sanction") else "essential" if about.strip() else "other"
    return Movement(_day(row["date"]), "out", amount, meant, "", row["trans_id"])  # type: ignore[arg-type]


def _ends(rows: list[dict[str, str]]) -> list[Balance]:
    """The balance of each day: of the last row whose balance no other row of the day starts from, else of the last row."""
    days = defaultdict(list)
    for row in rows:
        change = _minor(row["amount"]) * (1 if row["type"] == "credit" else -1)
        days[_day(row["date"])].append((_minor(row["balance"]), change))
    ends = []
    for on, held in days.items():
        starts = {balance - change for balance, change in held}
        ends.append(Balance(on, ([each for each, _ in held if each not in starts] or [each for each, _ in held])[-1]))
    return ends
