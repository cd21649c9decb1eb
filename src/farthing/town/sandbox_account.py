"""Own our account at the sandbox bank, as the bank keeps it: what it booked on which of its days, and what a statement tells.
Every change is a step, a line of its book: what was applied once is applied again when it starts."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from farthing.kit.money import Money
from farthing.payments.iso20022.model import Detail, Line, Statement

A_DAY = timedelta(days=1)
OURS = "FARTHING"
Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Booking:
    """One entry of the account: more than nothing came to us. ``concerns`` is the end-to-end id of the order that it is of."""

    reference: str
    minor: int
    currency: str
    on: str
    concerns: str = ""
    uetr: str = ""
    what: str = ""
    told: str = ""


class Account:
    """Bookings by day. A day is over once its statement was asked for; what is booked then counts on the next."""

    def __init__(self) -> None:
        self.bookings: list[Booking] = []
        self.first: date | None = None
        self.open: date | None = None
        self.gaps: deque[str] = deque()
        self.lost: set[str] = set()

    def day(self, on: date) -> date:
        """On which day something of ``on`` is booked: then, or on the day that is not over."""
        return on if self.open is None else max(on, self.open)

    def booking(self, booking: Booking) -> Step:
        """The step that books an entry on the day that is not over."""
        day = self.day(date.fromisoformat(booking.on))
        return {"booked": asdict(replace(booking, on=day.isoformat()))}

    def ending(self, on: date) -> list[Step]:
        """The step that ends a day, with what is wrong of its statement; none where it is over."""
        if self.open is not None and on < self.open:
            return []
        return [{"ended": on.isoformat(), "gap": self.gaps[0] if self.gaps else ""}]

    def apply(self, step: Step) -> None:
        """Take a step."""
        if "booked" in step:
            booking = Booking(**step["booked"])
            self.bookings.append(booking)
            self.open = self.day(date.fromisoformat(booking.on))
            self.first = self.first or self.open
        elif "ended" in step:
            self._end(date.fromisoformat(step["ended"]), str(step["gap"]))
        elif step["gap"] == "found":
            self.lost.clear()
        else:
            self.gaps.append(str(step["gap"]))

    def _end(self, on: date, gap: str) -> None:
        self.open = on + A_DAY
        self.first = self.first or on
        if gap:
            self.gaps.popleft()
        if gap == "day":
            self.lost.add(on.isoformat())
        if gap == "line":
            at = max((place for place, each in enumerate(self.bookings) if each.on == on.isoformat()), default=None)
            if at is not None:
                self.bookings[at] = replace(self.bookings[at], on=self.open.isoformat())

    def statement(self, on: date, made_at: datetime) -> Statement:
        """The account over a day; statements are counted by days, so that one that was lost is missed."""
        currency = self.bookings[0].currency if self.bookings else "CNY"
        day = on.isoformat()
        opening = sum(each.minor for each in self.bookings if each.on < day)
        lines = tuple(_line(each) for each in self.bookings if each.on == day)
        closing = opening + sum(line.amount.minor for line in lines)
        number = (on - (self.first or on)).days + 1
        return Statement(
            f"{OURS}-{day}", number, OURS, OURS, made_at, on, Money(opening, currency), Money(closing, currency), lines
        )


def _line(booking: Booking) -> Line:
    amount, on = Money(booking.minor, booking.currency), date.fromisoformat(booking.on)
    details = (Detail(amount, concerns=booking.concerns, uetr=booking.uetr),) if booking.concerns else ()
    return Line(booking.reference, amount, on, on, booking.what, details, booking.told)
