"""Run redress: what a case costs the bank goes into its person's wallet, once, with its reason; above the law's sums two want
it."""

from __future__ import annotations

from dataclasses import replace

from farthing.db.tx import Tx
from farthing.identity import service as identity
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.actor import SYSTEM
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec
from farthing.payments import service as payments
from farthing.products.alone import sums_service as sums
from farthing.voice.cases import entries, rules, store
from farthing.voice.cases import handling_service as handling
from farthing.voice.cases import refusals as no
from farthing.voice.cases import taking_service as taking
from farthing.voice.cases.model import CaseActed, CaseSaid, PayRedress


@operation("voice.redress", title=Words("Pay redress", "支付补偿"), permission=handling.HANDLES, whose=STAFF)
def redress(tx: Tx, command: PayRedress) -> CaseActed:
    """Pay redress for a case of one's own, up to what one person may give of the case and in a day.

    Refuses ``voice.unknown``, ``voice.wordless``, ``voice.not_owner``, ``voice.not_now``, ``voice.no_amount``,
    ``voice.two_persons``, ``voice.no_wallet``.
    """
    return _paid(tx, command, two=False)


@operation(
    "voice.redress_large",
    title=Words("Pay large redress", "支付大额补偿"),
    permission=handling.HANDLES,
    whose=STAFF,
    four_eyes=True,
)
def redress_large(tx: Tx, command: PayRedress) -> CaseActed:
    """Pay redress of any amount for a case of one's own; two persons, neither of whom it is about. Refuses as ``voice.redress``
    does, and ``voice.not_for_you``."""
    return _paid(tx, command, two=True)


def _paid(tx: Tx, command: PayRedress, *, two: bool) -> CaseActed:
    case, before, person = taking.hands(tx, command.case_id)
    reason, amount = rules.said_of(command.reason), command.amount
    rules.check_owner(case, person)
    sums.held(tx, [f"redress:{person}"])  # of two at once the second sees what the first gave
    given = store.paid_by(tx, person, amount.currency)
    if amount.currency != tx.home or not case.known or not payments.has_wallet(tx, case.party_id):
        raise no.NO_WALLET(currency=amount.currency)
    took_down = identity.persons_of(tx, [case.recorded_by]).get(case.recorded_by, case.recorded_by)
    rules.check_redress(case, amount, given, taking.law(tx), two=two, took_down=took_down == person != SYSTEM.id)
    number = len(store.paid(tx, [case.id]).get(case.id, ())) + 1
    said = CaseSaid(case.id, "redressed", "staff", "", tx.business_date, None, str(amount), reason)
    after = taking.keep(tx, replace(case, redress=case.redress + amount), said, before)
    store.pay(tx, case.id, number, person, amount)
    ledger.open_accounts(tx, [AccountSpec(entries.EXPENSE, tx.home)])
    ledger.must(tx, [entries.redressed(case, number, amount, tx.business_date, tx.home)])
    return handling.acted(after, amount)
