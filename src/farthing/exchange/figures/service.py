"""Own the folder of a statistician: the secret of the noise, the ledger of the budget, append-only. One process at a time.

A table is paid for on the disk before it leaves, and a raise needs two officers' signatures over the same words.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from farthing.exchange.blinded.journal_service import Journal
from farthing.exchange.blinded.law import Law
from farthing.exchange.blinded.messages import MESSAGE_UNREADABLE, Message, heard
from farthing.exchange.blinded.parties_service import believed
from farthing.exchange.blinded.refusals import REPLAYED
from farthing.exchange.figures.budget import RAISED_ALONE, Budget
from farthing.exchange.figures.model import MonthRow, Published, Rule
from farthing.exchange.figures.rows import fraction_of
from farthing.exchange.figures.tables import published
from farthing.kernel.operation import decode
from farthing.kit import disk
from farthing.kit.canonical import digest, written
from farthing.kit.errors import Refusal

NOISE = "noise.key"
OFFICERS = frozenset({"officer"})


@dataclass(frozen=True, slots=True)
class Raise(Message):
    """The budget is raised by so much."""

    KIND = "raise"
    by: str
    nonce: str
    until: datetime


class Statistician:
    """A folder with a secret and a budget; ``parties.toml`` names its officers."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; refuses ``exposure.folder_unusable``."""
        self._officers = believed(folder)
        self._journal = Journal(folder)
        self._secret = disk.kept(folder / NOISE, lambda: os.urandom(32))
        self.budget = Budget()
        for record in self._journal.records():
            self.budget.take(record)

    def raised(self, first: Any, second: Any, law: Law, now: datetime) -> Budget:
        """Raise the budget by two officers' word; refuses ``exposure.raised_alone``, ``exposure.replayed``."""
        one, wanted = heard(first, Raise, self._officers, OFFICERS)
        other, agreed = heard(second, Raise, self._officers, OFFICERS)
        by = fraction_of(wanted.by)
        if one.name == other.name or one.key == other.key or wanted != agreed or by is None:
            raise RAISED_ALONE()
        law.check_alive(wanted.until, now)
        if wanted.nonce in self.budget.raises:
            raise REPLAYED()
        self._keep({"kind": "raised", "by": str(by), "nonce": wanted.nonce, "officers": [first, second]})
        return self.budget

    def publish(self, question: str, rows: Sequence[MonthRow], rule: Rule) -> tuple[Published, ...]:
        """The table of a quarter, paid for once; refuses ``exposure.budget_spent``, ``exposure.table_changed``."""
        of = digest([sorted(written(row) for row in rows), _said(rule)]).hex()
        record = self.budget.judge(question, of, rule)
        if record is not None:
            self._keep(record)
        return published(rows, rule, question, self._secret)

    def close(self) -> None:
        """Let another process have the folder."""
        self._journal.close()

    def _keep(self, record: dict[str, Any]) -> None:
        self._journal.add([record])
        self.budget.take(record)


def agreed(wire: Any) -> Raise:
    """The words of another officer's raise, to be signed too; refuses ``exposure.message_unreadable``."""
    try:
        words: Raise = decode(Raise, wire["body"])
    except (TypeError, KeyError, Refusal):
        raise MESSAGE_UNREADABLE(kind=Raise.KIND) from None
    return words


def _said(rule: Rule) -> Mapping[str, str]:
    return {each.name: str(getattr(rule, each.name)) for each in fields(rule)}
