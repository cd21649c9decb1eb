"""Run cash of wallets: over the counter into one, or out of one, through the drawer of whoever serves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.whose import of
from farthing.kit.money import Money, positive
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.payments import service as payments
from farthing.payments.tills import rules, service
from farthing.payments.tills.model import Cashed, CashIn, CashOut
from farthing.payments.wallets import wallet_path
from farthing.products.alone import service as alone
from farthing.products.alone import unconfirmed_service as unconfirmed


@operation(
    "payments.cash_in", title=Words("Pay cash into a wallet", "现金存入钱包"),
    permission="payments:cash", whose=of("party_id"), confirm=rules.cash_seen,
)  # fmt: skip
def cash_in(tx: Tx, command: CashIn) -> Cashed:
    """Take cash over the counter into a customer's wallet.

    Refuses ``money.not_positive``, ``payments.no_wallet``, ``payments.no_drawer``, ``payments.drawer_differs``,
    ``payments.drawer_currency``.
    """
    return _moved(tx, "in", command.party_id, positive(command.amount))


def _large(tx: Tx, command: CashOut) -> bool:
    """Whether this, with what went out that day, is more than one member of staff does alone."""
    return alone.needs_two(tx, "out", command.party_id, command.amount)


@operation(
    "payments.cash_out", title=Words("Pay cash out of a wallet", "钱包现金取出"),
    permission="payments:cash", whose=of("party_id"), two_for_another=_large, confirm=rules.cash_seen,
)  # fmt: skip
def cash_out(tx: Tx, command: CashOut) -> Cashed:
    """Give cash over the counter out of a customer's wallet.

    Refuses as :func:`cash_in` does, ``ledger.insufficient_funds`` where wallet or drawer hold too little, and
    ``policy.unconfirmed_out`` beyond what goes out in a day of a customer whom nobody confirmed.
    """
    done = _moved(tx, "out", command.party_id, positive(command.amount))
    unconfirmed.let_out(tx, command.party_id, command.amount)
    return done


def take_in(tx: Tx, paid: Sequence[tuple[str, Money]]) -> list[str]:
    """Take cash of several customers into the drawer and their wallets, all of it or nothing; answers a number for each.

    For what collects from many at once (:mod:`farthing.lending.groups`). Refuses as :func:`cash_in` does.
    """
    drawer = service.cash_path(tx, paid[0][1].currency)
    return _post(tx, "in", drawer, paid)


def _post(tx: Tx, way: Literal["in", "out"], drawer: str, paid: Sequence[tuple[str, Money]]) -> list[str]:
    """Post what moves between a drawer and wallets, and write it into the drawer; answers a number for each."""
    numbers, posted = [], []
    for party_id, amount in paid:
        wallet = wallet_path(party_id, amount.currency, tx.home)
        debit, credit = (drawer, wallet) if way == "in" else (wallet, drawer)
        kind = rules.CASH_IN if way == "in" else rules.CASH_OUT
        numbers.append(tx.new_id("cash"))
        posted.append(rules.entry(rules.reference(numbers[-1]), kind, tx.business_date, debit, credit, amount))
    ledger.post_all(tx, posted)
    service.moved(tx, posted, drawer)
    return numbers


def _moved(tx: Tx, way: Literal["in", "out"], party_id: str, amount: Money) -> Cashed:
    payments.wallet(tx, party_id, amount.currency)
    (cash_id,) = _post(tx, way, service.cash_path(tx, amount.currency), [(party_id, amount)])
    return Cashed(cash_id, party_id, way, amount, payments.wallet(tx, party_id, amount.currency).available)
