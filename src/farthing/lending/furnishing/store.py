"""Read loans at a month's end, set-based; write and read what was told of them, and who was warned. Never decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, LiteralString

from farthing.db import rows as columns
from farthing.db.tx import Row, Tx
from farthing.kit.canonical import canonical
from farthing.kit.money import Money
from farthing.lending.furnishing.model import AtEnd, Told, Warned
from farthing.products.prudence import CLASSES

STANDING: LiteralString = """
    SELECT m.loan_id, m.party_id, m.currency, loan.principal_minor, m.disbursed_on, m.outstanding_minor,
        (SELECT coalesce(sum(due.amount_minor - due.waived_minor), 0)::bigint FROM loan_obligation AS due
         WHERE due.loan_id = m.loan_id AND due.component <> 'penalty' AND due.due_on BETWEEN %(first)s AND %(on)s) AS due,
        (SELECT coalesce(sum(event.amount_minor), 0)::bigint FROM loan_event AS event
         WHERE event.loan_id = m.loan_id AND event.kind = 'repay' AND event.on_day BETWEEN %(first)s AND %(on)s) AS paid,
        m.days_past_due, m.class
    FROM loan_month AS m JOIN loan ON loan.id = m.loan_id
    WHERE m.month = %(on)s AND m.party_id > %(after)s AND (%(until)s::text = '' OR m.party_id <= %(until)s)
    ORDER BY m.loan_id
"""
ENDED: LiteralString = """
    SELECT loan.id, loan.party_id, loan.currency, loan.principal_minor, loan.disbursed_on,
        (SELECT coalesce(sum(due.written_off_minor), 0)::bigint FROM loan_obligation AS due
         WHERE due.loan_id = loan.id AND due.component = 'principal') AS given_up,
        (SELECT coalesce(sum(event.amount_minor), 0)::bigint FROM loan_event AS event
         WHERE event.loan_id = loan.id AND event.kind = 'repay' AND event.on_day BETWEEN %(first)s AND %(on)s) AS paid,
        loan.closed_on, loan.given_up_on
    FROM loan
    WHERE (loan.closed_on BETWEEN %(first)s AND %(on)s OR (loan.given_up_on <= %(on)s AND loan.closed_on IS NULL))
        AND loan.disbursed_on IS NOT NULL AND loan.party_id > %(after)s
        AND (%(until)s::text = '' OR loan.party_id <= %(until)s)
    ORDER BY loan.id
"""
PLACE: LiteralString = """
    SELECT party_id FROM loan_month WHERE month = %(on)s AND party_id > %(after)s ORDER BY party_id OFFSET %(count)s LIMIT 1
"""
TOLD: LiteralString = """
    SELECT DISTINCT ON (loan_id) loan_id, said ->> 'status' AS status, (said ->> 'first_delinquency_on')::date AS first_on
    FROM furnishing_row
    WHERE loan_id = ANY(%(loans)s::text[]) AND refused IS NOT TRUE AND said ->> 'status' <> 'untold'
    ORDER BY loan_id, period DESC, cycle_id DESC
"""
EVER_TOLD: LiteralString = "SELECT DISTINCT loan_id FROM furnishing_row WHERE loan_id = ANY(%(loans)s::text[])"
WARNINGS: LiteralString = """
    SELECT loan_id, since, told_on, notice FROM furnishing_warning
    WHERE loan_id = ANY(%(loans)s::text[]) ORDER BY loan_id, told_on
"""
MISSED: LiteralString = """
    SELECT due.loan_id, loan.party_id, loan.currency, sum(due.left_minor)::bigint AS left_minor
    FROM loan_obligation AS due JOIN loan ON loan.id = due.loan_id
    WHERE due.due_on = %(on)s AND due.open AND due.component <> 'penalty' AND loan.state = 'active' AND due.loan_id > %(after)s
        AND NOT EXISTS (
            SELECT FROM loan_obligation AS earlier
            WHERE earlier.loan_id = due.loan_id AND earlier.open AND earlier.component <> 'penalty' AND earlier.due_on < %(on)s)
    GROUP BY due.loan_id, loan.party_id, loan.currency ORDER BY due.loan_id LIMIT %(limit)s
"""
WARN: LiteralString = """
    INSERT INTO furnishing_warning (loan_id, since, told_on, notice)
    SELECT n.loan_id, %(since)s, %(on)s, n.notice FROM unnest(%(loans)s::text[], %(notices)s::text[]) AS n (loan_id, notice)
    ON CONFLICT (loan_id, since) DO NOTHING
"""
ADD_ROWS: LiteralString = """
    INSERT INTO furnishing_row (loan_id, cycle_id, period, party_id, said)
    SELECT n.loan_id, %(cycle)s, %(period)s, n.party_id, n.said::jsonb
    FROM unnest(%(loans)s::text[], %(parties)s::text[], %(said)s::text[]) AS n (loan_id, party_id, said)
"""
AGAIN: LiteralString = """
    INSERT INTO furnishing_row (loan_id, cycle_id, period, party_id, said)
    SELECT old.loan_id, %(cycle)s, old.period, old.party_id, old.said FROM furnishing_row AS old
    WHERE old.cycle_id = %(old)s AND (old.refused OR %(whole)s)
    ON CONFLICT (loan_id, cycle_id, period) DO NOTHING
"""
COUNT: LiteralString = "SELECT count(*)::integer AS there FROM furnishing_row WHERE cycle_id = %(cycle)s"
ADD_CYCLE: LiteralString = """
    INSERT INTO furnishing_cycle (id, period, after, state, made_on, rows)
    VALUES (%(id)s, %(period)s, %(after)s, 'sent', %(on)s, %(rows)s)
"""
CYCLE: LiteralString = "SELECT id, period, after, state, made_on, rows, result FROM furnishing_cycle WHERE id = %(id)s"
CYCLES: LiteralString = """
    SELECT id, period, after, state, made_on, rows, result FROM furnishing_cycle ORDER BY period DESC, id DESC LIMIT %(limit)s
"""
LAST: LiteralString = """
    SELECT id, period FROM furnishing_cycle WHERE period < %(period)s ORDER BY period DESC, id DESC LIMIT 1
"""
REFUSED: LiteralString = """
    SELECT cycle_id, count(*)::integer AS refused FROM furnishing_row
    WHERE cycle_id = ANY(%(cycles)s::text[]) AND refused GROUP BY cycle_id
"""
ROWS: LiteralString = """
    SELECT loan_id, period, party_id, said FROM furnishing_row
    WHERE cycle_id = %(cycle)s AND (loan_id, period) > (%(loan)s, %(period)s) ORDER BY loan_id, period LIMIT %(limit)s
"""
PLACES: LiteralString = """
    SELECT loan_id, period FROM furnishing_row WHERE cycle_id = %(cycle)s ORDER BY loan_id, period
"""
RETURNED: LiteralString = """
    SELECT loan_id, party_id, period, refused, codes FROM furnishing_row
    WHERE cycle_id = %(cycle)s AND codes IS NOT NULL ORDER BY refused DESC, loan_id, period LIMIT %(limit)s
"""
ANSWER: LiteralString = """
    UPDATE furnishing_cycle SET state = %(state)s, result = %(result)s::jsonb, answered_at = %(at)s WHERE id = %(id)s
"""
TAKEN: LiteralString = "UPDATE furnishing_row SET refused = %(refused)s WHERE cycle_id = %(cycle)s"
PROBLEMS: LiteralString = """
    UPDATE furnishing_row AS old SET refused = n.refused, codes = string_to_array(n.codes, ' ')
    FROM unnest(%(loans)s::text[], %(periods)s::date[], %(refused)s::boolean[], %(codes)s::text[])
         AS n (loan_id, period, refused, codes)
    WHERE old.loan_id = n.loan_id AND old.period = n.period AND old.cycle_id = %(cycle)s
"""


def at_end(tx: Tx, on: date, after: str, until: str) -> list[AtEnd]:
    """Loans of borrowers after one and up to another as they stood at a month's end: those that were being repaid, those that
    were paid off in the month, and those that were given up."""
    asked = {"on": on, "first": on.replace(day=1), "after": after, "until": until}
    found = []
    for row in tx.tuples(STANDING, asked, binary=True):
        loan, party, currency, original, opened, balance, due, paid, days, place = row
        found.append(AtEnd(loan, party, currency, original, opened, balance, due, paid, days, CLASSES[place]))
    for loan, party, currency, original, opened, given_up, paid, closed, lost in tx.tuples(ENDED, asked, binary=True):
        ended = closed if closed is not None and closed <= on else None
        balance = 0 if ended is not None else given_up
        found.append(AtEnd(loan, party, currency, original, opened, balance, 0, paid, 0, "", ended, lost is not None))
    return found


def place(tx: Tx, on: date, after: str, count: int) -> str:
    """After which borrower the next piece begins; empty where there is none."""
    row = tx.maybe(PLACE, {"on": on, "after": after, "count": count})
    return "" if row is None else str(row["party_id"])


def told(tx: Tx, loans: Sequence[str]) -> dict[str, Told]:
    """What was last told of loans."""
    given = {"loans": columns.texts(loans)}
    return {row["loan_id"]: Told(row["status"], row["first_on"]) for row in tx.rows(TOLD, given)}


def ever_told(tx: Tx, loans: Sequence[str]) -> frozenset[str]:
    """Of which of some loans anything was told."""
    return frozenset(row["loan_id"] for row in tx.rows(EVER_TOLD, {"loans": columns.texts(loans)}))


def warnings(tx: Tx, loans: Sequence[str]) -> dict[str, list[Warned]]:
    """Whose borrowers were warned, and when."""
    found: dict[str, list[Warned]] = {}
    for row in tx.rows(WARNINGS, {"loans": columns.texts(loans)}):
        found.setdefault(row["loan_id"], []).append(Warned(row["since"], row["told_on"], row["notice"]))
    return found


def missed(tx: Tx, on: date, after: str, limit: int) -> list[tuple[str, str, Money]]:
    """Loans whose oldest instalment that is not paid fell due on a day: loan, borrower, how much of it is left."""
    found = tx.rows(MISSED, {"on": on, "after": after, "limit": limit})
    return [(row["loan_id"], row["party_id"], Money(row["left_minor"], row["currency"])) for row in found]


def warn(tx: Tx, since: date, on: date, loans: Sequence[str], notices: Sequence[str]) -> None:
    """Keep that borrowers were warned."""
    tx.execute(WARN, {"since": since, "on": on, "loans": list(loans), "notices": list(notices)})


def add_rows(tx: Tx, cycle_id: str, period: date, said: Sequence[tuple[AtEnd, Mapping[str, Any]]]) -> None:
    """Keep what is told of loans for a month."""
    given = {
        "cycle": cycle_id, "period": period, "loans": columns.texts([loan.loan_id for loan, _ in said]),
        "parties": columns.texts([loan.party_id for loan, _ in said]),
        "said": columns.texts([canonical(each).decode() for _, each in said]),
    }  # fmt: skip
    tx.execute(ADD_ROWS, given)


def tell_again(tx: Tx, old: str, cycle_id: str, *, whole: bool) -> None:
    """Put rows of an earlier cycle into another: those that were refused, or all of them."""
    tx.execute(AGAIN, {"old": old, "cycle": cycle_id, "whole": whole})


def add_cycle(tx: Tx, cycle_id: str, period: date, after: date | None, on: date) -> int:
    """Keep a cycle that is to be sent; answers how many rows it has."""
    count = int(tx.one(COUNT, {"cycle": cycle_id})["there"])
    if count:
        tx.execute(ADD_CYCLE, {"id": cycle_id, "period": period, "after": after, "on": on, "rows": count})
    return count


def cycle(tx: Tx, cycle_id: str) -> Row | None:
    """A cycle."""
    return tx.maybe(CYCLE, {"id": cycle_id})


def cycles(tx: Tx, limit: int) -> list[Row]:
    """Cycles, newest first."""
    return tx.rows(CYCLES, {"limit": limit})


def last(tx: Tx, period: date) -> Row | None:
    """The cycle before a period."""
    return tx.maybe(LAST, {"period": period})


def refused(tx: Tx, cycle_ids: Iterable[str]) -> dict[str, int]:
    """How many rows of cycles were refused."""
    return {row["cycle_id"]: row["refused"] for row in tx.rows(REFUSED, {"cycles": list(cycle_ids)})}


def rows(tx: Tx, cycle_id: str, after: tuple[str, date], limit: int) -> list[Row]:
    """Rows of a cycle in the order in which they are sent, after one."""
    return tx.rows(ROWS, {"cycle": cycle_id, "loan": after[0], "period": after[1], "limit": limit})


def returned(tx: Tx, cycle_id: str, limit: int) -> list[Row]:
    """Rows of a cycle that were refused or warned of, refused ones first."""
    return tx.rows(RETURNED, {"cycle": cycle_id, "limit": limit})


def answer(tx: Tx, cycle_id: str, state: str, result: Any, problems: Sequence[tuple[int, bool, Sequence[str]]]) -> None:
    """Keep what became of a cycle and of its rows, which are numbered as they were sent, from 1."""
    tx.execute(ANSWER, {"id": cycle_id, "state": state, "result": canonical(result).decode(), "at": tx.now})
    tx.execute(TAKEN, {"cycle": cycle_id, "refused": state == "refused"})
    places = tx.tuples(PLACES, {"cycle": cycle_id})
    known = [(places[number - 1], bad, codes) for number, bad, codes in problems if 1 <= number <= len(places)]
    given = {
        "cycle": cycle_id, "loans": [loan for (loan, _), _, _ in known], "periods": [period for (_, period), _, _ in known],
        "refused": [bad for _, bad, _ in known], "codes": [" ".join(codes) for _, _, codes in known],
    }  # fmt: skip
    if known:
        tx.execute(PROBLEMS, given)
