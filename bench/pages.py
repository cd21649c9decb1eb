"""Benchmark of the pages: how long the server takes to answer each page of each door, with a town in the database.

``farthing serve`` runs in a process of its own. Each door is entered by its sign-in link and walked by its own links, so
that every page that exists is measured and no list is kept; addresses that differ by an id alone are one page, of which
some are asked. Prints a JSON line a page: the 95th of a hundred answers in milliseconds, its bytes as they were sent, the
milliseconds of processor that server and database spent on an answer (``processor``, which others on the machine lengthen
less than they do the clock's), beside an answer of the same server that asks the database for nothing (``against``:
``/healthz``). Durability is on.

    python bench/pages.py                                      2,000 people, 6 months
    python bench/pages.py --only pages.customer --people 200   a quick look at one door
    python bench/pages.py --home FOLDER                        a bank that `farthing town` has grown already, as it stands
"""

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))  # this folder last: bench/http.py must not hide the standard library's http

import argparse
import contextlib
import gzip
import http.client
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from away import thrown_away
from farthing.bank.day import STEPS
from farthing.db.server import Database
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.town.founding import found
from farthing.town.growing.growth import Wanted, grow
from farthing.town.ports import ports_of
from lines import show
from links import links, shape

OPENS_ON = date(2025, 5, 28)
ROUNDS, EXAMPLES, MOST_PAGES = 100, 3, 400


@dataclass
class Visit:
    """One browser: its connection and its cookies."""

    connection: http.client.HTTPConnection
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> tuple[int, str, bytes, float]:
        """Status, where to, body as it was sent, seconds."""
        head = {"Accept-Encoding": "gzip", "Accept-Language": "en"}
        if self.cookies:
            head["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        began = time.perf_counter()
        self.connection.request("GET", path, headers=head)
        answer = self.connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - began
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), body, took


def text_of(body: bytes) -> str:
    """A page as it reads, however it was sent."""
    return (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()


def walk(visit: Visit, start: str) -> dict[str, list[str]]:
    """Every page that can be reached by links, with examples of its addresses."""
    pages: dict[str, list[str]] = {}
    waiting, met = [start], set()
    while waiting and len(met) < MOST_PAGES:
        path = waiting.pop(0)
        known = pages.setdefault(shape(path), [])
        if path in met or len(known) >= EXAMPLES:
            continue
        met.add(path)
        status, location, body, _ = visit.get(path)
        if status in (302, 303, 307):
            waiting.append(urlsplit(location).path)
        elif status == 200 and body:
            known.append(path)
            waiting.extend(links(text_of(body)))
    return {name: paths for name, paths in pages.items() if paths}


def at(share: float, seconds: list[float]) -> float:
    """The milliseconds that ``share`` of the answers stay under."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] * 1000


@dataclass(frozen=True)
class Spent:
    """What the serving program and the database's processes spend of the processor."""

    server: int
    home: Path

    def so_far(self) -> dict[int, int]:
        """Nanoseconds of each process that lives."""
        postmaster = int((self.home / "postgres" / "postmaster.pid").read_text().split()[0])
        return {process: _on_processor(process) for process in _of(self.server) | _of(postmaster)}

    def since(self, before: dict[int, int]) -> float:
        """Seconds since then; what a process spent that ended meanwhile is not known."""
        return sum(spent - before.get(process, 0) for process, spent in self.so_far().items()) / 1e9


def _of(parent: int) -> set[int]:
    """A process and those that it started."""
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    except OSError:
        return set()
    return {parent}.union(*(_of(int(child)) for child in children))


def _on_processor(process: int) -> int:
    """Nanoseconds on a processor, of all its threads."""
    spent = 0
    for thread in Path(f"/proc/{process}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            spent += int(thread.read_text().split()[0])
    return spent


def measure(name: str, address: str, only: str, spent: Spent) -> None:
    """Enter a door by its link and measure its pages."""
    base = urlsplit(address)
    visit = Visit(http.client.HTTPConnection(base.hostname or "", base.port or 80))
    status, location, _, _ = visit.get(base.path)
    if status != 303:
        raise SystemExit(f"the sign-in link of {name} answered {status}")
    floor = [visit.get("/healthz")[3] for _ in range(ROUNDS)]
    for page, paths in sorted(walk(visit, location).items()):
        label = f"pages.{name}{page}"
        if not label.startswith(only):
            continue
        before = spent.so_far()
        answers = [visit.get(paths[turn % len(paths)]) for turn in range(ROUNDS)]
        processor = spent.since(before) / ROUNDS * 1000
        seconds = [took for *_, took in answers]
        show(
            label, at(0.95, seconds), "ms (p95)", "p95 of /healthz", at(0.95, floor), p50=round(at(0.5, seconds), 1),
            processor=round(processor, 1), bytes=max(len(body) for _, _, body, _ in answers), load=os.getloadavg()[0],
        )  # fmt: skip


@contextlib.contextmanager
def served(home: Path) -> Iterator[tuple[int, list[dict[str, str]]]]:
    """``farthing serve`` on the town's bank: its process, and the doors with their sign-in links."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    surroundings = {**os.environ, "FARTHING_HOME": str(home), "FARTHING_PORT": str(port), "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", "farthing", "serve", "--json"]
    server = subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        said = ""
        for line in server.stdout:
            said += line
            try:
                told = json.loads(said)
                break
            except ValueError:
                continue
        else:
            raise SystemExit(f"the server said: {said}")
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.05)
        yield server.pid, [{"name": each["name"]["en"], "address": each["address"]} for each in told["doors"]]
    finally:
        server.terminate()
        server.wait(20)


def measured(home: Path, only: str) -> None:
    """Serve a bank and walk those of its doors that are asked for."""
    with served(home) as (server, doors):
        for door in doors:
            if f"pages.{door['name']}".startswith(only) or only.startswith(f"pages.{door['name']}"):
                measure(door["name"], door["address"], only, Spent(server, home))


def main() -> None:
    """Grow a town in a throw-away bank, serve it and walk its doors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--months", type=int, default=6)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", default="", help="a page's name, or the beginning of some, such as pages.customer")
    parser.add_argument("--home", type=Path, help="the folder of a bank that stands already; nothing is grown")
    options = parser.parse_args()
    if options.home is not None:
        measured(options.home, options.only)
        return
    with thrown_away() as (home, embedded):
        settings = Settings(home=home)
        kernel = Kernel(Database(embedded.url()).open(), ports=ports_of(settings), steps=STEPS)
        found(kernel, settings, OPENS_ON)
        grow(kernel, Wanted(options.people, options.months, options.seed), lambda what, done, total: None)
        kernel.database.close()
        measured(home, options.only)


if __name__ == "__main__":
    main()
