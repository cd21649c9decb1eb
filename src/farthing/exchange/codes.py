"""Own how the status of a month is said: in our words, and in the codes of other systems by a versioned table. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from farthing.kit.errors import InvariantBroken
from farthing.kit.shipped import DATA
from farthing.kit.tables import Fault, Table, parse
from farthing.kit.words import Words
from farthing.products.prudence import CLASSES

STATUSES: Mapping[str, Words] = {
    "current": Words("paid as due", "正常还款"),
    "idle": Words("nothing was due", "本月无须还款"),
    "past_due": Words("past due", "逾期"),
    "untold": Words("open, not told", "已开立，状态未知"),
    "written_off": Words("written off", "呆账"),
    "guarantor_paid": Words("paid by the guarantor", "担保人代还"),
    "settled_by_assets": Words("settled by assets", "以资抵债"),
    "paid_off": Words("paid off", "结清"),
    "closed": Words("closed", "销户"),
    "sold": Words("sold", "转出"),
    "ended_by_loss": Words("ended by a loss", "终止"),
}
"""Every status, and what it is called. ``untold``: the account is open and what it did in the month may not be told yet."""
FINAL = frozenset({"paid_off", "closed", "sold", "ended_by_loss", "settled_by_assets"})
"""After which nothing more is told of an account."""
NEGATIVE = frozenset({"past_due", "written_off", "guarantor_paid", "settled_by_assets", "ended_by_loss"})
"""Of which the person is told before (Credit Reporting Regulation, article 15)."""
FIVE_CLASSES = ("", *CLASSES)
System = Literal["pboc2", "metro2"]
SYSTEMS: tuple[System, ...] = ("pboc2", "metro2")


@dataclass(frozen=True, slots=True)
class Code:
    """A code of another system: what it says of a month, for so many days past due; none where they are not told."""

    system: str
    code: str
    status: str
    least: int | None
    most: int | None
    name: Words

    def fits(self, status: str, dpd: int | None) -> bool:
        """Whether a month is what the code says."""
        if status != self.status:
            return False
        if self.least is None or self.most is None:
            return dpd is None
        return dpd is not None and self.least <= dpd <= self.most


@dataclass(frozen=True, slots=True)
class Codes:
    """The table: its version, and every code."""

    version: int
    codes: tuple[Code, ...]

    def said(self, system: str, status: str, dpd: int | None) -> str:
        """How a system says a month; empty where it has no code for that."""
        return next((each.code for each in self.codes if each.system == system and each.fits(status, dpd)), "")

    def status(self, source: str, dpd: int | None) -> str | None:
        """What a code such as ``pboc2:3`` says, for so many days past due; none where there is no such code, or where it does
        not say that of so many days."""
        system, _, code = source.partition(":")
        fit = [each for each in self.codes if (each.system, each.code) == (system, code)]
        return next((each.status for each in fit if each.fits(each.status, dpd)), None)

    def knows(self, source: str) -> bool:
        """Whether there is such a code."""
        system, _, code = source.partition(":")
        return any((each.system, each.code) == (system, code) for each in self.codes)

    def agrees(self, source: str, status: str, dpd: int | None) -> bool:
        """Whether a code says of a month what we say."""
        system, _, code = source.partition(":")
        return any((each.system, each.code) == (system, code) and each.fits(status, dpd) for each in self.codes)


@cache
def codes() -> Codes:
    """What ships with the program."""
    file = parse("codes.toml", (DATA / "exchange" / "codes.toml").read_text(encoding="utf-8"), _broken)
    found = Codes(file.whole("version", 1), file.many("code", _code))
    file.close()
    return found


def _code(table: Table) -> Code:
    one = table.table("code")
    told = one.has("from")
    found = Code(
        one.choice("system", SYSTEMS), one.text("code"), one.choice("status", STATUSES),
        one.whole("from") if told else None, one.whole("to") if told else None, one.words("name"),
    )  # fmt: skip
    one.close()
    return found


def _broken(fault: Fault) -> Exception:
    return InvariantBroken(f"{fault.file} cannot be read: {fault.problem} ({fault.path} {fault.key})")
