"""Read and write ``order_file``, ``order_line`` and ``order_taken``: whole files in a statement. Never decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.ids import derived, prefixed
from farthing.kit.money import Money
from farthing.payments.orders.model import OrderFile, OrderLine

_FILE: LiteralString = (
    "SELECT id, party_id, message_id, digest, made_at, brought_at, lines, state, agreed_at FROM order_file "
)
_LINE: LiteralString = (
    "SELECT file_id, number, party_id, batch, instruction_id, end_to_end_id, uetr, execute_on, said, currency, amount_minor, "
    "account, name, memo, taken_as, digest, way, payee, state, code, reason_code, payment_id FROM order_line "
)
INSERT_FILE: LiteralString = """
    INSERT INTO order_file (id, party_id, message_id, digest, made_at, brought_at, lines, state)
    VALUES (%(id)s, %(party_id)s, %(message_id)s, %(digest)s, %(made_at)s, %(brought_at)s, %(lines)s, 'brought')
"""
INSERT_LINES: LiteralString = """
    INSERT INTO order_line (file_id, number, party_id, batch, instruction_id, end_to_end_id, uetr, execute_on, said, currency,
                            amount_minor, account, name, memo, taken_as, digest, way, payee, state, code, reason_code)
    SELECT %(file_id)s, number, %(party_id)s, batch, instruction_id, end_to_end_id, uetr, execute_on, said::numeric, currency,
           CASE WHEN currency = '' THEN NULL ELSE amount_minor END, account, name, memo, taken_as, digest, way, payee, state,
           code, reason_code
    FROM unnest(%(numbers)s::integer[], %(batches)s::text[], %(instructions)s::text[], %(end_to_ends)s::text[],
                %(uetrs)s::text[], %(ons)s::date[], %(saids)s::text[], %(currencies)s::text[], %(amounts)s::bigint[],
                %(accounts)s::text[], %(names)s::text[], %(memos)s::text[], %(taken)s::text[], %(digests)s::text[],
                %(ways)s::text[], %(payees)s::text[], %(states)s::text[], %(codes)s::text[], %(reasons)s::text[])
         AS new (number, batch, instruction_id, end_to_end_id, uetr, execute_on, said, currency, amount_minor, account, name,
                 memo, taken_as, digest, way, payee, state, code, reason_code)
"""
FILE: LiteralString = _FILE + "WHERE id = %(id)s"
FILES: LiteralString = (
    _FILE
    + """WHERE party_id = %(party_id)s AND (%(before)s::text = '' OR (brought_at, id) <
        (SELECT brought_at, id FROM order_file WHERE id = %(before)s::text))
    ORDER BY brought_at DESC, id DESC LIMIT %(limit)s"""
)
LINES: LiteralString = _LINE + "WHERE file_id = ANY(%(files)s::text[]) ORDER BY file_id, number"
PLACES: LiteralString = (
    _LINE
    + """WHERE (file_id, number) IN (SELECT file_id, number FROM unnest(%(files)s::text[], %(numbers)s::integer[])
        AS wanted (file_id, number))"""
)
DUE: LiteralString = (
    _LINE
    + """WHERE state = 'waits' AND execute_on <= %(on)s
        AND (execute_on, file_id, number) > (%(after_on)s, %(after_file)s::text, %(after_number)s::integer)
    ORDER BY execute_on, file_id, number LIMIT %(limit)s"""
)
MOVE_FILE: LiteralString = """
    UPDATE order_file SET state = %(state)s, agreed_at = coalesce(%(agreed_at)s, agreed_at)
    WHERE id = %(id)s AND state = ANY(%(was)s::text[])
"""
MOVE_LINES: LiteralString = """
    UPDATE order_line AS l SET state = n.state, code = n.code, reason_code = n.reason_code, payment_id = n.payment_id,
        account = n.account, name = n.name
    FROM unnest(%(files)s::text[], %(numbers)s::integer[], %(was)s::text[], %(states)s::text[], %(codes)s::text[],
                %(reasons)s::text[], %(payments)s::text[], %(accounts)s::text[], %(names)s::text[])
         AS n (file_id, number, was, state, code, reason_code, payment_id, account, name)
    WHERE l.file_id = n.file_id AND l.number = n.number AND l.state = n.was
"""
TAKEN: LiteralString = "SELECT id, file_id, number, digest FROM order_taken WHERE id = ANY(%(ids)s::text[])"
TAKE: LiteralString = """
    INSERT INTO order_taken (id, party_id, file_id, number, digest)
    SELECT id, party_id, file_id, number, digest
    FROM unnest(%(ids)s::text[], %(parties)s::text[], %(files)s::text[], %(numbers)s::integer[], %(digests)s::text[])
         AS new (id, party_id, file_id, number, digest)
    ON CONFLICT (id) DO NOTHING
"""
PAGE: LiteralString = _FILE + "WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
STRAYS: LiteralString = """
    SELECT DISTINCT file_id FROM order_line AS l
    WHERE NOT EXISTS (SELECT 1 FROM order_file AS f WHERE f.id = l.file_id) ORDER BY file_id LIMIT 100
"""
TAKEN_IN_ALL: LiteralString = "SELECT count(*) AS many FROM order_taken"
TAKEN_OF: LiteralString = "SELECT id, file_id, number, digest FROM order_taken WHERE file_id = ANY(%(files)s::text[])"


def taken_id(party_id: str, taken_as: str) -> str:
    """The id under which it is kept that an order of a customer was taken."""
    return prefixed("order", derived(f"order {party_id} {taken_as}"))


def insert(tx: Tx, found: OrderFile, lines: Sequence[OrderLine]) -> None:
    """Keep a file with its orders."""
    tx.execute(
        INSERT_FILE,
        {
            "id": found.id, "party_id": found.party_id, "message_id": found.message_id, "digest": found.digest,
            "made_at": found.made_at, "brought_at": found.brought_at, "lines": found.lines,
        },
    )  # fmt: skip
    values = {
        "file_id": found.id, "party_id": found.party_id, "numbers": rows.int4s([each.number for each in lines]),
        "batches": rows.texts([each.batch for each in lines]),
        "instructions": rows.texts([each.instruction_id for each in lines]),
        "end_to_ends": rows.texts([each.end_to_end_id for each in lines]), "uetrs": rows.texts([each.uetr for each in lines]),
        "ons": rows.dates([each.on for each in lines]), "saids": rows.texts([format(each.said, "f") for each in lines]),
        "currencies": rows.texts([each.amount.currency if each.amount else "" for each in lines]),
        "amounts": rows.int8s([each.amount.minor if each.amount else 0 for each in lines]),
        "accounts": rows.texts([each.account for each in lines]), "names": rows.texts([each.name for each in lines]),
        "memos": rows.texts([each.memo for each in lines]), "taken": rows.texts([each.taken_as for each in lines]),
        "digests": rows.texts([each.digest for each in lines]), "ways": rows.texts([each.way for each in lines]),
        "payees": rows.texts([each.payee for each in lines]), "states": rows.texts([each.state for each in lines]),
        "codes": rows.texts([each.code for each in lines]), "reasons": rows.texts([each.reason_code for each in lines]),
    }  # fmt: skip
    tx.execute(INSERT_LINES, values)


def find(tx: Tx, file_id: str) -> OrderFile | None:
    """A file, where there is one."""
    row = tx.maybe(FILE, {"id": file_id})
    return _file(row) if row else None


def files(tx: Tx, party_id: str, before: str, limit: int) -> list[OrderFile]:
    """A customer's files, the latest first."""
    return [_file(row) for row in tx.rows(FILES, {"party_id": party_id, "before": before, "limit": limit})]


def lines(tx: Tx, file_ids: Sequence[str]) -> list[OrderLine]:
    """The orders of files, in order."""
    return [_line(row) for row in tx.rows(LINES, {"files": rows.texts(file_ids)})]


def at_places(tx: Tx, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], OrderLine]:
    """Orders by file and place."""
    wanted = {"files": rows.texts([each for each, _ in places]), "numbers": rows.int4s([each for _, each in places])}
    found = [_line(row) for row in tx.rows(PLACES, wanted)] if places else []
    return {(each.file_id, each.number): each for each in found}


def due(tx: Tx, on: date, after: tuple[date, str, int], limit: int) -> list[OrderLine]:
    """Orders that wait and whose day has come, in the order of their days, after one of them."""
    asked = {"on": on, "after_on": after[0], "after_file": after[1], "after_number": after[2], "limit": limit}
    return [_line(row) for row in tx.rows(DUE, asked)]


def move_file(tx: Tx, found: OrderFile, was: Sequence[str]) -> bool:
    """Keep how a file stands; false where it stood otherwise."""
    asked = {"id": found.id, "state": found.state, "agreed_at": found.agreed_at, "was": rows.texts(was)}
    return tx.execute(MOVE_FILE, asked) == 1


def move_lines(tx: Tx, moved: Sequence[tuple[OrderLine, OrderLine]]) -> int:
    """Keep how orders stand, each as it was and as it is; answers how many still stood as they were."""
    if not moved:
        return 0
    now = [each for _, each in moved]
    values = {
        "files": rows.texts([each.file_id for each in now]), "numbers": rows.int4s([each.number for each in now]),
        "was": rows.texts([each.state for each, _ in moved]), "states": rows.texts([each.state for each in now]),
        "codes": rows.texts([each.code for each in now]), "reasons": rows.texts([each.reason_code for each in now]),
        "payments": rows.texts([each.payment_id for each in now]), "accounts": rows.texts([each.account for each in now]),
        "names": rows.texts([each.name for each in now]),
    }  # fmt: skip
    return tx.execute(MOVE_LINES, values)


def taken(tx: Tx, party_id: str, names: Sequence[str]) -> dict[str, tuple[str, int, str]]:
    """Which orders of a customer were taken before: by name, the file, the place in it, and the content."""
    ids = {taken_id(party_id, each): each for each in names if each}
    found = tx.rows(TAKEN, {"ids": rows.texts(list(ids))}) if ids else []
    return {ids[row["id"]]: (row["file_id"], row["number"], row["digest"]) for row in found}


def take(tx: Tx, some: Sequence[OrderLine]) -> int:
    """Keep that orders are taken; answers how many of them were not before."""
    if not some:
        return 0
    values = {
        "ids": rows.texts([taken_id(each.party_id, each.taken_as) for each in some]),
        "parties": rows.texts([each.party_id for each in some]), "files": rows.texts([each.file_id for each in some]),
        "numbers": rows.int4s([each.number for each in some]), "digests": rows.texts([each.digest for each in some]),
    }  # fmt: skip
    return tx.execute(TAKE, values)


def taken_of(tx: Tx, file_ids: Sequence[str]) -> Mapping[tuple[str, int], tuple[str, str]]:
    """What was first taken by files: by file and place, the id and the content."""
    found = tx.rows(TAKEN_OF, {"files": rows.texts(file_ids)})
    return {(row["file_id"], row["number"]): (row["id"], row["digest"]) for row in found}


def page(tx: Tx, after: str, limit: int) -> list[OrderFile]:
    """All files, by id."""
    return [_file(row) for row in tx.rows(PAGE, {"after": after, "limit": limit})]


def strays(tx: Tx) -> list[str]:
    """Files that are not there and of which orders are."""
    return [row["file_id"] for row in tx.rows(STRAYS)]


def taken_in_all(tx: Tx) -> int:
    """How many orders were ever taken."""
    return int(tx.one(TAKEN_IN_ALL)["many"])


def _file(row: Row) -> OrderFile:
    return OrderFile(
        row["id"], row["party_id"], row["message_id"], row["digest"], row["made_at"], row["brought_at"], row["lines"],
        row["state"], row["agreed_at"],
    )  # fmt: skip


def _line(row: Row) -> OrderLine:
    amount = None if row["amount_minor"] is None else Money(row["amount_minor"], row["currency"])
    return OrderLine(
        row["file_id"], row["number"], row["party_id"], row["batch"], row["instruction_id"], row["end_to_end_id"], row["uetr"],
        row["execute_on"], row["said"], amount, row["account"], row["name"], row["memo"], row["taken_as"], row["digest"],
        row["way"], row["payee"], row["state"], row["code"], row["reason_code"], row["payment_id"],
    )  # fmt: skip
