"""Run the end of a drawer that its login left open: counted by two of those who set tills up, booked and closed in one act.

What happened is kept in the log with the reason, under both names; the drawer's own lines say what was found.
"""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.words import Words
from farthing.payments.tills import rules, service, store
from farthing.payments.tills.model import CloseLeftDrawer, LeftDrawer


@operation(
    "payments.close_left_drawer", title=Words("Close a drawer that its login left open", "代为结箱（柜员未结箱离岗）"),
    permission="payments:tills", whose=STAFF, four_eyes=True,
)  # fmt: skip
def close_left_drawer(tx: Tx, command: CloseLeftDrawer) -> LeftDrawer:
    """Close somebody else's drawer, which two persons counted; what is too much or too little is booked with it.

    What its login had counted out and nobody took is back in it. Refuses ``payments.drawer_not_left`` where it is closed, or
    cash moved in it since; ``payments.drawer_left_wordless``, ``payments.not_a_note``.
    """
    if not command.note.strip():
        raise rules.LEFT_WORDLESS()
    row = store.left(tx, command.drawer_id)
    if row is None or row["till"] != command.till or service.balance(tx, command.till) != command.books:
        raise rules.NOT_LEFT(till=command.till)
    found = rules.counted(command.counted, tx.home)
    for each in store.offered(tx, [command.till]):
        if each["giver"] == command.till:
            store.end_handover(tx, each["id"], "taken_back")
    number, difference = row["lines"] + 1, found - command.books
    if difference:
        store.write(
            tx, row["id"], number, "count", difference=difference.minor, counted=found.minor, pieces=command.counted
        )
        service.book(tx, row["id"], command.till, number + 1, difference)
        number += 2
    store.write(tx, row["id"], number, "close", counted=found.minor, pieces=command.counted, closes=True)
    return LeftDrawer(
        row["id"], command.till, row["actor_id"], row["opened_at"], tx.now, found, difference, command.note
    )
