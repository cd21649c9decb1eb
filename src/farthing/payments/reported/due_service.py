"""Run the end of freezes that nobody decided in time: the money is free again. A group in a transaction."""

from __future__ import annotations

from dataclasses import replace

from farthing.db.tx import Tx
from farthing.kernel.day import CloseStep, Stepped, catch_up
from farthing.kernel.operation import operation
from farthing.kernel.run import Kernel
from farthing.kernel.whose import STAFF
from farthing.kit.words import Words
from farthing.payments.reported import rules, service, store

GROUP = 100


@operation(
    "reported.end_due",
    title=Words("Freezes whose time is over", "冻结到期"),
    permission="kernel:close_day",
    whose=STAFF,
)
def end_due(tx: Tx, step: CloseStep) -> Stepped:
    """Free what was frozen until its time was over."""
    due = store.due(tx, GROUP)
    if not due:
        return Stepped(0)
    reason, parts = f"{rules.OVERDUE.en} / {rules.OVERDUE.zh}", store.parts(tx, [each.id for each in due])
    service.end(
        tx,
        [
            (report, replace(part, state="released", reason=reason))
            for report in due
            for part in parts.get(report.id, ())
            if part.state == "frozen"
        ],
    )
    return Stepped(len(due), due[-1].id if len(due) == GROUP else None)


def watch(kernel: Kernel) -> None:
    """End what is over now. Harmless to repeat."""
    catch_up(kernel, end_due, lambda tx, _: store.due(tx, 1))
