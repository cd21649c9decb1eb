"""Own the nouns of the evidence log: ``Leaf``, ``Personal``, ``Checkpoint``, ``Proof`` and the ports.

A leaf is canonical JSON ``{id, kind, recorded_at, business_date, actor, data}``; its bytes are what is hashed.
Personal data never enters a leaf: its salted hash does (``{"personal": hex, "subject": id}``), so the value can
be erased while every proof keeps holding. Never does I/O.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol
from uuid import UUID

from farthing.kit.actor import Actor
from farthing.kit.canonical import Verbatim, canonical, digest, plain
from farthing.kit.errors import InvariantBroken, not_found
from farthing.kit.ids import prefixed

LEAF_NOT_FOUND = not_found(
    "evidence.leaf_not_found", "Leaf {leaf} is not in the evidence log.", "存证日志中没有条目 {leaf}。"
)
NOT_INTEGRATED = not_found(
    "evidence.not_integrated",
    "Leaf {leaf} is recorded but not yet in a checkpoint of {size} leaves; run the integration job and ask again.",
    "日志条目 {leaf} 已记录，但尚未进入大小为 {size} 的检查点；请在整合任务运行后重试。",
)
NO_CHECKPOINT = not_found(
    "evidence.no_checkpoint",
    "There is no checkpoint of {size} leaves; ask for a published one.",
    "没有大小为 {size} 的检查点；请使用已公布的检查点。",
)

_ID = re.compile(rb"(?<![0-9a-z_])([a-z]{2,16}_[0-9a-hjkmnp-tv-z]{26})(?![0-9a-z])")


@dataclass(frozen=True, slots=True)
class Personal:
    """Personal data within a leaf's data; recorded as a salted hash. ``subject`` is whose it is, if known."""

    value: Any
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A personal value kept apart from its leaf: JSON pointer, whose it is, salt (16 bytes) and canonical JSON."""

    path: str
    subject: str
    salt: bytes
    value: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One recorded fact: its exact ``body`` bytes, and the fields that the store repeats to find it."""

    id: UUID
    kind: str
    recorded_at: datetime
    body: bytes
    words: bytes = field(default=b"", compare=False, repr=False)
    """The body without what stands in it verbatim, where there is such: ids and digests, which mention nobody."""
    name: str = field(default="", compare=False, repr=False)
    """The leaf's public id, ``leaf_...``: made from the id unless whoever makes the leaf has it already."""

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", prefixed("leaf", self.id))

    @property
    def mentions(self) -> list[str]:
        """Prefixed ids found in the body, sorted; without the leaf's own."""
        own = self.name.encode()
        return sorted({found.decode() for found in _ID.findall(self.words or self.body) if found != own})

    @property
    def content(self) -> dict[str, Any]:
        """The body, decoded."""
        content: dict[str, Any] = json.loads(self.body)
        return content


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed tree head: ``note`` is the C2SP signed note, ``token`` the RFC 3161 token over SHA-256 of it."""

    size: int
    root: bytes
    note: str
    made_at: datetime
    token: bytes | None = None
    cosignatures: tuple[str, ...] = ()

    @property
    def seal(self) -> bytes:
        """SHA-256 over every stored field, so that a bit lost in any of them is noticed."""
        return digest([self.size, self.root, self.note, self.made_at.astimezone(UTC), self.token])

    @property
    def cosigned(self) -> str:
        """The note with the witnesses' lines after the log's."""
        return self.note + "".join(line + "\n" for line in self.cosignatures)


@dataclass(frozen=True, slots=True)
class Proof:
    """Inclusion of one leaf in the tree of ``size`` leaves: its position and the audit path."""

    leaf_id: str
    position: int
    size: int
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key that signs the log's checkpoints of more than ``since`` leaves; ``handover`` is the note by which the key before it
    and this one say so, none for a log's first."""

    vkey: str
    origin: str
    since: int = 0
    handover: str | None = None


class Signer(Protocol):
    """Signs notes under a key name, by Ed25519 (RFC 8032) or another suite."""

    @property
    def name(self) -> str:
        """Key name, which is the log's origin."""

    @property
    def algorithm(self) -> str:
        """The suite: ``ed25519``, ``p256`` or ``sm2``."""

    @property
    def public(self) -> bytes:
        """Public key, raw: 32 bytes of Ed25519, a point of 65 bytes of the others."""

    def sign(self, message: bytes) -> bytes:
        """A signature: 64 bytes of Ed25519, DER of the others."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a witness says instead of a line: it cosigned a checkpoint of ``size`` leaves last, not the one that was named.

    So it is where its line was lost on the way, or its answer came and our transaction did not.
    """

    size: int


class LogSigner(Protocol):
    """Whoever holds the log's key: signs a checkpoint that grew out of the last one that was signed, and nothing else."""

    def key(self, origin: str) -> str:
        """The verifier key by which a log is signed that has none yet."""

    def sign(self, vkey: str, old_size: int, proof: Sequence[bytes], text: str) -> str | Seen:
        """A key's signature line on a checkpoint's text, without the newline, if it extends the ``old_size`` leaves that were
        signed last, or is the one of so many leaves; or how many were, where that is another number."""


class Witness(Protocol):
    """A second party that saw each checkpoint grow out of the last (C2SP tlog-witness) and signs that it did."""

    @property
    def vkey(self) -> str:
        """Its verifier key (C2SP vkey, type 4)."""

    def cosign(self, old_size: int, proof: Sequence[bytes], text: str) -> str | Seen:
        """Its signature line, without the newline, on a checkpoint that extends the ``old_size`` leaves it saw last, or
        is the one of so many leaves; or how many it saw, where that is another number."""


def personal_digest(salt: bytes, value: str) -> str:
    """Hex SHA-256 of the salt and the value's canonical JSON."""
    return hashlib.sha256(salt + value.encode()).hexdigest()


def make_leaf(
    ident: UUID,
    kind: str,
    data: object,
    *,
    recorded_at: datetime,
    business_date: date,
    actor: Actor,
    new_salt: Callable[[], bytes],
) -> tuple[Leaf, list[Kept]]:
    """Make a leaf of ``data``; personal values leave it as salted hashes and are answered beside it.

    A personal value without a subject belongs to the only party the leaf mentions, else to the actor.
    """
    found: list[_Found] = []
    name = prefixed("leaf", ident)
    content = {
        "id": name,
        "kind": kind,
        "recorded_at": recorded_at,
        "business_date": business_date,
        "actor": actor.id,
        "data": _without_personal(data, "", new_salt, found) if _holds_personal(data) else data,
    }
    leaf = Leaf(ident, kind, recorded_at, *_written(content), name)
    if not found:
        return leaf, []
    parties = [name for name in leaf.mentions if name.startswith("party_")]
    whose = parties[0] if len(parties) == 1 else actor.party_id or actor.id
    for item in found:
        item.node["subject"] = item.subject or whose
    kept = [Kept(item.path, item.node["subject"], item.salt, item.value) for item in found]
    return Leaf(ident, kind, recorded_at, canonical(content), name=name), kept


def _written(content: dict[str, Any]) -> tuple[bytes, bytes]:
    """A leaf's canonical bytes, and its words: what was posted is put in as it was made, and looked through no more."""
    data = content["data"]
    posted = data.get("posted") if isinstance(data, dict) else None
    if isinstance(posted, Verbatim):
        place = f"posted in {content['id']}"  # the id is new and nobody's to guess; were it said elsewhere, it is seen
        words = canonical({**content, "data": {**data, "posted": place}})
        before, *after = words.split(f'"{place}"'.encode())
        if len(after) == 1:
            return b"".join((before, posted.text.encode(), after[0])), words
    return canonical(content), b""


@dataclass(frozen=True, slots=True)
class _Found:
    """A personal value met on the walk; ``node`` is what stands in its place."""

    path: str
    subject: str | None
    salt: bytes
    value: str
    node: dict[str, str]


_SCALARS = frozenset({str, int, bool, type(None), datetime, date, Verbatim})


def _holds_personal(value: Any) -> bool:
    if type(value) in _SCALARS:
        return False
    if isinstance(value, Personal):
        return True
    if isinstance(value, Mapping):
        return any(_holds_personal(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(_holds_personal(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return any(_holds_personal(getattr(value, field.name)) for field in fields(value))
    return False


def _without_personal(value: Any, path: str, new_salt: Callable[[], bytes], found: list[_Found]) -> Any:
    """Walk ``value``, putting a salted hash in place of each ``Personal`` and collecting what it held."""

    def inner(item: Any, step: object) -> Any:
        name = str(step).replace("~", "~0").replace("/", "~1")
        return _without_personal(item, f"{path}/{name}", new_salt, found)

    if isinstance(value, Personal):
        salt, text = new_salt(), canonical(value.value).decode()
        node = {"personal": personal_digest(salt, text), "subject": ""}
        found.append(_Found(path, value.subject, salt, text, node))
        return node
    if isinstance(value, Mapping):
        return {str(key): inner(item, key) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [inner(item, index) for index, item in enumerate(value)]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: inner(getattr(value, field.name), field.name) for field in fields(value)}
    return value if type(value) is Verbatim else plain(value)


def at_pointer(content: Any, path: str) -> Any:
    """What a JSON pointer (RFC 6901) made here names; a broken invariant when nothing is there."""
    for step in path.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        try:
            content = content[int(name)] if isinstance(content, list) else content[name]
        except (KeyError, IndexError, ValueError, TypeError):
            raise InvariantBroken(f"nothing at {path}") from None
    return content
