"""Decide about payments: pure functions from a command and the wallets that exist to an entry or a refusal.

Order of checks: amount, same wallet, payer's wallet, whose wallet, payee's wallet; the ledger then checks the money.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date

from farthing.kit.actor import Actor
from farthing.kit.errors import declined, forbidden, malformed, not_found
from farthing.kit.money import positive
from farthing.ledger.chart import rail_path, wallet_path
from farthing.ledger.model import JournalEntry, Posting
from farthing.payments.model import Instruction, Transfer

SAME_WALLET = malformed("payments.same_wallet", "A transfer needs two different wallets.", "转账双方不能是同一个钱包。")
NO_WALLET = not_found(
    "payments.no_wallet", "{party} has no {currency} wallet; open one first.", "{party} 没有 {currency} 钱包;请先开立。"
)
PAYEE_UNKNOWN = not_found(
    "payments.payee_unknown",
    "{payee} has no {currency} wallet to receive this.",
    "收款方 {payee} 没有 {currency} 钱包。",
)
NOT_YOURS = forbidden(
    "payments.not_your_wallet", "{actor} may move money only out of its own wallet.", "{actor} 只能动用自己的钱包。"
)
BAD_ACCOUNT = malformed(
    "payments.bad_outside_account",
    "The outside account must be 12 to 19 digits; {length} characters were given.",
    "外部账号须为 12 至 19 位数字;收到 {length} 个字符。",
)
BAD_MEMO = malformed("payments.bad_memo", "A memo is at most 100 printable characters.", "附言至多 100 个可见字符。")
RAIL_UNKNOWN = not_found("payments.rail_unknown", "There is no rail {rail}.", "没有通道 {rail}。")
RAIL_DECLINED = declined(
    "payments.rail_declined",
    "The other bank declined ({reason}); nothing was moved. Use another account or ask your bank.",
    "对方银行拒绝({reason}),款项未动;请换一个账户或联系开户行。",
)

LONGEST_MEMO = 100


def check_transfer(command: Transfer, actor: Actor, wallets: AbstractSet[str]) -> None:
    """Refuse a transfer that cannot be, before any money is looked at. ``wallets`` are the paths that exist."""
    positive(command.amount)
    currency = command.amount.currency
    if command.payer == command.payee:
        raise SAME_WALLET()
    check_memo(command.memo)
    if not actor.acts_for(command.payer):
        raise NOT_YOURS(actor=actor.id)
    if wallet_path(command.payer, currency) not in wallets:
        raise NO_WALLET(party=command.payer, currency=currency)
    if wallet_path(command.payee, currency) not in wallets:
        raise PAYEE_UNKNOWN(payee=command.payee, currency=currency)


def check_memo(memo: str) -> None:
    """Refuse a memo that is too long or cannot be printed."""
    if len(memo) > LONGEST_MEMO or (memo and not memo.isprintable()):
        raise BAD_MEMO()


def transfer_entry(transfer_id: str, command: Transfer, on: date) -> JournalEntry:
    """Move money between two wallets.

    liabilities:wallets:PAYER   amount
        liabilities:wallets:PAYEE  -amount
    """
    currency = command.amount.currency
    return JournalEntry(
        reference=f"transfer:{transfer_id}",
        kind="transfer",
        effective_on=on,
        postings=(
            Posting(wallet_path(command.payer, currency), command.amount),
            Posting(wallet_path(command.payee, currency), -command.amount),
        ),
        memo=command.memo,
    )


def check_outside_account(account: str) -> None:
    """Refuse what cannot be a card or account number (ISO/IEC 7812 allows up to 19 digits)."""
    if not (account.isascii() and account.isdigit() and 12 <= len(account) <= 19):
        raise BAD_ACCOUNT(length=len(account))


def masked(account: str) -> str:
    """The last four digits only."""
    return f"****{account[-4:]}"


def rail_entry(instruction: Instruction, rail: str, other: str, on: date) -> JournalEntry:
    """Our cash at the rail against another account: a wallet, or a partner's settlement account.

    in:   assets:cash:RAIL  amount      OTHER  -amount
    out:  OTHER             amount      assets:cash:RAIL  -amount
    """
    amount = instruction.amount if instruction.direction == "in" else -instruction.amount
    return JournalEntry(
        reference=f"rail:{rail}:{instruction.id}",
        kind="top-up" if instruction.direction == "in" else "pay-out",
        effective_on=on,
        postings=(Posting(rail_path(rail), amount), Posting(other, -amount)),
        memo=f"{rail} {masked(instruction.counterparty)}",
    )
