"""Re-derive the ledger inside the database: each query answers the rows that disagree, and names them."""

from __future__ import annotations

from typing import LiteralString

from farthing.db.tx import Tx

COUNTS: LiteralString = """
    SELECT (SELECT count(*) FROM account) AS accounts, (SELECT count(*) FROM entry) AS entries,
           (SELECT count(*) FROM posting) AS postings, (SELECT count(*) FROM hold) AS holds
"""

ENTRY_IDS: LiteralString = """
    SELECT 'entry.id' AS what, reference AS subject, 'is not the id of its reference' AS problem
    FROM entry
    WHERE encode(uuid_send(id), 'hex') <> (
        SELECT substr(h, 1, 12) || '8' || substr(h, 14, 3)
               || to_hex(8 + (('x' || substr(h, 17, 1))::bit(4)::integer & 3)) || substr(h, 18, 15)
        FROM (SELECT encode(sha256(convert_to(reference, 'UTF8')), 'hex') AS h) AS hashed)
    LIMIT 100
"""

ACCOUNT_IDS: LiteralString = """
    SELECT 'account.id' AS what, path AS subject, 'is not the id of its path' AS problem
    FROM account
    WHERE id <> (('x' || substr(encode(sha256(convert_to(path, 'UTF8')), 'hex'), 1, 16))::bit(64)::bigint >> 1
                 & 9223372036854775807)
       OR sign <> CASE WHEN path ~ '^(assets|expenses):' THEN 1 ELSE -1 END
    LIMIT 100
"""

ZERO_SUMS: LiteralString = """
    SELECT 'entry.legs' AS what, reference AS subject,
           'sums to ' || sum(leg.amount) || ' ' || coalesce(account.currency, '?') AS problem
    FROM entry
    CROSS JOIN LATERAL (
        SELECT legs[n] AS account_id, legs[n + 1] AS amount FROM generate_series(1, cardinality(legs), 2) AS n) AS leg
    LEFT JOIN account ON account.id = leg.account_id
    GROUP BY entry.id, reference, account.currency
    HAVING sum(leg.amount) <> 0 OR account.currency IS NULL
    LIMIT 100
"""

CHAINS: LiteralString = """
    WITH chain AS (
        SELECT account_id, version, entry_id, balance, effective_on, effective_high,
               lag(balance, 1, 0::bigint) OVER ordered AS before, lag(version, 1, 0::bigint) OVER ordered AS earlier,
               max(effective_on) OVER ordered AS high
        FROM posting WINDOW ordered AS (PARTITION BY account_id ORDER BY version)
    ), leg AS (
        SELECT entry.id AS entry_id, legs[n] AS account_id, sum(legs[n + 1]) AS amount, min(entry.effective_on) AS day
        FROM entry CROSS JOIN LATERAL generate_series(1, cardinality(legs), 2) AS n GROUP BY entry.id, legs[n]
    ), moved AS (
        SELECT account_id, entry_id, sum(balance - before) AS amount, min(effective_on) AS day,
               bool_and(version = earlier + 1) AS contiguous, bool_and(effective_high = high) AS high_right,
               min(version) AS version
        FROM chain GROUP BY account_id, entry_id
    )
    SELECT 'posting' AS what,
           coalesce(account.path, 'account ' || coalesce(moved.account_id, leg.account_id)) || ' version '
               || coalesce(moved.version::text, '-') AS subject,
           CASE WHEN leg.entry_id IS NULL THEN 'has no entry that moves its balance'
                WHEN moved.entry_id IS NULL THEN 'is missing: its entry has no posting here'
                WHEN leg.amount <> moved.amount
                    THEN 'moves ' || moved.amount || ', its entry says ' || leg.amount
                WHEN NOT moved.contiguous THEN 'does not follow the version before it'
                WHEN leg.day <> moved.day THEN 'has another effective date than its entry'
                ELSE 'has a wrong highest effective date' END AS problem
    FROM moved FULL JOIN leg ON leg.entry_id = moved.entry_id AND leg.account_id = moved.account_id
    LEFT JOIN account ON account.id = coalesce(moved.account_id, leg.account_id)
    WHERE leg.entry_id IS NULL OR moved.entry_id IS NULL OR leg.amount <> moved.amount OR NOT moved.contiguous
       OR leg.day <> moved.day OR NOT moved.high_right
    LIMIT 100
"""

BALANCES: LiteralString = """
    SELECT 'account.balance' AS what, path AS subject,
           'balance ' || account.balance || ' version ' || account.version || ', last posting says '
               || coalesce(last.balance, 0) || ' at ' || coalesce(last.version, 0) AS problem
    FROM account LEFT JOIN LATERAL (
        SELECT balance, version, effective_high FROM posting WHERE account_id = account.id
        ORDER BY version DESC LIMIT 1) AS last ON true
    WHERE account.balance <> coalesce(last.balance, 0) OR account.version <> coalesce(last.version, 0)
       OR account.effective_high <> coalesce(last.effective_high, date '0001-01-01')
    LIMIT 100
"""

HOLDS: LiteralString = """
    SELECT 'account.held' AS what, path AS subject,
           'held out ' || held_out || ' in ' || held_in || ', pending holds say '
               || coalesce(pending.outgoing, 0) || ' and ' || coalesce(pending.incoming, 0) AS problem
    FROM account LEFT JOIN (
        SELECT leg.account_id, sum(leg.outgoing) AS outgoing, sum(leg.incoming) AS incoming
        FROM hold_leg leg JOIN hold ON hold.id = leg.hold_id AND hold.state = 'pending' GROUP BY leg.account_id
    ) AS pending ON pending.account_id = account.id
    WHERE held_out <> coalesce(pending.outgoing, 0) OR held_in <> coalesce(pending.incoming, 0)
    LIMIT 100
"""

LIMITS: LiteralString = """
    SELECT 'account.limits' AS what, path AS subject, 'stands outside its floor or ceiling' AS problem
    FROM account WHERE sign * balance - held_out < floor OR sign * balance + held_in > ceiling
    LIMIT 100
"""

CHECKS: tuple[tuple[str, LiteralString], ...] = (
    ("entry ids", ENTRY_IDS),
    ("account ids", ACCOUNT_IDS),
    ("zero sums", ZERO_SUMS),
    ("postings", CHAINS),
    ("balances", BALANCES),
    ("holds", HOLDS),
    ("limits", LIMITS),
)


def counts(tx: Tx) -> dict[str, int]:
    """How many accounts, entries, postings and holds there are."""
    return {name: int(value) for name, value in tx.one(COUNTS).items()}


def disagreements(tx: Tx, query: LiteralString) -> list[dict[str, str]]:
    """What one check found: rows of what, subject and problem."""
    return tx.rows(query)
