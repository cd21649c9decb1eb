"""Own the break: a difference between two books of one account, what it is called, and what may be done about it. Pure.

Whoever keeps breaks (of a partner, of a rail) keeps them in tables of its own and refuses under codes of its own; what
a break is, how it is named and when it may be worked off is the same for all.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol, TypeVar

from farthing.kit.canonical import canonical
from farthing.kit.errors import Code
from farthing.kit.ids import derived, prefixed
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.payments.iso20022.model import Line
from farthing.payments.reconciling.matching import Difference, Kind, concern_of

DIFFERENCES = "assets:settlement:differences"
"""What is taken out of accounts with others, or put into them, until whose it is: may go either way."""
BreakState = Literal["open", "worked_off", "gone"]
KINDS: dict[Kind, Words] = {
    "missing_there": Words("Missing on the other side", "对方缺失"),
    "missing_here": Words("Missing in our books", "我方缺失"),
    "amount": Words("Another amount", "金额不符"),
    "currency": Words("Another currency", "币种不符"),
    "duplicate": Words("Told twice", "对方重复"),
    "wrong_day": Words("Another day", "日期不符"),
    "timing": Words("Not there yet", "时间差"),
    "taken_back": Words("Taken back by the other side", "对方冲正或退回"),
    "unknown": Words("Names nothing that we know", "无法识别"),
}
STATES: dict[BreakState, Words] = {
    "open": Words("Open", "待处理"),
    "worked_off": Words("Worked off", "已处理"),
    "gone": Words("Gone with a later file", "已由后续文件消除"),
}


@dataclass(frozen=True, slots=True)
class Codes:
    """How whoever keeps breaks refuses to work one off, and a file that is not sent as base 64."""

    unknown: Code
    ended: Code
    no_reason: Code
    nothing_to_correct: Code
    not_base64: Code


class Kept(Protocol):
    """A break as it is kept, whatever else it says."""

    @property
    def id(self) -> str:
        """Its name."""
        ...

    @property
    def state(self) -> BreakState:
        """What became of it."""
        ...

    @property
    def difference(self) -> Money:
        """What the other side has more."""
        ...


Some = TypeVar("Some", bound=Kept)


def content_of(text: str, codes: Codes) -> tuple[bytes, str]:
    """A file that was sent as base 64, and its digest (SHA-256, hex)."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise codes.not_base64() from None
    return content, hashlib.sha256(content).hexdigest()


def numbered(keys: Sequence[Any]) -> list[str]:
    """The ids of breaks by what each says: the same difference found again is the same break, and two that say the same are two.

    The words of a file may hold whatever signs they like: no text of one difference makes it another.
    """
    times: Counter[str] = Counter()
    made = []
    for key in keys:
        name = canonical(key).decode()
        times[name] += 1
        made.append(prefixed("break", derived(f"{name}|{times[name]}")))
    return made


@dataclass(frozen=True, slots=True)
class Sides:
    """What a difference says, as it is shown: the reference and words of our line, else of theirs; amounts and days of both."""

    reference: str
    concerns: str
    what: str
    ours: Money | None
    ours_on: date | None
    theirs: Money | None
    theirs_on: date | None


def sides(found: Difference) -> Sides:
    """Both sides of a difference."""
    line = found.ours or found.theirs
    assert line is not None
    return Sides(
        line.reference, concern_of(line), line.what, found.ours.amount if found.ours else None,
        found.ours.value_on if found.ours else None, found.theirs.amount if found.theirs else None,
        found.theirs.value_on if found.theirs else None,
    )  # fmt: skip


def side_key(line: Line | None) -> list[Any] | None:
    """What names one side of a difference."""
    return None if line is None else [line.reference, line.amount, line.value_on, concern_of(line), line.what]


def check_work_off(codes: Codes, break_id: str, found: Some | None, reason: str, correct: bool) -> Some:
    """Refuse to work off what is no break, or none any more; without a reason; or to correct what changes nothing."""
    if found is None:
        raise codes.unknown(break_id=break_id)
    if found.state != "open":
        raise codes.ended(break_id=found.id)
    if not reason.strip():
        raise codes.no_reason()
    if correct and not found.difference:
        raise codes.nothing_to_correct(break_id=found.id)
    return found
