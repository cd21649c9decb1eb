"""Answer what moved in a wallet. Reads only."""

from __future__ import annotations

import binascii
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit import base64url
from farthing.kit.errors import Refusal, malformed
from farthing.kit.inputs import Count, Cursor, Id, Line, LongPageSize, PageSize, Word
from farthing.kit.money import Money, total
from farthing.ledger import service as ledger
from farthing.ledger.model import StatementLine, sign_of
from farthing.payments import rules
from farthing.payments import service as payments
from farthing.payments.activity.model import Activity, DayBalance, Receipt
from farthing.payments.model import History
from farthing.payments.movements_service import told
from farthing.payments.tills.rules import CASH_IN, CASH_OUT
from farthing.payments.wallets import (
    AGENT_COMMISSION,
    AGENT_FLOAT,
    AGENT_IN,
    AGENT_OUT,
    BY_RAIL,
    CODE_FEE,
    CODE_PAY,
    CODE_REFUND,
    CODE_SETTLED,
    DEBIT_BACK,
    DISPUTE_BACK,
    DISPUTE_CREDIT,
    DISPUTE_OWED,
    DISPUTE_PAID,
    PACKET,
    PACKET_BACK,
    PACKET_SENT,
    REPORT_BACK,
    TRANSFER,
    party_of,
    wallet_path,
)

PEOPLE = (
    TRANSFER,
    DEBIT_BACK,
    REPORT_BACK,
    DISPUTE_CREDIT,
    DISPUTE_PAID,
    DISPUTE_BACK,
    DISPUTE_OWED,
    PACKET,
    PACKET_SENT,
    PACKET_BACK,
    CODE_PAY,
    CODE_REFUND,
    CODE_SETTLED,
    CODE_FEE,
    AGENT_FLOAT,
    AGENT_COMMISSION,
)
GROUPS: dict[str, tuple[str, ...]] = {
    "people": (*PEOPLE, "crowd-given", "crowd-back", "crowd-released", "complaint-redress"),
    "banks": BY_RAIL,
    "cash": (CASH_IN, CASH_OUT, AGENT_IN, AGENT_OUT),
    "savings": (
        "savings.deposit", "savings.withdrawal", "fund.subscribe", "fund.cancel", "fund.pay", "fund.instant",
    ),
    "loans": ("disbursement", "repayment", "receivable-paid"),
}  # fmt: skip
"""The kinds of entries that a person looks for together: transfers, red packets, payments by code, projects, redress, a
shop's own float and commissions; cards and accounts at other banks; cash at a counter or an agent; deposits and funds;
loans, paid out and repaid, and confirmed payables."""
MONTHS_BACK = 365
LONGEST_PAGE = 1_000
MOST = 2_000
"""Movements of a period that are looked at in one go, and that are summed."""
FIRST_YEAR = 1900
"""No month before it is one of a wallet."""

BAD_MONTH = malformed(
    "payments.bad_month",
    "{text} is not a month; write it as 2026-11.",
    "{text} 不是月份；请写成 2026-11。",
)
UNKNOWN_GROUP = malformed(
    "payments.unknown_group",
    "There is no kind {text}; known are {known}.",
    "没有类别 {text}；可用：{known}。",
)
BAD_PAGE = malformed(
    "payments.bad_cursor", "This is no page of this list; begin anew.", "列表中没有这一页；请从头开始。"
)


def month_of(text: str) -> tuple[date, date]:
    """The first and last day of a month; refuses ``payments.bad_month``."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise BAD_MONTH(text=repr(text[:20])) from None
    if first.year < FIRST_YEAR:
        raise BAD_MONTH(text=repr(text[:20]))
    return first, first.replace(day=monthrange(first.year, first.month)[1])


@question("payments.activity", permission="payments:read", whose=of("party_id"))
def activity(
    tx: Tx, party_id: Id, q: Line = "", kind: Word = "", month: Word = "", cursor: Cursor | None = None,
    limit: PageSize = 30,
) -> Activity:  # fmt: skip
    """What moved in the home currency's wallet, by kind, month and words of the memo; without a month, of the last year.

    Pages go on to the last movement of the period; the sums are of its newest part where it is long. Refuses
    ``payments.bad_month``, ``payments.unknown_group``, ``payments.bad_cursor``, and as ``payments.wallet`` does.
    """
    asked = _asked(tx, party_id, q, kind, month)
    newest, reached = asked.look(tx, None)
    amounts = [line.owed_amount(asked.path) for line in newest]
    before = _version(cursor)
    page, more = _page(tx, asked, before, limit, (newest, reached) if before is None else None)
    return Activity(
        movements=told(tx, asked.path, page),
        count=len(newest),
        came_in=total([each for each in amounts if each.minor > 0], asked.currency),
        went_out=-total([each for each in amounts if each.minor < 0], asked.currency),
        since=asked.since,
        until=asked.until,
        whole=reached is None,
        next_cursor=_cursor(page[-1]) if more else None,
    )


@question("payments.activity_file", permission="payments:read", whose=of("party_id"))
def activity_file(
    tx: Tx, party_id: Id, q: Line = "", kind: Word = "", month: Word = "", cursor: Cursor | None = None,
    limit: LongPageSize = LONGEST_PAGE,
) -> History:  # fmt: skip
    """The same in long pages and without sums, for who keeps all of it; refuses as :func:`activity` does."""
    asked = _asked(tx, party_id, q, kind, month)
    page, more = _page(tx, asked, _version(cursor), limit)
    return History(told(tx, asked.path, page), _cursor(page[-1]) if more else None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked for in which account."""

    path: str
    currency: str
    since: date
    until: date
    kinds: tuple[str, ...] | None
    text: str

    def look(self, tx: Tx, below: int | None, most: int = MOST) -> tuple[list[StatementLine], int | None]:
        """What is found among the next so many postings, and below which version to look on. Where everything is wanted, no
        more is read than fits."""
        limit = MOST if self.kinds is not None or self.text else most
        return ledger.within(
            tx, self.path, self.since, self.until, kinds=self.kinds, text=self.text, limit=limit, below=below
        )  # fmt: skip


def _asked(tx: Tx, party_id: str, q: str, kind: str, month: str) -> _Asked:
    wallet = payments.wallet(tx, party_id)
    if kind and kind not in GROUPS:
        raise UNKNOWN_GROUP(text=repr(kind[:20]), known=", ".join(GROUPS))
    since, until = month_of(month) if month else (tx.business_date - timedelta(days=MONTHS_BACK), tx.business_date)
    path = wallet_path(party_id, wallet.currency, tx.home)
    return _Asked(path, wallet.currency, since, until, GROUPS[kind] if kind else None, q.strip())


def _page(
    tx: Tx, asked: _Asked, before: int | None, limit: int, looked: tuple[list[StatementLine], int | None] | None = None
) -> tuple[list[StatementLine], bool]:
    """The next lines, however far back they lie, and whether more follow. ``looked``: what was looked at already."""
    found, reached = looked or asked.look(tx, before, limit + 1)
    while len(found) <= limit and reached is not None:
        further, reached = asked.look(tx, reached)
        found = found + further
    return found[:limit], len(found) > limit


def _cursor(line: StatementLine) -> str:
    return base64url.encode(str(line.version).encode())


def _version(cursor: str | None) -> int | None:
    if not cursor:
        return None
    try:
        text = base64url.decode(cursor).decode()
    except (binascii.Error, UnicodeError, ValueError):
        raise BAD_PAGE() from None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise BAD_PAGE()
    return int(text)


@question("payments.receipt", permission="payments:read", whose=of("party_id"))
def receipt(tx: Tx, party_id: Id, reference: Id) -> Receipt:
    """One movement of one's wallets; refuses ``payments.unknown_movement``, for another's too."""
    if not tx.actor.acts_for(party_id):
        raise rules.NOT_YOURS(actor=tx.actor.id)
    try:
        posted = ledger.entry(tx, reference)
    except Refusal:
        raise rules.UNKNOWN_MOVEMENT(movement_id=reference) from None
    own = [each for each in posted.entry.postings if party_of(each.account) == party_id]
    if not own:
        raise rules.UNKNOWN_MOVEMENT(movement_id=reference)
    path, amount = own[0].account, own[0].amount
    line = StatementLine(0, posted.entry, posted.recorded_at, amount, amount)
    (movement,) = told(tx, path, [line])
    return Receipt(
        reference, movement.kind, movement.memo, amount if sign_of(path) > 0 else -amount, movement.recorded_at,
        movement.number, movement.other, movement.acted_by,
    )  # fmt: skip


@question("payments.balances", permission="payments:read", whose=of("party_id"))
def balances(tx: Tx, party_id: Id, days: Count = 90) -> list[DayBalance]:
    """The home currency's wallet day by day, oldest first: only days on which something moved, and the day before them all.

    Refuses ``payments.not_your_wallet``.
    """
    if not tx.actor.acts_for(party_id):
        raise rules.NOT_YOURS(actor=tx.actor.id)
    path = wallet_path(party_id, tx.home, tx.home)
    found = ledger.by_day(tx, path, tx.business_date - timedelta(days=min(days, MONTHS_BACK)))
    return [DayBalance(day, Money(last, tx.home), Money(lowest, tx.home)) for day, lowest, last in found]
