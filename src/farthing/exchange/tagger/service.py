"""Own the tagger: judges what is asked by its memory, puts it on the disk, and only then evaluates. One process, one folder.

Verbs: ``/evaluate`` (a ticket of the person's side with a lender's ask), ``/tag`` (a batch of a lender's own customers), ``/end``
(a consent was withdrawn), ``/keys``. Never answers what is not on its disk.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from farthing.exchange.blinded.door_service import FORGETS_AFTER, Clock, Door, Verb, by_the_wall
from farthing.exchange.blinded.journal_service import Journal
from farthing.exchange.blinded.law import Law, periods_of
from farthing.exchange.blinded.messages import (
    DOORS,
    MEMBERS,
    MESSAGE_UNREADABLE,
    Ask,
    KeyStatement,
    Points,
    Ticket,
    Withdrawal,
    heard,
    said,
)
from farthing.exchange.blinded.parties_service import believed, itself
from farthing.exchange.blinded.refusals import QUOTA_REACHED
from farthing.exchange.tagger import rules
from farthing.exchange.tagger.keys_service import Keys
from farthing.kit import base64url
from farthing.kit.errors import Refusal


class Tagger:
    """A tagger over a folder."""

    def __init__(self, folder: Path, law: Law, now: Clock = by_the_wall) -> None:
        """Take the folder; refuses ``exposure.folder_unusable``."""
        self._party, self._key = itself(folder)
        self._parties, self._law, self._now = believed(folder), law, now
        self._journal = Journal(folder)
        self._keys = Keys(folder, law.group)
        self._one = threading.Lock()
        self.memory = rules.Memory()
        begun = now()
        records = list(self._journal.records())
        living = [each for each in records if self.memory.living(each, begun)]
        if len(living) < len(records):
            self._journal.shorten(living)
        for record in living:
            self.memory.take(record)
        self.memory.forget(begun)
        self._forgot = begun
        self._keys.destroy_before(periods_of(begun)[1])

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """What it answers over HTTP."""
        return {"/evaluate": self.evaluate, "/tag": self.tag, "/end": self.end, "/keys": self.statements}

    def evaluate(self, wire: Any) -> dict[str, Any]:
        """A person's point under the key of each period that she names, with proofs."""
        beside = _beside(wire, "ticket", "ask")
        door, ticket = heard(beside["ticket"], Ticket, self._parties, DOORS)
        member, ask = heard(beside["ask"], Ask, self._parties, MEMBERS)
        point = _decoded(ticket.point, Ticket.KIND)
        now = self._now()
        with self._one:
            record = self._judged(
                member.name, now,
                lambda: rules.judge_ticket(self.memory, self._law, door.name, ticket, member.name, ask, now),
            )  # fmt: skip
            evaluated = {each: self._keys.of(ticket.purpose, each).evaluate([point]) for each in ticket.periods}
            self._keep(record)
        return {"evaluated": {period: base64url.encode(made) for period, made in evaluated.items()}}

    def tag(self, wire: Any) -> dict[str, Any]:
        """A batch of points of a lender's own customers, or of one person at her own side, with one proof."""
        member, points = heard(wire, Points, self._parties, MEMBERS | DOORS)
        read = [_decoded(each, Points.KIND) for each in points.points]
        now = self._now()
        with self._one:
            record = self._judged(
                member.name, now, lambda: rules.judge_points(self.memory, self._law, member.name, points, now)
            )  # fmt: skip
            key = self._keys.of(points.purpose, points.period)
            self._keep(record)
        return {"evaluated": base64url.encode(key.evaluate(read))}

    def end(self, wire: Any) -> dict[str, Any]:
        """A consent was withdrawn; told twice is told once."""
        door, withdrawal = heard(wire, Withdrawal, self._parties, DOORS)
        with self._one:
            if (door.name, withdrawal.consent) not in self.memory.ended:
                self._keep({"kind": "ended", "door": door.name, "consent": withdrawal.consent})
        return {"ended": withdrawal.consent}

    def statements(self, _: Any = None) -> dict[str, Any]:
        """Its public keys of this quarter and the one before, signed."""
        with self._one:
            made = [
                KeyStatement(
                    self._law.group.name, purpose, period, base64url.encode(self._keys.of(purpose, period).public)
                )
                for purpose in self._law.purposes
                for period in periods_of(self._now())
            ]
        return {"keys": [said(each, self._party.name, self._key) for each in made]}

    def close(self) -> None:
        """Let another process have the folder."""
        self._journal.close()

    def _judged(self, member: str, now: datetime, judge: Callable[[], rules.Record]) -> rules.Record:
        """As it is judged; too much is an alarm, once a lender, reason and day."""
        if now - self._forgot > FORGETS_AFTER:
            self.memory.forget(now)
            self._keys.destroy_before(periods_of(now)[1])
            self._forgot = now
        try:
            return judge()
        except Refusal as refusal:
            told = rules.alarm(member, refusal.code, now)
            if refusal.code == QUOTA_REACHED.name and not any(
                each["at"][:10] == told["at"][:10] and each["member"] == member for each in self.memory.alarms
            ):
                self._keep(told)
            raise

    def _keep(self, record: rules.Record) -> None:
        self._journal.add([record])
        self.memory.take(record)


def serve(folder: Path, law: Law, host: str, port: int, told: Callable[[str], None]) -> None:
    """Answer until told to stop; ``told`` hears the address first."""
    tagger = Tagger(folder, law)
    try:
        Door(tagger.verbs, host, port).serve_until_told(told)
    finally:
        tagger.close()


def _beside(wire: Any, *names: str) -> Mapping[str, Any]:
    if not isinstance(wire, Mapping) or set(wire) != set(names):
        raise MESSAGE_UNREADABLE(kind=names[0])
    return wire


def _decoded(text: str, kind: str) -> bytes:
    try:
        return base64url.decode(text)
    except ValueError:
        raise MESSAGE_UNREADABLE(kind=kind) from None
