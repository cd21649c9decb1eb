"""Answer where the evidence log says an entry of the books, and what proves it to somebody outside."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from farthing.db.tx import Tx
from farthing.evidence import covering_service as covering
from farthing.evidence import service as evidence
from farthing.evidence.model import LEAF_NOT_FOUND, Leaf
from farthing.kernel import approvals
from farthing.kernel.operation import operation_of
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.canonical import canonical
from farthing.kit.inputs import Id
from farthing.ledger import service as ledger
from farthing.ledger.export import record
from farthing.ledger.model import Posted
from farthing.ledger.named import names


@dataclass(frozen=True, slots=True)
class EntryEvidence:
    """Where the evidence log says an entry: the leaf, which operation it is of, who acted, and who had asked for it where it
    took two persons. ``same``: the leaf says the very entry that the books hold, by its digest. ``checkpoint_size``: leaves
    under the newest checkpoint, none while it does not cover this one."""

    leaf_id: str
    operation: str
    actor_id: str
    recorded_at: datetime
    same: bool
    checkpoint_size: int | None
    checkpoint_at: datetime | None
    asked_by: str | None = None


@question("assurance.entry_evidence", permission="ledger:read", whose=STAFF)
def entry_evidence(tx: Tx, reference: Id) -> EntryEvidence | None:
    """Where the evidence log says an entry of the books; none where no leaf names it. Refuses ``ledger.unknown_entry``."""
    posted = ledger.entry(tx, reference)
    found = _naming(tx, posted)
    if found is None:
        return None
    (said,) = names([posted.entry], [posted.id.bytes], posted.recorded_at)
    made = covering.covered_by(tx, found)
    operation, asked_by = _drafted(tx, found)
    return EntryEvidence(
        found.name, operation, str(found.content["actor"]), found.recorded_at, said.encode() in found.body,
        made.size if made else None, made.made_at if made else None, asked_by,
    )  # fmt: skip


def _naming(tx: Tx, posted: Posted) -> Leaf | None:
    return evidence.leaf_naming(tx, f'"id":"{posted.id}"', posted.recorded_at)


def _drafted(tx: Tx, found: Leaf) -> tuple[str, str | None]:
    """The operation of a leaf; that of the draft and who made it, where the leaf is of its second person's decision."""
    if found.kind == operation_of(approvals.decide).name:
        for each in evidence.leaves_about(tx, str(found.content["data"]["command"]["approval_id"])):
            if "maker" in each.content["data"]:
                return each.kind, str(each.content["data"]["maker"])
    return found.kind, None


@dataclass(frozen=True, slots=True)
class EntryProof:
    """An entry of the books as evidence: its record, whose canonical JSON has this SHA-256; the leaf that names it by that
    digest; and the C2SP proof that the log has the leaf."""

    record_json: str
    sha256: str
    leaf_id: str
    leaf_json: str
    proof: str


@question("assurance.entry_proof", permission="ledger:read", whose=STAFF)
def entry_proof(tx: Tx, reference: Id) -> EntryProof:
    """What proves an entry of the books to somebody outside, with a copy of the log's key alone. Refuses
    ``ledger.unknown_entry``, ``evidence.leaf_not_found`` where no leaf names it, ``evidence.not_integrated``."""
    posted = ledger.entry(tx, reference)
    found = _naming(tx, posted)
    if found is None:
        raise LEAF_NOT_FOUND(leaf=reference)
    written = canonical(record(posted))
    return EntryProof(
        written.decode(), hashlib.sha256(written).hexdigest(), found.name, found.body.decode(),
        evidence.tlog_proof(tx, found.name),
    )  # fmt: skip
