"""Benchmark of a house account that every entry touches: one row, against the same account in stripes, against none.

Several writers post at once, each in a process of its own, as the lanes of several servers would: movements between
wallets and one house account (``one``), between wallets and the writer's own stripe of it (``striped``), and between
wallets alone (``none``). Prints JSON lines: entries a second of ``one`` against ``striped``; a ratio near one says that
stripes would not pay. Durability is on. Decision 0008 rests on it.

    python bench/house.py                    a minute and a half
"""

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))  # this folder last: bench/http.py must not hide the standard library's http

import argparse
import multiprocessing
import shutil
import tempfile
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

import psycopg

from farthing.db.server import app_conninfo
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from ledger import ON, Load, post_ours, prepared, transaction
from lines import show

HOUSE = "income:fees:house"
KINDS = ("one", "striped", "none")


class HouseLoad(Load):
    """Movements of which one side is the house's, unless there is none."""

    def __init__(self, kind: str, writer: int, seed: int) -> None:
        super().__init__("uniform", seed)
        self.house = {"one": HOUSE, "striped": f"{HOUSE}:{writer}", "none": None}[kind]

    def batch(self, size: int) -> list[JournalEntry]:
        """``size`` entries."""
        if self.house is None:
            return super().batch(size)
        made = []
        for path in self.random.choices(self.paths, k=size):
            amount = Money(self.random.randint(1, 500), "CNY")
            lines = (Posting(path, amount), Posting(self.house, -amount))
            made.append(JournalEntry(f"{self.prefix}:{next(self.count):012d}", "fee", ON, lines))
        return made


def write(
    url: str,
    kind: str,
    writer: int,
    size: int,
    seconds: float,
    seed: int,
    gate: Barrier,
    counts: multiprocessing.Queue[int],
) -> None:
    """One writer: warm up, wait for the others, post until the time is over, tell how many."""
    load = HouseLoad(kind, writer, seed)
    # More than can be posted in the time: a commit waits for its fsync, a thousand entries for their processor time.
    ready = [load.batch(size) for _ in range(10 + int(seconds * 1500 / (1 + size / 30)))]
    with psycopg.connect(app_conninfo(url), autocommit=True) as connection:
        for _ in range(6):
            post_ours(connection, ready.pop())
        gate.wait()
        until = time.perf_counter() + seconds
        posted = 0
        while ready and time.perf_counter() < until:
            post_ours(connection, ready.pop())
            posted += size
        counts.put(posted)


def rate(url: str, kind: str, writers: int, size: int, seconds: float, seed: int) -> float:
    """Entries a second that so many writers post together."""
    gate, counts = multiprocessing.Barrier(writers), multiprocessing.Queue()
    crew = [
        multiprocessing.Process(target=write, args=(url, kind, n, size, seconds, seed + n, gate, counts))
        for n in range(writers)
    ]
    for process in crew:
        process.start()
    done = sum(counts.get() for _ in crew)
    for process in crew:
        process.join()
    return done / seconds


def main() -> None:
    """Run what ``--only`` names, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--seconds", type=float, default=3.0)
    options = parser.parse_args()
    multiprocessing.set_start_method("fork")
    home = Path(tempfile.mkdtemp(prefix="farthing-bench-"))
    owner, embedded = prepared(home, None)
    assert embedded is not None
    try:
        with psycopg.connect(app_conninfo(owner), autocommit=True) as connection, connection.transaction():
            paths = [HOUSE, *(f"{HOUSE}:{writer}" for writer in range(16))]
            ledger.open_accounts(transaction(connection), [AccountSpec(path, "CNY") for path in paths])
        for writers, size in ((2, 1000), (2, 30), (16, 1)):
            name = f"ledger.house.{writers}x{size}"
            if options.only not in ("", name):
                continue
            rates: dict[str, list[float]] = {kind: [] for kind in KINDS}
            for turn in range(2):
                for place, kind in enumerate(KINDS):
                    seed = 1_000_000 * writers + 10_000 * turn + 100 * place + size * 100_000_000
                    rates[kind].append(rate(owner, kind, writers, size, options.seconds, seed))
            one, striped, none = (sum(rates[kind]) / 2 for kind in KINDS)
            show(
                name, one, "entries/s", "a stripe for each writer", striped, without_a_house_account=round(none),
                writers=writers, batch=size,
            )  # fmt: skip
    finally:
        embedded.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
