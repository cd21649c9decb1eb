"""Run handovers: one hand counts cash out, another counts it and takes it. The books move when it is taken."""

from __future__ import annotations

from farthing.db.tx import Row, Tx
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.payments.tills import rules, service, store
from farthing.payments.tills.model import (
    VAULT,
    HandFromVault,
    HandOver,
    Handover,
    Pieces,
    TakeBack,
    TakeOver,
    TakeToVault,
)


@operation(
    "payments.hand_over", title=Words("Hand cash over", "移交现金"), permission="payments:cash", whose=STAFF
)  # fmt: skip
def hand_over(tx: Tx, command: HandOver) -> Handover:
    """Count cash out of the actor's drawer for another till, or for the vault.

    Refuses ``payments.no_drawer``, ``payments.drawer_differs``, ``payments.unknown_till``, ``payments.not_a_note``,
    ``payments.nothing_counted``, ``payments.not_in_drawer``.
    """
    return _offer(tx, service.settled(tx)["till"], command.to, command.counted)


@operation(
    "payments.hand_from_vault", title=Words("Hand cash from the vault", "金库出库"),
    permission="payments:vault", whose=STAFF,
)  # fmt: skip
def hand_from_vault(tx: Tx, command: HandFromVault) -> Handover:
    """Count cash out of the vault for a till; refuses as :func:`hand_over` does."""
    return _offer(tx, VAULT, command.till, command.counted)


def _offer(tx: Tx, giver: str, taker: str, pieces: tuple[Pieces, ...]) -> Handover:
    amount = rules.counted_out(pieces, tx.home)
    if taker == giver or (taker != VAULT and store.till(tx, taker) is None):
        raise rules.UNKNOWN_TILL(till=repr(taker[:60]))
    handover_id = tx.new_id("handover")
    _check_there(tx, giver, amount)
    store.insert_handover(tx, handover_id, giver, taker, amount, pieces)
    return _shown(tx, _found(tx, handover_id))


def _check_there(tx: Tx, giver: str, amount: Money) -> None:
    """Refuse ``payments.not_in_drawer`` where more is counted out than the books say is there, with what waits."""
    path = rules.VAULT_PATH if giver == VAULT else service.till_path(tx, giver)
    there = ledger.balances_of(tx, [path])
    available = (
        there[path].available() - Money(store.beside(tx, giver), tx.home) if path in there else Money.zero(tx.home)
    )
    if amount > available:
        raise rules.SHORT(amount=str(amount), available=str(available))


@operation(
    "payments.take_over", title=Words("Take cash over", "接收现金"), permission="payments:cash", whose=STAFF
)  # fmt: skip
def take_over(tx: Tx, command: TakeOver) -> Handover:
    """Take what was counted out for the actor's till into the drawer.

    Refuses ``payments.no_drawer``, ``payments.drawer_differs``, ``payments.unknown_handover``,
    ``payments.handover_ended``, ``payments.own_hand``, ``ledger.insufficient_funds``.
    """
    row = _found(tx, command.handover_id)
    if row["taker"] != service.settled(tx)["till"]:
        raise rules.UNKNOWN_HANDOVER(handover_id=command.handover_id)
    return _taken(tx, row)


@operation(
    "payments.take_to_vault", title=Words("Take cash to the vault", "金库入库"),
    permission="payments:vault", whose=STAFF,
)  # fmt: skip
def take_to_vault(tx: Tx, command: TakeToVault) -> Handover:
    """Take what was counted out for the vault; refuses as :func:`take_over` does."""
    row = _found(tx, command.handover_id)
    if row["taker"] != VAULT:
        raise rules.UNKNOWN_HANDOVER(handover_id=command.handover_id)
    return _taken(tx, row)


@operation(
    "payments.take_back", title=Words("Take back what was counted out", "收回已点出的现金"),
    permission="payments:hand", whose=STAFF,
)  # fmt: skip
def take_back(tx: Tx, command: TakeBack) -> Handover:
    """Take back what the actor counted out and nobody took; nothing moved. Refuses ``payments.unknown_handover``,
    ``payments.handover_ended``."""
    row = _found(tx, command.handover_id)
    if row["given_by"] != tx.actor.id:
        raise rules.UNKNOWN_HANDOVER(handover_id=command.handover_id)
    return _ended(tx, row, "taken_back")


def _found(tx: Tx, handover_id: str) -> Row:
    row = store.handover(tx, handover_id) if handover_id.isprintable() else None
    if row is None:
        raise rules.UNKNOWN_HANDOVER(handover_id=handover_id)
    return row


def _taken(tx: Tx, row: Row) -> Handover:
    """Move the cash in the books, and write it down in both drawers."""
    if tx.actor.is_same_person(row["given_by"], row["giver_person"]):
        raise rules.OWN_HAND(actor=tx.actor.id)
    done = _ended(tx, row, "taken")
    reference = f"till:{row['id']}"
    taker, giver = (
        rules.VAULT_PATH if each == VAULT else service.till_path(tx, each) for each in (row["taker"], row["giver"])
    )
    entry = rules.entry(reference, rules.HANDED, tx.business_date, taker, giver, done.amount)
    ledger.post_all(tx, [entry])
    for place, what, amount in ((row["giver"], "given", -done.amount), (row["taker"], "taken", done.amount)):
        if place != VAULT:
            _write(tx, place, what, amount, reference)
    return done


def _write(tx: Tx, till: str, what: str, amount: Money, reference: str) -> None:
    drawer = next(iter(store.held(tx, None, till)), None)
    if drawer is None:
        raise InvariantBroken(f"cash of {reference} waits and {till} has no open drawer")
    service.check_settled(tx, drawer)
    store.write(tx, drawer["id"], drawer["lines"] + 1, what, amount.minor, reference=reference)


def _ended(tx: Tx, row: Row, state: str) -> Handover:
    if not store.end_handover(tx, row["id"], state):
        raise rules.HANDOVER_ENDED()
    return _shown(tx, {**row, "state": state, "taken_by": tx.actor.id})


def _shown(tx: Tx, row: Row) -> Handover:
    return Handover(
        row["id"], row["giver"], row["taker"], Money(row["amount"], tx.home), store.read(row["pieces"], tx.home),
        row["state"], row["given_by"], row["offered_at"], row["taken_by"],
    )  # fmt: skip


@question("payments.handovers", permission="payments:hand", whose=STAFF)
def handovers(tx: Tx) -> list[Handover]:
    """Cash that waits to be taken: from the actor's drawer or for it, and the vault's for whoever keeps it."""
    own = store.own(tx, tx.actor.id)
    places = [*([own["till"]] if own else []), *([VAULT] if tx.actor.may("payments:vault") else [])]
    return [_shown(tx, row) for row in store.offered(tx, places)]
