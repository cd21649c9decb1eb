"""Own which events tell of disputed payments, and what each says."""

from __future__ import annotations

from farthing.events.kinds import Kind, noted, told
from farthing.kit.words import Words
from farthing.payments.disputes import service as disputes
from farthing.payments.disputes.model import CLOSED, OPENED, ClosedTold, OpenedTold

DISPUTES: tuple[Kind, ...] = (
    noted("disputes.closed", Words("A dispute of a payment is over.", "付款争议已结束。"), CLOSED, ClosedTold),
    told(
        "disputes.decided", Words("The bank decided a dispute.", "本行已裁定争议。"), disputes.decide, disputes.decide_large,
        dispute_id="result.dispute_id", outcome="result.outcome", amount="result.amount",
    ),
    noted("disputes.opened", Words("A payer disputes a payment.", "付款人对付款提出争议。"), OPENED, OpenedTold),
)  # fmt: skip
