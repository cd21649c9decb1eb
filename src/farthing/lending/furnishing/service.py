"""Warn borrowers, make the month's cycle of all loans, have it told to the exchange, and take what comes back.

What a cycle says is written with the close of its day; who the borrowers are is read when it is sent. The errand sends all of it
each time: the exchange knows what it heard before. Once a loan was told of it is told of to its end, also where its borrower
takes her consent back, for whoever reads it must know that it was paid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from farthing.credit import service as credit
from farthing.db.tx import Tx
from farthing.exchange.furnish.model import RULES
from farthing.exchange.messages import Exchange, Message, told_digest
from farthing.kernel import errands, noticing
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.errands import Desk, Errand, NotYet
from farthing.kernel.operation import decode, operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.calendar import month_end
from farthing.kit.inputs import Id, PageSize
from farthing.kit.words import Words
from farthing.lending.furnishing import rules, store
from farthing.lending.furnishing.model import (
    CYCLE_UNKNOWN,
    EXCHANGE_REFUSED,
    NOT_REFUSED,
    AtEnd,
    Cycle,
    CycleAnswered,
    FileProblem,
    FurnishAgain,
    Returned,
    Sent,
)
from farthing.parties import service as parties
from farthing.products import service as products
from farthing.products.furnishing_rules import FurnishingRules

MONTH_PIECE = 50_000
"""Loans that one transaction reads."""
PART = 2_000
"""Rows of one message."""
DECIDED = ("accepted", "tested", "refused")


def law(tx: Tx) -> FurnishingRules | None:
    """Of whom an exchange is told; none where this bank is a member of none, or its pack says that nobody is told."""
    found = products.policy_if_any(tx) if tx.ports.names("exchange") else None
    return None if found is None else found.furnishing


@operation(
    "lending.warn_reporting", title=Words("Warnings before anything bad is told to a bureau", "报送逾期前的告知"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def warn_reporting(tx: Tx, command: CloseStep) -> Stepped:
    """Tell borrowers whose instalment is not paid that a credit bureau will be told, once for each delinquency (Credit Reporting
    Regulation 2013, article 15)."""
    said = law(tx)
    if said is None or not tx.ports.names("gateway"):
        return Stepped(0)
    since = command.on - timedelta(days=said.warn_after)
    found = store.missed(tx, since, command.after, PIECE)
    may = _told_of(tx, said, [(loan, party) for loan, party, _ in found])
    people = parties.parties(tx, sorted({party for _, party, _ in found}))
    due = [each for each in found if each[0] in may and people[each[1]].phone]
    notices = noticing.tell_all(
        tx, [(party, people[party].phone, rules.warning(left, since, said.notice_days)) for _, party, left in due]
    )
    if notices:
        store.warn(tx, since, command.on, [loan for loan, _, _ in due], notices)
    return Stepped(len(due), found[-1][0] if len(found) == PIECE else None)


@operation(
    "lending.furnish_month", title=Words("Loans told to the exchange at the month's end", "月末报送信用信息"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def furnish_month(tx: Tx, command: CloseStep) -> Stepped:
    """Write what is told of every loan for a month, a piece of borrowers at a time, and with the last piece the errand that tells
    it. Rows that were refused the last time are told again."""
    said = law(tx) if command.on == month_end(command.on) else None
    if said is None:
        return Stepped(0)
    period, cycle_id = command.on.replace(day=1), f"{command.on:%Y-%m}.1"
    until = store.place(tx, command.on, command.after, MONTH_PIECE)
    found = store.at_end(tx, command.on, command.after, until)
    may = _told_of(tx, said, [(loan.loan_id, loan.party_id) for loan in found])
    told = list(_said(tx, said, [loan for loan in found if loan.loan_id in may], command.on))
    if told:
        store.add_rows(tx, cycle_id, period, told)
    if not until:
        before = store.last(tx, period)
        if before is not None:
            store.tell_again(tx, before["id"], cycle_id, whole=False)
        if store.add_cycle(tx, cycle_id, period, before["period"] if before else None, command.on):
            _send_later(tx, cycle_id)
    return Stepped(len(told), until or None)


def _told_of(tx: Tx, said: FurnishingRules, loans: Sequence[tuple[str, str]]) -> frozenset[str]:
    """Of which loans an exchange is told: by law, or because the borrower agreed, or because it was before."""
    if said.basis == "law" or not loans:
        return frozenset(loan for loan, _ in loans)
    agreed = credit.agreed_to_reporting(tx, sorted({party for _, party in loans}))
    before = store.ever_told(tx, [loan for loan, _ in loans])
    return frozenset(loan for loan, party in loans if party in agreed or loan in before)


def _said(tx: Tx, said: FurnishingRules, loans: Sequence[AtEnd], on: date) -> Iterator[tuple[AtEnd, dict[str, Any]]]:
    ids = [loan.loan_id for loan in loans]
    before, warned = (store.told(tx, ids), store.warnings(tx, ids)) if ids else ({}, {})
    for loan in loans:
        told = before.get(loan.loan_id)
        yield loan, rules.said_of(loan, told, warned.get(loan.loan_id, ()), on, said.notice_days)


def _send_later(tx: Tx, cycle_id: str) -> None:
    errands.write(
        tx,
        f"furnish:{cycle_id}",
        "lending.furnish",
        tx.ports.first("exchange"),
        cycle_id,
        {},
        cycle_answered,
        waits=False,
    )


@errands.sender("lending.furnish")
def _send(desk: Desk, errand: Errand) -> CycleAnswered | NotYet | None:
    """Tell the exchange a whole cycle; the answer to its last message is what became of it, once that is decided."""
    exchange: Exchange = desk.ports.peer("exchange", errand.peer)
    cycle_id = errand.subject
    cycle = desk.read(lambda tx: store.cycle(tx, cycle_id))
    if cycle is None:
        raise CYCLE_UNKNOWN(cycle=cycle_id)
    after, sums, digests = cycle["after"], rules.totals(()), []
    messages = _messages(desk, cycle_id, None if after is None else f"{after:%Y-%m}", sums)
    answer: Message | None = None
    for ident, kind, body in messages:
        answer = exchange.tell(ident, kind, body)
        if answer is None:
            return None
        if answer.kind == "refused":
            raise EXCHANGE_REFUSED(cycle=cycle_id, code=str(answer.body.get("code", ""))[:100])
        digests.append(Sent(ident, told_digest(exchange.name, kind, body).hex()))
    assert answer is not None
    if answer.body.get("state") not in DECIDED:
        return NotYet(f"{answer.body.get('state')}: {', '.join(map(str, answer.body.get('missing', ())))}"[:200])
    told = {name: answer.body.get(name) for name in ("cycle", "state", "rows", "taken", "file")}
    problems = [{name: each[name] for name in ("number", "refused", "codes")} for each in answer.body["problems"]]
    return decode(CycleAnswered, {**told, "errand_id": errand.id, "problems": problems, "messages": digests})  # type: ignore[no-any-return]


def _messages(
    desk: Desk, cycle_id: str, after: str | None, sums: dict[str, int]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The messages of a cycle in their order, each read when the one before was answered."""
    yield f"furnish:{cycle_id}:open", "cycle_open", {"cycle": cycle_id, "after": after}
    place, number = ("", date.min), 0
    while rows := desk.read(lambda tx: _part(tx, cycle_id, place)):  # noqa: B023 - read before it changes
        number += 1
        place = rows[-1][0]
        told = [row for _, row in rows]
        for name, count in rules.totals(told).items():
            sums[name] += count
        body = {"cycle": cycle_id, "number": number, "rows": told}
        yield f"furnish:{cycle_id}:rows:{number}", "cycle_rows", body
    yield f"furnish:{cycle_id}:close", "cycle_close", {"cycle": cycle_id, "parts": number, "totals": sums}


def _part(tx: Tx, cycle_id: str, after: tuple[str, date]) -> list[tuple[tuple[str, date], dict[str, Any]]]:
    found = store.rows(tx, cycle_id, after, PART)
    people = parties.parties(tx, sorted({row["party_id"] for row in found}))
    told = []
    for row in found:
        person = people[row["party_id"]]
        told.append(
            ((row["loan_id"], row["period"]), rules.row_of(row["said"], person.kind, person.number, person.name))
        )
    return told


@operation(
    "lending.cycle_answered", title=Words("The exchange decided a cycle", "报送批次已答复"), permission=errands.ANSWER,
    whose=STAFF,
)  # fmt: skip
def cycle_answered(tx: Tx, command: CycleAnswered) -> CycleAnswered:
    """Keep what became of a cycle. Refuses ``errands.answered``, ``lending.cycle_unknown``."""
    errand = errands.settle(tx, command.errand_id)
    cycle = store.cycle(tx, command.cycle)
    if cycle is None or errand.subject != command.cycle:
        raise CYCLE_UNKNOWN(cycle=command.cycle)
    problems = [(each.number, each.refused, each.codes) for each in command.problems]
    store.answer(tx, command.cycle, command.state, {"file": command.file, "taken": command.taken}, problems)
    return command


@operation(
    "lending.furnish_again", title=Words("Tell the exchange a refused cycle again", "重新报送被拒批次"),
    permission="exchange:furnish_again", whose=STAFF,
)  # fmt: skip
def furnish_again(tx: Tx, command: FurnishAgain) -> Cycle:
    """Tell a cycle that was refused whole once more. Refuses ``lending.cycle_unknown``, ``lending.cycle_not_refused``."""
    old = store.cycle(tx, command.cycle)
    if old is None:
        raise CYCLE_UNKNOWN(cycle=command.cycle)
    period, _, attempt = command.cycle.partition(".")
    again = f"{period}.{int(attempt) + 1}"
    if old["state"] != "refused" or store.cycle(tx, again) is not None:
        raise NOT_REFUSED(cycle=command.cycle)
    store.tell_again(tx, old["id"], again, whole=True)
    store.add_cycle(tx, again, old["period"], old["after"], tx.business_date)
    _send_later(tx, again)
    return next(each for each in cycles(tx) if each.id == again)


@question("lending.furnished", permission="exchange:read", whose=STAFF)
def cycles(tx: Tx, limit: PageSize = 24) -> list[Cycle]:
    """What the exchange was told, newest first, and what became of it."""
    found = store.cycles(tx, limit)
    bad = store.refused(tx, [row["id"] for row in found])
    return [
        Cycle(
            row["id"], row["period"], row["state"], row["made_on"], row["rows"], bad.get(row["id"], 0),
            tuple(FileProblem(**each) for each in (row["result"] or {}).get("file", ())),
        )
        for row in found
    ]  # fmt: skip


@question("lending.furnished_back", permission="exchange:read", whose=STAFF)
def returned(tx: Tx, cycle: Id, limit: PageSize = 100) -> list[Returned]:
    """Rows of a cycle that came back, refused ones first, with why: to be mended where they come from. Refuses
    ``lending.cycle_unknown``."""
    if store.cycle(tx, cycle) is None:
        raise CYCLE_UNKNOWN(cycle=cycle)
    return [
        Returned(
            row["loan_id"], row["party_id"], row["period"], row["refused"], tuple(row["codes"]),
            tuple(RULES[code].words for code in row["codes"] if code in RULES),
        )
        for row in store.returned(tx, cycle, limit)
    ]  # fmt: skip
