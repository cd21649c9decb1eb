"""Run bills that are split: one request for each other person, parts that come to the whole, and who has paid."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.money import total
from farthing.kit.words import Words
from farthing.payments.payees import service as payees
from farthing.payments.payees.rules import shown_name
from farthing.payments.requests import rules, store
from farthing.payments.requests import service as requests
from farthing.payments.requests.model import Bill, BillView, Request, SplitBill
from farthing.payments.requests.rules import Wanted


@operation(
    "requests.split", title=Words("Split a bill", "分摊账单"), permission="payments:transfer", whose=of("maker"),
    confirm=rules.split_seen,
)  # fmt: skip
def split(tx: Tx, command: SplitBill) -> BillView:
    """Divide a bill over people who were looked up, and ask each for the part; all of them, or none.

    Refuses ``requests.nobody``, ``requests.twice``, ``requests.too_many_people``, ``requests.mixed``, ``requests.sum``,
    ``requests.too_small``, and as ``requests.ask`` does.
    """
    rules.check_split(requests.law(tx), command)
    own, parts = rules.parts_of(command)
    known = [payees.looked_up(tx, command.maker, each.whom) for each in command.people]
    if len({each.id for each in known}) < len(known):  # two phones may be one person's
        raise rules.TWICE()
    bill = Bill(tx.new_id("split"), command.maker, command.total, own, command.reason, tx.now)
    wanted = [Wanted(who.id, shown_name(who), part) for who, part in zip(known, parts, strict=True)]
    made = requests.ask_all(tx, command.maker, wanted, command.reason, command.days, split_id=bill.id)
    store.insert_bill(tx, bill)
    return _view(tx, bill, made)


def _view(tx: Tx, bill: Bill, made: Sequence[Request]) -> BillView:
    people, currency = requests.views(tx, made, bill.maker), bill.total.currency
    paid = total([each.amount for each in people if each.state == "paid"], currency)
    waits = total([each.amount for each in people if each.state in ("open", "held")], currency)
    lost = bill.total - bill.own - paid - waits
    return BillView(
        bill.id, bill.total, bill.own, paid + bill.own, waits, lost, bill.reason, bill.split_at, tuple(people)
    )


@question("requests.bill", permission="payments:read", whose=of("party_id"))
def bill(tx: Tx, party_id: Id, split_id: Id) -> BillView:
    """A bill that one split, and who has paid; refuses ``requests.unknown``."""
    found = store.bills(tx, [split_id]).get(split_id)
    if found is None or found.maker != party_id:
        raise rules.UNKNOWN()
    return _view(tx, found, store.of_bills(tx, [found.id]).get(found.id, []))


@question("requests.bills", permission="payments:read", whose=of("party_id"))
def bills(tx: Tx, party_id: Id, before: Cursor = "", limit: PageSize = 20) -> list[BillView]:
    """Bills that one split, the latest first; continue with ``before`` the last id."""
    found = store.bills_of(tx, party_id, before, limit)
    made = store.of_bills(tx, [each.id for each in found])
    return [_view(tx, each, made.get(each.id, [])) for each in found]
