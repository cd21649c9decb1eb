"""Random lives with kills, over messages to a bank of its own: at every instant the accounts of the chain come to nothing, the
other bank's book and ours agree, and each payment has one id. A thousand of them beside a bank in a process that is killed too:
``make prove``."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from farthing.kernel.day import close_day
from farthing.kernel.errands import unanswered
from farthing.kit.client import post
from farthing.kit.errors import Refusal
from farthing.payments.life import recall_service
from farthing.payments.life.model import Recall
from farthing.payments.life.names import end_to_end_id_of, payment_id_of
from farthing.payments.rail_client import IsoRail
from farthing.payments.wallets import wallet_path
from farthing.town.bank_server import BankServer
from farthing.town.sandbox_bank import SandboxBank
from tests.conftest import Bank
from tests.payments.life.house import ACCEPTS, CARD, DECLINES, LATE_NO, SILENT, House, house_of
from tests.payments.life.stops import Killed, Stops, stopping
from tests.tidy.tree import ROOT
from tests.waits import patience

OPENING = 100_000
ACCOUNTS = (CARD, CARD, SILENT, ACCEPTS, LATE_NO, DECLINES)
MOODS = ("answers", "answers", "loses", "mute", "wrong", "pends", "accepts", "declines")
CHAIN = """
    SELECT split_part(path, ':', 2), sum(balance)::bigint, sum(held_out)::bigint FROM account
    WHERE path = %s OR path IN ('assets:cash:sandbox', 'liabilities:in-transit:sandbox', 'assets:returned:sandbox')
    GROUP BY 1
"""
POSTED = """
    SELECT coalesce(sum(p.balance), 0)::bigint FROM account a JOIN posting p ON p.account_id = a.id AND p.version = a.version
"""
MOVEMENTS = "SELECT id, direction, amount_minor, state, returned_minor FROM rail_payment"
PAID = ("settled", "returned", "recalled")


class Broken(BaseException):
    """Something was not so. No ``except Exception`` of the program sees it."""


@dataclass
class Watch(Stops):
    """Looks at both books at every place at which a program may be killed, and kills at one of them."""

    house: House | None = None
    books: psycopg.Connection[Any] | None = None
    moved: Callable[[], dict[str, int]] = dict
    looks: int = 0

    def place(self) -> None:
        try:
            self.look()
        except AssertionError as wrong:
            raise Broken(str(wrong)) from wrong
        super().place()

    def look(self) -> None:
        """What is so at every instant."""
        assert self.house is not None and self.books is not None
        self.looks += 1
        theirs = self.moved()
        wallet = wallet_path(self.house.ann, "CNY", "CNY")
        found = {name: (minor, held) for name, minor, held in self.books.execute(CHAIN, (wallet,))}
        rows = self.books.execute(MOVEMENTS).fetchall()
        assert sum(minor for minor, _ in found.values()) == 0, "the chain comes to nothing"
        assert self.books.execute(POSTED).fetchone() == (0,)
        booked = {each: self.signed(each) for each in rows if each[3] in PAID}
        back = sum(each[4] if each[1] == "out" else -each[4] for each in rows)
        assert found["cash"][0] == sum(booked.values()) + back, "our cash is what we booked of movements"
        going = [each for each in rows if each[1] == "out" and each[3] in ("asked", "unknown")]
        assert found["wallets"][1] == sum(each[2] for each in going), "what may be on its way is held"
        transit = sum(each[2] for each in rows if each[1] == "out" and each[3] == "accepted")
        assert -found.get("in-transit", (0, 0))[0] == transit
        ours = {end_to_end_id_of(each[0]): each for each in rows}
        assert theirs.keys() <= ours.keys(), "nobody is told an id that we do not know"
        for name, minor in theirs.items():
            assert minor == self.signed(ours[name]) and ours[name][3] != "declined", "what moved is not given back"
        for each, minor in booked.items():
            assert theirs.get(end_to_end_id_of(each[0]), minor if each[2] == OPENING else 0) == minor

    @staticmethod
    def signed(row: tuple[Any, ...]) -> int:
        return int(row[2]) if row[1] == "in" else -int(row[2])


@dataclass
class Lives:
    """One house after another's life, drawn from a seed."""

    house: House
    watch: Watch
    control: Callable[[dict[str, Any]], Any]
    drawn: random.Random
    told: set[str] = field(default_factory=set)

    def live(self, number: int) -> None:
        """A movement with whatever befalls it, killed now and then, and what the bank tells of it by itself."""
        drawn, key = self.drawn, f"life {number}"
        way, minor, account = drawn.choice(("in", "out")), drawn.randint(1, 900), drawn.choice(ACCOUNTS)
        move = self.house.top_up if way == "in" else self.house.pay_out
        self.control({"moods": [drawn.choice(MOODS) for _ in range(drawn.randint(0, 3))]})

        def steps() -> None:
            with suppress(Refusal):
                move(minor, account, key=key)
            self.tells()
            if drawn.random() < 0.7:
                self.house.settle()
            if drawn.random() < 0.1:
                close_day(self.house.bank.kernel)

        for _ in range(drawn.choice((0, 1, 1, 2))):
            self.watch.at, self.watch.passed = drawn.randint(0, 14), 0
            with suppress(Killed):
                steps()
        self.watch.at = None
        steps()

    def tells(self) -> None:
        """A return, whole or in parts less a fee, a late no, a recall that is agreed: of one of those that went out."""
        drawn, moved = self.drawn, self.watch.moved()
        ready = [name for name, minor in moved.items() if minor < 0 and name not in self.told]
        if not ready or drawn.random() < 0.5:
            return
        name = drawn.choice(ready)
        self.told.add(name)
        minor, kind = -moved[name], drawn.choice(("part", "part", "declined", "returned whole", "recalled"))
        ours = self.house.payment(payment_id_of(name)).state
        if kind == "declined":
            if ours not in PAID:  # of what we do not know to be settled its no would be believed
                return
            self.control({"tell": "declined", "id": name, "reason_code": "AC06"})
        elif kind == "part" and minor > 1:
            fee = drawn.randint(0, 1)
            self.control({"tell": "returned", "id": name, "minor": minor // 2, "fee": fee, "reason_code": "AC04"})
            self.control({"tell": "returned", "id": name, "minor": minor - minor // 2 - fee})
        elif kind == "recalled":
            with suppress(Refusal):
                self.house.bank.run(recall_service.recall, Recall(payment_id_of(name)))
            self.control({"recall": name, "agreed": True})
            self.control({"tell": "recalled", "id": name})
        else:
            self.control({"tell": "returned", "id": name, "reason_code": "MD07"})

    def end(self) -> None:
        """Everybody answers in the end, and the two books say the same of each."""
        for each in self.house.bank.read(unanswered):
            if each.kind == recall_service.RECALL:
                self.control({"recall": end_to_end_id_of(each.subject), "agreed": False})
        for _ in range(6):
            self.house.settle()
        self.watch.look()
        assert self.house.bank.read(unanswered) == [] and self.house.clean()
        with self.house.bank.superuser() as books:
            rows = books.execute(MOVEMENTS).fetchall()
        assert not [each for each in rows if each[3] in ("asked", "unknown", "accepted")]
        paid = {
            end_to_end_id_of(each[0]): Watch.signed(each) for each in rows if each[3] in PAID and each[2] != OPENING
        }
        assert paid == self.watch.moved()


@contextmanager
def watched(house: House, control: Callable[[dict[str, Any]], Any], url: str, seed: int) -> Iterator[Lives]:
    ports = house.bank.kernel.ports
    with house.bank.superuser() as books:
        watch = Watch(None, 0, house, books, lambda: dict(control({})["moved"]))
        house.bank.kernel.ports = ports.with_peer("rail", "sandbox", IsoRail("sandbox", url, int(patience(5) * 1000)))
        with stopping(house.bank, watch):
            yield Lives(house, watch, control, random.Random(seed))
        house.bank.kernel.ports = ports


@pytest.fixture
def house(bank: Bank) -> House:
    return house_of(bank)


def test_some_lives_with_kills(house: House) -> None:
    with BankServer(SandboxBank()) as peer, watched(house, peer.control, peer.url, 9) as lives:
        for number in range(14):
            lives.live(number)
        lives.watch.at = None
        lives.end()
        assert lives.watch.looks > 50 and len(peer.bank.orders) >= 8


@dataclass
class Beside:
    """The other bank in a process of its own, over its book, at one port: killed and started again."""

    book: Path
    port: int = 0
    process: subprocess.Popen[str] | None = None
    url: str = ""

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "farthing.town.bank_server",
            "--book",
            str(self.book),
            "--port",
            str(self.port),
        ]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        self.port = int(self.url.rpartition(":")[2])

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def control(self, told: dict[str, Any]) -> Any:
        body = json.dumps(told).encode()
        return json.loads(post(f"{self.url}/control", body, within=patience(5), at_most=1_000_000).body)


@pytest.mark.prove
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_lives_with_kills_of_both_banks(house: House, tmp_path: Path, seed: int) -> None:
    """A hundred for each seed, in a house of its own."""
    beside = Beside(tmp_path / "bank.jsonl")
    beside.start()
    try:
        with watched(house, beside.control, beside.url, seed) as lives:
            for number in range(100):
                lives.live(number)
                if number % 25 == 24:
                    beside.kill()
                    beside.start()
            lives.end()
            assert lives.watch.looks > 500 and len(lives.watch.moved()) > 30
    finally:
        beside.kill()
