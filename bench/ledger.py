"""Benchmark of the posting door: entries a second beside the floor, which is the same rows by the shortest raw SQL.

Prints JSON lines: name, value, unit, against (the floor in the same run, on the same server), ratio, machine.
Durability is on (fsync, synchronous_commit). Ours and the floor take turns, batch by batch. Load generation is not
timed: an entry exists as an object when the clock starts, as it would in a program that posts.

    python bench/ledger.py                         all
    python bench/ledger.py --only ledger.post.zipf.1000
    python bench/ledger.py --only ledger.growth --entries 5000000    ten million postings
    python bench/ledger.py --only ledger.post.zipf.8000 --url postgresql://owner@coordinator/fresh    on a cluster
"""

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))  # this folder last: bench/http.py must not hide the standard library's http

import argparse
import itertools
import json
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg

from farthing.db import rows
from farthing.db.distribute import distribute
from farthing.db.migrate import migrate
from farthing.db.server import Embedded, app_conninfo
from farthing.db.tx import Tx
from farthing.kit.actor import SYSTEM
from farthing.kit.errors import Refusal
from farthing.kit.ids import IdSource
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.batch import id_bytes
from farthing.ledger.model import AccountSpec, JournalEntry, Posting, account_id
from lines import show

ACCOUNTS = 100_000
ON = date(2026, 3, 31)
SECONDS = {1: 4.0, 100: 6.0, 1000: 10.0, 8000: 12.0}

RAW_SCHEMA = """
CREATE TABLE IF NOT EXISTS raw_account (LIKE account INCLUDING ALL);
CREATE TABLE IF NOT EXISTS raw_entry (LIKE entry INCLUDING ALL);
CREATE TABLE IF NOT EXISTS raw_posting (LIKE posting INCLUDING ALL);
ALTER TABLE raw_account SET (fillfactor = 50);
"""
RAW_PLACES = """
SELECT create_distributed_table('raw_account', 'id', colocate_with => 'account');
SELECT create_distributed_table('raw_posting', 'account_id', colocate_with => 'account');
SELECT create_distributed_table('raw_entry', 'id', colocate_with => 'entry');
"""
RAW_ROWS = """
INSERT INTO raw_account SELECT * FROM account ON CONFLICT DO NOTHING;
GRANT SELECT, INSERT, UPDATE ON raw_account, raw_entry, raw_posting TO farthing_app;
ANALYZE raw_account;
ANALYZE account;
"""

RAW = """
WITH a AS (
    UPDATE raw_account AS r
    SET balance = d.balance, version = d.version, recorded_at = %(now)s, effective_high = d.effective_high
    FROM unnest(%(a_id)s, %(a_balance)s, %(a_version)s, %(a_high)s) AS d (id, balance, version, effective_high)
    WHERE r.id = d.id
), e AS (
    INSERT INTO raw_entry (id, recorded_at, effective_on, seal, kind, reference, memo, legs)
    SELECT d.id, %(now)s, d.effective_on, 1, d.kind, d.reference, d.memo, ARRAY[d.one, d.amount, d.two, -d.amount]
    FROM unnest(%(e_id)s, %(e_on)s, %(e_kind)s, %(e_reference)s, %(e_memo)s, %(e_one)s, %(e_amount)s, %(e_two)s)
        AS d (id, effective_on, kind, reference, memo, one, amount, two)
)
INSERT INTO raw_posting (account_id, version, balance, entry_id, effective_on, effective_high)
SELECT d.account, d.version, d.balance, d.entry, d.effective_on, d.effective_on
FROM unnest(%(p_account)s, %(p_version)s, %(p_balance)s, %(p_entry)s, %(p_on)s)
    AS d (account, version, balance, entry, effective_on)
"""


def path_of(number: int) -> str:
    """The path of the ``number``-th wallet."""
    return f"liabilities:wallets:w{number:06d}"


class Load:
    """Endless movements between wallets, uniform or Zipf(1.0), from a seed."""

    def __init__(self, kind: str, seed: int) -> None:
        self.random = random.Random(seed)
        self.prefix = f"{kind}:{seed}"
        self.paths = [path_of(number) for number in range(ACCOUNTS)]
        weights = [1 / (rank + 1) for rank in range(ACCOUNTS)] if kind == "zipf" else None
        self.cumulative = list(itertools.accumulate(weights)) if weights else None
        self.random.shuffle(self.paths)
        self.count = itertools.count()

    def batch(self, size: int) -> list[JournalEntry]:
        """``size`` balanced entries of two postings."""
        chosen = self.random.choices(self.paths, cum_weights=self.cumulative, k=2 * size)
        entries = []
        for one, two in zip(chosen[0::2], chosen[1::2], strict=True):
            while one == two:
                (two,) = self.random.choices(self.paths, cum_weights=self.cumulative, k=1)
            amount = self.random.randint(1, 100_000)
            postings = (Posting(one, Money(amount, "CNY")), Posting(two, Money(-amount, "CNY")))
            entries.append(JournalEntry(f"{self.prefix}:{next(self.count):012d}", "transfer", ON, postings))
        return entries


Values = dict[str, tuple[Callable[[Any], Any] | None, Any]]


class Floor:
    """The same rows written by the shortest raw SQL.

    Every value is worked out before the clock starts: balances, versions, ids. Within it are what any client must
    do: encode the parameters (by the same encoders as ours), send them, commit.
    """

    def __init__(self) -> None:
        self.balances: dict[str, int] = {}
        self.versions: dict[str, int] = {}

    def parameters(self, entries: list[JournalEntry], now: datetime) -> Values:
        """What ``RAW`` is given."""
        touched: dict[str, None] = {}
        postings: list[tuple[int, int, int, bytes]] = []
        for entry in entries:
            for line in entry.postings:
                path = line.account
                self.balances[path] = self.balances.get(path, 0) + line.amount.minor
                self.versions[path] = self.versions.get(path, 0) + 1
                touched[path] = None
                postings.append((account_id(path), self.versions[path], self.balances[path], id_bytes(entry.reference)))
        paths = sorted(touched, key=account_id)
        return {
            "now": (None, now),
            "a_id": (rows.int8s, [account_id(path) for path in paths]),
            "a_balance": (rows.int8s, [self.balances[path] for path in paths]),
            "a_version": (rows.int8s, [self.versions[path] for path in paths]),
            "a_high": (rows.dates, [ON] * len(paths)),
            "e_id": (rows.uuids, [id_bytes(entry.reference) for entry in entries]),
            "e_on": (rows.dates, [entry.effective_on for entry in entries]),
            "e_kind": (rows.texts, [entry.kind for entry in entries]),
            "e_reference": (rows.texts, [entry.reference for entry in entries]),
            "e_memo": (rows.texts, [entry.memo for entry in entries]),
            "e_one": (rows.int8s, [account_id(entry.postings[0].account) for entry in entries]),
            "e_amount": (rows.int8s, [entry.postings[0].amount.minor for entry in entries]),
            "e_two": (rows.int8s, [account_id(entry.postings[1].account) for entry in entries]),
            "p_account": (rows.int8s, [posting[0] for posting in postings]),
            "p_version": (rows.int8s, [posting[1] for posting in postings]),
            "p_balance": (rows.int8s, [posting[2] for posting in postings]),
            "p_entry": (rows.uuids, [posting[3] for posting in postings]),
            "p_on": (rows.dates, [ON] * len(postings)),
        }


def transaction(connection: psycopg.Connection[Any]) -> Tx:
    """A Tx on an open transaction of ``connection``."""
    now = datetime.now(UTC)
    return Tx(connection, now, ON, SYSTEM, IdSource(), now, "CNY")


def post_ours(connection: psycopg.Connection[Any], entries: list[JournalEntry]) -> float:
    """Seconds to post a batch and commit it."""
    started = time.perf_counter()
    with connection.transaction():
        answers = ledger.post(transaction(connection), entries)
    spent = time.perf_counter() - started
    if any(isinstance(answer, Refusal) for answer in answers):
        raise SystemExit("the benchmark's entries must all be accepted")
    return spent


def post_raw(connection: psycopg.Connection[Any], values: Values) -> float:
    """Seconds to write the same rows by raw SQL and commit."""
    started = time.perf_counter()
    with connection.transaction():
        connection.execute(RAW, {name: encode(value) if encode else value for name, (encode, value) in values.items()})
    return time.perf_counter() - started


def speed(connection: psycopg.Connection[Any], kind: str, size: int, floor: Floor, seconds: float) -> None:
    """Alternate ours and raw for about ``seconds`` and show entries a second."""
    load, raw_load = Load(kind, size * 2 + 1), Load(kind, size * 2 + 2)
    for _ in range(6):  # past psycopg's and plpgsql's first plans
        post_ours(connection, load.batch(size))
        post_raw(connection, floor.parameters(raw_load.batch(size), datetime.now(UTC)))
    ours = raw = 0.0
    count = 0
    while ours + raw < seconds:
        for _ in range(max(1, 200 // size)):
            ours += post_ours(connection, load.batch(size))
            raw += post_raw(connection, floor.parameters(raw_load.batch(size), datetime.now(UTC)))
            count += size
    show(f"ledger.post.{kind}.{size}", count / ours, "entries/s", "the same rows by the shortest raw SQL", count / raw)


def bytes_per_entry(connection: psycopg.Connection[Any]) -> None:
    """Bytes on disk of entry and posting with their indexes, a committed entry of two postings."""
    tables = ("entry", "posting")
    parts = {}
    (count,) = connection.execute("SELECT count(*) FROM entry").fetchone() or (0,)
    for table in tables:
        for what, function in (("heap", "pg_relation_size"), ("indexes", "pg_indexes_size")):
            (size,) = connection.execute(f"SELECT {function}('{table}')").fetchone() or (0,)
            parts[f"{table}_{what}"] = round(size / count, 1)
    show("ledger.bytes_per_entry", sum(parts.values()), "bytes", "target", 350, parts=parts, entries=count)


def processor_seconds(connection: psycopg.Connection[Any]) -> float:
    """Processor time of this program and of its server process: what neighbours on the machine do not change."""
    fields = Path(f"/proc/{connection.info.backend_pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def growth(connection: psycopg.Connection[Any], entries: int) -> None:
    """Cost of a batch of 1,000 while the books grow from 0.1 million postings, by time and by processor time.

    The first figure is the mean of the entries between 0.05 and 0.15 million postings (or the first tenth of a short
    run), the last that of the last tenth.
    """
    load = Load("uniform", 77)
    count = entries // 1000
    begin = min(25, count // 20)
    window = max(min(50, count // 10), 1)
    tail = max(count // 10, 1)
    clock: list[float] = []
    marks = {}
    for number in range(count):
        if number in (begin, begin + window, count - tail):
            marks[number] = processor_seconds(connection)
        clock.append(post_ours(connection, load.batch(1000)) * 1000)
        if number % max(count // 20, 1) == 0:
            print(json.dumps({"postings": 2000 * number, "last_us_per_entry": round(clock[-1], 1)}), file=sys.stderr)
    marks[count] = processor_seconds(connection)
    first = (marks[begin + window] - marks[begin]) / window * 1000
    last = (marks[count] - marks[count - tail]) / tail * 1000
    median_first = statistics.median(clock[begin : begin + window])
    median_last = statistics.median(clock[count - tail :])
    show(
        "ledger.growth", median_last, "us/entry (median)", "the first entries of the same run", median_first,
        postings=2 * entries, processor_us_first=round(first, 1), processor_us_last=round(last, 1),
        processor_ratio=round(last / first, 3),
    )  # fmt: skip


def prepared(home: Path, url: str | None) -> tuple[str, Embedded | None]:
    """A migrated database with the accounts open, and the raw tables beside; on a cluster all of them in their places."""
    embedded = None if url else Embedded(home)
    owner = url or (embedded.url() if embedded else "")
    migrate(owner)
    with psycopg.connect(owner, autocommit=True) as connection:
        spread = connection.execute("SELECT to_regproc('create_distributed_table') IS NOT NULL").fetchone() == (True,)
        placed = distribute(owner) if spread else []
        connection.execute(RAW_SCHEMA)
        if placed:
            connection.execute(RAW_PLACES)
    with psycopg.connect(app_conninfo(owner), autocommit=True) as connection:
        for start in range(0, ACCOUNTS, 10_000):
            with connection.transaction():
                specs = [AccountSpec(path_of(n), "CNY", floor=None) for n in range(start, start + 10_000)]
                ledger.open_accounts(transaction(connection), specs)
    with psycopg.connect(owner, autocommit=True) as connection:
        for statement in filter(str.strip, RAW_ROWS.split(";")):
            connection.execute(statement)
        connection.execute("CHECKPOINT")
    return owner, embedded


def names() -> Iterator[tuple[str, str, int]]:
    """The speed benchmarks."""
    for kind in ("uniform", "zipf"):
        for size in (1, 100, 1000, 8000):
            yield f"ledger.post.{kind}.{size}", kind, size


def main() -> None:
    """Run what ``--only`` names, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--url", default=os.environ.get("FARTHING_DATABASE_URL"))
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=0.0)
    options = parser.parse_args()
    known = ("ledger.growth", "ledger.bytes_per_entry", *(name for name, _, _ in names()))
    if not any(name == options.only or name.startswith(f"{options.only}.") for name in known) and options.only:
        raise SystemExit(f"there is no benchmark {options.only} here")
    home = Path(tempfile.mkdtemp(prefix="farthing-bench-"))
    bytes_load = Load("uniform", 99)
    owner, embedded = prepared(home, options.url)
    try:
        with psycopg.connect(app_conninfo(owner), autocommit=True) as connection:
            floor = Floor()
            for name, kind, size in names():
                if options.only in ("", name) or name.startswith(options.only + "."):
                    speed(connection, kind, size, floor, options.seconds or SECONDS[size])
            if options.only in ("", "ledger.growth"):
                growth(connection, options.entries)
        if options.only in ("", "ledger.growth", "ledger.bytes_per_entry"):
            with psycopg.connect(app_conninfo(owner), autocommit=True) as connection:
                for _ in range(100 if options.only == "ledger.bytes_per_entry" else 0):
                    post_ours(connection, bytes_load.batch(1000))
                bytes_per_entry(connection)
    finally:
        if embedded is not None:
            embedded.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
