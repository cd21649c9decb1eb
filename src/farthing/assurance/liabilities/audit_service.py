"""Run the verification of proofs of liabilities: kept leaves lead to the roots that are told and that stand in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from farthing.assurance.liabilities import store
from farthing.assurance.liabilities.service import root_of_pieces
from farthing.assurance.liabilities.tree import Tree
from farthing.db.tx import Row, Tx
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
    rows = store.days(tx, DAYS)
    trees: dict[str, list[Row]] = {}
    for row in store.trees(tx, [str(each["id"]) for each in rows]):
        trees.setdefault(str(row["day_id"]), []).append(row)
    for place, row in enumerate(rows):
        held = trees.get(row["id"], [])
        said = evidence.leaf(tx, row["leaf_id"]).content["data"]
        told = [(each["currency"], bytes(each["root"]).hex(), each["total"], each["accounts"]) for each in held]
        if said["day"] != row["id"] or told != [
            (each["currency"], each["root"], each["total_minor"], each["count"]) for each in said["trees"]
        ]:
            found.append(Finding(WHAT, row["id"], "its rows do not say what its leaf in the log says"))
        accounts += sum(each["accounts"] for each in held)
        if place < WHOLE and row["key"] is not None:
            found += [each for tree in held for each in _whole(tx, row["id"], tree)]
    return LiabilityAudit(len(rows), accounts, findings=tuple(found))


def _whole(tx: Tx, day: str, row: Row) -> list[Finding]:
    tree = Tree.unpacked(row["accounts"], bytes(row["tops"]))
    made = root_of_pieces(tx, date.fromisoformat(day), row["currency"], tree)
    if made is None or made != (bytes(row["root"]), row["total"]):
        return [Finding(WHAT, day, "its leaves do not lead to its root")]
    return []
