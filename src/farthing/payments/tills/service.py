"""Run drawers: opened by whoever answers for it, counted, closed; every movement of cash is a line of one.

Whoever moves cash asks here for the account (:func:`cash_path`) and says afterwards what was posted (:func:`moved`). Of
a draft that a second person approved it is the drawer of who made it: there the customer stands.
"""

from __future__ import annotations

from collections.abc import Sequence

from farthing.db.tx import Row, Tx
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.errors import InvariantBroken
from farthing.kit.inputs import PageSize
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.chart import counter_path
from farthing.ledger.model import AccountSpec, JournalEntry
from farthing.payments.tills import rules, store
from farthing.payments.tills.model import (
    BookDifference,
    CloseDrawer,
    CountDrawer,
    Drawer,
    DrawerLine,
    OpenDrawer,
    Pieces,
    SetUpTill,
    Till,
)

MOST_TILLS = 1_000


@operation(
    "payments.set_up_till", title=Words("Set up a till", "设立柜位"), permission="payments:tills", whose=STAFF
)  # fmt: skip
def set_up_till(tx: Tx, command: SetUpTill) -> Till:
    """Put a till up; one that stands stays as it is. Refuses ``payments.bad_till``."""
    rules.check_till(command.name)
    path = till_path(tx, command.name)
    ledger.open_accounts(tx, [AccountSpec(path, tx.home, floor=0), AccountSpec(rules.VAULT_PATH, tx.home, floor=0)])
    store.insert_till(tx, command.name, ledger.balance(tx, path).owed().minor)
    return Till(command.name, ledger.balance(tx, path).owed(), None)


@operation(
    "payments.open_drawer", title=Words("Open a drawer", "开启尾箱"), permission="payments:cash", whose=STAFF,
    confirm=rules.drawer_seen,
)  # fmt: skip
def open_drawer(tx: Tx, command: OpenDrawer) -> Drawer:
    """Sit down at a till. What is counted otherwise than the books say is booked by two persons before any cash moves.

    Refuses ``payments.unknown_till``, ``payments.drawer_open``, ``payments.till_taken``, ``payments.not_a_note``.
    """
    if store.till(tx, command.till) is None:
        raise rules.UNKNOWN_TILL(till=repr(command.till[:60]))
    for row in store.held(tx, tx.actor.id, command.till):
        if row["actor_id"] == tx.actor.id:
            raise rules.DRAWER_OPEN(actor=tx.actor.id, till=row["till"])
        raise rules.TILL_TAKEN(till=row["till"])
    drawer_id = tx.new_id("drawer")
    store.insert_drawer(tx, drawer_id, command.till)
    row = {
        "id": drawer_id, "till": command.till, "actor_id": tx.actor.id, "opened_at": tx.now, "lines": 0, "difference": 0,
    }  # fmt: skip
    return _count(tx, row, "open", command.counted)


@operation(
    "payments.count_drawer", title=Words("Count a drawer", "清点尾箱"), permission="payments:cash", whose=STAFF,
    confirm=rules.drawer_seen,
)  # fmt: skip
def count_drawer(tx: Tx, command: CountDrawer) -> Drawer:
    """Count the actor's drawer.

    Refuses ``payments.no_drawer``, ``payments.not_a_note``, and ``payments.handover_waits`` while cash lies beside it.
    """
    return _count(tx, _alone(tx), "count", command.counted)


@operation(
    "payments.close_drawer", title=Words("Close a drawer", "尾箱结箱"), permission="payments:cash", whose=STAFF,
    confirm=rules.drawer_seen,
)  # fmt: skip
def close_drawer(tx: Tx, command: CloseDrawer) -> Drawer:
    """Count the actor's drawer and leave the till; the cash stays in it.

    Refuses ``payments.drawer_differs`` where the count is not what the books say, ``payments.handover_waits``,
    ``payments.no_drawer``, ``payments.not_a_note``.
    """
    row = _alone(tx)
    books, counted = balance(tx, row["till"]), rules.counted(command.counted, tx.home)
    if counted != books:
        raise rules.DIFFERS(counted=str(counted), books=str(books))
    return _count(tx, row, "close", command.counted)


def _alone(tx: Tx) -> Row:
    """The actor's drawer, where nothing that was counted out of it lies beside it."""
    row = held(tx)
    if store.beside(tx, row["till"]):
        raise rules.HANDOVER_WAITS()
    return row


def _count(tx: Tx, row: Row, what: str, pieces: Sequence[Pieces]) -> Drawer:
    books, found = balance(tx, row["till"]), rules.counted(pieces, tx.home)
    difference = found - books
    store.write(
        tx, row["id"], row["lines"] + 1, what, difference=difference.minor, counted=found.minor, pieces=pieces,
        closes=what == "close",
    )  # fmt: skip
    return _drawer(tx, {**row, "difference": difference.minor, "closed_at": tx.now if what == "close" else None})


@operation(
    "payments.book_difference", title=Words("Book what a drawer has too much or too little", "登记尾箱长短款"),
    permission="payments:cash", whose=STAFF, four_eyes=True,
)  # fmt: skip
def book_difference(tx: Tx, command: BookDifference) -> Drawer:
    """Book what the last count of a drawer found beyond the books, to the account of such differences.

    Two persons want it: who has the drawer open asks. Refuses ``payments.no_drawer``, ``payments.no_difference`` where
    the figures are no longer those.
    """
    row = held(tx)
    books, difference = balance(tx, row["till"]), command.counted - command.books
    if row["till"] != command.till or command.books != books or not difference or row["difference"] != difference.minor:
        raise rules.NO_DIFFERENCE(till=command.till)
    book(tx, row["id"], row["till"], row["lines"] + 1, difference)
    return _drawer(tx, {**row, "difference": 0, "closed_at": None})


def book(tx: Tx, drawer_id: str, till: str, number: int, difference: Money) -> None:
    """Book what two persons found beyond the books, as a line of the drawer."""
    reference = f"till:{drawer_id}:{number}"
    ledger.open_accounts(tx, [AccountSpec(rules.OVER_SHORT, tx.home)])
    path = till_path(tx, till)
    ledger.post_all(
        tx, [rules.entry(reference, rules.DIFFERENCE, tx.business_date, path, rules.OVER_SHORT, difference)]
    )
    store.write(tx, drawer_id, number, "difference", difference.minor, reference=reference)


def till_path(tx: Tx, till: str) -> str:
    """The account of what is in a till's drawer."""
    return counter_path(till, tx.home, tx.home)


def balance(tx: Tx, till: str) -> Money:
    """What the books say is in a till's drawer."""
    return ledger.balance(tx, till_path(tx, till)).owed()


def _answers(tx: Tx) -> str:
    """Who answers for the cash: who made the draft that is carried out, else who acts."""
    return tx.actor.asked_by or tx.actor.id


def held(tx: Tx) -> Row:
    """The drawer of whoever answers for the cash, held; refuses ``payments.no_drawer``."""
    actor_id = _answers(tx)
    for row in store.held(tx, actor_id):
        return row
    raise rules.NO_DRAWER(actor=actor_id)


def settled(tx: Tx) -> Row:
    """The same, with nothing that was counted and not booked; refuses ``payments.drawer_differs`` too."""
    row = held(tx)
    check_settled(tx, row)
    return row


def check_settled(tx: Tx, row: Row) -> None:
    """Refuse ``payments.drawer_differs`` while what a count found is not booked."""
    if row["difference"]:
        books = balance(tx, row["till"])
        raise rules.DIFFERS(counted=str(books + Money(row["difference"], tx.home)), books=str(books))


def cash_path(tx: Tx, currency: str) -> str:
    """The account of the drawer that cash moves in now.

    Refuses ``payments.no_drawer``, ``payments.drawer_differs``, ``payments.drawer_currency``.
    """
    row = settled(tx)
    if currency != tx.home:
        raise rules.DRAWER_CURRENCY(home=tx.home, currency=currency)
    return till_path(tx, row["till"])


def moved(tx: Tx, entries: Sequence[JournalEntry], path: str) -> None:
    """Write what entries that were posted put into the drawer of :func:`cash_path`, or took out of it."""
    row = settled(tx)
    if till_path(tx, row["till"]) != path:
        raise InvariantBroken(f"cash was posted to {path} and the drawer is of {row['till']}")
    for number, (reference, minor) in enumerate(rules.put_in(entries, path), row["lines"] + 1):
        store.write(tx, row["id"], number, "in" if minor > 0 else "out", minor, reference=reference)


def _drawer(tx: Tx, row: Row) -> Drawer:
    return Drawer(
        row["id"], row["till"], row["actor_id"], row["opened_at"], row["closed_at"], balance(tx, row["till"]),
        Money(row["difference"], tx.home),
    )  # fmt: skip


@question("payments.own_drawer", permission="payments:cash", whose=STAFF)
def own_drawer(tx: Tx) -> Drawer | None:
    """The drawer that the actor has open, with what the books say is in it."""
    row = store.own(tx, tx.actor.id)
    return None if row is None else _drawer(tx, row)


@question("payments.own_drawer_lines", permission="payments:cash", whose=STAFF)
def own_drawer_lines(tx: Tx, limit: PageSize = 50) -> list[DrawerLine]:
    """What happened in the actor's drawer since it was opened, the newest first."""
    row = store.own(tx, tx.actor.id)
    return [] if row is None else [_line(tx, each) for each in store.lines(tx, row["id"], limit)]


def _line(tx: Tx, row: Row) -> DrawerLine:
    amount = Money(row.pop("amount"), tx.home)
    counted = row.pop("counted")
    return DrawerLine(amount=amount, counted=None if counted is None else Money(counted, tx.home), **row)


@question("payments.tills", permission="payments:read_tills", whose=STAFF)
def tills(tx: Tx) -> list[Till]:
    """Every till, what the books say is in it, and who has its drawer open."""
    found = store.tills(tx, MOST_TILLS)
    taken = {row["till"]: row for row in store.open_drawers(tx)}
    balances = ledger.balances_of(tx, [till_path(tx, row["name"]) for row in found])
    return [
        Till(
            row["name"], balances[till_path(tx, row["name"])].owed(),
            _drawer(tx, taken[row["name"]]) if row["name"] in taken else None,
        )
        for row in found
    ]  # fmt: skip


@question("payments.vault", permission="payments:read_tills", whose=STAFF)
def vault(tx: Tx) -> Money:
    """What the books say is in the vault; nothing before the first till was set up."""
    found = ledger.balances_of(tx, [rules.VAULT_PATH])
    return found[rules.VAULT_PATH].owed() if rules.VAULT_PATH in found else Money.zero(tx.home)
