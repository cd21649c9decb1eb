"""Benchmark of red packets at New Year's Eve: grabs by the gateway's door, over HTTP, durability on, exact to the fen.

Grabs come by a plan (Poisson, at a rate that does not wait for answers), a quarter of them again and some too late; a gateway
with three connections gathers what comes in 10 ms, or while all of them wait, and sends it, at most 1,000 a request.
A grab is timed from when it came by the plan, until its answer: a server that stands still is charged for all who came
meanwhile. Afterwards the whole is proved: what everybody was told is what stands in the claims and in the wallets, and
``farthing verify`` finds nothing.

    python bench/red_packets.py                               all: some three minutes
    python bench/red_packets.py --only red_packets.hot        one packet of 100,000 parts
    python bench/red_packets.py --only red_packets.many       10,000 packets of 10 parts
    python bench/red_packets.py --only red_packets.kill       the hot one, server and database killed (SIGKILL) meanwhile
    python bench/red_packets.py --only red_packets.log        what a group of claims costs: this commit, claims alone, a file

Prints JSON lines: name, value (grabs answered a second), unit, against, ratio, machine; ``against``, in the same run, is the same
server answering grabs under a key each (POST /v1/packet-grabs/batch), as fast as it can.
"""

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))  # this folder last: bench/http.py must not hide the standard library's http

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import psycopg
import uvloop

from farthing.bank.founding import agreed
from farthing.bank.opening import open_bank
from farthing.bank.staff import key_of
from farthing.db import postmaster, rows
from farthing.db.tx import Tx
from farthing.identity.model import CreateApiKey
from farthing.kernel.operation import Call
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit.actor import SYSTEM
from farthing.kit.ids import derived, prefixed
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify as verify_ledger
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.lending.shelf import service as loan_shelf
from farthing.payments.packets import draw, rules, store
from farthing.payments.packets.audit_service import verify_packets
from farthing.payments.packets.grabbing_service import grab_batch
from farthing.payments.packets.model import Grab, Packet
from farthing.payments.wallets import wallet_path
from farthing.products import service as products
from farthing.products.model import Publish
from farthing.town.stage import staged
from lines import show

NAMES = ("red_packets.hot", "red_packets.many", "red_packets.kill", "red_packets.log")
AIM = {"red_packets.hot": 20_000, "red_packets.many": 10_000}
P99 = 100.0
GATHERED = 0.010
"""Seconds for which a gateway gathers."""
MOST = 1000
CONNECTIONS = 3
BANK = "assets:cash:bench"
PARTIES = """
    INSERT INTO party (id, kind, name, number, phone, born_on, level_until, registered_at)
    SELECT id, 'person', '客户', lpad((%(from)s + place)::text, 18, '1'), '+8613900000000', '1990-01-01',
        ARRAY[date '9999-12-31', date '9999-12-31'], now()
    FROM unnest(%(ids)s::text[]) WITH ORDINALITY AS p (id, place)
"""
WALLETS = """
    INSERT INTO wallet (id, party_id, currency, opened_at)
    SELECT 'liabilities:wallets:' || substr(id, 7), id, 'CNY', now() FROM unnest(%(ids)s::text[]) AS p (id)
"""
TOLD = "SELECT packet_id, claimer, minor FROM packet_claim"


def without_limits(pack: Publish) -> Publish:
    """The pack of the sandbox with nothing said of red packets: a hundred thousand parts are more than any law allows."""
    said = re.sub(r"(?ms)^\[packets\b.*?(?=^\[(?!packets\b))", "", pack.source)
    return replace(pack, source=said.replace('"fee_kept_back_max",', '"fee_kept_back_max",\n    "packets",', 1))


def party(number: int) -> str:
    """One of the people."""
    return prefixed("party", derived(f"bench {number}"))


class Bank:
    """A bank on a folder of its own: people with wallets, packets laid out, a gateway's key; and its server."""

    def __init__(self, home: Path) -> None:
        self.home, self.settings = home, Settings(home=home)
        self.kernel: Kernel = staged(open_bank(self.settings), self.settings)
        agreed(self.kernel, loan_shelf.publish, without_limits(products.shipped("sandbox")[0]))
        self.kernel.tidy(lambda tx: ledger.open_accounts(tx, [AccountSpec(BANK, "CNY")]))
        self.token = key_of(self.kernel, CreateApiKey("gateway", "gateway:bench", "gateway", None, 30)).token
        self.system = key_of(self.kernel, CreateApiKey("platform", "system:bench", "system", None, 30)).token
        self.people = 0
        self.server: subprocess.Popen[bytes] | None = None
        self.port = 0

    def grow(self, people: int) -> None:
        """Make so many people known, each with an empty wallet."""
        fresh = [party(number) for number in range(self.people, people)]
        for at in range(0, len(fresh), 10_000):
            some = fresh[at : at + 10_000]
            specs = [AccountSpec(wallet_path(each, "CNY", "CNY"), "CNY", floor=0) for each in some]
            self.kernel.tidy(lambda tx, specs=specs: ledger.open_accounts(tx, specs))
            with psycopg.connect(self.kernel.database.url, autocommit=True) as owner:
                owner.execute(PARTIES, {"ids": some, "from": self.people + at})
                owner.execute(WALLETS, {"ids": some})
        with psycopg.connect(self.kernel.database.url, autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE")
        self.people = max(self.people, people)

    def lay_out(self, count: int, shares: int, each: int) -> list[str]:
        """Packets of the first person, laid out as ``packets.send`` does, many in one transaction."""
        ids: list[str] = []
        for at in range(0, count, 1000):
            ids += self.kernel.tidy(lambda tx, at=at: laid_out(tx, min(1000, count - at), shares, shares * each))
        return ids

    def serve(self) -> None:
        """Start ``farthing serve`` in one process, and wait until it answers."""
        if not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = int(probe.getsockname()[1])
        environment = {
            **os.environ,
            "FARTHING_HOME": str(self.home),
            "FARTHING_PORT": str(self.port),
            "FARTHING_WORKERS": "1",
        }
        self.server = subprocess.Popen(
            [sys.executable, "-m", "farthing", "serve"], env=environment, cwd=self.home,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2),
            ):
                return
            time.sleep(0.1)
        raise SystemExit("the server did not start")

    def kill(self) -> None:
        """Kill the server as a power cut would."""
        assert self.server is not None
        self.server.kill()
        self.server.wait()

    def kill_database(self) -> None:
        """Kill the database; the server starts it again."""
        found = postmaster.living(self.home / "postgres")
        assert found is not None
        os.kill(found.pid, signal.SIGKILL)

    def processor(self) -> dict[str, float]:
        """Seconds of processor so far: server, database, this program."""
        found, ticks = postmaster.living(self.home / "postgres"), os.sysconf("SC_CLK_TCK")
        spent = {"server": 0.0, "database": 0.0, "gateway": time.process_time()}
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError, IndexError, ValueError):
                parts = (entry / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
                own, buried = (int(parts[11]) + int(parts[12])) / ticks, (int(parts[13]) + int(parts[14])) / ticks
                if self.server is not None and entry.name == str(self.server.pid):
                    spent["server"] += own
                if found is not None and entry.name == str(found.pid):
                    spent["database"] += own + buried
                elif found is not None and parts[1] == str(found.pid):
                    spent["database"] += own
        return spent

    def stop(self) -> None:
        """Stop what runs."""
        if self.server is not None and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.server.wait(20)
            self.server.kill()


def laid_out(tx: Tx, count: int, shares: int, total: int) -> list[str]:
    """Lay packets out; the first person's wallet is filled for them."""
    money, sender = Money(total, "CNY"), party(0)
    made = []
    for _ in range(count):
        packet_id, seed = tx.new_id("packet"), tx.ids.octets(32)
        bound = draw.commitment(packet_id, "lucky", money, shares, seed)
        ends = tx.now + timedelta(hours=24)
        made.append((Packet(packet_id, sender, "lucky", money, shares, "", 0, bound, tx.now, ends), seed))
    gift, wallet = money * count, wallet_path(sender, "CNY", "CNY")
    filled = JournalEntry(
        f"bench:{made[0][0].id}", "gift", tx.business_date, (Posting(BANK, gift), Posting(wallet, -gift))
    )
    ledger.open_accounts(tx, [AccountSpec(rules.account_of(packet.id), "CNY", floor=0) for packet, _ in made])
    ledger.post_all(tx, [filled, *(rules.sent_entry(packet, tx.business_date, "CNY") for packet, _ in made)])
    for packet, seed in made:
        store.insert(tx, packet, seed, ())
    return [packet.id for packet, _ in made]


@dataclass
class Plan:
    """Who comes when: seconds from the beginning, packet and claimer."""

    at: list[float]
    grabs: list[tuple[str, str]]
    rate: float


def planned(
    packets: Sequence[str], crowd: Callable[[int], tuple[int, int]], rate: float, seconds: float, seed: int
) -> Plan:
    """Arrivals by chance at a rate; a quarter of them grab again what they, or another of that packet, grabbed before.

    ``crowd(number)``: the packet and the person of the so manieth first grab.
    """
    chance, count = random.Random(seed), int(rate * seconds)
    at = list(accumulate(chance.expovariate(rate) for _ in range(count)))
    grabs: list[tuple[str, str]] = []
    first = 0
    for _ in range(count):
        if grabs and chance.random() < 0.25:
            grabs.append(grabs[chance.randrange(max(0, len(grabs) - 50_000), len(grabs))])
        else:
            packet, person = crowd(first)
            grabs.append((packets[packet], party(person)))
            first += 1
    return Plan(at, grabs, rate)


@dataclass
class Run:
    """What everybody was told, and how long it took."""

    told: dict[tuple[str, str], int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    answered: int = 0
    tried_again: int = 0
    otherwise: int = 0
    seconds: float = 0.0

    def take(self, grabs: Sequence[tuple[str, str]], answers: Sequence[dict[str, Any]]) -> None:
        """Note answers; whoever is told another amount than before is counted."""
        for grab, answer in zip(grabs, answers, strict=True):
            code = answer["code"] or "won"
            self.codes[code] = self.codes.get(code, 0) + 1
            if answer["amount"] is not None:
                minor = int(answer["amount"]["minor"])
                if self.told.setdefault(grab, minor) != minor:
                    self.otherwise += 1
        self.answered += len(grabs)

    def wait(self, share: float) -> float:
        """The wait that ``share`` of the grabs stay under, in milliseconds."""
        ordered = sorted(self.waits)
        return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)


class Line:
    """One kept-alive connection of the gateway: a request at a time, asked again until it is answered."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, path: str, body: bytes, run: Run) -> Any:
        """The answer to a request; a line that breaks, or a server that is not there, is tried again."""
        while True:
            try:
                return await self._asked(path, body)
            except (OSError, asyncio.IncompleteReadError, ConnectionError, LookupError):
                self._reader = None
                run.tried_again += 1
                await asyncio.sleep(0.1)

    async def _asked(self, path: str, body: bytes) -> Any:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 24)
        self._writer.write(
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self._token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = head[head.index(b"content-length:") + 15 :].partition(b"\r\n")[0]
        said = await self._reader.readexactly(int(length))
        status = head[9:12]
        if status == b"503":
            raise LookupError("not now")
        if status != b"200":
            raise SystemExit(f"{path}: {status.decode()} {said[:300].decode(errors='replace')}")
        return json.loads(said)


def body_of(grabs: Sequence[tuple[str, str]]) -> bytes:
    """Grabs as the gateway sends them."""
    items = ",".join([f'{{"packet_id":"{packet}","claimer":"{claimer}"}}' for packet, claimer in grabs])
    return f'{{"grabs":[{items}]}}'.encode()


async def open_loop(bank: Bank, plan: Plan, faults: Sequence[tuple[float, Callable[[], object]]] = ()) -> Run:
    """Let everybody come by the plan, whatever the server does; ``faults`` happen at their second."""
    run, loop = Run(), asyncio.get_running_loop()
    began, sent = time.perf_counter() + 0.2, 0

    async def send_all() -> None:
        nonlocal sent
        line = Line(bank.port, bank.token)
        while sent < len(plan.at):
            await asyncio.sleep(GATHERED)
            first, now = sent, time.perf_counter() - began
            sent = min(first + MOST, bisect_right(plan.at, now, first))
            if sent == first:
                continue
            grabs, came = plan.grabs[first:sent], plan.at[first:sent]
            answers = await line.ask("/v1/packet-grabs/gathered", body_of(grabs), run)
            now = time.perf_counter() - began
            run.take(grabs, answers["answers"])
            run.waits += [now - at for at in came]

    async def break_all() -> None:
        for second, fault in faults:
            await asyncio.sleep(max(0.0, began + second - time.perf_counter()))
            await loop.run_in_executor(None, fault)

    await asyncio.gather(break_all(), *(send_all() for _ in range(CONNECTIONS)))
    run.seconds = time.perf_counter() - began
    return run


async def keyed(bank: Bank, packets: Sequence[str], people: Iterator[int], seconds: float) -> float:
    """Grabs a second where each has a key of its own: full batches, as fast as they are answered."""
    line, run, count = Line(bank.port, bank.system), Run(), 0
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        grabs = [
            {"packet_id": packets[(count * MOST + n) % len(packets)], "claimer": party(next(people))}
            for n in range(MOST)
        ]
        items = [{"key": f"bench:{count}:{n}", "command": grab} for n, grab in enumerate(grabs)]
        answers = (await line.ask("/v1/packet-grabs/batch", json.dumps({"items": items}).encode(), run))["answers"]
        refused = [each for each in answers if each["status"] != 201]
        if refused:
            raise SystemExit(f"the floor was refused: {refused[0]}")
        count += 1
    return count * MOST / (time.perf_counter() - began)


def proved(bank: Bank, run: Run, packets: Sequence[str]) -> dict[str, Any]:
    """Meet what was told with the claims and the books; ends the benchmark where they differ."""
    wanted = set(packets)
    found = bank.kernel.read(lambda tx: tx.tuples(TOLD))
    claims = {(packet, claimer): minor for packet, claimer, minor in found if packet in wanted}
    differs = sum(claims.get(grab) != minor for grab, minor in run.told.items())
    untold = len(claims.keys() - run.told.keys())
    audit = bank.kernel.read(verify_packets, snapshot=True)
    books = bank.kernel.read(verify_ledger, snapshot=True)
    facts = {
        "lost_answers": differs + untold, "told_otherwise": run.otherwise, "claims": len(claims),
        "findings": len(audit.findings) + len(books.findings),
    }  # fmt: skip
    if differs or untold or run.otherwise or audit.findings or books.findings:
        raise SystemExit(f"not exact: {facts} {[*audit.findings, *books.findings][:3]}")
    return facts


def measured(bank: Bank, name: str, packets: list[str], plan: Plan, floor: Callable[[], float]) -> None:
    """Run a plan, prove it, run the floor, and show one line."""
    asyncio.run(
        open_loop(bank, planned(packets[-1:], lambda n: (0, 1 + n), 500, 0.5, 1))
    )  # past the first plans and threads
    before = bank.processor()
    run = asyncio.run(open_loop(bank, plan))
    spent = {each: round(1e6 * (late - before[each]) / run.answered, 1) for each, late in bank.processor().items()}
    facts = proved(bank, run, packets[:-1])
    show(
        name, run.answered / run.seconds, "grabs/s", "the same server, a key for each grab", floor(), offered=plan.rate,
        aim=AIM[name], p50_ms=run.wait(0.5), p99_ms=run.wait(0.99), p99_aim_ms=P99, load=round(os.getloadavg()[0], 1),
        answers=run.codes, processor_us_a_grab=spent, **facts,
    )  # fmt: skip


def hot(bank: Bank, rate: float, seconds: float) -> None:
    """One packet, of which a hundred thousand parts are taken by whoever is first; then it is gone."""
    bank.grow(130_000)
    (packet,) = bank.lay_out(1, min(100_000, int(rate * seconds * 0.6)), 100)
    spare = bank.lay_out(4, 100_000, 100)
    plan = planned([packet], lambda number: (0, 1 + number % 129_000), rate, seconds, 7)
    people = iter(range(1000, 129_000))
    measured(
        bank, "red_packets.hot", [packet, spare[0]], plan, lambda: asyncio.run(keyed(bank, spare[1:2], people, 3.0))
    )


def many(bank: Bank, rate: float, seconds: float) -> None:
    """Ten thousand packets of ten parts, each among twenty people."""
    bank.grow(130_000)
    packets = bank.lay_out(10_000, 10, 100)
    spare = bank.lay_out(4_000, 30, 100)
    chance = random.Random(11)

    def crowd(_: int) -> tuple[int, int]:
        packet = chance.randrange(len(packets))
        return packet, 1 + (packet * 13 + chance.randrange(20)) % 129_000

    plan = planned(packets, crowd, rate, seconds, 13)
    people = iter(range(1000, 129_000))
    measured(
        bank, "red_packets.many", [*packets, spare[0]], plan, lambda: asyncio.run(keyed(bank, spare[1:], people, 3.0))
    )


def killed(bank: Bank, rate: float, seconds: float) -> None:
    """The hot packet again, while the server is killed twice and the database once."""
    bank.grow(130_000)
    (packet,) = bank.lay_out(1, int(rate * seconds * 0.5), 100)
    plan = planned([packet], lambda number: (0, 1 + number % 129_000), rate, seconds, 17)

    def again() -> None:
        bank.kill()
        bank.serve()

    faults = ((seconds * 0.2, again), (seconds * 0.45, bank.kill_database), (seconds * 0.7, again))
    run = asyncio.run(open_loop(bank, plan, faults))
    facts = proved(bank, run, [packet])
    show(
        "red_packets.kill", run.answered, "grabs answered", "grabs that came", len(plan.grabs), kills=len(faults),
        requests_tried_again=run.tried_again, answers=run.codes, **facts,
    )  # fmt: skip


LOG = """
    CREATE UNLOGGED TABLE IF NOT EXISTS bench_claim (LIKE packet_claim INCLUDING ALL);
    ALTER TABLE bench_claim SET LOGGED;
    GRANT INSERT ON bench_claim TO farthing_app
"""


def log(bank: Bank) -> None:
    """What making a group of 1,000 claims durable costs by three ways; decision 0073 rests on it."""
    bank.grow(130_000)
    (packet,) = bank.lay_out(1, 100_000, 100)
    with psycopg.connect(bank.kernel.database.url, autocommit=True) as owner:
        owner.execute(LOG)
    calls = [Call(Grab(packet, party(1 + number)), SYSTEM) for number in range(40_000)]
    insert = store.INSERT_CLAIMS.replace("packet_claim", "bench_claim")
    held = os.open(bank.home / "claims.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def whole(tx: Tx, some: Sequence[Call]) -> None:
        grab_batch(tx, some)

    def alone(tx: Tx, some: Sequence[Call]) -> None:
        tx.execute(insert, {
            "packets": rows.texts([each.command.packet_id for each in some]),
            "claimers": rows.texts([each.command.claimer for each in some]),
            "places": rows.int4s(range(at + 1, at + 1 + len(some))), "entries": rows.int4s([1] * len(some)),
            "minors": rows.int8s([100] * len(some)), "now": tx.now,
        })  # fmt: skip

    rates = {"commit": 0.0, "claims": 0.0, "file": 0.0}
    for way in rates:
        began = time.perf_counter()
        for at in range(0, len(calls), MOST):
            some = calls[at : at + MOST]
            if way == "file":
                os.write(held, b"".join(f"{c.command.packet_id} {c.command.claimer} {at}\n".encode() for c in some))
                os.fdatasync(held)
            else:
                bank.kernel.tidy(lambda tx, some=some, way=way: whole(tx, some) if way == "commit" else alone(tx, some))
        rates[way] = len(calls) / (time.perf_counter() - began)
    for way, against in (("commit", "claims"), ("claims", "file")):
        words = {"claims": "claims alone, in a commit", "file": "a file with fdatasync"}[against]
        show(f"red_packets.log.{way}", rates[way], "claims/s, groups of 1,000", words, rates[against])


def main() -> None:
    """Run what ``--only`` names, or all."""
    uvloop.install()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=0.0, help="grabs a second that come; else the aim")
    options = parser.parse_args()
    if options.only not in ("", *NAMES):
        raise SystemExit(f"there is no benchmark {options.only} here")
    home = Path(tempfile.mkdtemp(prefix="farthing-bench-"))
    bank = Bank(home)
    try:
        if options.only in ("", "red_packets.log"):
            log(bank)
        bank.grow(130_000)
        if options.only != "red_packets.log":
            bank.serve()
        for name, run in (("red_packets.hot", hot), ("red_packets.many", many)):
            if options.only in ("", name):
                run(bank, options.rate or AIM[name], options.seconds)
        if options.only in ("", "red_packets.kill"):
            killed(bank, options.rate or 4_000, options.seconds)
    finally:
        bank.stop()
        bank.kernel.database.close()
        if bank.kernel.database.embedded is not None:
            bank.kernel.database.embedded.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
