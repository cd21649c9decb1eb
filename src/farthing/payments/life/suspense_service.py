"""Run the money that came in and is nobody's yet: it lies in suspense with its age until two persons say whose it is, or send
it back where it came from. Table ``rail_suspense``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.errors import conflict, not_found
from farthing.kit.inputs import Flag, LongPageSize
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.chart import rail_path, suspense_path
from farthing.ledger.model import AccountSpec
from farthing.payments import asking_service as asking
from farthing.payments import rules as movement_rules
from farthing.payments import store as movements
from farthing.payments.life import entries, store
from farthing.payments.life.model import ApplySuspense, SendBackSuspense, Suspended
from farthing.payments.model import Instruction, Notice
from farthing.payments.wallets import wallet_path

UNKNOWN_SUSPENSE = not_found(
    "payments.unknown_suspense",
    "There is no money in suspense under {suspense_id}.",
    "挂账 {suspense_id} 不存在。",
)
NOT_IN_SUSPENSE = conflict(
    "payments.not_in_suspense",
    "{suspense_id} was applied or sent back before.",
    "{suspense_id} 已入账或退回。",
)


def suspend(tx: Tx, rail: str, notices: Sequence[Notice]) -> int:
    """Book money that nobody here asked for, in suspense; answers how many. What is there already stays as it is."""
    arrived = [
        Suspended(
            f"{rail}:{each.id}",
            rail,
            each.amount,
            each.counterparty,
            each.reference,
            each.reason,
            tx.business_date,
            tx.now,
        )
        for each in notices
        if each.amount is not None
    ]
    return lay(tx, arrived)


def lay(tx: Tx, money: Sequence[Suspended]) -> int:
    """Book money in suspense, whoever told of it; answers how much of it was new."""
    known = store.suspended_all(tx, [each.id for each in money])
    arrived = [each for each in money if each.id not in known]
    if not arrived:
        return 0
    opens = {}
    for each in arrived:
        currency = each.amount.currency
        for path, floor in ((rail_path(each.rail), None), (suspense_path(each.rail, currency, tx.home), 0)):
            opens[path] = AccountSpec(path, currency, floor=floor)
    ledger.open_accounts(tx, list(opens.values()))
    ledger.must(tx, [entries.suspended(each, tx.business_date, tx.home) for each in arrived])
    return store.suspend(tx, arrived)


@question("payments.suspense", permission="payments:read_any", whose=STAFF)
def suspense(tx: Tx, everything: Flag = False, limit: LongPageSize = 100) -> list[Suspended]:
    """Money that came in and is nobody's yet, the oldest first; with ``everything`` what was decided as well."""
    return store.suspense(tx, everything, limit)


def _open(tx: Tx, suspense_id: str) -> Suspended:
    found = store.suspended(tx, suspense_id)
    if found is None:
        raise UNKNOWN_SUSPENSE(suspense_id=suspense_id)
    if found.state != "open":
        raise NOT_IN_SUSPENSE(suspense_id=suspense_id)
    return found


def _decided(
    tx: Tx, suspense_id: str, state: str, party_id: str | None, movement_id: str | None, note: str
) -> Suspended:
    if not store.decide(tx, suspense_id, state, party_id, movement_id, note):
        raise NOT_IN_SUSPENSE(suspense_id=suspense_id)
    found = store.suspended(tx, suspense_id)
    assert found is not None
    return found


def _seen(command: Any, done: Suspended) -> dict[str, Any]:
    return {"amount": done.amount, "rail": done.rail, "arrived_on": done.arrived_on}


@operation(
    "payments.apply_suspense", title=Words("Money in suspense applied", "挂账入账"), permission="payments:suspense",
    whose=STAFF, four_eyes=True, confirm=_seen,
)  # fmt: skip
def apply_suspense(tx: Tx, command: ApplySuspense) -> Suspended:
    """Credit a customer's wallet with money that came in and was nobody's; two persons.

    Refuses ``payments.unknown_suspense``, ``payments.not_in_suspense``, ``payments.no_wallet``.
    """
    found = _open(tx, command.suspense_id)
    wallet = wallet_path(command.party_id, found.amount.currency, tx.home)
    if wallet not in movements.existing(tx, [wallet]):
        raise movement_rules.NO_WALLET(party=command.party_id, currency=found.amount.currency)
    ledger.must(tx, [entries.applied(found, wallet, tx.business_date, tx.home)])
    return _decided(tx, found.id, "applied", command.party_id, None, command.note)


@operation(
    "payments.send_back_suspense", title=Words("Money in suspense sent back", "挂账退回"), permission="payments:suspense",
    whose=STAFF, four_eyes=True, confirm=_seen,
)  # fmt: skip
def send_back_suspense(tx: Tx, command: SendBackSuspense) -> Suspended:
    """Send money that is nobody's back by its rail, as a movement like any other; two persons.

    Refuses ``payments.unknown_suspense``, ``payments.not_in_suspense``, ``payments.bad_outside_account``,
    ``payments.rail_unknown``.
    """
    found = _open(tx, command.suspense_id)
    movement_rules.check_outside_account(command.outside_account)
    if not tx.ports.has("rail", found.rail):
        raise movement_rules.RAIL_UNKNOWN(rail=found.rail)
    told = Instruction(tx.new_id("rail"), "out", found.amount, command.outside_account, "", tx.business_date)
    path = suspense_path(found.rail, found.amount.currency, tx.home)
    asking.ask(tx, asking.Wanted(told, path, found.rail, None))
    return _decided(tx, found.id, "sent_back", None, told.id, command.note)
