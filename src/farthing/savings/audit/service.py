"""Run the verification of savings: every deposit from the postings of its account, every total from the deposits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from farthing.db.tx import Tx
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.savings.accounts import entries
from farthing.savings.accounts import store as deposits
from farthing.savings.accounts.entries import ACCRUAL, deposit_path
from farthing.savings.accounts.lines import Line, demand_key, lines
from farthing.savings.accounts.service import pinned
from farthing.savings.audit import rules, store, totals
from farthing.savings.audit.rules import Audit, EventRow, Finding, Measure, Row
from farthing.savings.audit.totals import Place, Sums, Tail
from farthing.savings.catalogue import service as catalogue
from farthing.savings.model import DemandTerms, Facts, Terms

Progress = Callable[[int, int], None]

SLICE = 20_000
"""Deposits that are in memory at one time."""
MOST = 1_000
"""Findings that are named; the rest is only counted by their absence from a clean answer."""


def _silent(_done: int, _all: int) -> None:
    return


@dataclass
class _Bank:
    """What all deposits share: terms by version, facts by board, measures of demand products, and the sums so far."""

    tx: Tx
    terms: dict[tuple[str, str], Terms] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    measures: dict[tuple[str, str, str], Measure] = field(default_factory=dict)
    sums: Sums = field(default_factory=Sums)

    def terms_of(self, row: Row) -> Terms:
        """The terms that a deposit pinned."""
        key = (row.product, row.version)
        if key not in self.terms:
            self.terms[key] = catalogue.terms(self.tx, *key)[1]
        return self.terms[key]

    def facts_of(self, board: str) -> Facts:
        """A board, and the bank's holidays."""
        if board not in self.facts:
            self.facts[board] = catalogue.facts(self.tx, board)
        return self.facts[board]

    def measure_of(self, terms: DemandTerms, row: Row) -> Measure:
        """What a demand deposit earns by."""
        key = (row.product, row.version, row.board)
        if key not in self.measures:
            self.measures[key] = Measure(terms, self.facts_of(row.board).board)
        return self.measures[key]


def verify(tx: Tx, progress: Progress = _silent) -> Audit:
    """Derive every deposit, its events and its interest again, then the control totals and the interest payable.

    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``) where others write meanwhile. Memory is
    bounded by a slice of deposits.
    """
    bank = _Bank(tx)
    whole = store.count(tx)
    findings: list[Finding] = []
    done = told = interest = 0
    after = ""
    while True:
        found = store.scan(tx, after, SLICE)
        last = found[-1].id if len(found) == SLICE else None
        events = store.events(tx, after, last)
        told += sum(map(len, events.values()))
        wrong, paid = _slice(bank, found, events)
        findings += wrong[: MOST - len(findings)]
        interest += paid
        done += len(found)
        progress(done, max(whole, done))
        if last is None:
            break
        after = last
    findings += _totals(bank)
    return Audit(done, told, interest, tuple(findings))


def _slice(bank: _Bank, found: Sequence[Row], events: dict[str, list[EventRow]]) -> tuple[list[Finding], int]:
    """Check some deposits and take them into the sums."""
    paths = {row.id: deposit_path(bank.terms_of(row), row.id) for row in found}
    movements = ledger.movements(bank.tx, list(paths.values()))
    today = bank.tx.business_date.toordinal()
    wrong: list[Finding] = []
    others: list[Row] = []
    interest = 0
    demand: dict[str, list[Row]] = {}
    for row in found:
        terms = bank.terms_of(row)
        moved, told = movements.get(paths[row.id], []), events.pop(row.id, [])
        if isinstance(terms, DemandTerms):
            one, paid = rules.check_demand(bank.measure_of(terms, row), row, moved, told, today)
            wrong += one
            interest += paid
            demand.setdefault(demand_key(terms), []).append(row)
        else:
            others.append(row)
            interest += sum(amount for kind, amount, _ in moved if kind == entries.INTEREST)
            wrong += rules.check_events(row.id, row.number, moved, told)
    for key, same in demand.items():
        bank.sums.add_demand(same, key)
    wrong += _replayed(bank, others)
    wrong += [Finding("deposit_event", stray, "belongs to no deposit") for stray in events]
    return wrong, interest


def _replayed(bank: _Bank, found: Sequence[Row]) -> list[Finding]:
    if not found:
        return []
    kept = deposits.find(bank.tx, [row.id for row in found])
    told = deposits.events(bank.tx, {row.id: bank.terms_of(row).currency for row in found})
    wrong = []
    for row in found:
        terms, facts = bank.terms_of(row), bank.facts_of(row.board)
        account = pinned(kept[row.id], terms)
        bank.sums.add(row.product, row.board, lines(terms, account.deposit, account.lines_on, facts.board))
        wrong += rules.check_replayed(terms, facts, account, told[row.id], bank.tx.business_date)
    return wrong


def _totals(bank: _Bank) -> list[Finding]:
    control = deposits.control(bank.tx)
    kept: dict[Place, Line] = {
        (product, board, key): line for (product, board), found in control.items() for key, line in found.items()
    }
    for place, line in store.waiting(bank.tx).items():
        kept[place] = kept[place] + line if place in kept else line
    findings = totals.check_control(kept, bank.sums.all())
    today = bank.tx.business_date
    for product in sorted({name for name, _ in control}):
        _, terms = catalogue.terms(bank.tx, product)
        parts = [(found, bank.facts_of(board).board) for (name, board), found in control.items() if name == product]
        owed = {on: totals.owed_on(parts, terms.currency, on) for on in (today, today + timedelta(days=1))}
        path = entries.payable_path(terms)
        findings += totals.check_payable(path, _tail(bank.tx, path), owed)
    return findings


def _tail(tx: Tx, path: str) -> Tail:
    """The payable account back to its latest accrual, however many deposits were paid from it since."""
    balances: list[int] = []
    cursor: str | None = None
    while True:
        try:
            page = ledger.statement(tx, path, cursor, ledger.LONGEST_PAGE)
        except Refusal:
            return Tail(None, (0,))
        for line in page.lines:
            balances.append(line.owed_balance(path).minor)
            if line.entry.kind == ACCRUAL:
                return Tail(line.entry.effective_on, tuple(reversed(balances)))
        cursor = page.next_cursor
        if cursor is None:
            return Tail(None, (0, *reversed(balances)))
