"""Own the document that a cleared batch answers with: the same whoever clears it, and a receipt for each lender. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from farthing.funding.clearing.batch_file import Published, read
from farthing.funding.clearing.fairness import fairness
from farthing.funding.clearing.model import Cleared
from farthing.funding.clearing.receipts import Receipt
from farthing.funding.clearing.rules import clear


def clear_file(text: bytes, name: str, expected: str | None = None) -> tuple[Published, Cleared]:
    """The batch of a file, and how it cleared. Refuses what :func:`farthing.funding.clearing.batch_file.read` does."""
    published = read(text, name, expected)
    return published, clear(published.batch)


def answer(published: Published, found: Cleared) -> dict[str, Any]:
    """What each listing got and how fairly; ``fills_digest`` is over the fills one a line, so that two can compare. The fills
    themselves, which may be millions, are :func:`fills`."""
    shown = fairness(found)
    return {
        "batch": published.batch.id,
        "rule": published.batch.rule,
        "digest": published.digest,
        "asked": str(published.money(sum(each.notes for each in found.batch.listings))),
        "offered": str(published.money(sum(each.notes for each in found.batch.mandates))),
        "funded": str(published.money(found.notes)),
        "listings": _listings(published, found),
        "fairness": {
            "mandates": shown.mandates, "gini": str(shown.gini), "envied_listings": shown.envied,
            "parts": dict(zip(("lowest", "median", "highest"), (str(each) for each in shown.parts), strict=True)),
        },
        "fills_digest": fills_digest(found),
    }  # fmt: skip


def fills(published: Published, found: Cleared) -> Iterator[dict[str, str]]:
    """The fills one by one, as they are told: what of which listing for whom, and what he earns a year."""
    rates = {id: str(annual) for id, annual in found.rates.items()}
    amounts = {notes: str(published.money(notes)) for notes in np.unique(found.by_fill).tolist()}
    for fill in found.fills:
        yield {
            "listing": fill.listing, "mandate": fill.mandate, "amount": amounts[fill.notes], "annual": rates[fill.listing],
        }  # fmt: skip


def fills_digest(found: Cleared) -> str:
    """SHA-256 over ``listing mandate notes``, a line each, in the order of listings and mandates."""
    told = hashlib.sha256()
    for listing, who, notes in found.by_listing:
        lines = zip(who.tolist(), notes.tolist(), strict=True)
        told.update("".join([f"{listing}\t{found.mandates[at]}\t{some}\n" for at, some in lines]).encode())
    return told.hexdigest()


def _listings(published: Published, found: Cleared) -> list[dict[str, Any]]:
    asked = {each.id: each.notes for each in found.batch.listings}
    return [
        {
            "listing": id, "asked": str(published.money(asked[id])), "funded": str(published.money(int(notes.sum()))),
            "lenders": len(who), "annual": str(found.rates[id]) if len(who) else None,
        }
        for id, who, notes in found.by_listing
    ]  # fmt: skip


def told_receipt(published: Published, receipt: Receipt) -> dict[str, Any]:
    """What one lender was given, and why not more."""
    told: Mapping[str, Any] = asdict(receipt)
    return {
        "batch": published.batch.id, "rule": published.batch.rule, "digest": published.digest, "mandate": receipt.mandate,
        "asked": str(published.money(receipt.asked)), "filled": str(published.money(receipt.filled)),
        "fills": [
            {"listing": fill.listing, "amount": str(published.money(fill.notes)), "annual": str(annual)}
            for fill, annual in zip(receipt.fills, receipt.rates, strict=True)
        ],
        "why_not_more": {name: told[name] for name in ("fit", "full", "at_loan_limit", "at_grade_limit")},
    }  # fmt: skip
