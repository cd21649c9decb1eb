"""Decide what a day's statement tells of each posting: what it was for, of which loan, and of what it is made. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from farthing.funding.cover.model import Claimed
from farthing.funding.cover.rules import CLAIM, came_back
from farthing.funding.lenders.rules import KINDS
from farthing.funding.model import Partner
from farthing.funding.settling.model import COVER, PARTS, SERVICING, Cut, Form
from farthing.funding.shares import COMPONENTS, Note, in_force, shares
from farthing.kit.errors import InvariantBroken, not_found
from farthing.kit.money import Money
from farthing.ledger.model import Balance
from farthing.ledger.overview.model import Booked
from farthing.lending.flows import Flow
from farthing.lending.model import Loan
from farthing.payments.iso20022.model import Detail, Line, Statement
from farthing.payments.iso20022.writer import LONGEST_OWNER

NO_STATEMENT = not_found(
    "funding.no_statement",
    "Partner {partner} has no statement of {on}: that day is not closed yet, or was closed before it was a partner.",
    "合作方 {partner} 没有 {on} 的对账单：该日尚未日终，或当时尚未合作。",
)
WHAT = {"lent": "advanced", "repaid": "repaid", "rail": "transfer"}
"""What an entry was for, by what the settlement page calls its kind; another kind is called as the books call it."""
RECOVERED, COVERED = "recovered", "covered"
OF_LOANS = ("loan", "cover")
"""How references of entries of one loan begin: its own, and of what a cover paid for it."""


def next_cut(partner: Partner, account: Balance, before: Cut | None, on: date, made_at: datetime) -> Cut:
    """What a partner's statement of a day tells: all that was posted since the one before, or since there is an account."""
    return Cut(
        partner.code, on, 1 if before is None else before.number + 1, partner.name,
        0 if before is None else before.until_version, account.version,
        Money.zero(account.balance.currency) if before is None else before.closing, -account.owed(), made_at,
    )  # fmt: skip


def first_cut(partner: Partner, account: Balance, on: date, made_at: datetime) -> Cut:
    """The statement with which a partner's begin whose account came from another bank: what it holds, and nothing that moved."""
    holds = -account.owed()
    return Cut(partner.code, on, 1, partner.name, account.version, account.version, holds, holds, made_at)


def loan_in(reference: str) -> str:
    """The loan (its id without the prefix) that an entry's reference names; nothing where it names none."""
    first, _, rest = reference.partition(":")
    return rest.partition(":")[0] if first in OF_LOANS else ""


def stated(
    cut: Cut, booked: Sequence[Booked], page: Iterable[tuple[Loan, Sequence[Flow]]], notes: Mapping[str, Sequence[Note]],
    claims: Mapping[str, Mapping[str, Claimed]],
) -> Statement:  # fmt: skip
    """The statement of a cut. ``page``: the loans that its postings name, with their flows; ``claims``: by loan and holder what
    covers paid."""
    holder = f"partner:{cut.partner}"
    split = {
        reference: found
        for loan, flows in page
        for reference, found in _split(holder, loan, flows, notes[loan.id], claims.get(loan.id, {}).get(holder)).items()
    }
    lines = tuple(_line(cut, each, split) for each in booked)
    name = f"{cut.on:%Y%m%d}-{cut.number}-{cut.partner}"[:35]
    return Statement(
        name, cut.number, cut.partner, cut.owner[:LONGEST_OWNER], cut.made_at, cut.on, cut.opening, cut.closing, lines
    )


def _line(cut: Cut, booked: Booked, split: Mapping[str, tuple[str, Mapping[str, int]]]) -> Line:
    amount = Money(-booked.minor, cut.closing.currency)
    loan = loan_in(booked.reference)
    kind = KINDS.get(booked.kind, "")
    what = WHAT.get(kind, booked.kind)
    details: tuple[Detail, ...] = (Detail(amount, concerns=loan),) if loan else ()
    if kind == "lent":
        details = (Detail(amount, "principal", loan),)
    elif kind == "repaid" and (found := split.get(booked.reference)):
        what, parts = found
        servicing = amount.minor - sum(parts.values())
        if servicing > 0:
            raise InvariantBroken(
                f"{booked.reference} gave {cut.partner} {amount}, more than its parts of {sum(parts.values())}"
            )
        details = tuple(
            Detail(Money(part, amount.currency), name, loan)
            for name in PARTS
            if (part := servicing if name == SERVICING else parts[name])
        )
    elif booked.kind == CLAIM:
        what, details = COVERED, (Detail(amount, COVER, loan),)
    return Line(booked.id.hex, amount, cut.on, booked.effective_on, what, details, booked.reference)


def _split(
    holder: str, loan: Loan, flows: Sequence[Flow], notes: Sequence[Note], claim: Claimed | None
) -> dict[str, tuple[str, Mapping[str, int]]]:  # fmt: skip
    """By the reference of its entry what a holder was given of each flow, by part, and what that is called."""
    found: dict[str, tuple[str, Mapping[str, int]]] = {}
    for flow in flows:
        if flow.kind not in ("repaid", "recovered"):
            continue
        held = in_force(notes, flow.on)
        at = next((at for at, note in enumerate(held) if note.holder == holder), None)
        if at is not None:
            divided = shares(held, flows, flow)
            what = RECOVERED if flow.kind == "recovered" else WHAT["repaid"]
            reference = f"loan:{loan.short_id}:distribution:{flow.about}"
            back = 0 if claim is None else came_back(claim, at, held, flows, flow)
            found[reference] = what, {**{name: divided[name][at] for name in COMPONENTS}, COVER: -back}
    return found


def file_name(cut: Cut, form: Form) -> str:
    """What a partner's file of a day is called."""
    return f"{cut.partner}-{cut.on.isoformat()}.{'csv' if form == 'csv' else 'xml'}"
