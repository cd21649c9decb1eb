"""Run what is lent together with partners: its limits before a partner is asked and when a loan's holders are set, and its
figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from farthing.db.tx import Tx
from farthing.funding import store as funding
from farthing.funding.joint import rules, store
from farthing.funding.joint.model import Blend, NotAsked, Part, Standing, Use
from farthing.funding.model import Inquiry
from farthing.funding.programmes import service as programmes
from farthing.funding.programmes.model import Asking
from farthing.funding.shares import Note
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Id, PageSize
from farthing.kit.money import Money, total
from farthing.ledger.overview import service as overview
from farthing.lending import service as lending
from farthing.lending.flows import Flow
from farthing.lending.limits.rules import books_of
from farthing.lending.model import OWN_BOOK, Holder, Loan
from farthing.lending.refusals import UNKNOWN_LOAN
from farthing.products import service as products

LOANS = "assets:loans"
"""Our part of all loans that were paid out."""


def asked_with(tx: Tx, principal: Money, theirs: Money) -> Callable[[Asking], str]:
    """Why a partner is not asked for its part of a loan of ``principal``, of which partners together are to lend ``theirs``."""
    policy, now = products.policy_in_force(tx), _standing(tx, principal.currency)
    return lambda asking: rules.why_not(policy, now, asking.partner, asking.programme, asking.share, principal - theirs)


def taken_with(tx: Tx, currency: str) -> Callable[[Inquiry, Money], str]:
    """Why a partner that agreed does not get its part, asked with our part of the loan. Whoever else sets a loan's holders
    waits for this transaction, so that no two fill the same room."""
    store.hold(tx)
    policy, now = products.policy_in_force(tx), _standing(tx, currency)
    return lambda each, ours: rules.why_not(policy, now, each.partner, each.programme, each.share, ours)


def taken(tx: Tx, loan_id: str) -> bool:
    """Whether it is known already which partners lend a part of a loan."""
    return bool(store.of_loans(tx, [loan_id]))


def keep(tx: Tx, loan: Loan, holders: Sequence[Holder]) -> None:
    """Keep what partners take of a loan, for the price at which they were asked. What none of ``holders`` has is ours until it is
    known that lenders of the marketplace have it."""
    theirs = [each for each in holders if each.name.startswith(rules.PARTNER)]
    if not theirs:
        return
    own = loan.principal - total([each.share for each in holders if each.name != OWN_BOOK], loan.principal.currency)
    asked = {each.partner: each for each in funding.inquiries(tx, loan.id)}
    versions, annual = programmes.versions(tx), loan.conditions.annual
    for position, holder in enumerate(theirs, start=1):
        partner = holder.name.removeprefix(rules.PARTNER)
        by = asked.get(partner)
        programme = by.programme if by else ""
        asks = annual if by is None or by.annual is None else min(by.annual, annual)
        store.keep(tx, Part(
            loan.id, partner, position, programme, versions.get(programme, ""), holder.share, holder.share, own,
            tx.business_date, asks, annual,
        ))  # fmt: skip


def moved(
    tx: Tx,
    page: Sequence[tuple[Loan, list[Flow]]],
    notes: Mapping[str, Sequence[Note]],
    parts: Mapping[str, Sequence[Part]],
) -> None:
    """Keep what is left of the parts of loans of which something was shared out."""
    store.moved(tx, [rules.now(part, notes[loan.id], flows) for loan, flows in page for part in parts.get(loan.id, ())])


def _standing(tx: Tx, currency: str) -> Standing:
    groups = overview.totals(tx)
    lent = sum(each.total for each in groups if each.path == LOANS and each.currency == currency)
    capacities = {
        each.programme.code: each.programme.capacity
        for each in programmes.programmes(tx)
        if each.programme.least.currency == currency
    }
    sums = store.sums(tx, currency, tx.business_date)
    of_group = {each.code: each.group for each in funding.partners(tx)}
    return Standing(sums, books_of(groups, currency).net_capital, lent, capacities, of_group)


@question("funding.limits", permission="reports:read", whose=STAFF)
def limits(tx: Tx) -> list[Use]:
    """How much of each limit on lending together is used: those of the policy in force on all partners and on each, and what
    each programme that has not ended says that its partner lends, at once and today. Refuses ``policy.none_in_force``."""
    policy, now = products.policy_in_force(tx), _standing(tx, tx.home)
    partners = [each.code for each in funding.partners(tx)]
    return [
        *rules.of_law(policy, now, partners, tx.home),
        *capacity(tx, [each.code for each in programmes.live(tx) or ()], now),
    ]


def capacity(tx: Tx, only: Sequence[str], now: Standing | None = None) -> list[Use]:
    """How much of what these programmes say is used."""
    return rules.of_programmes(now or _standing(tx, tx.home), only, tx.home)


@question("funding.not_asked", permission="funding:configure", whose=STAFF)
def not_asked(tx: Tx, limit: PageSize = 20) -> list[NotAsked]:
    """The partners that were last not asked for a part of a loan, or agreed and were let go, and which limit was in the way."""
    return store.not_asked(tx, limit)


@question("funding.blended_rate", permission="funding:configure", whose=STAFF)
def blended_rate(tx: Tx, loan_id: Id) -> Blend:
    """What the lenders of a loan of partners ask together, beside what the borrower pays; refuses ``lending.unknown_loan``
    where no partner has a part of it."""
    found = store.of_loans(tx, [loan_id]).get(loan_id)
    if not found:
        raise UNKNOWN_LOAN(loan_id=loan_id)
    shared = lending.loan(tx, loan_id)
    return rules.blend(found, shared.principal, shared.holders)
