"""Benchmark of the call auction: listings and mandates clear together, by the usual rule and by the others.

Prints JSON lines: name, value, unit, against, ratio, machine. Lenders and listings are made by chance from a fixed seed: seven
grades, six terms, six purposes, thirty-one regions; most mandates choose some of them, each has a limit for one loan, and
some one for a grade.

    python bench/allocation.py                                     10,000 listings and 100,000 mandates
    python bench/allocation.py --only allocation.against_exact     funded amount beside HiGHS, on what it can do
    python bench/allocation.py --only allocation.narrow            mandates that each take few listings
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from farthing.funding.clearing.columns import Columns
from farthing.funding.clearing.model import Batch, Cleared, Listing, Mandate
from farthing.funding.clearing.rules import clear
from lines import show

BEGAN = datetime(2026, 11, 2, tzinfo=UTC)
GRADES, PURPOSES = "ABCDEFG", ("shop", "school", "health", "farm", "home", "tools")
REGIONS = tuple(f"region-{number}" for number in range(31))


def made(listings: int, mandates: int, money: float, seed: int = 7) -> Batch:
    """A batch of chance; ``money``: what mandates offer, as a part of what listings ask."""
    chance = random.Random(seed)
    asked = tuple(_listing(chance, number) for number in range(listings))
    most = max(1, round(2 * money * sum(each.notes for each in asked) / mandates))
    return Batch("batch", "pro_rata", asked, tuple(_mandate(chance, number, most) for number in range(mandates)))


def _listing(chance: random.Random, number: int) -> Listing:
    grade, notes = chance.randrange(len(GRADES)), chance.randint(50, 400)
    annual = Decimal("0.06") + Decimal("0.015") * grade + Decimal(chance.randint(0, 5)) / 1000
    return Listing(
        f"l{number:05}", f"b{number}", GRADES[grade], annual, chance.choice((3, 6, 12, 18, 24, 36)), chance.choice(PURPOSES),
        chance.choice(REGIONS), notes, max(1, notes // 20), annual - Decimal("0.03"),
        BEGAN + timedelta(days=chance.randint(1, 10)),
    )  # fmt: skip


def _mandate(chance: random.Random, number: int, most: int) -> Mandate:

    def some(words: Sequence[str], least: int, often: float) -> frozenset[str]:
        chosen = chance.sample(words, chance.randint(least, len(words)))
        return frozenset(chosen) if chance.random() < often else frozenset()

    return Mandate(
        f"m{number:06}", chance.randint(1, most), 40_001 - chance.randint(0, 40_000),
        Decimal("0.05") + Decimal(chance.randint(0, 60)) / 1000, (chance.choice((1, 3, 6)), chance.choice((12, 24, 36))),
        some(GRADES, 2, 0.9), some(PURPOSES, 3, 0.3), some(REGIONS, 8, 0.2), per_loan=chance.choice((1, 2, 5, 10)),
        by_grade={"G": chance.randint(0, 5)} if chance.random() < 0.3 else {},
    )  # fmt: skip


def exact(batch: Batch) -> int:
    """The most notes that can be funded, by a linear program over every pair (HiGHS)."""
    pairs: list[tuple[int, int]] = []
    columns: list[int] = []
    rows: list[int] = []
    bounds: list[tuple[int, int]] = []
    mandates = len(batch.mandates)
    limits = [each.notes for each in batch.mandates] + [each.notes for each in batch.listings]
    graded: dict[tuple[int, str], int] = {}
    for at, one in enumerate(batch.mandates):
        for number, each in enumerate(batch.listings):
            most = one.most_of(each)
            if most:
                place = len(pairs)
                pairs.append((at, number))
                bounds.append((0, most))
                rows += [at, mandates + number]
                columns += [place, place]
                if each.grade in one.by_grade:
                    if (at, each.grade) not in graded:
                        graded[at, each.grade] = len(limits)
                        limits.append(one.by_grade[each.grade])
                    rows.append(graded[at, each.grade])
                    columns.append(place)
    table = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(limits), len(pairs)))
    solved = linprog(-np.ones(len(pairs)), A_ub=table, b_ub=limits, bounds=bounds, method="highs")
    return round(float(-solved.fun))


def timed(batch: Batch) -> tuple[Cleared, float, float]:
    began, worked = time.perf_counter(), time.process_time()
    found = clear(batch)
    return found, time.perf_counter() - began, time.process_time() - worked


def floor(batch: Batch) -> float:
    """Seconds to test each mandate against each listing once, which is what any clearing at least looks at."""
    columns = Columns(batch, batch.listings)
    began = time.perf_counter()
    for number in range(len(batch.listings)):
        columns.fits.of(number)
    return time.perf_counter() - began


def large(listings: int, mandates: int) -> None:
    batch = made(listings, mandates, 1.2)
    found, seconds, worked = timed(batch)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    name = f"allocation.{listings // 1000}k_x_{mandates // 1000}k"
    asked = sum(each.notes for each in batch.listings)
    show(name, seconds, "s", "each mandate tested against each listing once", floor(batch))
    show(f"{name}.processor", worked, "s", "the clock", seconds)
    show(f"{name}.memory", memory, "GiB", "what it may take", 2)
    show(f"{name}.funded", found.notes, "notes", "what listings ask for", asked)


def other_rules(listings: int, mandates: int) -> None:
    batch = made(listings, mandates, 1.2)
    for rule in ("uniform_price", "stable"):
        _, seconds, worked = timed(replace(batch, rule=rule))
        show(f"allocation.{rule}.processor", worked, "s", "the clock", seconds)


def narrow(listings: int, mandates: int) -> None:
    """Each mandate takes one purpose and two regions, and as much is offered as asked: notes move along many chains."""
    chance, broad = random.Random(11), made(listings, mandates, 1.0)
    batch = replace(broad, mandates=tuple(
        replace(each, purposes=frozenset(chance.sample(PURPOSES, 1)), regions=frozenset(chance.sample(REGIONS, 2)))
        for each in broad.mandates
    ))  # fmt: skip
    found, seconds, worked = timed(batch)
    show("allocation.narrow.processor", worked, "s", "the clock", seconds)
    show(
        "allocation.narrow.funded",
        found.notes,
        "notes",
        "what listings ask for",
        sum(each.notes for each in batch.listings),
    )


def against_exact() -> None:
    for money in (0.8, 1.0, 1.3):
        batch = made(120, 1_000, money)
        show(f"allocation.against_exact.{money}", clear(batch).notes, "notes", "HiGHS", exact(batch))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only")
    parser.add_argument("--listings", type=int, default=10_000)
    parser.add_argument("--mandates", type=int, default=100_000)
    given = parser.parse_args()
    if given.only in (None, "allocation.10k_x_100k"):
        large(given.listings, given.mandates)
    if given.only in (None, "allocation.other_rules"):
        other_rules(given.listings, given.mandates)
    if given.only == "allocation.narrow":  # minutes: asked for by name
        narrow(given.listings, given.mandates)
    if given.only in (None, "allocation.against_exact"):
        against_exact()
