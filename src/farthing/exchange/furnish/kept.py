"""Own how a part's rows are kept until their cycle is decided: what was read of them, without the numbers of documents. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from farthing.exchange.furnish.model import Row, Unread
from farthing.exchange.furnish.reading import read_row

_DAYS = frozenset({"opened_on", "period", "as_of", "first_delinquency_on", "closed_on", "notice_on"})
_PLACES = tuple(number for number, name in enumerate(Row._fields) if name in _DAYS)
_FLAGS = Row._fields.index("flags")


def kept(told: Sequence[Any], subject: Callable[[str, str], str]) -> str:
    """The rows of a part as they are kept."""
    lines = [
        (row.reference, row.code) if isinstance(row, Unread) else row
        for row in (read_row(number, each, subject) for number, each in enumerate(told, 1))
    ]
    return json.dumps(lines, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)


def read_kept(parts: Sequence[bytes]) -> Iterator[Row | Unread]:
    """The rows of a cycle's parts in their order, numbered through from 1."""
    number = 0
    for content in parts:
        for line in json.loads(content):
            number += 1
            if len(line) == 2:
                yield Unread(number, *line)
                continue
            for place in _PLACES:
                if line[place] is not None:
                    line[place] = date.fromisoformat(line[place])
            line[0], line[_FLAGS] = number, tuple(line[_FLAGS])
            yield Row(*line)
