"""Own how the messages of a cycle become operations: what a message said is read here, and documents become subjects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from farthing.exchange.furnish import service
from farthing.exchange.furnish.deciding import MOST_PARTS, closing_of, opening_of
from farthing.exchange.furnish.kept import kept
from farthing.exchange.furnish.model import CYCLE_MALFORMED
from farthing.exchange.furnish.reading import cycle_of
from farthing.exchange.furnish.service import CloseCycle, OpenCycle, Sums, TakeRows
from farthing.exchange.messages import Message
from farthing.exchange.model import Received
from farthing.exchange.node_service import Node, Run, subject_of
from farthing.kit.words import Words

MOST_ROWS = 10_000
"""Rows of one part."""


def _open(node: Node, received: Received, message: Message) -> tuple[Callable[..., Any], OpenCycle]:
    opening_of(message.body)
    return service.open_cycle, OpenCycle(received, message.body["cycle"], message.body["after"])


def _rows(node: Node, received: Received, message: Message) -> tuple[Callable[..., Any], TakeRows]:
    body = message.body
    if set(body) != {"cycle", "number", "rows"}:
        raise CYCLE_MALFORMED(field="body", expected=Words("cycle, number and rows", "cycle、number 和 rows"))
    cycle_of(body["cycle"])
    if type(body["number"]) is not int or not 1 <= body["number"] <= MOST_PARTS:
        raise CYCLE_MALFORMED(field="number", expected=f"1 ... {MOST_PARTS}")
    if type(body["rows"]) is not list or not 1 <= len(body["rows"]) <= MOST_ROWS:
        raise CYCLE_MALFORMED(field="rows", expected=f"1 ... {MOST_ROWS}")
    content = kept(body["rows"], lambda kind, number: subject_of(node, kind, number))
    return service.take_rows, TakeRows(received, body["cycle"], body["number"], received.digest, content)


def _close(node: Node, received: Received, message: Message) -> tuple[Callable[..., Any], CloseCycle]:
    closing_of(message.body)
    body = message.body
    return service.close_cycle, CloseCycle(received, body["cycle"], body["parts"], Sums(**body["totals"]))


KINDS: Mapping[str, Run] = {"cycle_open": _open, "cycle_rows": _rows, "cycle_close": _close}
"""Kinds of message by which members furnish."""
