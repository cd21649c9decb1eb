"""Own the step from what a file says, whatever its form, to accounts with rows. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time

from farthing.credit.bills.model import Bill, Transaction
from farthing.payments.home.model import Account, Part, Row
from farthing.payments.home.tables import clean, part_of
from farthing.payments.iso20022.model import Line, Statement

CAMT = "camt"


def of_bill(bill: Bill) -> Part:
    """What a wallet's bill tells. All bills of one wallet are one account: its names for itself change."""
    rows = [of_transaction(each) for each in bill.transactions]
    days = [each.at.date() for each in rows]
    account = Account(
        "", "wallet", bill.header.provider, "", "CNY", first_on=min(days, default=None), last_on=max(days, default=None)
    )  # fmt: skip
    return Part(account, tuple(rows))


def of_transaction(item: Transaction) -> Row:
    """A row of a bill; its id is the bill's own for it."""
    return Row(
        id=item.digest, account_id="", at=item.occurred_at, exact=True, currency=item.amount.currency, direction=item.direction,
        minor=item.amount.minor, outcome=item.outcome, kind=clean(item.kind)[:60], counterparty=clean(item.counterparty)[:200],
        counterparty_account=clean(item.counterparty_account)[:60], description=clean(item.description)[:400],
        method=clean(item.method)[:100], tail=item.card_tail or "", status=clean(item.status)[:60], order_id=clean(item.order_id),
        merchant_order_id=clean(item.merchant_order_id), fee=item.fee.minor, refunded=item.refunded.minor,
        occurrence=item.occurrence,
    )  # fmt: skip


def of_statements(statements: Sequence[Statement]) -> list[Part]:
    """What camt.053 tells, an account each; several days of one account are one part."""
    lines: dict[tuple[str, str], list[Line]] = defaultdict(list)
    days: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for each in statements:
        lines[each.account, each.opening.currency] += each.lines
        days[each.account, each.opening.currency].append(each)
    found = []
    for (number, currency), some in lines.items():
        of = days[number, currency]
        account = Account("", "bank", CAMT, number[-4:].upper(), currency, of[-1].owner)
        part = part_of(account, [_of_line(each) for each in some])
        first, last = min(each.on for each in of), max(each.on for each in of)
        kept = Account(
            "", "bank", CAMT, account.tail, currency, account.owner,
            first_on=min(first, part.account.first_on or first), last_on=max(last, part.account.last_on or last),
        )  # fmt: skip
        found.append(Part(kept, part.rows))
    return found


def _of_line(line: Line) -> Row:
    detail = line.details[0] if len(line.details) == 1 else None
    return Row(
        id="", account_id="", at=datetime.combine(line.booked_on, time()), exact=False, currency=line.amount.currency,
        direction="in" if line.amount.minor >= 0 else "out", minor=abs(line.amount.minor),
        counterparty=(detail.other if detail else "")[:200],
        description=" ".join(each for each in (line.told, detail.remitted if detail else "") if each)[:400] or line.what,
        order_id=line.reference[:60], kind=line.what[:60],
    )  # fmt: skip
