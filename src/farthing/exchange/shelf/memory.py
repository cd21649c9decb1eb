"""Own what a shelf remembers, told by its records. Pure: the same records make the same shelf, on whatever day they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from farthing.exchange.blinded.law import Law
from farthing.exchange.shelf.model import Asked, Entry, File, Key, Lender, Record

DAYS_SHOWN = 184
"""For which a person sees what was answered about her: two quarters, whose keys there are."""


@dataclass(slots=True)
class Memory:
    """A shelf: files by lender, who asked by tag, answers by tag, keys, what is used up, what ended, what is disputed."""

    law: Law
    lenders: dict[Key, dict[str, Lender]] = field(default_factory=dict)
    asked: dict[str, list[Asked]] = field(default_factory=dict)
    told: dict[str, list[Record]] = field(default_factory=dict)
    same: dict[tuple[str, str, str, str], Record] = field(default_factory=dict)
    keys: dict[Key, str] = field(default_factory=dict)
    nonces: dict[str, datetime] = field(default_factory=dict)
    ended: set[tuple[str, str]] = field(default_factory=set)
    contested: dict[str, date] = field(default_factory=dict)
    entered: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many rows a lender entered on a day."""

    def lender(self, purpose: str, period: str, name: str) -> Lender:
        """What a lender has there, perhaps nothing yet."""
        return self.lenders.setdefault((purpose, period), {}).setdefault(name, Lender())

    def take(self, record: Record) -> None:
        """Remember a record."""
        kind = record["kind"]
        if kind == "part":
            self._part(record)
        elif kind == "known":
            known = {int(part): digest for part, digest in record["known"].items()}
            self.lender(record["purpose"], record["period"], record["lender"]).known[record["load"]] = known
        elif kind == "asked":
            self._asked(record)
        elif kind == "key":
            self.keys[record["purpose"], record["period"]] = record["key"]
        elif kind == "ended":
            self.ended.add((record["door"], record["consent"]))
        elif kind == "contested":
            for tag in record["tags"]:
                self.contested[tag] = date.fromisoformat(record["until"])
            self.nonces[record["nonce"]] = datetime.fromisoformat(record["used"])
            self.same = {key: each for key, each in self.same.items() if key[1] not in record["tags"]}

    def _part(self, record: Record) -> None:
        lender = self.lender(record["purpose"], record["period"], record["lender"])
        load, part = record["load"], record["part"]
        self.entered[record["lender"], record["day"]] += len(record["rows"])
        lender.known.setdefault(load, {})[part] = record["digest"]
        lender.parts.setdefault(load, {})[part] = record
        if len(lender.parts[load]) == record["parts"]:
            self._whole(lender, record, rows_of(lender.parts.pop(load)))

    def _whole(self, lender: Lender, record: Record, rows: Mapping[str, Entry]) -> None:
        """A file is whole: it counts from the next edition on, unless it is older than what is there."""
        day, as_of = date.fromisoformat(record["day"]), date.fromisoformat(record["as_of"])
        now = lender.at(self.law.edition(day))
        newest = max((each.as_of for each in (lender.counts, lender.comes) if each), default=as_of)
        if as_of < newest:
            return
        since = self.law.edition(day) + timedelta(days=self.law.edition_days)
        lender.parts = {load: parts for load, parts in lender.parts.items() if _as_of(parts) > as_of}
        lender.counts, lender.comes = now, File(record["load"], as_of, record["currency"], since, rows)

    def _asked(self, record: Record) -> None:
        tags, lender = record["tags"], record["lender"]
        for nonce in record["nonces"]:
            self.nonces[nonce] = datetime.fromisoformat(record["until"])
        seen = Asked(date.fromisoformat(record["day"]), lender, record["bank"])
        for tag in tags:
            about = self.asked.setdefault(tag, [])
            if seen not in about:
                about.append(seen)
            self.told.setdefault(tag, []).append(record)
        self.same[lender, tags[0], record["currency"], record["answer"]["as_of"]] = record

    def forget(self, now: datetime) -> None:
        """Let go what no rule asks about any more."""
        today = now.date()
        self.nonces = {nonce: until for nonce, until in self.nonces.items() if until > now}
        self.contested = {tag: until for tag, until in self.contested.items() if until >= today}
        self.entered = Counter({key: rows for key, rows in self.entered.items() if key[1] >= today.isoformat()})
        edition = self.law.edition(today).isoformat()
        self.same = {key: record for key, record in self.same.items() if key[3] == edition}

    def files(self, purpose: str, period: str, edition: date) -> Iterator[tuple[str, File]]:
        """The files of a purpose and period that count in an edition, by lender."""
        for name, lender in self.lenders.get((purpose, period), {}).items():
            file = lender.at(edition)
            if file is not None:
                yield name, file

    def living(self, record: Record, today: date, oldest: str) -> bool:
        """Whether a record still counts for anything; ``oldest``: the quarter before this one."""
        kind = record["kind"]
        if kind in ("part", "known", "key") and record["period"] < oldest:
            return False
        if kind == "part":
            lender = self.lender(record["purpose"], record["period"], record["lender"])
            kept = {file.load for file in (lender.counts, lender.comes) if file} | set(lender.parts)
            return record["load"] in kept
        if kind == "asked":
            return date.fromisoformat(record["day"]) > today - timedelta(days=DAYS_SHOWN)
        if kind == "contested":
            return date.fromisoformat(record["until"]) >= today
        return bool(kind != "known")

    def loads(self, oldest: str) -> Iterator[Record]:
        """Which parts were taken, so that one that is sent again is known after their rows are gone."""
        for (purpose, period), lenders in self.lenders.items():
            for name, lender in lenders.items() if period >= oldest else ():
                for load, known in lender.known.items():
                    yield {
                        "kind": "known", "purpose": purpose, "period": period, "lender": name, "load": load,
                        "known": {str(part): digest for part, digest in known.items()},
                    }  # fmt: skip


def _as_of(parts: Mapping[int, Record]) -> date:
    return max(date.fromisoformat(part["as_of"]) for part in parts.values())


def rows_of(parts: Mapping[int, Record]) -> dict[str, Entry]:
    """The rows of all parts of a load; of a tag that stands in two the last part counts."""
    return {row[0]: (row[1], row[2], row[3]) for _, part in sorted(parts.items()) for row in part["rows"]}
