"""Answer to a person of a partner lender what is of that partner.

No question takes a partner's name: whose affairs are told follows from the login alone, so that nobody can ask for another's.
"""

from __future__ import annotations

from datetime import date, timedelta

from farthing.db.tx import Tx
from farthing.funding import notes_store
from farthing.funding import store as funding_store
from farthing.funding.joint import service as joint
from farthing.funding.joint import store as joint_store
from farthing.funding.joint.rules import by_partner
from farthing.funding.lenders import rules, store
from farthing.funding.lenders.model import (
    AskedFor,
    BindLogin,
    Flowing,
    Mandate,
    Portfolio,
    Request,
    RequestPage,
    Settlement,
)
from farthing.funding.programmes import service as programmes
from farthing.funding.rules import UNKNOWN_PARTNER, settlement_account
from farthing.identity import roll as people
from farthing.kernel.day import day_at
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import ONESELF, STAFF
from farthing.kit.inputs import Cursor, Day, PageSize
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.overview import service as overview
from farthing.lending.roll import service as loans
from farthing.products import service as products

LENDER = "lender"
"""The role of a person of a partner lender."""
DAYS = 31
"""So many days of settlement are told at once."""


@operation(
    "funding.bind_login", title=Words("Say of which partner a login is", "指定登录所属合作方"),
    permission="funding:configure", four_eyes=True, whose=STAFF,
)  # fmt: skip
def bind_login(tx: Tx, command: BindLogin) -> BindLogin:
    """Let a login of the role ``lender`` see what is of one partner, for as long as the login lives: two persons must want it.

    Refuses ``funding.unknown_partner`` and ``funding.not_a_lender``. Again it answers the same.
    """
    if store.partner_name(tx, command.partner) is None:
        raise UNKNOWN_PARTNER(partner=command.partner)
    if not people.has_role(tx, command.actor_id, LENDER):
        raise rules.NOT_A_LENDER(actor=command.actor_id)
    store.bind(tx, command.actor_id, command.partner)
    if store.bound(tx, command.actor_id) != command.partner:
        raise rules.NOT_A_LENDER(actor=command.actor_id)
    return command


def partner_of(tx: Tx) -> str:
    """The partner whose person acts; refuses ``funding.no_partner``."""
    partner = store.bound(tx, tx.actor.id)
    if partner is None:
        raise rules.NO_PARTNER(actor=tx.actor.id)
    return partner


def name_of(tx: Tx, partner: str) -> Words:
    """What a partner is called; its code where nobody knows it any more."""
    return store.partner_name(tx, partner) or Words(partner, partner)


@question("funding.own_portfolio", permission="funding:read", whose=ONESELF)
def own_portfolio(tx: Tx) -> Portfolio:
    """The partner's part of its loans that were paid out, by currency; refuses ``funding.no_partner``."""
    partner = partner_of(tx)
    held = loans.held(tx, notes_store.held_by(tx, f"partner:{partner}"))
    ids = [loan.id for loan in held]
    notes, taken = notes_store.of_loans(tx, ids), by_partner(joint_store.of_loans(tx, ids), {})
    return Portfolio(partner, name_of(tx, partner), rules.shares(partner, held, notes, taken))


@question("funding.own_mandate", permission="funding:read", whose=ONESELF)
def own_mandate(tx: Tx) -> Mandate:
    """As what the bank knows the partner, and what it is asked for under each loan product in force, by its programmes where the
    bank has any; refuses ``funding.no_partner``."""
    partner = partner_of(tx)
    first, *others = funding_store.partners(tx)
    known = next(each for each in (first, *others) if each.code == partner)
    live, policy = programmes.live(tx), products.policy_in_force(tx)
    found: list[AskedFor | None] = []
    for terms in products.loans_in_force(tx):
        since_at = products.published(tx, terms.product, terms.version).published_at
        if live is None:
            found += [rules.asked_for(terms, policy, since_at)] if known == first else []
        else:
            its = [each for each in live if each.partner == partner and terms.product in each.products]
            found += [rules.asked_by(each, terms, policy, since_at) for each in its]
    return Mandate(
        known.code,
        known.name,
        known.name_en,
        known.credit_code,
        known.account,
        tuple(each for each in found if each),
        known.controlled_by,
    )


@question("funding.own_flow", permission="funding:read", whose=ONESELF)
def own_flow(tx: Tx) -> Flowing:
    """What becomes of the partner's requests of today, and how much of its capacity is used; refuses ``funding.no_partner``."""
    partner = partner_of(tx)
    its = [each.code for each in programmes.live(tx) or () if each.partner == partner]
    counted = store.today(tx, partner, day_at(tx, tx.business_date)[0])
    return Flowing(
        tx.business_date, counted["asked"], counted["agreed"], counted["waiting"],
        Money(joint_store.taken(tx, partner, tx.home, tx.business_date), tx.home), tuple(joint.capacity(tx, its)),
    )  # fmt: skip


@question("funding.own_requests", permission="funding:read", whose=ONESELF)
def own_requests(tx: Tx, after: Cursor = "", limit: PageSize = 50) -> RequestPage:
    """What the partner was asked and what became of it, the latest first; continue with ``after`` the last id.

    Refuses ``funding.no_partner`` and ``funding.unknown_request``.
    """
    partner = partner_of(tx)
    place = store.place_of(tx, partner, after) if after else (tx.now + timedelta(days=1), "")
    if place is None:
        raise rules.UNKNOWN_REQUEST(request_id=after)
    found = store.requests(tx, partner, place, limit + 1)
    page = tuple(
        Request(
            row["id"], row["loan_id"], Money(row["share_minor"], row["currency"]), row["state"], row["asked_at"],
            row["answered_at"], row["reference"], row["reason"],
        )
        for row in found[:limit]
    )  # fmt: skip
    return RequestPage(page, page[-1].id if len(found) > limit else None)


@question("funding.own_settlement", permission="funding:read", whose=ONESELF)
def own_settlement(tx: Tx, until: Day | None = None) -> Settlement:
    """The partner's settlement account over the 31 days up to one, today without; refuses ``funding.no_partner``."""
    account = settlement_account(partner_of(tx))
    last = until or tx.business_date
    first = date.fromordinal(max(last.toordinal() - DAYS + 1, 2))
    if account not in ledger.balances_of(tx, [account]):
        nothing = Money.zero(tx.home)
        return Settlement(first, last, nothing, nothing, ())
    opening = ledger.balance(tx, account, effective_on=first - timedelta(days=1)).owed()
    days = rules.days(opening, overview.moved(tx, account, first, last))
    return Settlement(first, last, opening, days[0].owed if days else opening, days)
