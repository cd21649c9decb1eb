"""Own the deposit in the bank: who holds it, what may be asked of it, and what is answered.

Tables: ``deposit``, ``deposit_event``, ``savings_control``, ``savings_flow``. Never holds money: the ledger does, in
one account a deposit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from farthing.kit.actor import Actor
from farthing.kit.errors import conflict, declined, forbidden, malformed, not_found
from farthing.kit.inputs import Amount, Count, Day, Flag, Id, Word
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.savings.quotes.compare import Badge
from farthing.savings.rules.model import Agreement, Deposit, InterestPayment

UNKNOWN_DEPOSIT = not_found("savings.unknown_deposit", "There is no deposit {deposit_id}.", "没有存款 {deposit_id}。")
NOT_YOURS = forbidden("savings.not_yours", "{actor} may act for its own deposits only.", "{actor} 只能操作本人的存款。")
BAD_PLACE = malformed(
    "savings.bad_place",
    "{place} is neither wallet nor counter; say where the money comes from or goes to.",
    "{place} 不是 wallet 或 counter；请写明资金来源或去向。",
)
CASH_NOT_ALLOWED = forbidden(
    "savings.cash_not_allowed",
    "{actor} may not take or give cash; use the wallet.",
    "{actor} 无权办理现金；请使用钱包账户。",
)
COLLECT_WALLET = declined(
    "savings.collect_needs_instalments",
    "{product} has no instalments that could be collected; leave collect out.",
    "{product} 没有可代扣的月存；请去掉 collect。",
)
NEEDS_WALLET = conflict(
    "savings.needs_wallet",
    "There is no {currency} wallet of this customer; open one first: what the deposit pays by itself goes there.",
    "该客户没有 {currency} 钱包；请先开立，存款到期等款项将转入该钱包。",
)

PLEDGED = conflict(
    "savings.pledged",
    "{held} of this deposit secures a loan and stays until the loan is repaid; {free} can be drawn.",
    "该存款中 {held} 已质押担保贷款，贷款还清前不能支取；现可支取 {free}。",
)
DAY_CLOSING = conflict(
    "savings.day_closing",
    "{business_date} is being closed and deposit {deposit_id} is a day ahead already; try again in a moment.",
    "{business_date} 正在日终处理，存款 {deposit_id} 已先行结转；请稍候再试。",
)


def check_reader(actor: Actor, party_id: str) -> None:
    """Refuse ``savings.not_yours`` to all but the customer and whoever stands for it."""
    if not actor.acts_for(party_id):
        raise NOT_YOURS(actor=actor.id)


WALLET = "wallet"
COUNTER = "counter"
"""Cash over the counter: in the drawer that whoever serves has open (:mod:`farthing.payments.tills`)."""


@dataclass(frozen=True, slots=True)
class OpenDeposit:
    """Open a deposit with its first payment. Terms as text: ``term`` 3m, 1y; ``notice`` 1d, 7d; ``every`` 1m, 3m.

    ``source``: ``wallet``, or ``counter`` for cash in the open drawer of the staff who serve. ``collect``: later instalments are
    taken from the wallet on their day. ``product_version`` refuses the command if other terms are in force.
    """

    party_id: Id
    product: Id
    amount: Amount
    term: Word | None = None
    renewal: Word = "none"
    every: Word | None = None
    notice: Word | None = None
    source: Id = WALLET
    collect: Flag = False
    product_version: Count | None = None


@dataclass(frozen=True, slots=True)
class PayIn:
    """Pay into a deposit: any amount into demand savings, the agreed one into instalment saving."""

    deposit_id: Id
    amount: Amount
    source: Id = WALLET


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Draw a part, with its interest where the product pays it at once."""

    deposit_id: Id
    amount: Amount
    to: Id = WALLET


@dataclass(frozen=True, slots=True)
class CloseDeposit:
    """Draw everything with its interest and close."""

    deposit_id: Id
    to: Id = WALLET


@dataclass(frozen=True, slots=True)
class Notify:
    """Give notice to draw an amount, by default exactly the notice period later."""

    deposit_id: Id
    amount: Amount
    for_on: Day | None = None


@dataclass(frozen=True, slots=True)
class CancelNotice:
    """Take a notice back."""

    deposit_id: Id
    for_on: Day | None = None


@dataclass(frozen=True, slots=True)
class Renew:
    """Begin a new term with a matured deposit, by hand."""

    deposit_id: Id


DepositCommand = PayIn | Withdraw | CloseDeposit | Notify | CancelNotice | Renew


@dataclass(frozen=True, slots=True)
class Account:
    """A deposit as the bank keeps it. ``number``: how many events it has. ``payout``: the ledger account paid when
    nobody stands there. ``lines_on``: the day on which its part of the control totals was stated."""

    id: str
    number: int
    party_id: str
    version: str
    board: str
    payout: str
    collect: bool
    deposit: Deposit
    lines_on: date
    close_on: date | None

    @property
    def product(self) -> str:
        """The product's name."""
        return self.deposit.product


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event of a deposit as it is kept: what was asked, and what moved."""

    number: int
    on: date
    what: str
    asked: Money | None
    for_on: date | None
    principal_in: Money
    principal_out: Money
    interest: Money
    balance: Money
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Notice that waits."""

    given_on: date
    for_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class DepositView:
    """A deposit as people see it. ``agreement`` terms are text; ``insured``: deposit insurance covers it; None where the
    bank's policy names no insurance in its currency."""

    id: str
    party_id: str
    product: str
    name: Words
    version: int
    balance: Money
    annual_rate: Decimal | None
    term: str | None
    every: str | None
    notice: str | None
    renewal: str
    opened_on: date
    matures_on: date | None
    closed_on: date | None
    notices: tuple[NoticeView, ...]
    account: str
    insured: bool | None
    collect: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did, or (``dry_run``) would do: what moved, every payment of interest, and the deposit after it.

    ``paid_out`` is what the holder received: principal and the interest that does not stay on the deposit.
    """

    deposit: DepositView
    on: date
    what: str
    principal_in: Money
    paid_out: Money
    interest: Money
    payments: tuple[InterestPayment, ...]
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Worth:
    """A deposit on a day: ``accrued`` is earned and not yet paid (exactly, as text, major units); ``closing`` what
    drawing everything on that day pays, none where the rules refuse it (``refused`` says why)."""

    deposit_id: str
    on: date
    balance: Money
    accrued: str
    closing: Money | None
    closing_interest: Money | None
    refused: Words | None


@dataclass(frozen=True, slots=True)
class Cover:
    """Deposit insurance of one person here: what all insured deposits hold, what is covered, what cover is left."""

    party_id: str
    held: Money
    badge: Badge


@dataclass(frozen=True, slots=True)
class DepositStatement:
    """A deposit's passbook: every event from ``from_on`` to ``to_on``, oldest first."""

    deposit: DepositView
    from_on: date
    to_on: date
    events: tuple[EventLine, ...]


def agreement_view(agreement: Agreement) -> dict[str, str | None]:
    """The agreement's terms as text."""
    return {
        "term": str(agreement.term) if agreement.term else None,
        "every": str(agreement.every) if agreement.every else None,
        "notice": str(agreement.notice) if agreement.notice else None,
    }
