"""Benchmarks of exposure across lenders: the curve's work, an inquiry through two processes, a load of many customers.

Prints JSON lines: name, value, unit, against, ratio, machine. No database; tagger and shelf are processes of this machine, with
folders on its disk. What is measured against is measured in the same run.

    python bench/exposure.py                          all: about a minute on an idle machine
    python bench/exposure.py --only exposure.curve    blind, evaluate, finish: a point alone and in batches of 256
    python bench/exposure.py --only exposure.inquiry  from a lender's wish to the bands, p95; the aim is 150 ms
    python bench/exposure.py --only exposure.load     10,000 customers put on the shelf, against the curve's work alone
    python bench/exposure.py --only exposure.alike    an answer about somebody known, against one about nobody
"""

from __future__ import annotations

import sys

if __name__ == "__main__":  # this folder last: bench/http.py must not hide the standard library's http
    sys.path.append(sys.path.pop(0))

import argparse
import contextlib
import hashlib
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from farthing.exchange.blinded.door_service import by_the_wall
from farthing.exchange.blinded.group import GROUPS
from farthing.exchange.blinded.law import SHIPPED, Law, law_of
from farthing.exchange.blinded.parties_service import PARTIES, believed, itself, make
from farthing.exchange.exposure.client import HttpShelf, HttpTagger
from farthing.exchange.exposure.lender_service import LenderSide
from farthing.exchange.exposure.model import Customer, identity_text
from farthing.exchange.exposure.person_service import PersonSide
from farthing.kit.money import Money
from lines import show

NAMES = ("exposure.curve", "exposure.inquiry", "exposure.load", "exposure.alike")
PURPOSE, AIM_MS = "loan_application", 150.0
INQUIRIES, CUSTOMERS = 200, 10_000
PARTS = {"north": "bank", "asks": "nonbank", "door": "door", "tagger": "tagger", "shelf": "shelf"}


def milliseconds(work: Callable[[], object], times: int) -> float:
    """The median of some runs, in milliseconds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def curve() -> None:
    """A point alone and one of 256, in both groups; beside SHA-512 of the same text, and the evaluation without a proof."""
    for name, group in GROUPS.items():
        key, short = group.keyed(os.urandom(32), b"bench"), name.partition("-")[0].lower()
        for size, times in ((1, 60), (256, 4)):
            texts = [os.urandom(32) for _ in range(size)]
            blinding = group.blind(texts)
            made = key.evaluate(blinding.points)
            alone = milliseconds(lambda: [hashlib.sha512(text).digest() for text in texts], 200) / size  # noqa: B023
            raw = group.library.Evaluator.from_seed(os.urandom(32), b"")  # type: ignore[attr-defined]
            bare = milliseconds(lambda: [raw.evaluate_known_input(text) for text in texts], times) / size  # noqa: B023
            figures = {
                "blind": milliseconds(lambda: group.blind(texts), times),  # noqa: B023
                "evaluate": milliseconds(lambda: key.evaluate(blinding.points), times),  # noqa: B023
                "finish": milliseconds(lambda: group.finish(blinding, made, key.public), times),  # noqa: B023
            }
            for what, value in figures.items():
                show(
                    f"exposure.{what}", value / size, "ms", "one evaluation of a known text, no blinding, no proof", bare,
                    group=short, batch=size, sha512_ms=round(alone, 5),
                )  # fmt: skip


@dataclass
class Street:
    """Both processes, two lenders and a person's door."""

    law: Law
    north: LenderSide
    asks: LenderSide
    door: PersonSide

    def ask(self, number: int) -> None:
        """A lender asks about a person, from its wish to the bands."""
        consent = hashlib.sha256(str(number).encode()).hexdigest()
        wanted = self.asks.want(PURPOSE, consent)
        permit = self.door.permit(wanted, person(number), inquirer="asks", consent=consent, currency="CNY")
        self.asks.told(permit, person(number))


def person(number: int) -> bytes:
    """Somebody's identity."""
    return identity_text("cn-id", f"1101011990{number:08d}")


@contextlib.contextmanager
def street() -> Iterator[Street]:
    """Processes over folders of this machine's disk, with the law that comes along, at whose editions nobody waits."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        folder = Path(name)
        text = SHIPPED.read_text(encoding="utf-8").replace("edition_days = 7", "edition_days = 0")
        (folder / "law.toml").write_text(text, encoding="utf-8")
        cards = "".join(make(folder / each, each, role) for each, role in PARTS.items())
        (folder / PARTIES).write_text(cards, encoding="utf-8")
        for each in ("tagger", "shelf"):
            (folder / each / PARTIES).write_text(cards, encoding="utf-8")
        law, parties = law_of(folder / "law.toml"), believed(folder)
        with contextlib.ExitStack() as ends:
            urls = [ends.enter_context(_serving(folder, each)) for each in ("tagger", "shelf")]
            tagger, shelf = HttpTagger(urls[0], parties["tagger"]), HttpShelf(urls[1])
            lenders = [
                LenderSide(each, itself(folder / each)[1], law, tagger, shelf, by_the_wall)
                for each in ("north", "asks")
            ]
            door = PersonSide("door", itself(folder / "door")[1], law, tagger, parties, os.urandom(32), by_the_wall)
            yield Street(law, *lenders, door)


@contextlib.contextmanager
def _serving(folder: Path, name: str) -> Iterator[str]:
    order = [
        sys.executable, "-m", "farthing", "exposure", name, "serve", str(folder / name), "--port", "0", "--law",
        str(folder / "law.toml"),
    ]  # fmt: skip
    process = subprocess.Popen(order, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def customers(count: int) -> list[Customer]:
    """Customers of a lender."""
    return [Customer(person(each), Money(50_000_00, "CNY"), Money(each % 90_000_00, "CNY"), 0) for each in range(count)]


def inquiry() -> None:
    """From a lender's wish to the bands: six signatures, seven points, three doors, two of them on the disk."""
    with street() as place:
        place.north.load(customers(256), purpose=PURPOSE, currency="CNY", as_of=datetime.now(UTC).date())
        place.ask(0)
        taken = []
        for number in range(1, INQUIRIES + 1):
            began = time.perf_counter()
            place.ask(number)
            taken.append((time.perf_counter() - began) * 1000)
        p95 = statistics.quantiles(taken, n=20)[-1]
        show("exposure.inquiry", p95, "ms p95", "the aim", AIM_MS, p50=round(statistics.median(taken), 2))


def load() -> None:
    """All customers of a lender on the shelf, against blinding, evaluating and finishing as many points in this process."""
    with street() as place:
        everybody = customers(CUSTOMERS)
        began = time.perf_counter()
        place.north.load(everybody, purpose=PURPOSE, currency="CNY", as_of=datetime.now(UTC).date())
        whole = time.perf_counter() - began
        group, size = place.law.group, place.law.batch
        key = group.keyed(os.urandom(32), b"bench")
        began = time.perf_counter()
        for start in range(0, CUSTOMERS, size):
            blinding = group.blind([each.identity for each in everybody[start : start + size]])
            group.finish(blinding, key.evaluate(blinding.points), key.public)
        bare = time.perf_counter() - began
        show("exposure.load", whole, "s", "the curve's work alone, in one process", bare, customers=CUSTOMERS)


def alike() -> None:
    """An answer about somebody known, against one about nobody, in turn; the medians differ by the machine's noise."""
    with street() as place:
        place.north.load(customers(256), purpose=PURPOSE, currency="CNY", as_of=datetime.now(UTC).date())
        taken: tuple[list[float], list[float]] = ([], [])
        for number in range(100):
            for which, base in enumerate((0, 1_000_000)):
                began = time.perf_counter()
                place.ask(base + number)
                taken[which].append((time.perf_counter() - began) * 1000)
        known, nobody = map(statistics.median, taken)
        show("exposure.alike", known, "ms", "about nobody", nobody)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is asked for."""
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--only", choices=NAMES)
    only = wanted.parse_args(arguments).only
    for name, run in zip(NAMES, (curve, inquiry, load, alike), strict=True):
        if only in (None, name):
            run()


if __name__ == "__main__":
    main()
