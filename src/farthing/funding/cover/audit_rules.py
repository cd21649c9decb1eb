"""Decide whether covers agree with the books: each claim with its loan, and each cover with its claims. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from farthing.funding.cover import rules
from farthing.funding.cover.model import CoverClaim, LossCover
from farthing.funding.cover.rules import Moved
from farthing.funding.shares import Note, in_force
from farthing.kit.findings import Finding
from farthing.kit.money import Money
from farthing.ledger.model import JournalEntry
from farthing.lending.flows import Flow


def claim(
    found: CoverClaim, share: Money, notes: Sequence[Note], flows: Sequence[Flow], home: str
) -> tuple[list[Finding], list[JournalEntry], int]:
    """What is wrong with a claim on a part of ``share``, the entry that paid it, and what came back for it, in minor units."""
    held = in_force(notes, date.max)
    at = next((at for at, note in enumerate(held) if note.holder == f"partner:{found.partner}"), None)
    if at is None:
        return [Finding("cover", found.loan_id, f"has a claim of {found.partner}, which has no part of it")], [], 0
    left = rules.claimed(share.minor, at, held, flows, found.after)
    said = Money(left, share.currency)
    wrong = [] if found.claimed == said else [f"was claimed for {found.claimed}, and {said} was left"]
    (one,) = rules.claims_of([found], home)[found.loan_id].values()
    back = rules.back(one, at, held, [flow for flow in flows if not flow.waits], flows[-1].number)
    entries = [rules.payment(found, home)] if found.paid else []
    return [Finding("cover", found.loan_id, problem) for problem in wrong], entries, back


def standing(cover: LossCover, moved: Moved, paid: int, back: int, ours: Money | None) -> list[Finding]:
    """What is wrong with a cover: its claims ``paid`` so much and so much came ``back`` by its loans; ``ours``: what stands
    beside it of one that this bank gives."""
    currency, found = cover.most.currency, []

    def money(minor: int) -> Money:
        return Money(minor, currency)

    if moved.paid != paid:
        found.append(f"has paid {money(moved.paid)}, and its claims say {money(paid)}")
    if moved.back != back:
        found.append(f"had {money(moved.back)} back, and its loans say {money(back)}")
    if ours is not None and ours.minor != moved.balance:
        found.append(f"holds {money(moved.balance)}, and {ours} stands beside it as ours")
    used = moved.paid - (moved.back if cover.refills else 0)
    if used > cover.most.minor:
        found.append(f"has paid {money(used)}, and answers for {cover.most} at the most")
    return [Finding("cover", f"{cover.programme} {cover.giver}".strip(), problem) for problem in found]
