"""Own ``Manifest``: what an export for a backup servicer says of itself, and the commands by which it is made and taken over.

Tables: ``wind_down``, ``wind_down_part``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from farthing.kernel.operation import secret
from farthing.kit.inputs import Amount, Base64, Code, Flag, Id, Line, OrganisationName, Statement

FORMAT = 1
Way = Literal["out", "in"]
State = Literal["allowed", "sealed", "taking", "done"]


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the export: how many lines it has, how long it is, and its SHA-256."""

    name: str
    lines: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in an export. ``sums``: minor units by name and currency (``client_money:CNY``). ``parts`` are taken over in their
    order; ``papers`` are for whoever reads them. ``first_on``: the day of the oldest entry."""

    format: int
    bank: str
    credit_code: str
    home: str
    law: str
    schema: str
    software: str
    business_date: date
    made_at: datetime
    first_on: date
    sums: dict[str, int]
    parts: tuple[Part, ...]
    papers: tuple[Part, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """That the bank's log knows a manifest: the leaf that says so, its proof against a signed checkpoint, the log's key."""

    leaf: str
    proof: str
    key: str


@dataclass(frozen=True, slots=True)
class AllowExport:
    """Let one export be made, which holds names, identity numbers, phones and contracts of customers; and why."""

    why: Statement


@dataclass(frozen=True, slots=True)
class SealExport:
    """An allowed export was written: enter its manifest in the log. ``warrant``: that this bank made it, as it said itself."""

    export_id: Id
    manifest: Base64 = secret()
    warrant: Base64 = secret()


@dataclass(frozen=True, slots=True)
class Sealed:
    """An export whose manifest the log knows."""

    export_id: str
    manifest_sha256: str
    seal: Seal


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Take over what a bank exported. ``client_money``: what in its home currency is handed over with it;
    ``log_key``: the key of its log, known from elsewhere."""

    bank: OrganisationName
    credit_code: Code
    log_key: Line
    client_money: Amount
    manifest_sha256: Id
    why: Statement


@dataclass(frozen=True, slots=True)
class PresentManifest:
    """Present the manifest of what two persons agreed to take over, with the leaf and the proof that its bank's log knows it."""

    takeover_id: Id
    manifest: Base64 = secret()
    leaf: Base64 = secret()
    proof: Base64 = secret()


@dataclass(frozen=True, slots=True)
class BringPart:
    """Bring a part of what is taken over, as the manifest names it; ``settling``: its accounts to what they must hold."""

    takeover_id: Id
    name: Line
    content: Base64 = secret()
    settling: Flag = False


@dataclass(frozen=True, slots=True)
class Brought:
    """How much of a part was new here."""

    takeover_id: str
    name: str
    new: int


@dataclass(frozen=True, slots=True)
class FinishTakeOver:
    """Every part was brought: compare, and end the take-over."""

    takeover_id: Id


@dataclass(frozen=True, slots=True)
class WindDown:
    """An export or a take-over as it stands; ``sums`` in minor units by name."""

    id: str
    way: Way
    state: State
    bank: str
    why: str
    begun_at: datetime
    begun_on: date
    done_at: datetime | None
    manifest_sha256: str | None
    sums: dict[str, int] | None
