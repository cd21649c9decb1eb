"""Run the verification of merchants: each payment, refund and payout derived again and met with the books, and what waits with
the escrow, to the fen. Never writes.

A payment's row, its refunds and the entries tell the same thing three times. What a merchant took, gave back and was paid out
leaves what his escrow holds; what fees wait for their settlement, the escrow of fees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import groupby

from farthing.db.tx import Row, Tx
from farthing.kit.findings import Audit, Finding, compared
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.meeting.rows_service import met
from farthing.ledger.model import JournalEntry
from farthing.payments.merchants import audit_store, refunding, rules, store
from farthing.payments.merchants.model import CodePaid, Merchant, MerchantTerms
from farthing.payments.merchants.refunding import Refund, Share, Taken

PAGE = 500
PAYMENT, PAYOUT, MERCHANT = "merchant payment", "merchant payout", "merchant"


@dataclass(frozen=True, slots=True)
class MerchantAudit(Audit):
    """What a verification of merchants counted and found."""

    merchants: int
    payments: int
    refunds: int
    payouts: int


@dataclass(slots=True)
class _Seen:
    merchants: int = 0
    payments: int = 0
    refunds: int = 0
    payouts: int = 0
    fees_wait: int = 0


def verify_merchants(tx: Tx) -> MerchantAudit:
    """Derive every payment by code again. ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``)."""
    found, seen, after = list[Finding](), _Seen(), ("", "")
    while page := audit_store.payments(tx, after, PAGE):
        by_id = {each["id"]: each for each in page}
        found += compared(PAYMENT, list(by_id), partial(_payments_of, tx, by_id, seen))
        after = page[-1]["merchant_id"], page[-1]["id"]
    last = ""
    while ids := audit_store.merchants(tx, last, PAGE):
        found += compared(MERCHANT, ids, partial(_merchants, tx, seen))
        last = ids[-1]
    found += [Finding("merchant refund", each, "its payment is not there") for each in audit_store.strays(tx)]
    found += _fees(tx, seen)
    return MerchantAudit(seen.merchants, seen.payments, seen.refunds, seen.payouts, findings=tuple(found))


def _fees(tx: Tx, seen: _Seen) -> list[Finding]:
    account = ledger.balances_of(tx, [rules.FEES]).get(rules.FEES)
    there = account.owed().minor if account is not None else 0
    if there == seen.fees_wait:
        return []
    return [Finding(MERCHANT, rules.FEES, f"holds {there} minor units, and fees of {seen.fees_wait} wait")]


def _payments_of(tx: Tx, by_id: Mapping[str, Row], seen: _Seen, ids: list[str]) -> list[Finding]:
    return _payments(tx, [by_id[each] for each in ids], seen)


def _payments(tx: Tx, found: list[Row], seen: _Seen) -> list[Finding]:
    ids = sorted({each["merchant_id"] for each in found})
    merchants, contracts, refunds = (
        store.merchants(tx, ids),
        store.contracts(tx, ids),
        audit_store.refunds_of(tx, found),
    )
    problems, expected = list[Finding](), list[tuple[str, JournalEntry]]()
    for row in found:
        agreed = contracts.get(row["merchant_id"], {}).get(row["contract_on"])
        if row["merchant_id"] not in merchants or agreed is None:
            problems.append(Finding(PAYMENT, row["id"], "its merchant, or the contract it was taken by, is not there"))
            continue
        merchant = replace(merchants[row["merchant_id"]], fee=agreed.fee)
        mine = refunds.get(row["id"], [])
        problems += [Finding(PAYMENT, row["id"], each) for each in _sums(merchant, row, mine)]
        expected += [(row["id"], each) for each in _entries(tx, merchant, row, mine)]
    seen.payments += len(found)
    seen.refunds += sum(len(refunds.get(row["id"], [])) for row in found)
    return problems + met(tx, PAYMENT, expected)


def _sums(merchant: Merchant, row: Row, refunds: Sequence[Row]) -> list[str]:
    """Where a payment is not what its contract and its refunds make of it."""

    def money(minor: int) -> Money:
        return Money(minor, row["currency"])

    amount, fee = money(row["amount_minor"]), money(row["fee_minor"])
    back = sum(each["amount_minor"] for each in refunds)
    wanted = {
        "fee": (row["fee_minor"], rules.fee_of(merchant.fee, amount).minor),
        "given back": (row["refunded_minor"], back),
        "fee given back": (row["fee_returned_minor"], sum(each["fee_minor"] for each in refunds)),
        "part of the fee that goes back": (
            row["fee_returned_minor"], rules.fee_back(merchant.fee, fee, amount, money(row["refunded_minor"])).minor,
        ),
        "held": (
            row["held_minor"],
            rules.kept(merchant.fee, amount, fee).minor - sum(each["escrow_minor"] for each in refunds),
        ),
    }  # fmt: skip
    return [
        f"{what}: {is_} minor units, and {is_due} follow" for what, (is_, is_due) in wanted.items() if is_ != is_due
    ]


def _entries(tx: Tx, merchant: Merchant, row: Row, refunds: Sequence[Row]) -> Iterable[JournalEntry]:
    """The entries that a payment and its refunds made."""

    def money(minor: int) -> Money:
        return Money(minor, row["currency"])

    amount, fee = money(row["amount_minor"]), money(row["fee_minor"])
    paid = amount + fee if merchant.fee.by == "payer" else amount
    done = CodePaid(
        row["id"], rules.reference(row["id"]), merchant.id, row["till_id"], "", amount, paid, fee, "C", "", row["due_on"],
        row["taken_at"],
    )  # fmt: skip
    yield rules.paid_entry(row["payer"], merchant, done, row["taken_on"], tx.home)
    taken = Taken(
        row["id"],
        row["payer"],
        amount,
        fee,
        amount,
        fee,
        money(row["held_minor"]),
        settled=False,
        contract_on=row["contract_on"],
    )
    for each in refunds:
        part, from_fee, escrow = money(each["amount_minor"]), money(each["fee_minor"]), money(each["escrow_minor"])
        to_payer = part + from_fee if merchant.fee.by == "payer" else part
        shares = Refund(to_payer, escrow, to_payer - from_fee - escrow, from_fee)
        of = replace(taken, settled=each["settled"])
        yield refunding.refund_entry(each["id"], merchant, of, shares, row["taken_on"], tx.home, "")


def _merchants(tx: Tx, seen: _Seen, ids: list[str]) -> list[Finding]:
    merchants, contracts = store.merchants(tx, ids), store.contracts(tx, ids)
    seen.merchants += len(ids)
    found = [Finding(MERCHANT, each, "no contract of it is in force") for each in ids if each not in merchants]
    found += _escrows(tx, [each for each in ids if each in merchants], contracts, seen)
    return found + _payouts(tx, merchants, contracts, seen)


def _escrows(
    tx: Tx, ids: Sequence[str], contracts: Mapping[str, Mapping[date, MerchantTerms]], seen: _Seen
) -> list[Finding]:
    held: dict[str, int] = dict.fromkeys(ids, 0)
    for row in audit_store.waits(tx, ids):
        held[row["merchant_id"]] += row["held"]
        agreed = contracts[row["merchant_id"]].get(row["contract_on"])
        if agreed is not None and agreed.fee.earned == "settlement":
            seen.fees_wait += row["fee"]
    books = ledger.balances_of(tx, [rules.escrow_of(each) for each in ids])
    found = []
    for each in ids:
        there = books.get(rules.escrow_of(each))
        minor = there.owed().minor if there is not None else 0
        if minor != held[each]:
            problem = f"its escrow holds {minor} minor units, and {held[each]} of its payments wait to be paid out"
            found.append(Finding(MERCHANT, each, problem))
    return found


def _payouts(
    tx: Tx, merchants: Mapping[str, Merchant], contracts: Mapping[str, Mapping[date, MerchantTerms]], seen: _Seen
) -> list[Finding]:  # fmt: skip
    """Each payout against the payments that were paid out by it, and its entries."""
    rows = {(row["merchant_id"], row["id"]): row for row in audit_store.settlements(tx, list(merchants))}
    shares = {
        key: [Share(row["merchant_id"], row["contract_on"], row["payments"], row["held"], row["fee"]) for row in some]
        for key, some in groupby(
            audit_store.paid_out(tx, list(merchants)), lambda row: (row["merchant_id"], row["settlement_id"])
        )
    }
    seen.payouts += len(rows)
    found, expected = list[Finding](), list[tuple[str, JournalEntry]]()
    for key in sorted({*rows, *shares}):
        merchant_id, settlement_id = key
        subject = f"{settlement_id}:{merchant_id}"
        if key not in rows or key not in shares:
            missing = "it is not there, and payments name it" if key not in rows else "no payment was paid out by it"
            found.append(Finding(PAYOUT, subject, missing))
            continue
        row, merchant = rows[key], merchants[merchant_id]
        due = refunding.due_of(settlement_id, merchant, shares[key], contracts[merchant_id])
        for what, there, follows in (
            ("payments", row["payments"], due.payments),
            ("net", row["net_minor"], due.net.minor),
            ("fee", row["fee_minor"], due.fee.minor),
        ):
            if there != follows:
                found.append(Finding(PAYOUT, subject, f"{what}: {there}, and {follows} follow from its payments"))
        expected += [(subject, each) for each in refunding.settled_entries(due, merchant, row["settled_on"], tx.home)]
    return found + met(tx, PAYOUT, expected)
