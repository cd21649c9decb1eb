"""Read ``account`` in groups. Never writes."""

from __future__ import annotations

from typing import LiteralString

from farthing.db.tx import Tx

GROUPS: LiteralString = """
SELECT array_to_string((string_to_array(path, ':'))[1:%(depth)s::integer], ':') AS head, currency, count(*),
    sum(sign * balance)::text
FROM account
WHERE (%(below)s::text = '' OR path LIKE %(below)s::text) AND closed_at IS NULL
GROUP BY head, currency ORDER BY head, currency
"""


def groups(tx: Tx, below: str, depth: int) -> list[tuple[str, str, int, int]]:
    """Accounts that begin with the same words, as many as ``depth``: those words, currency, how many, total on its side."""
    found = tx.tuples(GROUPS, {"below": below, "depth": depth})
    return [(head, currency, count, int(total)) for head, currency, count, total in found]
