"""Decide a cycle whose messages are all there: whether the file is taken, which rows are, and what its result says. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from farthing.exchange.furnish.gate import Gated, check_sums, check_vanished, gate, problem, totals, warnings
from farthing.exchange.furnish.model import CYCLE_MALFORMED, PERIOD_TOLD, CycleResult, Facts, Row, Totals, Unread
from farthing.exchange.furnish.reading import cycle_of, period_of
from farthing.kit.errors import Refusal
from farthing.kit.words import Words

MOST_PARTS = 1_000
NOTHING = Gated((), 0, ())
_TOTALS = ("rows", "balance", "due", "paid", "past_due")


@dataclass(frozen=True, slots=True)
class Opening:
    """How a cycle begins: its period, and the period of the cycle before; none where it is the member's first."""

    cycle: str
    period: date
    after: date | None


@dataclass(frozen=True, slots=True)
class Closing:
    """How a cycle ends: in how many parts its rows come, and what they come to."""

    parts: int
    totals: Totals


def opening_of(body: dict[str, Any]) -> Opening:
    """What opens a cycle; refuses ``exchange.cycle_malformed``."""
    if set(body) != {"cycle", "after"}:
        raise CYCLE_MALFORMED(field="body", expected=Words("cycle and after", "cycle 和 after"))
    period = cycle_of(body["cycle"])
    try:
        after = None if body["after"] is None else period_of(body["after"])
    except ValueError:
        raise CYCLE_MALFORMED(field="after", expected="2026-02") from None
    if after is not None and after >= period:
        raise CYCLE_MALFORMED(field="after", expected=f"< {body['cycle'][:7]}")
    return Opening(body["cycle"], period, after)


def closing_of(body: dict[str, Any]) -> Closing:
    """What closes a cycle; refuses ``exchange.cycle_malformed``."""
    told = body.get("totals")
    if set(body) != {"cycle", "parts", "totals"} or type(told) is not dict or set(told) != set(_TOTALS):
        raise CYCLE_MALFORMED(field="body", expected=Words("cycle, parts and totals", "cycle、parts 和 totals"))
    cycle_of(body["cycle"])
    counts = [body["parts"], *told.values()]
    if not all(type(each) is int and 0 <= each < 2**53 for each in counts) or body["parts"] > MOST_PARTS:
        raise CYCLE_MALFORMED(
            field="totals",
            expected=Words(f"whole numbers; parts at most {MOST_PARTS}", f"整数；parts 不超过 {MOST_PARTS}"),
        )
    return Closing(body["parts"], Totals(**told))


def result_of(opening: Opening, closing: Closing, rows: Sequence[Row | Unread], facts: Facts, last: date | None,
              testing: bool) -> tuple[CycleResult, Gated]:  # fmt: skip
    """What becomes of a cycle; ``last`` is the newest period that was taken of its member.

    A file is refused whole or gone through row by row; the order of what refuses it: another cycle of its period, its sums,
    accounts that vanished.
    """
    period = f"{opening.period:%Y-%m}"
    try:
        if last is not None and opening.period <= last:
            raise PERIOD_TOLD(period=period)
        unread = any(isinstance(row, Unread) for row in rows)
        check_sums(opening.cycle, closing.totals, totals(rows), unread)
        vanished = check_vanished(opening.cycle, facts, rows)
    except Refusal as refusal:
        return CycleResult(opening.cycle, period, "refused", rows=len(rows), file=(problem(refusal),)), NOTHING
    gated = gate(rows, facts, opening.period)
    result = CycleResult(
        opening.cycle, period, "tested" if testing else "accepted", rows=len(rows), taken=len(gated.taken), same=gated.same,
        file=tuple(warnings(facts, rows, opening.period, vanished)), problems=gated.problems,
    )  # fmt: skip
    return result, gated
