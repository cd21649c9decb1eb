"""Answer on which day a rail sends what is paid out now, by the timetable of the policy in force and the hour of the bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from farthing.db.tx import Tx
from farthing.kernel.calendar import holidays
from farthing.kernel.day import local_time
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Word
from farthing.payments import rules
from farthing.products import service as products


@dataclass(frozen=True, slots=True)
class RailSends:
    """The day on which a rail sends what is paid out now, and until when today it would be today; none where it never stops."""

    rail: str
    on: date
    at_once: bool
    cut_off: time | None


@question("payments.rail_sends", permission=PUBLIC, whose=NOBODYS)
def rail_sends(tx: Tx, rail: Word) -> RailSends:
    """On which day a rail sends what is paid out now, so that it can be said before anybody confirms; refuses
    ``payments.rail_unknown``."""
    if not tx.ports.has("rail", rail):
        raise rules.RAIL_UNKNOWN(rail=rail)
    on = sends_on(tx, rail)
    return RailSends(rail, on, on == tx.business_date, products.rail_rules(tx).of(rail).cut_off)


def sends_on(tx: Tx, rail: str) -> date:
    """The day on which what is paid out now is sent."""
    timetable = products.rail_rules(tx).of(rail)
    if timetable.works == "every_day" and timetable.cut_off is None:
        return tx.business_date
    return rules.sends_on(timetable, local_time(tx), tx.business_date, holidays(tx))
