"""Run payments: one load, the pure rules, one post, for a batch of commands or a batch of one.

A rail is asked by errand, never while a transaction is open: pay-out = hold, errand, settle or release; top-up = errand,
entry.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel.errands import Errand
from farthing.kernel.operation import Asked, Call, operation, sole
from farthing.kernel.proving.rules import KEY_NEEDED, counted
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.errors import Refusal
from farthing.kit.inputs import AnyId, Cursor, Id, LongPageSize, PageSize, Word
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, Command, Held, Posted
from farthing.parties import service as parties
from farthing.payments import asking_service as asking
from farthing.payments import rules, store
from farthing.payments.fraud import screening_service as screening
from farthing.payments.fraud.screening_service import Screen
from farthing.payments.life import sending_service as sending
from farthing.payments.life import service as life
from farthing.payments.life.reasons import said
from farthing.payments.limits import service as limits
from farthing.payments.limits.rules import NEW_PAYEE, OVER_DAY, OVER_PASSWORD, OVER_YEAR
from farthing.payments.model import (
    History,
    Instruction,
    MoveByRail,
    OpenWallet,
    RailAnswered,
    RailPage,
    RailPayment,
    RailState,
    Transfer,
    Transferred,
    Wallet,
)
from farthing.payments.movements_service import told
from farthing.payments.wallets import wallet_path
from farthing.products.alone import service as alone
from farthing.products.alone import unconfirmed_service as unconfirmed

DAYS = (
    unconfirmed.TOO_MUCH_OUT.name, OVER_DAY.name, OVER_YEAR.name, NEW_PAYEE.name, OVER_PASSWORD.name, KEY_NEEDED.name,
)  # fmt: skip
"""Refusals that count what stands before."""


def open_wallets(tx: Tx, calls: Sequence[Call]) -> list[Wallet | Refusal]:
    """Open many wallets; each of :func:`open_wallet`'s refusals is told before anything is written."""
    known = parties.parties(tx, [call.command.party_id for call in calls])
    answers: list[Wallet | Refusal] = []
    opened: dict[int, tuple[str, str, str]] = {}
    for place, call in enumerate(calls):
        owner, currency = known.get(call.command.party_id), call.command.currency or tx.home
        if owner is None:
            answers.append(parties.unknown(call.command.party_id))
        elif not call.actor.acts_for(owner.id):
            answers.append(rules.NOT_YOURS(actor=call.actor.id))
        else:
            answers.append(Wallet(owner.id, currency, Money.zero(currency), Money.zero(currency)))
            opened[place] = wallet_path(owner.id, currency, tx.home), owner.id, currency
    if opened:
        ledger.open_accounts(tx, [AccountSpec(path, currency, floor=0) for path, _, currency in opened.values()])
        store.insert_wallets(tx, list(opened.values()))
        found = ledger.balances_of(tx, [path for path, _, _ in opened.values()])
        for place, (path, owner_id, currency) in opened.items():
            answers[place] = Wallet(owner_id, currency, found[path].owed(), found[path].available())
    return answers


@operation(
    "payments.open_wallet", title=Words("Open a wallet", "开立钱包"), permission="payments:open", whose=of("party_id"),
    bulk=open_wallets,
)  # fmt: skip
def open_wallet(tx: Tx, command: OpenWallet) -> Wallet:
    """Open a party's wallet in a currency; refuses ``parties.unknown``, ``payments.not_your_wallet``."""
    return sole(open_wallets(tx, [Call(command, tx.actor)]))


ROUNDS = 3
"""How often those of a batch are tried once more that a limit refused for the sake of what the books then refused."""


def transfer_batch(tx: Tx, calls: Sequence[Call]) -> list[Transferred | Refusal]:
    """Run many callers' transfers in one transaction; each gets its own answer, in order. Each is looked at by the policy's rules
    first (:mod:`farthing.payments.fraud`): it goes, goes with a warning, or waits for a person."""
    return looked_at(tx, calls)


def looked_at(tx: Tx, calls: Sequence[Call], named: str = "", *, ours: bool = False) -> list[Transferred | Refusal]:
    """As :func:`transfer_batch`. ``named``: how the payee's name compared that was typed; ``ours``: under names of the bank."""
    return _transfers(tx, calls, lambda some: screening.screen(tx, [each.command for each in some], named), ours=ours)


def arranged_batch(tx: Tx, calls: Sequence[Call]) -> list[Transferred | Refusal]:
    """As :func:`transfer_batch`, of what was arranged before or is the bank's own business, under names of the bank: nobody is
    asked to look."""
    return _transfers(tx, calls, lambda _: Screen(tx), ours=True)


def _transfers(
    tx: Tx, calls: Sequence[Call], look: Callable[[Sequence[Call]], Screen], *, ours: bool, rounds: int = ROUNDS
) -> list[Transferred | Refusal]:
    """What a payer is to let out is counted before the ledger posts. Where the ledger then refuses one of his transfers, those of
    his that the day's limit refused for its sake are tried once more: they stand where they would have stood one by one."""
    paths = {path for call in calls for path in rules.transfer_paths(call.command, tx.home) if path is not None}
    wallets = store.existing(tx, sorted(paths))
    day, seen = unconfirmed.held(tx, ((call.command.payer, call.command.amount) for call in calls)), look(calls)
    own = limits.held_of(tx, calls)
    answers: list[Transferred | Refusal | None] = []
    entries: list[Command] = []
    for call in calls:
        command: Transfer = call.command
        try:
            if not ours:
                rules.check_name(command.id)
            rules.check_transfer(command, call.actor, wallets, tx.home)
            seen.once(command)
            known = seen.known(command)
            if known is None:
                day.let_out(command.payer, command.amount)
                if limits.is_own(call.actor, command.payer):
                    own.let_out(command.payer, command.payee, command.amount, call.actor)
                entries.append(seen.entry(command.id or tx.new_id("xfer"), command))
            answers.append(known)
        except Refusal as refusal:
            answers.append(refusal)
    posted = iter(ledger.post(tx, entries))
    done = [
        _answer(seen, call.command, next(posted)) if answer is None else (answer, False)
        for call, answer in zip(calls, answers, strict=True)
    ]
    told = [each for each, _ in done]
    out = [
        (each, call)
        for (each, new), answer, call in zip(done, answers, calls, strict=True)
        if isinstance(each, Transferred) and answer is None and new
    ]  # what was there before was counted then
    unconfirmed.keep(tx, day, [(each.payer, each.amount) for each, _ in out])
    limits.keep(
        tx, own, [(each.payer, _met(each), each.amount) for each, call in out if limits.is_own(call.actor, each.payer)]
    )
    screening.keep(tx, seen, done)
    again = _too_soon(calls, answers, told) if rounds else []
    if again:
        some = [calls[index] for index in again]
        for index, found in zip(again, _transfers(tx, some, look, ours=ours, rounds=rounds - 1), strict=True):
            told[index] = found
    return told


def _met(done: Transferred) -> str | None:
    """Whom a payer is known to have paid from now on: nobody yet, of a payment that waits and may come back."""
    return done.payee if done.held_until is None else None


def _too_soon(
    calls: Sequence[Call], decided: Sequence[Transferred | Refusal | None], done: Sequence[Transferred | Refusal]
) -> list[int]:
    """Which transfers the day's limit refused for the sake of an earlier one of their payer that the books then refused."""
    short = {
        call.command.payer
        for call, before, told in zip(calls, decided, done, strict=True)
        if before is None and isinstance(told, Refusal)
    }
    return [
        index
        for index, (call, before) in enumerate(zip(calls, decided, strict=True))
        if isinstance(before, Refusal) and before.code in DAYS and call.command.payer in short
    ]


def _answer(seen: Screen, command: Transfer, outcome: Posted | Held | Refusal) -> tuple[Transferred | Refusal, bool]:
    """What a payer is answered, and whether it is new: another with its id was there before otherwise."""
    if isinstance(outcome, Refusal):
        return outcome, False
    held = isinstance(outcome, Held)
    transfer_id = outcome.reference.removeprefix("transfer:").removesuffix(":held" if held else "")
    return seen.told(command, transfer_id, outcome.recorded_at, held=held), not outcome.existed


@operation(
    "payments.transfer", title=Words("Transfer", "转账"),
    permission="payments:transfer", batch=transfer_batch, whose=of("payer"), confirm=rules.transfer_seen,
    by_key=counted,
)  # fmt: skip
def transfer(tx: Tx, command: Transfer) -> Transferred:
    """Move money between two wallets: a batch of one. Where the policy's rules hold it, the money is held and has not moved
    (``held_until``).

    Refuses ``payments.our_name``, ``money.not_positive``, ``payments.same_wallet``, ``payments.bad_memo``,
    ``payments.not_your_wallet``, ``payments.no_wallet``, ``payments.payee_unknown``, ``policy.unconfirmed_out``,
    ``payments.over_day``, ``payments.over_year``, ``payments.new_payee`` and ``ledger.*`` where there is too little; under an id
    that was held before ``fraud.other_content``, ``fraud.refused``, ``fraud.ended``.
    """
    return sole(transfer_batch(tx, [Call(command, tx.actor)]))


def arranged(tx: Tx, command: Transfer) -> Transferred:
    """As :func:`arranged_batch`, of one."""
    return sole(arranged_batch(tx, [Call(command, tx.actor)]))


def moved(tx: Tx, asked: Asked) -> RailPayment:
    """How far a movement is; refuses ``payments.rail_declined`` where the rail said no."""
    payment, _ = asking.rail_payment(tx, asked.subject)
    if payment.state == "declined":
        why = said(payment.reason_code, payment.reason)
        raise rules.RAIL_DECLINED(reason=why.en, reason_zh=why.zh)
    return payment


def top_ups(tx: Tx, calls: Sequence[Call]) -> list[Asked | Refusal]:
    """Ask rails for many top-ups; each of :func:`top_up`'s refusals is told before anything is written."""
    answers: list[Asked | Refusal] = []
    wanted: list[asking.Wanted] = []
    for call, asked in zip(calls, asking.instructions(tx, calls, "in"), strict=True):
        if isinstance(asked, Refusal):
            answers.append(asked)
        else:
            wanted.append(asking.Wanted(*asked, call.command.rail, call.command.party_id))
            answers.append(Asked(asked[0].id, (asked[0].id,)))
    asking.ask_all(tx, wanted)
    return answers


@operation(
    "payments.top_up", title=Words("Top-up", "充值"),
    permission="payments:top_up", whose=of("party_id"), conclude=moved, confirm=rules.rail_seen, bulk=top_ups,
)  # fmt: skip
def top_up(tx: Tx, command: MoveByRail) -> Asked:
    """Bring money in from an account at another bank: the rail is asked, and its yes is the entry.

    Refuses ``payments.rail_declined``, and nothing has moved. Where the rail has not answered, the movement stands as
    ``unknown`` and is asked after under the same id.
    """
    return sole(top_ups(tx, [Call(command, tx.actor)]))


def _large(tx: Tx, command: MoveByRail) -> bool:
    """Whether a pay-out, with what went out that day, is more than one member of staff does alone."""
    return alone.needs_two(tx, "out", command.party_id, command.amount)


@operation(
    "payments.pay_out", title=Words("Pay-out", "提现"), permission="payments:pay_out", whose=of("party_id"), conclude=moved,
    two_for_another=_large, confirm=rules.rail_seen, by_key=counted,
)  # fmt: skip
def pay_out(tx: Tx, command: MoveByRail) -> Asked:
    """Send money from a wallet to an account at another bank.

    The money is held before the rail is asked: a wallet with too little never reaches the rail, and while the answer is
    not known nobody can spend it. A yes posts it, or puts it in transit where it has not arrived yet; a no gives it back
    (``payments.rail_declined``). After the rail's cut-off, and on a day on which it does not work, it is sent on the next
    (``send_on``). Refuses
    ``policy.unconfirmed_out`` beyond what goes out in a day of a customer whom nobody confirmed.
    """
    return send_out(tx, command)


def send_out(tx: Tx, command: MoveByRail, shown: str = "") -> Asked:
    """A pay-out, by whichever operation; ``shown`` stands for the outside account where that is a token."""
    asked = sole(asking.instructions(tx, [Call(command, tx.actor)], "out"))
    unconfirmed.let_out(tx, command.party_id, command.amount)
    who, amount = command.party_id, command.amount
    limits.beside(tx, who, amount) if shown else limits.let_out(tx, who, None, amount)
    return asking.ask(tx, asking.Wanted(*asked, command.rail, command.party_id, shown))


def bring_in(tx: Tx, command: MoveByRail, shown: str = "") -> Asked:
    """A top-up, by whichever operation, as :func:`send_out` is a pay-out."""
    asked = sole(asking.instructions(tx, [Call(command, tx.actor)], "in"))
    asking.ask_all(tx, [asking.Wanted(*asked, command.rail, command.party_id, shown)])
    return Asked(asked[0].id, (asked[0].id,))


def rails_answered(tx: Tx, calls: Sequence[Call]) -> list[RailPayment | Refusal]:
    """Take many answers of rails; one that was answered before is told so. What the books refuse is raised."""
    settled = errands.settle_all(tx, [call.command.errand_id for call in calls])
    facts = [
        sending.fact_of(errand, call.command)
        for call, errand in zip(calls, settled, strict=True)
        if isinstance(errand, Errand)
    ]
    stands = iter(life.take(tx, facts).stands)
    return [errand if isinstance(errand, Refusal) else next(stands) for errand in settled]


@operation(
    "payments.rail_answered", title=Words("The rail answers", "通道回复"), permission=errands.ANSWER, whose=STAFF,
    bulk=rails_answered,
)  # fmt: skip
def rail_answered(tx: Tx, command: RailAnswered) -> RailPayment:
    """Take a rail's answer: post what it moved, or give back what was held. Refuses ``errands.answered``."""
    return sole(rails_answered(tx, [Call(command, tx.actor)]))


def movement_owner(tx: Tx, payment_id: str) -> str | None:
    """Whose movement this is; none where it is the bank's own, or none."""
    found = store.rail_payment(tx, payment_id)
    return found[0].party_id if found else None


@question("payments.rail_payment", permission="payments:read", whose=of("payment_id", movement_owner))
def rail_payment(tx: Tx, payment_id: Id) -> RailPayment:
    """A movement through a rail as it stands; refuses ``payments.unknown_movement``, ``payments.not_your_wallet``."""
    payment, _ = asking.rail_payment(tx, payment_id)
    if payment.party_id is None or not tx.actor.acts_for(payment.party_id):
        raise rules.NOT_YOURS(actor=tx.actor.id)
    return payment


def rail_reference(payment: RailPayment) -> str:
    """The reference of a settled movement's entry, by which its receipt is found."""
    return rules.rail_reference(payment)


@question("payments.rail_payments", permission="payments:read_any", whose=STAFF)
def rail_payments(
    tx: Tx, direction: Literal["", "in", "out"] = "", state: Literal["", RailState] = "",
    after: Cursor = "", limit: LongPageSize = 50, number: AnyId = "",
) -> RailPage:  # fmt: skip
    """Movements through rails, the newest first, with the sums of all that is filtered; continue with ``after`` the last
    id; or the one of a ``number``. Those of which nobody knows yet are ``asked`` or ``unknown``. Refuses
    ``payments.unknown_movement``."""
    if number:
        return RailPage((asking.rail_payment(tx, number)[0],), (), None)
    before = asking.rail_payment(tx, after)[0] if after else None
    found = store.rail_payments(tx, direction, state, before, limit + 1)
    more = len(found) > limit
    return RailPage(
        tuple(found[:limit]), tuple(store.rail_sums(tx, direction, state)), found[limit - 1].id if more else None
    )


def settle_by_rail(tx: Tx, instruction: Instruction, account: str, rail: str | None = None) -> bool:
    """Ask a rail to move money between us and another institution, against its settlement account.

    Answers whether it is asked: not while an earlier movement against the account is not answered, for nobody knows
    yet what is owed then; and not where the bank has no rail. The next sweep of errands sends it.
    """
    if store.asked_of_rail(tx, account) or not (rail or tx.ports.names("rail")):
        return False
    asking.ask(tx, asking.Wanted(instruction, account, rail or tx.ports.first("rail"), None))
    return True


def has_wallet(tx: Tx, party_id: str, currency: str | None = None) -> bool:
    """Whether a party has a wallet in a currency, the home currency where none is named."""
    path = wallet_path(party_id, currency or tx.home, tx.home)
    return path in store.existing(tx, [path])


def wallets_among(tx: Tx, paths: Sequence[str]) -> frozenset[str]:
    """Which of these accounts are wallets that were opened, closed ones too."""
    return store.existing(tx, paths)


@question("payments.wallet", permission="payments:read", whose=of("party_id"))
def wallet(tx: Tx, party_id: Id, currency: Word | None = None) -> Wallet:
    """A party's wallet as it stands, in the home currency where none is named.

    Refuses ``payments.not_your_wallet``, ``payments.no_wallet``.
    """
    if not tx.actor.acts_for(party_id):
        raise rules.NOT_YOURS(actor=tx.actor.id)
    currency = currency or tx.home
    path = wallet_path(party_id, currency, tx.home)
    if path not in store.existing(tx, [path]):
        raise rules.NO_WALLET(party=party_id, currency=currency)
    balance = ledger.balance(tx, path)
    return Wallet(party_id, currency, balance.owed(), balance.available())


@question("payments.wallets", permission="payments:read", whose=of("party_id"))
def wallets(tx: Tx, party_id: Id) -> list[Wallet]:
    """All wallets of a party."""
    return [wallet(tx, party_id, currency) for _, currency in store.wallets_of(tx, party_id)]


@question("payments.history", permission="payments:read", whose=of("party_id"))
def history(
    tx: Tx, party_id: Id, currency: Word | None = None, cursor: Cursor | None = None, limit: PageSize = 20
) -> History:
    """A page of a wallet's history, newest first, with the balance after each movement."""
    path = wallet_path(party_id, wallet(tx, party_id, currency).currency, tx.home)
    page = ledger.statement(tx, path, cursor, limit)
    return History(told(tx, path, page.lines), page.next_cursor)
