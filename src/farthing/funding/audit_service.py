"""Run the verification of notes: who holds a loan, what was shared out of it, and the ledger say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from farthing.db.tx import Tx
from farthing.funding import audit_rules as rules
from farthing.funding import notes_store
from farthing.funding.audit_rules import Audit
from farthing.funding.cover import audit_rules as covers_rules
from farthing.funding.cover import service as covers
from farthing.funding.cover import store as covers_store
from farthing.funding.cover.model import CoverClaim
from farthing.funding.cover.rules import claims_of, escrow, own
from farthing.funding.entries import SERVICING
from farthing.funding.holdings import service as holdings
from farthing.funding.holdings.model import Market
from farthing.funding.holdings.rules import FEES
from farthing.funding.joint import store as joint
from farthing.funding.joint.model import Part
from farthing.funding.joint.rules import by_partner
from farthing.funding.protection.rules import fund_account
from farthing.funding.settling.audit_service import verify as verify_statements
from farthing.funding.shares import Note
from farthing.kit.findings import Finding, compared
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.lending import books_service as lending
from farthing.lending.flows import Flow
from farthing.lending.model import Loan

PAGE = 500


@dataclass
class Sums:
    """What the loans that were read come to, in minor units by currency: what lenders were charged, what partners left us, what
    the protection fund keeps; by cover what its claims paid and had back; and how many notes there are."""

    fees: Counter[str] = field(default_factory=Counter)
    serviced: Counter[str] = field(default_factory=Counter)
    fund: Counter[str] = field(default_factory=Counter)
    paid: Counter[str] = field(default_factory=Counter)
    back: Counter[str] = field(default_factory=Counter)
    notes: int = 0


def verify(tx: Tx) -> Audit:
    """Compare the notes of every loan that others fund with its flows and the books, a page at a time.

    Of a loan that lenders hold a part of, or partners for a price, each entry is compared, and what they paid in all with our
    income: the platform earns their fees, and no interest. ``tx`` should see one state throughout
    (``kernel.read(..., snapshot=True)``).
    """
    findings: list[Finding] = []
    sums, loans, after = Sums(), 0, ""
    while ids := lending.told(tx, after, PAGE):
        findings += compared("note", ids, lambda some: _compared(tx, some, sums))
        loans, after = loans + len(ids), ids[-1]
    findings += _earned(tx, FEES, sums.fees, "lenders were charged")
    findings += _earned(tx, SERVICING, sums.serviced, "partners left us")
    findings += verify_statements(tx)
    return Audit(loans, sums.notes, findings=(*findings, *_set_aside(tx, sums.fund), *_waiting(tx), *_covers(tx, sums)))


def _waiting(tx: Tx) -> list[Finding]:
    """Whether parts of loans that were not paid out are of loans that still may be."""
    parts = joint.not_lent(tx)
    loans = {loan.id: loan for loan, _ in lending.with_flows(tx, sorted(parts))}
    return [
        Finding("part", loan_id, "keeps parts of partners and will not be paid out")
        for loan_id in sorted(parts)
        if loan_id not in loans or loans[loan_id].state == "cancelled"
    ]


def _earned(tx: Tx, account: str, told: Counter[str], says: str) -> list[Finding]:
    """Whether we earned what the notes say, by currency."""
    earned = ledger.sum_below(tx, account)
    balance = ledger.balances_of(tx, [account]).get(account)
    if balance is not None:
        earned = {**earned, tx.home: earned.get(tx.home, 0) + balance.owed().minor}
    return [
        Finding("fees", account, f"holds {Money(earned.get(each, 0), each)}, and {says} {Money(told[each], each)}")
        for each in sorted({*told, *earned})
        if told[each] != earned.get(each, 0)
    ]


def _set_aside(tx: Tx, fund: Counter[str]) -> list[Finding]:
    """Whether the protection fund holds what went in and came back less what it paid, in the bank's currency."""
    there = ledger.balances_of(tx, [fund_account(tx.home, tx.home)])
    lies = sum(each.owed().minor for each in there.values())
    said = f"holds {Money(lies, tx.home)}, and its loans say {Money(fund[tx.home], tx.home)}"
    return [Finding("fund", fund_account(tx.home, tx.home), said)] if lies != fund[tx.home] else []


def _compared(tx: Tx, ids: list[str], sums: Sums) -> list[Finding]:
    """What is wrong with the notes of these loans; what they come to is counted where all of them were read."""
    notes = notes_store.of_loans(tx, ids)
    page = [(loan, notes.get(loan.id, []), flows) for loan, flows in lending.with_flows(tx, ids)]
    paths = [path for each in page for path in rules.claims(*each)]
    books = {path: balance.balance for path, balance in ledger.balances_of(tx, paths).items()}
    found = [finding for each in page for finding in rules.compare(*each, books)]
    markets, read = holdings.all_of(tx, ids), Sums()
    claims = covers_store.of_loans(tx, ids)
    taken = by_partner(joint.of_loans(tx, ids), claims_of(claims, tx.home))
    for each in page:
        loan, its, flows = each
        market, partners = markets.get(loan.id), taken.get(loan.id, {})
        found += rules.lenders(*each, market)
        found += rules.parts(*each, partners)
        its_claims = [one for one in claims if one.loan_id == loan.id]
        if market is not None or its_claims or any(part.fee for part in partners.values()):
            found += _entry_by_entry(tx, *each, market, partners, read)
        for claim in its_claims:
            found += _claim_by_claim(tx, *each, claim, partners, read)
        if market is not None:
            read.fund[loan.principal.currency] += rules.kept(its, flows, market)
        read.serviced[loan.principal.currency] += rules.serviced(its, flows, partners)
    sums.notes += sum(map(len, notes.values())) + sum(
        len(one.parties) for each in markets.values() for one in each.editions
    )
    for kept, counted in (
        (sums.fees, read.fees), (sums.fund, read.fund), (sums.serviced, read.serviced), (sums.paid, read.paid),
        (sums.back, read.back),
    ):  # fmt: skip
        kept.update(counted)
    return found


def _claim_by_claim(
    tx: Tx, loan: Loan, notes: list[Note], flows: list[Flow], claim: CoverClaim, taken: Mapping[str, Part], read: Sums
) -> list[Finding]:  # fmt: skip
    part = taken.get(f"partner:{claim.partner}")
    share = part.share if part is not None else loan.principal * 0
    found, wanted, back = covers_rules.claim(claim, share, notes, flows, tx.home)
    path = escrow(claim.programme, claim.giver, claim.paid.currency, tx.home)
    read.paid[path] += claim.paid.minor
    read.back[path] += back
    there = ledger.found_by_id(tx, [entry.id for entry in wanted])
    return found + rules.posted(loan, wanted, {each.reference: each.entry for each in there.values()})


def _covers(tx: Tx, sums: Sums) -> list[Finding]:
    """Whether each cover holds what its giver put there less what its claims paid, and what came back."""
    found = list[Finding]()
    for each in covers.covers(tx):
        path, mine = (
            escrow(each.programme, each.giver, tx.home, tx.home),
            own(each.programme, each.giver, tx.home, tx.home),
        )
        there = ledger.balances_of(tx, [mine]).get(mine) if mine else None
        ours = there.owed() if there is not None else None
        moved = covers.moved_on(tx, each.programme, each.giver)
        found += covers_rules.standing(each, moved, sums.paid[path], sums.back[path], ours)
    return found


def _entry_by_entry(
    tx: Tx, loan: Loan, notes: list[Note], flows: list[Flow], market: Market | None, taken: Mapping[str, Part], read: Sums
) -> list[Finding]:  # fmt: skip
    wanted, fees = rules.given(loan, notes, flows, market, taken, tx.home)
    found = list[Finding]()
    if market is not None:
        read.fees[loan.principal.currency] += fees
        path, stands = rules.escrow(loan, notes, flows, market, tx.home)
        on_it = ledger.balance(tx, path).balance
        if on_it != stands:
            found.append(Finding("note", loan.id, f"has {on_it} on {path}, and {stands} is its lenders'"))
    there = ledger.found_by_id(tx, [entry.id for entry in wanted])
    return found + rules.posted(loan, wanted, {each.reference: each.entry for each in there.values()})
