"""Own the document that a cleared batch answers with: the same whoever clears it, and a receipt for each lender. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from farthing.funding.clearing.batch_file import Published, read
from farthing.funding.clearing.fairness import fairness
from farthing.funding.clearing.model import Cleared, Fill
from farthing.funding.clearing.receipts import Receipt, Receipts
from farthing.funding.clearing.rules import clear


def clear_file(text: bytes, name: str, expected: str | None = None, receipt: str | None = None) -> dict[str, Any]:
    """The answer to a batch file, or one mandate's ``receipt`` of it.

    Refuses what :func:`farthing.funding.clearing.batch_file.read` does, and ``funding.unknown_mandate``.
    """
    published = read(text, name, expected)
    found = clear(published.batch)
    if receipt is not None:
        return _receipt(published, Receipts(found).of(receipt))
    return answer(published, found)


def answer(published: Published, found: Cleared) -> dict[str, Any]:
    """All fills, what each listing got and how fairly; ``fills_digest`` is over the fills one a line, so that two can compare."""
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
        "fills": [_fill(published, found, fill) for fill in found.fills],
    }  # fmt: skip


def fills_digest(found: Cleared) -> str:
    """SHA-256 over ``listing mandate notes``, a line each, in the order of listings and mandates."""
    told = hashlib.sha256()
    for fill in found.fills:
        told.update(f"{fill.listing}\t{fill.mandate}\t{fill.notes}\n".encode())
    return told.hexdigest()


def _listings(published: Published, found: Cleared) -> list[dict[str, Any]]:
    begins = np.searchsorted(found.of_listing, np.arange(len(found.listings) + 1))
    by_id = {each.id: each for each in found.batch.listings}
    told = []
    for number, id in enumerate(found.listings):
        notes = int(found.by_fill[begins[number] : begins[number + 1]].sum())
        told.append({
            "listing": id, "asked": str(published.money(by_id[id].notes)), "funded": str(published.money(notes)),
            "lenders": int(begins[number + 1] - begins[number]), "annual": str(found.rates[id]) if notes else None,
        })  # fmt: skip
    return told


def _fill(published: Published, found: Cleared, fill: Fill) -> dict[str, str]:
    return {
        "listing": fill.listing, "mandate": fill.mandate, "amount": str(published.money(fill.notes)),
        "annual": str(found.rates[fill.listing]),
    }  # fmt: skip


def _receipt(published: Published, receipt: Receipt) -> dict[str, Any]:
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
