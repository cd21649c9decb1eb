"""What is taken along to be reckoned elsewhere: the journal for other accounting programs, balances for a spreadsheet, the
signed log, and the program that checks packages. A journal is sent page by page, so that its length costs no memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cache

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from farthing.assurance import service as assurance
from farthing.evidence.package import checker_files, write_zip
from farthing.kit.actor import Actor
from farthing.ledger import export
from farthing.ledger import service as ledger
from farthing.ledger.model import EntryPage, Posted, sign_of
from farthing.ledger.overview import service as overview
from farthing.products.reading import day
from farthing.web.ground import ask, current, page, pages
from farthing.web.sheets import attached, dated, every, sheet
from farthing.web.speech import gettext as _

router = pages()
AT_ONCE = 100
"""Entries, or accounts, that are in memory at a time."""


@router.get("/proof/downloads")
def downloads(request: Request) -> Response:
    """What there is to take along, and what each is for."""
    who = current(request)
    signed = ask(request, who, assurance.latest_checkpoint) is not None
    return page(
        request, "proof/downloads.html", who, books=who.may("ledger:read"), signed=signed, digest=_checker()[1]
    )  # fmt: skip


@router.get("/proof/journal.hledger")
def for_hledger(request: Request) -> Response:
    """The whole journal for hledger."""
    return _journal(request, "hledger", export.hledger, lambda: iter(()))


@router.get("/proof/journal.beancount")
def for_beancount(request: Request) -> Response:
    """The whole journal for beancount, its accounts last."""
    who = current(request)
    return _journal(
        request, "beancount", export.beancount_entries, lambda: export.beancount_opens(_paths(request, who))
    )


def _journal(
    request: Request, name: str, write: Callable[[Iterable[Posted]], Iterator[str]], close: Callable[[], Iterator[str]]
) -> Response:
    """A journal, newest first: what is posted meanwhile lies before its beginning, so that what is sent is the state of one
    moment. Its last line counts the entries; a file without it was cut off on the way. Refused before it begins, if at all."""
    who = current(request)

    def some(after: str) -> tuple[Sequence[Posted], str | None]:
        found: EntryPage = ask(request, who, ledger.entries, after or None, AT_ONCE)
        return found.entries, found.next_cursor

    pages_of = every(some)

    def told() -> Iterator[str]:
        count = 0
        for entries in pages_of:
            yield "".join(write(entries))
            count += len(entries)
        yield from close()
        yield f"; the end: {count} entries\n"

    return StreamingResponse(
        told(), media_type="text/plain; charset=utf-8", headers=attached(dated(request, f"journal-{{}}.{name}"))
    )


def _paths(request: Request, who: Actor) -> Iterator[str]:
    """The path of every account, a page at a time."""
    after = ""
    while found := ask(request, who, ledger.balances, "", after=after, limit=AT_ONCE):
        yield from (each.path for each in found)
        after = found[-1].path


@router.get("/proof/trial-balance.csv")
def trial_balance(request: Request, on: str = "") -> Response:
    """Every account that is not at zero, now or at the end of a day; debits and credits of each currency sum to the same."""
    asked = day(on) if on else None
    found = ask(request, current(request), ledger.trial_balance, asked)
    lines = [(path, amount.currency, *_sides(amount.minor, amount.plain())) for path, amount in found.lines]
    return _sheet(request, "trial-balance", lines, asked)


@router.get("/proof/totals.csv")
def totals(request: Request) -> Response:
    """The same by groups of accounts, in minor units; it names no customer's account."""
    found = ask(request, current(request), overview.totals)
    lines = []
    for each in found:
        minor = sign_of(each.path) * each.total
        lines.append((each.path, each.currency, *_sides(minor, str(minor))))
    return _sheet(request, "totals", lines)


def _sides(minor: int, text: str) -> tuple[str, str]:
    """A figure as debit and credit."""
    return (text, "") if minor >= 0 else ("", text.removeprefix("-"))


def _sheet(request: Request, name: str, lines: Iterable[tuple[str, ...]], on: date | None = None) -> Response:
    heads = (_("Account"), _("Currency"), _("Debit"), _("Credit"))
    return sheet(dated(request, f"{name}-{{}}.csv", on), heads, lines)


@router.get("/proof/checker.zip")
def checker(request: Request) -> Response:
    """The program that checks an evidence package, as it ships; open to anybody, since it holds nothing of the bank."""
    return Response(_checker()[0], media_type="application/zip", headers=attached("farthing-checker.zip"))


@cache
def _checker() -> tuple[bytes, str]:
    """The same bytes each time, and their SHA-256."""
    content = write_zip(checker_files())
    return content, hashlib.sha256(content).hexdigest()
