"""Re-derive the ledger inside the database. Never writes, and never brings the rows themselves here.

Two kinds of query. *Sweeps* read everything once, a slice of the keys at a time so that memory stays bounded, and
answer counts and sums of hashes: what the postings say must be what the entries say. *Details* name the rows that
disagree; the costly ones run only where a sweep found that something does.
"""

from __future__ import annotations

from typing import Any, LiteralString

from farthing.db.tx import Tx

COUNTS: LiteralString = """
    SELECT (SELECT count(*) FROM account) AS accounts, (SELECT count(*) FROM entry) AS entries,
           (SELECT count(*) FROM posting) AS postings, (SELECT count(*) FROM hold) AS holds
"""
MEMORY: LiteralString = "SELECT set_config('work_mem', '128MB', true), set_config('jit', 'off', true)"

SWEEP_POSTINGS: LiteralString = """
    WITH chain AS (
        SELECT account_id, version, entry_id, balance, effective_on, effective_high,
               lag(balance, 1, 0::bigint) OVER ordered AS before, row_number() OVER ordered AS expected,
               max(effective_on) OVER ordered AS high
        FROM posting WHERE account_id BETWEEN %(low)s AND %(high)s
        WINDOW ordered AS (PARTITION BY account_id ORDER BY version)
    )
    SELECT count(*) AS counted, count(*) FILTER (WHERE version <> expected OR effective_high <> high) AS wrong,
           coalesce(sum(hash_record_extended(ROW(account_id, entry_id,
               CASE WHEN balance BETWEEN -4611686018427387904 AND 4611686018427387904
                     AND before BETWEEN -4611686018427387904 AND 4611686018427387904
                     AND (balance < 4611686018427387904 OR before > -4611686018427387904) THEN balance - before END,
               effective_on), 0)), 0) AS legs
    FROM chain
"""

# An entry of a thousand legs lies compressed beside its row: "legs || '{}'" unpacks it once instead of leg by leg, and
# each leg's account is looked up by its key, or a join would read all accounts for each such entry.
SWEEP_ENTRIES: LiteralString = """
    SELECT count(*) AS counted, coalesce(sum(cardinality(legs) / 2), 0)::bigint AS postings,
           count(*) FILTER (WHERE entry.seal <> ledger_entry_seal(reference, kind, effective_on, recorded_at, asked,
                   memo, legs)
               OR uuid_send(entry.id) <> set_byte(set_byte(substring(sha256(convert_to(reference, 'UTF8')) FOR 16), 6,
                   get_byte(sha256(convert_to(reference, 'UTF8')), 6) & 15 | 128), 8,
                   get_byte(sha256(convert_to(reference, 'UTF8')), 8) & 63 | 128)
               OR CASE WHEN cardinality(legs) = 4
                   THEN legs[2]::numeric + legs[4] <> 0 OR one_currency IS DISTINCT FROM two_currency
                       OR one_currency IS NULL
                   ELSE cardinality(legs) %% 2 <> 0 OR cardinality(legs) < 4 OR EXISTS (
                       SELECT 1 FROM (
                           SELECT (SELECT currency FROM account WHERE account.id = legs[n]) AS currency,
                                  legs[n + 1] AS amount
                           FROM generate_series(1, cardinality(legs), 2) AS n) AS leg
                       GROUP BY currency HAVING sum(amount) <> 0 OR currency IS NULL)
               END) AS wrong,
           coalesce(sum(CASE WHEN cardinality(legs) = 4
               THEN hash_record_extended(ROW(legs[1], entry.id, legs[2], effective_on), 0)::numeric
                   + hash_record_extended(ROW(legs[3], entry.id, legs[4], effective_on), 0)
               ELSE (SELECT sum(hash_record_extended(ROW(legs[n], entry.id, legs[n + 1], effective_on), 0))
                   FROM generate_series(1, cardinality(legs), 2) AS n)
               END), 0) AS legs
    FROM (
        SELECT id, reference, kind, effective_on, recorded_at, asked, memo, seal, legs || '{}'::bigint[] AS legs
        FROM entry WHERE id BETWEEN %(low)s::uuid AND %(high)s::uuid
        OFFSET 0
    ) AS entry
    LEFT JOIN (SELECT id AS one_id, currency AS one_currency FROM account) AS one ON one_id = legs[1]
    LEFT JOIN (SELECT id AS two_id, currency AS two_currency FROM account) AS two ON two_id = legs[3]
"""

ENTRIES: LiteralString = """
    SELECT 'entry.id' AS what, id || ' ' || reference AS subject, 'is not the id of its reference' AS problem
    FROM entry
    WHERE uuid_send(id) <> set_byte(set_byte(substring(sha256(convert_to(reference, 'UTF8')) FOR 16), 6,
        get_byte(sha256(convert_to(reference, 'UTF8')), 6) & 15 | 128), 8,
        get_byte(sha256(convert_to(reference, 'UTF8')), 8) & 63 | 128)
    UNION ALL
    SELECT 'entry.seal', id || ' ' || reference,
           'does not fit its reference, kind, dates, memo, limit and legs: one of them was changed'
    FROM entry
    WHERE seal <> ledger_entry_seal(reference, kind, effective_on, recorded_at, asked, memo, legs)
    LIMIT 100
"""

ZERO_SUMS: LiteralString = """
    SELECT 'entry.legs' AS what, entry.id || ' ' || reference AS subject,
           'sums to ' || sum(leg.amount) || ' ' || coalesce(account.currency, 'of an account that is not there')
               AS problem
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
        SELECT account_id, version, entry_id, balance::numeric, effective_on, effective_high,
               lag(balance, 1, 0::bigint) OVER ordered AS before, row_number() OVER ordered AS expected,
               max(effective_on) OVER ordered AS high
        FROM posting WINDOW ordered AS (PARTITION BY account_id ORDER BY version)
    ), leg AS (
        SELECT entry.id AS entry_id, legs[n] AS account_id, sum(legs[n + 1]) AS amount, min(entry.effective_on) AS day
        FROM entry CROSS JOIN LATERAL generate_series(1, cardinality(legs), 2) AS n GROUP BY entry.id, legs[n]
    ), moved AS (
        SELECT account_id, entry_id, sum(balance - before) AS amount, min(effective_on) AS day,
               max(effective_on) AS last_day, bool_and(version = expected) AS contiguous,
               bool_and(effective_high = high) AS high_right, min(version) AS version
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
                WHEN leg.day <> moved.day OR leg.day <> moved.last_day
                    THEN 'has another effective date than its entry'
                ELSE 'has a wrong highest effective date' END AS problem
    FROM moved FULL JOIN leg ON leg.entry_id = moved.entry_id AND leg.account_id = moved.account_id
    LEFT JOIN account ON account.id = coalesce(moved.account_id, leg.account_id)
    WHERE leg.entry_id IS NULL OR moved.entry_id IS NULL OR leg.amount <> moved.amount OR NOT moved.contiguous
       OR leg.day <> moved.day OR leg.day <> moved.last_day OR NOT moved.high_right
    LIMIT 100
"""

ACCOUNTS: LiteralString = """
    SELECT 'account.id' AS what, path AS subject, 'is not the id of its path' AS problem
    FROM account
    WHERE id <> (('x' || substr(encode(sha256(convert_to(path, 'UTF8')), 'hex'), 1, 16))::bit(64)::bigint >> 1
                 & 9223372036854775807)
    UNION ALL
    SELECT 'account.seal', path,
           'does not fit its path, currency, side, limits and dates: one of them was changed'
    FROM account
    WHERE seal <> ledger_account_seal(path, currency, sign, floor, ceiling, opened_at) # ledger_closing_seal(closed_at)
       OR sign <> CASE WHEN path ~ '^(assets|expenses):' THEN 1 ELSE -1 END
    UNION ALL
    SELECT 'account.limits', path, 'stands outside its floor or ceiling'
    FROM account WHERE sign * balance::numeric - held_out < floor OR sign * balance::numeric + held_in > ceiling
    UNION ALL
    SELECT 'account.closed_at', path, 'is closed and not empty'
    FROM account WHERE closed_at IS NOT NULL AND (balance <> 0 OR held_out <> 0 OR held_in <> 0)
    UNION ALL
    SELECT 'account.guards', path, 'are not the guards that name its path'
    FROM account WHERE guards IS DISTINCT FROM ledger_guards_of(path, currency, sign)
    LIMIT 100
"""

BALANCES: LiteralString = """
    SELECT 'account.balance' AS what, path AS subject,
           'balance ' || account.balance || ' version ' || account.version || ' latest date '
               || account.effective_high || ', last posting says ' || coalesce(last.balance, 0) || ' at '
               || coalesce(last.version, 0) || ' and ' || coalesce(last.effective_high, date '0001-01-01') AS problem
    FROM account LEFT JOIN LATERAL (
        SELECT balance, version, effective_high FROM posting WHERE account_id = account.id
        ORDER BY version DESC LIMIT 1) AS last ON true
    WHERE account.balance <> coalesce(last.balance, 0) OR account.version <> coalesce(last.version, 0)
       OR account.effective_high <> coalesce(last.effective_high, date '0001-01-01')
    LIMIT 100
"""

RECORDED: LiteralString = """
    WITH held AS (
        SELECT legs[n] AS account_id, max(greatest(hold.recorded_at, hold.resolved_at)) AS recorded_at
        FROM hold CROSS JOIN LATERAL generate_series(1, cardinality(legs), 2) AS n GROUP BY legs[n]
    )
    SELECT 'account.recorded_at' AS what, path AS subject,
           'says ' || account.recorded_at || ', its entries and holds say '
               || greatest(account.opened_at, last.recorded_at, held.recorded_at) AS problem
    FROM account LEFT JOIN LATERAL (
        SELECT entry.recorded_at FROM posting JOIN entry ON entry.id = posting.entry_id
        WHERE posting.account_id = account.id AND posting.version = account.version) AS last ON true
    LEFT JOIN held ON held.account_id = account.id
    WHERE account.recorded_at <> greatest(account.opened_at, last.recorded_at, held.recorded_at)
    LIMIT 100
"""

HOLDS: LiteralString = """
    SELECT 'hold.seal' AS what, reference AS subject,
           'does not fit its reference, kind, dates, memo, legs and state: one of them was changed' AS problem
    FROM hold
    WHERE seal <> ledger_hold_seal(reference, kind, effective_on, recorded_at, expires_at, memo, legs)
        # ledger_resolution_seal(state, resolution, resolved_at)
    UNION ALL
    SELECT 'hold.id', reference, 'is not the id of its reference'
    FROM hold
    WHERE uuid_send(id) <> set_byte(set_byte(substring(sha256(convert_to(reference, 'UTF8')) FOR 16), 6,
        get_byte(sha256(convert_to(reference, 'UTF8')), 6) & 15 | 128), 8,
        get_byte(sha256(convert_to(reference, 'UTF8')), 8) & 63 | 128)
    LIMIT 100
"""

HOLD_REFERENCES: LiteralString = """
    SELECT 'hold_reference.id' AS what, reference AS subject, 'is not the id of its reference' AS problem
    FROM hold_reference
    WHERE uuid_send(id) <> set_byte(set_byte(substring(sha256(convert_to(reference, 'UTF8')) FOR 16), 6,
        get_byte(sha256(convert_to(reference, 'UTF8')), 6) & 15 | 128), 8,
        get_byte(sha256(convert_to(reference, 'UTF8')), 8) & 63 | 128)
    LIMIT 100
"""

TWO_MEANINGS: LiteralString = """
    SELECT 'hold_reference' AS what, entry.id || ' ' || hold_reference.reference AS subject,
           'is the name of an entry and of a hold or a release' AS problem
    FROM hold_reference JOIN entry ON entry.id = hold_reference.id
    LIMIT 100
"""

TAKEN: LiteralString = """
    SELECT count(*) AS count, coalesce(sum(hash_record_extended(ROW(reference, hold), 0)::numeric), 0) AS marks
    FROM hold_reference
"""
OWED: LiteralString = """
    SELECT count(*) + count(*) FILTER (WHERE state = 'released') AS count,
           coalesce(sum(hash_record_extended(ROW(reference, reference), 0)::numeric), 0)
               + coalesce(sum(hash_record_extended(ROW(resolution, reference), 0)::numeric)
                   FILTER (WHERE state = 'released'), 0) AS marks
    FROM hold
"""
TAKEN_NAMES: LiteralString = "SELECT reference, hold FROM hold_reference"
OWED_NAMES: LiteralString = "SELECT reference, state, resolution FROM hold"

HOLD_LEGS: LiteralString = """
    WITH net AS (
        SELECT hold.id AS hold_id, hold.reference, legs[n] AS account_id, min(hold.expires_at) AS expires_at,
               sum(account.sign * legs[n + 1]) AS moved
        FROM hold CROSS JOIN LATERAL generate_series(1, cardinality(legs), 2) AS n
        LEFT JOIN account ON account.id = legs[n]
        WHERE hold.state = 'pending' GROUP BY hold.id, hold.reference, legs[n]
    )
    SELECT 'hold_leg' AS what,
           coalesce(net.reference, 'hold ' || leg.hold_id) || ' on '
               || coalesce(account.path, 'account ' || coalesce(net.account_id, leg.account_id)) AS subject,
           CASE WHEN net.hold_id IS NULL THEN 'belongs to no pending hold'
                WHEN leg.hold_id IS NULL THEN 'is missing: the hold reserves nothing here'
                ELSE 'reserves ' || leg.outgoing || ' and ' || leg.incoming || ' until ' || leg.expires_at
                    || ', its hold says ' || greatest(-net.moved, 0) || ' and ' || greatest(net.moved, 0)
                    || ' until ' || net.expires_at END AS problem
    FROM net FULL JOIN hold_leg AS leg ON leg.hold_id = net.hold_id AND leg.account_id = net.account_id
    LEFT JOIN account ON account.id = coalesce(net.account_id, leg.account_id)
    WHERE net.hold_id IS NULL OR leg.hold_id IS NULL OR leg.expires_at <> net.expires_at
       OR leg.outgoing <> greatest(-net.moved, 0) OR leg.incoming <> greatest(net.moved, 0)
    LIMIT 100
"""

HELD: LiteralString = """
    SELECT 'account.held' AS what, path AS subject,
           'held out ' || held_out || ' in ' || held_in || ', pending holds say '
               || coalesce(pending.outgoing, 0) || ' and ' || coalesce(pending.incoming, 0) AS problem
    FROM account LEFT JOIN (
        SELECT account_id, sum(outgoing) AS outgoing, sum(incoming) AS incoming FROM hold_leg GROUP BY account_id
    ) AS pending ON pending.account_id = account.id
    WHERE held_out <> coalesce(pending.outgoing, 0) OR held_in <> coalesce(pending.incoming, 0)
    LIMIT 100
"""

GUARDS: LiteralString = """
    SELECT 'guard.seal' AS what, name AS subject,
           'does not fit its name, title, constant, weights and dates: one of them was changed' AS problem
    FROM guard
    WHERE seal <> ledger_guard_seal(name, title, currency, constant, patterns, weights, installed_at, retired_at)
    UNION ALL
    SELECT 'guard.id', name, 'is not the id of its name'
    FROM guard
    WHERE id <> (('x' || substr(encode(sha256(convert_to(name, 'UTF8')), 'hex'), 1, 16))::bit(64)::bigint >> 1
                 & 9223372036854775807)
    UNION ALL
    SELECT 'guard_figure', coalesce(guard.name, 'guard ' || f.id),
           CASE WHEN guard.id IS NULL OR guard.retired_at IS NOT NULL THEN 'stands for no guard in force'
                WHEN f.id IS NULL THEN 'is missing'
                ELSE 'says ' || f.figure || ', the balances say ' || guard.constant + coalesce(sums.weighed, 0) END
    FROM guard FULL JOIN guard_figure AS f ON f.id = guard.id
    LEFT JOIN (
        SELECT account.guards[n] AS id, sum(account.balance::numeric * account.guards[n + 1]) AS weighed
        FROM account CROSS JOIN LATERAL generate_series(1, cardinality(account.guards), 2) AS n
        GROUP BY account.guards[n]
    ) AS sums ON sums.id = guard.id
    WHERE CASE WHEN guard.id IS NULL OR guard.retired_at IS NOT NULL THEN f.id IS NOT NULL
               ELSE f.figure IS DISTINCT FROM guard.constant + coalesce(sums.weighed, 0) END
    LIMIT 100
"""

CHECKS: tuple[tuple[str, LiteralString], ...] = (
    ("accounts", ACCOUNTS),
    ("balances", BALANCES),
    ("recorded", RECORDED),
    ("holds", HOLDS),
    ("hold references", HOLD_REFERENCES),
    ("two meanings", TWO_MEANINGS),
    ("hold legs", HOLD_LEGS),
    ("held", HELD),
    ("guards", GUARDS),
)
"""Quick checks, always run."""

DETAILS: tuple[tuple[str, LiteralString], ...] = (
    ("entries in detail", ENTRIES),
    ("sums in detail", ZERO_SUMS),
    ("postings in detail", CHAINS),
)
"""Run where a sweep found that postings and entries disagree."""


def counts(tx: Tx) -> dict[str, int]:
    """How many accounts, entries, postings and holds there are."""
    return {name: int(value) for name, value in tx.one(COUNTS).items()}


def use_memory(tx: Tx) -> None:
    """Let a slice be sorted in memory, in this transaction only."""
    tx.one(MEMORY)


def sweep_postings(tx: Tx, low: int, high: int) -> dict[str, Any]:
    """Postings of the accounts with ids from ``low`` to ``high``: counted, wrong, sum of leg hashes."""
    return tx.one(SWEEP_POSTINGS, {"low": low, "high": high})


def sweep_entries(tx: Tx, low: str, high: str) -> dict[str, Any]:
    """Entries with ids from ``low`` to ``high``: counted, postings they ask for, wrong, sum of leg hashes."""
    return tx.one(SWEEP_ENTRIES, {"low": low, "high": high})


def disagreements(tx: Tx, query: LiteralString) -> list[dict[str, str]]:
    """What one check found: rows of what, subject and problem."""
    return tx.rows(query)


def references_agree(tx: Tx) -> bool:
    """Whether holds and releases are remembered by their references, each once and nothing beside; compared by sums."""
    return tx.one(TAKEN) == tx.one(OWED)


def references_differ(tx: Tx) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """(reference, hold) of each hold and release that is not remembered, and of what is remembered and is neither."""
    taken = set(tx.tuples(TAKEN_NAMES))
    owed: set[tuple[str, str]] = set()
    for reference, state, resolution in tx.tuples(OWED_NAMES):
        owed.add((reference, reference))
        if state == "released":
            owed.add((resolution, reference))
    return owed - taken, taken - owed
