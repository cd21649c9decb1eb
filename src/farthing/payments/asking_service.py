"""Own how a rail is asked: what it is told, the movement that is kept, what is held first, the errand. Never asks itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel.operation import Asked, Call
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.ledger.chart import rail_path
from farthing.ledger.model import AccountSpec
from farthing.parties import service as parties
from farthing.payments import hours_service as hours
from farthing.payments import rules, store
from farthing.payments.model import Direction, Instruction, MoveByRail, RailPayment
from farthing.payments.wallets import wallet_path

ANSWERED_BY = "payments.rail_answered"
"""The operation that takes a rail's answer."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A movement that a rail is to be asked for, against an account; of nobody where it is the bank's own. ``shown`` stands
    for the outside account where that is a token; else it is masked."""

    instruction: Instruction
    account: str
    rail: str
    party_id: str | None
    shown: str = ""


def instructions(tx: Tx, calls: Sequence[Call], direction: Direction) -> list[tuple[Instruction, str] | Refusal]:
    """What rails are told and the wallets that it concerns, or why not; nothing is written."""
    paths = {(each.command.party_id, each.command.amount.currency) for each in calls}
    wallets = store.existing(tx, sorted(wallet_path(*path, tx.home) for path in paths))
    known = parties.parties(tx, sorted({party_id for party_id, _ in paths}))
    told: list[tuple[Instruction, str] | Refusal] = []
    for call in calls:
        command: MoveByRail = call.command
        path = wallet_path(command.party_id, command.amount.currency, tx.home)
        try:
            rules.check_move(command, call.actor, path in wallets, tx.ports.has("rail", command.rail))
        except Refusal as refusal:
            told.append(refusal)
            continue
        holder = known[command.party_id].name
        instruction = Instruction(
            tx.new_id("rail"), direction, command.amount, command.outside_account, holder, tx.business_date
        )
        told.append((instruction, path))
    return told


def ask(tx: Tx, wanted: Wanted) -> Asked:
    """Ask for one movement; what goes out is held first. The id that the rail is told is committed with it."""
    instruction, rail = wanted.instruction, wanted.rail
    if instruction.direction == "out":
        on = hours.sends_on(tx, rail)
        instruction = replace(instruction, on=on, waits=on > tx.business_date)
        wanted = replace(wanted, instruction=instruction)
        ledger.open_accounts(tx, [AccountSpec(rail_path(rail), instruction.amount.currency)])
        payment = _payment(tx, wanted)
        ledger.must(tx, [rules.rail_hold(payment, wanted.account, tx.business_date)])
    ask_all(tx, [wanted], waits=wanted.party_id is not None)
    return Asked(instruction.id, () if instruction.waits else (instruction.id,))


def pay_all(tx: Tx, wanted: Sequence[Wanted]) -> list[Refusal | None]:
    """Ask for many movements that go out, each held first; answers for each why the books hold nothing for it, or nothing. The
    next sweep sends them, on the rail's day."""
    if not wanted:
        return []
    sends = {rail: hours.sends_on(tx, rail) for rail in sorted({each.rail for each in wanted})}
    dated = [
        replace(
            each,
            instruction=replace(each.instruction, on=sends[each.rail], waits=sends[each.rail] > tx.business_date),
        )
        for each in wanted
    ]
    opens = {rail_path(each.rail): each.instruction.amount.currency for each in dated}
    ledger.open_accounts(tx, [AccountSpec(path, currency) for path, currency in opens.items()])
    held = ledger.post(
        tx,
        [rules.rail_hold(_payment(tx, each), each.account, tx.business_date) for each in dated],
    )
    ask_all(tx, [each for each, done in zip(dated, held, strict=True) if not isinstance(done, Refusal)], waits=False)
    return [done if isinstance(done, Refusal) else None for done in held]


def ask_all(tx: Tx, wanted: Sequence[Wanted], *, waits: bool = True) -> None:
    """Keep movements and write their errands."""
    if not wanted:
        return
    store.insert_rail_payments(tx, [(_payment(tx, each), each.account) for each in wanted])
    by_day: dict[date | None, list[errands.Wanted]] = {}
    for each in wanted:
        whose = () if each.party_id is None else (each.party_id,)
        asked = errands.Wanted(each.instruction.id, each.rail, each.account, each.instruction, whose)
        by_day.setdefault(each.instruction.on if each.instruction.waits else None, []).append(asked)
    for on, some in by_day.items():
        after = timedelta(days=(on - tx.business_date).days - 1) if on is not None else timedelta(0)
        errands.write_all(tx, "payments.rail", some, ANSWERED_BY, waits=waits and on is None, after=after)
    if wanted[0].instruction.id.endswith(store.FOLDS):
        store.fold_totals(tx)


def _payment(tx: Tx, wanted: Wanted) -> RailPayment:
    instruction = wanted.instruction
    return RailPayment(
        id=instruction.id,
        party_id=wanted.party_id,
        direction=instruction.direction,
        amount=instruction.amount,
        outside_account=wanted.shown or rules.masked(instruction.counterparty),
        rail=wanted.rail,
        reference="",
        recorded_at=tx.now,
        send_on=instruction.on if instruction.waits else None,
    )


def rail_payment(tx: Tx, payment_id: str) -> tuple[RailPayment, str]:
    """A movement and the account against our cash at its rail; refuses ``payments.unknown_movement``."""
    return there(store.rail_movements(tx, [payment_id]), payment_id)


def there(found: Mapping[str, tuple[RailPayment, str]], payment_id: str) -> tuple[RailPayment, str]:
    """As :func:`rail_payment`, among those that were found."""
    if payment_id not in found:
        raise rules.UNKNOWN_MOVEMENT(movement_id=payment_id)
    return found[payment_id]
