"""Run the verification of cases: the clock and the state of each from what was said and done, its redress from the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from farthing.db.tx import Tx
from farthing.kernel import calendar
from farthing.kit.findings import Audit, Finding
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.model import entry_id
from farthing.voice.cases import entries, rules, store
from farthing.voice.cases.model import Case, CaseSaid

PAGE = 500
WHAT = "case"
STATE = {
    "received": "open", "answered": "answered", "appealed": "appealed", "withdrawn": "withdrawn", "closed": "closed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseAudit(Audit):
    """What a verification of cases counted and found."""

    cases: int
    lines: int
    redresses: int


def verify_cases(tx: Tx) -> CaseAudit:
    """Meet every case with what was said and done of it, and with what it cost."""
    found, counts, after = list[Finding](), [0, 0, 0], ""
    declared, spent = calendar.declarations(tx), defaultdict[str, int](int)
    while some := store.page(tx, after, PAGE):
        said, paid = store.said(tx, some, bare=True), store.paid(tx, [each.id for each in some])
        counts[0], counts[1] = counts[0] + len(some), counts[1] + sum(map(len, said.values()))
        for case in some:
            lines = said.get(case.id, [])
            found += [Finding(WHAT, case.id, problem) for problem in _stands(case, lines, declared)]
        found += _redress(tx, some, paid, spent)
        counts[2] += sum(map(len, paid.values()))
        after = some[-1].id
    booked = ledger.balances_of(tx, [entries.EXPENSE])
    there = booked[entries.EXPENSE].owed().minor if entries.EXPENSE in booked else 0
    if there != sum(spent.values()):
        found.append(
            Finding(WHAT, entries.EXPENSE, f"the books say {there} minor units, the cases {sum(spent.values())}")
        )
    return CaseAudit(*counts, findings=tuple(found))


def _stands(case: Case, lines: Sequence[CaseSaid], declared: Sequence[calendar.Declared]) -> list[str]:
    """What is wrong of how a case stands."""
    if not lines or lines[0].act != "received" or lines[0].on < case.received_on:
        return ["nobody said anything of it"]
    if [each.number for each in lines] != list(range(1, len(lines) + 1)):
        return ["something that was said of it is gone"]
    wrong = []
    state = _state(lines)
    if state != case.state:
        wrong.append(f"it is {case.state}, and what was done says {state}")
    last = next(each for each in reversed(lines) if each.by != "day")  # the close of a day reckons no clock
    due = rules.due_after(case, lines, calendar.holidays_known(declared, last.on))
    if due != case.due_on:
        wrong.append(f"it is to be answered by {case.due_on}, and its clock says {due}")
    return wrong


def _state(lines: Sequence[CaseSaid]) -> str:
    state, appeals = "open", 0
    for each in lines:
        appeals += each.act == "appealed"
        if each.act == "reopened":
            state = "appealed" if appeals else "open"
        else:
            state = STATE.get(each.act, state)
    return state


def _redress(
    tx: Tx, cases: Sequence[Case], paid: dict[str, list[tuple[int, Money, date]]], spent: dict[str, int]
) -> list[Finding]:
    """What each case cost, entry by entry."""
    names = {
        (case.id, number): entries.reference(case.id, number)
        for case in cases
        for number, _, _ in paid.get(case.id, ())
    }
    posted = ledger.found_by_id(tx, [entry_id(name) for name in names.values()])
    found = []
    for case in cases:
        given = paid.get(case.id, [])
        if sum(amount.minor for _, amount, _ in given) != case.redress.minor:
            found.append(Finding(WHAT, case.id, "what it cost is not what was paid for it"))
        for number, amount, on in given:
            spent[case.id] += amount.minor
            entry = posted.get(entry_id(names[case.id, number]))
            wanted = entries.redressed(case, number, amount, on, tx.home)
            if entry is None or set(entry.entry.postings) != set(wanted.postings):
                found.append(Finding(WHAT, case.id, f"its redress {number} is not in the books"))
    return found
