"""The books of the partner lender named ``sandbox``: what it was told of loans and saw on its own bank account, each day's file
made of that alone. Pure.

It is told of a loan as a whole and reckons its own part by its own arithmetic, so that two books meet that know nothing of each
other. What leaves something for servicing it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_DOWN, Decimal
from typing import Any

from farthing.funding.settling.files import to_csv
from farthing.funding.shares import COMPONENTS
from farthing.kit.ids import bare
from farthing.kit.money import Money
from farthing.payments.iso20022.model import Detail, Line, Statement


@dataclass
class SandboxBooks:
    """What a partner knows: of which loans it holds which part of how much, and what moved. The same id is heard once."""

    currency: str = "CNY"
    parts: dict[str, tuple[int, int]] = field(default_factory=dict)
    heard: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def agree(self, question: Mapping[str, Any]) -> None:
        """Remember a loan that it lends a part of (the JSON of :class:`farthing.funding.model.Question`)."""
        self.parts[str(question["loan_id"])] = int(question["share"]["minor"]), int(question["principal"]["minor"])

    def hear(self, told: Mapping[str, Any]) -> None:
        """Take what moved, in minor units: of a loan as a whole ``{"id", "on", "kind": "disbursed" | "repaid" | "recovered",
        "loan_id", "principal", "interest", ...}``, or in its own favour ``{"id", "on", "kind": "transfer", "value_on",
        "amount"}``; ``on`` is the day it books it."""
        self.heard.setdefault(str(told["id"]), dict(told))

    def file(self, code: str, on: date) -> bytes:
        """Its own file of a day, as a table."""
        return to_csv(self.statement(code, on))

    def statement(self, code: str, on: date) -> Statement:
        """Its own account of a day with the bank that calls it ``code``."""
        had: dict[tuple[str, str, str], int] = {}
        earlier, lines = 0, list[Line]()
        for told in sorted(self.heard.values(), key=lambda each: str(each["on"])):
            line = self._line(told, had)
            if line.booked_on < on:
                earlier += line.amount.minor
            elif line.booked_on == on:
                lines.append(line)
        closing = earlier + sum(line.amount.minor for line in lines)
        opening, made_at = Money(earlier, self.currency), datetime.combine(on, time(0), UTC)
        return Statement(
            on.isoformat(), None, code, "", made_at, on, opening, Money(closing, self.currency), tuple(lines)
        )

    def _line(self, told: Mapping[str, Any], had: dict[tuple[str, str, str], int]) -> Line:
        on, kind = date.fromisoformat(str(told["on"])), str(told["kind"])
        if kind == "transfer":
            value_on = date.fromisoformat(str(told.get("value_on", on)))
            return Line(str(told["id"]), Money(int(told["amount"]), self.currency), on, value_on, kind)
        loan_id = str(told["loan_id"])
        details = []
        for name in COMPONENTS:
            key, minor = (loan_id, kind, name), int(told.get(name, 0))
            before = had.get(key, 0)
            had[key] = before + minor
            own = self._own(loan_id, before + minor) - self._own(loan_id, before)
            if own:
                signed = Money(-own if kind == "disbursed" else own, self.currency)
                details.append(Detail(signed, name, bare(loan_id)))
        amount = Money(sum(each.amount.minor for each in details if each.amount), self.currency)
        return Line(str(told["id"]), amount, on, on, kind, tuple(details))

    def _own(self, loan_id: str, whole: int) -> int:
        """Its part of a whole, to the nearest minor unit; a half stays with whoever arranged the loan."""
        share, principal = self.parts[loan_id]
        return int((Decimal(whole) * share / principal).quantize(Decimal(1), ROUND_HALF_DOWN))
