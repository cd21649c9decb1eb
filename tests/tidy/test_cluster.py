"""Every statement, and every function of the schema, keeps to the rules of a cluster: read from the text and the layout.

What a cluster of several nodes refuses cannot be seen on one machine, so it is read off the words. A table lies by a column
(:mod:`farthing.db.distribute`) or is a copy on every node; tables of one family lie side by side. The reading is coarse and
errs on the side of refusing: who needs more asks twice and lays the answers beside each other in Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from farthing.db.distribute import BESIDE, DISTRIBUTED_BY, REFERENCE
from tests.tidy.test_sql import every_statement
from tests.tidy.tree import SOURCE, nothing

PLACED = DISTRIBUTED_BY.keys() | set(REFERENCE)
LITERAL = re.compile(r"'(?:[^']|'')*'")
NOTE = re.compile(r"--[^\n]*")
OUTER = re.compile(r"\b(LEFT|RIGHT|FULL)\s+(OUTER\s+)?JOIN\b", re.IGNORECASE)
SETS = re.compile(r"\b(UNION|EXCEPT|INTERSECT)\b", re.IGNORECASE)
EQUAL = re.compile(
    r"(?:\b(\w+)\.)?\b(\w+)\s*=\s*(?:any\s*\(\s*)?(?:(?:(\w+)\.)?([a-z_]\w*)\b(?!\s*[(.])|(%\(\w+\)s))", re.IGNORECASE
)
NO_ALIAS = (
    "ON|WHERE|SET|JOIN|LEFT|RIGHT|FULL|INNER|CROSS|ORDER|GROUP|LIMIT|WINDOW|OFFSET|UNION|EXCEPT|INTERSECT|USING|HAVING"
    "|RETURNING|VALUES|SELECT|FOR|FROM"
)
BEFORE = (
    r"(?:\b(?:FROM|JOIN|UPDATE|USING)|\bINSERT\s+INTO|\bFROM\s+\w+(?:\s+(?:AS\s+)?\w+)?\s*,)\s+(?:LATERAL\s+|ONLY\s+)?"
)
TABLE = BEFORE + r"{}\b(?!\s*\()(?:\s+(?:AS\s+)?(?!(?:" + NO_ALIAS + r")\b)(\w+))?"
LIMITED = re.compile(r"\b(?:LIMIT|OFFSET)\s*\(\s*SELECT\b", re.IGNORECASE)
INSERT = re.compile(r"\bINSERT\s+INTO\s+(\w+)(?:\s+AS\s+\w+)?\s*(\([^)]*\))?", re.IGNORECASE)
UPDATE = re.compile(
    r"\bUPDATE\s+(\w+)(?:\s+AS\s+\w+)?\s+SET\s+(.*?)(?=\bFROM\b|\bWHERE\b|\bRETURNING\b|;|$)", re.IGNORECASE | re.DOTALL
)
UPSERT = re.compile(r"\bDO\s+UPDATE\s+SET\s+(.*?)(?=\bRETURNING\b|;|$)", re.IGNORECASE | re.DOTALL)
CALL = re.compile(r"\b([a-z_]\w*)\s*\(", re.IGNORECASE)
ROLE = re.compile(r"\b(SET|RESET)\s+(LOCAL\s+|SESSION\s+)?(ROLE|SESSION\s+AUTHORIZATION)\b", re.IGNORECASE)


@dataclass
class Known:
    """What the schema says of functions: which of ours read a table, and which of all are not immutable."""

    reading: set[str] = field(default_factory=set)
    unsteady: set[str] = field(default_factory=set)


def family(table: str) -> str:
    """Tables of one family lie side by side."""
    return BESIDE.get(table, table)


def tables_in(text: str) -> dict[str, set[str]]:
    """The placed tables of a statement with the names they go by in it."""
    found: dict[str, set[str]] = {}
    for table in PLACED:
        for match in re.finditer(TABLE.format(table), text, re.IGNORECASE):
            found.setdefault(table, set()).add((match[1] or table).lower())
    return found


def only_filled(text: str) -> set[str]:
    """The tables that a statement inserts into and does not read."""
    read = tables_in(re.sub(r"\bINSERT\s+INTO\s+\w+", " ", text, flags=re.IGNORECASE))
    return {table for table in tables_in(text) if table not in read}


def blocks(text: str) -> list[str]:
    """A statement and its scalar subqueries, which a cluster asks first and each by itself, apart."""
    apart: list[str] = []
    while True:
        match = re.search(r"(?<![\w.])\(\s*SELECT\b", text, re.IGNORECASE)
        if match is None:
            return [text.replace("\0", "("), *apart]
        end, depth = match.start(), 0
        for place in range(match.start(), len(text)):
            depth += {"(": 1, "\0": 1, ")": -1}.get(text[place], 0)
            if depth == 0:
                end = place
                break
        inner, before = text[match.start() + 1 : end], text[: match.start()]
        joined = re.search(r"\b(FROM|JOIN|LATERAL|EXISTS|IN|AS|MATERIALIZED|ANY|ALL)\s*$|,\s*$", before, re.IGNORECASE)
        scalar = joined is None or (joined[0].strip() == "," and not re.search(r"\bFROM\b", _open_part(before), re.I))
        if scalar:
            apart += blocks(inner.replace("\0", "("))
            text = f"{before} 0 {text[end + 1 :]}"
        else:
            text = f"{before}\0{text[match.start() + 1 :]}"


def _open_part(before: str) -> str:
    """What stands before, back to the last SELECT of the same level."""
    return before[before.upper().rfind("SELECT") :]


def linked(text: str, one: str, other: str, names: dict[str, set[str]]) -> bool:
    """Whether two tables of a family meet on the columns by which they lie, or are both held to one value of them.

    A subquery carries a table's column under a name of its own; a name of another table is not taken for it.
    """
    others = {name for table, known in names.items() if table not in (one, other) for name in known}

    def side(table: str, name: str, column: str) -> bool:
        return column == DISTRIBUTED_BY[table] and (
            name in names[table] or name not in others | names[one] | names[other]
        )

    held: dict[str, set[str]] = {one: set(), other: set()}
    for left, key, right, column, value in EQUAL.findall(text.lower()):
        if column and any(side(a, left, key) and side(b, right, column) for a, b in ((one, other), (other, one))):
            return True
        for table in (one, other):
            if value and key == DISTRIBUTED_BY[table] and left in names[table]:
                held[table].add(value)
    return bool(held[one] & held[other])


def refused(text: str, known: Known) -> Iterator[str]:
    """What in one statement a cluster would refuse."""
    code = NOTE.sub(" ", LITERAL.sub("''", text))
    if ROLE.search(code):
        yield "changes the role in the midst of a session"
    if LIMITED.search(code):
        yield "has a subquery in LIMIT or OFFSET"
    for table, columns in INSERT.findall(code):
        if table in DISTRIBUTED_BY and DISTRIBUTED_BY[table] not in re.split(r"\W+", columns):
            yield f"INSERT INTO {table} does not name {DISTRIBUTED_BY[table]}"
    for table, change in UPDATE.findall(code):
        if table in DISTRIBUTED_BY and re.search(rf"(?:^|,)\s*{DISTRIBUTED_BY[table]}\s*=", change):
            yield f"UPDATE changes {DISTRIBUTED_BY[table]} of {table}"
    for change in UPSERT.findall(code):
        called = {name.lower() for name in CALL.findall(change)} & known.unsteady
        stamps = re.findall(r"\bcurrent_(?:timestamp|date|time)\b", change, re.IGNORECASE)
        if called or stamps:
            yield f"ON CONFLICT DO UPDATE asks {', '.join(sorted(called) + stamps)}, which is not immutable"
    for block in blocks(code):
        yield from _refused_together(block, known)


def _refused_together(block: str, known: Known) -> Iterator[str]:
    names = tables_in(block)
    spread = sorted(table for table in names if table in DISTRIBUTED_BY)
    reading = {name.lower() for name in CALL.findall(block)} & known.reading
    if spread and reading:
        yield f"{', '.join(sorted(reading))} reads a table, in a statement over {', '.join(spread)}"
    families = {family(table) for table in spread}
    if len(families) > 1:
        how = "an outer join" if OUTER.search(block) else "a set operation" if SETS.search(block) else "one statement"
        yield f"{', '.join(spread)} lie apart, and {how} goes over them"
        return
    read = [table for table in spread if table not in only_filled(block)]
    for one in read:
        for other in read:
            if one < other and not SETS.search(block) and not linked(block, one, other, names):
                yield f"{one} and {other} are not joined on {DISTRIBUTED_BY[one]} and {DISTRIBUTED_BY[other]}"
    copied = [table for table in names if table in REFERENCE]
    if spread and copied and (SETS.search(block) or re.search(r"\b(RIGHT|FULL)\s+(OUTER\s+)?JOIN\b", block, re.I)):
        yield f"{', '.join(copied)} is a copy on every node, and every node would answer its rows"


def statements_in(body: str) -> Iterator[str]:
    """The statements of a function's body, one a semicolon or a loop; what stands between is no SQL and does no harm."""
    yield from (part for part in re.split(r";|\bLOOP\b", NOTE.sub(" ", body)) if part.strip())


@pytest.fixture(scope="module")
def schema(server: Any, template: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(server.url(template), autocommit=True) as connection:
        yield connection


FUNCTIONS = """
    SELECT p.proname, p.prosrc FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
    WHERE p.pronamespace = 'public'::regnamespace AND l.lanname IN ('sql', 'plpgsql')
        AND p.proname NOT LIKE 'procrastinate%'
"""
UNSTEADY = (
    "SELECT proname FROM pg_proc GROUP BY proname HAVING bool_or(provolatile <> 'i') AND NOT bool_or(provolatile = 'i')"
)


def known_of(schema: psycopg.Connection[Any]) -> tuple[Known, dict[str, str]]:
    """What the migrated schema has: functions that read tables, functions that are not immutable, and their bodies."""
    bodies = dict(schema.execute(FUNCTIONS).fetchall())
    reading = {name for name, body in bodies.items() if tables_in(NOTE.sub(" ", body))}
    return Known(reading, {name for (name,) in schema.execute(UNSTEADY)}), bodies


def test_every_table_has_its_place(schema: psycopg.Connection[Any]) -> None:
    tables = {
        name
        for (name,) in schema.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
        if not name.startswith(("procrastinate", "alembic"))
    }
    nothing([f"{table} is in nobody's layout: decide in db/distribute.py" for table in sorted(tables - PLACED)])
    nothing([f"{table} is laid out and does not exist" for table in sorted(PLACED - tables)])
    nothing([f"{table} is laid out twice" for table in sorted(DISTRIBUTED_BY.keys() & set(REFERENCE))])


def test_every_statement_keeps_to_the_rules(schema: psycopg.Connection[Any]) -> None:
    known, bodies = known_of(schema)
    assert {"ledger_post_v2", "ledger_balance_at", "ledger_guard_terms"} <= known.reading
    assert "now" in known.unsteady
    texts = [(statement.name, statement.text) for statement in every_statement()]
    texts += [(name, part) for name, body in bodies.items() for part in statements_in(body)]
    assert len(texts) > 300
    nothing([f"{name}: {problem}" for name, text in texts for problem in refused(text, known)])


def test_nobody_changes_the_role_of_a_session() -> None:
    """A transaction that writes as one role and reads as another is refused: no code outside the migrations asks."""
    texts = [(path, path.read_text("utf-8")) for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]
    told = re.compile(r"\"\s*(SET|RESET)\s+(LOCAL\s+|SESSION\s+)?(ROLE|SESSION AUTHORIZATION)\b")
    nothing([str(path) for path, text in texts if told.search(text)])


KNOWN = Known({"ledger_guard_terms", "ledger_balance_at"}, {"now", "clock_timestamp", "random", "nextval"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT 1 FROM posting AS p JOIN entry AS e ON e.id = p.entry_id", "lie apart"),
        ("SELECT 1 FROM posting AS p JOIN account AS a ON a.version = p.version", "are not joined on"),
        ("SELECT 1 FROM loan_obligation, loan WHERE loan.id = loan_obligation.number", "are not joined on"),
        ("SELECT 1 FROM savings_group AS g LEFT JOIN savings_pledge AS p ON p.group_id = g.id", "an outer join"),
        ("SELECT id FROM hold UNION ALL SELECT id FROM login", "a set operation"),
        ("SELECT id FROM evidence_leaf EXCEPT SELECT leaf_id FROM evidence_position", "a set operation"),
        ("WITH a AS (SELECT id FROM hold), b AS (SELECT id FROM entry) SELECT 1 FROM a JOIN b USING (id)", "lie apart"),
        ("SELECT id FROM deposit WHERE EXISTS (SELECT 1 FROM fund_order WHERE deposit_id = deposit.id)", "lie apart"),
        ("SELECT id FROM deposit WHERE id IN (SELECT deposit_id FROM sweep)", "lie apart"),
        ("SELECT 1 FROM guard FULL JOIN guard_figure AS f ON f.id = guard.id", "is a copy on every node"),
        ("SELECT b FROM account AS a CROSS JOIN LATERAL ledger_balance_at(a.id, a.version, NULL, NULL) AS b", "reads a table"),
        ("UPDATE account SET guards = ledger_guard_terms() WHERE id = 3", "reads a table"),
        ("INSERT INTO throttle (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET tried_at = now()", "not immutable"),
        ("INSERT INTO throttle (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET count = random() * 2", "not immutable"),
        ("INSERT INTO fund (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET at = current_timestamp", "not immutable"),
        ("SELECT id FROM deposit ORDER BY id OFFSET (SELECT count(*) / 2 FROM deposit) LIMIT 1", "LIMIT or OFFSET"),
        ("SELECT id FROM deposit LIMIT ( SELECT 7 )", "LIMIT or OFFSET"),
        ("INSERT INTO posting (version, balance) VALUES (1, 2)", "does not name account_id"),
        ("INSERT INTO entry SELECT * FROM unnest(%(ids)s)", "does not name id"),
        ("UPDATE posting AS p SET balance = 1, account_id = 2 WHERE account_id = 3", "changes account_id"),
        ("SET LOCAL ROLE farthing_app", "changes the role"),
        ("RESET ROLE", "changes the role"),
    ],
)  # fmt: skip
def test_a_planted_statement_is_seen(text: str, said: str) -> None:
    assert any(said in problem for problem in refused(text, KNOWN)), list(refused(text, KNOWN))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1 FROM posting AS p JOIN account AS a ON a.id = p.account_id",
        "SELECT 1 FROM loan JOIN loan_obligation ON loan_obligation.loan_id = loan.id",
        "SELECT (SELECT count(*) FROM hold) AS holds, (SELECT count(*) FROM entry) AS entries",
        "SELECT g.name FROM guard AS g JOIN guard_figure AS f ON f.id = g.id",
        "SELECT id FROM hold WHERE state = 'a' UNION ALL SELECT id FROM hold WHERE kind = ' UNION SELECT id FROM entry'",
        "SELECT b FROM unnest(%(ids)s) AS a (id) CROSS JOIN LATERAL ledger_balance_at(a.id, 1, NULL, NULL) AS b",
        "INSERT INTO fund (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET at = greatest(fund.at, excluded.at)",
    ],
)
def test_a_statement_for_a_cluster_passes(text: str) -> None:
    assert not list(refused(text, KNOWN))
