"""Decide whether receivables agree with their invoices, their events, the loans they stand behind and the books. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from farthing.kit import findings
from farthing.kit.findings import Finding
from farthing.kit.money import Money
from farthing.lending.standing import Standing
from farthing.supply import rules
from farthing.supply.model import EventTold, Invoice, Piece, Receivable


@dataclass(frozen=True, slots=True)
class Audit(findings.Audit):
    """What a verification of supply-chain finance saw."""

    invoices: int
    receivables: int
    pieces: int


def invoices(page: Sequence[Invoice], credited: Mapping[str, int], confirmed: Mapping[str, int]) -> Iterable[Finding]:
    """What an invoice says is credited and confirmed of it is what credit notes and receivables come to, and no more than it."""
    for each in page:
        for what, kept, derived in (
            ("credited", each.credited, credited.get(each.id, 0)), ("confirmed", each.confirmed, confirmed.get(each.id, 0)),
        ):  # fmt: skip
            if kept.minor != derived:
                yield Finding(f"invoice {what}", each.id, f"{kept} is kept, {Money(derived, kept.currency)} derived")
        if each.free.minor < 0:
            yield Finding("invoice", each.id, f"{each.credited + each.confirmed} is taken of {each.amount}")


def files(page: Sequence[tuple[str, str, str]]) -> Iterable[Finding]:
    """A file is the one whose digest stands beside it: (id, digest that is kept, digest of the file)."""
    for invoice_id, kept, derived in page:
        if kept != derived:
            yield Finding("invoice file", invoice_id, f"its digest is {derived}, {kept} is kept")


def receivable(
    found: Receivable, events: Sequence[EventTold], posted: Mapping[str, Money], loans: Mapping[str, Standing | None]
) -> Iterable[Finding]:
    """Pieces sum to what was confirmed; what was paid of each is what its events say and what the books moved; a pledged piece
    covers its loan, and no piece stands behind two.

    ``posted``: what each entry of a payment took from the debtor; ``loans``: by offer, the loan that it led to, if it did.
    """
    if not rules.whole(found):
        live = sum((each.amount for each in found.live), start=found.amount * 0)
        yield Finding("receivable", found.id, f"{found.state} for {found.amount}, its live pieces are {live}")
    paid: dict[int, Money] = {}
    by_entry: dict[str, Money] = {}
    for each in events:
        if each.kind == "paid":
            paid[each.piece] = paid.get(each.piece, found.amount * 0) + each.amount
            by_entry[each.about] = by_entry.get(each.about, found.amount * 0) + each.amount
    for piece in found.pieces:
        told = paid.get(piece.number, found.amount * 0)
        if piece.paid != told:
            yield Finding("piece", f"{found.id}/{piece.number}", f"{piece.paid} is paid, its events say {told}")
    for entry, amount in by_entry.items():
        if posted.get(entry) != amount:
            yield Finding("receivable entry", entry, f"its events say {amount}, the books {posted.get(entry)}")
    yield from _pledged(found, loans)


def _pledged(found: Receivable, loans: Mapping[str, Standing | None]) -> Iterable[Finding]:
    seen: dict[str, Piece] = {}
    for piece in found.live:
        if piece.state == "held":
            if piece.about:
                yield Finding("piece", f"{found.id}/{piece.number}", f"is free, and says {piece.about}")
            continue
        if piece.about in seen:
            yield Finding(
                "piece", f"{found.id}/{piece.number}", f"{piece.about} is behind piece {seen[piece.about].number} too"
            )
        seen[piece.about] = piece
        if piece.state != "pledged":
            continue
        loan = loans.get(piece.about)
        if loan is not None and loan.open and loan.principal > piece.amount:
            yield Finding("piece", f"{found.id}/{piece.number}", f"is {piece.amount}, its loan {loan.principal}")


def uncovered(asked: Mapping[str, str], behind: Mapping[str, str]) -> Iterable[Finding]:
    """Every loan that was lent against a receivable and is not over stands on a pledged piece: (loan, its offer), and behind
    which piece an offer is."""
    for loan_id, offer_id in asked.items():
        if offer_id not in behind:
            yield Finding("advance", loan_id, f"no pledged piece is behind its offer {offer_id}")
