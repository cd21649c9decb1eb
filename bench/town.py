"""Benchmark of a town: residents x months a second, beside the town's payments posted by raw batches of the ledger.

The floor is taken in the same run: as many entries of two postings as the town made transfers, by ``ledger.post`` in
batches of 1,000 and nothing else, no key, no leaf, no command. Prints JSON lines; durability is on.

    python bench/town.py                                2,000 people, 18 months
    python bench/town.py --people 200 --months 2        a quick look
"""

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))  # this folder last: bench/http.py must not hide the standard library's http

import argparse
import os
import time
from datetime import date

from away import thrown_away
from farthing.bank.day import STEPS
from farthing.db.server import Database
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec
from farthing.town.founding import found
from farthing.town.growing.growth import Grown, Wanted, grow
from farthing.town.ports import ports_of
from ledger import Load
from lines import show
from processor import processor_seconds

OPENS_ON = date(2025, 5, 28)
BATCH, ACCOUNTS = 1_000, 2_000


def floor(kernel: Kernel, entries: int) -> float:
    """Seconds that so many raw entries take."""
    load = Load("uniform", 5)
    load.paths = [f"liabilities:core:t{number:06d}" for number in range(ACCOUNTS)]
    kernel.tidy(lambda tx: ledger.open_accounts(tx, [AccountSpec(path, "CNY") for path in load.paths]))
    batches = [load.batch(min(BATCH, entries - start)) for start in range(0, entries, BATCH)]
    began = time.perf_counter()
    for batch in batches:
        kernel.tidy(lambda tx, batch=batch: ledger.post(tx, batch))  # type: ignore[misc]
    return time.perf_counter() - began


def told(town: Grown, raw: float, processor: float) -> None:
    """Residents x months a second, and the same of a bank that posts the payments and does nothing else."""
    lived = town.people * town.months
    show(
        "town.residents_months", lived / float(town.seconds), "residents x months/s", "its payments by raw batches of the ledger",
        lived / raw, people=town.people, months=town.months, seconds=float(town.seconds), floor_seconds=round(raw, 2),
        processor_seconds=round(processor, 1), load=os.getloadavg()[0], done=town.done, refused=town.refused,
        seconds_of={name: float(took) for name, took in town.seconds_of.items()},
    )  # fmt: skip


def main() -> None:
    """Grow a town in a throw-away bank."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--months", type=int, default=18)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with thrown_away() as (home, embedded):
        settings = Settings(home=home)
        kernel = Kernel(Database(embedded.url()).open(), ports=ports_of(settings), steps=STEPS)
        found(kernel, settings, OPENS_ON)
        before = processor_seconds(embedded)
        town = grow(kernel, Wanted(options.people, options.months, options.seed), lambda what, done, total: None)
        processor = processor_seconds(embedded) - before
        told(town, floor(kernel, town.done["payments.transfer"]), processor)
        kernel.database.close()


if __name__ == "__main__":
    main()
