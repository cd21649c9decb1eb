"""Run the verification of notes: who holds a loan, what was shared out of it, and the ledger say the same."""

from __future__ import annotations

from collections import Counter

from farthing.db.tx import Tx
from farthing.funding import audit_rules as rules
from farthing.funding import notes_store
from farthing.funding.audit_rules import Audit
from farthing.funding.holdings import service as holdings
from farthing.funding.holdings.model import Market
from farthing.funding.holdings.rules import FEES
from farthing.funding.protection.rules import fund_account
from farthing.funding.shares import Note
from farthing.kit.findings import Finding, compared
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.lending import books_service as lending
from farthing.lending.flows import Flow
from farthing.lending.model import Loan

PAGE = 500


def verify(tx: Tx) -> Audit:
    """Compare the notes of every loan that others fund with its flows and the books, a page at a time.

    Of a loan that lenders hold a part of each entry is compared, to each wallet, and what they paid in all with the platform's
    income: it earns their fees, and no interest. ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``).
    """
    findings: list[Finding] = []
    counts: list[int] = []
    fees: Counter[str] = Counter()
    fund: Counter[str] = Counter()
    loans, after = 0, ""
    while ids := lending.told(tx, after, PAGE):
        findings += compared("note", ids, lambda some: _compared(tx, some, counts, fees, fund))
        loans, after = loans + len(ids), ids[-1]
    return Audit(loans, sum(counts), findings=(*findings, *_earned(tx, fees), *_set_aside(tx, fund)))


def _earned(tx: Tx, fees: Counter[str]) -> list[Finding]:
    """Whether the platform earned of lenders what their notes say, by currency."""
    earned = ledger.sum_below(tx, FEES)
    balance = ledger.balances_of(tx, [FEES]).get(FEES)
    if balance is not None:
        earned = {**earned, tx.home: earned.get(tx.home, 0) + balance.owed().minor}
    return [
        Finding(
            "fees",
            FEES,
            f"holds {Money(earned.get(each, 0), each)}, and lenders were charged {Money(fees[each], each)}",
        )
        for each in sorted({*fees, *earned})
        if fees[each] != earned.get(each, 0)
    ]


def _set_aside(tx: Tx, fund: Counter[str]) -> list[Finding]:
    """Whether the protection fund holds what went in and came back less what it paid, in the bank's currency."""
    there = ledger.balances_of(tx, [fund_account(tx.home, tx.home)])
    lies = sum(each.owed().minor for each in there.values())
    said = f"holds {Money(lies, tx.home)}, and its loans say {Money(fund[tx.home], tx.home)}"
    return [Finding("fund", fund_account(tx.home, tx.home), said)] if lies != fund[tx.home] else []


def _compared(
    tx: Tx, ids: list[str], counts: list[int], fees: Counter[str], fund: Counter[str]
) -> list[Finding]:  # fmt: skip
    """What is wrong with the notes of these loans; how many there are is counted where all of them were read."""
    notes = notes_store.of_loans(tx, ids)
    page = [(loan, notes.get(loan.id, []), flows) for loan, flows in lending.with_flows(tx, ids)]
    paths = [path for each in page for path in rules.claims(*each)]
    books = {path: balance.balance for path, balance in ledger.balances_of(tx, paths).items()}
    found = [finding for each in page for finding in rules.compare(*each, books)]
    markets, charged, kept = holdings.all_of(tx, ids), Counter[str](), Counter[str]()
    for each in page:
        market = markets.get(each[0].id)
        found += rules.lenders(*each, market)
        if market is not None:
            found += _entry_by_entry(tx, *each, market, charged)
            kept[each[0].principal.currency] += rules.kept(*each[1:], market)
    counts.append(
        sum(map(len, notes.values())) + sum(len(one.parties) for each in markets.values() for one in each.editions)
    )
    fees.update(charged)
    fund.update(kept)
    return found


def _entry_by_entry(
    tx: Tx, loan: Loan, notes: list[Note], flows: list[Flow], market: Market, charged: Counter[str]
) -> list[Finding]:  # fmt: skip
    wanted, fees = rules.given(loan, notes, flows, market, tx.home)
    charged[loan.principal.currency] += fees
    path, stands = rules.escrow(loan, notes, flows, market, tx.home)
    on_it = ledger.balance(tx, path).balance
    found = (
        [] if on_it == stands else [Finding("note", loan.id, f"has {on_it} on {path}, and {stands} is its lenders'")]
    )
    there = ledger.found_by_id(tx, [entry.id for entry in wanted])
    return found + rules.posted(loan, wanted, {each.reference: each.entry for each in there.values()})
