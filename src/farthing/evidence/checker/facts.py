"""Check that the facts of a package agree: the journal balances and is what leaves recorded; so are the terms."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from . import document
from .log import INVENTORY
from .report import Findings

AT_PACKAGING = "evidence.journal"


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of values that hold text, whole numbers and ASCII keys only, as journal entries do."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def under(value: Any, key: str) -> Iterator[Any]:
    """Every value that stands under a key, at any depth."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name == key:
                yield item
            yield from under(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from under(item, key)


def check_journal(members: Mapping[str, bytes], leaves: list[dict[str, Any]], findings: Findings) -> None:
    """Each entry sums to zero in each currency, and a proven leaf recorded its digest; none is left out."""
    if "journal/journal.json" not in members:
        findings.skipped("journal", "journal", "The package holds no journal.", "包内没有会计分录。")
        return
    entries = json.loads(members["journal/journal.json"])["entries"]
    named: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for leaf in leaves:
        if leaf["kind"] != INVENTORY:
            for items in under(leaf["data"], "journal_entries"):
                for item in items:
                    named[item["id"]].add((item["digest"], leaf["kind"]))
    failed_before = len(findings.all)
    late = 0
    for entry in entries:
        _check_balance(entry, findings)
        digest = hashlib.sha256(canonical(entry)).hexdigest()
        kinds = {kind for known, kind in named.get(entry["id"], set()) if known == digest}
        if not named.get(entry["id"]):
            findings.failed("journal.unnamed", entry["id"], "No leaf recorded this entry.", "没有日志条目记录该分录。")
        elif not kinds or len({known for known, _ in named[entry["id"]]}) > 1:
            findings.failed("journal.digest", entry["id"], "It is not what the log recorded.", "与日志记录不符。")
        late += kinds == {AT_PACKAGING}
    about = {item["id"] for leaf in leaves if leaf["kind"] != INVENTORY for item in _about(leaf["data"])}
    for missing in sorted(about - {entry["id"] for entry in entries}):
        findings.failed(
            "journal.missing", missing, "A leaf recorded this entry and it is not in the journal.",
            "日志条目记录了该分录，但分录不在包内。",
        )  # fmt: skip
    if len(findings.all) == failed_before:
        findings.passed(
            "journal.balanced", f"{len(entries)} entries",
            "Each sums to zero in each currency and is what leaves recorded.",
            "每笔分录各币种合计为零，且与日志记录一致。",
        )  # fmt: skip
    if late:
        findings.skipped(
            "journal.recorded_late", f"{late} of {len(entries)} entries",
            "The log recorded them when the package was made, not when they were posted.",
            "这些分录是在制作证据包时（而非入账时）记入日志的。",
        )  # fmt: skip


def _about(data: Any) -> Iterator[dict[str, Any]]:
    """Entries that a leaf says are of this matter. What an operation ``posted`` may be of others' matters too."""
    if isinstance(data, dict):
        data = {key: value for key, value in data.items() if key != "posted"}
    for items in under(data, "journal_entries"):
        yield from items


def _check_balance(entry: dict[str, Any], findings: Findings) -> None:
    sums: dict[str, int] = defaultdict(int)
    for posting in entry["postings"]:
        sums[posting["amount"]["currency"]] += int(posting["amount"]["minor"])
    for currency, total in sums.items():
        if total:
            findings.failed(
                "journal.unbalanced", entry["id"], f"Its postings in {currency} sum to {total}, not to zero.",
                f"{currency} 合计为 {total}，不为零。",
            )  # fmt: skip


def check_contract(members: Mapping[str, bytes], leaves: list[dict[str, Any]], findings: Findings) -> None:
    """The contract and its terms must be those a leaf recorded, and the terms those attached to the contract."""
    for name, key in (("contract.pdf", "contract_sha256"), ("terms.json", "terms_sha256")):
        if name not in members:
            continue
        digest = hashlib.sha256(members[name]).hexdigest()
        said = {item for leaf in leaves if leaf["kind"] != INVENTORY for item in under(leaf["data"], key)}
        if digest in said:
            findings.passed(f"{key}", name, "Its digest is the one a leaf recorded.", "摘要与日志条目记录一致。")
        elif said:
            findings.failed(f"{key}", name, "A leaf recorded another digest.", "日志条目记录的是另一摘要。")
        else:
            findings.skipped(
                f"{key}", name, "No leaf recorded it before the package was made.", "制作证据包之前没有日志条目记录它。"
            )
    if "contract.pdf" not in members or "terms.json" not in members:
        return
    if document.attached(members["contract.pdf"], members["terms.json"]):
        findings.passed(
            "terms.attached",
            "terms.json",
            "The same bytes are attached inside the contract.",
            "与合同内所附数据逐字节一致。",
        )
    else:
        findings.failed(
            "terms.attached", "terms.json", "The contract does not carry these terms.", "合同内没有附带这些条款数据。"
        )
