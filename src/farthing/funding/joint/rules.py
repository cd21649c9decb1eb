"""Decide whether there is room to lend more together with a partner, and what is left of each part. Pure.

Our part of all that is lent with one partner, or with all of one group, is bound by net capital, that with all partners by
our part of all loans; a partner's own part by what its programme says. What was agreed and is not paid out yet counts as
lent together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from farthing.funding.cover.model import Claimed
from farthing.funding.joint.model import AMBER, Blend, Part, Standing, Use
from farthing.funding.programmes.model import Capacity
from farthing.funding.shares import Note
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.lending.flows import Flow
from farthing.lending.held import parts
from farthing.lending.model import OWN_BOOK, Holder
from farthing.products.policy import Policy

OUTSTANDING, A_DAY = "capacity_outstanding", "capacity_a_day"
ONE_PARTNER, ALL_PARTNERS = "partner_capital_max", "joint_loans_max"
PARTNER = "partner:"


def why_not(policy: Policy, standing: Standing, partner: str, programme: str, share: Money, ours: Money) -> str:
    """The limit in whose way it is that a partner lends ``share`` of a loan of which ``ours`` is our part; nothing where there
    is room: ``capacity_outstanding``, ``capacity_a_day``, ``partner_capital_max``, ``joint_loans_max``, in this order."""
    its, sums = standing.capacities.get(programme), standing.sums
    theirs = sum(each.theirs for each in sums if each.programme == programme and each.partner == partner)
    today = sum(each.today for each in sums if each.programme == programme and each.partner == partner)
    group = standing.group(partner)
    beside = sum(each.ours for each in sums if standing.group(each.partner) == group)
    if its is not None and its.outstanding is not None and theirs + share.minor > its.outstanding.minor:
        return OUTSTANDING
    if its is not None and its.a_day is not None and today + share.minor > its.a_day.minor:
        return A_DAY
    one, all_of_them = policy.partner_capital_max, policy.joint_loans_max
    if one is not None and beside + ours.minor > one.value * standing.capital:
        return ONE_PARTNER
    counted, lent = sum(each.counted for each in sums) + ours.minor, standing.loans + ours.minor
    if all_of_them is not None and counted > all_of_them.free.minor and counted > all_of_them.value * lent:
        return ALL_PARTNERS
    return ""


def of_law(policy: Policy, standing: Standing, partners: Sequence[str], currency: str) -> list[Use]:
    """How much of each limit of the law is used: by all partners, then by each."""
    found, sums = list[Use](), standing.sums
    all_of_them, one = policy.joint_loans_max, policy.partner_capital_max
    if all_of_them is not None:
        most = max(all_of_them.free.minor, int(all_of_them.value * standing.loans))
        found.append(_use(ALL_PARTNERS, "", most, sum(each.counted for each in sums), currency, all_of_them.article))
    if one is not None:
        most = max(int(one.value * standing.capital), 0)
        for partner in partners:
            used = sum(each.ours for each in sums if standing.group(each.partner) == standing.group(partner))
            found.append(_use(ONE_PARTNER, partner, most, used, currency, one.article))
    return found


def of_programmes(standing: Standing, only: Sequence[str], currency: str) -> list[Use]:
    """How much is used of what these programmes say that their partners lend."""
    found = list[Use]()
    for programme in only:
        its = standing.capacities.get(programme, Capacity())
        of_it = [each for each in standing.sums if each.programme == programme]
        for limit, bound, used in (
            (OUTSTANDING, its.outstanding, sum(each.theirs for each in of_it)),
            (A_DAY, its.a_day, sum(each.today for each in of_it)),
        ):
            if bound is not None:
                found.append(_use(limit, programme, bound.minor, used, currency, None))
    return found


def _use(limit: str, about: str, most: int, used: int, currency: str, article: Words | None) -> Use:
    level = "red" if used >= most else "amber" if used >= AMBER * most else "green"
    return Use(limit, about, Money(most, currency), Money(used, currency), level, article)


def now(part: Part, notes: Sequence[Note], flows: Sequence[Flow]) -> Part:
    """A part as it stands after all flows of its loan that were shared out or are now: by the rule that shares them out."""
    if not notes:
        return part
    weights = [note.principal.minor for note in notes]
    repaid = parts(weights, sum(flow.principal.minor for flow in flows if flow.kind == "repaid"))
    left = {note.holder: note.principal.minor - one for note, one in zip(notes, repaid, strict=True)}
    gone, currency = any(flow.kind == "given_up" for flow in flows), part.share.currency
    theirs, ours = (0, 0) if gone else (left[f"{PARTNER}{part.partner}"], left.get(OWN_BOOK, 0))
    return replace(
        part, left=Money(theirs, currency), own_left=Money(ours, currency),
        lent=any(flow.kind == "disbursed" for flow in flows), given_up=gone,
    )  # fmt: skip


def blend(parts_of: Sequence[Part], principal: Money, holders: Sequence[Holder] = ()) -> Blend:
    """The blended rate of a loan: the sum of each part by its rate. Whoever is no partner, we and lenders of the marketplace,
    asks what the borrower pays, so the borrower's rate is never less, and what is between is what we are paid for servicing.
    ``holders``: of the loan, once they are set; before that what no partner lends is ours."""
    if not parts_of:
        raise InvariantBroken("a loan without partners has no blended rate")
    of_annual = parts_of[0].of_annual
    ours = principal.minor - sum(each.share.minor for each in parts_of)
    others = [(each.name, each.share, of_annual) for each in holders if not each.name.startswith(PARTNER)]
    if ours and not holders:
        others = [(OWN_BOOK, Money(ours, principal.currency), of_annual)]
    asked = [*others, *((f"{PARTNER}{each.partner}", each.share, each.annual) for each in parts_of)]
    exact = blended([(share.minor, annual) for _, share, annual in asked])
    places = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("1e-12"), ROUND_HALF_EVEN)
    return Blend(parts_of[0].loan_id, of_annual, places, tuple(asked))


def blended(asked: Sequence[tuple[int, Decimal]]) -> Fraction:
    """``sum(share x rate)`` of parts in minor units and their rates, exactly."""
    whole = sum(minor for minor, _ in asked)
    return sum((Fraction(minor, whole) * Fraction(annual) for minor, annual in asked), Fraction(0))


def serviced(part: Part, before: int, now_given: int) -> int:
    """What of interest that a partner is given now, after ``before``, it leaves us, in minor units: a function of all that it
    was given, rounded down, so that many small receipts cost what one large one does."""
    return int(part.fee * (before + now_given)) - int(part.fee * before)


def by_partner(
    found: Mapping[str, Sequence[Part]], claims: Mapping[str, Mapping[str, Claimed]]
) -> dict[str, dict[str, Part]]:  # fmt: skip
    """Parts of loans by the loan and the holder, each with what was claimed for it."""
    return {
        loan_id: {
            (holder := f"{PARTNER}{each.partner}"): replace(each, claimed=claims.get(loan_id, {}).get(holder))
            for each in some
        }
        for loan_id, some in found.items()
    }
