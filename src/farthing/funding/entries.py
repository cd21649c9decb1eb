"""Own the entries that share a loan's flows out over its holders: each function shows its entry. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from farthing.funding.rules import settlement_account
from farthing.funding.shares import COMPONENTS, Note, in_force, shares
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.ledger.model import MOST_POSTINGS, AccountSpec, JournalEntry, Posting
from farthing.lending import entries as lending
from farthing.lending.flows import Flow
from farthing.lending.model import OWN_BOOK, Loan

PARTNER = "partner:"


def account_of(holder: str) -> str:
    """Where the part of a holder goes that is not the own book: a partner settles with us each day."""
    if not holder.startswith(PARTNER):
        raise InvariantBroken(f"there is no account for the holder {holder}")
    return settlement_account(holder.removeprefix(PARTNER))


def accounts_of(loan: Loan, notes: Iterable[Note]) -> list[AccountSpec]:
    """The accounts that sharing a loan out needs; a settlement account may go either way."""
    found: list[AccountSpec] = []
    for note in notes:
        if note.holder == OWN_BOOK:
            found += lending.own_accounts(loan)
        else:
            found.append(AccountSpec(account_of(note.holder), loan.principal.currency, floor=None))
    return found


def shared_out(loan: Loan, notes: Sequence[Note], flows: Sequence[Flow], flow: Flow) -> list[JournalEntry]:
    """The entries of one flow over the holders of its day; several where there are more holders than an entry has postings."""
    held = in_force(notes, flow.on)
    if flow.kind == "disbursed":
        return _funding(loan, held, flow)
    found = shares(held, flows, flow)
    if flow.kind == "repaid":
        return _distribution(loan, held, flow, found)
    own = sum(part for note, part in zip(held, found["interest"], strict=True) if note.holder == OWN_BOOK)
    return lending.recognition(loan, flow.about, Money(own, flow.interest.currency), flow.on)


def _funding(loan: Loan, held: Sequence[Note], flow: Flow) -> list[JournalEntry]:
    """Charge what was paid out to whoever funds it.

    assets:loans:L                own share
    assets:settlement:partner:P   partner's share (it owes us this until it settles)
        assets:disbursed:L        -principal
    """
    charged = {
        lending.principal_account(loan) if note.holder == OWN_BOOK else account_of(note.holder): note.principal.minor
        for note in held
    }
    reference = f"loan:{loan.short_id}:funding"
    return _entries(loan, flow, lending.disbursed_account(loan), charged, 1, (reference, "funding", "出资 funding"))


def _distribution(
    loan: Loan, held: Sequence[Note], flow: Flow, found: Mapping[str, Sequence[int]]
) -> list[JournalEntry]:
    """Give each holder its part of what was collected, to the minor unit.

    liabilities:collections:L         amount
        assets:interest-receivable:L  -own part of interest
        assets:loans:L                -own part of principal
        income:penalties:loans        -own part of penalty
        income:fees:loans             -own part of fee
        assets:settlement:partner:P   -the partner's part of all of them
    """
    given: dict[str, int] = {}
    owned = lending.owned(loan)
    for component in COMPONENTS:
        for note, part in zip(held, found[component], strict=True):
            account = owned[component] if note.holder == OWN_BOOK else account_of(note.holder)
            given[account] = given.get(account, 0) + part
    reference = f"loan:{loan.short_id}:distribution:{flow.about}"
    return _entries(
        loan, flow, lending.collections_account(loan), given, -1, (reference, "distribution", "回款分配 distribution")
    )


def _entries(
    loan: Loan, flow: Flow, through: str, parts: Mapping[str, int], sign: int, words: tuple[str, str, str]
) -> list[JournalEntry]:
    reference, kind, memo = words
    currency = loan.principal.currency
    found = [(account, part) for account, part in parts.items() if part]
    made = []
    for start in range(0, len(found), MOST_POSTINGS - 1):
        some = found[start : start + MOST_POSTINGS - 1]
        whole = Posting(through, Money(-sign * sum(part for _, part in some), currency))
        each = [Posting(account, Money(sign * part, currency)) for account, part in some]
        name = f"{reference}:{start}" if start else reference
        made.append(JournalEntry(name, kind, flow.on, (whole, *each), memo))
    return made
