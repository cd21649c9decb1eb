"""Open a node: its own home, database and keys; and take a message in, whoever sends it.

A node's folder holds ``name.txt`` (what members address it by), ``key.pem`` (it signs what it answers) and ``index.key`` (made of
a document's number it says whose records they are: a copy of the database alone tells no number). Never founds a bank.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from farthing.db.migrate import current, migrate
from farthing.db.server import Database, owner_url
from farthing.db.tx import Tx
from farthing.exchange import members_service as members
from farthing.exchange.messages import Message, PublicKey, Unchecked, checked, public_of, read, sign
from farthing.exchange.model import KIND_UNKNOWN, Received
from farthing.kernel.ports import Ports
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit import disk
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal, conflict
from farthing.kit.ids import encode
from farthing.kit.keys.files import file_key, fresh, read_private, write_key
from farthing.kit.keys.model import KeyHandle

FOLDER = "exchange"
NAME, KEY, INDEX = "name.txt", "key.pem", "index.key"
HOME_CURRENCY = "CNY"
BLOCK = 64
"""Bytes of a block of SHA-256."""
NOT_OPEN = conflict(
    "exchange.not_open",
    "There is no exchange in {home}: open one first, with `farthing exchange open --home {home} --name NAME`.",
    "{home} 中没有信用信息交换节点：请先运行 `farthing exchange open --home {home} --name 名称`。",
)
OPEN_AS = conflict(
    "exchange.open_as",
    "The exchange in {home} is {name}, for ever.",
    "{home} 中的信用信息交换节点名为 {name}，不能改变。",
)
BANK_THERE = conflict(
    "exchange.bank_there",
    "There is a bank in {home}; an exchange has a home and a database of its own (--home).",
    "{home} 中已有银行；信用信息交换节点须使用自己的目录和数据库（--home）。",
)


@dataclass(frozen=True, slots=True)
class Node:
    """An open node: the name by which members address it, its kernel, the key by which it signs and the one of its index."""

    name: str
    kernel: Kernel
    key: KeyHandle
    index: bytes

    @property
    def public(self) -> PublicKey:
        """The key by which members check what it answers."""
        return public_of(self.key)


Run = Callable[[Node, Received, Message], tuple[Callable[..., Any], Any]]
"""Makes of a message the operation that takes it, and its command."""


def make_folder(settings: Settings, name: str, suite: str = "p256") -> Path:
    """Make the name and the keys of a node, or find those that are there. Refuses ``exchange.open_as``,
    ``exchange.bank_there``."""
    home = settings.home
    folder = home / FOLDER
    url = settings.database_url
    if not stands(home) and ((home / "postgres").exists() if url is None else current(url) is not None):
        raise BANK_THERE(home=home)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / KEY).exists():
        write_key(folder / KEY, fresh(suite))
    if not (folder / INDEX).exists():
        disk.write(folder / INDEX, secrets.token_hex(32).encode(), 0o600)
    if not (folder / NAME).exists():
        disk.write(folder / NAME, name.encode(), 0o644)
    named = (folder / NAME).read_text(encoding="utf-8")
    if named != name:
        raise OPEN_AS(home=home, name=named)
    return folder


def stands(home: Path) -> bool:
    """Whether a node was opened there."""
    return (home / FOLDER / NAME).exists()


def open_node(settings: Settings, ports: Ports | None = None, steps: Sequence[Callable[..., Any]] = ()) -> Node:
    """Open the node of a home: its database brought up to date, its clock begun; ``steps``: what its day's close does. Refuses
    ``exchange.not_open``."""
    if not stands(settings.home):
        raise NOT_OPEN(home=settings.home)
    url, embedded = owner_url(settings.database_url, settings.home)
    migrate(url, settings.app_database_url)
    kernel = Kernel(
        Database(url, embedded=embedded, size=settings.pool_size, app_url=settings.app_database_url).open(),
        ports=ports,
        steps=steps,
    )
    kernel.open_bank(settings.clock, settings.time_zone, settings.home_currency or HOME_CURRENCY, settings.opens_on)
    return node_of(kernel, settings.home / FOLDER)


def node_of(kernel: Kernel, folder: Path) -> Node:
    """A node over a kernel that is open, with what its folder holds."""
    name = (folder / NAME).read_text(encoding="utf-8")
    return Node(name, kernel, file_key(folder / KEY), bytes.fromhex(read_private(folder / INDEX).decode()))


def subject_of(node: Node, kind: str, number: str) -> str:
    """Whose records a document leads to: an id made of its number, under a key that is not in the database."""
    inner, outer = (each.copy() for each in _states(node.index))
    inner.update(f"{kind}:{number}".encode())
    outer.update(inner.digest())
    made = outer.digest()
    return f"subject_{encode(int.from_bytes(made[:16]), 26)}"


@lru_cache(maxsize=4)
def _states(key: bytes) -> tuple[Any, Any]:
    """HMAC-SHA256 (RFC 2104) after its key was read, inner and outer: made once, for a cycle asks it of every row."""
    block = (key if len(key) <= BLOCK else hashlib.sha256(key).digest()).ljust(BLOCK, b"\0")
    return hashlib.sha256(bytes(each ^ 0x36 for each in block)), hashlib.sha256(bytes(each ^ 0x5C for each in block))


def take(node: Node, token: str, kinds: Mapping[str, Run]) -> str:
    """Take a message in and answer it, signed: a member's own words, once, whenever and however often it comes.

    Refuses, unsigned, what is not proved to be a member's: ``exchange.message_unreadable``, ``exchange.member_unknown``,
    ``exchange.message_unproved``, ``exchange.message_elsewhere``, ``exchange.schema_unknown``, ``exchange.message_stale``.
    """
    found = read(token)
    message = node.kernel.read(lambda tx: _checked(tx, node, found))
    received = Received(message.sender, message.id, message.kind, message.digest.hex())
    try:
        make = kinds.get(message.kind)
        if make is None:
            raise KIND_UNKNOWN(kind=message.kind, known=", ".join(sorted(kinds)))
        operation, command = make(node, received, message)
        answer = node.kernel.run(operation, command, actor=actor_of(message.sender))
        kind, body = f"{message.kind}_result", answer
    except Refusal as refusal:
        kind, body = "refused", refused(refusal)
    return signed_answer(node, message, kind, body)


def signed_answer(node: Node, message: Message, kind: str, body: dict[str, Any]) -> str:
    """What the node answers to a message."""
    at = node.kernel.wall()
    answer = Message(f"{message.id}:answer"[:200], kind, node.name, message.sender, at, body, message.id)
    return sign(answer, node.key)


def refused(refusal: Refusal) -> dict[str, Any]:
    """A refusal as a message tells it."""
    return {"code": refusal.code, "en": refusal.detail, "zh": refusal.detail_zh}


def actor_of(member_id: str) -> Actor:
    """Who acts when a member's message is taken."""
    return Actor(f"member:{member_id}", frozenset({members.FURNISH}), is_program=True)


def _checked(tx: Tx, node: Node, found: Unchecked) -> Message:
    member = members.member(tx, found.message.sender)
    return checked(found, members.keys_of(tx, member.id), node.name, tx.wall_at)
