"""Run the verification of proofs of liabilities: kept leaves lead to the roots that are told and that stand in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from farthing.assurance.liabilities import store
from farthing.assurance.liabilities.model import KeptTree
from farthing.assurance.liabilities.tree import Node, tree_of
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kit.findings import Audit, Finding

WHAT = "liabilities"
DAYS, WHOLE = 400, 3
"""Days that are met with the log, and of those the newest whose leaves are all hashed again."""


@dataclass(frozen=True, slots=True)
class LiabilityAudit(Audit):
    """What a verification of proofs of liabilities counted and found."""

    days: int
    accounts: int


def verify_liabilities(tx: Tx) -> LiabilityAudit:
    """Meet each proven day with its leaf in the log, and the newest with their own leaves."""
    found, accounts = list[Finding](), 0
    proven = store.days(tx, DAYS)
    for place, each in enumerate(proven):
        said = evidence.leaf(tx, each.leaf_id).content["data"]
        told = [(kept.currency, kept.root.hex(), kept.total, kept.tree.count) for kept in each.trees]
        if said["day"] != each.on.isoformat() or told != [
            (tree["currency"], tree["root"], tree["total_minor"], tree["count"]) for tree in said["trees"]
        ]:
            found.append(Finding(WHAT, str(each.on), "its rows do not say what its leaf in the log says"))
        accounts += sum(kept.tree.count for kept in each.trees)
        if place < WHOLE and each.key is not None:
            found += [
                Finding(WHAT, str(each.on), "its leaves do not lead to its root")
                for kept in each.trees if _root_of_pieces(tx, each.on, kept) != (kept.root, kept.total)
            ]  # fmt: skip
    return LiabilityAudit(len(proven), accounts, findings=tuple(found))


def _root_of_pieces(tx: Tx, on: date, kept: KeptTree) -> Node | None:
    """The root that the kept leaves of a day lead to; none where a piece is gone."""
    found = []
    for number in range(len(kept.tree.tops)):
        piece = store.piece(tx, on, kept.currency, number)
        if piece is None:
            return None
        found += piece.leaves()
    return tree_of(found).root
