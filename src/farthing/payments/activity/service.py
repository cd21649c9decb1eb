"""Answer what moved in a wallet. Reads only."""

from __future__ import annotations

import base64
import binascii
from calendar import monthrange
from datetime import date, timedelta

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.errors import Refusal, malformed
from farthing.kit.inputs import Count, Cursor, Id, Line, PageSize, Word
from farthing.kit.money import Money, total
from farthing.ledger import service as ledger
from farthing.ledger.model import StatementLine, sign_of
from farthing.payments import rules
from farthing.payments import service as payments
from farthing.payments.activity.model import Activity, DayBalance, Receipt
from farthing.payments.movements_service import told
from farthing.payments.wallets import PAY_OUT, TOP_UP, TRANSFER, party_of, wallet_path

GROUPS: dict[str, tuple[str, ...]] = {
    "people": (TRANSFER,),
    "banks": (TOP_UP, PAY_OUT),
    "savings": (
        "savings.deposit", "savings.withdrawal", "fund.subscribe", "fund.cancel", "fund.pay", "fund.instant",
    ),
    "loans": ("disbursement", "repayment"),
}  # fmt: skip
"""The kinds of entries that a person looks for together: transfers; cards and accounts at other banks; deposits and funds;
loans, paid out and repaid."""
MONTHS_BACK = 365
MOST = 2_000
"""Movements of a period that are looked at."""

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
    return first, first.replace(day=monthrange(first.year, first.month)[1])


@question("payments.activity", permission="payments:read", whose=of("party_id"))
def activity(
    tx: Tx, party_id: Id, q: Line = "", kind: Word = "", month: Word = "", cursor: Cursor | None = None,
    limit: PageSize = 30,
) -> Activity:  # fmt: skip
    """What moved in the home currency's wallet, by kind, month and words of the memo; without a month, of the last year.

    Refuses ``payments.bad_month``, ``payments.unknown_group``, ``payments.bad_cursor``, and as ``payments.wallet`` does.
    """
    wallet = payments.wallet(tx, party_id)
    path = wallet_path(party_id, wallet.currency, tx.home)
    if kind and kind not in GROUPS:
        raise UNKNOWN_GROUP(text=repr(kind[:20]), known=", ".join(GROUPS))
    since, until = month_of(month) if month else (tx.business_date - timedelta(days=MONTHS_BACK), tx.business_date)
    kinds = GROUPS[kind] if kind else None
    found, whole = ledger.within(tx, path, since, until, kinds=kinds, text=q.strip(), limit=MOST)
    amounts = [line.owed_amount(path) for line in found]
    before = _version(cursor)
    rest = [line for line in found if before is None or line.version < before]
    page = rest[:limit]
    return Activity(
        movements=told(tx, path, page),
        count=len(found),
        came_in=total([each for each in amounts if each.minor > 0], wallet.currency),
        went_out=-total([each for each in amounts if each.minor < 0], wallet.currency),
        since=since,
        until=until,
        whole=whole,
        next_cursor=_cursor(page[-1]) if len(rest) > limit else None,
    )


def _cursor(line: StatementLine) -> str:
    return base64.urlsafe_b64encode(str(line.version).encode()).decode().rstrip("=")


def _version(cursor: str | None) -> int | None:
    if not cursor:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
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
        movement.number, movement.other,
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
