"""Benchmarks of the features of many people: computed at once, against the path of one, in the same run and on the same people.

Prints JSON lines: name, value, unit, against, ratio, machine. Made-up people from a seed; no database and no network. What both
paths answer is compared before anything is told. Processor time of both, all threads together.

    python bench/features.py                          all
    python bench/features.py --only credit.features   people a second by cash flow and balances: a year of 120 payments each
    python bench/features.py --only credit.files      people a second by bureau files and repayment here
"""

from __future__ import annotations

import sys

if __name__ == "__main__":  # this folder last: bench/http.py must not hide the standard library's http
    sys.path.append(sys.path.pop(0))

import argparse
import random
import time
from collections.abc import Callable
from datetime import date, timedelta

import polars as pl

from farthing.credit.batch.balances import BALANCES, balances_of
from farthing.credit.batch.bureau import ASKED, FILES, LINES, MONTHS, PAID, bureau_file
from farthing.credit.batch.flows import MOVEMENTS, PEOPLE, person_flow
from farthing.credit.batch.repaid import INSTALMENTS, LOANS, repaid_here
from farthing.credit.bureau.model import Asking, BureauReport, LineMonth, Tradeline
from farthing.credit.catalogue.balances import Balance, balance_features, daily
from farthing.credit.catalogue.bureau_file import bureau_features
from farthing.credit.catalogue.repaid_here import repaid_features
from farthing.credit.features import Feature, flow_of, median, person_features
from farthing.credit.movements import Category, Movement
from farthing.kit.calendar import add_months
from farthing.kit.money import Money
from lines import show

NAMES = ("credit.features", "credit.files")
SEED, PEOPLE_AT_ONCE, ALONE = 42, 5_000, 300
UNTIL = date(2026, 10, 31)
SINCE = UNTIL - timedelta(days=365)
PAYMENTS = 120
USUAL = Money(600_000, "CNY")

Told = dict[str, float | None]


def told(*features: Feature) -> Told:
    """Features as the batch answers them."""
    return {each.name: None if each.value is None else float(each.value) for each in features}


def compared(name: str, many: Callable[[], list[Told]], one: Callable[[int], Told]) -> None:
    """Time both ways, once each has been compared with the other."""
    start = time.process_time()
    found = many()
    at_once = PEOPLE_AT_ONCE / (time.process_time() - start)
    start = time.process_time()
    alone = [one(number) for number in range(ALONE)]
    each = ALONE / (time.process_time() - start)
    if alone != found[:ALONE]:
        raise SystemExit(f"{name}: the two ways do not agree")
    show(name, at_once, "people a CPU second", "the path of one, people a CPU second", each)


def flows() -> None:
    """Cash flow and balances."""
    chance = random.Random(SEED)
    kinds: tuple[tuple[Category, str], ...] = (
        ("earned", "in"),
        ("essential", "out"),
        ("other", "out"),
        ("debt_service", "out"),
    )
    rows: list[list[tuple[date, str, int, Category, str]]] = []
    held: list[list[tuple[date, int]]] = []
    for _ in range(PEOPLE_AT_ONCE):
        days = sorted(SINCE + timedelta(days=chance.randrange(366)) for _ in range(PAYMENTS))
        picked = [chance.choice(kinds) for _ in days]
        rows.append([(on, flow, chance.randrange(100, 300_000), category, chance.choice("ABCDE"))
                     for on, (category, flow) in zip(days, picked, strict=True)])  # fmt: skip
        held.append([(on, chance.randrange(-5_000, 900_000)) for on in days])
    people = pl.DataFrame([(str(at), SINCE, UNTIL) for at in range(PEOPLE_AT_ONCE)], schema=PEOPLE, orient="row")
    movements = pl.DataFrame(
        [(str(at), *row) for at, each in enumerate(rows) for row in each], schema=MOVEMENTS, orient="row"
    )
    balances = pl.DataFrame(
        [(str(at), *row) for at, each in enumerate(held) for row in each], schema=BALANCES, orient="row"
    )

    def many() -> list[Told]:
        found = person_flow(movements, people)
        whole = found.join(
            balances_of(balances, people, found.select("person", "usual")), on="person", maintain_order="left"
        )
        return whole.drop("person", "usual").to_dicts()

    def one(number: int) -> Told:
        moves = [Movement(on, "in" if flow == "in" else "out", Money(minor, "CNY"), category, other, "")
                 for on, flow, minor, category, other in rows[number]]  # fmt: skip
        flow = flow_of(moves, SINCE, UNTIL, "CNY")
        levels = daily([Balance(*each) for each in held[number]], SINCE, UNTIL)
        return told(*person_features(flow), *balance_features(levels, median(flow.of("income")), "CNY"))

    compared("credit.features", many, one)


def report(chance: random.Random) -> BureauReport:
    """A file of three lines of two years each."""
    months = [add_months(UNTIL.replace(day=1), -number) for number in range(24)]
    lines = tuple(
        Tradeline(
            f"Lender {chance.randrange(9)}", "loan", Money(2_000_000, "CNY"), Money(chance.randrange(2_000_000), "CNY"),
            Money(50_000, "CNY"), chance.choice((0, 0, 9)), 9, UNTIL - timedelta(days=chance.randrange(30, 900)), None,
            "revolving", "borrower", "bank",
            tuple(LineMonth(month, chance.choice((0, 0, 30)), Money(chance.randrange(2_000_000), "CNY")) for month in months),
        )
        for _ in range(3)
    )  # fmt: skip
    asked = tuple(Asking(UNTIL - timedelta(days=chance.randrange(100)), "X", chance.choice("pq")) for _ in range(4))
    return BureauReport("b", "found", lines, 4, "R", asked)


def files() -> None:
    """Bureau files, and that nobody borrowed here yet."""
    chance = random.Random(SEED)
    reports = [report(chance) for _ in range(PEOPLE_AT_ONCE)]
    who = [str(at) for at in range(PEOPLE_AT_ONCE)]
    base = pl.DataFrame(
        [(each, UNTIL, "found", USUAL.minor, "CNY", True, False) for each in who], schema=FILES, orient="row"
    )
    lines = pl.DataFrame([
        (name, at, line.lender, "CNY", line.limit.minor, line.balance.minor, line.instalment.minor, line.days_past_due,
         line.opened_on, line.closed_on, line.kind, line.role, line.lender_kind, True)
        for name, each in zip(who, reports, strict=True) for at, line in enumerate(each.tradelines)
    ], schema=LINES, orient="row")  # fmt: skip
    months = pl.DataFrame([
        (name, at, one.month, one.days_past_due, one.balance.minor if one.balance else None, "CNY")
        for name, each in zip(who, reports, strict=True) for at, line in enumerate(each.tradelines) for one in line.months or ()
    ], schema=MONTHS, orient="row")  # fmt: skip
    inquiries = [
        (name, one.on, one.product) for name, each in zip(who, reports, strict=True) for one in each.asked or ()
    ]
    asked = pl.DataFrame(inquiries, schema=ASKED, orient="row")
    nothing = pl.DataFrame(schema=PAID)
    loans, instalments = pl.DataFrame(schema=LOANS), pl.DataFrame(schema=INSTALMENTS)

    def many() -> list[Told]:
        found = bureau_file(base, lines, months, asked, nothing)
        here = repaid_here(base.select("person", "on"), loans, instalments)
        return found.join(here, on="person", maintain_order="left").drop("person").to_dicts()

    def one(number: int) -> Told:
        return told(*bureau_features(reports[number], UNTIL, USUAL), *repaid_features((), UNTIL))

    compared("credit.files", many, one)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", choices=NAMES)
    only = parser.parse_args().only
    for name, run in zip(NAMES, (flows, files), strict=True):
        if only in (None, name):
            run()


if __name__ == "__main__":
    main()
