"""Decide whether listings, batches and the books agree. Pure; names what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from farthing.funding.clearing.answer import fills_digest
from farthing.funding.clearing.batch_file import Published
from farthing.funding.clearing.model import Cleared
from farthing.funding.entries import PARTNER
from farthing.funding.holdings.rules import holder_of
from farthing.funding.market.batches_model import MarketBatch, Offered
from farthing.funding.market.listings_model import Fill, Listing
from farthing.funding.market.listings_rules import pledged
from farthing.kit import findings
from farthing.kit.findings import Finding
from farthing.kit.money import Money, total
from farthing.lending.model import MARKETPLACE, Loan


@dataclass(frozen=True, slots=True)
class Audit(findings.Audit):
    """What a verification of the marketplace saw."""

    listings: int
    batches: int


def listing(
    each: Listing, fills: Sequence[Fill], loan: Loan | None, repaid: Money, escrow: Money, *, clearing: bool
) -> list[Finding]:  # fmt: skip
    """What is wrong with a listing: its fills, its loan, what its lenders were ``repaid`` by their notes, and its ``escrow``.
    ``clearing``: whether a batch is not done, which alone may set anything aside."""
    zero = each.amount * 0
    live = [fill for fill in fills if fill.returned_on is None]
    whole = total([fill.amount for fill in live], each.amount.currency)
    picked = total([fill.amount for fill in live if not fill.batch_id], each.amount.currency)
    over = each.state in ("failed", "withdrawn")
    problems = []
    if over and live:
        problems.append(f"is over, and {whole} was not given back")
    if not over and whole != each.filled:
        problems.append(f"says that {each.filled} is filled, and its lenders gave {whole}")
    if not over and picked != each.picked:
        problems.append(f"says that {each.picked} was picked by hand, and {picked} was")
    if each.in_batch and not clearing:
        problems.append(f"has {each.in_batch} in a batch, and none is clearing")
    if loan is None:
        return [Finding("listing", each.id, problem) for problem in [*problems, "is of no loan"]]
    waits = loan.disbursed_on is None and not over
    if (waits or over) and escrow != (whole if waits else zero):
        problems.append(f"has {escrow} on its escrow, and {whole if waits else zero} is its lenders'")
    if over != (loan.state == "cancelled") and not (each.state == "failed" and each.backed):
        problems.append(f"is {each.state}, and its loan {loan.state}")
    if each.state == "placed":
        problems += _placed(each, fills, loan, repaid)
    elif any(holder.name == MARKETPLACE for holder in loan.holders) and each.state != "withdrawn":
        problems.append("is not placed, and lenders hold its loan")
    return [Finding("listing", each.id, problem) for problem in problems]


def _placed(each: Listing, fills: Sequence[Fill], loan: Loan, repaid: Money) -> list[str]:
    found = []
    if holder_of(pledged(each, fills)) not in loan.holders:
        found.append("was filled by others than hold its loan")
    theirs = total([holder.share for holder in loan.holders if holder.name.startswith(PARTNER)], each.amount.currency)
    if theirs != each.partners:
        found.append(f"says that partners lend {each.partners} beside its lenders, and they hold {theirs}")
    if repaid != each.repaid:
        found.append(f"says that {each.repaid} was repaid, and its lenders' notes say {repaid}")
    return found


def batch(
    about: MarketBatch, published: Published, cleared: Cleared, offered: Sequence[Offered], fills: Sequence[Fill],
    over: Mapping[str, bool],
) -> list[Finding]:  # fmt: skip
    """What is wrong with a batch that is done: its document cleared again, what mandates offered, and the fills that are kept.
    ``over``: the listings that were given up, whose fills were not taken."""
    problems, note = [], published.note.minor
    if published.digest != about.digest:
        problems.append("has another document than it was sealed with")
    if fills_digest(cleared) != about.fills_digest:
        problems.append("is cleared to other fills than were kept")
    if about.funded is None or cleared.notes * note != about.funded.minor:
        problems.append(
            f"says that {about.funded} was funded, and clearing it again funds {published.money(cleared.notes)}"
        )
    names = {each.name: each for each in offered}
    wanted = {
        (names[each.mandate].mandate_id, each.listing): each.notes * note
        for each in cleared.fills
        if each.mandate in names
    }
    kept = {(each.mandate_id, each.listing_id): each.amount.minor for each in fills}
    if len(kept) < len(fills):
        problems.append("gave a mandate a listing twice")
    for key in sorted({*wanted, *kept}):
        if kept.get(key) != wanted.get(key) and not (key not in kept and over.get(key[1], False)):
            problems.append(
                f"gave mandate {key[0]} of listing {key[1]} {kept.get(key, 0)}, and should {wanted.get(key, 0)}"
            )
    for each in offered:
        placed = sum(minor for (mandate, _), minor in kept.items() if mandate == each.mandate_id)
        if each.placed is None or each.placed.minor != placed:
            problems.append(f"placed {each.placed} for mandate {each.mandate_id}, and its fills are {placed}")
    return [Finding("batch", about.id, problem) for problem in problems]
