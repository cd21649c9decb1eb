"""Run the verification of savings: every deposit from the postings of its account, every total from the deposits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta

from farthing.db.tx import Tx
from farthing.kit.errors import UNREADABLE
from farthing.kit.findings import Finding, silent
from farthing.ledger import service as ledger
from farthing.products.deposit import Terms
from farthing.products.rates import RateBoard
from farthing.savings.audit import rules, store, totals
from farthing.savings.audit.rules import Audit, EventRow, Measure, Movement, Row
from farthing.savings.audit.totals import Place, Sums, Tail
from farthing.savings.control import store as books
from farthing.savings.deposits import store as deposits
from farthing.savings.deposits.entries import ACCRUAL, INTEREST
from farthing.savings.deposits.rules import FactsOn
from farthing.savings.deposits.service import pinned
from farthing.savings.rules import behaviour, lines_of
from farthing.savings.rules.accounts import deposit_path, payable_path, role
from farthing.savings.rules.books import Line
from farthing.savings.shelf import service as catalogue
from farthing.savings.sweeps import store as odds

Progress = Callable[[int, int], None]

SLICE = 20_000
"""Deposits that are in memory at one time."""
MOST = 1_000
"""Findings about deposits that are named; where there are more, these are the first."""


@dataclass
class _Bank:
    """What all deposits share: terms by version, facts by board, measures of demand products, and the sums so far."""

    tx: Tx
    terms: dict[tuple[str, str], Terms] = field(default_factory=dict)
    facts: dict[str, FactsOn] = field(default_factory=dict)
    measures: dict[tuple[str, str, str], Measure] = field(default_factory=dict)
    sums: Sums = field(default_factory=Sums)
    principal: dict[tuple[str, str], int] = field(default_factory=dict)

    def terms_of(self, row: Row) -> Terms:
        """The terms that a deposit pinned."""
        key = (row.product, row.version)
        if key not in self.terms:
            self.terms[key] = catalogue.terms(self.tx, *key)[1]
        return self.terms[key]

    def facts_of(self, board: str) -> FactsOn:
        """What the rules looked at on any day, by a board."""
        if board not in self.facts:
            self.facts[board] = catalogue.facts_by_day(self.tx, board)
        return self.facts[board]

    def role_of(self, terms: Terms) -> str:
        """The account below which a product's deposits have theirs."""
        return role(terms, "principal")

    def board_of(self, board: str) -> RateBoard:
        """A board with all its editions."""
        return self.facts_of(board)(self.tx.business_date).board

    def measure_of(self, terms: Terms, row: Row) -> Measure:
        """What a deposit earns by that settles together with all others of its product."""
        key = (row.product, row.version, row.board)
        if key not in self.measures:
            self.measures[key] = Measure(terms, self.board_of(row.board), self.tx.home)
        return self.measures[key]


@dataclass(frozen=True, slots=True)
class _Slice:
    """Some deposits with their events and postings by deposit; ``last``: the id after which the next slice begins."""

    found: list[Row]
    last: str | None
    events: dict[str, list[EventRow]]
    movements: dict[str, list[Movement]]
    findings: list[Finding]


def verify(tx: Tx, progress: Progress = silent) -> Audit:
    """Derive every deposit, its events and its interest again, then the control totals and the interest payable.

    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``) where others write meanwhile. Memory is
    bounded by two slices of deposits: while one is derived, the database answers with the next.
    """
    bank = _Bank(tx)
    whole = store.count(tx)
    findings: list[Finding] = []
    done = told = interest = 0
    with ThreadPoolExecutor(1) as reader:
        coming: Future[_Slice] | None = reader.submit(_read, bank, "")
        while coming is not None:
            part = coming.result()
            coming = None if part.last is None else reader.submit(_read, bank, part.last)
            told += sum(map(len, part.events.values()))
            wrong, paid = _checked(bank, part)
            findings += (part.findings + wrong)[: MOST - len(findings)]
            interest += paid
            done += len(part.found) + len(part.findings)
            progress(done, max(whole, done))
    findings += _totals(bank)
    return Audit(done, told, interest, findings=tuple(findings))


def _read(bank: _Bank, after: str) -> _Slice:
    """The deposits after an id, with everything that they are derived from."""
    rows = store.scan(bank.tx, after, SLICE)
    last = rows[-1].id if len(rows) == SLICE else None
    events = store.events(bank.tx, after, last)
    findings: list[Finding] = []
    paths: dict[str, str] = {}
    for row in rows:
        try:
            path = deposit_path(bank.terms_of(row), row.id)
            bank.board_of(row.board)
            paths[row.id] = path
        except UNREADABLE as problem:
            findings.append(Finding("deposit.version", row.id, f"names terms or rates that are not there: {problem}"))
            events.pop(row.id, None)
    moved = ledger.movements(bank.tx, list(paths.values()))
    found = [row for row in rows if row.id in paths] if findings else rows
    return _Slice(found, last, events, {row.id: moved.get(paths[row.id], []) for row in found}, findings)


def _checked(bank: _Bank, part: _Slice) -> tuple[list[Finding], int]:
    """Check some deposits and take them into the sums; answers findings and the interest that was posted."""
    today = bank.tx.business_date.toordinal()
    wrong: list[Finding] = []
    others: list[Row] = []
    interest = 0
    settled: dict[str, tuple[Terms, str, list[Row]]] = {}
    for row in part.found:
        terms = bank.terms_of(row)
        moved, told = part.movements[row.id], part.events.pop(row.id, [])
        place = (bank.role_of(terms), terms.currency)
        bank.principal[place] = bank.principal.get(place, 0) + row.balance
        together = behaviour(terms).together
        if together is not None:
            try:
                one, paid = rules.check_demand(bank.measure_of(terms, row), row, moved, told, today)
            except UNREADABLE as problem:
                one, paid = [Finding("deposit", row.id, f"cannot be derived: {problem!r}")], 0
            wrong += one
            interest += paid
            settled.setdefault(f"{row.product}@{row.version}", (terms, together.line(terms), []))[2].append(row)
        else:
            others.append(row)
            interest += sum(amount for kind, amount, _ in moved if kind == INTEREST)
            wrong += rules.check_payout(row, terms, bank.tx.home) + rules.check_events(row.id, row.number, moved, told)
    for terms, line, same in settled.values():
        bank.sums.add_demand(terms, same, line)
    wrong += _replayed(bank, others)
    wrong += [Finding("deposit_event", stray, "belongs to no deposit") for stray in part.events]
    return wrong, interest


def _replayed(bank: _Bank, found: Sequence[Row]) -> list[Finding]:
    if not found:
        return []
    try:
        kept = deposits.find(bank.tx, [row.id for row in found])
        told = deposits.events(bank.tx, {row.id: bank.terms_of(row).currency for row in found})
    except UNREADABLE as problem:
        if len(found) == 1:
            return [Finding("deposit", found[0].id, f"cannot be read: {problem!r}")]
        return [finding for row in found for finding in _replayed(bank, [row])]
    wrong = []
    for row in found:
        try:
            terms, facts_on = bank.terms_of(row), bank.facts_of(row.board)
            account = pinned(kept[row.id], terms)
            bank.sums.add(
                row.product,
                row.board,
                lines_of(terms, account.deposit, account.lines_on, bank.board_of(row.board)),
            )
            wrong += rules.check_replayed(terms, facts_on, account, told[row.id], bank.tx.business_date)
        except UNREADABLE as problem:
            wrong.append(Finding("deposit", row.id, f"cannot be derived: {problem!r}"))
    return wrong


def _totals(bank: _Bank) -> list[Finding]:
    control = books.totals(bank.tx)
    kept: dict[Place, Line] = {
        (product, board, key): line for (product, board), found in control.items() for key, line in found.items()
    }
    for place, line in store.waiting(bank.tx).items():
        kept[place] = kept[place] + line if place in kept else line
    findings = totals.check_control(kept, bank.sums.all())
    today = bank.tx.business_date
    for product in sorted({name for name, _ in control}):
        _, terms = catalogue.terms(bank.tx, product)
        parts = [(found, bank.board_of(board)) for (name, board), found in control.items() if name == product]
        owed = {on: totals.owed_on(parts, terms.currency, on) for on in (today, today + timedelta(days=1))}
        path = payable_path(terms)
        findings += totals.check_payable(path, _tail(bank.tx, path), owed)
    return (
        findings
        + _principal(bank)
        + [
            Finding("savings_group.gathered", group, f"is {kept}, its pledges are {derived}")
            for group, kept, derived in odds.gathered_differs(bank.tx)
        ]
    )


def _principal(bank: _Bank) -> list[Finding]:
    """What the ledger holds below the deposits' accounts is what deposits hold: no account without a deposit."""
    found = []
    for above in sorted({path for path, _ in bank.principal}):
        held = ledger.sum_below(bank.tx, above)
        kept = {currency: minor for (name, currency), minor in bank.principal.items() if name == above}
        found += [
            Finding(
                "deposit.principal", f"{above} {currency}", f"deposits hold {kept.get(currency, 0)}, the ledger {minor}"
            )
            for currency, minor in held.items()
            if kept.get(currency, 0) != minor
        ]
    return found


def _tail(tx: Tx, path: str) -> Tail:
    """The payable account back to its latest accrual, however many deposits were paid from it since."""
    balances: list[int] = []
    before: int | None = None
    while page := ledger.latest_movements(tx, path, before, ledger.LONGEST_PAGE):
        for version, balance, day, kind in page:
            balances.append(balance)
            if kind == ACCRUAL:
                return Tail(date.fromordinal(day), tuple(reversed(balances)))
            before = version
    return Tail(None, (0, *reversed(balances)))
