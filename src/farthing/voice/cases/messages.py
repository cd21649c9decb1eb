"""Decide what a file of messages says, line by line. Pure; a line that cannot be read is told and stops none of the others."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, get_args

from farthing.kit.errors import malformed
from farthing.voice.cases.model import Taken
from farthing.voice.cases.rules import YEAR
from farthing.voice.model import Kind, Language

COLUMNS = ("key", "day", "channel", "kind", "phone", "name", "words", "remedy", "case")
MOST, MOST_WORDS = 500, 2_000
NOT_A_FILE = malformed(
    "voice.not_messages",
    "The file needs the columns {columns} and at most {most} lines.",
    "文件须包含 {columns} 各列，且不超过 {most} 行。",
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message: ``case`` is the number of a case that it goes on with, else nothing."""

    key: str
    day: date
    channel: Taken
    kind: Kind
    phone: str
    name: str
    words: str
    remedy: str
    case: str
    language: Language


def read(text: str, today: date) -> tuple[list[Message], list[str]]:
    """The messages of a file, and the lines that cannot be read with why; a key stands for its first line."""
    table = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), restkey="more", restval="")
    try:
        rows = list(table)
    except csv.Error:
        raise NOT_A_FILE(columns=", ".join(COLUMNS), most=MOST) from None
    if not table.fieldnames or not {"key", "day", "words"} <= set(table.fieldnames) or len(rows) > MOST:
        raise NOT_A_FILE(columns=", ".join(COLUMNS), most=MOST)
    found: dict[str, Message] = {}
    unread: list[str] = []
    for number, row in enumerate(rows, start=2):
        made = _message(row, today)
        if isinstance(made, str):
            unread.append(f"{number}: {made}")
        else:
            found.setdefault(made.key, made)
    return list(found.values()), unread


def _message(row: dict[str, Any], today: date) -> Message | str:
    said = {name: str(row.get(name) or "").strip() for name in COLUMNS}
    try:
        day = date.fromisoformat(said["day"])
    except ValueError:
        return "day"
    channel, kind = said["channel"] or "message", said["kind"] or "complaint"
    problem = next(_wrong(said, day, today, channel, kind), "")
    if problem or "more" in row:
        return problem or "columns"
    return Message(
        said["key"], day, channel, kind, said["phone"], said["name"], said["words"], said["remedy"], said["case"],  # type: ignore[arg-type]
        language_of(said["words"]),
    )  # fmt: skip


def _wrong(said: dict[str, str], day: date, today: date, channel: str, kind: str) -> Any:
    if not said["key"] or len(said["key"]) > 200:
        yield "key"
    if not today - timedelta(days=YEAR) <= day <= today:
        yield "day"
    if channel not in get_args(Taken):
        yield "channel"
    if kind not in get_args(Kind):
        yield "kind"
    if not said["words"] or len(said["words"]) > MOST_WORDS or not _plain(said):
        yield "words"
    if max(map(len, (said["name"], said["phone"], said["case"]))) > 100 or len(said["remedy"]) > 500:
        yield "name"


def _plain(said: dict[str, str]) -> bool:
    return all(each.isprintable() or each in "\n\r\t" for value in said.values() for each in value)


def language_of(words: str) -> Language:
    """Chinese where at least a fifth of the letters are."""
    letters: Sequence[str] = [each for each in words if each.isalpha()]
    chinese = sum("\u4e00" <= each <= "\u9fff" for each in letters)
    return "zh" if chinese * 5 >= len(letters) and chinese else "en"
