"""Lay beside each other what a cluster keeps apart: entries and postings, holds and their legs, guards and accounts. Never
writes.

No statement joins them. Sums of hashes are taken on either side, and only where they differ do the rows come here, for
:mod:`farthing.ledger.audit.apart.rules`. Dates, instants and wide numbers leave as text where they may be damaged: what no
calendar knows must be named, not stumbled over.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Tx
from farthing.kit.findings import Finding
from farthing.ledger.audit.apart import rules

ACCOUNTS_AT_ONCE = 20_000
IN_A_PART = 100_000
"""Postings in one part of the accounts, when they are laid beside their entries row by row."""

UNBALANCED: LiteralString = """
    SELECT id FROM entry
    WHERE (cardinality(legs) & 1) <> 0 OR cardinality(legs) < 4 OR (
        SELECT sum(legs[n + 1]) FROM generate_series(1, cardinality(legs), 2) AS n) <> 0
    ORDER BY id LIMIT 100
"""
"""Entries whose legs do not sum to zero whatever their currency."""

MIXED: LiteralString = """
    WITH chain AS (
        SELECT account_id, entry_id, balance, lag(balance, 1, 0::bigint) OVER ordered AS before
        FROM posting WINDOW ordered AS (PARTITION BY account_id ORDER BY version)
    )
    SELECT entry_id FROM chain LEFT JOIN account ON account.id = chain.account_id
    GROUP BY entry_id, account.currency
    HAVING sum(chain.balance::numeric - chain.before) <> 0 OR account.currency IS NULL
    ORDER BY entry_id LIMIT 100
"""
"""Entries whose postings do not sum to zero in each currency, or move an account that is not there."""

LEGS_OF: LiteralString = "SELECT id::text, reference, legs FROM entry WHERE id = ANY (%(ids)s) ORDER BY id"
CURRENCIES: LiteralString = "SELECT id, currency FROM account WHERE id = ANY (%(ids)s)"
PATHS: LiteralString = "SELECT id, path FROM account WHERE id = ANY (%(ids)s)"

POSTING_PARTS: LiteralString = """
    WITH chain AS (
        SELECT account_id, version, entry_id, balance, effective_on, effective_high,
               lag(balance, 1, 0::bigint) OVER ordered AS before, row_number() OVER ordered AS expected,
               max(effective_on) OVER ordered AS high
        FROM posting WINDOW ordered AS (PARTITION BY account_id ORDER BY version)
    )
    SELECT account_id >> %(shift)s AS part,
           sum(hash_record_extended(ROW(account_id, entry_id, balance::numeric - before, effective_on), 0)::numeric),
           count(*) FILTER (WHERE version <> expected OR effective_high <> high) AS wrong
    FROM chain GROUP BY 1
"""
ENTRY_PARTS: LiteralString = """
    SELECT legs[n] >> %(shift)s AS part,
           sum(hash_record_extended(ROW(legs[n], entry.id, legs[n + 1]::numeric, effective_on), 0)::numeric)
    FROM entry CROSS JOIN LATERAL generate_series(1, cardinality(legs), 2) AS n GROUP BY 1
"""
"""What postings and entries say of the accounts whose ids begin alike, as sums of hashes."""

POSTINGS_OF_PART: LiteralString = """
    WITH chain AS (
        SELECT account_id, version, entry_id, balance::numeric, effective_on, effective_high,
               lag(balance, 1, 0::bigint) OVER ordered AS before, row_number() OVER ordered AS expected,
               max(effective_on) OVER ordered AS high
        FROM posting WHERE account_id >> %(shift)s = %(part)s
        WINDOW ordered AS (PARTITION BY account_id ORDER BY version)
    )
    SELECT account_id, entry_id::text, sum(balance - before)::text AS amount, min(effective_on)::text AS day,
           max(effective_on)::text AS last_day, bool_and(version = expected) AS contiguous,
           bool_and(effective_high = high) AS high_right, min(version)::text AS version
    FROM chain GROUP BY account_id, entry_id ORDER BY account_id, min(version)
"""
LEGS_OF_PART: LiteralString = """
    SELECT legs[n] AS account_id, entry.id::text, sum(legs[n + 1])::text AS amount, min(entry.effective_on)::text AS day
    FROM entry CROSS JOIN LATERAL generate_series(1, cardinality(legs), 2) AS n
    WHERE legs[n] >> %(shift)s = %(part)s GROUP BY entry.id, legs[n] ORDER BY legs[n], entry.id
"""

LAST_RECORDED: LiteralString = """
    SELECT account.id, extract(epoch FROM account.recorded_at), extract(epoch FROM account.opened_at), posting.entry_id
    FROM account LEFT JOIN posting ON posting.account_id = account.id AND posting.version = account.version
    WHERE account.id > %(after)s ORDER BY account.id LIMIT %(limit)s
"""
LAST_HELD: LiteralString = """
    SELECT legs[n] AS account_id, max(extract(epoch FROM greatest(hold.recorded_at, hold.resolved_at)))
    FROM hold CROSS JOIN LATERAL generate_series(1, cardinality(legs), 2) AS n
    WHERE legs[n] BETWEEN %(low)s AND %(high)s GROUP BY legs[n]
"""
RECORDED: LiteralString = "SELECT id, extract(epoch FROM recorded_at) FROM entry WHERE id = ANY (%(ids)s)"
"""An account says when it was last moved: by its last entry or hold, or when it was opened. In seconds, which no
calendar limits."""

GROUPS_KEPT: LiteralString = """
    SELECT path, currency, sum(accounts)::text, sum(balance)::text FROM account_group GROUP BY path, currency
"""
GROUPS_SUMMED: LiteralString = """
    SELECT rtrim(split_part(path, ':', 1) || ':' || split_part(path, ':', 2), ':') AS grouped, currency,
           (count(*) FILTER (WHERE closed_at IS NULL))::text, sum(balance)::text
    FROM account GROUP BY grouped, currency
"""
"""What groups of accounts come to: as it is kept, and as the accounts say."""

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

RESERVED: LiteralString = """
    SELECT count(*) AS count, coalesce(sum(hash_record_extended(ROW(leg.account_id, leg.hold_id,
               account.sign * (leg.incoming::numeric - leg.outgoing), leg.expires_at), 0)::numeric), 0) AS marks,
           count(*) FILTER (WHERE leg.outgoing <> 0 AND leg.incoming <> 0) AS both_ways
    FROM hold_leg AS leg LEFT JOIN account ON account.id = leg.account_id
"""
PENDING: LiteralString = """
    SELECT count(*) AS count,
           coalesce(sum(hash_record_extended(ROW(account_id, id, moved, expires_at), 0)::numeric), 0) AS marks,
           0 AS both_ways
    FROM (
        SELECT hold.id, legs[n] AS account_id, hold.expires_at, sum(legs[n + 1]) AS moved
        FROM hold CROSS JOIN LATERAL generate_series(1, cardinality(legs), 2) AS n
        WHERE hold.state = 'pending' GROUP BY hold.id, hold.expires_at, legs[n]
    ) AS net
"""
"""What the legs of holds reserve, and what the pending holds ask for."""
RESERVED_ROWS: LiteralString = """
    SELECT leg.hold_id::text, leg.account_id, account.path, account.sign, leg.outgoing, leg.incoming, leg.expires_at::text
    FROM hold_leg AS leg LEFT JOIN account ON account.id = leg.account_id ORDER BY leg.account_id, leg.hold_id
"""
PENDING_ROWS: LiteralString = """
    SELECT hold.id::text, legs[n] AS account_id, hold.reference, sum(legs[n + 1])::text AS moved, hold.expires_at::text
    FROM hold CROSS JOIN LATERAL generate_series(1, cardinality(legs), 2) AS n
    WHERE hold.state = 'pending' GROUP BY hold.id, hold.reference, hold.expires_at, legs[n]
    ORDER BY hold.id, legs[n]
"""

DEFINED: LiteralString = "SELECT id, name, constant, retired_at IS NOT NULL FROM guard ORDER BY id"
FIGURES: LiteralString = "SELECT id, figure::text FROM guard_figure ORDER BY id"
WEIGHED: LiteralString = """
    SELECT account.guards[n] AS id, sum(account.balance::numeric * account.guards[n + 1])::text
    FROM account CROSS JOIN LATERAL generate_series(1, cardinality(account.guards), 2) AS n GROUP BY account.guards[n]
"""
"""A guard's figure is its constant and what the balances of its accounts weigh."""


def recorded(tx: Tx) -> list[Finding]:
    """Accounts that say another instant than their last entry, their holds or their opening."""
    found: list[tuple[int, Decimal, Decimal]] = []
    after = -(2**63)
    while len(found) < rules.MOST and (
        page := tx.tuples(LAST_RECORDED, {"after": after, "limit": ACCOUNTS_AT_ONCE}, binary=True)
    ):
        after = page[-1][0]
        held = dict(tx.tuples(LAST_HELD, {"low": page[0][0], "high": after}))
        ids = rows.uuids([key.bytes for key in {row[3] for row in page} if key is not None])
        entries = dict(tx.tuples(RECORDED, {"ids": ids}, binary=True))
        found += rules.recorded([(a, b, c, d) for a, b, c, d in page], entries, held)
    told = _paths(tx, [key for key, _, _ in found])
    return [
        Finding("account.recorded_at", told[key], rules.said_otherwise(said, derived))
        for key, said, derived in found[: rules.MOST]
    ]


def _paths(tx: Tx, ids: Iterable[int]) -> dict[int, str]:
    return dict(tx.tuples(PATHS, {"ids": rows.int8s(sorted(set(ids)))}))


def hold_legs(tx: Tx) -> list[Finding]:
    """What the legs of holds reserve beside their accounts against what the pending holds say."""
    if rules.agree(tx.one(RESERVED), tx.one(PENDING)):
        return []
    pending = [rules.Pending(*row) for row in tx.tuples(PENDING_ROWS)]
    paths = _paths(tx, [each.account for each in pending])
    reserved = (rules.Reserved(*row) for row in tx.tuples(RESERVED_ROWS))
    return rules.hold_legs(reserved, pending, paths)[: rules.MOST]


def guard_figures(tx: Tx) -> list[Finding]:
    """The margins of guards against what the balances of their accounts weigh."""
    defined = tx.tuples(DEFINED)
    figures, weighed = dict(tx.tuples(FIGURES)), dict(tx.tuples(WEIGHED))
    return rules.guard_figures([(a, b, c, d) for a, b, c, d in defined], figures, weighed)[: rules.MOST]


def groups(tx: Tx) -> list[Finding]:
    """What is kept of each group of accounts against what its accounts come to; nothing, before it was laid."""
    kept, summed = ({row[:2]: row[2:] for row in tx.tuples(query)} for query in (GROUPS_KEPT, GROUPS_SUMMED))
    return rules.groups(kept, summed)[: rules.MOST] if kept.pop(("", ""), None) else []


def references(tx: Tx) -> list[Finding]:
    """Holds and releases are remembered by their references, each once and nothing beside; compared by sums first."""
    if rules.agree(tx.one(TAKEN), tx.one(OWED)):
        return []
    taken = {(name, hold) for name, hold in tx.tuples(TAKEN_NAMES)}
    owed = rules.owed_names([(name, state, ended) for name, state, ended in tx.tuples(OWED_NAMES)])
    return rules.references(taken, owed)[: rules.MOST]


def unbalanced(tx: Tx) -> list[Finding]:
    """Entries that do not sum to zero in each currency."""
    suspects = {row[0] for query in (UNBALANCED, MIXED) for row in tx.tuples(query)}
    entries = [(key, name, legs) for key, name, legs in tx.tuples(LEGS_OF, {"ids": sorted(suspects)})]
    named = {leg for _, _, legs in entries for leg in legs[0::2]}
    currencies = dict(tx.tuples(CURRENCIES, {"ids": rows.int8s(sorted(named))}))
    return rules.unbalanced(entries, currencies)[: rules.MOST]


def chains(tx: Tx, postings: int) -> list[Finding]:
    """Where postings and entries disagree: parts of the accounts by sums of hashes, then row by row in those that differ."""
    shift = {"shift": 63 - min(62, max(0, (postings // IN_A_PART).bit_length()))}
    posted = {part: (total, wrong) for part, total, wrong in tx.tuples(POSTING_PARTS, shift)}
    asked = dict(tx.tuples(ENTRY_PARTS, shift))
    found: list[tuple[int, str | None, str]] = []
    for part in rules.part_differs(posted, asked):
        where = {**shift, "part": part}
        moved = (rules.Moved(*row) for row in tx.tuples(POSTINGS_OF_PART, where))
        found += rules.chains(moved, [rules.Leg(*row) for row in tx.tuples(LEGS_OF_PART, where)])
        if len(found) >= rules.MOST:
            break
    named = found[: rules.MOST]
    paths = _paths(tx, [account for account, _, _ in named])
    return [
        Finding("posting", f"{paths.get(account, f'account {account}')} version {version or '-'}", problem)
        for account, version, problem in named
    ]
