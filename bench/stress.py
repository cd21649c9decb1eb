"""Benchmark of stress: three years of a bank of 100,000 borrowers under a scenario, judged month by month by every rule.

Prints JSON lines: name, value, unit, against, ratio, machine. Reading loans out of the database is not measured: here it is what
only this costs: pooling the loans, 36 months, the figures of each, and the reverse of the scenario.

    python bench/stress.py                          all: some seconds
    python bench/stress.py --only stress.path       seconds of processor; the aim is 60
    python bench/stress.py --only stress.reverse    how much of it breaks the bank, by halving
    python bench/stress.py --loans 10000            fewer
"""

from __future__ import annotations

import sys

if __name__ == "__main__":  # this folder last: bench/http.py must not hide the standard library's http
    sys.path.append(sys.path.pop(0))

import argparse
import random
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from farthing.assurance.prudence import book_service
from farthing.assurance.prudence import rules as prudence
from farthing.assurance.prudence.model import Book, Prudential
from farthing.assurance.stress import file, rules
from farthing.assurance.stress.rules import Law
from farthing.kit.money import Money
from farthing.lending.prudence import classes
from farthing.lending.prudence.model import Case
from farthing.products import service as products
from farthing.products.prudence import Prudence
from lines import show

NAMES = ("stress.path", "stress.reverse")
ON, AIM = date(2026, 6, 10), 60.0
RATES = tuple(Decimal(each) for each in ("0.06", "0.09", "0.12", "0.15", "0.18"))


def law() -> Prudence:
    """What the Chinese pack says of bad loans."""
    found = products.shipped_policy("cn").prudence
    if found is None:
        raise SystemExit("the pack says nothing of bad loans")
    return found


def loans(count: int) -> list[Case]:
    """Made-up loans of five rates and up to three years, nine in ten of them in time."""
    drawn, found = random.Random(42), []
    for number in range(count):
        months, owed = drawn.randint(1, 36), drawn.randint(1_000, 5_000_000)
        late = 0 if drawn.random() < 0.9 else drawn.randint(1, 400)
        part = owed // months
        ahead = tuple((month + 1, part if month else owed - part * (months - 1)) for month in range(months))
        money = Money(owed, "CNY")
        found.append(
            Case(
                f"loan_{number}",
                f"party_{number}",
                f"product-{number % 7}",
                "1",
                RATES[number % 5],
                ON,
                money,
                money,
                late,
                ahead,
            )
        )
    return found


def law_of(said: Prudence) -> Law:
    """What a path goes by."""
    rolls = tuple(Fraction(each) for each in said.expected_loss.rolls)
    least = (said.reserve.of_loans, said.reserve.of_bad) if said.reserve else (0, 0)
    return Law(rolls, said.scale.first_days, lambda days: classes.by_days(said, days), *map(Fraction, least))


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=NAMES)
    parser.add_argument("--loans", type=int, default=100_000)
    given = parser.parse_args()
    said, known = law(), prudence.shipped()
    taken = prudence.assumptions(known[1], {})
    cases = loans(given.loans)
    began = time.process_time()
    book = _book(said, cases)
    path_law = law_of(said)
    scenario = replace(file.read(file.shipped("bad-year"), "bad-year", "CNY"), months=36)

    def judge(found: Book) -> Prudential:
        return prudence.judged(known[0], found, taken, "cn")

    found = rules.stressed(book, scenario, path_law, judge)
    spent = time.process_time() - began
    if len(found.path) != 37 or any(rules.balanced(each.groups) for each in rules.path(book, scenario, path_law)):
        raise SystemExit("a month does not balance")
    if given.only != "stress.reverse":
        pools = len(book.pools)
        show(
            "stress.path",
            round(spent, 2),
            f"s of processor, 36 months of {given.loans} loans",
            "the aim",
            AIM,
            pools=pools,
        )
    if given.only != "stress.path":
        began = time.process_time()
        most = rules.broken(book, scenario, path_law, judge)
        spent = time.process_time() - began
        scale = None if most.scale is None else str(most.scale)
        show("stress.reverse", round(spent, 2), "s of processor", "the aim", AIM, scale=scale, breaks=most.breaks)


def _book(said: Prudence, cases: list[Case]) -> Book:
    owed = sum(case.own.minor for case in cases)
    groups = {
        "assets:cash": owed // 4, "assets:loan-loss-allowance": -(owed // 8), "assets:loans": owed, "equity:capital": owed // 5,
        "liabilities:savings": owed + owed // 4 - owed // 8 - owed // 5,
    }  # fmt: skip
    pools = tuple(book_service.pools(said, ON, cases))
    most = max(case.own.minor for case in cases)
    return Book(
        ON,
        "CNY",
        groups,
        pools,
        (0, 0, 0, 0, 0),
        0,
        most,
        owed,
        sum(c.own.minor for c in cases if c.days_past_due > 30),
    )


if __name__ == "__main__":
    main()
