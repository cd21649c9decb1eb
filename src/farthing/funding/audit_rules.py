"""Decide whether a loan's notes agree with what was shared out of it and with the books. Pure; names what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from farthing.funding import entries
from farthing.funding.holdings.model import Market
from farthing.funding.holdings.rules import WAITING, escrow_account
from farthing.funding.joint.model import Part
from farthing.funding.joint.rules import now
from farthing.funding.joint.rules import serviced as left_of
from farthing.funding.protection.rules import protected
from farthing.funding.shares import Note, given_up_before, in_force, of_lenders, own_claims
from farthing.kit import findings
from farthing.kit.findings import Finding
from farthing.kit.money import Money
from farthing.ledger.model import JournalEntry
from farthing.lending.entries import interest_account, principal_account
from farthing.lending.flows import Flow
from farthing.lending.held import parts as split_over
from farthing.lending.model import MARKETPLACE, Loan


@dataclass(frozen=True, slots=True)
class Audit(findings.Audit):
    """What a verification of notes saw."""

    loans: int
    notes: int


def claims(loan: Loan, notes: Sequence[Note], flows: Sequence[Flow]) -> dict[str, Money]:
    """What the own book's accounts of a shared loan must hold: its note less its part of what was shared out."""
    shared = [flow for flow in flows if not flow.waits]
    if not any(flow.kind == "disbursed" for flow in shared):
        return {}
    principal, interest = own_claims(in_force(notes, date.max), shared)
    currency = loan.principal.currency
    return {principal_account(loan): Money(principal, currency), interest_account(loan): Money(interest, currency)}


def compare(loan: Loan, notes: Sequence[Note], flows: Sequence[Flow], books: Mapping[str, Money]) -> list[Finding]:
    """Everything that does not agree about the notes of one loan; ``books``: the balances of its accounts that are there."""
    found = []
    if begun := sorted({note.from_on for note in notes}):
        for on in begun:
            claimed = sum(note.principal.minor for note in notes if note.from_on == on)
            repaid = sum(flow.principal.minor for flow in flows if flow.kind == "repaid" and flow.on < on)
            if claimed != loan.principal.minor - repaid:
                left = Money(loan.principal.minor - repaid, loan.principal.currency)
                found.append(f"has notes of {Money(claimed, left.currency)} from {on} on, and {left} was owed then")
    for path, amount in claims(loan, notes, flows).items():
        if books.get(path, amount * 0) != amount:
            found.append(f"has notes that say {amount} for {path}, and the books say {books.get(path, amount * 0)}")
    return [Finding("note", loan.id, problem) for problem in found]


def lenders(loan: Loan, notes: Sequence[Note], flows: Sequence[Flow], market: Market | None) -> list[Finding]:
    """Where the notes of lenders do not sum to what of the marketplace's part was not repaid when they began."""
    share = next((note.principal.minor for note in notes if note.holder == MARKETPLACE), None)
    if share is None or market is None:
        wanted = share is not None or any(holder.name == MARKETPLACE for holder in loan.holders)
        return (
            [Finding("note", loan.id, "is held by lenders, and nobody says who they are")] if wanted and notes else []
        )
    found = []
    for edition in market.editions:
        left = share - of_lenders(notes, flows, "repaid", edition.after)["principal"]
        if sum(edition.weights) != left:
            said, was = (Money(minor, loan.principal.currency) for minor in (sum(edition.weights), left))
            found.append(f"has lenders' notes of {said} from {edition.from_on} on, and {was} was left then")
    return [Finding("note", loan.id, problem) for problem in found]


def escrow(loan: Loan, notes: Sequence[Note], flows: Sequence[Flow], market: Market, home: str) -> tuple[str, Money]:
    """What the escrow of a loan that was paid out must hold: its lenders' money until they have notes, and nothing after."""
    charged = any(flow.kind == "disbursed" and not flow.waits for flow in flows)
    share = next(note.principal for note in notes if note.holder == MARKETPLACE)
    path = escrow_account(market.listed.listing_id, loan.principal.currency, home)
    return path, -share * (0 if charged else 1)


def kept(notes: Sequence[Note], flows: Sequence[Flow], market: Market) -> int:
    """What of a loan the protection fund has had, less what it paid on it, in minor units."""
    done = [flow for flow in flows if not flow.waits]
    had = sum(sum(each.values()) for each in protected(notes, done, market).values())
    return had - (market.covered.paid if market.covered is not None else 0)


def parts(loan: Loan, notes: Sequence[Note], flows: Sequence[Flow], taken: Mapping[str, Part]) -> list[Finding]:
    """Where what is kept of partners' parts, by which limits are counted, is not what notes and flows say."""
    found, shared = [], [flow for flow in flows if not flow.waits]
    for holder in (each for each in loan.holders if each.name.startswith(entries.PARTNER)):
        part = taken.get(holder.name)
        if part is None:
            found.append(f"is held by {holder.name}, and nothing is kept of its part")
        elif part.share != holder.share:
            found.append(f"keeps {part.share} as the part of {holder.name}, which is {holder.share}")
        elif (then := now(part, notes, shared)) != part:
            found.append(
                f"keeps {part.left} and {part.own_left} as left with {holder.name}, not {then.left}, {then.own_left}"
            )
    others = {*taken} - {each.name for each in loan.holders}
    found += [f"keeps a part of {each}, which does not hold it" for each in sorted(others)]
    return [Finding("part", loan.id, problem) for problem in found]


def serviced(notes: Sequence[Note], flows: Sequence[Flow], taken: Mapping[str, Part]) -> int:
    """What partners have left us of the interest on their parts of a loan, in minor units."""
    held = in_force(notes, date.max) if notes else []
    whole = sum(flow.interest.minor for flow in flows if flow.kind == "repaid" and not flow.waits)
    given = split_over([note.principal.minor for note in held], whole) if held else []
    return sum(
        left_of(taken[note.holder], 0, minor) for note, minor in zip(held, given, strict=True) if note.holder in taken
    )


def given(
    loan: Loan,
    notes: Sequence[Note],
    flows: Sequence[Flow],
    market: Market | None,
    taken: Mapping[str, Part],
    home: str,
) -> tuple[list[JournalEntry], int]:
    """The entries that shared a loan out which lenders hold a part of, or partners for a price, and what lenders were charged in
    all."""
    made: list[JournalEntry] = []
    fees = 0
    for flow in flows:
        if not flow.waits:
            made += entries.shared_out(loan, notes, flows, flow, home, market, taken)
            if market is not None and flow.kind in ("repaid", "recovered"):
                held, recovered = in_force(notes, flow.on), given_up_before(flows, flow)
                fees += entries.to_lenders(held, flows, flow, market, recovered=recovered)[1].fees
    return made, fees


def posted(loan: Loan, wanted: Sequence[JournalEntry], books: Mapping[str, JournalEntry]) -> list[Finding]:
    """Where a loan was shared out in other entries than its notes say; a wallet stands for what waits for its owner, too."""
    return [
        Finding("note", loan.id, f"was shared out by {entry.reference}, which is not what its notes say")
        for entry in wanted
        if entry.reference not in books or _lines(books[entry.reference]) != _lines(entry)
    ]


def _lines(entry: JournalEntry) -> list[tuple[str, int]]:
    """An entry's lines by account, a wallet's as that of what waits for its owner."""
    waits, wallet = f"{WAITING}:", "liabilities:wallets:"
    return sorted((line.account.replace(waits, wallet), line.amount.minor) for line in entry.postings)
