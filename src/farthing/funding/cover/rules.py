"""Decide what a cover pays and what comes back to it: a waterfall in words and in pure functions.

First loss: the cover, up to the agreed part of what the partner lent and to what is in it, all claims of a day alike; what it
does not pay is the partner's own. Back: of principal that comes in of such a loan afterwards the partner's part is the cover's
until it has what it paid, and the partner's from then on; interest stays the partner's. Whether what came back may be paid out
again is agreed, and some laws forbid it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from farthing.funding.cover.model import Claimed, CoverClaim
from farthing.funding.joint.model import AMBER
from farthing.funding.programmes.model import CoverTerms
from farthing.funding.rules import settlement_account
from farthing.funding.shares import Note
from farthing.kit.errors import conflict, declined, not_found
from farthing.kit.ids import bare
from farthing.kit.money import Money
from farthing.ledger.chart import in_currency
from farthing.ledger.model import JournalEntry, Posting
from farthing.lending.flows import Flow
from farthing.lending.held import parts

ESCROW, OWN = "liabilities:escrow:cover", "assets:cover"
LOST, WON = "expenses:default-cover", "income:default-cover"
"""What a cover that we give ourselves has paid, and what of it came back."""
IN = ("repaid", "recovered")
CLAIM, SHARED_OUT = "cover-claim", "distribution"
BEGAN = date(1900, 1, 1)
"""Before any cover."""
NO_COVER = not_found(
    "funding.no_cover", "The programme {programme} has no cover; name one whose file has it.",
    "合作项目 {programme} 未约定违约损失补偿；请指定已约定的项目。",
)  # fmt: skip
COVER_ASKED = conflict(
    "funding.cover_asked",
    "A movement of the cover of {programme} waits for the rail's answer, or there is no rail; try again once it is answered.",
    "{programme} 的补偿资金有一笔划转尚待支付通道答复，或尚无支付通道；请于答复后再试。",
)  # fmt: skip
COVER_BOUND = declined(
    "funding.cover_bound",
    "{amount} of the cover of {programme} cannot be given back: it answers for {needed}, and {balance} is in it; give back less.",
    "无法退还 {programme} 补偿资金 {amount}：尚需保留 {needed}，现有 {balance}；请减少金额。",
)


def escrow(programme: str, giver: str, currency: str, home: str) -> str:
    """Where a cover's money lies."""
    return in_currency(f"{ESCROW}:{programme}:{giver}" if giver else f"{ESCROW}:{programme}", currency, home)


def own(programme: str, giver: str, currency: str, home: str) -> str:
    """Where what lies in a cover of ours stands as ours; nothing of another giver's."""
    return "" if giver else in_currency(f"{OWN}:{programme}", currency, home)


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved a cover since it began, in minor units, from the books: what its giver put in and had back, what it paid, and
    what came back to it."""

    paid_in: int
    returned: int
    paid: int
    back: int

    @property
    def balance(self) -> int:
        """What is in it."""
        return self.paid_in - self.returned - self.paid + self.back


def moved(found: Sequence[tuple[date, str, int]]) -> Moved:
    """The same from the postings of a cover's account: day, kind of the entry, minor units that came in."""
    given = [minor for _, kind, minor in found if kind not in (CLAIM, SHARED_OUT)]
    paid, back = (sum(minor for _, kind, minor in found if kind == one) for one in (CLAIM, SHARED_OUT))
    return Moved(sum(each for each in given if each > 0), -sum(each for each in given if each < 0), -paid, back)


def most(lent: Sequence[tuple[CoverTerms, int]]) -> int:
    """What a cover answers for in all, in minor units: of what was lent under each version of its programme the agreed part."""
    return int(sum((Fraction(terms.part) * minor for terms, minor in lent), Fraction(0)))


def left(most: int, paid: int, back: int, *, refills: bool) -> int:
    """What a cover may still pay, in minor units."""
    return max(most - paid + (back if refills else 0), 0)


def level(most: int, still: int) -> str:
    """How much of a cover is used up: amber from eight tenths, red where nothing is left."""
    used = most - still
    return "red" if most and not still else "amber" if used and used >= AMBER * most else "green"


def claimed(share: int, at: int, notes: Sequence[Note], flows: Sequence[Flow], upto: int) -> int:
    """What of its part a partner has left to claim, in minor units: principal that was neither repaid to it nor recovered for
    it by the flows up to a number."""
    return max(share - _came(at, notes, flows, upto), 0)


def _came(at: int, notes: Sequence[Note], flows: Sequence[Flow], upto: int) -> int:
    """What of principal was repaid to the note at a place or recovered for it by the flows up to a number."""
    weights = [note.principal.minor for note in notes]
    whole = [sum(flow.principal.minor for flow in flows if flow.kind == kind and flow.number <= upto) for kind in IN]
    return sum(parts(weights, each)[at] for each in whole)


def pays(claims: Sequence[int], still: int, balance: Money) -> list[int]:
    """What a cover pays on claims of one day: all of each, or of each the same part of what it may pay and has."""
    whole, there = sum(claims), max(min(still, balance.minor), 0)
    if whole <= there:
        return list(claims)
    return [each.minor for each in Money(there, balance.currency).allocate(claims)]


def back(claim: Claimed, at: int, notes: Sequence[Note], flows: Sequence[Flow], upto: int) -> int:
    """What of what a cover paid it has had back by the flows up to a number: a function of all that moved, so that nothing
    drifts."""
    then, now = (_came(at, notes, flows, number) for number in (min(claim.after, upto), upto))
    return min(now - then, claim.paid)


def came_back(claim: Claimed, at: int, notes: Sequence[Note], flows: Sequence[Flow], flow: Flow) -> int:
    """What a cover has back of one flow, of what it paid on the note at a place."""
    if flow.number <= claim.after:
        return 0
    before, now = (back(claim, at, notes, flows, upto) for upto in (flow.number - 1, flow.number))
    return now - before


def payment(claim: CoverClaim, home: str) -> JournalEntry:
    """A cover pays a partner, which is settled with at the close.

    liabilities:escrow:cover:X        paid
        assets:settlement:partner:P   -paid
    expenses:default-cover            paid      (and of a cover that we give ourselves)
        assets:cover:X                -paid
    """
    currency, paid = claim.paid.currency, claim.paid
    ours = own(claim.programme, claim.giver, currency, home)
    lines = [
        Posting(escrow(claim.programme, claim.giver, currency, home), paid),
        Posting(settlement_account(claim.partner), -paid),
    ]
    if ours:
        lines += [Posting(in_currency(LOST, currency, home), paid), Posting(ours, -paid)]
    reference = f"cover:{bare(claim.loan_id)}:{claim.partner}"
    return JournalEntry(reference, CLAIM, claim.paid_on, tuple(lines), "违约损失补偿 paid by a cover")


def set_aside(programme: str, amount: Money, reference: str, on: date, home: str) -> JournalEntry:
    """We put money of ours into a cover; with a minus we take it back.

    assets:cover:X                  amount
        liabilities:escrow:cover:X  -amount
    """
    ours, there = own(programme, "", amount.currency, home), escrow(programme, "", amount.currency, home)
    lines = (Posting(ours, amount), Posting(there, -amount))
    return JournalEntry(f"cover:{programme}:{reference}", "cover", on, lines, "违约损失补偿资金 cover")


def claims_of(found: Sequence[CoverClaim], home: str) -> dict[str, dict[str, Claimed]]:
    """What entries ask of claims, by the loan and the holder."""
    sorted_out: dict[str, dict[str, Claimed]] = {}
    for each in found:
        currency = each.paid.currency
        sorted_out.setdefault(each.loan_id, {})[f"partner:{each.partner}"] = Claimed(
            escrow(each.programme, each.giver, currency, home), own(each.programme, each.giver, currency, home),
            each.paid.minor, each.after,
        )  # fmt: skip
    return sorted_out
