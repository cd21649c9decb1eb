"""Run the collection sheet: what each member owes today, and one act that takes the cash of all of them.

One transaction: cash from each payer into the drawer and the payer's wallet, from there to the borrower's where a member pays
for another, and a repayment of each loan by lending's own operation. Where any of it is refused, nothing of it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Count, Id, PageSize
from farthing.kit.money import total
from farthing.kit.words import Words
from farthing.lending import service as lending
from farthing.lending.groups import rules, service, store
from farthing.lending.groups.model import CollectSheet, GroupView, Sheet, SheetLine, SheetRow, SheetToFill
from farthing.lending.model import Repay
from farthing.lending.repaying_service import repay_from
from farthing.lending.standing import Standing
from farthing.lending.standing_service import open_loans
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.payments.model import Transfer
from farthing.payments.payees.rules import shown_name
from farthing.payments.tills import cash_service as cash

MEMO = "联保代还 paid for a member"


@question("lending.group_sheet", permission="lending:collect", whose=STAFF)
def group_sheet(tx: Tx, group_id: Id) -> SheetToFill:
    """The next sheet of a group: what each member owes today on each loan; refuses ``lending.unknown_group``."""
    return _to_fill(tx, service.loan_group(tx, group_id), tx.business_date)


@question("lending.group_meeting", permission="lending:read_groups", whose=STAFF)
def group_meeting(tx: Tx, group_id: Id) -> SheetToFill:
    """What each member will owe at the next meeting if nothing is paid before it; refuses ``lending.unknown_group``."""
    seen = service.loan_group(tx, group_id)
    return _to_fill(tx, seen, seen.meets_on)


def _to_fill(tx: Tx, seen: GroupView, on: date) -> SheetToFill:
    """The sheet of a day, today or to come."""
    belong = {each.party_id: each for each in seen.members if each.state == "in"}
    loans = _active(tx, list(belong), on)
    shown = tuple(
        SheetRow(
            each.party_id, each.loan_id, each.product, each.due, each.settlement, each.days_late,
            belong[each.party_id].name,
        )
        for each in sorted(loans, key=lambda loan: list(belong).index(loan.party_id))
    )  # fmt: skip
    due = total([each.due for each in shown], tx.home)
    return SheetToFill(seen.group, seen.group.sheets + 1, on, due, shown, tuple(belong.values()))


def _active(tx: Tx, party_ids: Sequence[str], on: date | None = None) -> list[Standing]:
    """The loans of some people that are paid out and not repaid, in the currency of the drawer."""
    found = open_loans(tx, party_ids, on) if party_ids else []
    return [each for each in found if each.state == "active" and each.principal.currency == tx.home]


@operation(
    "lending.collect_sheet", title=Words("Collect from a group", "小组收款"),
    permission="lending:collect", whose=STAFF, confirm=rules.sheet_seen,
)  # fmt: skip
def collect_sheet(tx: Tx, command: CollectSheet) -> Sheet:
    """Take the cash of a group's members into the actor's open drawer and repay their loans with it, all of it or nothing.

    A member may pay for another: the sheet says who paid for whom. Sending the same sheet twice collects once.

    Refuses ``lending.unknown_group``, ``lending.sheet_taken``, ``lending.sheet_empty``, ``money.*``,
    ``lending.sheet_differs``, ``lending.not_a_member``, ``lending.sheet_beyond_due``, ``payments.no_drawer``,
    ``payments.drawer_differs``, ``payments.drawer_currency``, and as ``payments.transfer`` and ``lending.repay`` do.
    """
    group = service.held(tx, command.group_id)
    if command.number == group.sheets and group.sheets:
        (last,) = store.sheets(tx, group.id, group.sheets, 1)
        if rules.same(command, last) and last.taken_by == _takes(tx):
            return last
    members = {each.party_id for each in store.members(tx, [group.id]) if each.state == "in"}
    loans = {each.loan_id: each for each in _active(tx, sorted(members))}
    names = {each.id: shown_name(each) for each in parties.parties(tx, sorted(members)).values()} if members else {}
    rules.check_sheet(command, group.sheets + 1, members, loans, names)
    collected = Sheet(
        group.id, command.number, tx.business_date, command.total, _takes(tx), _taken(tx, command, loans)
    )  # fmt: skip
    store.insert_sheet(tx, collected)
    return collected


def _takes(tx: Tx) -> str:
    """Whose drawer the cash goes into."""
    return tx.actor.asked_by or tx.actor.id


def _taken(tx: Tx, command: CollectSheet, loans: dict[str, Standing]) -> tuple[SheetLine, ...]:
    """Move the cash and repay; answers the lines as they are kept."""
    brought = rules.brought(command.lines)
    numbers = dict(zip([payer for payer, _ in brought], cash.take_in(tx, brought), strict=True))
    lines = []
    for line in command.lines:
        borrower = loans[line.loan_id].party_id
        repay = Repay(line.loan_id, line.amount)
        if line.payer != borrower:
            payments.arranged(tx, Transfer(line.payer, borrower, line.amount, memo=MEMO))
            paid = repay_from(tx, repay, line.payer)
        else:
            paid = lending.repay(tx, repay)
        lines.append(SheetLine(line.payer, borrower, line.loan_id, line.amount, numbers[line.payer], paid.id))
    return tuple(lines)


@question("lending.group_sheets", permission="lending:read_groups", whose=STAFF)
def group_sheets(tx: Tx, group_id: Id, before: Count = 0, limit: PageSize = 20) -> list[Sheet]:
    """What was collected from a group, the newest sheet first; ``before``: those of a lower number alone."""
    found = service.loan_group(tx, group_id).group
    return store.sheets(tx, found.id, before - 1 if before else found.sheets, limit)
