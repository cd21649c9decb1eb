"""Decide what is a partner's part: pure functions from loans and postings to figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from operator import itemgetter

from farthing.funding.lenders.model import SettlementDay, Share
from farthing.kit.errors import conflict, not_found
from farthing.kit.money import Money
from farthing.lending.roll.model import HeldLoan

NO_PARTNER = not_found(
    "funding.no_partner",
    "The login {actor} is of no partner lender yet; ask the bank to say of which.",
    "登录 {actor} 尚未归属任何合作方；请联系银行办理。",
)
UNKNOWN_PARTNER = not_found(
    "funding.unknown_partner", "There is no partner lender {partner}.", "没有合作方 {partner}。"
)
NOT_A_LENDER = conflict(
    "funding.not_a_lender",
    "{actor} is no login of the role lender, or a login of another partner; make a new login of that role.",
    "{actor} 不是合作方人员登录，或已归属其他合作方；请另开立该角色的登录。",
)
UNKNOWN_REQUEST = not_found(
    "funding.unknown_request", "You were asked nothing under {request_id}.", "没有编号为 {request_id} 的征询。"
)


def shares(partner: str, held: Iterable[HeldLoan]) -> tuple[Share, ...]:
    """A partner's part of its loans by currency, each part divided as the entries divided it: parts of sums."""
    found: dict[str, list[HeldLoan]] = {}
    for loan in held:
        found.setdefault(loan.principal_paid.currency, []).append(loan)
    return tuple(_share(f"partner:{partner}", currency, found[currency]) for currency in sorted(found))


def _share(holder: str, currency: str, held: list[HeldLoan]) -> Share:
    lent = outstanding = largest = interest = charges = arrears = late = 0
    for loan in held:
        at = next(index for index, each in enumerate(loan.holders) if each.name == holder)
        whole, paid = loan.holders[at].share.minor, _part(loan, at, loan.principal_paid)
        behind = _part(loan, at, loan.principal_paid + loan.principal_late) - paid
        lent, outstanding, largest = lent + whole, outstanding + whole - paid, max(largest, whole - paid)
        interest += _part(loan, at, loan.interest_paid)
        charges += _part(loan, at, loan.penalty_paid) + _part(loan, at, loan.fee_paid)
        arrears, late = arrears + behind, late + bool(loan.principal_late)
    active = sum(loan.active for loan in held)

    def money(minor: int) -> Money:
        return Money(minor, currency)

    return Share(
        currency, active, len(held) - active, money(lent), money(outstanding), money(largest), money(interest),
        money(charges), late, money(arrears),
    )  # fmt: skip


def _part(loan: HeldLoan, at: int, amount: Money) -> int:
    """Minor units of a sum that are a holder's."""
    return amount.allocate([each.share.minor for each in loan.holders])[at].minor if amount else 0


def days(opening: Money, moved: Iterable[tuple[date, str, int]]) -> tuple[SettlementDay, ...]:
    """What moved a settlement account by day and kind (minor units that the partner owes more), the latest day first."""
    owed, currency = opening.minor, opening.currency
    found: list[SettlementDay] = []
    for on, group in groupby(sorted(moved), key=itemgetter(0)):
        sums = {"disbursement": 0, "repayment": 0, "rail": 0, "": 0}
        for _, kind, minor in group:
            known = "rail" if kind in RAIL else kind if kind in sums else ""
            sums[known] += minor
            owed += minor
        lent, repaid, paid, other = sums.values()
        found.append(SettlementDay(on, *(Money(each, currency) for each in (lent, -repaid, -paid, other, owed))))
    return tuple(reversed(found))


RAIL = frozenset({"top-up", "pay-out"})
"""Kinds of entries by which a rail moves money between a partner and the bank."""
