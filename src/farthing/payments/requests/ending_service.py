"""Run the end of requests whose time is over: one statement for all of a piece. Nothing moves."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kernel.day import PIECE, CloseStep, Stepped, catch_up
from farthing.kernel.operation import operation
from farthing.kernel.run import Kernel
from farthing.kernel.whose import STAFF
from farthing.kit.words import Words
from farthing.payments.requests import store


@operation(
    "requests.end_due", title=Words("Requests whose time is over", "收款请求到期"), permission="kernel:close_day", whose=STAFF
)  # fmt: skip
def end_due(tx: Tx, step: CloseStep) -> Stepped:
    """End requests whose time is over. Whoever opens one sees so before."""
    ids = store.due(tx, step.after, PIECE)
    return Stepped(store.expire(tx, ids) if ids else 0, ids[-1] if len(ids) == PIECE else None)


def watch(kernel: Kernel) -> None:
    """End what is over now. Harmless to repeat."""
    catch_up(kernel, end_due, lambda tx, _: store.due(tx, "", 1))
