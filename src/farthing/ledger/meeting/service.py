"""Own the meeting of books and log: what a leaf says was posted is there unchanged, and all that is there was said.

Whoever rewrites the one must rewrite the other, and the log is published (checkpoints, timestamps, witnesses).
Memory stays bounded whatever the bank's size: names are compared some thousands at a time. Never repairs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from farthing.db.tx import Tx
from farthing.evidence.audit.rules import Audit as LogAudit
from farthing.evidence.audit.service import verify as verify_log
from farthing.evidence.audit.service import visit_leaves
from farthing.kit.findings import Finding, silent
from farthing.ledger.meeting import store
from farthing.ledger.meeting.rules import Name, names
from farthing.ledger.named import digest_of, shown, shown_id

AT_ONCE = 2_000
MOST_FINDINGS = 100
MOST_PATHS = 200_000
SLICE = 1_000_000
"""Ids that are held at once while an entry without a leaf is looked for."""


def verify(tx: Tx, progress: Callable[[int, int], None] = silent) -> tuple[LogAudit, tuple[Finding, ...]]:
    """Verify the evidence log, and on the same way compare each entry that a leaf names with the books.

    ``tx`` must see one state throughout (``kernel.read(..., snapshot=True)``) where others write meanwhile.
    """
    meeting = Meeting(tx)
    log = verify_log(tx, progress, meeting.leaf)
    return log, meeting.finish()


class Meeting:
    """The books while leaves go by: what was named, what was found."""

    def __init__(self, tx: Tx) -> None:
        self.findings: list[Finding] = []
        self._tx = tx
        self._waiting: list[tuple[Name, bool]] = []
        self._paths: dict[int, tuple[str, str]] = {}
        self._posted = 0
        self._marks = 0

    def leaf(self, leaf: str, content: dict[str, Any]) -> None:
        """Take a leaf: ``posted`` names what its operation wrote; other leaves may name entries once more."""
        data = content.get("data")
        for key, value in data.items() if isinstance(data, dict) else ():
            self._waiting += [(name, key == "posted") for name in names(leaf, {key: value})]
        if len(self._waiting) >= AT_ONCE:
            self._compare()

    def finish(self) -> tuple[Finding, ...]:
        """Compare what is left, then the counts; answers all findings."""
        self._compare()
        if (self._posted, self._marks) != store.totals(self._tx):
            self.findings += self._unnamed()
        return tuple(self.findings[:MOST_FINDINGS])

    def _compare(self) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        found = {row[0].bytes: row for row in store.entries(self._tx, sorted({name[0] for name, _ in waiting}))}
        self._know({account for row in found.values() for account in row[6][0::2]})
        digests = {ident: self._digest(row) for ident, row in found.items()}
        for (ident, said, leaf), posted in waiting:
            if posted:
                self._posted += 1
                self._marks += found[ident][7] if ident in found else 0
            if ident not in found:
                self._add("entry.gone", shown_id(ident), f"is not in the books, and {leaf} says that it was posted")
            elif digests[ident] != said:
                subject = f"{shown_id(ident)} {found[ident][1]}"
                self._add("entry.differs", subject, f"is not what {leaf} says was posted")

    def _digest(self, row: tuple[Any, ...]) -> str:
        ident, reference, kind, on, memo, recorded_at, legs, _ = row
        nobody = ("an account that is not there", "")
        pairs = zip(legs[::2], legs[1::2], strict=False)
        lines = [(*self._paths.get(account, nobody), minor) for account, minor in pairs]
        return digest_of(str(ident), reference, kind, on, memo, shown(recorded_at), lines)

    def _know(self, accounts: set[int]) -> None:
        if len(self._paths) > MOST_PATHS:
            self._paths.clear()
        if missing := accounts - self._paths.keys():
            self._paths |= store.paths(self._tx, missing)

    def _add(self, what: str, subject: str, problem: str) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(what, subject, problem))

    def _unnamed(self) -> Iterator[Finding]:
        """Entries that no leaf names, or several do: the leaves are gone through again for each slice of the ids."""
        count, _ = store.totals(self._tx)
        slices = max(1, -(-count // SLICE))
        for number in range(slices):
            low, high = (number << 128) // slices, ((number + 1) << 128) // slices - 1
            there = store.slice_of(self._tx, str(UUID(int=low)), str(UUID(int=high)))
            named = self._named_between(low.to_bytes(16, "big"), high.to_bytes(16, "big"))
            for ident in sorted(there - named.keys())[:MOST_FINDINGS]:
                yield Finding("entry.unnamed", shown_id(ident), "is in the books, and no leaf says that it was posted")
            for ident in sorted(ident for ident, times in named.items() if times > 1)[:MOST_FINDINGS]:
                yield Finding("entry.named_twice", shown_id(ident), "was posted once, and several leaves say they did")

    def _named_between(self, low: bytes, high: bytes) -> Counter[bytes]:
        found: Counter[bytes] = Counter()

        def visit(leaf: str, content: dict[str, Any]) -> None:
            data = content.get("data")
            if isinstance(data, dict):
                found.update(ident for ident, _, _ in names(leaf, data.get("posted")) if low <= ident <= high)

        visit_leaves(self._tx, visit)
        return found
