"""Make a report of records: the same records make the same bytes. Pure.

What is said of a month is its newest version among the records that are given; a report names no number of a document and no
account's number, and says of each month how the second-generation report of the PBOC and Metro 2 would.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from farthing.exchange.codes import SYSTEMS, codes

FORMAT = 1
"""The form of a report; a change is a new one, and views keep to theirs."""
MONTHS = 60
"""Months of a tradeline that a report shows: five years."""


@dataclass(frozen=True, slots=True)
class Records:
    """What is recorded of a subject, as rows: links, tradelines, months, public records; and who the furnishers are."""

    links: Sequence[dict[str, Any]]
    tradelines: Sequence[dict[str, Any]]
    months: Sequence[dict[str, Any]]
    public_records: Sequence[dict[str, Any]]
    furnishers: dict[str, dict[str, Any]]


def report_of(node: str, subject_id: str, as_of: date, records: Records) -> dict[str, Any]:
    """The report of a subject as of a day."""
    lines = _newest(records.tradelines, "id")
    months: dict[str, list[dict[str, Any]]] = {}
    for month in _newest(records.months, "tradeline_id", "period"):
        if month["as_of"] <= as_of:
            months.setdefault(month["tradeline_id"], []).append(month)
    told = [_line(each, months[each["id"]], records.furnishers) for each in lines if each["id"] in months]
    return {
        "format": FORMAT, "codes": codes().version, "node": node, "subject": subject_id, "as_of": as_of.isoformat(),
        "identity": _identity(records.links),
        "tradelines": sorted(told, key=lambda each: (each["opened_on"], each["id"])),
        "public_records": [
            _public(each) for each in _newest(records.public_records, "id") if each["filed_on"] <= as_of
        ],
    }  # fmt: skip


def _newest(rows: Iterable[dict[str, Any]], *key: str) -> list[dict[str, Any]]:
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda each: each["revision"]):
        found[tuple(row[name] for name in key)] = row
    return [found[each] for each in sorted(found)]


def _identity(links: Iterable[dict[str, Any]]) -> dict[str, Any]:
    def of(kind: str) -> list[str]:
        return sorted({each["value"] for each in links if each["kind"] == kind})

    return {"documents": of("document"), "names": of("name")}


def _line(line: dict[str, Any], months: list[dict[str, Any]], furnishers: dict[str, dict[str, Any]]) -> dict[str, Any]:
    shown = sorted(months, key=lambda each: each["period"], reverse=True)[:MONTHS]
    return {
        "id": line["id"], "furnisher": furnishers[line["member_id"]], "class": line["class"], "role": line["role"],
        "opened_on": line["opened_on"].isoformat(), "currency": line["currency"], "original": line["original_minor"],
        "security": line["security"], "bought": bool(line["origin"]), "months": [_month(each) for each in shown],
    }  # fmt: skip


def _month(month: dict[str, Any]) -> dict[str, Any]:
    status, dpd = month["status"], month["dpd"]
    return {
        "period": f"{month['period']:%Y-%m}", "as_of": month["as_of"].isoformat(), "status": status, "dpd": dpd,
        "codes": {system: codes().said(system, status, dpd) for system in SYSTEMS}, "source_code": month["source_code"],
        "limit": month["limit_minor"], "balance": month["balance_minor"], "due": month["due_minor"],
        "paid": month["paid_minor"], "five_class": month["five_class"],
        "first_delinquency_on": _day(month["first_delinquency_on"]), "closed_on": _day(month["closed_on"]),
        "version": month["revision"], "corrects": month["supersedes"], "reason": month["reason"],
    }  # fmt: skip


def _public(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": record["id"], "kind": record["kind"], "source": record["source"], "filed_on": record["filed_on"].isoformat(),
        "amount": record["amount_minor"], "currency": record["currency"], "satisfied_on": _day(record["satisfied_on"]),
        "withdrawn_on": _day(record["withdrawn_on"]), "version": record["revision"],
    }  # fmt: skip


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
