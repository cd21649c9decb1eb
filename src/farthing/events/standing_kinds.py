"""Own which events tell of standing payments, and what each says."""

from __future__ import annotations

from farthing.events.kinds import Kind, noted, told
from farthing.kit.words import Words
from farthing.payments.standing import service as standing
from farthing.payments.standing.model import MISSED, MissedTold

STANDING: tuple[Kind, ...] = (
    told(
        "standing.made", Words("A standing payment was arranged.", "已设置定期付款。"), standing.make,
        order_id="result.id", payer="command.payer", amount="result.amount", every="result.every", first_on="result.first_on",
    ),
    noted(
        "standing.missed", Words("A standing payment was not made, after all tries.", "定期付款重试后仍未支付。"), MISSED,
        MissedTold,
    ),
    told(
        "standing.stopped", Words("A standing payment was stopped.", "定期付款已停用。"), standing.stop,
        order_id="result.id", payer="command.payer", amount="result.amount",
    ),
)  # fmt: skip
