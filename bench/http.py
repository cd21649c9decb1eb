"""Benchmark of transfers over HTTP: a server process as `farthing serve` runs it, PostgreSQL beside it, durability on.

Each connection is a customer with a wallet and an API key of their own, who sends the next transfer when the last is
answered. Prints JSON lines: name, value (transfers a second), unit, against, ratio, machine; with p50 and p99 in
milliseconds and CPU seconds for 1,000 transfers, split into server, database and this load generator. Two floors are
measured in the same run: the same server answering an empty authenticated POST of the same size (``against``), and the
very rows written again by the shortest raw SQL, as many in a transaction (``raw``).

    python bench/http.py                       all
    python bench/http.py --only http.transfer.512
"""

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))  # this folder last: bench/http.py must not hide the standard library's http

import argparse
import asyncio
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import uvloop
from stdnum.cn import ric

import raw
from farthing.bank.opening import open_bank
from farthing.bank.staff import key_of
from farthing.db.tx import Tx
from farthing.identity import service as identity
from farthing.identity.model import CreateApiKey
from farthing.kernel.operation import operation
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kernel.whose import STAFF
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry, Posted, Posting
from farthing.parties import service as parties
from farthing.parties.model import Register
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.payments.wallets import wallet_path
from farthing.town.stage import staged
from lines import show

PEOPLE = 512
NAMES = ("http.transfer.64", "http.transfer.512", "http.batch.1000")
WORKERS = os.cpu_count() or 1
"""Serving processes: one for each core, as docs/guides/speed.md advises where HTTP is the bottleneck."""
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Customer:
    """A wallet and who may spend from it."""

    party_id: str
    token: str


@operation("bench.gift", permission="bench:gift", title=Words("A gift of the benchmark", "压测赠款"), whose=STAFF)
def give(tx: Tx, command: JournalEntry) -> Posted:
    """Fill a wallet: people would top it up over a rail, which is not what is measured."""
    return ledger.post_all(tx, [command])[0]


def people(kernel: Kernel, count: int) -> list[Customer]:
    """Register customers, open their wallets, fill them and hand out their keys."""
    kernel.run(ledger.open_account, ledger.OpenAccount(AccountSpec("assets:cash:bench", "CNY")))
    found = []
    on = kernel.clock().business_date
    for number in range(count):
        digits = f"11010119{70 + number // 400:02d}0101{number % 400:03d}"
        person = Register(f"客户{number}", digits + ric.calc_check_digit(digits + "0"), f"1391234{number:04d}")
        party = kernel.run(parties.register, person)
        kernel.run(payments.open_wallet, OpenWallet(party.id, "CNY"))
        gift = Money(10**12, "CNY")
        lines = (Posting("assets:cash:bench", gift), Posting(wallet_path(party.id, "CNY", "CNY"), -gift))
        kernel.run(give, JournalEntry(f"bench:gift:{party.id}", "gift", on, lines))
        key = kernel.run(identity.create_api_key, CreateApiKey("bench", party.id, "customer", party.id, 30))
        found.append(Customer(party.id, key.token))
    return found


@dataclass
class Run:
    """What one run measured."""

    requests: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)

    def at(self, share: float) -> float:
        """The latency that ``share`` of the requests stay under, in milliseconds."""
        ordered = sorted(self.latencies)
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2)


class Client(asyncio.Protocol):
    """One keep-alive connection that sends the next request when the last one is answered. As lean as can be."""

    def __init__(self, requests: Any, run: Run, until: float, done: asyncio.Future[None]) -> None:
        self.requests, self.run, self.until, self.done = requests, run, until, done
        self.buffer = b""
        self.sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self.transport = transport
        self.send()

    def send(self) -> None:
        """Send the next request, or stop when the time is over."""
        self.sent = time.perf_counter()
        if self.sent >= self.until:
            self.transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self.transport.write(next(self.requests))  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        """Take an answer; count it by its status."""
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        lowered = self.buffer[:head].lower()
        at = lowered.find(b"content-length:")
        length = int(lowered[at + 15 : lowered.find(b"\r\n", at) if lowered.find(b"\r\n", at) > 0 else head])
        if len(self.buffer) < head + 4 + length:
            return
        status = self.buffer[9:12]
        if status in (b"201", b"200"):
            self.run.requests += 1
            self.run.latencies.append(time.perf_counter() - self.sent)
        else:
            reason = f"{status.decode()} {self.buffer[head + 4 : head + 300].decode(errors='replace')}"
            self.run.failures[reason] = self.run.failures.get(reason, 0) + 1
        self.buffer = b""
        self.send()

    def connection_lost(self, problem: Exception | None) -> None:
        """A connection that breaks is a failure."""
        if not self.done.done():
            self.run.failures["connection lost"] = self.run.failures.get("connection lost", 0) + 1
            self.done.set_result(None)


def request(path: str, body: bytes, token: str, key: str | None) -> bytes:
    """The bytes of one request."""
    keyed = f"Idempotency-Key: {key}\r\n" if key else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n{keyed}"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def command(payer: str, payee: str, minor: int) -> dict[str, Any]:
    """One transfer."""
    return {"payer": payer, "payee": payee, "amount": {"minor": minor, "currency": "CNY"}, "memo": "bench"}


def singles(customers: list[Customer], number: int, salt: str) -> Any:
    """Endless transfers of one customer to everybody else in turn."""
    me = customers[number % len(customers)]
    for count in itertools.count():
        payee = customers[(number + 1 + count * 7) % len(customers)]
        if payee is me:
            continue
        body = json.dumps(command(me.party_id, payee.party_id, 1 + count % 100)).encode()
        yield request("/v1/transfers", body, me.token, f"{salt}-{number}-{count}")


def batches(customers: list[Customer], number: int, salt: str, token: str) -> Any:
    """Endless batches of 1,000 transfers between many wallets, as a platform sends them."""
    for count in itertools.count():
        items = []
        for n in range(1000):
            payer = customers[(n * 13 + count) % len(customers)]
            payee = customers[(n * 13 + count + 1 + n % 50) % len(customers)]
            items.append({"key": f"{salt}-{number}-{count}-{n}", "command": command(payer.party_id, payee.party_id, 1)})
        yield request("/v1/transfers/batch", json.dumps({"items": items}).encode(), token, None)


async def drive(port: int, streams: list[Any], seconds: float) -> Run:
    """Run a client for each stream for some seconds."""
    run = Run()
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    ends = []
    for stream in streams:
        done: asyncio.Future[None] = loop.create_future()
        ends.append(done)
        await loop.create_connection(
            lambda stream=stream, done=done: Client(stream, run, began + seconds, done), "127.0.0.1", port
        )
    await asyncio.gather(*ends)
    run.seconds = time.perf_counter() - began
    return run


def cpu_of(pid: int) -> float:
    """CPU seconds a process has used."""
    parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(parts[11]) + int(parts[12]) + int(parts[13]) + int(parts[14])) / TICK


def server_cpu(pid: int) -> float:
    """CPU seconds of the server's process and of the workers it started."""
    total = cpu_of(pid)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parts = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(parts[1]) == pid:
                total += (int(parts[11]) + int(parts[12])) / TICK
    return total


def database_cpu(postmaster: int) -> float:
    """CPU seconds of the postmaster, its living children and those it has buried."""
    total = cpu_of(postmaster)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parts = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(parts[1]) == postmaster:
                total += (int(parts[11]) + int(parts[12])) / TICK
    return total


def serve(home: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start the server as ``farthing serve`` does, with the floor's route; answers its process and port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {
        **os.environ, "FARTHING_HOME": str(home), "FARTHING_PORT": str(port), "FARTHING_WORKERS": str(WORKERS),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.path.append({str(Path(__file__).parent)!r}); import serving; serving.main()"],
        env=environment, stdout=subprocess.DEVNULL, cwd=home,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                return process, port
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


@dataclass(frozen=True)
class Place:
    """Where the server and the database run: port, process numbers, and the owner's session."""

    port: int
    server: int
    postmaster: int
    owner: psycopg.Connection[raw.Row]


def emptied(requests: Any) -> Any:
    """The same requests, of the same size and by the same people, to the route that does nothing."""
    for one in requests:
        line, _, rest = one.partition(b"\r\n")
        path = line.split(b" ")[1]
        yield line.replace(path, b"/bench/empty") + b"\r\n" + rest


def measure(name: str, place: Place, streams: Callable[[str], list[Any]], seconds: float, each: int, size: int) -> None:
    """Warm up, run, run the floors, and show one line."""
    asyncio.run(drive(place.port, streams("warm"), min(2.0, seconds)))
    before = server_cpu(place.server), database_cpu(place.postmaster), time.process_time()
    run = asyncio.run(drive(place.port, streams("run"), seconds))
    after = server_cpu(place.server), database_cpu(place.postmaster), time.process_time()
    done = run.requests * each
    if not done:
        raise SystemExit(f"{name}: nothing succeeded: {run.failures}")
    floor = asyncio.run(drive(place.port, [emptied(stream) for stream in streams("floor")], seconds))
    if floor.failures or not floor.requests:
        raise SystemExit(f"{name}: the floor failed: {floor.failures}")
    rows = raw.written(place.owner, size)
    spent = [round((late - early) / done * 1000, 4) for early, late in zip(before, after, strict=True)]
    show(
        name, done / run.seconds, "transfers/s", "the same server answering an empty authenticated POST of the same size",
        floor.requests * each / floor.seconds, raw=round(rows, 1), ratio_to_raw=round(done / run.seconds / rows, 3),
        p50_ms=run.at(0.5), p99_ms=run.at(0.99), failures=run.failures, requests=run.requests,
        cpu_seconds_per_1000={"server": spent[0], "database": spent[1], "load_generator": spent[2]},
    )  # fmt: skip


def main() -> None:
    """Run what ``--only`` names, or all."""
    uvloop.install()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    if options.only not in ("", *NAMES):
        raise SystemExit(f"there is no benchmark {options.only} here")
    home = Path(tempfile.mkdtemp(prefix="farthing-bench-"))
    kernel = staged(open_bank(Settings(home=home)), Settings(home=home))
    customers = people(kernel, PEOPLE)
    platform = key_of(kernel, CreateApiKey("platform", "system:platform", "system", None, 30))
    assert kernel.database.embedded is not None
    postmaster = kernel.database.embedded.pid
    process, port = serve(home)
    owner = psycopg.connect(kernel.database.url, autocommit=True)
    place = Place(port, process.pid, postmaster, owner)
    try:
        for name, streams, each, size in (
            ("http.transfer.64", lambda salt: [singles(customers, n, f"{salt}64") for n in range(64)], 1, 64),
            ("http.transfer.512", lambda salt: [singles(customers, n, f"{salt}512") for n in range(512)], 1, 512),
            (
                "http.batch.1000",
                lambda salt: [batches(customers, n, salt, platform.token) for n in range(3)],
                1000,
                1000,
            ),
        ):
            if options.only in ("", name):
                measure(name, place, streams, options.seconds, each, size)
    finally:
        owner.close()
        process.send_signal(signal.SIGINT)
        process.wait(20)
        kernel.database.close()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
