"""Run mandates: proposed by an organisation or a merchant, signed by the payer under limits of his own, ended with one tap.

Each debit is announced first: that is the payer's notice. Whoever announces writes the mandate's row first, so that of two at
once the second counts the first. Ending stops what is announced in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence

from farthing.db.tx import Tx
from farthing.identity.authenticators import service as authenticators
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.calendar import add_months
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.payments import rules as wallets
from farthing.payments import service as payments
from farthing.payments.debits import rules, store
from farthing.payments.debits.model import (
    AnnounceDebit,
    Debit,
    DebitView,
    EndMandate,
    Limits,
    Mandate,
    MandateView,
    PayersDebit,
    ProposeMandate,
    Role,
    SignMandate,
)
from farthing.payments.merchants import service as merchants
from farthing.payments.payees import service as payees
from farthing.payments.payees.rules import shown_name
from farthing.payments.requests import service as requests
from farthing.payments.requests.rules import Wanted
from farthing.products import debit_rules
from farthing.products import service as products
from farthing.products.debit_rules import DebitRules


def law(tx: Tx) -> DebitRules:
    """What the policy in force asks of debits; as careful as can be where it is silent."""
    policy = products.policy_if_any(tx)
    return (policy and policy.debits) or debit_rules.before(tx.home, products.HOUSE)


@operation(
    "debits.propose", title=Words("Propose a mandate", "发起扣款授权"), permission="payments:transfer", whose=of("creditor")
)  # fmt: skip
def propose(tx: Tx, command: ProposeMandate) -> MandateView:
    """Ask a payer who was looked up for a mandate; it is nothing until he signs it, and counts as a request does.

    Refuses ``debits.no_purpose``, ``payments.bad_memo``, ``debits.bad_limits``, ``debits.over_law``, ``merchants.not_owner``,
    ``merchants.ended``, ``debits.not_creditor``, ``payments.payee_changed``, ``requests.*`` where the payer may not be asked.
    """
    wallets.check_memo(command.purpose)
    if not command.purpose.strip():
        raise rules.NO_PURPOSE()
    limits = Limits(command.each_max, command.month_max, command.until)
    rules.check_limits(limits, law(tx), tx.business_date)
    if command.merchant_id:
        merchants.owned(tx, command.merchant_id, command.creditor)
        merchants.check_takes(tx, command.merchant_id)
    elif parties.party(tx, command.creditor).kind != "organisation":
        raise rules.NOT_CREDITOR()
    known = payees.looked_up(tx, command.creditor, command.whom)
    requests.count_asked(tx, command.creditor, [Wanted(known.id, shown_name(known), command.each_max)])
    made = Mandate(
        tx.new_id("mandate"),
        command.creditor,
        command.merchant_id,
        known.id,
        command.purpose,
        limits,
        "proposed",
        tx.now,
    )
    store.insert(tx, made)
    return views(tx, [made], command.creditor)[0]


def _of(tx: Tx, mandate_id: str, party_id: str, *roles: Role) -> Mandate:
    """A mandate of which somebody is a side; refuses ``debits.unknown`` for another's too."""
    found = store.find(tx, [mandate_id]).get(mandate_id)
    sides = {"payer": found.payer, "creditor": found.creditor} if found else {}
    if found is None or party_id not in [sides[each] for each in roles or ("payer", "creditor")]:
        raise rules.UNKNOWN()
    return found


@operation(
    "debits.sign", title=Words("Sign a mandate", "签署扣款授权"), permission="payments:transfer", whose=of("payer"),
    confirm=rules.signed_seen, by_key=authenticators.customers_key,
)  # fmt: skip
def sign(tx: Tx, command: SignMandate) -> MandateView:
    """Sign a mandate under limits of one's own; what was shown and confirmed is in the log.

    Refuses ``debits.unknown``, ``merchants.ended``, ``debits.not_proposed``, ``debits.bad_limits``, ``debits.over_law``,
    ``payments.no_wallet``, and ``kernel.key_needed`` of whoever has a passkey.
    """
    found = _of(tx, command.mandate_id, command.payer, "payer")
    merchants.check_takes(tx, found.merchant_id)
    limits = Limits(command.each_max, command.month_max, command.until)
    rules.check_limits(limits, law(tx), tx.business_date)
    if not payments.has_wallet(tx, command.payer, command.each_max.currency):
        raise wallets.NO_WALLET(party=command.payer, currency=command.each_max.currency)
    if not store.sign(tx, found.id, limits):
        raise rules.NOT_PROPOSED()
    return mandate(tx, command.payer, found.id)


def _raised(tx: Tx, command: SignMandate) -> None:
    """Whoever has a passkey lets more be drawn by it alone, as when the mandate was signed; less at once."""
    found = store.find(tx, [command.mandate_id]).get(command.mandate_id)
    if found is None or rules.lets_more(found.limits, Limits(command.each_max, command.month_max, command.until)):
        authenticators.customers_key(tx, command)


@operation(
    "debits.set_limits", title=Words("Change the limits of a mandate", "调整扣款限额"), permission="payments:transfer",
    whose=of("payer"), by_key=_raised,
)  # fmt: skip
def set_limits(tx: Tx, command: SignMandate) -> MandateView:
    """Change what one lets be drawn, at once, for debits that are announced too. Refuses ``debits.unknown``,
    ``debits.bad_limits``, ``debits.over_law``, ``debits.not_in_force``, and ``kernel.key_needed`` of whoever has a passkey and
    lets more be drawn."""
    found = _of(tx, command.mandate_id, command.payer, "payer")
    limits = Limits(command.each_max, command.month_max, command.until)
    rules.check_limits(limits, law(tx), tx.business_date)
    if not store.set_limits(tx, found.id, limits):
        raise rules.NOT_IN_FORCE()
    return mandate(tx, command.payer, found.id)


@operation(
    "debits.end", title=Words("End a mandate", "终止扣款授权"), permission="payments:transfer", whose=of("party_id")
)
def end(tx: Tx, command: EndMandate) -> MandateView:
    """End a mandate, or refuse one that was proposed; at once, and what is announced is not drawn. Either side may.

    Refuses ``debits.unknown``, ``debits.not_in_force``.
    """
    found = _of(tx, command.mandate_id, command.party_id)
    if not store.end(tx, found.id):
        raise rules.NOT_IN_FORCE()
    return mandate(tx, command.party_id, found.id)


@operation(
    "debits.announce", title=Words("Announce a debit", "扣款通知"), permission="payments:transfer", whose=of("creditor")
)
def announce(tx: Tx, command: AnnounceDebit) -> DebitView:
    """Say that an amount will be drawn on a day: the payer's notice.

    Refuses ``money.not_positive``, ``payments.bad_memo``, ``debits.unknown``, ``merchants.ended``, ``debits.not_in_force``,
    ``debits.idle``, ``debits.too_soon``, ``debits.after_end``, ``debits.over_each``, ``debits.over_month``.
    """
    wallets.check_memo(command.memo)
    found = _of(tx, command.mandate_id, command.creditor, "creditor")
    merchants.check_takes(tx, found.merchant_id)
    number = store.take_number(tx, found.id)
    month, currency = rules.month_of(command.due_on), found.limits.each_max.currency
    promised = Money(store.promised(tx, found.id, month, add_months(month, 1)), currency)
    now = store.find(tx, [found.id])[found.id]
    rules.check_debit(now, command, law(tx), tx.business_date, promised)
    if number is None:
        raise rules.NOT_IN_FORCE()
    made = Debit(found.id, tx.new_id("debit"), number, command.amount, command.memo, tx.now, command.due_on)
    store.insert_debit(tx, made)
    return view_of(made)


@operation("debits.stop", title=Words("Stop a debit", "停止扣款"), permission="payments:transfer", whose=of("payer"))
def stop(tx: Tx, command: PayersDebit) -> DebitView:
    """Stop one debit before it is drawn; the mandate stays. Refuses ``debits.unknown``, ``debits.unknown_debit``,
    ``debits.not_announced``."""
    found = debit_of(tx, command)
    if not store.stop(tx, found.mandate_id, found.id):
        raise rules.NOT_ANNOUNCED()
    return view_of(debit_of(tx, command))


def debit_of(tx: Tx, command: PayersDebit) -> Debit:
    """A debit of a payer; refuses ``debits.unknown``, ``debits.unknown_debit``."""
    _of(tx, command.mandate_id, command.payer, "payer")
    found = store.debit(tx, command.mandate_id, command.debit_id)
    if found is None:
        raise rules.UNKNOWN_DEBIT()
    return found


def view_of(debit: Debit) -> DebitView:
    """A debit as both sides see it."""
    drawn = debit.state in ("drawn", "refunded")
    return DebitView(
        debit.id, debit.mandate_id, "first" if debit.number == 1 else "recurrent", debit.amount, debit.memo, debit.due_on,
        debit.state, debit.code, debit.done_on, debit.refund_until, wallets.transfer_reference(debit.id) if drawn else "",
    )  # fmt: skip


def views(
    tx: Tx, mandates: Sequence[Mandate], party_id: str, debits: dict[str, list[Debit]] | None = None
) -> list[MandateView]:
    """Mandates as one of their sides sees them: one statement for the names of all others."""
    others = {each.payer if each.creditor == party_id else each.creditor for each in mandates}
    known, asks = parties.parties(tx, sorted(others)), law(tx)
    shops = merchants.names(tx, sorted({each.merchant_id for each in mandates if each.merchant_id}))
    found = []
    for each in mandates:
        role: Role = "creditor" if each.creditor == party_id else "payer"
        other = known.get(each.payer if role == "creditor" else each.creditor)
        name = shops.get(each.merchant_id, "") if role == "payer" else ""
        found.append(MandateView(
            each.id, role, each.state, each.purpose, each.limits.each_max, each.limits.month_max, each.limits.until,
            each.proposed_at, each.signed_at, each.ended_at, asks.notice_days, asks.refund_days,
            tuple(view_of(debit) for debit in (debits or {}).get(each.id, [])), name or (shown_name(other) if other else ""),
        ))  # fmt: skip
    return found


@question("debits.mandate", permission="payments:read", whose=of("party_id"))
def mandate(tx: Tx, party_id: Id, mandate_id: Id) -> MandateView:
    """A mandate as one of its sides sees it, with its debits; refuses ``debits.unknown``."""
    found = _of(tx, mandate_id, party_id)
    return views(tx, [found], party_id, store.debits_of(tx, [found.id]))[0]


@question("debits.mandates", permission="payments:read", whose=of("party_id"))
def mandates(
    tx: Tx, party_id: Id, role: Role = "payer", before: Cursor = "", limit: PageSize = 50
) -> list[MandateView]:
    """Mandates that one gave, or draws by, the latest first; continue with ``before`` the last id."""
    return views(tx, store.listed(tx, party_id, role == "creditor", before, limit), party_id)
