"""Decide what of a rail's statement is refused, what of both sides waits to be matched, what each break is, and what puts our
books right. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from farthing.kit.calendar import next_business_day
from farthing.kit.canonical import canonical
from farthing.kit.errors import conflict, declined, malformed, not_found
from farthing.kit.money import Money
from farthing.ledger.chart import in_currency, rail_path
from farthing.ledger.model import JournalEntry, Posting
from farthing.ledger.overview.model import Booked
from farthing.payments.iso20022 import rules as iso20022
from farthing.payments.iso20022.model import CHARGE, Detail, Line, Statement
from farthing.payments.life.model import Fact, Suspended
from farthing.payments.life.names import end_to_end_id_of, payment_id_of
from farthing.payments.model import RailPayment
from farthing.payments.nostro.model import Item, Kept, RailBreak
from farthing.payments.reconciling.breaks import DIFFERENCES, Codes, numbered
from farthing.payments.reconciling.matching import Difference, Kind, compare, concern_of

NOT_BASE64 = malformed(
    "payments.statement_not_base64", "The file is not sent as base 64.", "文件未按 base64 编码发送。"
)
CHANGED = conflict(
    "payments.statement_changed",
    "The statement of {on} was taken already, and this one tells another day: {what} differs. Ask the rail which of them stands.",
    "{on} 的对账单此前已收取，而本文件的{what_zh}与之不同；请向通道确认以何者为准。",
)
BEFORE = declined(
    "payments.statement_too_late",
    "The statement is of {on}, and that of {last} was taken already; a day is taken after the one before it.",
    "对账单日期为 {on}，而 {last} 的对账单已收取；须按日期先后收取。",
)
NOT_OVER = declined(
    "payments.statement_of_a_day_to_come",
    "The statement is of {on}, which is not here yet; today is {today}.",
    "对账单日期为 {on}，尚未到来；今日为 {today}。",
)
UNKNOWN_BREAK = not_found(
    "payments.unknown_break", "There is no break {break_id} at a rail.", "通道对账中没有差异 {break_id}。"
)
BREAK_ENDED = conflict(
    "payments.break_ended",
    "The break {break_id} is worked off already, or gone with a later statement.",
    "差异 {break_id} 已处理，或已被后续对账单消除。",
)
NO_REASON = malformed(
    "payments.break_reason_missing",
    "Say why the difference is none any more; whoever looks at it later reads it.",
    "请说明差异如何消除，供日后查阅。",
)
NOTHING_TO_CORRECT = declined(
    "payments.nothing_to_correct",
    "The break {break_id} changes no balance of ours; work it off without a correction.",
    "差异 {break_id} 不影响我方余额；请不调账处理。",
)
TELLS_NOTHING = declined(
    "payments.rail_tells_nothing",
    "The rail {rail} has no channel for statements here; bring its file.",
    "通道 {rail} 未设对账单接口；请导入其文件。",
)
NOT_RECONCILED = not_found(
    "payments.rail_not_reconciled",
    "No statement of {on} was taken for the rail {rail}.",
    "通道 {rail} 尚未收取 {on} 的对账单。",
)
CODES = Codes(UNKNOWN_BREAK, BREAK_ENDED, NO_REASON, NOTHING_TO_CORRECT, NOT_BASE64)
CORRECTION = "rail-correction"
OPENING = "opening"
"""The key of what stood between the two balances before anything was compared."""


def digest(told: Statement) -> str:
    """What a statement says, without who made it when: the same day told again in another file is the same."""
    said = [told.account, told.on, told.opening, told.closing, [_said(line) for line in told.lines]]
    return hashlib.sha256(canonical(said)).hexdigest()


def _said(line: Line) -> list[object]:
    details = [[each.amount, each.concerns, each.uetr] for each in line.details]
    return [line.reference, line.amount, line.value_on, line.reversal, details]


def what_changed(kept: Statement, told: Statement) -> tuple[str, str]:
    """In what two statements of one day differ, for a sentence in each language."""
    if told.opening != kept.opening or told.closing != kept.closing:
        return "a balance", "余额"
    return "a line", "明细"


def joined(reports: Sequence[Statement], told: Statement) -> Statement:
    """A day's report with what earlier ones of the day told: lines are known by reference and amount, whatever the overlap.

    A report may begin with the day or where another ended. Refuses ``iso20022.balances_differ`` where something is left out.
    """
    if not reports:
        return told
    first, lines = reports[0], dict[tuple[object, object], Line]()
    for number, report in enumerate((*reports, told)):
        for place, line in enumerate(report.lines):
            lines.setdefault((line.reference, line.amount) if line.reference else (number, place), line)
    return iso20022.check_statement(replace(told, opening=first.opening, lines=tuple(lines.values())))


def movement_in(reference: str, rail: str) -> tuple[str, str]:
    """The movement that an entry's reference names and the step of it: nothing, ``settled``, or a fact; no movement, nothing."""
    parts = reference.split(":", 3)
    if len(parts) < 3 or parts[:2] != ["rail", rail]:
        return "", ""
    return parts[2], parts[3] if len(parts) > 3 else ""


def suspense_in(reference: str) -> str:
    """The money in suspense that an entry's reference names, or nothing."""
    return reference.removeprefix("suspense:") if reference.startswith("suspense:") else ""


@dataclass(frozen=True, slots=True)
class Known:
    """What our instructions say: movements, what the rail calls each step of one, and what it calls money in suspense."""

    movements: Mapping[str, RailPayment]
    facts: Mapping[tuple[str, str], str]
    suspense: Mapping[str, Suspended]


def ours_of(booked: Iterable[Booked], rail: str, known: Known, currency: str) -> list[Item]:
    """Our postings as lines: what the rail calls each, and the end-to-end id that it bears there. What put our books right by a
    break that then stands no more is no line."""
    return [
        _ours(each.reference, each.minor, each.effective_on, each.kind, rail, known, currency)
        for each in booked
        if not each.reference.startswith(f"{CORRECTION}:")
    ]


def _ours(reference: str, minor: int, on: date, kind: str, rail: str, known: Known, currency: str) -> Item:
    movement_id, step = movement_in(reference, rail)
    amount, suspended = Money(minor, currency), known.suspense.get(suspense_in(reference))
    theirs = known.facts.get((movement_id, step), "")
    if not theirs and movement_id in known.movements and step in ("", "settled"):
        theirs = known.movements[movement_id].reference
    if suspended is not None:
        theirs = suspended.reference
    details = (Detail(amount, concerns=end_to_end_id_of(movement_id)),) if movement_id else ()
    return Item(theirs or reference, amount, on, on, kind, details, key=reference)


def theirs_of(told: Statement) -> list[Item]:
    """The rail's lines, a batch as its transactions where it tells them, and what it charged for one beside it."""
    found: list[Item] = []
    names: set[str] = set()
    for place, line in enumerate(told.lines):
        name = f"{line.reference}+{place}" if line.reference in names else line.reference or str(place)
        names.add(line.reference)
        key = f"{told.on.isoformat()}/{name}"
        if len(line.parts) > 1:
            alone = sum(each.what != CHARGE for each in line.parts) == 1
            found += [
                Item(line.reference if alone and each.what != CHARGE else "", cast("Money", each.amount), line.booked_on,
                     line.value_on, CHARGE if each.what == CHARGE else line.what, (each,), line.told, line.reversal,
                     f"{key}/{number}")
                for number, each in enumerate(line.parts)
            ]  # fmt: skip
        else:
            found.append(
                Item(line.reference, line.amount, line.booked_on, line.value_on, line.what, line.details, line.told,
                     line.reversal, key)
            )  # fmt: skip
    return found


def carried(base: Sequence[Kept], rail: str, known: Known) -> tuple[list[Item], list[Item]]:
    """Lines of either side that wait for the other since earlier days."""
    ours: list[Item] = []
    theirs: list[Item] = []
    for kept in base:
        told = kept.told
        if not waits(kept):
            continue
        if told.ours is not None and told.ours_on is not None:
            ours.append(_ours(kept.ours_key, told.ours.minor, told.ours_on, told.what, rail, known, told.ours.currency))
        elif told.theirs is not None and told.theirs_on is not None:
            concerns = (Detail(told.theirs, concerns=end_to_end_id_of(told.payment_id)),) if told.payment_id else ()
            theirs.append(
                Item(told.reference or told.id, told.theirs, told.theirs_on, told.theirs_on, told.what, concerns,
                     key=kept.theirs_key)
            )  # fmt: skip
    return ours, theirs


def waits(kept: Kept) -> bool:
    """Whether a later line may be its other side: it has one side, in the account's currency, and our books were not put right
    against differences by it."""
    told = kept.told
    one_side = (told.ours is None) != (told.theirs is None)
    return one_side and told.kind != "currency" and not put_right(told)


def put_right(told: RailBreak) -> bool:
    """Whether our books have been put right by a break against differences; money in suspense is a posting like any other, which
    is matched with the line that it is for."""
    return told.corrected and not to_suspense(told)


def to_suspense(told: RailBreak) -> bool:
    """Whether a break is money that came in, of which our books know nothing: it is put in suspense."""
    return told.ours is None and told.theirs is not None and told.difference.minor > 0


@dataclass(frozen=True, slots=True)
class Found:
    """What a day came to: breaks of what was compared, those that stand and for which no line can come, and how many lines were
    matched."""

    breaks: tuple[Kept, ...]
    constant: tuple[Kept, ...]
    matched: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What a difference is looked at with: the day, its holidays, how many business days a line may take to come, what we
    instructed, references that statements of earlier days have, and what lines that wait since then were found to be."""

    rail: str
    on: date
    holidays: Collection[date]
    timing_days: int
    known: Known
    earlier: Collection[str]
    kinds: Mapping[str, Kind]
    at: datetime


def reconciled(
    ours: Sequence[Item], theirs: Sequence[Item], balances: tuple[Money, Money], stands: Sequence[Kept], look: Looked
) -> Found:
    """Compare all that waits on both sides. ``balances``: closing ones, ours first; ``stands``: breaks that stand between them
    already and for which no line can come. What is left unexplained, as before a first statement, is a break by itself.
    """
    currency = balances[0].currency
    compared = compare(
        _statement(ours, balances[0], look.on, look.at), _statement(theirs, balances[1], look.on, look.at), (), (),
        by_day=False,
    )  # fmt: skip
    breaks = [_kept(each, look, currency) for each in compared.differences]
    unexplained = compared.opening.minor - sum(each.told.difference.minor for each in stands)
    if unexplained:
        breaks.append(_opening(Money(unexplained, currency), look))
    keys = [[look.rail, each.ours_key, each.theirs_key] for each in breaks]
    named = [replace(each, told=replace(each.told, id=name)) for name, each in zip(numbered(keys), breaks, strict=True)]
    return Found(tuple(named), tuple(stands), compared.matched)


def _statement(lines: Sequence[Item], closing: Money, on: date, at: datetime) -> Statement:
    within = sum(line.amount.minor for line in lines if line.amount.currency == closing.currency)
    opening = Money(closing.minor - within, closing.currency)
    return Statement("", None, "", "", at, on, opening, closing, tuple(lines))


def _kept(found: Difference, look: Looked, currency: str) -> Kept:
    ours, theirs = cast("Item | None", found.ours), cast("Item | None", found.theirs)
    line = theirs or ours
    assert line is not None
    payment_id = payment_id_of(concern_of(line))
    told = RailBreak(
        id="",
        rail=look.rail,
        on=look.on,
        kind=_kind(found, look),
        reference=line.reference if theirs is not None else "",
        payment_id=payment_id if payment_id in look.known.movements else "",
        what=line.what,
        ours=ours.amount if ours else None,
        ours_on=ours.value_on if ours else None,
        theirs=theirs.amount if theirs else None,
        theirs_on=theirs.value_on if theirs else None,
        difference=Money(found.minor, currency),
        state="open",
        found_at=look.at,
    )
    return Kept(told, ours.key if ours else "", theirs.key if theirs else "")


def _opening(difference: Money, look: Looked) -> Kept:
    told = RailBreak(
        "", look.rail, look.on, "unknown", "", "", OPENING, None, None, None, None, difference, "open", look.at
    )
    return Kept(told, "", f"{look.on.isoformat()}/{OPENING}")


def _kind(found: Difference, look: Looked) -> Kind:
    """What a difference is, by our instructions as well."""
    if found.ours is not None:
        return "timing" if found.theirs is None and _young(found.ours.value_on, look) else found.kind
    line = found.theirs
    assert isinstance(line, Item)
    before = look.kinds.get(line.key, "timing")
    if before != "timing":
        return before
    if line.key not in look.kinds and (found.kind == "duplicate" or line.reference in look.earlier):
        return "duplicate"
    movement = look.known.movements.get(payment_id_of(concern_of(line)))
    if movement is None:
        return "taken_back" if line.reversal else "unknown"
    if (line.amount.minor > 0) != (movement.direction == "in"):
        return "taken_back"
    if movement.state in ("settled", "returned", "recalled"):
        return "duplicate"
    return "timing" if movement.is_open and _young(line.value_on, look) else "missing_here"


def _young(since: date, look: Looked) -> bool:
    """Whether the other side of a line may still come by itself."""
    last = since
    for _ in range(look.timing_days):
        last = next_business_day(last, look.holidays)
    return look.on <= last


def facts_of(told: Sequence[Item], movements: Mapping[str, RailPayment]) -> list[Fact]:
    """What a statement tells of movements that have no end yet: the rail has booked them, whole and in their direction."""
    found: dict[str, Fact] = {}
    for line in told:
        movement = movements.get(payment_id_of(concern_of(line)))
        if movement is None or not movement.is_open:
            continue
        amount = movement.amount if movement.direction == "in" else -movement.amount
        if line.amount == amount:
            found.setdefault(
                movement.id,
                Fact(
                    movement.id,
                    "settled",
                    "settled",
                    "statement",
                    reference=line.reference,
                    value_on=line.value_on,
                ),
            )
    return list(found.values())


def correction(found: RailBreak, on: date, home: str) -> JournalEntry:
    """Put our account at a rail where its statement has it, against what is not explained yet.

    assets:cash:RAIL                difference
    assets:settlement:differences  -difference
    """
    postings = (
        Posting(rail_path(found.rail), found.difference),
        Posting(in_currency(DIFFERENCES, found.difference.currency, home), -found.difference),
    )
    return JournalEntry(f"{CORRECTION}:{found.id}", CORRECTION, on, postings, f"通道对账调整 correction {found.id}")


def into_suspense(found: RailBreak, on: date, at: datetime) -> Suspended:
    """Money that the statement tells and our books do not know, as it lies in suspense: under the rail's own reference, so that a
    notice that tells the same changes nothing."""
    assert found.theirs is not None
    name = found.reference or found.id
    return Suspended(f"{found.rail}:{name}", found.rail, found.theirs, "", name, found.what, on, at)
