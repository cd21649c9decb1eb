"""Meet entries that rows outside the ledger tell with the books: each is there and moves what the rows say. Never writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from farthing.db.tx import Tx
from farthing.kit.findings import Finding
from farthing.ledger import service as ledger
from farthing.ledger.model import JournalEntry, Posted


def met(
    tx: Tx, what: str, expected: Sequence[tuple[str, JournalEntry]], account: Callable[[str], str] = str
) -> list[Finding]:
    """Where the books hold another entry than the rows tell, or none: each entry with the id of the ``what`` that it is of.
    ``account``: what an account counts as, where rows do not tell which of several it was."""
    posted = ledger.found_by_id(tx, [entry.id for _, entry in expected])
    books = {each.reference: each for each in posted.values()}
    return [
        Finding(what, subject, problem)
        for subject, entry in expected
        if (problem := _differs(entry, books.get(entry.reference), account))
    ]


def _differs(entry: JournalEntry, there: Posted | None, account: Callable[[str], str]) -> str:
    if there is None:
        return f"the entry {entry.reference} is not in the books"
    other = sorted(_lines(entry, account) ^ _lines(there.entry, account))
    return f"the entry {entry.reference} moves otherwise than the rows say: {other[0][0]}" if other else ""


def _lines(entry: JournalEntry, account: Callable[[str], str]) -> set[tuple[str, int, str]]:
    return {(account(each.account), each.amount.minor, each.amount.currency) for each in entry.postings}
