"""Own the shelf: takes lenders' files, answers permits in bands, shows a person's side what was told. One process, one folder.

Verbs: ``/rows``, ``/ask`` (a permit of the person's side with the lender's question), ``/seen``, ``/contest``,
``/end``, ``/keys``. Lenders lie here under pseudonyms. Never answers what is not on its disk, never a row.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from farthing.exchange.blinded.door_service import FORGETS_AFTER, Clock, Door, Verb, by_the_wall
from farthing.exchange.blinded.journal_service import Journal
from farthing.exchange.blinded.law import Law, periods_of
from farthing.exchange.blinded.messages import (
    DOORS,
    MEMBERS,
    MESSAGE_UNREADABLE,
    PAD,
    TAGGERS,
    Contest,
    KeyStatement,
    Permit,
    Question,
    Rows,
    Seen,
    Withdrawal,
    digest_of,
    heard,
)
from farthing.exchange.blinded.parties_service import believed
from farthing.exchange.blinded.refusals import (
    CONSENT_ENDED,
    KEY_DISPUTED,
    NO_KEY,
    OTHER_INQUIRER,
    POINTS,
    QUOTA_REACHED,
    REPLAYED,
)
from farthing.exchange.shelf import rules
from farthing.exchange.shelf.memory import Memory, rows_of
from farthing.exchange.shelf.model import Entry, File, Record
from farthing.kit import disk
from farthing.kit.canonical import canonical, digest, plain

PSEUDONYMS = "pseudonyms.key"


class Shelf:
    """A shelf over a folder."""

    def __init__(self, folder: Path, law: Law, now: Clock = by_the_wall) -> None:
        """Take the folder; refuses ``exposure.folder_unusable``."""
        self._parties, self._law, self._now = believed(folder), law, now
        self._journal = Journal(folder)
        self._secret = disk.kept(folder / PSEUDONYMS, lambda: os.urandom(32))
        self._one = threading.Lock()
        self.memory = Memory(law)
        self._forgot = now()
        records = list(self._journal.records())
        for record in records:
            self.memory.take(record)
        self._shorten(records)
        self.memory.forget(self._forgot)

    def _shorten(self, records: list[Record]) -> None:
        today, oldest = self._forgot.astimezone(UTC).date(), periods_of(self._forgot)[1]
        living = [each for each in records if self.memory.living(each, today, oldest)]
        if len(living) < len(records) - sum(each["kind"] == "known" for each in records):
            self._journal.shorten([*self.memory.loads(oldest), *living])

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """What it answers over HTTP."""
        return {
            "/rows": self.enter, "/ask": self.ask, "/seen": self.seen, "/contest": self.contest, "/end": self.end,
            "/keys": self.key,
        }  # fmt: skip

    def key(self, wire: Any) -> dict[str, Any]:
        """Take a public key that the tagger signed, whoever brings it: one a purpose and period, for ever."""
        _, statement = heard(wire, KeyStatement, self._parties, TAGGERS)
        where = statement.purpose, statement.period
        with self._one:
            if self.memory.keys.get(where, statement.ident) != statement.ident:
                raise KEY_DISPUTED(purpose=statement.purpose, period=statement.period)
            if where not in self.memory.keys:
                self._keep({"kind": "key", "purpose": where[0], "period": where[1], "key": statement.ident})
        return {"key": statement.ident}

    def enter(self, wire: Any) -> dict[str, Any]:
        """Take a part of a lender's file; taken twice is taken once."""
        member, rows = heard(wire, Rows, self._parties, MEMBERS)
        today, said = self._today(), digest(plain(rows)).hex()
        self._law.check_purpose(rows.purpose)
        with self._one:
            self._check_key(rows.purpose, (rows.period,), (rows.key,))
            name = self._pseudonym(member.name)
            lender = self.memory.lender(rows.purpose, rows.period, name)
            known = lender.known.get(rows.load, {}).get(rows.part)
            if known is not None and known != said:
                raise rules.LOAD_CHANGED(load=rows.load[:40], part=rows.part)
            if known is None:
                rules.check_rows(self._law, rows, today)
                if self.memory.entered[name, today.isoformat()] + len(rows.rows) > self._law.points_a_day:
                    raise QUOTA_REACHED(most=self._law.points_a_day, what=POINTS)
                record = {
                    "kind": "part", "day": today.isoformat(), "lender": name, "digest": said, "purpose": rows.purpose,
                    "period": rows.period, "currency": rows.currency, "as_of": rows.as_of.isoformat(), "load": rows.load,
                    "part": rows.part, "parts": rows.parts,
                    "rows": [[row.tag, row.limit, row.balance, row.dpd] for row in rows.rows],
                }  # fmt: skip
                self._check_whole(lender.parts.get(rows.load, {}), record)
                self._keep(record)
            waits = rows.load in lender.parts
        return {"load": rows.load, "part": rows.part, "whole": not waits}

    def _check_whole(self, parts: Mapping[int, Record], record: Record) -> None:
        """Refuse a part whose load says another number of parts, or completes a file that cannot be a lender's."""
        if any(each["parts"] != record["parts"] or each["as_of"] != record["as_of"] for each in parts.values()):
            raise rules.LOAD_CHANGED(load=record["load"][:40], part=record["part"])
        whole = {**parts, record["part"]: record}
        if len(whole) == record["parts"]:
            rules.check_plausible(self._law, record["load"], rows_of(whole))

    def ask(self, wire: Any) -> dict[str, Any]:
        """Answer a lender by a permit, in bands; always of one size, and the person will see it."""
        if not isinstance(wire, Mapping) or set(wire) != {"permit", "question"}:
            raise MESSAGE_UNREADABLE(kind=Question.KIND)
        member, question = heard(wire["question"], Question, self._parties, MEMBERS)
        door, permit = heard(wire["permit"], Permit, self._parties, DOORS)
        now = self._now()
        if permit.inquirer != member.name or question.permit != digest_of(wire["permit"]):
            raise OTHER_INQUIRER()
        for until in (permit.until, question.until):
            self._law.check_alive(until, now)
        self._law.check_purpose(permit.purpose)
        self._law.bands_of(permit.currency)
        nonces = [f"{door.name}:{permit.nonce}", f"{member.name}:{question.nonce}"]
        with self._one:
            self._check_key(permit.purpose, permit.periods, permit.keys)
            if len(permit.tags) != len(permit.periods) or permit.periods != periods_of(now):
                raise MESSAGE_UNREADABLE(kind=Permit.KIND)
            if (door.name, permit.consent) in self.memory.ended:
                raise CONSENT_ENDED()
            self._check_unused(nonces, now)
            name = self._pseudonym(member.name)
            answer = self._answer(permit, name)
            self._keep({
                "kind": "asked", "day": self._today().isoformat(), "at": now.astimezone(UTC).isoformat(), "lender": name,
                "bank": member.role == "bank", "tags": list(permit.tags), "purpose": permit.purpose,
                "currency": permit.currency, "consent": permit.consent, "nonces": nonces,
                "until": max(permit.until, question.until).isoformat(), "answer": answer,
            })  # fmt: skip
        return _padded(answer)

    def _answer(self, permit: Permit, asker: str) -> Record:
        today = self._today()
        edition = self._law.edition(today)
        same = self.memory.same.get((asker, permit.tags[0], permit.currency, edition.isoformat()))
        if same is not None and self._law.edition_days:
            answer: Record = same["answer"]
            return answer
        found: dict[str, tuple[File, Entry] | None] = {}
        for period, tag in zip(permit.periods, permit.tags, strict=True):
            for lender, file in self.memory.files(permit.purpose, period, edition):
                entry = file.rows.get(tag)
                if (
                    lender not in found
                ):  # of a lender that loaded this quarter, what it loaded in the one before is over
                    found[lender] = None if entry is None else (file, entry)
        found.pop(asker, None)
        asked = {each: None for tag in permit.tags for each in self.memory.asked.get(tag, ())}
        contested = any(self.memory.contested.get(tag, today - timedelta(days=1)) >= today for tag in permit.tags)
        made: Record = plain(
            rules.answered(
                self._law, permit.currency, [each for each in found.values() if each], list(asked), edition=edition,
                today=today, asker=asker, contested=contested,
            )
        )  # fmt: skip
        return made

    def seen(self, wire: Any) -> dict[str, Any]:
        """What was answered about a person's tags in this quarter and the one before, for her own side."""
        door, seen = heard(wire, Seen, self._parties, DOORS)
        now = self._now()
        self._law.check_alive(seen.until, now)
        with self._one:
            self._check_unused([f"{door.name}:{seen.nonce}"], now)
            self.memory.nonces[f"{door.name}:{seen.nonce}"] = seen.until
            told = {each["at"] + each["nonces"][0]: each for tag in seen.tags for each in self.memory.told.get(tag, ())}
        names = ("at", "lender", "purpose", "consent", "answer")
        in_order = sorted(told.values(), key=lambda each: str(each["at"]))
        return {"answers": [{name: each[name] for name in names} for each in in_order]}

    def contest(self, wire: Any) -> dict[str, Any]:
        """A person disputes what is entered about her: until the day, days past due are told as disputed."""
        door, contest = heard(wire, Contest, self._parties, DOORS)
        now, nonce = self._now(), f"{door.name}:{contest.nonce}"
        self._law.check_alive(contest.until, now)
        until = self._today() + timedelta(days=max(0, min(contest.days, rules.CONTEST_DAYS_MAX)))
        with self._one:
            if nonce not in self.memory.nonces:
                self._keep({
                    "kind": "contested", "tags": list(contest.tags), "until": until.isoformat(), "nonce": nonce,
                    "used": contest.until.isoformat(),
                })  # fmt: skip
        return {"until": until}

    def end(self, wire: Any) -> dict[str, Any]:
        """A consent was withdrawn; told twice is told once."""
        door, withdrawal = heard(wire, Withdrawal, self._parties, DOORS)
        with self._one:
            if (door.name, withdrawal.consent) not in self.memory.ended:
                self._keep({"kind": "ended", "door": door.name, "consent": withdrawal.consent})
        return {"ended": withdrawal.consent}

    def close(self) -> None:
        """Let another process have the folder."""
        self._journal.close()

    def _today(self) -> Any:
        return self._now().astimezone(UTC).date()

    def _pseudonym(self, name: str) -> str:
        return hmac.new(self._secret, name.encode(), hashlib.sha256).hexdigest()[:16]

    def _check_key(self, purpose: str, periods: tuple[str, ...], keys: tuple[str, ...]) -> None:
        known = periods_of(self._now())
        if len(periods) != len(keys) or not periods or len(set(periods)) != len(periods):
            raise MESSAGE_UNREADABLE(kind=Permit.KIND)
        for period, key in zip(periods, keys, strict=True):
            if period not in known or self.memory.keys.get((purpose, period)) != key:
                raise NO_KEY(purpose=purpose[:40], period=period[:10])

    def _check_unused(self, nonces: list[str], now: datetime) -> None:
        if now - self._forgot > FORGETS_AFTER:
            self.memory.forget(now)
            self._forgot = now
        if any(nonce in self.memory.nonces for nonce in nonces):
            raise REPLAYED()

    def _keep(self, record: Record) -> None:
        self._journal.add([record])
        self.memory.take(record)


def serve(folder: Path, law: Law, host: str, port: int, told: Callable[[str], None]) -> None:
    """Answer until told to stop; ``told`` hears the address first."""
    shelf = Shelf(folder, law)
    try:
        Door(shelf.verbs, host, port).serve_until_told(told)
    finally:
        shelf.close()


def _padded(answer: Record) -> Record:
    """An answer filled up, so that its size tells nothing."""
    bare = {**answer, PAD: ""}
    return {**bare, PAD: " " * (rules.ANSWER_BYTES - len(canonical(bare)))}
