"""Own the entries that share a loan's flows out over its holders: each function shows its entry. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from farthing.funding.cover.model import Claimed
from farthing.funding.cover.rules import WON, came_back
from farthing.funding.holdings import rules as lenders
from farthing.funding.holdings.model import Edition, Given, Market
from farthing.funding.joint.model import Part
from farthing.funding.joint.rules import serviced
from farthing.funding.protection.rules import fund_account, protected
from farthing.funding.rules import settlement_account
from farthing.funding.shares import COMPONENTS, Note, given_up_before, in_force, of_lenders, own_claims, shares
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.ledger.chart import in_currency
from farthing.ledger.model import MOST_POSTINGS, AccountSpec, JournalEntry, Posting
from farthing.lending import entries as lending
from farthing.lending.acts.entries import Places, loss_of
from farthing.lending.flows import Flow
from farthing.lending.held import parts
from farthing.lending.model import MARKETPLACE, OWN_BOOK, Loan
from farthing.lending.owed import Component
from farthing.lending.prudence.entries import expense_path
from farthing.payments.wallets import wallet_path

PARTNER = "partner:"
SERVICING = "income:fees:servicing"
"""What partners leave us of the interest on their parts."""
NOBODY: Mapping[str, Part] = {}


def account_of(holder: str) -> str:
    """Where the part of a holder goes that is not the own book: a partner settles with us each day."""
    if not holder.startswith(PARTNER):
        raise InvariantBroken(f"there is no account for the holder {holder}")
    return settlement_account(holder.removeprefix(PARTNER))


def accounts_of(loan: Loan, notes: Iterable[Note], home: str) -> list[AccountSpec]:
    """The accounts that sharing a loan out needs; a settlement account may go either way."""
    found: list[AccountSpec] = []
    loss = expense_path(loan.conditions.product, "", loan.principal.currency, home)
    for note in notes:
        if note.holder == OWN_BOOK:
            found += lending.own_accounts(loan)
            found += [AccountSpec(path, loan.principal.currency) for path in (lending.recoveries_account(loan), loss)]
        elif note.holder == MARKETPLACE:
            found.append(AccountSpec(in_currency(lenders.FEES, loan.principal.currency, home), loan.principal.currency))
            found.append(AccountSpec(fund_account(loan.principal.currency, home), loan.principal.currency, floor=0))
        else:
            found.append(AccountSpec(account_of(note.holder), loan.principal.currency, floor=None))
            found.append(AccountSpec(in_currency(SERVICING, loan.principal.currency, home), loan.principal.currency))
    return found


def shared_out(
    loan: Loan, notes: Sequence[Note], flows: Sequence[Flow], flow: Flow, home: str, market: Market | None = None,
    taken: Mapping[str, Part] = NOBODY,
) -> list[JournalEntry]:  # fmt: skip
    """The entries of one flow over the holders of its day; several where there are more holders than an entry has postings.
    ``market``: of whom the marketplace's part is, where it has one. ``taken``: by holder what partners took, and for which
    price."""
    held = in_force(notes, flow.on)
    if flow.kind == "disbursed":
        return _funding(loan, held, flow, home, market)
    found = shares(held, flows, flow)
    if flow.kind == "given_up":
        return _given_up(loan, held, flows, flow, home)
    if flow.kind in ("repaid", "recovered"):
        recovered = given_up_before(flows, flow)
        given = None if market is None else to_lenders(held, flows, flow, market, recovered=recovered)
        beside = Beside(left_to_us(held, flows, flow, found, taken), refilled(held, flows, flow, taken))
        return _distribution(loan, held, flow, found, home, market, given, beside, recovered=recovered)
    own = sum(part for note, part in zip(held, found["interest"], strict=True) if note.holder == OWN_BOOK)
    return lending.recognition(loan, flow.about, Money(own, flow.interest.currency), flow.on)


@dataclass(frozen=True, slots=True)
class Came:
    """What came in for all lenders of an edition by one flow, by component: ``earlier`` since it began, ``now``, and what of
    the flow went to the protection fund instead."""

    edition: Edition
    earlier: Mapping[Component, int]
    now: Mapping[Component, int]
    protected: int


def came_in(held: Sequence[Note], flows: Sequence[Flow], flow: Flow, market: Market) -> Came:
    """Who held notes when something moved, and what of it is theirs together."""
    edition = lenders.in_force(market.editions, flow.on, flow.number)
    taken = protected(held, flows, market)
    begun, before, after = (
        _kept(of_lenders(held, flows, flow.kind, upto), flows, flow.kind, upto, taken)
        for upto in (edition.after, flow.number - 1, flow.number)
    )
    earlier = {name: before[name] - begun[name] for name in COMPONENTS}
    now = {name: after[name] - before[name] for name in COMPONENTS}
    return Came(edition, earlier, now, sum(taken.get(flow.number, {}).values()))


def to_lenders(
    held: Sequence[Note], flows: Sequence[Flow], flow: Flow, market: Market, *, recovered: bool
) -> tuple[Edition, Given]:
    """The lenders who held notes when something moved, and what each is given of it."""
    came = came_in(held, flows, flow, market)
    found = lenders.given(came.edition, market.listed.fee, came.earlier, came.now, recovered=recovered)
    return came.edition, replace(found, protected=came.protected)


def left_to_us(
    held: Sequence[Note], flows: Sequence[Flow], flow: Flow, found: Mapping[str, Sequence[int]], taken: Mapping[str, Part]
) -> dict[str, int]:  # fmt: skip
    """By holder what a partner leaves us of the interest that it is given by one flow, for arranging and servicing."""
    kept: dict[str, int] = {}
    for at, note in enumerate(held):
        if note.holder in taken and flow.kind == "repaid":
            weights, since = [each.principal.minor for each in held], held[0].from_on
            before = sum(
                each.interest.minor
                for each in flows
                if each.kind == flow.kind and each.number < flow.number and each.on >= since
            )
            kept[note.holder] = serviced(taken[note.holder], parts(weights, before)[at], found["interest"][at])
    return {holder: minor for holder, minor in kept.items() if minor}


@dataclass(frozen=True, slots=True)
class Beside:
    """What of one flow goes from partners to others, in minor units by holder: ``kept`` by us for servicing, and what of what a
    cover paid it has ``back``."""

    kept: Mapping[str, int]
    back: Mapping[str, tuple[Claimed, int]]


def refilled(
    held: Sequence[Note], flows: Sequence[Flow], flow: Flow, taken: Mapping[str, Part]
) -> dict[str, tuple[Claimed, int]]:  # fmt: skip
    """By holder what a cover that paid a partner has back of one flow."""
    found: dict[str, tuple[Claimed, int]] = {}
    for at, note in enumerate(held):
        claim = taken[note.holder].claimed if note.holder in taken else None
        if claim is not None and (minor := came_back(claim, at, held, flows, flow)):
            found[note.holder] = (claim, minor)
    return found


def _kept(
    had: Mapping[Component, int], flows: Sequence[Flow], kind: str, upto: int, taken: Mapping[int, Mapping[Component, int]]
) -> dict[Component, int]:  # fmt: skip
    """What of what came in for all lenders is theirs, and not the protection fund's."""
    counted = [
        taken[each.number] for each in flows if each.kind == kind and each.number <= upto and each.number in taken
    ]
    return {name: had[name] - sum(each[name] for each in counted) for name in COMPONENTS}


def _funding(loan: Loan, held: Sequence[Note], flow: Flow, home: str, market: Market | None) -> list[JournalEntry]:
    """Charge what was paid out to whoever funds it.

    assets:loans:L                own share
    assets:settlement:partner:P   partner's share (it owes us this until it settles)
    liabilities:escrow:I          the lenders' share, which lay on the listing's escrow
        assets:disbursed:L        -own share and the partner's
        assets:placed:L           -the lenders' share
    """
    charged: dict[str, int] = {}
    for note in held:
        if note.holder == OWN_BOOK:
            account = lending.principal_account(loan)
        elif note.holder == MARKETPLACE and market is not None:
            account = lenders.escrow_account(market.listed.listing_id, loan.principal.currency, home)
            charged[lending.placed_account(loan)] = -note.principal.minor
        else:
            account = account_of(note.holder)
        charged[account] = note.principal.minor
    reference = f"loan:{loan.short_id}:funding"
    return _entries(loan, flow, lending.disbursed_account(loan), charged, 1, (reference, "funding", "出资 funding"))


def _given_up(
    loan: Loan, held: Sequence[Note], flows: Sequence[Flow], flow: Flow, home: str
) -> list[JournalEntry]:  # fmt: skip
    """Our part of a loan that is given up leaves the books whole; what a partner holds is its own loss.

    expenses:credit-losses:P          our claims
        assets:loans:L                -what is left of our principal
        assets:interest-receivable:L  -what is left of our interest that had fallen due
    """
    principal, interest = own_claims(held, [each for each in flows if each.number < flow.number])
    places = Places("", home)
    lines = {account: amount for account, amount in loss_of(loan, principal, interest, places, {}).items() if amount}
    if not lines:
        return []
    currency = loan.principal.currency
    postings = tuple(Posting(account, Money(amount, currency)) for account, amount in lines.items())
    reference = f"loan:{loan.short_id}:given-up:{flow.about}"
    return [JournalEntry(reference, "write-off", flow.on, postings, "贷款核销 write-off")]


def _distribution(
    loan: Loan, held: Sequence[Note], flow: Flow, found: Mapping[str, Sequence[int]], home: str, market: Market | None,
    to: tuple[Edition, Given] | None, beside: Beside, *, recovered: bool,
) -> list[JournalEntry]:  # fmt: skip
    """Give each holder its part of what was collected, to the minor unit.

    liabilities:collections:L         amount
        assets:interest-receivable:L  -own part of interest
        assets:loans:L                -own part of principal
        income:penalties:loans        -own part of penalty
        income:fees:loans             -own part of fee (income:recoveries:P of all where the loan was given up before)
        assets:settlement:partner:P   -the partner's part of all of them, less what it leaves us for servicing
        income:fees:servicing         -what partners leave us of their interest
        liabilities:escrow:cover:X    -what of a partner's principal a cover has back that paid it before
    assets:cover:X                    the same, of a cover that we give ourselves
        income:default-cover          -the same
        liabilities:wallets:W         -a lender's part of all of them, less its fee (liabilities:escrow:lender:W, if W is closed)
        income:fees:marketplace       -the lenders' fees
        liabilities:escrow:protection -what of the lenders' part is the protection fund's
    """
    given: dict[str, int] = {}
    owned = lending.recovered(loan) if recovered else lending.claimed(loan)
    for component in COMPONENTS:
        for note, part in zip(held, found[component], strict=True):
            if note.holder != MARKETPLACE:
                account = owned[component] if note.holder == OWN_BOOK else account_of(note.holder)
                given[account] = given.get(account, 0) + part
    currency = loan.principal.currency
    for holder, minor in beside.kept.items():
        given[account_of(holder)] -= minor
    given[in_currency(SERVICING, currency, home)] = sum(beside.kept.values())
    for holder, (claim, minor) in beside.back.items():
        given[account_of(holder)] -= minor
        given[claim.path] = given.get(claim.path, 0) + minor
        if claim.own:
            given[claim.own] = given.get(claim.own, 0) - minor
            won = in_currency(WON, currency, home)
            given[won] = given.get(won, 0) + minor
    if market is not None and to is not None:
        given |= _to_wallets(loan, market, *to, home)
        given[fund_account(loan.principal.currency, home)] = to[1].protected
    reference = f"loan:{loan.short_id}:distribution:{flow.about}"
    return _entries(
        loan, flow, lending.collections_account(loan), given, -1, (reference, "distribution", "回款分配 distribution")
    )


def _to_wallets(loan: Loan, market: Market, edition: Edition, to: Given, home: str) -> dict[str, int]:
    """What each lender's wallet is given, and the platform for all of them."""
    currency = loan.principal.currency
    paths = [wallet_path(party, currency, home) for party in edition.parties]
    if market.closed:
        waits = dict(zip(paths, edition.parties, strict=True))
        paths = [
            lenders.waiting_account(waits[path], currency, home) if path in market.closed else path for path in paths
        ]
    return {**dict(zip(paths, to.net, strict=True)), in_currency(lenders.FEES, currency, home): to.fees}


def _entries(
    loan: Loan, flow: Flow, through: str, parts: Mapping[str, int], sign: int, words: tuple[str, str, str]
) -> list[JournalEntry]:
    reference, kind, memo = words
    currency = loan.principal.currency
    found = [(account, part) for account, part in parts.items() if part]
    made = []
    for start in range(0, len(found), MOST_POSTINGS - 1):
        some = found[start : start + MOST_POSTINGS - 1]
        sum_of = -sign * sum(part for _, part in some)
        whole = [Posting(through, Money(sum_of, currency))] if sum_of else []
        each = [Posting(account, Money(sign * part, currency)) for account, part in some]
        name = f"{reference}:{start}" if start else reference
        made.append(JournalEntry(name, kind, flow.on, (*whole, *each), memo))
    return made
