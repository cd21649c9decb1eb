"""Run payments: one load, the pure rules, one post, for a batch of commands or a batch of one."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.db.tx import Tx
from farthing.kernel.operation import Call, operation
from farthing.kit.errors import Refusal
from farthing.kit.money import Money, positive
from farthing.ledger import service as ledger
from farthing.ledger.chart import HOME_CURRENCY, rail_path, wallet_path
from farthing.ledger.model import AccountSpec, JournalEntry, Posted
from farthing.parties import service as parties
from farthing.payments import rules, store
from farthing.payments.model import (
    BankRail,
    Direction,
    History,
    Instruction,
    MoveByRail,
    Movement,
    OpenWallet,
    RailPayment,
    Transfer,
    Transferred,
    Wallet,
)


@operation("payments.open_wallet", permission="payments:open")
def open_wallet(tx: Tx, command: OpenWallet) -> Wallet:
    """Open a party's wallet in a currency; refuses ``parties.unknown``, ``payments.not_your_wallet``."""
    owner = parties.party(tx, command.party_id)
    if not tx.actor.acts_for(owner.id):
        raise rules.NOT_YOURS(actor=tx.actor.id)
    path = wallet_path(owner.id, command.currency)
    ledger.open_accounts(tx, [AccountSpec(path, command.currency, floor=0)])
    store.insert_wallet(tx, path, owner.id, command.currency)
    return wallet(tx, owner.id, command.currency)


def transfer_batch(tx: Tx, calls: Sequence[Call]) -> list[Transferred | Refusal]:
    """Run many callers' transfers in one transaction; each gets its own answer, in order."""
    paths = {
        wallet_path(party, call.command.amount.currency)
        for call in calls
        for party in (call.command.payer, call.command.payee)
    }
    wallets = store.existing(tx, sorted(paths))
    answers: list[Transferred | Refusal | None] = []
    entries: list[JournalEntry] = []
    for call in calls:
        command: Transfer = call.command
        try:
            rules.check_transfer(command, call.actor, wallets)
            entries.append(rules.transfer_entry(command.id or tx.new_id("xfer"), command, tx.business_date))
            answers.append(None)
        except Refusal as refusal:
            answers.append(refusal)
    posted = iter(ledger.post(tx, entries))
    return [
        _answer(call.command, next(posted)) if answer is None else answer
        for call, answer in zip(calls, answers, strict=True)
    ]


def _answer(command: Transfer, outcome: object) -> Transferred | Refusal:
    if isinstance(outcome, Refusal):
        return outcome
    assert isinstance(outcome, Posted)
    transfer_id = outcome.reference.removeprefix("transfer:")
    return Transferred(transfer_id, command.payer, command.payee, command.amount, command.memo, outcome.recorded_at)


@operation("payments.transfer", permission="payments:transfer", batch=transfer_batch)
def transfer(tx: Tx, command: Transfer) -> Transferred:
    """Move money between two wallets: a batch of one.

    Refuses ``money.not_positive``, ``payments.same_wallet``, ``payments.bad_memo``, ``payments.not_your_wallet``,
    ``payments.no_wallet``, ``payments.payee_unknown`` and ``ledger.*`` where there is too little.
    """
    (answer,) = transfer_batch(tx, [Call(command, tx.actor)])
    if isinstance(answer, Refusal):
        raise answer
    return answer


@operation("payments.top_up", permission="payments:top_up")
def top_up(tx: Tx, command: MoveByRail) -> RailPayment:
    """Bring money in from an account at another bank; refuses ``payments.rail_declined`` and nothing has moved."""
    return _by_rail(tx, command, "in")


@operation("payments.pay_out", permission="payments:pay_out")
def pay_out(tx: Tx, command: MoveByRail) -> RailPayment:
    """Send money from a wallet to an account at another bank.

    The wallet is debited first, in the same transaction: a rail that declines undoes it, and a wallet with too
    little never reaches the rail.
    """
    return _by_rail(tx, command, "out")


def preview_top_up(tx: Tx, command: MoveByRail) -> RailPayment:
    """What :func:`top_up` would do, with the same refusals but the rail's own, which is not asked; nothing is kept."""
    instruction, path = _instruction(tx, command, "in", "")
    _known(tx, command.rail)
    rail = AccountSpec(rail_path(command.rail), instruction.amount.currency)
    ledger.try_all(tx, [rules.rail_entry(instruction, command.rail, path, tx.business_date)], [rail])
    return _payment(tx, command, instruction, "")


def _by_rail(tx: Tx, command: MoveByRail, direction: Direction) -> RailPayment:
    instruction, path = _instruction(tx, command, direction, tx.new_id("rail"))
    payment = _payment(tx, command, instruction, _move(tx, instruction, command.rail, path))
    store.insert_rail_payment(tx, payment)
    return payment


def _instruction(tx: Tx, command: MoveByRail, direction: Direction, rail_id: str) -> tuple[Instruction, str]:
    """What the rail is told and the wallet that it concerns."""
    positive(command.amount)
    rules.check_outside_account(command.outside_account)
    if not tx.actor.acts_for(command.party_id):
        raise rules.NOT_YOURS(actor=tx.actor.id)
    path = wallet_path(command.party_id, command.amount.currency)
    if path not in store.existing(tx, [path]):
        raise rules.NO_WALLET(party=command.party_id, currency=command.amount.currency)
    holder = parties.party(tx, command.party_id).name
    return Instruction(rail_id, direction, command.amount, command.outside_account, holder), path


def _payment(tx: Tx, command: MoveByRail, instruction: Instruction, reference: str) -> RailPayment:
    return RailPayment(
        id=instruction.id,
        party_id=command.party_id,
        direction=instruction.direction,
        amount=command.amount,
        outside_account=rules.masked(command.outside_account),
        rail=command.rail,
        reference=reference,
        recorded_at=tx.now,
    )


def _known(tx: Tx, rail: str) -> None:
    if not tx.ports.has("rail", rail):
        raise rules.RAIL_UNKNOWN(rail=rail)


def _move(tx: Tx, instruction: Instruction, rail_name: str, other: str) -> str:
    _known(tx, rail_name)
    ledger.open_accounts(tx, [AccountSpec(rail_path(rail_name), instruction.amount.currency)])
    ledger.post_all(tx, [rules.rail_entry(instruction, rail_name, other, tx.business_date)])
    rail: BankRail = tx.ports.peer("rail", rail_name)
    answer = rail.move(instruction)
    if not answer.settled:
        raise rules.RAIL_DECLINED(reason=answer.reason)
    return answer.reference


def settle_by_rail(tx: Tx, instruction: Instruction, account: str, rail_name: str = "sandbox") -> str:
    """Move money between us and another institution through a rail, against its settlement account.

    Answers the rail's reference; refuses ``payments.rail_declined``.
    """
    return _move(tx, instruction, rail_name, account)


def wallet(tx: Tx, party_id: str, currency: str = HOME_CURRENCY) -> Wallet:
    """A party's wallet as it stands; refuses ``payments.not_your_wallet``, ``payments.no_wallet``."""
    if not tx.actor.acts_for(party_id):
        raise rules.NOT_YOURS(actor=tx.actor.id)
    path = wallet_path(party_id, currency)
    if path not in store.existing(tx, [path]):
        raise rules.NO_WALLET(party=party_id, currency=currency)
    balance = ledger.balance(tx, path)
    return Wallet(party_id, currency, balance.owed(), balance.available())


def wallets(tx: Tx, party_id: str) -> list[Wallet]:
    """All wallets of a party."""
    return [wallet(tx, party_id, currency) for _, currency in store.wallets_of(tx, party_id)]


def history(
    tx: Tx, party_id: str, currency: str = HOME_CURRENCY, cursor: str | None = None, limit: int = 20
) -> History:
    """A page of a wallet's history, newest first, with the balance after each movement."""
    wallet(tx, party_id, currency)
    path = wallet_path(party_id, currency)
    page = ledger.statement(tx, path, cursor, limit)
    movements = tuple(
        Movement(
            entry_reference=line.entry.reference,
            kind=line.entry.kind,
            memo=line.entry.memo,
            amount=line.owed_amount(path),
            balance=line.owed_balance(path),
            recorded_at=line.recorded_at,
        )
        for line in page.lines
    )
    return History(movements, page.next_cursor)


def total_in_wallets(tx: Tx, party_id: str) -> Money:
    """What a party holds in its home-currency wallet, zero if it has none."""
    path = wallet_path(party_id, HOME_CURRENCY)
    if path not in store.existing(tx, [path]):
        return Money.zero(HOME_CURRENCY)
    return ledger.balance(tx, path).owed()
