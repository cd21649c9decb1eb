"""Benchmark of furnishing: a cycle of 100,000 rows through signature, gate and records, beside raw COPY of its months.

Prints JSON lines: name, value, unit, against, ratio, machine. ``exchange.furnish`` is the second month of a book, which is what
a node takes each month; ``exchange.furnish.first`` the first, in which every borrower is new. Both count everything from the
signed messages on: checking, reading, the gate, records, the answer.

    python bench/exchange.py [--rows 100000]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

sys.path.append(sys.path.pop(0))  # this folder last: bench/http.py must not hide the standard library's http

import psycopg
from stdnum.cn import ric

from farthing.bank.exchange import open_exchange, settle
from farthing.bank.founding import agreed
from farthing.exchange import door_service as door
from farthing.exchange import members_service as members
from farthing.exchange.messages import Message, checked, public_of, read, sign
from farthing.exchange.model import CLASSES, Admit, SetMember
from farthing.exchange.node_service import make_folder
from farthing.kernel.settings import Settings
from farthing.kit import base64url
from farthing.kit.keys.files import fresh
from lines import show

NODE, MEMBER = "node.bench", "91110000100000000R"
PART = 5_000


def row(number: int, period: str, last: int) -> dict[str, Any]:
    """A loan of a borrower: one in twelve is late."""
    late = number % 12 == 0
    born = f"1{950 + number // 28_000 % 50}01{1 + number // 1_000 % 28:02}"
    stem = f"110101{born}{number % 1_000:03}"
    dpd = (last - 11 if period.endswith("01") else last + 20) if late else 0
    return {
        "document": "resident_id", "number": stem + ric.calc_check_digit(stem + "0"), "name": f"Borrower {number}",
        "account": f"account-{number:012}", "class": "instalment", "role": "borrower", "opened_on": "2025-06-01",
        "currency": "CNY", "original": 1_000_000, "security": "", "origin": "", "period": period, "as_of": f"{period}-{last}",
        "limit": None, "balance": 600_000, "due": 90_000, "paid": 0 if late else 90_000, "dpd": dpd,
        "status": "past_due" if late else "current", "code": "", "five_class": "special_mention" if late else "normal",
        "first_delinquency_on": "2026-01-11" if late else None, "closed_on": None,
        "notice_on": "2026-01-20" if late else None, "notice": "sms" if late else "", "flags": [], "reason": "",
    }  # fmt: skip


def tokens(key: Any, period: str, last: int, after: str | None, count: int) -> list[str]:
    """The signed messages of a cycle."""
    rows = [row(number, period, last) for number in range(count)]
    parts = [rows[at : at + PART] for at in range(0, count, PART)]
    cycle = f"{period}.1"

    def add(name: str) -> int:
        return sum(each[name] for each in rows)

    sums = {"rows": count, **{name: add(name) for name in ("balance", "due", "paid")}}
    sums["past_due"] = sum(each["status"] == "past_due" for each in rows)
    bodies = [
        ("cycle_open", {"cycle": cycle, "after": after}),
        *(("cycle_rows", {"cycle": cycle, "number": n, "rows": part}) for n, part in enumerate(parts, 1)),
        ("cycle_close", {"cycle": cycle, "parts": len(parts), "totals": sums}),
    ]
    return [
        sign(Message(f"{cycle}:{n}", kind, MEMBER, NODE, datetime.now(UTC), body), key)
        for n, (kind, body) in enumerate(bodies)
    ]


def furnished(node: Any, sent: list[str]) -> float:
    """Seconds in which a cycle is taken."""
    began = time.perf_counter()
    answers = [door.take(node, token) for token in sent]
    spent = time.perf_counter() - began
    known = {node.public.id: node.public}
    last = checked(read(answers[-1]), known, MEMBER, datetime.now(UTC)).body
    assert (last["state"], last["problems"]) == ("accepted", []), str(last)[:500]
    return spent


def copied(url: str, count: int) -> float:
    """Seconds in which PostgreSQL copies as many months by itself, in one statement, with the same key and nothing else."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE raw_month (LIKE exchange_tradeline_month INCLUDING ALL)")
        connection.commit()
        found = connection.execute(
            "SELECT * FROM exchange_tradeline_month WHERE period = %s", (date(2026, 1, 1),)
        ).fetchall()
        assert len(found) == count
        began = time.perf_counter()
        with connection.cursor().copy("COPY raw_month FROM STDIN") as copy:
            for each in found:
                copy.write_row(each)
        connection.commit()
        return time.perf_counter() - began


def main() -> None:
    """Measure, and print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    count = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="farthing-bench-") as home:
        settings = Settings(home=Path(home), clock="simulated", _env_file=None)
        make_folder(settings, NODE)
        node = open_exchange(settings)
        settle()  # as who serves one does
        key = fresh("ed25519")
        agreed(
            node.kernel, members.admit, Admit(MEMBER, "Bench", "bank", CLASSES, base64url.encode(public_of(key).spki))
        )
        agreed(node.kernel, members.set_member, SetMember(MEMBER, "active", CLASSES, "bench"))
        first = furnished(node, tokens(key, "2026-01", 31, None, count))
        raw = copied(node.kernel.database.url, count)
        month = furnished(node, tokens(key, "2026-02", 28, "2026-01", count))
        node.kernel.database.close()
    show("exchange.furnish", count / month, "rows/s", "raw COPY", count / raw, seconds=round(month, 2))
    show("exchange.furnish.first", count / first, "rows/s", "raw COPY", count / raw, seconds=round(first, 2))


if __name__ == "__main__":
    main()
