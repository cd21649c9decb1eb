"""Own the sandbox bank: a rail's other side with a book of its own, a file that it appends to, spoken to in ISO 20022.

It settles, accepts, declines and keeps silent by the same last digits as the rail in the program
(:mod:`farthing.payments.sandbox_rail`), and otherwise as it is told over its control door. What was written to its book is there
after it was killed. Its days are those of its orders; one is over once its statement was asked for
(:mod:`farthing.town.sandbox_account`). Never holds a customer's name.
"""

from __future__ import annotations

import json
import os
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from farthing.kit.errors import Refusal
from farthing.kit.ids import derived
from farthing.kit.money import Money
from farthing.payments.iso20022 import payment_messages as messages
from farthing.payments.iso20022 import payment_writer as writer
from farthing.payments.iso20022 import writer as statements
from farthing.payments.iso20022.payment_messages import Arrived, Ask, Order, Returned, Status
from farthing.payments.sandbox_rail import ACCEPTS, DECLINES, LATE_NO, SILENT_AT_FIRST
from farthing.town.sandbox_account import Account, Booking

Mood = Literal["answers", "declines", "accepts", "pends", "loses", "mute", "wrong", "twice"]
"""As of the rail in the program; wrong: it answers something that is no message; twice: it books the order twice, and tells its
answer once more by itself."""
Gap = Literal["line", "day", "found"]
"""What the next statement lacks: its last line, which is booked a day late, or it is lost; found: what was lost is told again."""
UNKNOWN_TO_US = "NOOR"
WAIT = ("ACSP", "PDNG")
"""Where an order stands that has no end."""
SAYS = {"settled": messages.SAID["settled"], "declined": messages.SAID["declined"]}
"""What it says by itself of an order, as the status has it."""
NOBODYS = "00000000-0000-4000-8000-000000000000"
"""What a message that cannot be read is called in its refusal."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An order as the bank's book has it: the first that came under its id, and where it stands (RJCT, PDNG, ACSP, ACSC)."""

    id: str
    uetr: str
    direction: str
    minor: int
    currency: str
    digest: str
    code: str
    reference: str
    reason_code: str = ""
    late_no: bool = False


class SandboxBank:
    """Takes messages and answers them; ``book`` is where it keeps what it did, read again when it starts."""

    def __init__(self, book: Path | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.orders: dict[str, Kept] = {}
        self.told: list[tuple[str, bytes]] = []
        self.recalls: dict[str, str] = {}
        self.account = Account()
        self.moods: deque[Mood] = deque()
        self.heard = 0
        self._book, self._now, self._lock = book, now, threading.Lock()
        if book is not None and book.exists():
            for line in book.read_text(encoding="utf-8").splitlines():
                self._again(json.loads(line))

    def take(self, content: bytes) -> bytes | None:
        """Answer a message; none where the bank says nothing. What breaks its schema or its rules is refused by its code."""
        with self._lock:
            self.heard += 1
            mood: Mood = self.moods.popleft() if self.moods else "answers"
            if mood == "loses":
                return None
            try:
                told = messages.read(content, messages.CREDIT, messages.COLLECTION, messages.INQUIRY, messages.RECALL)
            except Refusal as refusal:
                return writer.status(Status("NOTPROVIDED", NOBODYS, "RJCT", "", "FF01", refusal.code), self._now())
            assert isinstance(told, Order | Ask)
            answer = self._order(told, mood) if isinstance(told, Order) else self._asked(told)
            return None if mood == "mute" else b"<nothing/>" if mood == "wrong" else answer

    def tell(self, kind: str, said: Mapping[str, Any]) -> str:
        """Let something happen of which the bank tells by itself; answers the notice's name. Kinds: ``settled``, ``declined``,
        ``returned``, ``recalled``, ``arrived``."""
        with self._lock:
            return self._tell(kind, said)

    def statement(self, on: date) -> bytes:
        """The statement of a day, which is over with it (camt.053); nothing where it was lost."""
        with self._lock:
            self._do(*self.account.ending(on))
            if on.isoformat() in self.account.lost:
                return b""
            told = self.account.statement(on, self._now())
            return statements.write(told.id, told.made_at, [told])

    def report(self) -> bytes:
        """What the day that is not over has come to so far (camt.052)."""
        with self._lock:
            told = self.account.statement(self.account.day(self._today()), self._now())
            return statements.write_report(told.id, told.made_at, told)

    def lack(self, gap: Gap) -> None:
        """Let the next statement lack something, or find what was lost."""
        with self._lock:
            self._do({"gap": gap})

    def answer_recall(self, end_to_end_id: str, agreed: bool) -> None:
        """Let the payee say what becomes of a recall."""
        with self._lock:
            self._do({"recall": end_to_end_id, "code": messages.AGREED if agreed else messages.REFUSED})

    def after(self, notice: str, most: int = 200) -> list[tuple[str, bytes]]:
        """What it told after one of its notices."""
        with self._lock:
            names = [name for name, _ in self.told]
            place = names.index(notice) + 1 if notice in names else 0
            return self.told[place : place + most]

    def moved(self) -> dict[str, int]:
        """What it carried out by end-to-end id, in minor units: more than nothing came to us, less went out."""
        return {
            each.id: each.minor if each.direction == "in" else -each.minor
            for each in self.orders.values()
            if each.code == "ACSC"
        }

    def _order(self, told: Order, mood: Mood) -> bytes | None:
        content = derived(f"{told.direction} {told.amount} {told.account} {told.uetr}").hex
        known = self.orders.get(told.id)
        if known is not None:
            code = "DUPL" if known.digest == content else "AM05"
            return writer.status(Status(told.id, told.uetr, "RJCT", known.reference, code), self._now())
        reason = "MS03" if mood == "declines" else DECLINES.get(told.account[-4:], "")
        waits = mood == "accepts" or told.account.endswith(ACCEPTS)
        code = "RJCT" if reason else "PDNG" if mood == "pends" else "ACSP" if waits else "ACSC"
        kept = Kept(
            told.id, told.uetr, told.direction, told.amount.minor, told.amount.currency, content, code,
            f"SB{derived(told.id).hex[:16].upper()}", reason, told.account.endswith(LATE_NO),
        )  # fmt: skip
        self._stand(kept, told.on)
        if mood == "twice" and kept.code == "ACSC":
            self._do(self.account.booking(_booking(kept, told.on, f"{kept.reference}2")))
            self._tell("settled", {"id": kept.id})
        return None if told.account.endswith(SILENT_AT_FIRST) else self._said(kept)

    def _asked(self, told: Ask) -> bytes:
        kept = self.orders.get(told.id)
        if told.reason_code:
            code = self.recalls.get(told.id, messages.PENDING) if kept else messages.REFUSED
            reason = "" if code != messages.REFUSED else "NOAS" if kept else UNKNOWN_TO_US
            return writer.resolution(Status(told.id, told.uetr, code, reason_code=reason), self._now())
        if kept is None:
            return writer.status(Status(told.id, told.uetr, "RJCT", "", UNKNOWN_TO_US), self._now())
        if kept.code in WAIT:
            kept = replace(kept, code="RJCT", reason_code="MS03") if kept.late_no else replace(kept, code="ACSC")
            self._stand(kept, self._today())
        return self._said(kept)

    def _said(self, kept: Kept) -> bytes:
        return writer.status(Status(kept.id, kept.uetr, kept.code, kept.reference, kept.reason_code), self._now())

    def _tell(self, kind: str, said: Mapping[str, Any]) -> str:
        number = f"N{len(self.told) + 1:06d}"
        message, *booked = self._notice(kind, number, said)
        self._do({"notice": number, "message": message.decode()}, *map(self.account.booking, booked))
        return number

    def _notice(self, kind: str, number: str, said: Mapping[str, Any]) -> tuple[Any, ...]:
        """The message, and what is booked with it."""
        today = self._today()
        if kind == "arrived":
            money = Money(int(said["minor"]), str(said["currency"]))
            told = Arrived(number, money, str(said.get("told", "")), str(said.get("account", "NOTPROVIDED")), today)
            booking = Booking(number, money.minor, money.currency, today.isoformat(), what="ARRIVED", told=told.told)
            return writer.arrived(told, self._now()), booking
        kept = self.orders[str(said["id"])]
        if kind in ("settled", "declined"):
            changed = replace(kept, code=SAYS[kind], reason_code=str(said.get("reason_code", "")))
            if kept.code in WAIT:
                self._stand(changed, today)
            return (self._said(changed),)
        fee = Money(int(said["fee"]), kept.currency) if said.get("fee") else None
        back = Money(int(said.get("minor", kept.minor)), kept.currency)
        reason = "FOCR" if kind == "recalled" else str(said.get("reason_code", "AC04"))
        returned = Returned(number, kept.id, kept.uetr, back, fee, reason, today)
        minor = back.minor if kept.direction == "out" else -back.minor
        booking = Booking(number, minor, kept.currency, today.isoformat(), kept.id, kept.uetr, kind.upper())
        return writer.returned(returned, self._now()), booking

    def _today(self) -> date:
        return self.account.open or self._now().date()

    def _stand(self, kept: Kept, on: date) -> None:
        """Let an order stand as it does now; what is carried out is booked with it."""
        before = self.orders.get(kept.id)
        settles = kept.code == "ACSC" and (before is None or before.code != "ACSC")
        booked = [self.account.booking(_booking(kept, on, kept.reference))] if settles else []
        self._do({"order": asdict(kept)}, *booked)

    def _do(self, *steps: Mapping[str, Any]) -> None:
        """Keep steps, all or none, and take them."""
        if self._book is not None and steps:
            with self._book.open("a", encoding="utf-8") as file:
                file.write("".join(json.dumps(each) + "\n" for each in steps))
                file.flush()
                os.fsync(file.fileno())
        for each in steps:
            self._again(each)

    def _again(self, step: Mapping[str, Any]) -> None:
        if "order" in step:
            self.orders[step["order"]["id"]] = Kept(**step["order"])
        elif "notice" in step:
            self.told.append((step["notice"], step["message"].encode()))
        elif "recall" in step:
            self.recalls[step["recall"]] = step["code"]
        else:
            self.account.apply(step)


def _booking(kept: Kept, on: date, reference: str) -> Booking:
    minor = kept.minor if kept.direction == "in" else -kept.minor
    return Booking(reference, minor, kept.currency, on.isoformat(), kept.id, kept.uetr, "ORDER")
