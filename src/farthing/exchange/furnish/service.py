"""Take the messages of cycles, in any order and however often; decide each cycle once it is whole and the one before is taken.

A cycle's row is held while one of its messages is taken, so that the message that makes it whole sees all the others. What is
recorded depends on what was told and not on when: each part is known by its number, each row by its account and month.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from farthing.db.tx import Row as Found
from farthing.db.tx import Tx
from farthing.exchange import members_service as members
from farthing.exchange.furnish import store
from farthing.exchange.furnish.deciding import Closing, Opening, closing_of, opening_of, result_of
from farthing.exchange.furnish.gate import Gated, after
from farthing.exchange.furnish.kept import read_kept
from farthing.exchange.furnish.model import CYCLE_AHEAD, PART_DIFFERS, CycleResult, Facts, Known, Row, Unread
from farthing.exchange.furnish.reading import cycle_of
from farthing.exchange.model import Digest, Member, Received
from farthing.kernel.day import is_simulated
from farthing.kernel.operation import operation, secret
from farthing.kernel.whose import STAFF
from farthing.kit.calendar import month_end
from farthing.kit.canonical import plain
from farthing.kit.ids import encode
from farthing.kit.inputs import Id, Size, Word
from farthing.kit.words import Words

CONFIDENCE = 90
"""How far a lender's word about who somebody is is believed: it saw the document."""
DECIDED = ("accepted", "tested", "refused")
Content = Annotated[str, StringConstraints(strict=True, max_length=16_000_000)]


@dataclass(frozen=True, slots=True)
class OpenCycle:
    """A cycle begins: ``body`` as the message said it."""

    received: Received
    cycle: Id
    after: Word | None


@dataclass(frozen=True, slots=True)
class TakeRows:
    """A part of a cycle's rows, as the node keeps them until it is decided: without the numbers of documents."""

    received: Received
    cycle: Id
    number: Annotated[int, Field(strict=True, ge=1, le=1_000)]
    digest: Digest
    content: Content = secret()


@dataclass(frozen=True, slots=True)
class Sums:
    """What a member says that its rows come to, in minor units."""

    rows: Size
    balance: Size
    due: Size
    paid: Size
    past_due: Size


@dataclass(frozen=True, slots=True)
class CloseCycle:
    """A cycle ends: how many parts it has, and what they come to."""

    received: Received
    cycle: Id
    parts: Annotated[int, Field(strict=True, ge=0, le=1_000)]
    totals: Sums


@operation(
    "exchange.open_cycle", title=Words("A cycle of furnishing begins", "报送批次开始"), permission=members.FURNISH, whose=STAFF
)  # fmt: skip
def open_cycle(tx: Tx, command: OpenCycle) -> dict[str, Any]:
    """Begin a cycle. Refuses ``exchange.member_suspended``, ``exchange.cycle_malformed``, ``exchange.cycle_ahead``,
    ``exchange.part_differs``, ``exchange.message_reused``."""
    body = {"cycle": command.cycle, "after": command.after}
    last = month_end(opening_of(body).period)
    if tx.business_date < last and not is_simulated(
        tx
    ):  # a simulated node does not know how far others' days have come
        raise CYCLE_AHEAD(period=command.cycle[:7], from_on=last)
    return _take(tx, command.received, command.cycle, "opening", body)


@operation(
    "exchange.take_rows", title=Words("Rows of a cycle are taken", "接收批次数据"), permission=members.FURNISH, whose=STAFF
)  # fmt: skip
def take_rows(tx: Tx, command: TakeRows) -> dict[str, Any]:
    """Keep a part of a cycle. Refuses as :func:`open_cycle` does."""
    member = members.active(tx, command.received.member_id)
    before = members.before(tx, command.received)
    if before is not None:
        return before
    held = store.hold(tx, member.id, command.cycle, cycle_of(command.cycle))
    digest = bytes.fromhex(command.digest)
    decided = held["state"] in DECIDED
    if not store.add_part(
        tx, member.id, command.cycle, command.number, digest, b"" if decided else command.content.encode()
    ):
        raise PART_DIFFERS(cycle=command.cycle, part=Words(f"part {command.number}", f"第 {command.number} 部分"))
    if not decided:
        _go_on(tx, member, held)
    return members.keep(tx, command.received, {"cycle": command.cycle, "number": command.number})


@operation(
    "exchange.close_cycle", title=Words("A cycle of furnishing ends", "报送批次结束"), permission=members.FURNISH, whose=STAFF
)  # fmt: skip
def close_cycle(tx: Tx, command: CloseCycle) -> dict[str, Any]:
    """End a cycle and answer what became of it so far; asked again, what became of it since. Refuses as :func:`open_cycle`
    does."""
    body = plain(command)
    del body["received"]
    closing_of(body)
    return _take(tx, command.received, command.cycle, "closing", body)


def _take(tx: Tx, received: Received, cycle_id: str, what: str, body: dict[str, Any]) -> dict[str, Any]:
    """Keep what opens or closes a cycle, and answer how the cycle stands; only what is decided is answered so for ever."""
    member = members.active(tx, received.member_id)
    before = members.before(tx, received)
    if before is not None:
        return before
    held = store.hold(tx, member.id, cycle_id, cycle_of(cycle_id))
    if held[what] is None and held["state"] not in DECIDED:
        store.say(tx, member.id, cycle_id, **{what: body})
        held = {**held, what: body}
    elif held[what] != body:
        raise PART_DIFFERS(cycle=cycle_id, part=what)
    stands = plain(_go_on(tx, member, held))
    if what == "opening":
        return members.keep(tx, received, {"cycle": cycle_id})
    return members.keep(tx, received, stands) if stands["state"] in DECIDED else stands


def _go_on(tx: Tx, member: Member, held: Found) -> CycleResult | dict[str, Any]:
    """How a cycle stands, decided if it can be now; and then those that waited for it."""
    if held["state"] in DECIDED:
        return dict(held["result"])
    stands, decided = _decided(tx, member, held)
    if decided and stands.state != "refused":
        for cycle_id in store.waiting(tx, member.id):
            _decided(tx, member, store.hold(tx, member.id, cycle_id, cycle_of(cycle_id)))
    return stands


def _decided(tx: Tx, member: Member, held: Found) -> tuple[CycleResult, bool]:
    cycle_id, period = held["id"], held["period"]
    told = f"{period:%Y-%m}"
    missing = _missing(tx, member.id, held)
    if missing:
        return CycleResult(cycle_id, told, "open", missing), False
    opening, closing = opening_of(held["opening"]), closing_of(held["closing"])
    testing = member.state == "test"
    last = store.last(tx, member.id, ["tested"] if testing else ["accepted"])
    before = store.last(tx, member.id, ["tested", "accepted"])  # who tested until then goes on from there
    if opening.after is not None and (before is None or before < opening.after):
        store.set_state(tx, member.id, cycle_id, "waiting")
        return CycleResult(cycle_id, told, "waiting", (f"{opening.after:%Y-%m}",)), False
    result = _gone_through(tx, member, opening, closing, last, testing, held["first_at"])
    store.decide(tx, member.id, cycle_id, result.state, result)
    store.keep_problems(tx, member.id, cycle_id, result.problems)
    return result, True


def _missing(tx: Tx, member_id: str, held: Found) -> tuple[str, ...]:
    absent = [what for what in ("opening", "closing") if held[what] is None]
    there = set(store.numbers(tx, member_id, held["id"]))
    parts = held["closing"]["parts"] if held["closing"] is not None else 0
    return (*absent, *(f"rows {number}" for number in range(1, parts + 1) if number not in there))


def _gone_through(
    tx: Tx, member: Member, opening: Opening, closing: Closing, last: date | None, testing: bool, reported_at: datetime
) -> CycleResult:
    """Hold the rows of a whole cycle to the gate, and record what it lets through."""
    kept = store.parts(tx, member.id, opening.cycle)[: closing.parts]
    rows = list(read_kept(kept))
    facts = _facts(tx, member, rows)
    result, gated = result_of(opening, closing, rows, facts, last, testing)
    if result.state == "accepted":
        _record(tx, member, opening.cycle, reported_at, facts, gated)
    return result


def _facts(tx: Tx, member: Member, rows: Sequence[Row | Unread]) -> Facts:
    read = [row for row in rows if isinstance(row, Row)]
    accounts = {} if member.state == "test" else store.accounts(tx, member.id)
    again = [
        (row.subject, known.tradeline_id, row.period)
        for row in read
        if (known := accounts.get(row.account)) is not None and row.period <= known.period
    ]
    origins = {row.origin for row in read if row.origin and row.account not in accounts}
    names = store.names(tx, sorted({row.subject for row in read}))
    return Facts(member.classes, accounts, store.months(tx, again), names, store.sold(tx, sorted(origins)))


def _record(tx: Tx, member: Member, cycle_id: str, reported_at: datetime, facts: Facts, gated: Gated) -> None:
    """Write what the gate let through: a revision of each subject, terms that are new, months, and how accounts stand."""
    revisions = store.touch(tx, (row.subject for row in gated.taken))
    store.link(tx, member.id, cycle_id, CONFIDENCE, list(dict.fromkeys(_links(facts, gated))), revisions)
    changed: dict[tuple[str, str, str], Known] = {}
    terms: dict[str, Row] = {}
    months: dict[tuple[str, date], tuple[str, int | None, Row]] = {}
    for row in gated.taken:
        account = row.account
        known = changed.get(account) or facts.accounts.get(account)
        ident = known.tradeline_id if known else tradeline_of(member.id, row)
        if known is None or known.terms != row.terms:
            terms[ident] = row
        before = facts.months.get((ident, row.period))
        months[ident, row.period] = (ident, before.revision if before else None, row)
        changed[account] = after(row, known, ident)
    store.add_tradelines(tx, member.id, cycle_id, list(terms.items()), revisions)
    store.add_months(tx, cycle_id, reported_at, list(months.values()), revisions)
    store.save_accounts(tx, member.id, changed)


def _links(facts: Facts, gated: Gated) -> Iterator[tuple[str, str, str, str]]:
    for row in gated.taken:
        if row.subject not in facts.names:
            yield row.subject, link_id("document", row.masked), "document", row.masked
            yield row.subject, link_id("name", row.name), "name", row.name


def link_id(kind: str, value: str) -> str:
    """The id of what links a subject to who it is."""
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()[:32]}"


def tradeline_of(member_id: str, row: Row) -> str:
    """The id of a tradeline: of its furnisher, its account there, and whose it is in which role."""
    made = hashlib.sha256("\n".join((member_id, *row.account)).encode()).digest()
    return f"line_{encode(int.from_bytes(made[:16]), 26)}"
