"""Benchmark of a lane's cost to a lone caller: one entry at a time through the lane, beside the direct path.

The direct path is what any other operation takes: ``Kernel.execute`` in a worker thread of the same event loop, with
the same kind of key. The two take turns, entry by entry, so that neighbours on the machine disturb both alike; each
waits for its fsync. Prints one JSON line: the lane's median latency in milliseconds against the direct path's.

And of the leaf that names what a batch posted (decision 0011): processor time, the server's included, of batches of
1,000 entries with their keys, against the same batches of which the leaf names nothing, in turn.

    python bench/lanes.py                        a minute
    python bench/lanes.py --only ledger.named    half of that
"""

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))  # this folder last: bench/http.py must not hide the standard library's http

import argparse
import asyncio
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from farthing.db.migrate import migrate
from farthing.db.server import Database, Embedded
from farthing.db.tx import Tx
from farthing.kernel.answers import Outcome
from farthing.kernel.lanes import lane_of
from farthing.kernel.operation import Call, operation_of
from farthing.kernel.run import Kernel
from farthing.kit.actor import SYSTEM
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec
from ledger import Load
from lines import show

LIMIT = 1.2
NAMED_LIMIT = 1.08
BATCH = 1_000
PEOPLE = 2_000


def path_of(number: int) -> str:
    """An account of a core outside, which posts through a lane."""
    return f"liabilities:core:w{number:06d}"


def opened(kernel: Kernel) -> Load:
    """A bank with some wallets, and movements between them."""
    kernel.open_bank("simulated", "Asia/Shanghai", "CNY")
    with kernel.database.transaction() as connection:
        tx = kernel._tx(connection, SYSTEM)
        ledger.open_accounts(tx, [AccountSpec(path_of(number), "CNY") for number in range(PEOPLE)])
    load = Load("uniform", 11)
    load.paths = [path_of(number) for number in range(PEOPLE)]
    return load


async def race(kernel: Kernel, load: Load, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds of each call through the lane and of each call on the direct path, in turn."""
    operation = operation_of(ledger.post_entry)
    lane = lane_of(kernel, operation)
    loop = asyncio.get_running_loop()
    by_lane: list[float] = []
    direct: list[float] = []
    for number in range(2 * rounds + 100):
        (entry,) = load.batch(1)
        began = time.perf_counter()
        if number % 2:
            await lane.run(Call(entry, SYSTEM, f"lane:{number}"))
        else:
            await loop.run_in_executor(
                None, partial(kernel.execute, operation, entry, actor=SYSTEM, key=f"direct:{number}")
            )
        spent = time.perf_counter() - began
        if number >= 100:  # past the first plans and threads
            (by_lane if number % 2 else direct).append(spent)
    await lane.close()
    return by_lane, direct


def unnamed_batch(tx: Tx, calls: Sequence[Call]) -> list[Any]:
    """The ledger's own batch, of which the leaf is told nothing."""
    answers: list[Any] = ledger.post_batch(tx, calls)
    tx.posted.clear()
    return answers


def processor(kernel: Kernel) -> float:
    """Seconds of processor of this program and of its sessions' server processes."""
    with kernel.database.session() as connection:
        found = connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()").fetchall()
    spent = time.process_time()
    for (pid,) in found:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def named(kernel: Kernel, load: Load, rounds: int) -> None:
    """Post batches that are named in the log and batches that are not, in turn, and show what naming costs."""
    plain = operation_of(ledger.post_entry)
    kinds = {"named": plain, "unnamed": replace(plain, batch=unnamed_batch)}
    spent = dict.fromkeys(kinds, 0.0)
    for turn in range(-3, rounds):  # the first are past the first plans
        for name, operation in kinds.items() if turn % 2 else reversed(kinds.items()):
            calls = [Call(entry, SYSTEM, f"{name}:{turn}:{n}") for n, entry in enumerate(load.batch(BATCH))]
            began = processor(kernel)
            answers = kernel.execute_batch(operation, calls)
            if turn >= 0:
                spent[name] += processor(kernel) - began
            if not all(isinstance(answer, Outcome) for answer in answers):
                raise SystemExit("the benchmark's entries must all be accepted")
    one, other = (1e6 * spent[name] / (rounds * BATCH) for name in kinds)
    show(
        "ledger.named", one, "us/entry (processor)", "batches whose leaf names nothing, in the same run", other,
        limit_ratio=NAMED_LIMIT, batch=BATCH, batches=rounds,
    )  # fmt: skip


def lone(kernel: Kernel, load: Load, rounds: int) -> None:
    """Race the lane and the direct path."""
    by_lane, direct = asyncio.run(race(kernel, load, rounds))
    one, other = statistics.median(by_lane) * 1000, statistics.median(direct) * 1000
    tails = [round(statistics.quantiles(each, n=100)[98] * 1000, 3) for each in (by_lane, direct)]
    show(
        "lanes.lone", one, "ms (median)", "the direct path in the same run", other, limit_ratio=LIMIT,
        p99_ms=tails[0], direct_p99_ms=tails[1], calls=len(by_lane),
    )  # fmt: skip


def main() -> None:
    """Run what ``--only`` names, or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--rounds", type=int, default=0)
    options = parser.parse_args()
    if options.only not in ("", "lanes.lone", "ledger.named"):
        raise SystemExit(f"there is no benchmark {options.only} here")
    home = Path(tempfile.mkdtemp(prefix="farthing-bench-"))
    embedded = Embedded(home)
    try:
        migrate(embedded.url())
        kernel = Kernel(Database(embedded.url()).open())
        load = opened(kernel)
        if options.only in ("", "lanes.lone"):
            lone(kernel, load, options.rounds or 2_000)
        if options.only in ("", "ledger.named"):
            named(kernel, load, options.rounds or 40)
        kernel.database.close()
    finally:
        embedded.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
