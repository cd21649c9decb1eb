"""Own ``verify``: read the whole stored log and re-derive it. Tables: all ``evidence_*``. Never writes or repairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from farthing.db.keyring.sealing import Gone
from farthing.db.tx import Row, Tx
from farthing.evidence import merkle, note
from farthing.evidence import personal_store as values
from farthing.evidence import store as log
from farthing.evidence.audit import rules, store
from farthing.evidence.audit.rules import Audit
from farthing.evidence.model import Checkpoint
from farthing.kit.errors import UNREADABLE
from farthing.kit.findings import Finding, silent
from farthing.kit.ids import derived, prefixed

Progress = Callable[[int, int], None]
Visit = Callable[[str, dict[str, Any]], None]
"""Is shown each leaf that can be read: its name and its content."""


def _unmoved(_name: str, _content: dict[str, Any]) -> None:
    return


def verify(tx: Tx, progress: Progress = silent, visit: Visit = _unmoved) -> Audit:
    """Re-derive leaf hashes, nodes, roots, signatures and salted hashes; answers every disagreement found.

    Reads each row once, O(n) in all; ``progress`` is told (done, all) in rows, and ``visit`` each leaf, so that
    another part of the bank meets the log on the same way. A timestamp's own signature is left to the checker of
    evidence packages; here its imprint is compared with the checkpoint.
    """
    counts = store.counts(tx)
    total = counts["leaves"] + counts["personal"]
    published = store.checkpoints(tx)
    findings: list[Finding] = []
    hashes = 0
    done = 0
    tree, step = _tree(tx, published, visit)
    for seen, found, personal in step:
        findings += found
        hashes += personal
        done += seen
        progress(done, total)
    findings += tree.findings
    for seen, found, personal in _pending(tx, visit):
        findings += found
        hashes += personal
        done += seen
        progress(done, total)
    findings += [Finding("position.leaf_id", prefixed("leaf", i), "two positions") for i in store.placed_twice(tx)]
    findings += [
        Finding("leaf.position", prefixed("leaf", i), "not in the tree, nor waiting") for i in store.nowhere(tx)
    ]
    findings += _signatures(tx, published)
    beside = _Values(tx)
    for seen, found in beside.checked():
        findings += found
        done += seen
        progress(done, total)
    if hashes != counts["personal"]:
        what = f"leaves hold {hashes} salted hashes, {counts['personal']} values are kept"
        findings.append(Finding("personal.count", "log", what))
    return Audit(
        counts["leaves"],
        counts["waiting"],
        counts["nodes"],
        len(published),
        counts["personal"],
        beside.erased,
        beside.dark,
        findings=tuple(findings),
    )


def visit_leaves(tx: Tx, visit: Visit) -> None:
    """Show every leaf again, checked by nobody: for who must look a second time, to name what disagrees."""
    for batch in store.positions(tx):
        _show(store.leaves(tx, [leaf_id for _, leaf_id in batch]).values(), visit)
    for waiting in store.pending(tx):
        _show(store.leaves(tx, [row["id"] for row in waiting]).values(), visit)


def _show(found: Iterable[rules.StoredLeaf], visit: Visit) -> None:
    for stored in found:
        visit(stored.leaf.name, rules.check_leaf(stored)[2])


def compare(tx: Tx, text: str) -> list[Finding]:
    """Compare a checkpoint that somebody kept with the log as it is now: it must be the log's own beginning.

    Refuses ``evidence.malformed_note`` for what is no checkpoint.
    """
    old = note.parse_checkpoint(text)
    where = f"checkpoint of {old.size} leaves"
    key = rules.key_for(old.size, old.origin, store.keys(tx))
    if key is None or note.verify(text, key) is not note.NoteStatus.VERIFIED:
        return [Finding("checkpoint.signature", where, f"it is not signed by the key of {old.origin} that is here")]
    size, root = log.head(tx)
    if old.size > size:
        return [Finding("checkpoint.size", where, f"the log holds {size} leaves: some are gone")]
    if old.size == 0:
        return []
    nodes = log.nodes(tx, merkle.consistency_nodes(old.size, size))
    proof = merkle.consistency_proof(old.size, size, nodes)
    status = merkle.verify_consistency(old.size, size, old.root, root, proof)
    if status is merkle.ProofStatus.VERIFIED:
        return []
    return [Finding("checkpoint.root", where, f"the log that is here did not begin like this: {status.value}")]


Step = tuple[int, list[Finding], int]


def _tree(tx: Tx, published: list[tuple[Checkpoint, bytes]], visit: Visit) -> tuple[rules.TreeAudit, Iterator[Step]]:
    size, root = log.head(tx)
    tree = rules.TreeAudit(size, {made.size: made.root for made, _ in published})

    def steps() -> Iterator[Step]:
        node = 0
        for batch in store.positions(tx):
            leaves = store.leaves(tx, [leaf_id for _, leaf_id in batch])
            last = merkle.node_count(batch[-1][0] + 1)
            nodes = store.nodes(tx, node, last)
            found: list[Finding] = []
            personal = 0
            for position, leaf_id in batch:
                stored = leaves.get(leaf_id)
                tree.position(position, leaf_id, stored, nodes)
                if stored is not None:
                    wrong, hashes, content = rules.check_leaf(stored)
                    found += wrong
                    personal += hashes
                    visit(stored.leaf.name, content)
            node = last
            yield len(batch), found, personal
        tree.finish(root, store.counts(tx)["nodes"])

    return tree, steps()


def _pending(tx: Tx, visit: Visit) -> Iterator[Step]:
    for batch in store.pending(tx):
        ids = [row["id"] for row in batch]
        leaves, placed = store.leaves(tx, ids), store.placed(tx, ids)
        found: list[Finding] = []
        personal = 0
        for row in batch:
            stored = leaves.get(row["id"])
            leaf = stored.leaf if stored else None
            found += rules.check_pending(row["id"], bytes(row["hash"]), leaf, row["id"] in placed)
            if stored is not None and row["id"] not in placed:
                wrong, hashes, content = rules.check_leaf(stored)
                found += wrong
                personal += hashes
                visit(stored.leaf.name, content)
        yield len(batch), found, personal


def _signatures(tx: Tx, published: list[tuple[Checkpoint, bytes]]) -> list[Finding]:
    keys = store.keys(tx)
    found = rules.check_keys(keys)
    found += [rules.check_private(name) for name in log.private(tx)]
    for made, seal in published:
        found += rules.check_checkpoint(made, seal, keys)
    notes = {made.size: made.note for made, _ in published}
    for row in store.cosignatures(tx):
        size, witness = row["checkpoint_id"], row["witness"]
        if row["id"] != derived(f"{size} {witness}"):
            found.append(Finding("cosignature.id", f"cosignature of {size}", "the id does not follow from its row"))
        found += rules.check_cosignature(size, notes.get(size), witness, row["line"])
    return found


class _Values:
    """The personal values beside the log, checked batch by batch, and how many of them nobody can open any more."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.erased = 0
        self.dark: Counter[str] = Counter()

    def checked(self) -> Iterator[tuple[int, list[Finding]]]:
        """How many were seen, and what is wrong with them."""
        for batch in store.personal(self._tx):
            wanted = {row["leaf_id"] for row in batch} | {row["erased_by"] for row in batch if row["erased_by"]}
            leaves = {ident: stored.leaf for ident, stored in store.leaves(self._tx, list(wanted)).items()}
            opened, found = self._opened([row for row in batch if row["erased_by"] is None])
            for row in batch:
                expected = values.personal_id(row["leaf_id"], row["path"])
                erasure = leaves.get(row["erased_by"])
                found += rules.check_personal(row, expected, leaves.get(row["leaf_id"]), erasure, opened.get(row["id"]))
            self.erased += sum(row["erased_by"] is not None for row in batch)
            yield len(batch), found

    def _opened(self, batch: list[Row]) -> tuple[dict[UUID, tuple[bytes, str]], list[Finding]]:
        """The salt and value of each row that can be opened; one that is damaged is named and hides no other."""
        try:
            contents = values.opened(self._tx, batch)
        except UNREADABLE as problem:
            if len(batch) == 1:
                return {}, [Finding("personal.sealed", f"personal {batch[0]['id']} ({batch[0]['path']})", str(problem))]
            halves = batch[: len(batch) // 2], batch[len(batch) // 2 :]
            (one, found), (other, more) = map(self._opened, halves)
            return one | other, found + more
        opened = {}
        for row, content in zip(batch, contents, strict=True):
            if isinstance(content, Gone):
                self.dark[row["subject"]] += 1
            else:
                opened[row["id"]] = content
        return opened, []
