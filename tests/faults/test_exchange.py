"""Two lenders furnish a node that is killed with SIGKILL again and again, and whose sessions are cut; they begin anew at random.

Afterwards no row is there twice and none is lost: every account of both has each of its months once, in the order of its
revisions, and what each cycle was answered is what it is answered still.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from farthing.exchange.client import HttpExchange
from farthing.exchange.messages import Message
from farthing.exchange.node_service import NAME, Node, make_folder, node_of
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from tests.banks import opened_at
from tests.conftest import DAY
from tests.exchange.nodes import BANK, LENDER, Sender, joined
from tests.exchange.rows import sums, told

SOURCE = str(Path(__file__).resolve().parents[2] / "src")
PERIODS = ("2026-01", "2026-02", "2026-03")
LOANS, PART = 60, 13
KILLS = 8
WITHIN = 240.0


@dataclass
class Served:
    """The node as a process that is killed and started again."""

    home: Path
    url: str
    port: int
    kills: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {
            **os.environ, "PYTHONPATH": SOURCE, "FARTHING_DATABASE_URL": self.url, "FARTHING_PORT": str(self.port),
            "FARTHING_POOL_SIZE": "4",
        }  # fmt: skip
        command = [sys.executable, "-m", "farthing", "exchange", "serve", "--home", str(self.home)]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError("the node did not start")

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.kills += 1


@dataclass
class Lender:
    """A member that sends its three cycles until each is decided, and at random begins anew as if it had been killed."""

    exchange: HttpExchange
    first: int
    chance: random.Random
    results: dict[str, dict[str, Any]] = field(default_factory=dict)

    def cycle(self, period: str) -> list[tuple[str, str, dict[str, Any]]]:
        rows = [told(self.first + number, period) for number in range(LOANS)]
        parts = [rows[at : at + PART] for at in range(0, LOANS, PART)]
        place = PERIODS.index(period)
        cycle, after = f"{period}.1", PERIODS[place - 1] if place else None
        return [
            (f"{cycle}:open", "cycle_open", {"cycle": cycle, "after": after}),
            *((f"{cycle}:{n}", "cycle_rows", {"cycle": cycle, "number": n, "rows": part}) for n, part in enumerate(parts, 1)),
            (f"{cycle}:close", "cycle_close", {"cycle": cycle, "parts": len(parts), "totals": sums(rows)}),
        ]  # fmt: skip

    def furnish(self, until: float) -> None:
        while len(self.results) < len(PERIODS) and time.monotonic() < until:
            period = self.chance.choice(PERIODS)
            for message in self.chance.sample(found := self.cycle(period), len(found)):
                self.take(period, self.exchange.tell(*message))
                if self.chance.random() < 0.05:
                    break

    def take(self, period: str, answer: Message | None) -> None:
        if answer is not None and answer.body.get("state") in ("accepted", "refused"):
            assert self.results.setdefault(period, answer.body) == answer.body


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Served]:
    opened_at(database_url, DAY).kernel.database.close()
    make_folder(Settings(home=tmp_path, _env_file=None), "node.example")
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port = line.getsockname()[1]
    found = Served(tmp_path, database_url, port)
    found.start()
    yield found
    if found.process is not None and found.process.poll() is None:
        found.kill()


def looked(served: Served) -> tuple[Kernel, Node]:
    kernel = opened_at(served.url, DAY).kernel
    return kernel, node_of(kernel, served.home / "exchange")


@pytest.mark.prove
def test_two_lenders_and_a_node_that_is_killed_lose_no_row_and_double_none(served: Served) -> None:
    chance = random.Random(16)
    kernel, node = looked(served)
    members: list[Sender] = [joined(node, BANK, "First bank"), joined(node, LENDER, "A lender", "non_bank")]
    lenders = [
        Lender(
            HttpExchange(f"http://127.0.0.1:{served.port}/exchange/v1", node.name, node.public, each.id, each.key),
            10_000 * number, random.Random(number),
        )
        for number, each in enumerate(members, 1)
    ]  # fmt: skip
    until = time.monotonic() + WITHIN
    threads = [threading.Thread(target=each.furnish, args=(until,), daemon=True) for each in lenders]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads) and time.monotonic() < until:
        time.sleep(chance.uniform(0.2, 1.5))
        if served.kills < KILLS:
            served.kill()
            served.start()
        with psycopg.connect(served.url, autocommit=True) as owner:
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.2"
            )
    for thread in threads:
        thread.join(30)
    assert served.kills >= 2, "it was killed under way"
    for lender in lenders:
        assert {period: each["state"] for period, each in lender.results.items()} == dict.fromkeys(PERIODS, "accepted")
        assert all(each["taken"] == LOANS and each["problems"] == [] for each in lender.results.values())
    kernel.database.heal()
    with psycopg.connect(served.url) as owner:
        counts = owner.execute(
            "SELECT m.member_id, count(*), count(DISTINCT (t.tradeline_id, t.period)), max(t.revision)"
            " FROM exchange_tradeline_month AS t"
            " JOIN exchange_tradeline AS m ON m.subject_id = t.subject_id AND m.id = t.tradeline_id"
            " GROUP BY m.member_id"
        ).fetchall()
    wanted = LOANS * len(PERIODS)
    assert sorted(counts) == sorted((each.id, wanted, wanted, len(PERIODS)) for each in members)
    assert (served.home / "exchange" / NAME).exists()
    kernel.database.close()
