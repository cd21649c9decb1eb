"""Derive the ledger again inside the database. Never writes, and never brings the rows themselves here.

Two kinds of query. *Sweeps* read everything once, a slice of the keys at a time so that memory stays bounded, and
answer counts and sums of hashes: what the postings say must be what the entries say. *Checks* name the rows that disagree
with themselves or with what lies beside them; what lies elsewhere on a cluster is :mod:`farthing.ledger.audit.apart`'s.
"""

from __future__ import annotations

from typing import Any, LiteralString

from farthing.db import rows
from farthing.db.tx import Tx
from farthing.kit.findings import Finding

COUNTS: LiteralString = """
    SELECT (SELECT count(*) FROM account) AS accounts, (SELECT count(*) FROM entry) AS entries,
           (SELECT count(*) FROM posting) AS postings, (SELECT count(*) FROM hold) AS holds
"""
MEMORY: LiteralString = "SELECT set_config('work_mem', '128MB', true), set_config('jit', 'off', true)"

# The last sum is nought where each entry sums to zero in every currency but one: a foreign amount counts by a number that
# its entry and currency give, so that only amounts of one entry and one currency can make up for each other.
SWEEP_POSTINGS: LiteralString = """
    WITH chain AS (
        SELECT account_id, version, entry_id, balance, effective_on, effective_high,
               lag(balance, 1, 0::bigint) OVER ordered AS before, row_number() OVER ordered AS expected,
               max(effective_on) OVER ordered AS high
        FROM posting WHERE account_id BETWEEN %(low)s AND %(high)s
        WINDOW ordered AS (PARTITION BY account_id ORDER BY version)
    )
    SELECT count(*) AS counted,
           count(*) FILTER (WHERE version <> expected OR effective_high <> high OR account.id IS NULL) AS wrong,
           coalesce(sum(hash_record_extended(ROW(account_id, entry_id,
               CASE WHEN balance BETWEEN -4611686018427387904 AND 4611686018427387904
                     AND before BETWEEN -4611686018427387904 AND 4611686018427387904
                     AND (balance < 4611686018427387904 OR before > -4611686018427387904) THEN balance - before END,
               effective_on), 0)), 0) AS legs,
           coalesce(sum(CASE WHEN account.currency <> %(home)s
               THEN (balance::numeric - before) * hash_record_extended(ROW(entry_id, account.currency COLLATE "C"), 7)
               END), 0) AS foreign_sum
    FROM chain LEFT JOIN (
        SELECT id, currency FROM account WHERE id BETWEEN %(low)s AND %(high)s
    ) AS account ON account.id = chain.account_id
"""

# An entry of a thousand legs lies compressed beside its row: "legs || '{}'" unpacks it once instead of leg by leg.
SWEEP_ENTRIES: LiteralString = """
    SELECT count(*) AS counted, coalesce(sum(cardinality(legs) / 2), 0)::bigint AS postings,
           count(*) FILTER (WHERE entry.seal <> ledger_entry_seal(reference, kind, effective_on, recorded_at, asked,
                   memo, legs)
               OR uuid_send(entry.id) <> set_byte(set_byte(substring(sha256(convert_to(reference, 'UTF8')) FOR 16), 6,
                   get_byte(sha256(convert_to(reference, 'UTF8')), 6) & 15 | 128), 8,
                   get_byte(sha256(convert_to(reference, 'UTF8')), 8) & 63 | 128)
               OR CASE WHEN cardinality(legs) = 4 THEN legs[2]::numeric + legs[4] <> 0
                   ELSE cardinality(legs) %% 2 <> 0 OR cardinality(legs) < 4 OR (
                       SELECT sum(legs[n + 1]) FROM generate_series(1, cardinality(legs), 2) AS n) <> 0
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

GUARD_TERMS: LiteralString = "SELECT g_id, g_currency, g_pattern, g_weight FROM ledger_guard_terms()"

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
    FROM account WHERE guards IS DISTINCT FROM ledger_counts_towards(path, currency, sign, %(ids)s,
        %(currencies)s, %(patterns)s, %(weights)s)
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
    LIMIT 100
"""

CHECKS: tuple[tuple[str, LiteralString], ...] = (
    ("balances", BALANCES),
    ("holds", HOLDS),
    ("hold references", HOLD_REFERENCES),
    ("two meanings", TWO_MEANINGS),
    ("held", HELD),
    ("guards", GUARDS),
)
"""Quick checks of one table or of what lies beside it, always run."""


def counts(tx: Tx) -> dict[str, int]:
    """How many accounts, entries, postings and holds there are."""
    return {name: int(value) for name, value in tx.one(COUNTS).items()}


def use_memory(tx: Tx) -> None:
    """Let a slice be sorted in memory, in this transaction only."""
    tx.one(MEMORY)


def sweep_postings(tx: Tx, low: int, high: int) -> dict[str, Any]:
    """Postings of the accounts with ids from ``low`` to ``high``: counted, wrong, sum of leg hashes, foreign sum."""
    return tx.one(SWEEP_POSTINGS, {"low": low, "high": high, "home": tx.home})


def sweep_entries(tx: Tx, low: str, high: str) -> dict[str, Any]:
    """Entries with ids from ``low`` to ``high``: counted, postings they ask for, wrong, sum of leg hashes."""
    return tx.one(SWEEP_ENTRIES, {"low": low, "high": high})


def disagreements(tx: Tx, query: LiteralString) -> list[Finding]:
    """What one check found."""
    return [Finding(**row) for row in tx.rows(query)]


def accounts(tx: Tx) -> list[Finding]:
    """Accounts that disagree with themselves, or with the guards in force."""
    ((ids, currencies, patterns, weights),) = tx.tuples(GUARD_TERMS)
    terms = {
        "ids": rows.int8s(ids),
        "currencies": rows.texts(currencies),
        "patterns": rows.texts(patterns),
        "weights": rows.int8s(weights),
    }
    return [Finding(**row) for row in tx.rows(ACCOUNTS, terms)]
