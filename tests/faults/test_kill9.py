"""Sixteen clients over HTTP while the API and PostgreSQL are killed with SIGKILL: what was acknowledged stays, once.

Afterwards every entry is replayed, in the order in which the accounts' versions prove that it was committed, through
the reference ledger of the tests: each must be acceptable there too, and the balances must come out the same.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from farthing.bank.opening import open_bank
from farthing.db import postmaster
from farthing.evidence.audit.service import verify as verify_evidence
from farthing.identity import service as identity
from farthing.identity.model import CreateApiKey
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.parties import service as parties
from farthing.parties.model import Register
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.payments.wallets import wallet_path
from farthing.town.stage import staged
from tests.hands import give
from tests.ledger.reference import Reference
from tests.parties.people import resident_id

CLIENTS = 16
LONGEST = 120.0
"""Seconds that the first start may take."""
TILL = "assets:cash:kill9"
SOURCE = str(Path(__file__).resolve().parents[2] / "src")


@dataclass
class Acknowledged:
    """A transfer as the client was told."""

    id: str
    payer: str
    payee: str
    minor: int


@dataclass
class Crowd:
    """What sixteen clients did and were told."""

    base: str
    people: list[tuple[str, str]]
    told: list[Acknowledged] = field(default_factory=list)
    forgotten: int = 0
    wrong: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    http: httpx.Client = field(
        default_factory=lambda: httpx.Client(verify=False, limits=httpx.Limits(max_connections=64))
    )
    """One for all: a client made anew for each request costs more processor than the server has for the answer."""

    def client(self, number: int, seed: int) -> None:
        """Send transfers one after another, each until it is answered; now and then walk away in the middle."""
        dice = random.Random(seed * 100 + number)
        party, token = self.people[number]
        for count in itertools.count():
            if self.stop.is_set():
                return
            hot = self.people[0][0] if dice.random() < 0.6 else dice.choice(self.people)[0]
            payee = hot if hot != party else self.people[(number + 1) % CLIENTS][0]
            minor = dice.randint(1, 3000)
            impatient = dice.random() < 0.05
            answer = self._until_answered(party, payee, minor, token, f"{seed}:{number}:{count}", impatient)
            if answer is None:
                self.forgotten += 1
            elif answer.status_code == 201:
                self.told.append(Acknowledged(answer.json()["id"], party, payee, minor))
            elif answer.status_code != 422:
                self.wrong.append(answer.text)

    def _until_answered(
        self, payer: str, payee: str, minor: int, token: str, key: str, impatient: bool
    ) -> httpx.Response | None:
        body = {"payer": payer, "payee": payee, "amount": {"minor": minor, "currency": "CNY"}}
        headers = {"authorization": f"Bearer {token}", "idempotency-key": key}
        timeout = 0.01 if impatient else 15
        while not self.stop.is_set():
            try:
                answer = self.http.post(f"{self.base}/v1/transfers", json=body, headers=headers, timeout=timeout)
                if answer.status_code != 503:
                    return answer
            except httpx.HTTPError:
                if impatient:
                    return None
            time.sleep(0.25)  # Retry-After says 2 s; a crowd that never pauses would take the time in which it starts
        return None


class Server:
    """``farthing serve`` in a process of its own over one home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            **os.environ, "FARTHING_HOME": str(home), "FARTHING_PORT": str(self.port), "PYTHONPATH": SOURCE,
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None
        self.patience = LONGEST
        self.words = home.parent / "said.txt"

    def start(self) -> float:
        """Start the server if it does not run, wait until it answers; seconds that took. The first start is the measure
        for all others: the machine may be busy, and sixteen clients ask meanwhile."""
        began = time.monotonic()
        while time.monotonic() - began < self.patience:
            if self.process is None or self.process.poll() is not None:
                with self.words.open("ab") as words:
                    self.process = subprocess.Popen(
                        [sys.executable, "-X", "faulthandler", "-m", "farthing", "serve"], env=self.environment,
                        cwd=self.home, stdout=words, stderr=words,
                    )  # fmt: skip
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=10).status_code == 200:
                    return time.monotonic() - began
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"the server did not come back within {self.patience:.0f} s\n{self.told()}")

    def told(self) -> str:
        """What its threads are at, what it said last, and what its PostgreSQL did."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGABRT)  # faulthandler writes down where every thread stands
            self.process.wait()
        log = self.home / "postgres" / "log"
        parts = {"the server": self.words, "PostgreSQL": log}
        said = {name: path.read_text(errors="replace") if path.exists() else "" for name, path in parts.items()}
        return "\n".join(f"--- {name} said last ---\n{text[-12_000:]}" for name, text in said.items())

    def kill_api(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def kill_postgres(self) -> None:
        """Only killed: to start it again is the server's own business."""
        found = postmaster.living(self.home / "postgres")
        assert found is not None
        os.kill(found.pid, signal.SIGKILL)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "bank"


def prepare(home: Path) -> tuple[list[tuple[str, str]], datetime]:
    """A founded bank with sixteen customers who have CNY 500 each."""
    kernel = staged(open_bank(Settings(home=home)), Settings(home=home))
    try:
        kernel.run(ledger.open_account, ledger.OpenAccount(AccountSpec(TILL, "CNY")))
        people = []
        for number in range(CLIENTS):
            person = Register(f"客户{number}", resident_id(order_code=f"{2 * number + 10:03d}"), f"1381234{number:04d}")
            party = kernel.run(parties.register, person).id
            kernel.run(payments.open_wallet, OpenWallet(party))
            gift = Money(500_00, "CNY")
            lines = (Posting(TILL, gift), Posting(wallet_path(party, "CNY", "CNY"), -gift))
            on = kernel.clock().business_date
            kernel.run(give, JournalEntry(f"gift:{party}", "gift", on, lines))
            people.append(
                (party, kernel.run(identity.create_api_key, CreateApiKey("k", party, "customer", party, 30)).token)
            )
        return people, datetime.now(UTC)
    finally:
        kernel.database.close()


def prove(home: Path, kills: int, seed: int) -> None:
    """Let the crowd work while something is killed again and again; then look at everything."""
    people, _ = prepare(home)
    server = Server(home)
    floor = server.start()
    server.patience = max(90.0, 20 * floor)  # beside a crowd that never pauses, on a machine that others use too
    print(f"a start takes {floor:.1f} s here; each may take {server.patience:.0f} s", flush=True)
    began = time.monotonic()
    crowd = Crowd(f"http://127.0.0.1:{server.port}", people)
    threads = [threading.Thread(target=crowd.client, args=(number, seed)) for number in range(CLIENTS)]
    dice = random.Random(seed)
    try:
        for thread in threads:
            thread.start()
        for number in range(kills):
            time.sleep(dice.uniform(0.3, 1.2))
            if number % 2 == 0:
                server.kill_api()
            else:
                server.kill_postgres()
            back = server.start()
            print(
                f"kill {number + 1} of {kills}, back after {back:.1f} s: {len(crowd.told)} transfers acknowledged, "
                f"{time.monotonic() - began:.0f} s in all",
                flush=True,
            )
        time.sleep(1)
    finally:
        crowd.stop.set()
        for thread in threads:
            thread.join()
        server.stop()
    assert not crowd.wrong, crowd.wrong[:3]
    kernel = staged(open_bank(Settings(home=home)), Settings(home=home))
    try:
        check(kernel, crowd)
    finally:
        kernel.database.close()


def check(kernel: Kernel, crowd: Crowd) -> None:
    """Every acknowledged transfer is there once, nothing is below its floor, and a replay reaches the same balances."""
    assert not kernel.read(verify, snapshot=True).findings
    assert not kernel.read(verify_evidence, snapshot=True).findings
    wallets = [wallet_path(party, "CNY", "CNY") for party, _ in crowd.people]
    history = committed(kernel, [*wallets, TILL])
    stored = {entry.reference: entry for entry in history}
    assert len(stored) == len(history)
    assert len({each.id for each in crowd.told}) == len(crowd.told) > 0
    for each in crowd.told:
        payer, payee = stored[f"transfer:{each.id}"].postings
        assert (payer.account, payee.account) == (
            wallet_path(each.payer, "CNY", "CNY"),
            wallet_path(each.payee, "CNY", "CNY"),
        )
        assert (payer.amount.minor, payee.amount.minor) == (each.minor, -each.minor)
    again = Reference(datetime.now(UTC))
    for path in wallets:
        again.open(AccountSpec(path, "CNY", floor=0))
    again.open(AccountSpec(TILL, "CNY"))
    assert set(again.run(history)) == {"ok"}  # type: ignore[arg-type]
    for path in [*wallets, TILL]:
        assert kernel.read(lambda tx, path=path: ledger.balance(tx, path)).balance.minor == again.accounts[path].debit
    unknown = len([entry for entry in history if entry.kind == "transfer"]) - len(crowd.told)
    assert 0 <= unknown <= crowd.forgotten


def committed(kernel: Kernel, paths: list[str]) -> list[JournalEntry]:
    """The entries of these accounts in an order that agrees with every account's versions."""
    after: dict[str, set[str]] = defaultdict(set)
    waits: dict[str, int] = defaultdict(int)
    entries: dict[str, JournalEntry] = {}
    for path in paths:
        chain: list[Any] = []
        cursor = None
        while True:
            page = kernel.read(lambda tx, path=path, cursor=cursor: ledger.statement(tx, path, cursor, 1000))
            chain += page.lines
            cursor = page.next_cursor
            if cursor is None:
                break
        ordered = [line.entry for line in reversed(chain)]
        for entry in ordered:
            entries[entry.reference] = entry
        for one, two in itertools.pairwise(ordered):
            if two.reference not in after[one.reference]:
                after[one.reference].add(two.reference)
                waits[two.reference] += 1
    ready = [reference for reference in entries if waits[reference] == 0]
    found = []
    while ready:
        reference = ready.pop()
        found.append(entries[reference])
        for follower in after[reference]:
            waits[follower] -= 1
            if waits[follower] == 0:
                ready.append(follower)
    assert len(found) == len(entries), "the versions of the accounts contradict each other"
    return found


@pytest.mark.long
@pytest.mark.timeout(900)  # each wait has an end of its own before, and says what the server was at
def test_the_api_and_postgres_are_killed(home: Path) -> None:
    prove(home, 2, seed=1)


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_fifty_kills(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed = int(os.environ.get("FARTHING_SEED", time.time()))
    with capsys.disabled():
        print(f"seed {seed}")
        began = time.monotonic()
        prove(home, 50, seed)
        print(f"fifty kills and their proof: {time.monotonic() - began:.0f} s")
