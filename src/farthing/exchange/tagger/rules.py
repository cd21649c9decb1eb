"""Own what a tagger remembers and whom it refuses. Pure: records in, refusals out; the order of checks is the order of reading.

It remembers nonces until they end, how much each lender and each person's number used, which consent was for whom, and its
alarms. Never sees a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from farthing.exchange.blinded.law import Law, periods_of
from farthing.exchange.blinded.messages import Ask, Points, Ticket
from farthing.exchange.blinded.refusals import CONSENT_ENDED, NO_KEY, OTHER_INQUIRER, POINTS, QUOTA_REACHED, REPLAYED
from farthing.kit.errors import malformed
from farthing.kit.words import Words

BATCH_SIZE = malformed(
    "exposure.batch_size",
    "A load has whole batches of {size}, and a look at one person a single point; fill up with points of nobody.",
    "加载须为每批 {size} 条的整批，核对单人只发一条；不足部分请以无主的点补齐。",
)
DAYS_OF_PERSON, DAYS_OF_CONSENT = 30, 400
ASKS = Words("questions of one lender in a day", "单家机构每日查询次数")
ABOUT = Words("questions about one person and purpose in 30 days", "同一客户同一目的 30 日内查询次数")
Record = dict[str, Any]


@dataclass(slots=True)
class Memory:
    """What a tagger remembers, told by its records."""

    nonces: dict[str, datetime] = field(default_factory=dict)
    asks: Counter[tuple[str, date]] = field(default_factory=Counter)
    points: Counter[tuple[str, date]] = field(default_factory=Counter)
    persons: dict[tuple[str, str, str], list[date]] = field(default_factory=dict)
    consents: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    ended: set[tuple[str, str]] = field(default_factory=set)
    alarms: list[Record] = field(default_factory=list)

    def take(self, record: Mapping[str, Any]) -> None:
        """Remember a record."""
        kind = record["kind"]
        if kind == "asked":
            day = date.fromisoformat(record["day"])
            for nonce in (record["nonce"], record["with"]):
                self.nonces[nonce] = datetime.fromisoformat(record["until"])
            self.asks[record["member"], day] += 1
            self.persons.setdefault((record["door"], record["person"], record["purpose"]), []).append(day)
            self.consents[record["door"], record["consent"]] = (record["member"], record["purpose"])
        elif kind == "tagged":
            self.nonces[record["nonce"]] = datetime.fromisoformat(record["until"])
            self.points[record["member"], date.fromisoformat(record["day"])] += record["count"]
        elif kind == "ended":
            self.ended.add((record["door"], record["consent"]))
        elif kind == "alarm":
            self.alarms.append(dict(record))

    def forget(self, now: datetime) -> None:
        """Let go what no rule asks about any more."""
        oldest = now.date() - timedelta(days=DAYS_OF_PERSON)
        self.nonces = {nonce: until for nonce, until in self.nonces.items() if until > now}
        for counts in (self.asks, self.points):
            for key in [key for key in counts if key[1] < now.date()]:
                del counts[key]
        kept = {key: [day for day in days if day > oldest] for key, days in self.persons.items()}
        self.persons = {key: days for key, days in kept.items() if days}

    def living(self, record: Mapping[str, Any], now: datetime) -> bool:
        """Whether a record still counts for anything: what was asked does for as long as a consent may last."""
        if record["kind"] == "tagged":
            return date.fromisoformat(record["day"]) >= now.date()
        if record["kind"] == "asked":
            return date.fromisoformat(record["day"]) > now.date() - timedelta(days=DAYS_OF_CONSENT)
        return True


def judge_ticket(memory: Memory, law: Law, door: str, ticket: Ticket, member: str, ask: Ask, now: datetime) -> Record:
    """The record of a ticket that may be evaluated for a lender's ask; refuses it otherwise."""
    if (ticket.inquirer, ticket.purpose, ticket.consent) != (member, ask.purpose, ask.consent):
        raise OTHER_INQUIRER()
    law.check_alive(ticket.until, now)
    law.check_alive(ask.until, now)
    law.check_purpose(ticket.purpose)
    _check_periods(ticket.purpose, ticket.periods, now)
    if (door, ticket.consent) in memory.ended:
        raise CONSENT_ENDED()
    if memory.consents.get((door, ticket.consent), (member, ticket.purpose)) != (member, ticket.purpose):
        raise OTHER_INQUIRER()
    nonces = (f"{door}:{ticket.nonce}", f"{member}:{ask.nonce}")
    if any(nonce in memory.nonces for nonce in nonces):
        raise REPLAYED()
    today = now.astimezone(UTC).date()
    if memory.asks[member, today] >= law.asks_a_day:
        raise QUOTA_REACHED(most=law.asks_a_day, what=ASKS)
    oldest = today - timedelta(days=DAYS_OF_PERSON)
    about = memory.persons.get((door, ticket.person, ticket.purpose), [])
    if sum(day > oldest for day in about) >= law.asks_a_person:
        raise QUOTA_REACHED(most=law.asks_a_person, what=ABOUT)
    return {
        "kind": "asked", "day": today.isoformat(), "door": door, "member": member, "person": ticket.person,
        "purpose": ticket.purpose, "consent": ticket.consent, "nonce": nonces[0], "with": nonces[1],
        "until": max(ticket.until, ask.until).isoformat(),
    }  # fmt: skip


def judge_points(memory: Memory, law: Law, member: str, points: Points, now: datetime) -> Record:
    """The record of a batch of a lender's own customers that may be evaluated; refuses it otherwise."""
    law.check_alive(points.until, now)
    law.check_purpose(points.purpose)
    _check_periods(points.purpose, (points.period,), now)
    if len(points.points) not in (1, law.batch):
        raise BATCH_SIZE(size=law.batch)
    nonce = f"{member}:{points.nonce}"
    if nonce in memory.nonces:
        raise REPLAYED()
    today = now.astimezone(UTC).date()
    if memory.points[member, today] + len(points.points) > law.points_a_day:
        raise QUOTA_REACHED(most=law.points_a_day, what=POINTS)
    return {
        "kind": "tagged", "day": today.isoformat(), "member": member, "count": len(points.points), "nonce": nonce,
        "until": points.until.isoformat(),
    }  # fmt: skip


def alarm(member: str, code: str, now: datetime) -> Record:
    """What the operator is told of a lender that was refused for too much."""
    return {"kind": "alarm", "at": now.astimezone(UTC).isoformat(), "member": member, "code": code}


def _check_periods(purpose: str, periods: tuple[str, ...], now: datetime) -> None:
    known = periods_of(now)
    for period in periods or ("",):
        if period not in known or periods.count(period) > 1:
            raise NO_KEY(purpose=purpose, period=period[:10])
