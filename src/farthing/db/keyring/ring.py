"""Own ``Keyring``: a random key a person, and the house's key for blind indexes, in a file of its own beside the bank.

It lies outside the database: no dump and no physical copy of the database holds a key, and what is sealed under one that was
destroyed opens nowhere again, from whatever copy of the database it comes. A key is on the disk before anything is sealed under
it; an attempt that is undone leaves a key of nobody, and nothing else. Of a destroyed key a tombstone stays, by which no other
takes its place. Keys are wrapped by the bank's vault (``FARTHING_SECRET``).

The file is SQLite: several processes of one machine share it, and each act on it is whole or not at all. What is destroyed is
overwritten in the file and in its log; what the disk beneath keeps of old blocks, nobody here can say. Never on a network's disk.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, Self

import psycopg

from farthing.db.keyring import store
from farthing.db.keyring.sealing import KEY_BYTES, NEVER, Gone, joint, open_sealed, seal
from farthing.db.tx import Tx
from farthing.kit.errors import InvariantBroken, conflict
from farthing.kit.words import Words

FILE = "keyring.sqlite3"
HOUSE = "house:index"
"""Whose key makes blind indexes: the house's own."""

UNUSABLE = conflict(
    "keyring.unusable",
    "The keyring {place} cannot be used: {problem}. Without it nobody's name, number or phone can be read; put the copy back.",
    "密钥环 {place} 无法使用：{problem}。没有它，任何客户的姓名、证件号码和手机号都无法读取；请恢复其副本。",
)
OTHERS = conflict(
    "keyring.of_another_bank",
    "The keyring {place} is not the one that this bank's values are sealed under; point FARTHING_KEYRING at that one.",
    "密钥环 {place} 不是本机构个人信息加密所用的密钥环；请将 FARTHING_KEYRING 指向正确的密钥环。",
)

NO_FILE = Words("there is no such file", "没有这个文件")
NO_RING = Words("it is no keyring", "这不是密钥环")
BUSY = Words("somebody reads it without an end", "有程序持续占用")

SCHEMA = """
CREATE TABLE IF NOT EXISTS ring (id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS person_key (subject TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tombstone (subject TEXT PRIMARY KEY, key_id TEXT NOT NULL, destroyed_at TEXT NOT NULL) WITHOUT ROWID;
"""
SETTLED = "INSERT INTO ring SELECT ? WHERE NOT EXISTS (SELECT 1 FROM ring)"
RING = "SELECT id FROM ring"
KEYS = "SELECT subject, wrapped FROM person_key WHERE subject IN (SELECT value FROM json_each(?))"
TOMBSTONES = "SELECT subject, key_id, destroyed_at FROM tombstone WHERE subject IN (SELECT value FROM json_each(?))"
MAKE = """
INSERT INTO person_key SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM tombstone WHERE subject = ?1)
ON CONFLICT (subject) DO NOTHING
"""
BURY = "INSERT INTO tombstone VALUES (?, ?, ?) ON CONFLICT (subject) DO NOTHING"
DESTROY = "DELETE FROM person_key WHERE subject = ?"
ALL_KEYS = "SELECT subject, wrapped FROM person_key"
ALL_TOMBSTONES = "SELECT subject, key_id, destroyed_at FROM tombstone ORDER BY destroyed_at, subject"
WRAPPED_OTHERWISE = "SELECT subject, wrapped FROM person_key WHERE substr(wrapped, 1, ?) <> ? LIMIT ?"
REWRAP = "UPDATE person_key SET wrapped = ? WHERE subject = ? AND wrapped = ?"
COUNT = "SELECT (SELECT count(*) FROM person_key), (SELECT count(*) FROM tombstone)"


class Wrapping(Protocol):
    """What keys are wrapped by: the bank's vault."""

    @property
    def head(self) -> bytes:
        """How everything begins that is wrapped as it would be now."""

    def seal(self, plain: bytes) -> bytes:
        """A key as the ring keeps it."""

    def unseal(self, kept: bytes) -> bytes:
        """The key again."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That somebody's key was destroyed, when, and which it was: a fingerprint that opens nothing."""

    subject: str
    key_id: str
    destroyed_at: str


@dataclass(frozen=True, slots=True)
class Item:
    """A value that is to be sealed or opened: whose it is (of several: whoever is named), its bytes, and what it is about."""

    subjects: tuple[str, ...]
    content: bytes
    about: str


class Keyring:
    """The keys of one bank's people. ``folder``: where the file lies; without one it lies in memory, for trials."""

    def __init__(self, folder: Path | None, vault: Wrapping, cipher: str = "AES") -> None:
        self.place = "memory" if folder is None else str(folder / FILE)
        self._folder, self._vault, self._cipher = folder, vault, cipher
        self._lock = threading.RLock()
        self._open: sqlite3.Connection | None = None
        self._pid = 0
        self._unwrapped = lru_cache(maxsize=20_000)(vault.unseal)

    @property
    def id(self) -> str:
        """Which ring it is: a bank remembers the one that it began with."""
        with self._held() as ring:
            return str(ring.execute(RING).fetchone()[0])

    def settle(self, connection: psycopg.Connection[Any], since: datetime | None) -> None:
        """See to it that this ring is the one of the bank of a connection; a bank that has none yet begins with it (``since``).

        Refuses ``keyring.of_another_bank``.
        """
        known = store.known(connection)
        if known is None and since is not None:
            store.settle(connection, self.id, since)
        elif known not in (None, self.id):
            raise OTHERS(place=self.place)

    def seal(self, items: Sequence[Item]) -> list[bytes]:
        """Seal values, each under the key of whose it is, made where there is none; those whose key is destroyed are not kept."""
        keys = self._made({subject for item in items for subject in item.subjects})
        made = []
        for item in items:
            found = [keys[subject] for subject in item.subjects]
            held = [key for key in found if key is not None]
            whole = len(held) == len(found)
            made.append(seal(self._cipher, joint(held), item.content, item.about.encode()) if whole else NEVER)
        return made

    def open(self, items: Sequence[Item]) -> list[bytes | Gone]:
        """Open values; :class:`Gone` where a key is destroyed. Broken where there never was one, or a value was changed."""
        wanted = {subject for item in items for subject in item.subjects}
        keys = self._found(wanted)
        dead = self._dead(wanted - keys.keys())
        opened: list[bytes | Gone] = []
        for item in items:
            held = [keys[subject] for subject in item.subjects if subject in keys]
            if item.content == NEVER or any(subject in dead for subject in item.subjects):
                opened.append(Gone.ERASED)
            elif len(held) < len(item.subjects):
                missing = [subject for subject in item.subjects if subject not in keys]
                raise InvariantBroken(f"the keyring {self.place} holds no key of {', '.join(missing)}")
            else:
                opened.append(open_sealed(joint(held), item.content, item.about.encode()))
        return opened

    def index(self, what: str, texts: Sequence[str]) -> list[bytes]:
        """Blind indexes: what the same word is found by, and nobody guesses it from without the house's key (HMAC-SHA-256)."""
        (key,) = self._made({HOUSE}).values()
        if key is None:
            raise InvariantBroken("the house's own key is destroyed")
        return [hmac.digest(key, f"{what}\0{text}".encode(), hashlib.sha256) for text in texts]

    def destroy(self, subjects: Iterable[str], at: datetime) -> list[Tombstone]:
        """Destroy keys, for ever, before this returns; what is destroyed already stays as it was. Who has no key gets
        a tombstone all the same."""
        wanted = sorted(set(subjects) - {HOUSE})
        with self._held(writing=True) as ring:
            keys = self._found(set(wanted))
            stamp = at.astimezone(UTC).isoformat(timespec="seconds")
            ring.executemany(BURY, [(each, key_id(keys.get(each)), stamp) for each in wanted])
            ring.executemany(DESTROY, [(each,) for each in wanted])
        self._overwrite()
        self._unwrapped.cache_clear()
        return list(self._dead(set(wanted)).values())

    def tombstones(self, subjects: Iterable[str] | None = None) -> list[Tombstone]:
        """Whose keys were destroyed, of some people or of all."""
        if subjects is not None:
            return list(self._dead(set(subjects)).values())
        with self._held() as ring:
            return [Tombstone(*row) for row in ring.execute(ALL_TOMBSTONES)]

    def count(self) -> tuple[int, int]:
        """How many keys there are, and how many were destroyed."""
        with self._held() as ring:
            keys, dead = ring.execute(COUNT).fetchone()
        return int(keys), int(dead)

    def rewrap(self, limit: int) -> int:
        """Wrap keys as the vault wraps now that are wrapped otherwise, at most so many; answers how many."""
        head = self._vault.head
        with self._held() as ring:
            old = ring.execute(WRAPPED_OTHERWISE, (len(head), head, limit)).fetchall()
        fresh = [(self._vault.seal(self._vault.unseal(kept)), subject, kept) for subject, kept in old]
        with self._held(writing=True) as ring:
            ring.executemany(REWRAP, fresh)
        if fresh:
            self._overwrite()
        return len(fresh)

    def save(self, file: Path) -> None:
        """Copy the ring into a new file: the bank's own second copy, which is kept apart from every copy of the database."""
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb"):
            pass
        copy = sqlite3.connect(file)
        with self._held() as ring:
            ring.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file by itself, which opens where nothing can be written
        copy.close()

    def put_back(self, file: Path) -> int:
        """Take the keys of a copy that are not here and were not destroyed here, and its tombstones; answers how many keys."""
        if not file.is_file():
            raise UNUSABLE(place=str(file), problem=NO_FILE)
        copy = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        try:
            (ident,) = copy.execute(RING).fetchone()
            keys, dead = copy.execute(ALL_KEYS).fetchall(), copy.execute(ALL_TOMBSTONES).fetchall()
        except (sqlite3.Error, TypeError):
            raise UNUSABLE(place=str(file), problem=NO_RING) from None
        finally:
            copy.close()
        for _, wrapped in keys:
            self._vault.unseal(wrapped)  # broken here, before anything is taken, where another secret wrapped it
        before, _ = self.count()
        with self._held(writing=True) as ring:
            if before == 0:
                ring.execute("UPDATE ring SET id = ?", (ident,))
            elif ring.execute(RING).fetchone()[0] != ident:
                raise OTHERS(place=str(file))
            ring.executemany(BURY, dead)
            ring.executemany(DESTROY, [(row[0],) for row in dead])
            ring.executemany(MAKE, keys)
        self._unwrapped.cache_clear()
        return self.count()[0] - before

    def copy(self) -> Self:
        """The same keys in memory: for a copy of a bank that goes on by itself."""
        made = type(self)(None, self._vault, self._cipher)
        with self._held() as ring, made._held() as fresh:
            ring.backup(fresh)
        return made

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            if self._open is not None and self._pid == os.getpid():
                self._open.close()
            self._open = None

    def _made(self, subjects: set[str]) -> Mapping[str, bytes | None]:
        """The keys of people, made and on the disk where there are none; none of those whose key is destroyed."""
        found: dict[str, bytes | None] = dict(self._found(subjects))
        wanted = sorted(subjects - found.keys())
        if not wanted:
            return found
        fresh = [(each, self._vault.seal(secrets.token_bytes(KEY_BYTES))) for each in wanted]
        with self._held(writing=True) as ring:
            ring.executemany(MAKE, fresh)
        return {**found, **dict.fromkeys(wanted), **self._found(set(wanted))}

    def _found(self, subjects: set[str]) -> dict[str, bytes]:
        with self._held() as ring:
            rows = ring.execute(KEYS, (json.dumps(sorted(subjects)),)).fetchall()
        return {subject: self._unwrapped(wrapped) for subject, wrapped in rows}

    def _overwrite(self) -> None:
        """Let nothing of what went stay in the file or its log; done again where somebody reads meanwhile."""
        with self._held() as ring:
            busy = self._folder is not None and ring.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise UNUSABLE(place=self.place, problem=BUSY)

    def _dead(self, subjects: set[str]) -> dict[str, Tombstone]:
        if not subjects:
            return {}
        with self._held() as ring:
            rows = ring.execute(TOMBSTONES, (json.dumps(sorted(subjects)),)).fetchall()
        return {row[0]: Tombstone(*row) for row in rows}

    @contextmanager
    def _held(self, *, writing: bool = False) -> Iterator[sqlite3.Connection]:
        """The file, for this thread alone; ``writing``: all of it or nothing, and on the disk at the end."""
        with self._lock:
            try:
                ring = self._connected()
                if not writing:
                    yield ring
                    return
                ring.execute("BEGIN IMMEDIATE")
                try:
                    yield ring
                except BaseException:
                    ring.execute("ROLLBACK")
                    raise
                ring.execute("COMMIT")
            except sqlite3.Error as problem:
                raise UNUSABLE(place=self.place, problem=str(problem)) from None

    def _connected(self) -> sqlite3.Connection:
        if self._open is None or self._pid != os.getpid():
            if self._folder is not None:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                _begun(self._folder / FILE)
            where = ":memory:" if self._folder is None else str(self._folder / FILE)
            made = sqlite3.connect(where, timeout=30, isolation_level=None, check_same_thread=False)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
                made.execute(f"PRAGMA {pragma}")
            made.executescript(SCHEMA)
            made.execute(SETTLED, (secrets.token_hex(16),))
            self._open, self._pid = made, os.getpid()
        return self._open


def _begun(file: Path) -> None:
    """Make the file for its owner alone. One that is there is not touched: whoever opens and closes it in this process lets go of
    every lock that SQLite holds on it here, and another process then takes away the log that this one goes on writing into."""
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def key_id(key: bytes | None) -> str:
    """A key's fingerprint: it says which key it was, and opens nothing."""
    return "" if key is None else hashlib.sha256(b"farthing personal key id\0" + key).hexdigest()[:32]


def ring_of(tx: Tx) -> Keyring:
    """The keyring that a transaction's bank was opened with."""
    ring: Keyring = tx.ports.peer("keyring")
    return ring
