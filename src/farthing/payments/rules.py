"""Decide about payments: pure functions from a command and the wallets that exist to an entry or a refusal.

Order of checks: the transfer's own name, amount, same wallet, payer's wallet, whose wallet, payee's wallet; the ledger then
checks the money.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta
from typing import Any

from farthing.kernel.acting.rules import check_payee
from farthing.kit.actor import Actor
from farthing.kit.calendar import is_business_day, next_business_day
from farthing.kit.errors import Refusal, conflict, declined, forbidden, malformed, not_found
from farthing.kit.money import Money, positive
from farthing.kit.printable import unprintable
from farthing.ledger import pledges
from farthing.ledger.chart import rail_path
from farthing.ledger.model import Hold, JournalEntry, Posting, Release, Settle
from farthing.ledger.pledges import Pledge
from farthing.payments.model import MoveByRail, RailPayment, Transfer, Transferred
from farthing.payments.wallets import PAY_OUT, TOP_UP, TRANSFER, wallet_path
from farthing.products.rails import Timetable

SAME_WALLET = malformed("payments.same_wallet", "A transfer needs two different wallets.", "转账双方不能是同一个钱包。")
NO_WALLET = not_found(
    "payments.no_wallet",
    "There is no {currency} wallet of this customer; open one first.",
    "该客户没有 {currency} 钱包；请先开立。",
)
PAYEE_UNKNOWN = not_found(
    "payments.payee_unknown",
    "The payee has no {currency} wallet to receive this.",
    "收款方没有 {currency} 钱包。",
)
NOT_YOURS = forbidden(
    "payments.not_your_wallet", "{actor} may move money only out of its own wallet.", "{actor} 只能动用自己的钱包。"
)
OUR_NAME = malformed(
    "payments.our_name",
    "{id} is a name as the bank gives them to what it pays by itself; choose another for this transfer.",
    "{id} 是本行自动付款所用的编号形式；请为这笔转账另取编号。",
)
BAD_ACCOUNT = malformed(
    "payments.bad_outside_account",
    "The outside account must be 12 to 19 digits; {length} characters were given.",
    "外部账号须为 12 至 19 位数字；收到 {length} 个字符。",
)
BAD_MEMO = malformed("payments.bad_memo", "A memo is at most 100 printable characters.", "附言至多 100 个可见字符。")
RAIL_UNKNOWN = not_found("payments.rail_unknown", "There is no rail {rail}.", "没有通道 {rail}。")
RAIL_DECLINED = declined(
    "payments.rail_declined",
    "The other bank declined ({reason}); nothing was moved. Use another account or ask your bank.",
    "对方银行拒绝（{reason_zh}），款项未动；请换一个账户或联系开户行。",
)
CONTENT_DIFFERS = conflict(
    "payments.content_differs",
    "The rail {rail} knows {movement_id} with another content. Nothing is released; call the rail.",
    "通道 {rail} 上编号 {movement_id} 的内容与本行不同。款项继续冻结；请联系通道。",
)

UNKNOWN_MOVEMENT = not_found(
    "payments.unknown_movement",
    "There is no movement {movement_id} through a rail.",
    "没有通道转账 {movement_id}。",
)
TOO_MUCH = malformed(
    "payments.amount_too_large",
    "{amount} is more than a rail carries at once; the most is {most}.",
    "{amount} 超出单笔通道转账上限；单笔至多 {most}。",
)

LONGEST_MEMO = 100
_OURS = re.compile(r"(?!xfer_)[a-z]+_[0-9a-hjkmnp-tv-z]{26}")
"""How names begin that the bank gives (requests, standing orders, debits): their transfers bear them."""
MOST_BY_RAIL_MINOR = 10**12
"""The most that one movement through a rail may be, in minor units (ten billion yuan). It bounds every balance that comes
from outside: some four million such movements would have to come in before an account could overflow."""


def check_name(transfer_id: str | None) -> None:
    """Refuse a transfer under a name that is the bank's: whoever took it first would keep what bears it from ever being paid. A
    colon is of what the bank derives from a name: ``ID:held``, ``ID:back``."""
    if transfer_id is not None and (_OURS.match(transfer_id) or ":" in transfer_id):
        raise OUR_NAME(id=repr(transfer_id[:60]))


def check_transfer(command: Transfer, actor: Actor, wallets: AbstractSet[str], home: str) -> None:
    """Refuse a transfer that cannot be, before any money is looked at. ``wallets`` are the paths that exist."""
    positive(command.amount)
    currency = command.amount.currency
    payer, payee = transfer_paths(command, home)
    if command.payer == command.payee:
        raise SAME_WALLET()
    check_memo(command.memo)
    if not actor.acts_for(command.payer):
        raise NOT_YOURS(actor=actor.id)
    check_payee(actor, command.payee)
    if payer not in wallets:
        raise NO_WALLET(party=command.payer, currency=currency)
    if payee not in wallets:
        raise PAYEE_UNKNOWN(payee=command.payee, currency=currency)


def transfer_paths(command: Transfer, home: str) -> tuple[str | None, str | None]:
    """The wallets' accounts of payer and payee; none for what is not a party's whole id and so has no wallet."""
    paths: list[str | None] = []
    for party in (command.payer, command.payee):
        try:
            paths.append(wallet_path(party, command.amount.currency, home))
        except Refusal:
            paths.append(None)
    return paths[0], paths[1]


def check_memo(memo: str) -> None:
    """Refuse a memo that is too long or cannot be printed."""
    if len(memo) > LONGEST_MEMO or unprintable(memo) is not None:
        raise BAD_MEMO()


def transfer_reference(transfer_id: str) -> str:
    """The reference of a transfer's entry."""
    return f"transfer:{transfer_id}"


def transfer_entry(transfer_id: str, command: Transfer, on: date, home: str) -> JournalEntry:
    """Move money between two wallets.

    liabilities:wallets:PAYER   amount
        liabilities:wallets:PAYEE  -amount
    """
    currency = command.amount.currency
    return JournalEntry(
        reference=transfer_reference(transfer_id),
        kind=TRANSFER,
        effective_on=on,
        postings=(
            Posting(wallet_path(command.payer, currency, home), command.amount),
            Posting(wallet_path(command.payee, currency, home), -command.amount),
        ),
        memo=command.memo,
    )


def sends_on(timetable: Timetable, at: datetime, today: date, closed: Collection[date]) -> date:
    """The business day of a rail on which what is paid out at an hour of the bank's zone is sent: today before the cut-off, where
    it works today, else the next on which it works. An hour after midnight of a day that is not closed is after the cut-off."""
    every_day = timetable.works == "every_day"
    in_time = timetable.cut_off is None or (at.date() <= today and at.time() < timetable.cut_off)
    if in_time and (every_day or is_business_day(today, closed)):
        return today
    return today + timedelta(days=1) if every_day else next_business_day(today, closed)


def check_outside_account(account: str) -> None:
    """Refuse what cannot be a card or account number (ISO/IEC 7812 allows up to 19 digits)."""
    if not (account.isascii() and account.isdigit() and 12 <= len(account) <= 19):
        raise BAD_ACCOUNT(length=len(account))


def masked(account: str) -> str:
    """The last four digits only."""
    return f"****{account[-4:]}"


def check_rail_amount(amount: Money) -> None:
    """Refuse what is nothing, or more than a rail carries at once."""
    positive(amount)
    if amount.minor > MOST_BY_RAIL_MINOR:
        raise TOO_MUCH(amount=str(amount), most=str(Money(MOST_BY_RAIL_MINOR, amount.currency)))


def check_move(command: MoveByRail, actor: Actor, has_wallet: bool, has_rail: bool) -> None:
    """Refuse what no rail may be asked: the amount, the account outside, whose wallet, no wallet, no such rail."""
    check_rail_amount(command.amount)
    check_outside_account(command.outside_account)
    if not actor.acts_for(command.party_id):
        raise NOT_YOURS(actor=actor.id)
    if not has_wallet:
        raise NO_WALLET(party=command.party_id, currency=command.amount.currency)
    if not has_rail:
        raise RAIL_UNKNOWN(rail=command.rail)


def rail_entry(payment: RailPayment, account: str, on: date) -> JournalEntry:
    """Our cash at the rail against another account: a wallet, or a partner's settlement account.

    in:   assets:cash:RAIL  amount      ACCOUNT  -amount
    out:  ACCOUNT           amount      assets:cash:RAIL  -amount
    """
    amount = payment.amount if payment.direction == "in" else -payment.amount
    return JournalEntry(
        reference=rail_reference(payment),
        kind=TOP_UP if payment.direction == "in" else PAY_OUT,
        effective_on=on,
        postings=(Posting(rail_path(payment.rail), amount), Posting(account, -amount)),
        memo=rail_memo(payment),
    )


def rail_reference(payment: RailPayment) -> str:
    """The reference of a movement's entry."""
    return f"rail:{payment.rail}:{payment.id}"


def rail_memo(payment: RailPayment) -> str:
    """What an entry of a movement says: the rail, and the account outside, masked."""
    return f"{payment.rail} {payment.outside_account}"


def rail_hold(payment: RailPayment, account: str, on: date) -> Hold:
    """What goes out is reserved before the rail is asked: nobody can spend it while the answer is not known."""
    cash, memo = rail_path(payment.rail), rail_memo(payment)
    return pledges.held(Pledge(hold_of(payment), PAY_OUT, account, cash, payment.amount, memo), on)


def rail_settle(payment: RailPayment, on: date) -> Settle:
    """Post what was reserved, once the rail has paid."""
    return pledges.settled(hold_of(payment), rail_reference(payment), on)


def rail_release(payment: RailPayment) -> Release:
    """Give back what was reserved, once the rail has declined."""
    return pledges.released(hold_of(payment), f"{rail_reference(payment)}:declined")


def hold_of(payment: RailPayment) -> str:
    """The reference of what is held of a movement that goes out."""
    return f"rail:{payment.rail}:{payment.id}:asked"


def transfer_seen(command: Transfer, done: Transferred) -> dict[str, Any]:
    """What whoever confirms a transfer must have seen."""
    return {"payer": done.payer, "payee": done.payee, "amount": done.amount, "memo": done.memo, **looked_seen(done)}


def looked_seen(done: Any) -> dict[str, Any]:
    """What must have been seen of what was noticed: that it waits, and each warning. An hour more or less is no matter."""
    held = {} if done.held_until is None else {"held": True}
    return held | ({"warnings": [each.en for each in done.warnings]} if done.warnings else {})


def rail_seen(command: MoveByRail, payment: RailPayment) -> dict[str, Any]:
    """What whoever confirms a movement by a rail must have seen. The whole outside account is in the command."""
    later = {} if payment.send_on is None else {"send_on": payment.send_on}
    return {
        "way": payment.direction, "amount": payment.amount, "account": payment.outside_account, "rail": payment.rail, **later,
    }  # fmt: skip
