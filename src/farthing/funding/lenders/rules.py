"""Decide what is a partner's part: pure functions from loans and postings to figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from farthing.funding.joint.model import Part
from farthing.funding.joint.rules import serviced
from farthing.funding.lenders.model import AskedFor, SettlementDay, Share
from farthing.funding.programmes.model import Programme
from farthing.funding.rules import partner_share
from farthing.funding.shares import Note, in_force
from farthing.kit.errors import Refusal, conflict, not_found
from farthing.kit.money import Money
from farthing.lending.held import parts
from farthing.lending.roll.model import HeldLoan
from farthing.products.model import LoanTerms
from farthing.products.policy import Policy

NO_PARTNER = not_found(
    "funding.no_partner",
    "The login {actor} is of no partner lender yet; ask the bank to say of which.",
    "登录账户 {actor} 尚未归属任何合作方；请联系银行办理。",
)
NOT_A_LENDER = conflict(
    "funding.not_a_lender",
    "{actor} is no login of the role lender, or a login of another partner; make a new login of that role.",
    "{actor} 不是合作方人员的登录账户，或已归属其他合作方；请另开立该角色的登录账户。",
)
UNKNOWN_REQUEST = not_found(
    "funding.unknown_request", "You were asked nothing under {request_id}.", "没有编号为 {request_id} 的征询。"
)


def asked_for(terms: LoanTerms, policy: Policy, since_at: datetime) -> AskedFor | None:
    """What a partner is asked for under a product, or none where it is asked for nothing: the product prefers to be funded
    otherwise, or the policy in force leaves no part so small."""
    try:
        least, most = (partner_share(terms, policy, each) for each in (terms.principal.min, terms.principal.max))
    except Refusal:
        return None
    if least is None or most is None or terms.co_lending is None:
        return None
    agreed = terms.co_lending
    part = agreed.partner_share / (agreed.own_share + agreed.partner_share)
    return AskedFor(
        terms.product, terms.name, part, least, most, terms.rate.annual, terms.instalments.min, terms.instalments.max,
        agreed.answer_within_ms, since_at, annual_min=terms.rate.by_default[0].annual if terms.rate.by_default else None,
    )  # fmt: skip


def asked_by(programme: Programme, terms: LoanTerms, policy: Policy, since_at: datetime) -> AskedFor | None:
    """As :func:`asked_for`, under a programme: what both the product and the programme are about."""
    wanted = asked_for(terms, policy, since_at)
    if wanted is None or programme.least.currency != terms.currency:
        return None
    least, most = max(programme.least, terms.principal.min), min(programme.most, terms.principal.max)
    shortest, longest = max(programme.shortest, wanted.instalments_min), min(programme.longest, wanted.instalments_max)
    if most < least or longest < shortest:
        return None
    part = min(programme.part, wanted.part)
    parts = [amount.allocate([1 - part, part])[1] for amount in (least, most)]
    return replace(
        wanted, part=part, least=parts[0], most=parts[1], instalments_min=shortest, instalments_max=longest,
        answer_within_ms=programme.within_ms, programme=programme.code, place=programme.place,
        least_score=programme.least_score, until=programme.until, yours=programme.price.asks(terms.rate.annual),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Credited:
    """What a holder was credited of a loan so far, what of the interest it left us for ``servicing``, and what of its principal
    is late."""

    principal: Money
    interest: Money
    charges: Money
    late: Money
    servicing: Money


def credited(loan: HeldLoan, notes: Sequence[Note], at: int, taken: Part | None = None) -> Credited:
    """What one of the holders was credited: divided as the entries divided it, by parts of the whole sums."""
    weights = [note.principal.minor for note in notes]

    def part(whole: Money) -> Money:
        return Money(parts(weights, whole.minor)[at], whole.currency)

    paid = part(loan.principal_paid)
    late = part(loan.principal_paid + loan.principal_late) - paid
    interest = part(loan.interest_paid)
    servicing = serviced(taken, 0, interest.minor) if taken is not None else 0
    charges = part(loan.penalty_paid) + part(loan.fee_paid)
    return Credited(paid, interest, charges, late, Money(servicing, interest.currency))


def shares(
    partner: str, held: Iterable[HeldLoan], notes: Mapping[str, Sequence[Note]], taken: Mapping[str, Mapping[str, Part]]
) -> tuple[Share, ...]:  # fmt: skip
    """A partner's part of its loans by currency, each part divided as the entries divided it: parts of sums."""
    found: dict[str, list[HeldLoan]] = {}
    for loan in held:
        found.setdefault(loan.principal_paid.currency, []).append(loan)
    return tuple(_share(f"partner:{partner}", currency, found[currency], notes, taken) for currency in sorted(found))


def _share(
    holder: str, currency: str, held: list[HeldLoan], notes: Mapping[str, Sequence[Note]],
    taken: Mapping[str, Mapping[str, Part]],
) -> Share:  # fmt: skip
    lent = outstanding = largest = interest = charges = arrears = late = servicing = 0
    for loan in held:
        its = in_force(notes[loan.id], date.max)
        at = next(at for at, note in enumerate(its) if note.holder == holder)
        whole, had = its[at].principal.minor, credited(loan, its, at, taken.get(loan.id, {}).get(holder))
        paid = had.principal.minor
        lent, outstanding, largest = lent + whole, outstanding + whole - paid, max(largest, whole - paid)
        interest, charges = interest + had.interest.minor, charges + had.charges.minor
        servicing += had.servicing.minor
        arrears, late = arrears + had.late.minor, late + bool(loan.principal_late)
    active = sum(loan.active for loan in held)

    def money(minor: int) -> Money:
        return Money(minor, currency)

    return Share(
        currency, active, len(held) - active, money(lent), money(outstanding), money(largest), money(interest),
        money(charges), late, money(arrears), money(servicing),
    )  # fmt: skip


def days(opening: Money, moved: Iterable[tuple[date, str, int]]) -> tuple[SettlementDay, ...]:
    """What moved a settlement account by day and kind (minor units that the partner owes more), the latest day first."""
    owed, currency = opening.minor, opening.currency
    found: list[SettlementDay] = []
    for on, group in groupby(sorted(moved), key=itemgetter(0)):
        sums = {"lent": 0, "repaid": 0, "rail": 0, "": 0}
        for _, kind, minor in group:
            sums[KINDS.get(kind, "")] += minor
            owed += minor
        lent, repaid, paid, other = sums.values()
        found.append(SettlementDay(on, *(Money(each, currency) for each in (lent, -repaid, -paid, other, owed))))
    return tuple(reversed(found))


KINDS = {
    "funding": "lent", "distribution": "repaid", "top-up": "rail", "pay-out": "rail",
    "pay-out.back": "rail", "top-up.back": "rail",
    "disbursement": "lent", "repayment": "repaid",
}  # fmt: skip
"""What the kinds of entries on a settlement account are; the last two before lending told flows (decision 0037)."""
