"""Own the accounts of a fund and every journal entry about it. Pure.

A fund is a closed set of books inside the bank's: ``assets:fund:F:*`` equals ``liabilities:fund:F:*`` after each
entry, which the guard ``fund-money`` keeps. An entry that takes money from a wallet therefore moves the bank's cash
too, and leaves the guards over client money and liquidity where they were. Debits stand first. Never a balance read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from farthing.kit.money import Money
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.payments.wallets import wallet_path
from farthing.products import reading
from farthing.products.fund import FundTerms
from farthing.savings.fund.model import HeldAsset, Order


@dataclass(frozen=True)
class Paths:
    """The accounts of one fund, made from its product's roles."""

    fund: str
    owed: str
    owned: str
    advances: str
    bank_cash: str
    bank_fee: str
    home: str
    """The bank's home currency, which decides which wallet an order is paid from and to."""

    def wallet(self, order: Order) -> str:
        """The wallet of the party that gave an order."""
        return wallet_path(order.party_id, order.amount.currency, self.home)

    @property
    def pool(self) -> str:
        """Income of all holders that is not yet credited to their own accounts, parts of a fen included."""
        return f"{self.owed}:pool"

    @property
    def orders(self) -> str:
        """Money of subscriptions that are not confirmed."""
        return f"{self.owed}:orders"

    @property
    def redemptions(self) -> str:
        """Money of redemptions whose units are gone and whose holders are not paid yet."""
        return f"{self.owed}:redemptions"

    @property
    def manager(self) -> str:
        """The manager's fee. It bears all rounding, so it may stand a few fen below zero."""
        return f"{self.owed}:manager"

    @property
    def line(self) -> str:
        """What the fund owes the bank for instant redemptions; equals ``advances``."""
        return f"{self.owed}:line"

    @property
    def holders(self) -> str:
        """What stands above every holder's account."""
        return f"{self.owed}:units"

    @property
    def cash(self) -> str:
        """The fund's money at its custodian."""
        return f"{self.owned}:cash"

    @property
    def accrued(self) -> str:
        """What the fund's assets have accrued, whole fen of each."""
        return f"{self.owned}:accrued"

    def units(self, party_id: str) -> str:
        """A holder's account: whole fen of its value."""
        return f"{self.holders}:{party_id.partition('_')[2]}"

    def held(self, asset_id: str) -> str:
        """The principal of a declared asset."""
        return f"{self.owned}:held:{asset_id.partition('_')[2]}"


def paths(terms: FundTerms, home: str) -> Paths:
    """The accounts of a fund in a bank with a home currency.

    Refuses ``savings.missing_field`` where its product names no role for one.
    """
    role = reading.savings(f"{terms.product}.roles", dict(terms.roles)).text
    owed, owned, advances = (f"{role(name)}:{terms.product}" for name in ("owed", "owned", "advances"))
    return Paths(terms.product, owed, owned, advances, role("bank_cash"), role("bank_fee"), home)


def fund_accounts(at: Paths, currency: str) -> tuple[AccountSpec, ...]:
    """The accounts that a new fund opens; the manager's alone may stand below zero."""
    floored = (at.pool, at.orders, at.redemptions, at.line, at.cash, at.accrued, at.advances)
    free = (at.manager, at.bank_cash, at.bank_fee)
    return (
        *(AccountSpec(path, currency, floor=0) for path in floored),
        *(AccountSpec(path, currency) for path in free),
    )


def _entry(at: Paths, what: str, kind: str, on: date, lines: Sequence[tuple[str, Money]]) -> JournalEntry:
    postings = tuple(Posting(path, amount) for path, amount in lines if amount)
    return JournalEntry(f"fund:{at.fund}:{what}", f"fund.{kind}", on, postings)


def subscribed(at: Paths, order: Order, on: date) -> JournalEntry:
    """Money leaves the wallet into the order account, and the bank's cash becomes the fund's.

    liabilities:wallets:P       X
        liabilities:fund:F:orders  -X
    assets:fund:F:cash          X
        assets:cash:sandbox        -X
    """
    x, wallet = order.amount, at.wallet(order)
    lines = [(wallet, x), (at.orders, -x), (at.cash, x), (at.bank_cash, -x)]
    return _entry(at, f"subscribe:{order.id}", "subscribe", on, lines)


def returned(at: Paths, order: Order, on: date) -> JournalEntry:
    """A subscription is cancelled: the opposite of :func:`subscribed`.

    liabilities:fund:F:orders   X
        liabilities:wallets:P      -X
    assets:cash:sandbox         X
        assets:fund:F:cash         -X
    """
    x, wallet = order.amount, at.wallet(order)
    lines = [(at.orders, x), (wallet, -x), (at.bank_cash, x), (at.cash, -x)]
    return _entry(at, f"cancel:{order.id}", "cancel", on, lines)


def confirmed(at: Paths, order: Order, on: date) -> JournalEntry:
    """A subscription is confirmed at the close of its trading day.

    liabilities:fund:F:orders   X
        liabilities:fund:F:units:P -X
    """
    lines = [(at.orders, order.amount), (at.units(order.party_id), -order.amount)]
    return _entry(at, f"confirm:{order.id}", "confirm", on, lines)


def credited(at: Paths, party_id: str, earned: Money, index_on: date, on: date) -> JournalEntry:
    """Whole fen of earned income move to the holder's own account when the holding is touched, once an index day.

    liabilities:fund:F:pool     E
        liabilities:fund:F:units:P -E
    """
    lines = [(at.pool, earned), (at.units(party_id), -earned)]
    return _entry(at, f"credit:{party_id}:{index_on}", "credit", on, lines)


def redeemed(at: Paths, order: Order, on: date) -> JournalEntry:
    """Units of a redemption are gone; its money is owed until the settlement day.

    liabilities:fund:F:units:P  X
        liabilities:fund:F:redemptions -X
    """
    lines = [(at.units(order.party_id), order.amount), (at.redemptions, -order.amount)]
    return _entry(at, f"redeem:{order.id}", "redeem", on, lines)


def paid_out(at: Paths, order: Order, on: date) -> JournalEntry:
    """A redemption is paid to the wallet, and the fund's cash becomes the bank's.

    liabilities:fund:F:redemptions X
        liabilities:wallets:P         -X
    assets:cash:sandbox            X
        assets:fund:F:cash            -X
    """
    x, wallet = order.amount, at.wallet(order)
    lines = [(at.redemptions, x), (wallet, -x), (at.bank_cash, x), (at.cash, -x)]
    return _entry(at, f"pay:{order.id}", "pay", on, lines)


def advanced(at: Paths, order: Order, on: date) -> JournalEntry:
    """An instant redemption: the bank pays the wallet at once, and the fund owes the bank instead of the holder.

    liabilities:fund:F:units:P  X
        liabilities:fund:F:line    -X
    assets:advances:fund:F      X
        liabilities:wallets:P      -X
    """
    x, wallet = order.amount, at.wallet(order)
    lines = [(at.units(order.party_id), x), (at.line, -x), (at.advances, x), (wallet, -x)]
    return _entry(at, f"instant:{order.id}", "instant", on, lines)


def repaid(at: Paths, amount: Money, owed: Money, on: date) -> JournalEntry:
    """The fund repays the bank's line, of which ``owed`` stood open, at the close of a trading day.

    liabilities:fund:F:line     X
        assets:fund:F:cash         -X
    assets:cash:sandbox         X
        assets:advances:fund:F     -X
    """
    lines = [(at.line, amount), (at.cash, -amount), (at.bank_cash, amount), (at.advances, -amount)]
    return _entry(at, f"repay:{on}:{owed.minor}", "repay", on, lines)


def bought(at: Paths, held: HeldAsset, on: date) -> JournalEntry:
    """The fund's cash becomes an asset.

    assets:fund:F:held:A        X
        assets:fund:F:cash         -X
    """
    x = held.asset.principal
    return _entry(at, f"buy:{held.id}", "buy", on, [(at.held(held.id), x), (at.cash, -x)])


def ended(at: Paths, held: HeldAsset, proceeds: Money, on: date) -> JournalEntry:
    """An asset ends. What it brings beyond (or short of) what is booked is the manager's until the day's income.

    A gain is shared out with the income of the day. A loss stays the manager's to make good: Measures for the
    Supervision of Money Market Funds (CSRC and PBC, Order 120 of 2015), article 12.

    assets:fund:F:cash          proceeds
        assets:fund:F:held:A       -principal
        assets:fund:F:accrued      -accrued
        liabilities:fund:F:manager -(proceeds - principal - accrued)
    """
    difference = proceeds - held.asset.principal - held.accrued
    lines = [
        (at.cash, proceeds),
        (at.held(held.id), -held.asset.principal),
        (at.accrued, -held.accrued),
        (at.manager, -difference),
    ]
    return _entry(at, f"end:{held.id}", "end", on, lines)


def income(at: Paths, accrued: Money, shared: Money, on: date) -> JournalEntry | None:
    """A day's income of a fund: one entry, whoever many hold it; none where no fen moved.

    ``shared`` lifts the pool to the exact income of all holders, rounded up to a fen once over the fund's life;
    ``accrued`` lifts the assets to their exact accrual, rounded down. The manager's account takes what is between:
    its fee, and all rounding.

    assets:fund:F:accrued       accrued
        liabilities:fund:F:pool    -shared
        liabilities:fund:F:manager -(accrued - shared)
    """
    if not accrued and not shared:
        return None
    lines = [(at.accrued, accrued), (at.pool, -shared), (at.manager, shared - accrued)]
    return _entry(at, f"income:{on}", "income", on, lines)


def fee_paid(at: Paths, amount: Money, number: str, on: date) -> JournalEntry:
    """The manager's fee is paid to the bank; ``number`` names the payment.

    liabilities:fund:F:manager  X
        assets:fund:F:cash         -X
    assets:cash:sandbox         X
        income:fees:fund           -X
    """
    lines = [(at.manager, amount), (at.cash, -amount), (at.bank_cash, amount), (at.bank_fee, -amount)]
    return _entry(at, f"fee:{number}", "fee", on, lines)
