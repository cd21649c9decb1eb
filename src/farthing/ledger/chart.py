"""Own the paths of the bank's own cash, at settlement banks and at the counter, and of what is on its way by a rail.

Pure. What belongs to a package above has its path there (wallets: :mod:`farthing.payments.wallets`). Never looks at a
balance.
"""

from __future__ import annotations

from farthing.kit.errors import malformed
from farthing.ledger.model import sign_of

BAD_COUNTER = malformed(
    "ledger.bad_counter",
    "{counter} is not the name of a counter; use letters, digits and - at most 40 long.",
    "{counter} 不是柜台名称；请使用字母、数字和连字符，至多 40 个字符。",
)


def rail_path(rail: str) -> str:
    """The account of our money at a rail's settlement bank."""
    return f"assets:cash:{rail}"


def in_transit_path(rail: str, currency: str, home: str) -> str:
    """The account of money that a rail has accepted and not yet paid: no longer its sender's, not yet gone from our cash."""
    return in_currency(f"liabilities:in-transit:{rail}", currency, home)


def suspense_path(rail: str, currency: str, home: str) -> str:
    """The account of money that a rail brought and of which nobody knows whose it is."""
    return in_currency(f"liabilities:suspense:{rail}", currency, home)


def returned_path(rail: str, currency: str, home: str) -> str:
    """The account of what customers owe of money that came by a rail and was taken back there."""
    return in_currency(f"assets:returned:{rail}", currency, home)


def counter_path(counter: str, currency: str, home: str) -> str:
    """The account of the cash in a counter's drawer, ``assets:cash:counter-<name>``; refuses ``ledger.bad_counter``.

    ``home``: the bank's home currency, which no path names.
    """
    if not 1 <= len(counter) <= 40 or not counter.replace("-", "").isalnum() or not counter.isascii():
        raise BAD_COUNTER(counter=repr(counter[:60]))
    path = f"assets:cash:counter-{counter}"
    sign_of(path)
    return in_currency(path, currency, home)


def in_currency(path: str, currency: str, home: str) -> str:
    """The account beside ``path`` for a currency: the path itself for the home currency, else after another colon."""
    return path if currency == home else f"{path}:{currency.lower()}"
