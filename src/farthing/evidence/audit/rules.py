"""Own the rules by which a stored log is found whole or wanting: what must follow from what, row by row.

Pure: ``service.verify`` reads the tables and hands the rows here; every answer is a list of ``Finding``s that
name the record and the column that do not agree. Never repairs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from farthing.evidence import handover, merkle, note
from farthing.evidence.model import Checkpoint, Leaf, LogKey, at_pointer, personal_digest
from farthing.evidence.timestamp import tst_info
from farthing.kit import findings
from farthing.kit.canonical import canonical
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.findings import Finding
from farthing.kit.ids import prefixed


@dataclass(frozen=True, slots=True)
class Audit(findings.Audit):
    """What was re-derived, and everything that was found wrong."""

    leaves: int
    waiting: int
    nodes: int
    checkpoints: int
    personal: int
    erased: int = 0
    """Personal values that the books know as erased."""
    dark: Mapping[str, int] = field(default_factory=dict)
    """Personal values that nobody can open, by whose they are: the key was destroyed, and these books, restored from before it,
    do not know."""


@dataclass(frozen=True, slots=True)
class StoredLeaf:
    """A leaf as the table holds it, beside what its body will be found to say."""

    leaf: Leaf
    mentions: Sequence[str]


def check_leaf(stored: StoredLeaf) -> tuple[list[Finding], int, dict[str, Any]]:
    """Compare a leaf's columns with its body; answers findings, how many personal hashes the body holds, and it."""
    leaf = stored.leaf
    try:
        content = json.loads(leaf.body)
        exact = canonical(content) == leaf.body
        said = (content["id"], content["kind"], datetime.fromisoformat(content["recorded_at"]))
    except (ValueError, KeyError, TypeError, InvariantBroken):
        return [Finding("leaf.body", leaf.name, "the body is not a leaf's canonical JSON")], 0, {}
    found = []
    if not exact:
        found.append(Finding("leaf.body", leaf.name, "the body is not canonical JSON"))
    if said[0] != leaf.name:
        found.append(Finding("leaf.id", leaf.name, f"the body says {said[0]}"))
    if said[1] != leaf.kind:
        found.append(Finding("leaf.kind", leaf.name, f"the body says {said[1]}, the column {leaf.kind}"))
    if said[2] != leaf.recorded_at:
        found.append(Finding("leaf.recorded_at", leaf.name, f"the body says {said[2]}"))
    if list(stored.mentions) != leaf.mentions:
        found.append(Finding("leaf.mentions", leaf.name, "the column does not list the ids found in the body"))
    return found, _count_personal(content.get("data")), content


def _count_personal(value: Any) -> int:
    if isinstance(value, dict):
        if value.keys() == {"personal", "subject"}:
            return 1
        return sum(_count_personal(item) for item in value.values())
    return sum(_count_personal(item) for item in value) if isinstance(value, list) else 0


class TreeAudit:
    """Rebuilds the tree from positions in order, against stored nodes and the roots that were published."""

    def __init__(self, size: int, roots: Mapping[int, bytes]) -> None:
        self.size = size
        self.findings: list[Finding] = []
        self._roots = roots
        self._frontier = merkle.Frontier()
        self._compare_root()

    def position(self, position: int, leaf_id: UUID, stored: StoredLeaf | None, nodes: Mapping[int, bytes]) -> None:
        """Take the next position: its leaf must be there and hash to its node, and every parent must follow.

        Parents are derived from the *stored* leaf node, so that one wrong record is named once, where it is.
        """
        name = prefixed("leaf", leaf_id)
        if position != self._frontier.size:
            self._add("position.id", f"position {position}", f"position {self._frontier.size} comes next")
        hashed = merkle.leaf_hash(stored.leaf.body) if stored else b""
        if stored is None:
            self._add("position.leaf_id", f"position {position}", f"{name} is not in the log")
        node = nodes.get(merkle.leaf_node_id(self._frontier.size), hashed)
        if stored is not None and node != hashed:
            self._add("leaf.hash", name, f"the body does not hash to the leaf at position {position}")
        for ident, expected in self._frontier.add(node or merkle.EMPTY_ROOT):
            if nodes.get(ident) is None:
                self._add("node.missing", f"node {ident}", "a hash of the tree is gone")
            elif nodes[ident] != expected:
                self._add("node.hash", f"node {ident}", "the hash does not follow from the nodes below it")
        self._compare_root()

    def finish(self, root: bytes, node_total: int) -> None:
        """Compare the head, once every position was taken."""
        if self._frontier.size != self.size:
            self._add("head.size", "head", f"the head says {self.size} leaves, the tree has {self._frontier.size}")
        if self._frontier.root() != root:
            self._add("head.root", "head", "the root does not follow from the leaves")
        if node_total != merkle.node_count(self._frontier.size):
            self._add("node.count", "tree", f"{node_total} nodes stored, {merkle.node_count(self.size)} belong")
        for size in self._roots:
            if size > self._frontier.size:
                self._add("checkpoint.size", f"checkpoint {size}", "more leaves were signed than the log holds")

    def _compare_root(self) -> None:
        signed = self._roots.get(self._frontier.size)
        if signed is not None and signed != self._frontier.root():
            what = "the signed root does not follow from the leaves"
            self._add("checkpoint.root", f"checkpoint {self._frontier.size}", what)

    def _add(self, code: str, where: str, what: str) -> None:
        self.findings.append(Finding(code, where, what))


def check_private(name: str) -> Finding:
    """A private key that lies in the database still: whoever reads it signs what no signer would."""
    return Finding("key.private", f"key {name}", "it lies in the database still: run `farthing log-signer take-key`")


def check_keys(keys: Sequence[tuple[LogKey, bytes]]) -> list[Finding]:
    """A key's columns must be what the verifier key says; each after the first must be handed over by the one before."""
    found = []
    for number, (key, public) in enumerate(keys):
        where = f"key {key.vkey}"
        try:
            parsed = note.VerifierKey.parse(key.vkey)
        except Refusal as refusal:
            found.append(Finding("key.id", where, refusal.detail))
            continue
        if (parsed.name, parsed.public) != (key.origin, public):
            found.append(Finding("key.public", where, "the columns are not what the verifier key says"))
        found += _check_handover(keys[number - 1][0] if number else None, key, where)
    return found


def _check_handover(before: LogKey | None, key: LogKey, where: str) -> list[Finding]:
    if before is None:
        first = key.since == 0 and key.handover is None
        return [] if first else [Finding("key.since", where, "the first key signs from the beginning, and by itself")]
    try:
        said = handover.read(key.handover or "", before)
    except Refusal as refusal:
        return [Finding("key.handover", where, refusal.detail)]
    if (str(said.key), said.head.size) != (key.vkey, key.since):
        return [Finding("key.since", where, "the note by which it was handed over says another key or size")]
    return []


def key_for(size: int, origin: str, keys: Sequence[tuple[LogKey, bytes]]) -> note.VerifierKey | None:
    """The key that signs checkpoints of so many leaves of a log: the last that began below. Refuses ``evidence.malformed_note``
    of one that is none."""
    found = [key.vkey for key, _ in keys if key.origin == origin and (key.since < size or key.since == 0)]
    return note.VerifierKey.parse(found[-1]) if found else None


def check_checkpoint(made: Checkpoint, seal: bytes, keys: Sequence[tuple[LogKey, bytes]]) -> list[Finding]:
    """The note must say what the columns say and be signed by the log's key; the token must be over the note."""
    where, found = f"checkpoint {made.size}", []
    if made.seal != seal:
        found.append(Finding("checkpoint.seal", where, "a column changed after it was written"))
    try:
        head = note.parse_checkpoint(made.note)
        key = key_for(head.size, head.origin, keys)
        status = note.verify(made.note, key) if key else note.NoteStatus.UNSIGNED
    except Refusal as refusal:
        return [*found, Finding("checkpoint.note", where, refusal.detail)]
    if (head.size, head.root) != (made.size, made.root):
        found.append(Finding("checkpoint.note", where, "the note says another size or root than the columns"))
    if status is not note.NoteStatus.VERIFIED:
        found.append(Finding("checkpoint.signature", where, status.value))
    if made.token is not None and _imprint(made.token) != hashlib.sha256(made.note.encode()).digest():
        found.append(Finding("checkpoint.token", where, "the timestamp is not over this checkpoint"))
    return found


def _imprint(token: bytes) -> bytes | None:
    """The imprint an RFC 3161 token is over; none if it cannot be read."""
    try:
        return bytes(tst_info(token)["message_imprint"]["hashed_message"].native)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def check_cosignature(size: int, signed: str | None, witness: str, line: str) -> list[Finding]:
    """A witness's line must verify on its checkpoint with its key."""
    where = f"cosignature of {size} by {witness.partition('+')[0]}"
    if signed is None:
        return [Finding("cosignature.checkpoint_id", where, "there is no such checkpoint")]
    try:
        status = note.verify(f"{signed}{line}\n", note.VerifierKey.parse(witness))
    except Refusal as refusal:
        return [Finding("cosignature.line", where, refusal.detail)]
    return [] if status is note.NoteStatus.VERIFIED else [Finding("cosignature.line", where, status.value)]


def check_pending(ident: UUID, hashed: bytes, leaf: Leaf | None, placed: bool) -> list[Finding]:
    """A waiting leaf must be in the log, hash to what waits, and have no position yet."""
    name = prefixed("leaf", ident)
    if leaf is None:
        return [Finding("pending.id", name, "it waits for the tree and is not in the log")]
    found = []
    if merkle.leaf_hash(leaf.body) != hashed:
        found.append(Finding("pending.hash", name, "the body does not hash to what waits"))
    if placed:
        found.append(Finding("pending.id", name, "it waits and has a position"))
    return found


def check_personal(
    row: Mapping[str, Any], expected_id: UUID, leaf: Leaf | None, erasure: Leaf | None, opened: tuple[bytes, str] | None
) -> list[Finding]:
    """A kept value must be what its leaf's salted hash says; an erased one must be named by its erasure's leaf. ``opened``: its
    salt and value; none where it is erased, or nobody can open it any more."""
    where = f"personal {row['id']} ({row['path']})"
    if row["id"] != expected_id:
        return [Finding("personal.id", where, "the id does not follow from leaf and path")]
    if leaf is None:
        return [Finding("personal.leaf_id", where, "its leaf is not in the log")]
    try:
        said = at_pointer(leaf.content["data"], row["path"])
        expected, subject = said["personal"], said["subject"]
    except (InvariantBroken, ValueError, KeyError, TypeError):
        return [Finding("personal.path", where, "its leaf holds no salted hash there")]
    found = []
    if subject != row["subject"]:
        found.append(Finding("personal.subject", where, f"the leaf says {subject}"))
    if row["erased_by"] is not None:
        named = {"leaf": str(leaf.id), "path": row["path"]}
        if erasure is None or erasure.kind != "evidence.erased" or named not in erasure.content["data"]["values"]:
            found.append(Finding("personal.erased_by", where, "no leaf records this erasure"))
    elif opened is not None and personal_digest(*opened) != expected:
        found.append(Finding("personal.value", where, "salt and value do not hash to what the leaf says"))
    if row["value"] is not None:
        found.append(Finding("personal.plain", where, "it lies in plain still: run `farthing migrate`"))
    return found
