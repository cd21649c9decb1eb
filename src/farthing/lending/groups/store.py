"""Read and write ``loan_group``, ``loan_group_member``, ``loan_sheet`` and ``loan_sheet_line``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.server import Collision
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.lending.groups.model import Group, Member, Sheet, SheetLine

INSERT_GROUP: LiteralString = """
    INSERT INTO loan_group (id, name, officer, from_on, every_weeks, place, sheets, made_on)
    VALUES (%(id)s, %(name)s, %(officer)s, %(from_on)s, %(every_weeks)s, %(place)s, 0, %(on)s)
"""
MOVE_MEETING: LiteralString = """
    UPDATE loan_group SET officer = %(officer)s, from_on = %(from_on)s, every_weeks = %(every_weeks)s, place = %(place)s
    WHERE id = %(id)s
"""
FIND_GROUP: LiteralString = "SELECT * FROM loan_group WHERE id = %(id)s"
LOCK_GROUP: LiteralString = "UPDATE loan_group SET sheets = sheets WHERE id = %(id)s RETURNING *"
LIST_GROUPS: LiteralString = "SELECT * FROM loan_group WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
ASK: LiteralString = """
    INSERT INTO loan_group_member (party_id, group_id, state, asked_on)
    VALUES (%(party_id)s, %(group_id)s, 'asked', %(on)s)
    ON CONFLICT (party_id, group_id) DO UPDATE SET state = 'asked', asked_on = excluded.asked_on, joined_on = NULL,
        left_on = NULL
    WHERE loan_group_member.state = 'left'
"""
JOIN: LiteralString = """
    UPDATE loan_group_member SET state = 'in', joined_on = %(on)s
    WHERE party_id = %(party_id)s AND group_id = %(group_id)s AND state = 'asked'
"""
LEAVE: LiteralString = """
    UPDATE loan_group_member SET state = 'left', left_on = %(on)s
    WHERE party_id = %(party_id)s AND group_id = %(group_id)s AND state = 'in'
"""
MEMBERS: LiteralString = """
    SELECT * FROM loan_group_member WHERE group_id = ANY(%(group_ids)s) ORDER BY asked_on, party_id
"""
OF_PARTY: LiteralString = """
    SELECT * FROM loan_group_member WHERE party_id = %(party_id)s AND state <> 'left' ORDER BY asked_on, group_id
"""
COUNT_SHEET: LiteralString = "UPDATE loan_group SET sheets = %(number)s WHERE id = %(id)s AND sheets = %(number)s - 1"
INSERT_SHEET: LiteralString = """
    INSERT INTO loan_sheet (group_id, number, held_on, currency, total_minor, taken_by, recorded_at)
    VALUES (%(group_id)s, %(number)s, %(on)s, %(currency)s, %(total_minor)s, %(by)s, %(at)s)
"""
INSERT_LINES: LiteralString = """
    INSERT INTO loan_sheet_line (group_id, sheet, position, payer_id, borrower_id, loan_id, amount_minor, cash_id,
                                 repayment_id)
    SELECT %(group_id)s::text, %(sheet)s::integer, new.position, new.payer_id, new.borrower_id, new.loan_id,
           new.amount_minor, new.cash_id, new.repayment_id
    FROM unnest(%(position)s::integer[], %(payer_id)s::text[], %(borrower_id)s::text[], %(loan_id)s::text[],
                %(amount_minor)s::bigint[], %(cash_id)s::text[], %(repayment_id)s::text[])
         AS new (position, payer_id, borrower_id, loan_id, amount_minor, cash_id, repayment_id)
"""
SHEETS: LiteralString = """
    SELECT * FROM loan_sheet WHERE group_id = %(group_id)s AND number <= %(from_number)s
    ORDER BY number DESC LIMIT %(limit)s
"""
LINES: LiteralString = """
    SELECT * FROM loan_sheet_line WHERE group_id = %(group_id)s AND sheet = ANY(%(numbers)s) ORDER BY sheet, position
"""


def insert_group(tx: Tx, made: Group) -> None:
    """Keep a group."""
    tx.execute(INSERT_GROUP, {**_meeting(made), "name": made.name, "on": made.made_on})


def move_meeting(tx: Tx, group: Group) -> None:
    """Keep when and where a group meets, and whom."""
    tx.execute(MOVE_MEETING, _meeting(group))


def _meeting(group: Group) -> dict[str, object]:
    return {
        "id": group.id, "officer": group.officer, "from_on": group.from_on, "every_weeks": group.every_weeks,
        "place": group.place,
    }  # fmt: skip


def group(tx: Tx, group_id: str, *, lock: bool = False) -> Group | None:
    """One group, or none; ``lock`` makes other changes of it wait for this transaction."""
    row = tx.maybe(LOCK_GROUP if lock else FIND_GROUP, {"id": group_id})
    return _group(row) if row else None


def groups(tx: Tx, after: str, limit: int) -> list[Group]:
    """Groups in the order of their ids, a page at a time."""
    return [_group(row) for row in tx.rows(LIST_GROUPS, {"after": after, "limit": limit})]


def ask(tx: Tx, group_id: str, party_id: str, on: date) -> None:
    """Keep that somebody is asked; who was asked or belongs stays as it is."""
    tx.execute(ASK, {"group_id": group_id, "party_id": party_id, "on": on})


def join(tx: Tx, group_id: str, party_id: str, on: date) -> None:
    """Keep that somebody belongs; a ``Collision`` where that changed meanwhile."""
    if tx.execute(JOIN, {"group_id": group_id, "party_id": party_id, "on": on}) != 1:
        raise Collision(f"{party_id} changed in {group_id} meanwhile")


def leave(tx: Tx, group_id: str, party_id: str, on: date) -> None:
    """Keep that somebody left; a ``Collision`` where that changed meanwhile."""
    if tx.execute(LEAVE, {"group_id": group_id, "party_id": party_id, "on": on}) != 1:
        raise Collision(f"{party_id} changed in {group_id} meanwhile")


def members(tx: Tx, group_ids: Sequence[str]) -> list[Member]:
    """Everybody who was asked, belongs or left, of some groups."""
    return [_member(row) for row in tx.rows(MEMBERS, {"group_ids": list(group_ids)})]


def of_party(tx: Tx, party_id: str) -> list[Member]:
    """To which groups somebody was asked or belongs."""
    return [_member(row) for row in tx.rows(OF_PARTY, {"party_id": party_id})]


def insert_sheet(tx: Tx, sheet: Sheet) -> None:
    """Keep a sheet as the group's next; a ``Collision`` where another was collected meanwhile."""
    if tx.execute(COUNT_SHEET, {"id": sheet.group_id, "number": sheet.number}) != 1:
        raise Collision(f"another sheet of {sheet.group_id} was collected meanwhile")
    head = {
        "group_id": sheet.group_id, "number": sheet.number, "on": sheet.held_on, "currency": sheet.total.currency,
        "total_minor": sheet.total.minor, "by": sheet.taken_by, "at": tx.now,
    }  # fmt: skip
    tx.execute(INSERT_SHEET, head)
    lines = {
        "group_id": sheet.group_id, "sheet": sheet.number, "position": list(range(1, len(sheet.lines) + 1)),
        "payer_id": rows.texts([each.payer_id for each in sheet.lines]),
        "borrower_id": rows.texts([each.borrower_id for each in sheet.lines]),
        "loan_id": rows.texts([each.loan_id for each in sheet.lines]),
        "amount_minor": rows.int8s([each.amount.minor for each in sheet.lines]),
        "cash_id": rows.texts([each.cash_id for each in sheet.lines]),
        "repayment_id": rows.texts([each.repayment_id for each in sheet.lines]),
    }  # fmt: skip
    tx.execute(INSERT_LINES, lines)


def sheets(tx: Tx, group_id: str, from_number: int, limit: int) -> list[Sheet]:
    """Sheets of a group with their lines, the newest first, from a number on."""
    found = tx.rows(SHEETS, {"group_id": group_id, "from_number": from_number, "limit": limit})
    lines: dict[int, list[Row]] = {row["number"]: [] for row in found}
    if found:
        for line in tx.rows(LINES, {"group_id": group_id, "numbers": list(lines)}):
            lines[line["sheet"]].append(line)
    return [_sheet(row, lines[row["number"]]) for row in found]


def _sheet(row: Row, lines: Sequence[Row]) -> Sheet:
    currency = row["currency"]
    told = tuple(
        SheetLine(
            each["payer_id"], each["borrower_id"], each["loan_id"], Money(each["amount_minor"], currency),
            each["cash_id"], each["repayment_id"],
        )
        for each in lines
    )  # fmt: skip
    return Sheet(
        row["group_id"], row["number"], row["held_on"], Money(row["total_minor"], currency), row["taken_by"], told
    )


def _group(row: Row) -> Group:
    return Group(
        row["id"], row["name"], row["officer"], row["from_on"], row["every_weeks"], row["place"], row["sheets"],
        row["made_on"],
    )  # fmt: skip


def _member(row: Row) -> Member:
    return Member(row["party_id"], row["group_id"], row["state"], row["asked_on"], row["joined_on"], row["left_on"])
