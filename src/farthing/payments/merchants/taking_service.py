"""Run payments by code: many in one transaction, each answered for itself; authorised and captured by one entry each.

Whoever scans, the payer or the till, it is one way: one load, a fold of pure rules, one post; then codes made for one payment are
spent, and of two that spend one at a time the second begins again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.identity import counting
from farthing.identity.authenticators import service as authenticators
from farthing.kernel.calendar import holidays
from farthing.kernel.operation import Call, operation, sole
from farthing.kernel.proving.rules import counted
from farthing.kernel.whose import of
from farthing.kit.calendar import next_business_day
from farthing.kit.errors import Refusal
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import Posted
from farthing.parties import service as parties
from farthing.payments import rules as wallets
from farthing.payments import service as payments
from farthing.payments.codes.model import MerchantCode
from farthing.payments.limits.service import is_own
from farthing.payments.merchants import rules, signed, store, takings_store
from farthing.payments.merchants.limits_service import law_and_key as law
from farthing.payments.merchants.model import ChargeByCode, CodePaid, PayByCode
from farthing.payments.merchants.rules import Facts, Fold, Wanted
from farthing.payments.wallets import wallet_path
from farthing.products.alone import sums_service as sums
from farthing.products.alone import unconfirmed_service as unconfirmed

Asked = Wanted | Refusal
T = TypeVar("T")


def _tried(work: Callable[[], Wanted]) -> Asked:
    try:
        return work()
    except Refusal as refusal:
        return refusal


def pay_batch(tx: Tx, calls: Sequence[Call]) -> list[CodePaid | Refusal]:
    """Run many payers' payments in one transaction; each gets its own answer, in order."""
    commands: list[PayByCode] = [call.command for call in calls]
    freely = [call.actor.by_key or not is_own(call.actor, call.command.payer) for call in calls]
    read = [_read(signed.read, each.code) for each in commands]
    codes, at = store.codes(tx, _ids(read)), counting.wall(tx)
    tills = store.tills(tx, sorted({each.till_id for each in codes.values()}))
    merchants = store.merchants(tx, sorted({each.merchant_id for each in codes.values()}))

    def wanted(command: PayByCode, found: tuple[str, MerchantCode] | Refusal, free: bool) -> Wanted:
        if isinstance(found, Refusal):
            raise found
        code_id, said = found
        code = codes.get(code_id)
        if code is None or code.party_id:
            raise rules.CODE_UNKNOWN()
        signed.check(code, said)
        rules.check_code(code, at)
        amount = rules.amount_asked(code, command.amount)
        return Wanted(
            command.id or tx.new_id("codepay"), command.payer, code, tills[code.till_id], merchants[code.merchant_id], amount,
            code.note, free,
        )  # fmt: skip

    asked = [_tried(partial(wanted, *each)) for each in zip(commands, read, freely, strict=True)]
    return _take(tx, asked)


def charge_batch(tx: Tx, calls: Sequence[Call]) -> list[CodePaid | Refusal]:
    """Run many tills' charges in one transaction; each gets its own answer, in order."""
    commands: list[ChargeByCode] = [call.command for call in calls]
    read = [_read(signed.read_payer, each.code) for each in commands]
    codes, at = store.codes(tx, _ids(read)), counting.wall(tx)
    tills = store.tills(tx, sorted({each.till_id for each in commands}))
    merchants = store.merchants(tx, sorted({each.merchant_id for each in tills.values()}))
    staff = store.cashiers(tx, sorted(merchants))

    def wanted(command: ChargeByCode, found: tuple[str, bytes] | Refusal) -> Wanted:
        if isinstance(found, Refusal):
            raise found
        wallets.check_memo(command.note)
        till = tills.get(command.till_id)
        if till is None:
            raise rules.UNKNOWN_TILL(till=repr(command.till_id[:60]))
        merchant = merchants[till.merchant_id]
        if command.cashier != merchant.party_id and (merchant.id, command.cashier) not in staff:
            raise rules.NOT_CASHIER(cashier=command.cashier)
        code_id, secret = found
        code = codes.get(code_id)
        if code is None or not code.party_id:
            raise rules.CODE_UNKNOWN()
        signed.check_payer(code, secret)
        rules.check_code(code, at)
        return Wanted(
            command.id or tx.new_id("codepay"), code.party_id, code, till, merchant, command.amount, command.note
        )

    return _take(tx, [_tried(partial(wanted, each, got)) for each, got in zip(commands, read, strict=True)])


def _read(reader: Callable[[str], tuple[str, T]], text: str) -> tuple[str, T] | Refusal:
    try:
        return reader(text)
    except Refusal as refusal:
        return refusal


def _ids(read: Sequence[tuple[str, object] | Refusal]) -> list[str]:
    return sorted({each[0] for each in read if isinstance(each, tuple)})


def _facts(tx: Tx, asked: Sequence[Wanted]) -> Facts:
    payers = sorted({each.payer for each in asked})
    paths = {wallet_path(each.payer, each.amount.currency, tx.home) for each in asked}
    names = {(payer, level): rules.sum_name(tx.home, level, payer) for payer in payers for level in rules.LEVELS}
    gone = sums.held(tx, sorted(names.values()))
    confirmed = frozenset(payers) - parties.unconfirmed(tx, payers)
    limits, above = law(tx)
    near = [payer for payer in payers if above is not None and _near(payer, asked, gone, tx.home) > above.minor]
    return Facts(
        payments.wallets_among(tx, sorted(paths)), confirmed, limits, {key: gone[name] for key, name in names.items()}, tx.home,
        tx.now, next_business_day(tx.business_date, holidays(tx)),
        above, authenticators.holders(tx, near),
    )  # fmt: skip


def _near(payer: str, asked: Sequence[Wanted], gone: Mapping[str, int], home: str) -> int:
    """What a payer comes to by codes today with what is asked for now: where that is little, nobody asks whether he has a key."""
    by_hand = sum(
        each.amount.minor + rules.fee_of(each.merchant.fee, each.amount).minor
        for each in asked
        if each.payer == payer and not each.freely
    )
    return by_hand and by_hand + sum(gone[rules.sum_name(home, level, payer)] for level in rules.LEVELS)


def _take(tx: Tx, asked: Sequence[Asked]) -> list[CodePaid | Refusal]:
    """Decide, post, and keep what stands. Who was refused for the sake of what the books refuse is tried again."""
    wanted = [each for each in asked if isinstance(each, Wanted)]
    if not wanted:
        return [each for each in asked if isinstance(each, Refusal)]
    day = unconfirmed.held(tx, ((each.payer, each.amount) for each in wanted))
    fold, decided = Fold(_facts(tx, wanted)), list[CodePaid | Refusal]()
    for each in asked:
        decided.append(_one(fold, day, each) if isinstance(each, Wanted) else each)
    entries = [
        rules.paid_entry(each.payer, each.merchant, done, tx.business_date, tx.home)
        for each, done in zip(asked, decided, strict=True)
        if isinstance(each, Wanted) and isinstance(done, CodePaid)
    ]
    posted = iter(ledger.post(tx, entries))
    answers: list[CodePaid | Refusal] = []
    new: list[tuple[Wanted, CodePaid]] = []
    short: set[str] = set()
    for each, done in zip(asked, decided, strict=True):
        if isinstance(done, Refusal) or isinstance(each, Refusal):
            answers.append(done)
            continue
        outcome = next(posted)
        if isinstance(outcome, Posted):
            answers.append(done)
            if not outcome.existed:
                new.append((each, done))
        else:
            assert isinstance(outcome, Refusal)
            answers.append(outcome)
            short |= {each.payer, each.code.id}
    _keep(tx, day, new)
    spent = {each.code.id for each, _ in new if not each.code.static}
    return _again(tx, asked, decided, answers, short, spent)


def _one(fold: Fold, day: unconfirmed.Day, wanted: Wanted) -> CodePaid | Refusal:
    try:
        done = fold.one(wanted)
        day.let_out(wanted.payer, done.paid)
        fold.count(wanted, done)
        return done
    except Refusal as refusal:
        return refusal


def _keep(tx: Tx, day: unconfirmed.Day, new: Sequence[tuple[Wanted, CodePaid]]) -> None:
    """Keep payments that were posted, what they add to the day, and that their codes are spent."""
    if not new:
        return
    once = sorted(each.code.id for each, _ in new if not each.code.static)
    if once and store.use_codes(tx, once, counting.wall(tx)) != len(once):
        raise Collision("a code was paid meanwhile")
    takings_store.insert(tx, new)
    unconfirmed.keep(tx, day, [(each.payer, done.paid) for each, done in new])
    added: dict[str, int] = {}
    for each, done in new:
        name = rules.sum_name(tx.home, done.level, each.payer)
        added[name] = added.get(name, 0) + done.paid.minor
    sums.add(tx, added)


def _again(
    tx: Tx,
    asked: Sequence[Asked],
    decided: Sequence[CodePaid | Refusal],
    answers: list[CodePaid | Refusal],
    short: set[str],
    spent: set[str],
) -> list[CodePaid | Refusal]:
    """Try again what the day's limit, or a code that was spent, refused for the sake of one that the books then refused."""
    later = [
        index
        for index, (each, done) in enumerate(zip(asked, decided, strict=True))
        if isinstance(each, Wanted)
        and isinstance(done, Refusal)
        and short & {each.payer, each.code.id}
        and each.code.id not in spent
    ]
    if later:
        for index, answer in zip(later, _take(tx, [asked[index] for index in later]), strict=True):
            answers[index] = answer
    return answers


@operation(
    "merchants.pay", title=Words("Pay by code", "扫码付款"), permission="payments:transfer", whose=of("payer"), batch=pay_batch,
    confirm=rules.pay_seen, by_key=counted,
)  # fmt: skip
def pay(tx: Tx, command: PayByCode) -> CodePaid:
    """Pay what a till's code asks for: a batch of one.

    Refuses ``kernel.key_needed``, ``codes.*``, ``merchants.code_unknown``, ``merchants.code_forged``, ``merchants.code_used``,
    ``merchants.code_expired``, ``merchants.other_amount``, ``merchants.no_amount``, ``merchants.foreign_currency``,
    ``payments.same_wallet``, ``payments.no_wallet``, ``merchants.over_day``, ``policy.unconfirmed_out``, and ``ledger.*`` where
    there is too little.
    """
    return sole(pay_batch(tx, [Call(command, tx.actor)]))


@operation(
    "merchants.charge", title=Words("Charge by a payer's code", "扫付款码收款"), permission="payments:transfer",
    whose=of("cashier"), batch=charge_batch,
)  # fmt: skip
def charge(tx: Tx, command: ChargeByCode) -> CodePaid:
    """Charge who shows a code at a till: a batch of one. Refuses as ``merchants.pay`` does, and ``merchants.unknown_till``,
    ``merchants.not_cashier``."""
    return sole(charge_batch(tx, [Call(command, tx.actor)]))
