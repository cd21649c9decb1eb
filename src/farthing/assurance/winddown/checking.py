"""Decide, without a database, whether an export agrees with itself: the bank's own audits over what the files say. Pure."""

from __future__ import annotations

from collections import Counter

from farthing.assurance.winddown.claims import Claim, claims, papers, sums
from farthing.assurance.winddown.model import Manifest
from farthing.assurance.winddown.records import Records
from farthing.assurance.winddown.tables import CLAIMS, KEPT, below
from farthing.funding import audit_rules as notes_audit
from farthing.funding.protection.rules import fund_account
from farthing.kit.findings import Finding, compared
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.lending.audit import rules as loans_audit
from farthing.lending.life import Life

UNCHECKED = (
    Words(
        "whether the borrowers are there and will pay",
        "借款人是否真实存在、能否还款",
    ),
    Words(
        "whether the customers' money lies where it is said to: ask the bank that keeps it for its statement",
        "客户资金是否确在所述账户：请向存管银行索取对账单",
    ),
    Words(
        "signatures in the contracts: any reader of signed PDFs shows them",
        "合同中的签名：可用任何支持签名的 PDF 阅读器查看",
    ),
    Words(
        "whether the key that signed is the bank's own, unless it was given with --key",
        "签名密钥是否属于该机构（除非以 --key 指定）",
    ),
)  # fmt: skip
"""What no file can say."""


def disagreements(manifest: Manifest, records: Records) -> tuple[list[Finding], list[Claim], dict[str, bytes]]:
    """What does not agree in an export; and its claims and papers, made again."""
    found = _books(records)
    for life in records.lives:
        found += compared("loan", [life.loan.id], lambda _, life=life: _loan(records, life))  # type: ignore[misc]
    made = claims(records)
    for each in made:
        loan = each.life.loan
        held, lent = sum(each.holders.values()), sum(each.lenders.values())
        if held != each.owed + loan.written_off.minor:
            found.append(Finding("holders", loan.id, f"is owed {each.owed} minor units, and its holders hold {held}"))
        if each.lenders and lent != each.holders.get("marketplace", 0):
            found.append(Finding("holders", loan.id, f"has lenders who hold {lent} minor units together"))
    found += _fund(records)
    again = sums(records, made)
    for name in sorted({*again, *manifest.sums}):
        if again.get(name) != manifest.sums.get(name):
            found.append(Finding("sum", name, f"is {again.get(name)}, and the manifest says {manifest.sums.get(name)}"))
    return found, made, papers(records, made, manifest.business_date)


def _books(records: Records) -> list[Finding]:
    """Accounts of claims hold what their entries come to; an entry stands once."""
    moved: Counter[str] = Counter()
    seen: Counter[str] = Counter(each.entry.reference for each in records.journal)
    for each in records.journal:
        for line in each.entry.postings:
            moved[line.account] += line.amount.minor
    found = [Finding("journal", reference, "stands twice") for reference, times in seen.items() if times > 1]
    known = {each.spec.path: each for each in records.accounts}
    found += [Finding("journal", path, "is moved, and no account") for path in moved if path not in known]
    return found + [
        Finding("account", path, f"holds {each.balance} minor units, and its entries come to {moved[path]}")
        for path, each in known.items()
        if below(path, (*CLAIMS, *KEPT)) and path in moved and each.balance != moved[path]
    ]  # fmt: skip


def _loan(records: Records, life: Life) -> list[Finding]:
    loan = life.loan
    flows, notes = records.flows.get(loan.id, []), records.notes.get(loan.id, [])
    found = loans_audit.compare(life, records.commitments.get(loan.id), flows, records.books)
    if not flows:
        return found
    market = records.markets.get(loan.id)
    found += notes_audit.compare(loan, notes, flows, records.books)
    taken = records.parts.get(loan.id, {})
    found += notes_audit.lenders(loan, notes, flows, market)
    found += notes_audit.parts(loan, notes, flows, taken)
    if market is not None or any(part.fee for part in taken.values()):
        wanted, _ = notes_audit.given(loan, notes, flows, market, taken, records.home)
        found += notes_audit.posted(loan, wanted, records.entries_of.get(loan.id, {}))
    if market is not None:
        path, stands = notes_audit.escrow(loan, notes, flows, market, records.home)
        lies = records.books.get(path, stands * 0)
        if lies != stands:
            found.append(Finding("note", loan.id, f"has {lies} on {path}, and {stands} is its lenders'"))
    return found


def _fund(records: Records) -> list[Finding]:
    """The protection fund holds what went in of each loan, less what it paid."""
    said = sum(
        notes_audit.kept(records.notes[loan_id], records.flows[loan_id], market)
        for loan_id, market in records.markets.items()
        if market.listed.currency == records.home
    )
    path = fund_account(records.home, records.home)
    lies = -records.books.get(path, Money(0, records.home)).minor
    return [Finding("fund", path, f"holds {lies} minor units, and its loans say {said}")] if lies != said else []
