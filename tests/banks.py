"""Banks for tests: each on a database of its own, begun as a copy of one that was begun in the same way before.

Founding a bank costs a third of a second of processor, and some hundreds of tests begin with it. So each worker does
each :class:`Beginning` once, through the same operations, keeps the database, and copies its files for whoever begins
so. A copy goes on as the first would have: the same next random bits, the same instant of the bank's clock, and peers
with the same memory.
"""

from __future__ import annotations

import contextlib
import copy
import itertools
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from farthing.bank.day import STEPS
from farthing.credit.sandbox_channel import SandboxChannel
from farthing.db.keyring.ring import FILE, Keyring
from farthing.db.server import Database, Embedded
from farthing.kernel import jobs
from farthing.kernel.clock import Wall, wall_clock
from farthing.kernel.ports import Ports
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.ids import IdSource
from farthing.payments.bindings.sandbox_network import SandboxNetwork
from farthing.payments.sandbox_rail import SandboxRail
from farthing.signing.keys import Vault
from farthing.town.ports import ports_of
from farthing.town.wallet.issuing import SandboxWallet
from tests.log_signers import Inside


class Ring(Keyring):
    """The keyring of a test's bank: in memory, until the command line too is to open the bank."""

    @classmethod
    def fresh(cls) -> Self:
        return cls(None, Vault(None))

    def lie_in(self, folder: Path) -> None:
        """Lie in a folder from now on, in place of any that lies there, with every key that there is."""
        for file in folder.glob(f"{FILE}*"):
            file.unlink()
        self.save(folder / FILE)
        self.close()
        self._folder, self.place = folder, str(folder / FILE)


_UNUSED: dict[str, Shelf] = {}
"""The databases that were made for a test and that nobody has used, by address: one may still be another's copy."""
RINGS: dict[str, Ring] = {}
"""The keyring of the bank over each database, by address: whoever opens it again finds the same keys."""
_ON_DISK = tempfile.TemporaryDirectory(prefix="farthing-rings-")
SESSIONS = "SELECT coalesce(sum(sessions), 0)::integer FROM pg_stat_database WHERE datname = %(name)s"
LATER = "UPDATE bank_clock SET anchor_wall_at = anchor_wall_at + %(later)s"


def sandbox_ports() -> Ports:
    """A fresh sandbox table: seeded banks repeat their ids, and sandbox peers remember what they were asked."""
    ports = ports_of(Settings(bureau_url=None, ocsp_url=None, tsa_url=None, _env_file=None))
    ports = ports.with_peer("channel", "sandbox", SandboxChannel()).with_peer("signer", "log", Inside())
    ports = ports.with_peer("judge", "pdf", SandboxWallet())
    ports = ports.with_peer("keyring", "file", Ring.fresh())
    return with_network(ports, SandboxNetwork())


def with_network(ports: Ports, network: SandboxNetwork) -> Ports:
    """The same table with a card network, and what seals numbers to its key."""
    return ports.with_peer("network", "sandbox", network).with_peer("sealer", "sandbox", network.sealer)


def with_memory_of(ports: Ports) -> Ports:
    """A sandbox table whose peers know what those of another bank know: the wallet and the network their keys, the rail what it
    moved, and the keyring its keys."""
    rail: SandboxRail = ports.peer("rail", "sandbox")
    known = SandboxRail(seen=dict(rail.seen), calls=list(rail.calls), told=list(rail.told))
    network = SandboxNetwork(ports.peer("network", "sandbox").seed)
    fresh = with_network(sandbox_ports(), network).with_peer("rail", "sandbox", known)
    fresh = fresh.with_peer("signer", "log", ports.peer("signer", "log").copy())
    fresh = fresh.with_peer("keyring", "file", ports.peer("keyring").copy())
    return fresh.with_peer("channel", "sandbox", ports.peer("channel", "sandbox"))


def seeded(url: str, ids: IdSource | None = None, wall: Wall = wall_clock, ports: Ports | None = None) -> Kernel:
    """The core of a test's bank over a database: seeded ids, sandbox peers, every step of a day's close."""
    ports = ports or sandbox_ports().with_peer("keyring", "file", RINGS.setdefault(url, Ring.fresh()))
    before, RINGS[url] = RINGS.get(url), ports.peer("keyring")
    if before is not None and before is not RINGS[url] and before.place != "memory":
        RINGS[url].lie_in(Path(before.place).parent)
    return Kernel(Database(url).open(), ids=ids or IdSource(7), wall=wall, ports=ports, steps=STEPS)


def at(url: str) -> dict[str, str]:
    """The settings by which the command line opens a test's bank: its database, and a folder in which its keyring lies."""
    ring = RINGS.setdefault(url, Ring.fresh())
    if ring.place == "memory":
        ring.lie_in(Path(tempfile.mkdtemp(dir=_ON_DISK.name)))
    return {"FARTHING_DATABASE_URL": url, "FARTHING_KEYRING": str(Path(ring.place).parent)}


def commanded(environment: pytest.MonkeyPatch, url: str) -> None:
    """Let the command line open a test's bank."""
    for name, value in at(url).items():
        environment.setenv(name, value)


@dataclass
class Bank:
    """An open bank on a fresh database."""

    kernel: Kernel
    url: str
    system: Actor = SYSTEM

    def run(self, function: Any, command: Any, **options: Any) -> Any:
        return self.kernel.run(function, command, **options)

    def read(self, query: Any, **options: Any) -> Any:
        return self.kernel.read(query, **options)

    def drain(self) -> None:
        jobs.drain(self.kernel)

    def superuser(self) -> psycopg.Connection[Any]:
        """A connection that may plant anything, for tests of what must be noticed."""
        return psycopg.connect(self.url, autocommit=True)

    def begin(self, name: str, work: Callable[[Bank], Any]) -> Any:
        """Do what many tests begin with, answering what ``work`` answers. Where nobody has looked at the bank yet it
        becomes a copy of one in which the work was done under that name before; so the name says all that varies."""
        return work(self)


@dataclass(frozen=True)
class Beginning:
    """How a bank begins: ``name`` says it wholly, ``work`` does it in a bank that has just opened ``on`` a day; or, where
    there is one to go on from, in a bank begun so, with what that one answered."""

    name: str
    on: date
    work: Callable[..., Any] = field(compare=False)
    after: Beginning | None = None


@dataclass(frozen=True)
class Kept:
    """A beginning that was done: the database to copy, and how its bank stood when it was left."""

    database: str
    ids: IdSource
    wall: datetime
    ports: Ports
    answer: Any


class Shelf:
    """The beginnings that a worker keeps, over its embedded server."""

    def __init__(self, server: Embedded, template: str) -> None:
        self._server, self._template = server, template
        self._kept: dict[Beginning, Kept] = {}
        self._spare: list[str] = []
        self._count = itertools.count(1)
        self._owner: psycopg.Connection[Any] | None = None

    def _do(self, *statements: str) -> None:
        """As the owner, over one session that stays."""
        if self._owner is None or self._owner.closed:
            self._owner = psycopg.connect(self._server.url("postgres"), autocommit=True)
        for statement in statements:
            self._owner.execute(statement.encode())

    def copied(self, template: str, name: str) -> str:
        """A database under a name, as a copy of another one; answers its owner's address."""
        self._do(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self._server.url(name)

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """A migrated database of its own, as its owner (a superuser); gone at the end."""
        name = f"test_{next(self._count)}"
        url = self._renamed(name) if self._spare else self.copied(self._template, name)
        _UNUSED[url] = self
        yield url
        _UNUSED.pop(url, None)
        self.discard(name)

    def _renamed(self, name: str) -> str:
        """A database that gave way before, under another name: a hundredth of what a copy costs."""
        self._do(f"ALTER DATABASE {self._spare.pop()} RENAME TO {name}")
        return self._server.url(name)

    def give_way(self, name: str) -> None:
        """Keep a database that nobody has used for the next test that asks for one; one that somebody looked at, without
        telling the shelf, is taken away."""
        spare = f"spare_{next(self._count)}"
        self._do()
        assert self._owner is not None
        looked_at = self._owner.execute(SESSIONS, {"name": name}).fetchone()
        try:
            if looked_at == (0,):
                self._do(f"ALTER DATABASE {name} RENAME TO {spare}")
                self._spare.append(spare)
                return
        except psycopg.errors.ObjectInUse:
            pass
        self.discard(name)

    @contextlib.contextmanager
    def bank(self, on: date) -> Iterator[Bank]:
        """A bank whose database is made when it is first looked at; gone at the end."""
        bank = Unseen(self, f"test_{next(self._count)}", on)
        yield bank
        if bank.seen:
            bank.kernel.database.close()
            self.discard(bank.name)

    def opened(self, name: str, on: date) -> Bank:
        """A bank with nothing in its books, on a new database of that name."""
        return opened_at(self.copied(self._template, name), on)

    def discard(self, name: str) -> None:
        """Take a database of that name away, whoever is still there."""
        RINGS.pop(self._server.url(name), None)
        self._do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        if self._owner is not None:
            self._owner.close()

    def begun(self, name: str, beginning: Beginning, wall: Wall = wall_clock) -> tuple[Bank, Any]:
        """A bank on a new database of that name, begun so, and what its beginning answered."""
        kept = self.kept(beginning, wall)
        url = self.copied(kept.database, name)
        kernel = seeded(url, copy.deepcopy(kept.ids), wall, with_memory_of(kept.ports))
        if later := wall() - kept.wall:
            with kernel.database.transaction() as connection:
                connection.execute(LATER, {"later": later})
        return Bank(kernel, url), copy.deepcopy(kept.answer)

    def kept(self, beginning: Beginning, wall: Wall = wall_clock) -> Kept:
        """What is kept of a beginning, which is done where nobody has done it yet."""
        return self._kept.get(beginning) or self._keep(beginning, wall)

    def _keep(self, beginning: Beginning, wall: Wall) -> Kept:
        name = f"begun_{next(self._count)}"
        if beginning.after is None:
            kernel = seeded(self.copied(self._template, name), wall=wall)
            kernel.open_bank("simulated", "Asia/Shanghai", "CNY", beginning.on)
            answer = beginning.work(Bank(kernel, self._server.url(name)))
        else:
            bank, before = self.begun(name, beginning.after, wall)
            kernel, answer = bank.kernel, beginning.work(bank, before)
        kept = self._kept[beginning] = Kept(name, kernel.ids, wall(), kernel.ports, answer)
        kernel.database.close()
        return kept


def opened_at(url: str, on: date) -> Bank:
    """A bank with nothing in its books over a test's database."""
    _UNUSED.pop(url, None)
    kernel = seeded(url)
    kernel.open_bank("simulated", "Asia/Shanghai", "CNY", on)
    return Bank(kernel, url)


def begun_at(url: str, beginning: Beginning, wall: Wall = wall_clock) -> tuple[Bank, Any]:
    """A bank over a test's database, begun so, and what its beginning answered. A database that nobody has used gives
    way to a copy."""
    shelf = _UNUSED.pop(url, None)
    if shelf is not None:
        name = str(conninfo_to_dict(url)["dbname"])
        shelf.give_way(name)
        return shelf.begun(name, beginning, wall)
    if beginning.after is not None:
        bank, before = begun_at(url, beginning.after, wall)
        return bank, beginning.work(bank, before)
    kernel = seeded(url, wall=wall)
    kernel.open_bank("simulated", "Asia/Shanghai", "CNY", beginning.on)
    bank = Bank(kernel, url)
    return bank, beginning.work(bank)


def foreseen(url: str, beginning: Beginning) -> Any:
    """What a beginning will have answered over a test's database that nobody has used; none where somebody has."""
    shelf = _UNUSED.get(url)
    return None if shelf is None else copy.deepcopy(shelf.kept(beginning).answer)


class Unseen(Bank):
    """A bank that is opened when it is first looked at: until then it may still become a copy of another."""

    def __init__(self, shelf: Shelf, name: str, on: date) -> None:
        self.system, self.name = SYSTEM, name
        self._shelf, self._on = shelf, on
        self._opening = threading.Lock()

    @property
    def seen(self) -> bool:
        return "kernel" in vars(self)

    def begin(self, name: str, work: Callable[[Bank], Any]) -> Any:
        if self.seen:
            return work(self)
        bank, answer = self._shelf.begun(self.name, Beginning(name, self._on, work))
        self.url, self.kernel = bank.url, bank.kernel
        return answer

    def __getattr__(self, name: str) -> Any:
        if name not in ("kernel", "url"):
            raise AttributeError(name)
        with self._opening:  # a test's threads may be the first to look, all at once
            if not self.seen:
                bank = self._shelf.opened(self.name, self._on)
                self.url, self.kernel = bank.url, bank.kernel
        return vars(self)[name]
