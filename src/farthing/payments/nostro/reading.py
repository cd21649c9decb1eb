"""Own how a file of a rail's statements is read: before anything is asked of the bank, by its schema and by rules. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.payments.iso20022 import reader
from farthing.payments.iso20022.model import Statement
from farthing.payments.nostro.model import BringStatement, StatementTold
from farthing.payments.nostro.rules import CODES
from farthing.payments.reconciling.breaks import content_of


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it was read: its statements by their days; ``final`` where they tell whole days (camt.053)."""

    content: bytes
    digest: str
    final: bool
    statements: tuple[Statement, ...]


def brought(command: BringStatement) -> Brought:
    """What somebody brought."""
    return _read(command.content)


def told(command: StatementTold) -> Brought:
    """What the rail told when it was asked."""
    return _read(command.content)


def statements(content: bytes) -> tuple[bool, tuple[Statement, ...]]:
    """Whether a file tells whole days, and its statements by their days; refuses ``iso20022.*``."""
    final, found = reader.read_any(content)
    return final, tuple(sorted(found, key=lambda each: (each.on, each.number or 0)))


def _read(text: str) -> Brought:
    content, digest = content_of(text, CODES)
    final, found = statements(content)
    return Brought(content, digest, final, found)
