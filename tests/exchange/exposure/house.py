"""A tagger and a shelf over HTTP, three lenders and a person's door, on a clock of their own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from farthing.exchange.blinded.door_service import Door
from farthing.exchange.blinded.law import SHIPPED, Law, law_of
from farthing.exchange.blinded.parties_service import PARTIES, believed, itself, make
from farthing.exchange.exposure.client import HttpShelf, HttpTagger
from farthing.exchange.exposure.lender_service import LenderSide
from farthing.exchange.exposure.model import Customer, identity_text
from farthing.exchange.exposure.person_service import PersonSide
from farthing.exchange.shelf.service import Shelf
from farthing.exchange.tagger.service import Tagger
from farthing.kit.exposure import Exposure
from farthing.kit.money import Money

PURPOSE = "loan_application"
BEGAN = datetime(2026, 11, 30, 9, tzinfo=UTC)
"""A Monday: the first day of an edition."""
LENDERS = {"north": "bank", "south": "bank", "quick": "nonbank", "swift": "nonbank", "asks": "bank"}


def person(number: int) -> bytes:
    """Somebody's identity."""
    return identity_text("cn-id", f"11010119900101{number:04d}")


def consent(text: str = "consent 1") -> str:
    """A consent's hash."""
    return sha256(text.encode()).hexdigest()


def customer(number: int, owed: str = "30000", late: int = 0, granted: str = "50000") -> Customer:
    return Customer(person(number), Money.parse(granted, "CNY"), Money.parse(owed, "CNY"), late)


def law_with(folder: Path, **changed: str) -> Law:
    """The shipped law with other figures."""
    text = SHIPPED.read_text(encoding="utf-8")
    for name, value in {"points": "8", "rows_gate": "10", **changed}.items():
        line = next(each for each in text.splitlines() if each.startswith(f"{name} ="))
        text = text.replace(line, f"{name} = {value}")
    path = folder / "law.toml"
    path.write_text(text, encoding="utf-8")
    return law_of(path)


@dataclass
class House:
    """Both processes and everybody around them."""

    folder: Path
    law: Law
    now: datetime = BEGAN
    lenders: dict[str, LenderSide] = field(default_factory=dict)

    def clock(self) -> datetime:
        return self.now

    def wait(self, **how_long: int) -> None:
        self.now += timedelta(**how_long)

    @property
    def today(self) -> date:
        return self.now.date()

    def open(self, tagger_url: str, shelf_url: str) -> None:
        """Give everybody the addresses."""
        parties = believed(self.folder / "shelf")
        for name in LENDERS:
            _, key = itself(self.folder / name)
            tagger = HttpTagger(tagger_url, parties["tagger"])
            self.lenders[name] = LenderSide(name, key, self.law, tagger, HttpShelf(shelf_url), self.clock)
        _, key = itself(self.folder / "door")
        self.shelf_line, self.tagger_line = HttpShelf(shelf_url), HttpTagger(tagger_url, parties["tagger"])
        self.door = PersonSide("door", key, self.law, self.tagger_line, parties, b"s" * 32, self.clock)

    def load(self, lender: str, *customers: Customer, as_of: date | None = None) -> int:
        return self.lenders[lender].load(customers, purpose=PURPOSE, currency="CNY", as_of=as_of or self.today)

    def permit(self, number: int, inquirer: str = "asks", under: str | None = None) -> dict[str, Any]:
        under = under or consent(f"{number} to {inquirer}")
        wanted = self.lenders[inquirer].want(PURPOSE, under)
        return self.door.permit(wanted, person(number), inquirer=inquirer, consent=under, currency="CNY")

    def ask(self, number: int, inquirer: str = "asks") -> Exposure:
        return self.lenders[inquirer].told(self.permit(number, inquirer), person(number))


def founded(folder: Path) -> None:
    """Folders with keys, each believing all others."""
    cards = [make(folder / name, name, role) for name, role in {**LENDERS, "door": "door", "tagger": "tagger"}.items()]
    make(folder / "shelf", "shelf", "shelf")
    for name in ("tagger", "shelf"):
        (folder / name / PARTIES).write_text("".join(cards), encoding="utf-8")


@contextlib.contextmanager
def house(folder: Path, **changed: str) -> Iterator[House]:
    """A house whose two doors answer until it is left; ``made.tagger`` and ``made.shelf`` are the processes' insides."""
    if not (folder / "tagger").exists():
        founded(folder)
    made = House(folder, law_with(folder, **changed))
    made.tagger, made.shelf = (
        Tagger(folder / "tagger", made.law, made.clock),
        Shelf(folder / "shelf", made.law, made.clock),
    )  # type: ignore[attr-defined]
    doors = [Door(made.tagger.verbs), Door(made.shelf.verbs)]  # type: ignore[attr-defined]
    threads = [threading.Thread(target=door.serve, daemon=True) for door in doors]
    for thread in threads:
        thread.start()
    made.open(doors[0].url, doors[1].url)
    try:
        yield made
    finally:
        for door, thread in zip(doors, threads, strict=True):
            door.stop()
            thread.join()
        made.tagger.close()  # type: ignore[attr-defined]
        made.shelf.close()  # type: ignore[attr-defined]
