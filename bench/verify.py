"""Benchmark of `farthing verify`: time and memory to derive a whole ledger again.

The books are loaded through the posting door in batches of 8,000 (about a minute for each million postings).

    python bench/verify.py                           10 million postings
    python bench/verify.py --postings 1000000
"""

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))  # this folder last: bench/http.py must not hide the standard library's http

import argparse
import json
import shutil
import tempfile
import threading
import time
from pathlib import Path

import psycopg

from farthing.db.server import Database, app_conninfo
from farthing.kernel.run import Kernel
from farthing.ledger.audit.service import verify
from ledger import Load, post_ours, prepared
from lines import show

LIMIT_SECONDS = 60.0
LIMIT_BYTES = 1_000_000_000


def memory_of(postmaster: int) -> int:
    """Bytes of private and shared memory that this process and the server's processes hold now (PSS)."""
    total = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if int(entry.name) != postmaster and parent != postmaster and entry.name != str(_ME):
                continue
            for line in (entry / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        except OSError:
            continue
    return total


_ME = int(Path("/proc/self").resolve().name)


def main() -> None:
    """Load, verify, show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--postings", type=int, default=10_000_000)
    options = parser.parse_args()
    if options.only not in ("", "verify.ledger"):
        raise SystemExit(f"there is no benchmark {options.only} here")
    home = Path(tempfile.mkdtemp(prefix="farthing-bench-"))
    owner, embedded = prepared(home, None)
    assert embedded is not None
    try:
        with psycopg.connect(app_conninfo(owner), autocommit=True) as connection:
            load, posted, began = Load("uniform", 5), 0, time.perf_counter()
            while posted < options.postings:
                post_ours(connection, load.batch(8000))
                posted += 16_000
                if posted % 800_000 == 0:
                    said = {"loaded_postings": posted, "seconds": round(time.perf_counter() - began, 1)}
                    print(json.dumps(said), file=sys.stderr, flush=True)
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")
        kernel = Kernel(Database(owner).open())
        kernel.open_bank("simulated", "Asia/Shanghai", "CNY")
        peak, stop = [0], threading.Event()

        def watch() -> None:
            while not stop.wait(0.5):
                peak[0] = max(peak[0], memory_of(embedded.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        began = time.perf_counter()
        audit = kernel.read(
            lambda tx: verify(tx, lambda name, n, m: print(f"  {name} {n}/{m}", file=sys.stderr, flush=True)),
            snapshot=True,
        )
        seconds = time.perf_counter() - began
        stop.set()
        watcher.join()
        if audit.findings:
            raise SystemExit(f"the ledger is not clean: {audit.findings[:3]}")
        show(
            "verify.ledger", seconds, "s", "limit for 10 million postings", LIMIT_SECONDS, postings=audit.postings,
            peak_bytes=peak[0], peak_limit_bytes=LIMIT_BYTES,
        )  # fmt: skip
        kernel.database.close()
    finally:
        embedded.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
