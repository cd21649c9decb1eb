"""Own the form in which a read bill leaves the process that read it: JSON, so that nothing in it can be run. Pure."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from farthing.credit.bills.model import CURRENCY, Bill, BillHeader, RowNote, Stated, TotalsCheck, Transaction
from farthing.kit.errors import CODES, InvariantBroken, Refusal
from farthing.kit.money import Money


def written(bill: Bill) -> str:
    """A bill as JSON; rows as lists, for there are many."""
    header = bill.header
    return json.dumps(
        {
            "header": [
                header.provider, header.holder, header.account, _instant(header.period_start),
                _instant(header.period_end), _instant(header.exported_at), header.number, header.stated_rows,
                *(said and [said.count, said.amount.minor] for said in _stated(header)),
            ],
            "file_format": bill.file_format,
            "layout": bill.layout,
            "rows_read": bill.rows_read,
            "certificate": base64.b64encode(bill.certificate).decode(),
            "notes": [[note.row, note.verdict, note.reason, note.column] for note in bill.notes],
            "totals": [
                [check.of, check.stated_count, check.read_count, _minor(check.stated), _minor(check.read)]
                for check in bill.totals
            ],
            "rows": [
                [
                    item.provider, item.occurred_at.isoformat(), item.direction, item.amount.minor, item.kind,
                    item.counterparty, item.counterparty_account, item.description, item.method, item.card_tail,
                    item.status, item.outcome, item.order_id, item.merchant_order_id, item.note, item.fee.minor,
                    item.refunded.minor, item.refund_of, item.occurrence, item.row, item.raw, item.parser_version,
                ]
                for item in bill.transactions
            ],
        },
        ensure_ascii=False,
    )  # fmt: skip


def refused(refusal: Refusal) -> str:
    """A refusal as JSON: its code and its facts."""
    facts = {
        name: value if isinstance(value, int | str | dict) else str(value) for name, value in refusal.facts.items()
    }
    return json.dumps({"refused": refusal.code, "facts": facts}, ensure_ascii=False)


def read(text: str | bytes) -> Bill:
    """The bill that :func:`written` wrote; raises the refusal that :func:`refused` wrote."""
    values = json.loads(text)
    if "refused" in values:
        code = CODES.get(values["refused"])
        if code is None:
            raise InvariantBroken(f"the reader of bills refused with {values['refused']!r}, which is not declared")
        raise code(**values["facts"])
    provider, holder, account, *times, number, stated_rows, said_in, said_out, said_neutral = values["header"]
    start, end, exported = (datetime.fromisoformat(text) if text else None for text in times)
    came, went, neither = (
        said and Stated(said[0], Money(said[1], CURRENCY)) for said in (said_in, said_out, said_neutral)
    )
    return Bill(
        header=BillHeader(provider, holder, account, start, end, exported, stated_rows, came, went, neither, number),
        transactions=tuple(_row(row) for row in values["rows"]),
        file_format=values["file_format"],
        layout=values["layout"],
        rows_read=values["rows_read"],
        certificate=base64.b64decode(values["certificate"]),
        notes=tuple(RowNote(*note) for note in values["notes"]),
        totals=tuple(
            TotalsCheck(of, stated, found, _money(minor), _money(read_minor))
            for of, stated, found, minor, read_minor in values["totals"]
        ),
    )


def _row(values: list[Any]) -> Transaction:
    values[1] = datetime.fromisoformat(values[1])
    for at in (3, 15, 16):
        values[at] = Money(values[at], CURRENCY)
    values[20] = tuple(values[20])
    return Transaction(*values)


def _stated(header: BillHeader) -> Sequence[Stated | None]:
    return header.stated_in, header.stated_out, header.stated_neutral


def _instant(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def _minor(money: Money | None) -> int | None:
    return None if money is None else money.minor


def _money(minor: int | None) -> Money | None:
    return None if minor is None else Money(minor, CURRENCY)
