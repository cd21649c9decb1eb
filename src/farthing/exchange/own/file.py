"""Write and check a person's own report as a file: one signed JSON, which anybody checks with the network off. Pure.

    {"file": "farthing-exchange-report/1", "node": name, "key": SPKI in base64url, "report": {...}, "signed": JWS}

``report`` is there to be read; what counts is what the JWS says, and both must be the same. The key in the file proves nothing by
itself: whoever checks compares its id with the one that the node publishes, or gives the key that he had before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from farthing.exchange.messages import Message, PublicKey, checked, public_of, read, sign
from farthing.kit import base64url, strict_json
from farthing.kit.canonical import canonical, plain
from farthing.kit.errors import Refusal, malformed
from farthing.kit.keys.model import KeyHandle

FILE = "farthing-exchange-report/1"
KIND = "own_report"
LARGEST = 8_000_000
FIELDS = {"file", "node", "key", "report", "signed"}
NOT_A_REPORT = malformed(
    "exchange.file_unreadable",
    "This is no report of an exchange: give the file as it was downloaded.",
    "这不是信用信息交换节点出具的报告；请提供下载的原始文件。",
)


class FileStatus(StrEnum):
    """What checking a file found."""

    VERIFIED = "verified"
    KEY_NOT_COMPARED = "key not compared"
    WRONG_KEY = "wrong key"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: by which node and key, of which view, as of when; and, in words, what was not looked at."""

    status: FileStatus
    node: str
    key_id: str
    view_id: str
    as_of: str
    made_at: datetime | None
    report: Mapping[str, Any]

    @property
    def good(self) -> bool:
        """Whether nothing is wrong with it, though its key may be anybody's."""
        return self.status in (FileStatus.VERIFIED, FileStatus.KEY_NOT_COMPARED)


def make(report: Mapping[str, Any], view_id: str, subject_id: str, node: str, key: KeyHandle, at: datetime) -> bytes:
    """The file of a report, signed by the node for its person."""
    body = plain(dict(report))
    signed = sign(Message(f"report:{view_id}", KIND, node, subject_id, at, body), key)
    made = {"file": FILE, "node": node, "key": base64url.encode(public_of(key).spki), "report": body, "signed": signed}
    return canonical(made)


def check(content: bytes, known: PublicKey | None = None) -> Checked:
    """Whether a file is what a node signed. Asks nobody, and no clock: a report is of its day for ever.

    Refuses ``exchange.file_unreadable`` where it is no report at all.
    """
    try:
        told = strict_json.parse(content) if len(content) <= LARGEST else None
        if not isinstance(told, dict) or set(told) != FIELDS or told["file"] != FILE:
            raise ValueError
        key = PublicKey(base64url.decode(told["key"]))
        found = read(told["signed"])
        suite = key.suite
    except (ValueError, TypeError, AttributeError, Refusal):
        raise NOT_A_REPORT() from None
    message = found.message
    report = told["report"] if isinstance(told["report"], dict) else {}
    view_id, as_of = message.id.removeprefix("report:"), str(report.get("as_of", ""))

    def says(status: FileStatus) -> Checked:
        return Checked(status, message.sender, key.id, view_id, as_of, message.at, report)

    if known is not None and known != key:
        return says(FileStatus.WRONG_KEY)
    try:
        checked(found, {key.id: key}, message.receiver, message.at)
    except Refusal:
        return says(FileStatus.CHANGED)
    same = message.body == report and message.kind == KIND and message.sender == told["node"] and bool(suite)
    if not same:
        return says(FileStatus.CHANGED)
    return says(FileStatus.VERIFIED if known is not None else FileStatus.KEY_NOT_COMPARED)
