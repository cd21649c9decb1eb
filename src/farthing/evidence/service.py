"""Own the verbs of the evidence log: append, integrate, keep checkpoints, prove, erase. It holds no key.

Tables: ``evidence_*`` (through ``store``). Order is given at integration, not at append: a leaf whose transaction
commits late is integrated later, whatever its id, so nothing is lost or renumbered. Never changes a leaf.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from farthing.db.tx import Tx
from farthing.evidence import merkle, note, package, personal_store, store
from farthing.evidence.audit.service import verify
from farthing.evidence.keys import (
    forget_private,
    hand_over,
    log_key,
    log_keys,
    log_vkey,
    private_keys,
    settle_key,
)
from farthing.evidence.model import (
    LEAF_NOT_FOUND,
    NO_CHECKPOINT,
    NOT_INTEGRATED,
    Checkpoint,
    Leaf,
    Personal,
    Proof,
    make_leaf,
)
from farthing.evidence.personal_store import seal_plain
from farthing.evidence.timestamp import tst_info
from farthing.kit.errors import InvariantBroken
from farthing.kit.ids import parse_prefixed
from farthing.kit.words import Words

__all__ = [
    "Personal",
    "append",
    "append_many",
    "checkpoint_of",
    "consistency_proof",
    "covering",
    "erase",
    "forget_private",
    "hand_over",
    "imprint_of",
    "inclusion_proof",
    "integrate",
    "integrate_all",
    "keep_checkpoint",
    "keep_cosignature",
    "keep_token",
    "last_cosigned",
    "latest_checkpoint",
    "leaf",
    "leaves_about",
    "leaves_of_kinds",
    "log_key",
    "log_keys",
    "log_vkey",
    "private_keys",
    "seal_plain",
    "settle_key",
    "size",
    "tlog_proof",
    "to_cosign",
    "to_sign",
    "verify",
    "waiting",
]  # fmt: skip

ORIGIN = "farthing.example/evidence"
"""Name of the log and its key, unless a deployment gives its own (a schema-less URL, c2sp.org/tlog-checkpoint)."""

BATCH = 10_000
_SALT = 16


def append(tx: Tx, kind: str, data: object) -> str:
    """Record one leaf in this transaction; answers its id, ``leaf_...``."""
    return append_many(tx, [(kind, data)])[0]


def append_many(tx: Tx, items: Sequence[tuple[str, object]]) -> list[str]:
    """Record leaves of (kind, data) in this transaction, in one statement; answers their ids in order.

    ``data`` is anything with a canonical form; ``Personal(value)`` within it becomes a salted SHA-256.
    """
    leaves: list[Leaf] = []
    kept = []
    for kind, data in items:
        made, personal = make_leaf(
            tx.uuid(),
            kind,
            data,
            recorded_at=tx.now,
            business_date=tx.business_date,
            actor=tx.actor,
            new_salt=lambda: tx.ids.octets(_SALT),
        )
        leaves.append(made)
        kept += [(made.id, item) for item in personal]
    if leaves:
        store.append(tx, leaves, [merkle.leaf_hash(made.body) for made in leaves])
    if kept:
        personal_store.keep(tx, kept)
    return [made.name for made in leaves]


def integrate(tx: Tx, limit: int = BATCH) -> int:
    """Give up to ``limit`` waiting leaves their place in the tree; answers how many. The job's work.

    The head row is updated first: a second writer waits there and then sees the first one's tree.
    """
    size, root = store.lock_head(tx)
    batch = store.pending(tx, limit)
    if not batch:
        return 0
    frontier = _frontier(tx, size)
    if frontier.root() != root:
        raise InvariantBroken(f"the nodes of the tree of {size} leaves do not lead to its root")
    made = [pair for _, hashed in batch for pair in frontier.add(hashed)]
    first = merkle.node_count(size)
    if made[0][0] != first or made[-1][0] != first + len(made) - 1:
        raise InvariantBroken("new nodes do not follow the old ones")
    leaves, nodes = [ident for ident, _ in batch], [hashed for _, hashed in made]
    store.grow(tx, size, leaves, first_node=first, nodes=nodes, root=frontier.root())
    return len(batch)


def size(tx: Tx) -> int:
    """How many leaves the tree holds."""
    return store.head(tx)[0]


def waiting(tx: Tx) -> int:
    """How many leaves wait for the tree, counted as far as one integration takes: a year's wait costs no more to count."""
    return store.waiting(tx, BATCH)


def published(tx: Tx, size: int | None = None) -> Checkpoint:
    """A checkpoint by its size, or the newest; refuses ``evidence.no_checkpoint``."""
    if size is not None and not 0 <= size <= store.head(tx)[0]:
        raise NO_CHECKPOINT(size=size)
    return _checkpoint(tx, size)


def covering(tx: Tx, size: int) -> Checkpoint | None:
    """The smallest checkpoint of so many leaves or more; none while none is signed."""
    return store.covering(tx, size)


def integrate_all(tx: Tx) -> int:
    """Integrate everything that waits; answers how many leaves the tree holds then, which it is signed at afterwards."""
    while integrate(tx) == BATCH:
        pass
    return size(tx)


def to_sign(tx: Tx, size: int, old: int) -> tuple[tuple[bytes, ...], str]:
    """What the log's signer is told that signed ``old`` leaves last: the proof from there to ``size``, and the text to sign."""
    head = note.TreeHead(log_key(tx).origin, size, _root(tx, size))
    return consistency_proof(tx, old, size) if 0 < old < size else (), note.checkpoint_text(head)


def keep_checkpoint(tx: Tx, vkey: str, line: str, size: int) -> Checkpoint:
    """Keep a checkpoint that was signed, if it is this log's own tree and the line its key's; the first one of a size stays.

    A broken invariant for anything else: a signer answered what it was not asked.
    """
    store.lock_head(tx)
    existing = store.checkpoint(tx, size)
    if existing is not None:
        return existing
    root = _root(tx, size)
    key = note.VerifierKey.parse(vkey)
    signed = f"{note.checkpoint_text(note.TreeHead(key.name, size, root))}\n{line}\n"
    if vkey != log_vkey(tx) or note.verify(signed, key) is not note.NoteStatus.VERIFIED:
        raise InvariantBroken(f"the checkpoint of {size} leaves is not signed by the log's key {key.name}")
    made = Checkpoint(size, root, signed, tx.now)
    store.add_checkpoint(tx, made)
    return made


def imprint_of(made: Checkpoint) -> bytes:
    """What is timestamped: SHA-256 of the note."""
    return hashlib.sha256(made.note.encode()).digest()


def keep_token(tx: Tx, size: int, token: bytes) -> Checkpoint:
    """Keep a checkpoint's token, which must be over its note; the first one stays."""
    made = _checkpoint(tx, size)
    if bytes(tst_info(token)["message_imprint"]["hashed_message"].native) != imprint_of(made):
        raise InvariantBroken(f"the token is not over the checkpoint of {size} leaves")
    stamped = Checkpoint(made.size, made.root, made.note, made.made_at, token, made.cosignatures)
    return stamped if made.token is None and store.add_token(tx, stamped) else _checkpoint(tx, size)


def last_cosigned(tx: Tx, vkey: str) -> int:
    """The size of the newest checkpoint that carries a witness's line; zero where none does."""
    return store.last_cosigned(tx, vkey)


def to_cosign(tx: Tx, size: int, old: int) -> tuple[tuple[bytes, ...], str]:
    """What a witness that saw ``old`` leaves is told: the proof from there to ``size``, and the checkpoint."""
    made = _checkpoint(tx, size)
    return consistency_proof(tx, old, size) if 0 < old < size else (), made.note


def keep_cosignature(tx: Tx, size: int, vkey: str, line: str) -> Checkpoint:
    """Keep a witness's line under a checkpoint if its key verifies it; a broken invariant otherwise."""
    made, key = _checkpoint(tx, size), note.VerifierKey.parse(vkey)
    if note.verify(f"{made.note}{line}\n", key) is not note.NoteStatus.VERIFIED:
        raise InvariantBroken(f"the witness {key.name} answered a line that its key does not verify")
    if store.last_cosigned(tx, vkey) < size:
        store.add_cosignature(tx, size, vkey, line)
    return _checkpoint(tx, size)


def checkpoint_of(tx: Tx, size: int) -> Checkpoint:
    """The checkpoint of so many leaves; refuses ``evidence.no_checkpoint``."""
    return _checkpoint(tx, size)


def latest_checkpoint(tx: Tx) -> Checkpoint | None:
    """The newest checkpoint, if any."""
    return store.checkpoint(tx)


def leaf(tx: Tx, leaf_id: str) -> Leaf:
    """One leaf; refuses ``evidence.leaf_not_found``."""
    found = store.leaf(tx, _ident(leaf_id))
    if found is None:
        raise LEAF_NOT_FOUND(leaf=leaf_id)
    return found


def leaves_about(tx: Tx, subject: str) -> list[Leaf]:
    """Leaves that mention a prefixed id (``loan_...``), oldest first."""
    return store.leaves_about(tx, subject)


def leaves_of_kinds(tx: Tx, subjects: Sequence[str], kinds: Sequence[str]) -> list[Leaf]:
    """Leaves of some kinds that mention any of some prefixed ids, oldest first."""
    return store.leaves_of_kinds(tx, subjects, kinds)


LOOKS_BACK = timedelta(minutes=1)
"""A row may bear a later instant than the leaf that names it: an account's never goes back."""


def leaf_naming(tx: Tx, word: str, at: datetime) -> Leaf | None:
    """The leaf of a transaction at an instant that says a word, such as the id of an entry; none where no leaf of then does.

    A leaf's id begins with its instant, so that only the leaves of that minute are looked at.
    """
    first, last = (at - LOOKS_BACK).timestamp(), at.timestamp()
    return store.leaf_naming(
        tx, word.encode(), UUID(int=int(first * 1000) << 80), UUID(int=((int(last * 1000) + 1) << 80) - 1)
    )


def leaves_from(tx: Tx, position: int, limit: int) -> list[tuple[int, Leaf]]:
    """Leaves of the tree from a position on, each with its own: an order that never changes and has no gap."""
    places = store.places(tx, position, limit)
    found = store.leaves(tx, [ident for _, ident in places]) if places else {}
    return [(place, found[ident]) for place, ident in places]


def position_since(tx: Tx, instant: datetime) -> int:
    """A position before which no leaf of an instant or later stands; the end of the tree where none is that late."""
    found = store.place_since(tx, UUID(int=max(0, int(instant.timestamp() * 1000)) << 80))
    return store.head(tx)[0] if found is None else found


def anything_waits(tx: Tx) -> bool:
    """Whether any leaf waits for the tree."""
    return bool(store.pending(tx, 1))


def inclusion_proof(tx: Tx, leaf_id: str, size: int | None = None) -> Proof:
    """Prove a leaf in the tree of ``size`` leaves (the present tree unless given); O(log size) reads.

    Refuses ``evidence.leaf_not_found`` and, for a leaf that came later, ``evidence.not_integrated``.
    """
    found = leaf(tx, leaf_id)
    present, _ = store.head(tx)
    size = present if size is None else size
    position = store.position(tx, found.id)
    if position is None or position >= size or size > present:
        raise NOT_INTEGRATED(leaf=leaf_id, size=size)
    nodes = store.nodes(tx, merkle.inclusion_nodes(position, size))
    return Proof(leaf_id, position, size, tuple(merkle.inclusion_proof(position, size, nodes)))


def consistency_proof(tx: Tx, old: int, new: int) -> tuple[bytes, ...]:
    """Prove that the tree of ``old`` leaves is a prefix of that of ``new``; refuses ``evidence.no_checkpoint``."""
    present, _ = store.head(tx)
    if not 0 < old <= new <= present:
        raise NO_CHECKPOINT(size=old if new <= present else new)
    nodes = store.nodes(tx, merkle.consistency_nodes(old, new))
    return tuple(merkle.consistency_proof(old, new, nodes))


def tlog_proof(tx: Tx, leaf_id: str, size: int | None = None) -> str:
    """The C2SP ``.tlog-proof`` file of a leaf against a checkpoint (the newest unless ``size`` is given)."""
    made = _checkpoint(tx, size)
    return note.render_proof(inclusion_proof(tx, leaf_id, made.size), made.cosigned)


def list_package(
    tx: Tx,
    parts: package.Parts,
    leaf_ids: Sequence[str],
    *,
    timestamped: bool = True,
    witnesses: Sequence[str] = (),
) -> tuple[int, tuple[str, ...]]:
    """Record what a package will hold; answers the size of the tree that holds it, which is to be signed, and its leaves.

    ``timestamped`` and ``witnesses`` (verifier keys) promise who will vouch for the checkpoint before it is written.

    Journal entries that none of ``leaf_ids`` recorded are recorded now, as a leaf of kind ``evidence.journal``;
    the checker says of them that they were recorded late. Inventories of earlier packages are left out.
    """
    given = [leaf(tx, ident) for ident in dict.fromkeys(leaf_ids)]
    kept = [found for found in given if found.kind != package.INVENTORY]
    ids = [found.name for found in kept]
    known = {item["id"] for found in kept for item in package.named_entries(found.content["data"])}
    late = [entry for entry in parts.journal if str(entry["id"]) not in known]
    if late:
        ids.append(append(tx, package.JOURNAL, {"journal_entries": package.journal_digests(late)}))
    keys = [log_vkey(tx), *witnesses]
    promised = package.inventory(parts, ids, timestamped=timestamped, keys=keys)
    listed = append(tx, package.INVENTORY, promised)
    return integrate_all(tx), (*ids, listed)


def write_package(tx: Tx, parts: package.Parts, leaf_ids: Sequence[str], size: int) -> bytes:
    """Write the zip of a listed package against the checkpoint of ``size``, with the keys that the list promises.

    Only reads. A broken invariant where the parts are not those that were listed.
    """
    leaves = [(leaf(tx, ident), tlog_proof(tx, ident, size)) for ident in leaf_ids]
    keys = [str(key) for key in leaves[-1][0].content["data"]["keys"]]
    return package.build(parts, package.LogParts(_checkpoint(tx, size), leaves, keys))


def erase(tx: Tx, subject: str, reason: str) -> int:
    """Erase the personal values of a subject beside all leaves; answers how many. Hashes and proofs stay.

    Without the salt (128 random bits) a hash can no longer be tied to a value by guessing. An older copy holds them
    sealed. The erasure itself is a leaf, ``evidence.erased``, which names each leaf and path.
    """
    items = personal_store.kept_of(tx, subject)
    if not items:
        return 0
    named = [{"leaf": str(ident), "path": path} for ident, path in items]
    by = append(tx, "evidence.erased", {"subject": subject, "reason": reason, "values": named})
    return personal_store.erase(tx, subject, _ident(by))


def _frontier(tx: Tx, size: int) -> merkle.Frontier:
    ids = merkle.frontier_nodes(size)
    found = store.nodes(tx, ids)
    return merkle.Frontier(size, [found[ident] for ident in ids])


def _root(tx: Tx, size: int) -> bytes:
    """The root of the tree when it held so many leaves."""
    present, root = store.head(tx)
    if size == present:
        return root
    if not 0 <= size <= present:
        raise NO_CHECKPOINT(size=size)
    return _frontier(tx, size).root()


def _checkpoint(tx: Tx, size: int | None) -> Checkpoint:
    found = store.checkpoint(tx, size)
    if found is None:
        raise NO_CHECKPOINT(size=Words("any", "任何") if size is None else size)
    return found


def _ident(leaf_id: str) -> UUID:
    return parse_prefixed("leaf", leaf_id)
