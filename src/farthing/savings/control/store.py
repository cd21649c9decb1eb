"""Read and write ``savings_control`` and ``savings_flow``; read for which terms a board's deposits are renewed. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.kernel.operation import decode
from farthing.products.rates import Term
from farthing.savings.rules.books import Line, Lines

FOLLOWERS: LiteralString = """
    SELECT DISTINCT CASE WHEN agreement->>'renewal' <> 'none' THEN agreement->'term' END AS term FROM deposit
    WHERE board = %(board)s AND closed_on IS NULL
"""
INSERT_FLOWS: LiteralString = """
    INSERT INTO savings_flow (id, product, board, line, slope, intercept)
    SELECT * FROM unnest(%(id)s::uuid[], %(product)s::text[], %(board)s::text[], %(line)s::text[],
                         %(slope)s::numeric[], %(intercept)s::numeric[])
"""
FLOWS: LiteralString = """
    SELECT id, product, board, line, slope, intercept FROM savings_flow ORDER BY id LIMIT %(limit)s
"""
WAITING_LINES: LiteralString = """
    SELECT product, board, line, sum(slope) AS slope, sum(intercept) AS intercept FROM savings_flow
    GROUP BY product, board, line
"""
DELETE_FLOWS: LiteralString = "DELETE FROM savings_flow WHERE id = ANY(%(ids)s)"
CONTROL: LiteralString = "SELECT product, board, line, slope, intercept FROM savings_control ORDER BY id"
ADD_CONTROL: LiteralString = """
    INSERT INTO savings_control AS old (id, product, board, line, slope, intercept)
    SELECT * FROM unnest(%(id)s::text[], %(product)s::text[], %(board)s::text[], %(line)s::text[],
                         %(slope)s::numeric[], %(intercept)s::numeric[])
    ON CONFLICT (id) DO UPDATE SET slope = old.slope + excluded.slope, intercept = old.intercept + excluded.intercept
"""


@dataclass(frozen=True, slots=True)
class Flow:
    """A change of one line of a product's control totals."""

    product: str
    board: str
    line: str
    change: Line


def terms_to_renew(tx: Tx, board: str) -> set[Term] | None:
    """The terms for which open deposits of a board are to be renewed; none where no open deposit follows it."""
    found = tx.rows(FOLLOWERS, {"board": board})
    return {decode(Term, row["term"]) for row in found if row["term"]} if found else None


def append_flows(tx: Tx, flows: Sequence[Flow]) -> None:
    """Append changes of the control totals, for the next close to take in."""
    if flows:
        tx.execute(INSERT_FLOWS, {"id": [tx.uuid() for _ in flows], **_columns(flows)})


def _columns(flows: Sequence[Flow]) -> dict[str, Any]:
    return {
        "product": [flow.product for flow in flows],
        "board": [flow.board for flow in flows],
        "line": [flow.line for flow in flows],
        "slope": [flow.change.slope for flow in flows],
        "intercept": [flow.change.intercept for flow in flows],
    }


def waiting_flows(tx: Tx, limit: int) -> list[tuple[Any, Flow]]:
    """Flows that no close has taken in, the oldest first, with their ids."""
    return [
        (row["id"], Flow(row["product"], row["board"], row["line"], Line(row["slope"], row["intercept"])))
        for row in tx.rows(FLOWS, {"limit": limit})
    ]


def waiting_lines(tx: Tx) -> list[Flow]:
    """What the next close will take in, summed by product, board and line."""
    return [
        Flow(row["product"], row["board"], row["line"], Line(row["slope"], row["intercept"]))
        for row in tx.rows(WAITING_LINES)
    ]


def take_in(tx: Tx, ids: Sequence[Any], flows: Sequence[Flow]) -> None:
    """Move flows into the control totals; ``flows`` are their sums by product, board and line."""
    keys = [f"{flow.product}@{flow.board}@{flow.line}" for flow in flows]
    if flows:
        tx.execute(ADD_CONTROL, {"id": keys, **_columns(flows)})
    if tx.execute(DELETE_FLOWS, {"ids": list(ids)}) != len(ids):
        raise Collision("flows were taken in by another close")


def totals(tx: Tx) -> dict[tuple[str, str], Lines]:
    """The control totals by product and board, as the last close left them."""
    found: dict[tuple[str, str], Lines] = {}
    for row in tx.rows(CONTROL):
        found.setdefault((row["product"], row["board"]), {})[row["line"]] = Line(row["slope"], row["intercept"])
    return found
