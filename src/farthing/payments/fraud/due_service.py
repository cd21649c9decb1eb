"""Run the end of payments that nobody decided in time: they become what the policy in force says. A group in a transaction."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kernel.day import CloseStep, Stepped, catch_up
from farthing.kernel.operation import operation
from farthing.kernel.run import Kernel
from farthing.kernel.whose import STAFF
from farthing.kit.words import Words
from farthing.payments.fraud import rules, service, store
from farthing.payments.fraud.model import HeldState

GROUP = 200


@operation(
    "fraud.end_due", title=Words("Held payments whose time is over", "待核实付款到期"), permission="kernel:close_day",
    whose=STAFF,
)  # fmt: skip
def end_due(tx: Tx, step: CloseStep) -> Stepped:
    """Let go, or give back, what waited until its time was over."""
    due = store.due(tx, step.after, GROUP)
    if not due:
        return Stepped(0)
    law = service.law(tx)
    state: HeldState = "refused" if law is not None and law.at_end == "refuse" else "released"
    reason = f"{rules.OVERDUE.en} / {rules.OVERDUE.zh}"
    service.end(tx, [(each, state, reason) for each in due])
    return Stepped(len(due), due[-1].id if len(due) == GROUP else None)


def watch(kernel: Kernel) -> None:
    """End what is over now. Harmless to repeat."""
    catch_up(kernel, end_due, lambda tx, _: store.due(tx, "", 1))
