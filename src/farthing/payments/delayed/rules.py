"""Decide about payments that go later: when, what is held meanwhile, and what becomes of it. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from farthing.kit.errors import conflict, not_found
from farthing.ledger import pledges
from farthing.ledger.model import Hold, Release, Settle
from farthing.ledger.pledges import Pledge
from farthing.payments.delayed.model import Delayed, DelayedView, PayLater, When
from farthing.payments.rules import transfer_reference
from farthing.payments.wallets import TRANSFER, wallet_path
from farthing.products.pay_limits import PayLimits

UNKNOWN = not_found("delayed.unknown", "There is no such payment that waits.", "没有这笔延时付款。")
GONE = conflict(
    "delayed.gone",
    "This payment went, or was taken back, already; nothing was changed. What went is asked back of the payee.",
    "该付款已转出或已撤销，未作任何更改。已转出的款项请联系收款人退回。",
)
WAIT = timedelta(hours=2)
"""How long a payment waits that goes in two hours, where no policy says it."""
DAY = timedelta(days=1)


def goes_at(when: When, now: datetime, law: PayLimits | None) -> datetime:
    """The instant from which it goes."""
    if when == "next_day":
        return now + DAY
    return now + (WAIT if law is None else timedelta(minutes=law.wait_minutes))


def hold_name(payment_id: str) -> str:
    """The reference of what is held of it."""
    return f"{transfer_reference(payment_id)}:later"


def held(made: Delayed, on: date, home: str) -> Hold:
    """Reserve the money: nobody can spend it until it goes or is taken back."""
    currency = made.amount.currency
    source, target = (wallet_path(each, currency, home) for each in (made.payer, made.payee))
    return pledges.held(Pledge(hold_name(made.id), TRANSFER, source, target, made.amount, made.memo), on)


def goes(found: Delayed, on: date) -> Settle:
    """Post what was held, as the transfer of its id."""
    return Settle(transfer_reference(found.id), hold_name(found.id), on, memo=found.memo)


def given_back(found: Delayed) -> Release:
    """Give back what was held."""
    return pledges.released(hold_name(found.id))


def view(found: Delayed, name: str) -> DelayedView:
    """As its payer sees it."""
    reference = transfer_reference(found.id) if found.state == "gone" else ""
    return DelayedView(
        found.id,
        found.amount,
        found.memo,
        found.made_at,
        found.goes_at,
        found.state,
        found.code,
        reference,
        found.ended_at,
        name,
    )


def made_seen(command: PayLater, made: DelayedView) -> dict[str, Any]:
    """What whoever confirms it must have seen; the instant is not: it follows from the moment of confirming."""
    return {"name": made.name, "amount": made.amount, "when": command.when, "memo": made.memo}
