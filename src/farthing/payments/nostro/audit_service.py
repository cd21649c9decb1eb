"""Run the verification of reconciliations with rails: each statement read again from its file, each day compared again, and the
line that proves it. Never writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from farthing.db.tx import Tx
from farthing.kit.findings import Audit, Finding
from farthing.ledger.chart import rail_path
from farthing.ledger.overview import service as overview
from farthing.payments.iso20022.model import Statement
from farthing.payments.nostro import reading, rules, store
from farthing.payments.nostro import service as nostro
from farthing.payments.nostro.model import Kept
from farthing.payments.nostro.store import Standing

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class NostroAudit(Audit):
    """What a verification of reconciliations with rails counted and found."""

    days: int
    breaks: int


def verify_nostro(tx: Tx) -> NostroAudit:
    """Hold every day of every rail against its file, the books and the breaks that stand between them."""
    findings: list[Finding] = []
    seen = breaks = 0
    before: Standing | None = None
    rail, on = "", date.min
    while found := store.finals(tx, rail, on, AT_ONCE):
        for each in found:
            same = before if before is not None and before.day.rail == each.day.rail else None
            standing = store.standing(tx, each.day.rail, each.day.on)
            findings += _problems(tx, each, same, standing)
            seen, breaks, before = seen + 1, breaks + len(standing), each
        rail, on = found[-1].day.rail, found[-1].day.on
    return NostroAudit(days=seen, breaks=breaks, findings=tuple(findings))


def _problems(tx: Tx, kept: Standing, before: Standing | None, standing: Sequence[Kept]) -> Iterator[Finding]:
    day = kept.day
    name = store.key(day.rail, day.on)
    told = _told(tx, kept)
    if told is None or rules.digest(told) != kept.digest or told.closing != day.theirs:
        yield Finding("rail_day.file", name, "its file does not say what was taken from it")
        return
    if before is not None and (told.opening != before.day.theirs or kept.after_version != before.until_version):
        yield Finding("rail_day.gap", name, f"it does not go on where {before.day.on} ended")
    books = overview.balance_at(tx, rail_path(day.rail), kept.until_version)
    if books != day.ours.minor:
        yield Finding("rail_day.books", name, f"kept as {day.ours.minor}, and our account had {books}")
    short = day.theirs.minor - day.ours.minor - sum(each.told.difference.minor for each in standing)
    if short:
        yield Finding("rail_day.proof", name, f"its breaks leave {short} between the two balances unexplained")
    base = store.base(tx, day.rail, day.on)
    found, _ = nostro.compared(tx, day.rail, told, kept.after_version, kept.until_version, day.ours, base)
    derived = {each.told.id for each in (*found.breaks, *found.constant)}
    stands = {each.told.id for each in standing}
    for break_id in sorted(derived ^ stands):
        said = "is no difference" if break_id in stands else "is a difference that is not kept"
        yield Finding("rail_day.break", name, f"{break_id} {said}")


def _told(tx: Tx, kept: Standing) -> Statement | None:
    found = store.files(tx, kept.files[-1:])
    told = reading.statements(found[0])[1] if found else ()
    return next((each for each in told if each.on == kept.day.on), None)
