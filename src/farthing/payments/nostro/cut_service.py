"""Run the end of a rail's day: what our books have in it is fixed when the day is closed, and the rail is asked for its statement
over a channel of its own. Tables ``rail_cut`` and the errand."""

from __future__ import annotations

from datetime import date, timedelta

from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel.day import CloseStep, Stepped
from farthing.kernel.errands import Desk, Errand, NotYet
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.chart import rail_path
from farthing.payments.nostro import store
from farthing.payments.nostro.channel import StatementChannel, told
from farthing.payments.nostro.model import Cut, StatementTold

STATEMENT = "payments.statement"
ANSWERED_BY = "payments.statement_told"
FIRST, LONGEST = timedelta(minutes=5), timedelta(hours=6)


@operation(
    "payments.cut_rails", title=Words("Accounts at rails are cut", "通道账户日切"), permission="kernel:close_day", whose=STAFF
)  # fmt: skip
def cut_rails(tx: Tx, step: CloseStep) -> Stepped:
    """Fix what our books have at each rail at the end of a day, and ask each that tells statements for that of the day."""
    paths = {rail_path(rail): rail for rail in tx.ports.names("rail")}
    standing = ledger.balances_of(tx, sorted(paths))
    cuts = [Cut(paths[path], step.on, each.version, each.owed()) for path, each in standing.items()]
    if cuts:
        store.keep_cuts(tx, cuts, step.on)
    for each in cuts:
        if tx.ports.has("statement", each.rail):
            _write(tx, errand_of(each.rail, step.on), each.rail, step.on)
    return Stepped(len(cuts), None)


def ask_report(tx: Tx, rail: str) -> str:
    """Ask a rail what moved today so far; answers the errand."""
    return _write(tx, tx.new_id("report"), rail, None)


def _write(tx: Tx, errand_id: str, rail: str, on: date | None) -> str:
    asked = {"rail": rail, "on": on}
    return errands.write(tx, errand_id, STATEMENT, rail, subject_of(rail), asked, ANSWERED_BY, waits=False)


def subject_of(rail: str) -> str:
    """What errands for a rail's statements are about."""
    return f"statement:{rail}"


def errand_of(rail: str, on: date) -> str:
    """The errand that asks for the statement of a rail's day."""
    return f"statement:{rail}:{on.isoformat()}"


@errands.sender(STATEMENT, first=FIRST, longest=LONGEST)
def _ask(desk: Desk, errand: Errand) -> StatementTold | NotYet | None:
    channel: StatementChannel = desk.ports.peer("statement", errand.peer)
    on = errand.request["on"]
    content = channel.statement(date.fromisoformat(on)) if on else channel.report()
    return told(errand, content)
