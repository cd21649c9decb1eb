"""Own which purchase a row gives back, so that what came back makes its category smaller. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from farthing.credit.bills.model import PARSER_VERSION, Transaction
from farthing.credit.refunds import paired
from farthing.kit.money import Money
from farthing.payments.home.model import Account, Row


def gives_back(rows: Iterable[Row], accounts: Mapping[str, Account]) -> dict[str, str]:
    """Refund -> the purchase that it gives back, of wallets' rows; a closed order that was paid is such a purchase too."""
    items = [
        _transaction(row, accounts[row.account_id])
        for row in rows
        if row.account_id in accounts and accounts[row.account_id].kind == "wallet"
    ]
    return paired(items)


def _transaction(row: Row, account: Account) -> Transaction:
    zero = Money.zero(row.currency)
    return Transaction(
        provider="wechat" if account.layout == "wechat" else "alipay", occurred_at=row.at, direction=row.direction,
        amount=row.amount, kind=row.kind, counterparty=row.counterparty, counterparty_account=row.counterparty_account,
        description=row.description, method=row.method, card_tail=row.tail or None, status=row.status, outcome=row.outcome,
        order_id=row.order_id, merchant_order_id=row.merchant_order_id, note="", fee=zero,
        refunded=Money(row.refunded, row.currency), refund_of=None, occurrence=row.occurrence, row=0, raw=(),
        parser_version=PARSER_VERSION,
    )  # fmt: skip
