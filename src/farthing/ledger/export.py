"""Own the ledger as plain text: one entry for people, and whole journals that hledger and beancount accept. Pure.

Debit is positive, as in those programs. Amounts are written out in full with their currency, so that a separate
program adds them up by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from farthing.kit.canonical import plain
from farthing.ledger.model import JournalEntry, Posted

ROOTS = {
    "assets": "Assets",
    "liabilities": "Liabilities",
    "equity": "Equity",
    "income": "Income",
    "expenses": "Expenses",
}
LONG_AGO = date(1900, 1, 1)
_NOT_BEANCOUNT = re.compile(r"[^A-Za-z0-9-]")


def render(entry: JournalEntry) -> str:
    """One entry in plain-text accounting form: date, kind and reference, then an indented line for each posting."""
    head = f"{entry.effective_on} {entry.kind} | {entry.reference}"
    width = max(len(posting.account) for posting in entry.postings) + 2
    amounts = [posting.amount.plain(grouped=True) for posting in entry.postings]
    digits = max(len(amount) for amount in amounts)
    lines = [
        f"    {posting.account:<{width}}{amount:>{digits}} {posting.amount.currency}"
        for posting, amount in zip(entry.postings, amounts, strict=True)
    ]
    return "\n".join([head, *lines])


def record(posted: Posted) -> dict[str, Any]:
    """An entry as evidence keeps it: in a loan's package, and by its digest in the leaf of whoever posted it."""
    entry = posted.entry
    return {
        "id": str(posted.id),
        "reference": entry.reference,
        "kind": entry.kind,
        "effective_on": entry.effective_on.isoformat(),
        "recorded_at": plain(posted.recorded_at),
        "memo": entry.memo,
        "postings": [plain(posting) for posting in entry.postings],
    }


def hledger(entries: Iterable[Posted]) -> Iterator[str]:
    """A journal for hledger, entry by entry: the entry's id as its code, its reference in a comment."""
    for posted in entries:
        entry = posted.entry
        text = _one_line(entry.memo or entry.kind)
        kind = _one_line(entry.kind)
        yield f"{entry.effective_on} ({posted.id}) {kind} | {text}  ; reference: {_one_line(entry.reference)}\n"
        for posting in entry.postings:
            yield f"    {posting.account}  {posting.amount.currency} {posting.amount.plain()}\n"
        yield "\n"


def _one_line(text: str) -> str:
    return text.replace(";", ",").replace("\n", " ")


def beancount(entries: Iterable[Posted]) -> Iterator[str]:
    """A journal for beancount: accounts are opened on the day of their first posting."""
    opened: set[str] = set()
    for posted in entries:
        entry = posted.entry
        for posting in entry.postings:
            account = beancount_account(posting.account)
            if account not in opened:
                opened.add(account)
                yield f"{entry.effective_on} open {account}\n"
        yield from beancount_entries((posted,))


def beancount_entries(entries: Iterable[Posted]) -> Iterator[str]:
    """Entries for beancount without the lines that open accounts: a stream that keeps no account in mind says these apart."""
    for posted in entries:
        entry = posted.entry
        yield f'{entry.effective_on} * "{_quoted(entry.kind)}" "{_quoted(entry.memo)}"\n'
        yield f'  reference: "{_quoted(entry.reference)}"\n'
        for posting in entry.postings:
            yield f"  {beancount_account(posting.account)}  {posting.amount.plain()} {posting.amount.currency}\n"
        yield "\n"


def beancount_opens(paths: Iterable[str]) -> Iterator[str]:
    """Accounts opened for beancount on a day before any bank's first: the order of lines in a file does not matter to it."""
    for path in paths:
        yield f"{LONG_AGO} open {beancount_account(path)}\n"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def beancount_account(path: str) -> str:
    """A path in beancount's letters: each part begins with a capital or a digit; other signs become dashes.

    Two paths that differ only in such signs would meet; paths made by this program never do.
    """
    root, *parts = path.split(":")
    named = [_NOT_BEANCOUNT.sub("-", part) for part in parts]
    return ":".join([ROOTS[root], *(part[:1].upper() + part[1:] for part in named)])
