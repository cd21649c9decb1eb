"""Run what stands behind loans: guarantors asked and answering, deposits pledged and called, things registered and valued.

All of it ends with its loan (:mod:`farthing.lending.backing.ending_service`). A guarantor's and a depositor's word is their own
act; what an officer does about money takes two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from farthing.credit.owing import service as owing
from farthing.db.tx import Tx
from farthing.identity.authenticators import service as authenticators
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.errors import Refusal
from farthing.kit.ids import derived, prefixed
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import pledges as holds
from farthing.ledger import service as ledger
from farthing.ledger.chart import in_currency
from farthing.ledger.model import AccountSpec, Command
from farthing.lending import refusals
from farthing.lending.backing import rules, store
from farthing.lending.backing.model import (
    AskGuarantor,
    Backing,
    Called,
    CallPledge,
    Collateral,
    DeclineGuarantee,
    GiveGuarantee,
    Guarantee,
    Guaranteed,
    LoanToValue,
    Pledge,
    PledgeDeposit,
    RegisterCollateral,
    ReleaseCollateral,
    Secured,
    Valuation,
    ValueCollateral,
)
from farthing.lending.model import Repay
from farthing.lending.repaying_service import repay_from
from farthing.lending.service import loan_owner
from farthing.lending.standing import Standing
from farthing.lending.standing_service import held, standing, standings
from farthing.parties import service as parties
from farthing.parties.oneself_service import not_own
from farthing.payments import service as payments
from farthing.payments.model import Transfer
from farthing.payments.payees import service as payees
from farthing.payments.payees.rules import shown_name
from farthing.payments.wallets import wallet_path
from farthing.products import service as products
from farthing.products.policy import check_borrower
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CloseDeposit, Withdraw

PLEDGES_AT_ONCE = 500
PLEDGED, PLEDGED_PATH = "pledged", "liabilities:pledged"
"""What a pledge's hold would post, and to where, if it were settled. It never is: a call releases it and draws the deposit."""


@operation(
    "lending.ask_guarantor", title=Words("Ask somebody to guarantee a loan", "请人作保"),
    permission="lending:ask_guarantor", whose=of("loan_id", loan_owner),
)  # fmt: skip
def ask_guarantor(tx: Tx, command: AskGuarantor) -> Guarantee:
    """Ask a customer to guarantee a loan up to an amount; nobody answers for anything before saying yes.

    Refuses ``lending.unknown_loan``, ``payments.payee_changed``, ``parties.unknown``, ``lending.loan_over``, ``money.*``,
    ``lending.own_guarantor``, ``lending.guarantee_beyond_loan``, ``lending.guarantee_stands``.
    """
    about = held(tx, command.loan_id)
    guarantor = _named(tx, about.party_id, command.guarantor)
    guarantee_id = prefixed("guar", derived(f"guarantee of {about.loan_id} by {guarantor}"))
    rules.check_asked(about, guarantor, command.most, store.guarantee(tx, guarantee_id))
    asked = Guarantee(
        guarantee_id, about.loan_id, guarantor, command.most, "asked", tx.business_date, None, None
    )  # fmt: skip
    store.ask(tx, asked)
    return _shown(tx, [_guarantee(tx, guarantee_id)])[0]


def _named(tx: Tx, borrower: str, text: str) -> str:
    """The customer whom an id names, or a look-up of the borrower's; one who is there."""
    if text.startswith("payee_"):
        return payees.looked_up(tx, borrower, text).id
    return parties.party(tx, text).id


@operation(
    "lending.give_guarantee", title=Words("Guarantee a loan", "同意作保"),
    permission="lending:back", whose=of("guarantee_id", store.guarantor), confirm=rules.guarantee_seen,
    by_key=authenticators.customers_key,
)  # fmt: skip
def give_guarantee(tx: Tx, command: GiveGuarantee) -> Guaranteed:
    """Agree to guarantee: liable from now on, up to the amount that was seen, and it counts against the guarantor's own limit.

    Refuses ``lending.unknown_guarantee``, ``lending.guarantee_answered``, ``lending.guarantee_changed`` and
    ``policy.verification_level`` of somebody who is not known well enough.
    """
    asked = _guarantee(tx, command.guarantee_id)
    about = held(tx, asked.loan_id)
    rules.check_answer(about, asked, command.most)
    check_borrower(products.policy_in_force(tx), parties.party(tx, asked.party_id))
    store.answer(tx, asked.id, "given", tx.business_date)
    owing.guarantee(tx, asked.id, asked.party_id, asked.loan_id, asked.most)
    return _guaranteed(tx, [_guarantee(tx, asked.id)])[0]


@operation(
    "lending.decline_guarantee", title=Words("Decline to guarantee a loan", "谢绝作保"),
    permission="lending:back", whose=of("guarantee_id", store.guarantor),
)  # fmt: skip
def decline_guarantee(tx: Tx, command: DeclineGuarantee) -> Guarantee:
    """Decline to guarantee; nobody answers for anything.

    Refuses ``lending.unknown_guarantee``, ``lending.guarantee_answered``.
    """
    asked = _guarantee(tx, command.guarantee_id)
    rules.check_answer(held(tx, asked.loan_id), asked)
    store.answer(tx, asked.id, "declined", tx.business_date)
    return _guarantee(tx, asked.id)


def _guarantee(tx: Tx, guarantee_id: str) -> Guarantee:
    found = store.guarantee(tx, guarantee_id) if guarantee_id.isprintable() else None
    if found is None:
        raise rules.UNKNOWN_GUARANTEE(guarantee_id=guarantee_id)
    return found


@operation(
    "lending.pledge_deposit", title=Words("Pledge a deposit for a loan", "存款质押"),
    permission="lending:back", whose=of("deposit_id", deposits.deposit_owner), confirm=rules.pledge_seen,
)  # fmt: skip
def pledge_deposit(tx: Tx, command: PledgeDeposit) -> Pledge:
    """Leave a part of a deposit, or all of it, where it is until the loan ends; it earns its interest meanwhile.

    The depositor is the borrower, or guarantees the loan. Refuses ``lending.unknown_loan``, ``savings.unknown_deposit``,
    ``savings.not_yours``, ``lending.loan_over``, ``lending.not_backing``, ``money.*``, and ``ledger.insufficient_funds``
    where the deposit holds less that is free.
    """
    about = held(tx, command.loan_id)
    deposit = passbook.deposit(tx, command.deposit_id)
    rules.check_pledge(about, deposit.party_id, store.guarantees_of(tx, [about.loan_id]), command.amount)
    made = Pledge(
        tx.new_id("pledge"), about.loan_id, deposit.id, deposit.party_id, command.amount, command.amount * 0,
        deposit.account, 0, "held", tx.business_date, None,
    )  # fmt: skip
    ledger.must(tx, [_hold(tx, made)])
    store.insert_pledge(tx, made)
    return made


def _hold(tx: Tx, pledge: Pledge) -> Command:
    """Reserve what is left of a pledge where it lies now.

    liabilities:savings:D    can spend ``left`` less (liabilities:wallets:P once the deposit was broken)
        liabilities:pledged
    """
    target = in_currency(PLEDGED_PATH, pledge.pledged.currency, tx.home)
    ledger.open_accounts(tx, [AccountSpec(target, pledge.pledged.currency)])
    promised = holds.Pledge(pledge.reference, PLEDGED, pledge.place, target, pledge.left)
    return holds.held(promised, tx.business_date)


def hold_anew(tx: Tx) -> None:
    """Hold what is pledged where it lies, in a bank that took its loans over: a hold is no entry, and none came with them."""
    after = ""
    while ids := store.ids(tx, store.PLEDGE_IDS, after, PLEDGES_AT_ONCE):
        wanted = [_hold(tx, each) for each in store.pledges(tx, ids) if each.left]
        ledger.must(tx, wanted)
        after = ids[-1]


@operation(
    "lending.call_pledge", title=Words("Call a pledged deposit", "处分质押存款"),
    permission="lending:call", four_eyes=True, whose=STAFF,
)  # fmt: skip
def call_pledge(tx: Tx, command: CallPledge) -> Called:
    """Repay what is due of a loan in default with a pledged deposit. Savings draws that part or, where its product lets
    nobody draw a part, closes the deposit; what is left of the pledge stays held.

    Refuses ``lending.unknown_pledge``, ``lending.pledge_over``, ``lending.not_late_enough`` and what repaying refuses.
    """
    found = store.pledge(tx, command.pledge_id) if command.pledge_id.isprintable() else None
    if found is None:
        raise rules.UNKNOWN_PLEDGE(pledge_id=command.pledge_id)
    about = held(tx, found.loan_id)
    rules.check_call(about, found, products.policy_in_force(tx).prudence)
    ledger.must(tx, [holds.released(found.reference)])
    freed, amount = _freed(tx, found, rules.to_take(about, found))
    after = replace(freed, taken=found.taken + amount, calls=found.calls + 1)
    if after.left:
        ledger.must(tx, [_hold(tx, after)])
    else:
        after = replace(after, state="called", ended_on=tx.business_date)
    store.save_pledge(tx, found, after)
    if found.party_id != about.party_id:
        payments.arranged(tx, Transfer(found.party_id, about.party_id, amount, memo="代偿 paid as guarantor"))
    paid = repay_from(tx, Repay(found.loan_id, amount), found.id)
    stands = store.pledge(tx, found.id)  # repaying may have ended the loan, hence the pledge
    assert stands is not None
    return Called(stands, paid.id, paid.amount, broken=freed.place != found.place)


def _freed(tx: Tx, pledge: Pledge, amount: Money) -> tuple[Pledge, Money]:
    """Bring an amount of a deposit into its owner's wallet: the pledge of where the rest lies, and how much is there to take.

    Breaking may bring less than was pledged, where interest was paid in advance that an early draw does not earn.
    """
    wallet = wallet_path(pledge.party_id, amount.currency, tx.home)
    if pledge.place == wallet:
        return pledge, amount
    try:
        with tx.part():
            deposits.withdraw(tx, Withdraw(pledge.deposit_id, amount))
    except Refusal:  # the product lets nobody draw that part: the whole of it is drawn
        came = deposits.close(tx, CloseDeposit(pledge.deposit_id)).paid_out
        pledged = min(pledge.pledged, pledge.taken + came)
        return replace(pledge, place=wallet, pledged=pledged), min(amount, came)
    return pledge, amount


@operation(
    "lending.register_collateral", title=Words("Register collateral", "登记抵押物"),
    permission="lending:secure", whose=STAFF,
)  # fmt: skip
def register_collateral(tx: Tx, command: RegisterCollateral) -> Collateral:
    """Enter a thing that secures a loan, with what it was worth on a day, by whom, and who is paid out of it before us.

    Refuses ``lending.unknown_loan``, ``lending.loan_over``, ``money.*``, ``lending.lien_wrong``, ``lending.thing_unsaid``,
    ``lending.valuation_order`` of a day to come.
    """
    about = held(tx, command.loan_id)
    rules.check_lien(about, command.lien, command.before, command.value)
    rules.check_said(command.description, command.valuer)
    rules.check_valued(command.valued_on, None, tx.business_date)
    first = Valuation(1, command.valued_on, command.value, command.valuer)
    thing = Collateral(
        tx.new_id("coll"), about.loan_id, command.kind, command.description, command.lien, command.before,
        tx.business_date, None, (first,),
    )  # fmt: skip
    store.insert_collateral(tx, thing)
    return thing


@operation(
    "lending.value_collateral", title=Words("Value collateral anew", "重新评估抵押物"),
    permission="lending:secure", whose=STAFF,
)  # fmt: skip
def value_collateral(tx: Tx, command: ValueCollateral) -> Collateral:
    """Record a new valuation; those before it stay.

    Refuses ``lending.unknown_collateral``, ``lending.collateral_over``, ``money.*``, ``lending.thing_unsaid``,
    ``lending.valuation_order``.
    """
    thing = _thing(tx, command.collateral_id)
    rules.check_lien(held(tx, thing.loan_id), thing.lien, thing.before, command.value)
    rules.check_said(command.valuer)
    last = thing.valuations[-1]
    rules.check_valued(command.valued_on, last.valued_on, tx.business_date)
    made = Valuation(last.number + 1, command.valued_on, command.value, command.valuer)
    store.insert_valuation(tx, thing.id, made)
    return replace(thing, valuations=(*thing.valuations, made))


@operation(
    "lending.release_collateral", title=Words("Release collateral", "解除抵押"),
    permission="lending:secure", four_eyes=True, whose=STAFF,
)  # fmt: skip
def release_collateral(tx: Tx, command: ReleaseCollateral) -> Collateral:
    """Give a thing free while its loan goes on; at the loan's end it is free by itself.

    Refuses ``lending.reason_missing``, ``lending.unknown_collateral``, ``lending.collateral_over``,
    ``parties.own_matter``.
    """
    if not command.reason.strip():
        raise refusals.REASON_MISSING()
    thing = _thing(tx, command.collateral_id)
    not_own(tx, *filter(None, [loan_owner(tx, thing.loan_id)]))
    store.release_thing(tx, thing.id, tx.business_date)
    return replace(thing, released_on=tx.business_date)


def _thing(tx: Tx, collateral_id: str) -> Collateral:
    """A thing that is held; refuses ``lending.unknown_collateral``, ``lending.collateral_over``."""
    found = store.collateral(tx, [collateral_id]) if collateral_id.isprintable() else []
    if not found:
        raise rules.UNKNOWN_COLLATERAL(collateral_id=collateral_id)
    (thing,) = found
    if thing.released_on is not None:
        raise rules.COLLATERAL_OVER(collateral_id=thing.id, on=thing.released_on.isoformat())
    return thing


@question("lending.collateral_register", permission="lending:read_any", whose=STAFF)
def collateral_register(tx: Tx, after: Cursor = "", limit: PageSize = 50) -> list[Secured]:
    """Every thing that is held, the one registered first at the beginning, with its loan; continue with ``after`` the last id."""
    held = store.held_collateral(tx, after, limit)
    loans = standings(tx, sorted({each.loan_id for each in held})) if held else {}
    return [
        Secured(each, loan.party_id, loan.product, loan.owed, loan.days_late)
        for each in held if (loan := loans.get(each.loan_id)) is not None
    ]  # fmt: skip


@question("lending.backing", permission="lending:read", whose=of("loan_id", loan_owner))
def backing(tx: Tx, loan_id: Id) -> Backing:
    """All that stands behind a loan, and what is owed against what it is worth; refuses ``lending.unknown_loan``."""
    about = standing(tx, loan_id)
    if not tx.actor.acts_for(about.party_id):
        raise refusals.NOT_YOURS(what=loan_id)
    pledged, things = store.pledges_of(tx, [loan_id]), store.collateral_of(tx, [loan_id])
    return Backing(
        loan_id, tuple(_shown(tx, store.guarantees_of(tx, [loan_id]))), tuple(pledged), tuple(things),
        rules.loan_to_value(about, things, pledged),
    )  # fmt: skip


@question("lending.loan_to_value", permission="lending:read", whose=of("loan_id", loan_owner))
def loan_to_value(tx: Tx, loan_id: Id) -> LoanToValue:
    """What is owed of a loan against what secures it today, by the newest valuations."""
    return backing(tx, loan_id).loan_to_value


@question("lending.guaranteed", permission="lending:read", whose=of("party_id"))
def guaranteed(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[Guaranteed]:
    """What a customer was asked to guarantee, the latest first: whose loans, how they stand, what the customer answers
    for now."""
    if not tx.actor.acts_for(party_id):
        raise refusals.NOT_YOURS(what="guarantees")
    return _guaranteed(tx, store.guarantees_by(tx, party_id, limit))


def _guaranteed(tx: Tx, found: Sequence[Guarantee]) -> list[Guaranteed]:
    loans: dict[str, Standing] = standings(tx, [each.loan_id for each in found]) if found else {}
    known = parties.parties(tx, sorted({each.party_id for each in loans.values()})) if loans else {}
    return [
        Guaranteed(
            each, loan.principal, loan.outstanding, loan.due, loan.days_late, rules.liable(each, loan),
            shown_name(known[loan.party_id]) if loan.party_id in known else "",
        )
        for each in found if (loan := loans.get(each.loan_id)) is not None
    ]  # fmt: skip


def _shown(tx: Tx, found: Sequence[Guarantee]) -> list[Guarantee]:
    """Guarantees with the guarantors' names, masked."""
    known = parties.parties(tx, sorted({each.party_id for each in found})) if found else {}
    return [
        replace(each, name=shown_name(known[each.party_id]) if each.party_id in known else "") for each in found
    ]  # fmt: skip
