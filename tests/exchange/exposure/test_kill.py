"""Both processes are killed at random moments while lenders load and ask: no row is there twice, none that was taken is lost."""

from __future__ import annotations

import contextlib
import json
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from farthing.exchange.blinded.door_service import by_the_wall
from farthing.exchange.blinded.law import law_of
from farthing.exchange.exposure.client import PEER_AWAY
from farthing.exchange.shelf.service import Shelf
from farthing.kit.errors import Refusal
from tests.exchange.exposure.house import PURPOSE, House, customer, founded, law_with

KILLS = 12


class Process:
    """One of the two, on a port that it keeps through its deaths."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name, self.port = folder, name, 0
        self.start()

    def start(self) -> None:
        order = [sys.executable, "-m", "farthing", "exposure", self.name, "serve", str(self.folder / self.name)]
        order += ["--port", str(self.port), "--law", str(self.folder / "law.toml")]
        self.process = subprocess.Popen(order, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()  # type: ignore[union-attr]
        self.port = int(self.url.rpartition(":")[2])

    def die(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.start()


@pytest.mark.prove
def test_killed_at_random_nothing_is_lost_and_nothing_is_there_twice(tmp_path: Path) -> None:
    founded(tmp_path)
    law = law_with(tmp_path, edition_days="0", asks_a_person="500", rows_gate="100000")
    processes = [Process(tmp_path, name) for name in ("tagger", "shelf")]
    chance, over = random.Random(7), threading.Event()

    def killing() -> None:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.1, 0.7))
            chance.choice(processes).die()
        over.set()

    town = House(tmp_path, law)
    town.clock = by_the_wall  # type: ignore[method-assign]
    town.open(processes[0].url, processes[1].url)
    killer = threading.Thread(target=killing)
    killer.start()
    loaded, answered, tries = {"north": 0, "quick": 0}, 0, 0
    today = by_the_wall().date()
    while not over.is_set() or min(loaded.values()) < 3 or answered < 20:
        tries += 1
        lender = ("north", "quick")[tries % 2]
        try:
            town.load(lender, *(customer(number, "30000") for number in range(40)), as_of=today)
            loaded[lender] += 1
            town.ask(chance.randrange(40))
            answered += 1
        except Refusal as refusal:
            assert refusal.code == PEER_AWAY.name, refusal
    killer.join()
    told = town.ask(3)
    assert (told.band, told.lenders) == ("50-200k", "2-3")
    for each in processes:
        each.process.terminate()
        each.process.wait()
    shelf = Shelf(tmp_path / "shelf", law_of(tmp_path / "law.toml"))
    with contextlib.closing(shelf):
        held = {name: lender for lenders in shelf.memory.lenders.values() for name, lender in lenders.items()}
        counted = [lender.at(today) for lender in held.values()]
        assert len(counted) == 2 and all(file is not None and len(file.rows) == 40 for file in counted)
        nonces = [nonce for line in shelf._journal.records() if line["kind"] == "asked" for nonce in line["nonces"]]
        assert len(nonces) == len(set(nonces)) >= 2 * answered
        parts = [
            (line["lender"], line["load"], line["part"]) for line in shelf._journal.records() if line["kind"] == "part"
        ]
        assert len(parts) == len(set(parts))
    seen = [json.loads(line) for line in (tmp_path / "tagger" / "journal.jsonl").read_text().splitlines()]
    used = [line["nonce"] for line in seen if line["kind"] in ("asked", "tagged")]
    assert len(used) == len(set(used)) and loaded["north"] >= 3
    assert PURPOSE in {line.get("purpose") for line in seen}
