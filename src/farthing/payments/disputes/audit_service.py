"""Run the verification of disputes: each met with what it posted, with what of its payment is set aside, and all together with
what the books say was advanced and is owed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from farthing.db.tx import Tx
from farthing.kit.findings import Audit, Finding
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.model import Posted, entry_id
from farthing.payments.disputes import rules, store
from farthing.payments.disputes.model import PaymentDispute
from farthing.payments.wallets import wallet_path

PAGE = 500
WHAT = "dispute"
OVER = ("ended", "withdrawn")


@dataclass(frozen=True, slots=True)
class DisputeAudit(Audit):
    """What a verification of disputes counted and found."""

    disputes: int
    lines: int


def verify_disputes(tx: Tx) -> DisputeAudit:
    """Meet every dispute with its entries, its payment and the two accounts of the house."""
    found, counts, after = list[Finding](), [0, 0], ""
    aside, house = dict[tuple[str, str], int](), defaultdict[str, int](int)
    while some := store.page(tx, after, PAGE):
        said = store.said(tx, [each.id for each in some])
        counts[0], counts[1] = counts[0] + len(some), counts[1] + sum(map(len, said.values()))
        found += [Finding(WHAT, each.id, "nothing was said of it") for each in some if each.id not in said]
        found += _books(tx, some)
        for each in some:
            if each.kind == "code" and not (each.state in OVER and each.outcome == "merchant"):
                aside[each.merchant_id, each.payment_id] = each.amount.minor
            house[rules.OWED] += each.owed.minor
            house[rules.ADVANCED] += each.amount.minor if each.provisional and each.state not in OVER else 0
        after = some[-1].id
    return DisputeAudit(counts[0], counts[1], findings=(*found, *_aside(tx, aside), *_house(tx, house)))


def _books(tx: Tx, disputes: list[PaymentDispute]) -> list[Finding]:
    """What each advanced, and what its end moved, leg by leg; what is owed now is what was owed then less what was collected."""
    names = {each.id: [f"dispute:{each.id}:{name}" for name in ("advanced", "paid", "back")] for each in disputes}
    posted = ledger.found_by_id(tx, [entry_id(name) for some in names.values() for name in some])
    found = []
    for each in disputes:
        advanced, paid, back = (posted.get(entry_id(name)) for name in names[each.id])
        if (advanced is not None) != each.provisional:
            found.append(Finding(WHAT, each.id, "its payer has an advance that it does not know of, or has none"))
        over = each.state in OVER
        if (paid is not None) != (over and each.outcome == "payer"):
            found.append(
                Finding(WHAT, each.id, f"it is {each.state} for {each.outcome or 'nobody'}: its end is not that")
            )
        if (back is not None) != (over and each.outcome == "merchant" and each.provisional):
            found.append(
                Finding(WHAT, each.id, f"it is {each.state} for {each.outcome or 'nobody'}: its advance is not")
            )
        end = paid or back
        if end is not None and not _as_meant(each, end, tx.home):
            found.append(Finding(WHAT, each.id, "its end moved something else"))
    return found


def _as_meant(dispute: PaymentDispute, end: Posted, home: str) -> bool:
    """Whether an end moved what it was to move, whatever of it was there then."""
    legs = {each.account: each.amount for each in end.entry.postings}
    owed = legs.get(rules.OWED, Money.zero(dispute.amount.currency))
    whole = dispute.amount + dispute.fee if dispute.outcome == "payer" else dispute.amount
    loser = dispute.side if dispute.outcome == "payer" else dispute.payer
    path = wallet_path(loser, dispute.amount.currency, home)
    purses = rules.Purses({path: (whole - owed).minor})
    wanted, _ = rules.ended(replace(dispute), purses, end.entry.effective_on, home)
    return wanted is not None and set(wanted.postings) == set(end.entry.postings)


def _aside(tx: Tx, meant: dict[tuple[str, str], int]) -> list[Finding]:
    found, after = list[Finding](), ("", "")
    while some := store.set_aside(tx, after, PAGE):
        for merchant_id, payment_id, minor in some:
            wanted = meant.pop((merchant_id, payment_id), 0)
            if wanted != minor:
                found.append(
                    Finding(WHAT, payment_id, f"{minor} minor units of it are set aside, and {wanted} disputed")
                )
        after = some[-1][0], some[-1][1]
    return found + [Finding(WHAT, payment, "nothing of it is set aside, and it is disputed") for _, payment in meant]


def _house(tx: Tx, meant: defaultdict[str, int]) -> list[Finding]:
    books = ledger.balances_of(tx, [rules.OWED, rules.ADVANCED])
    return [
        Finding(WHAT, path, f"the books say {there} minor units, the disputes {meant[path]}")
        for path in (rules.OWED, rules.ADVANCED)
        if (there := books[path].owed().minor if path in books else 0) != meant[path]
    ]
