"""Run the lines of a replay, one transaction for each batch, by the ledger's own verbs and door.

The clock starts at the first instant of ``START`` and moves only by ``advance``; the business date is its UTC date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from farthing.db.server import Database
from farthing.db.tx import Tx
from farthing.kit.actor import SYSTEM
from farthing.kit.canonical import plain
from farthing.kit.errors import Refusal
from farthing.kit.ids import IdSource
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import Balance, Command, Held, Hold, Posted, Posting, Release, Settle
from farthing.ledger.refusals import CHAIN_FAILED, REFERENCE_REUSED
from farthing.ledger.replay import lines
from farthing.ledger.replay.lines import BATCHED, Line, refused

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Meant:
    """What a reference stands for: the line that used it first, and its command."""

    asked: tuple[str | None, dict[str, Any]]
    command: Command


class Replay:
    """A ledger, its clock, and the currencies and holds that lines may refer to."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = START
        self.currencies: dict[str, str] = {}
        self.holds: dict[str, Hold] = {}
        self.meant: dict[str, Meant] = {}
        self.counts = {"commands": 0, "ok": 0, "existed": 0, "refused": 0}

    def run(self, texts: Iterable[str]) -> Iterator[dict[str, Any]]:
        """Answer every line in order, then the balances and a summary."""
        waiting: list[Line] = []
        for number, text in enumerate(texts, 1):
            if not text.strip() or text.lstrip().startswith("#"):
                continue
            try:
                line = lines.read(number, text)
            except Refusal as refusal:
                line = lines.unreadable(number, text, refusal, bool(waiting) and waiting[-1].linked)
            if waiting and not _joined(waiting[-1], line):
                yield from self._flush(waiting)
            if line.do in BATCHED or line.refusal is not None:
                waiting.append(line)
            else:
                yield self._counted(self._alone(line))
        yield from self._flush(waiting)
        yield from ({"balance": _account(each)} for each in self._balances())
        yield {
            "summary": self.counts,
            "now": _shown(self.now),
            "trial_balance": self._read(ledger.trial_balance).sums(),
        }

    def _counted(self, said: dict[str, Any]) -> dict[str, Any]:
        status = said["status"]
        self.counts["commands"] += 1
        self.counts[status if status in ("ok", "existed") else "refused"] += 1
        return said

    def _tx(self, connection: Any) -> Tx:
        return Tx(connection, self.now, self.now.date(), SYSTEM, IdSource(1), self.now, "CNY")

    def _read(self, query: Any) -> Any:
        with self.database.transaction(read_only=True) as connection:
            return query(self._tx(connection))

    def _write(self, work: Any) -> Any:
        with self.database.transaction() as connection:
            return work(self._tx(connection))

    def _flush(self, waiting: list[Line]) -> Iterator[dict[str, Any]]:
        """Run the lines that wait as one batch and answer each."""
        group, waiting[:] = list(waiting), []
        if not group:
            return
        known, meant = dict(self.holds), dict(self.meant)
        made = _chained(group, [self._command(line, known, meant) for line in group])
        done = iter(self._posted([each for each in made if not isinstance(each, Refusal)]))
        for line, each in zip(group, made, strict=True):
            answer = each if isinstance(each, Refusal) else next(done)
            if isinstance(answer, Held):
                self.holds[answer.reference] = answer.hold
            if not isinstance(answer, Refusal):
                assert not isinstance(each, Refusal)
                self.meant.setdefault(each.reference, Meant(_asked(line), each))
            yield self._counted(self._told(line, answer))

    def _posted(self, commands: list[Command]) -> list[Posted | Held | Refusal]:
        try:
            return list(self._write(lambda tx: ledger.post(tx, commands)))
        except Refusal as refusal:  # of the batch as a whole
            return [refusal] * len(commands)

    def _command(self, line: Line, holds: dict[str, Hold], meant: dict[str, Meant]) -> Command | Refusal:
        """The command of a line; ``holds`` and ``meant`` are those accepted before, and, of its batch, those asked for.

        A line that is said again is the command it was, whatever the clock says by now. A reference means one thing:
        a hold's is not an entry's, nor another release's.
        """
        if line.refusal is not None:
            return line.refusal
        try:
            first = meant.get(str(line.fields.get("reference")))
            if first is not None and first.asked == _asked(line):
                return replace(first.command, linked=line.linked)
            made = self._made(line, holds)
            if first is not None and type(first.command) is not type(made):
                raise REFERENCE_REUSED(reference=made.reference, field="do")
            if first is not None and isinstance(made, Release) and made != replace(first.command, linked=made.linked):
                raise REFERENCE_REUSED(reference=made.reference, field="hold")
            meant.setdefault(made.reference, Meant(_asked(line), made))
            return made
        except Refusal as refusal:
            return refusal

    def _made(self, line: Line, holds: dict[str, Hold]) -> Command:
        made = lines.command(line, lambda path: self.currencies.get(path, "CNY"), self.now, self.now.date())
        if isinstance(made, Settle):
            return lines.partial(made, line, holds.get(made.hold))
        if isinstance(made, Hold):
            holds.setdefault(made.reference, made)
        return made

    def _told(self, line: Line, answer: Posted | Held | Refusal) -> dict[str, Any]:
        reference = line.fields.get("reference")
        if isinstance(answer, Refusal):
            return dict(plain(refused(line.number, line.do, answer, reference)))
        entry = answer.entry if isinstance(answer, Posted) else answer.hold
        said = {
            "line": line.number,
            "do": line.do,
            "reference": reference,
            "status": "existed" if answer.existed else "ok",
            "postings": _postings(entry.postings),
            "on": entry.effective_on.isoformat(),
            "recorded_at": _shown(answer.recorded_at),
        }
        if isinstance(answer, Held):
            said["state"] = answer.state
            said["expires_at"] = _shown(answer.hold.expires_at) if answer.hold.expires_at else None
        return said

    def _alone(self, line: Line) -> dict[str, Any]:
        try:
            return {"line": line.number, "do": line.do, "status": "ok", **self._do(line)}
        except Refusal as refusal:
            return dict(plain(refused(line.number, line.do, refusal)))

    def _do(self, line: Line) -> dict[str, Any]:
        if line.do == "open":
            return self._open(line)
        if line.do == "advance":
            return self._advance(line)
        if line.do == "reverse":
            return self._reverse(line)
        if line.do == "balances":
            return {"balances": [_account(each) for each in self._balances()]}
        path = lines.text(line, "account")
        if line.do == "close":
            return _account(self._write(lambda tx: ledger.close_account(tx, path)))
        if line.do == "reopen":
            return _account(self._write(lambda tx: ledger.reopen_account(tx, path)))
        if line.do == "statement":
            return self._statement(path, lines.page(line, "limit", 50))
        known_at, on = lines.instant(line, "known_at"), lines.day(line, "on")
        return _account(self._read(lambda tx: ledger.balance(tx, path, as_known_at=known_at, effective_on=on)))

    def _reverse(self, line: Line) -> dict[str, Any]:
        today = self.now.date()
        of, on, memo = lines.text(line, "of"), lines.day(line, "on", today) or today, lines.text(line, "memo", "")
        posted = self._write(lambda tx: ledger.reverse(tx, of, on, memo))
        status = "existed" if posted.existed else "ok"
        return {"reference": posted.reference, "status": status, "postings": _postings(posted.entry.postings)}

    def _open(self, line: Line) -> dict[str, Any]:
        spec = lines.spec(line)
        existed = spec.path in self.currencies
        self._write(lambda tx: ledger.open_accounts(tx, [spec]))
        self.currencies[spec.path] = spec.currency
        said = _account(self._read(lambda tx: ledger.balance(tx, spec.path)))
        return {**said, "status": "existed" if existed else "ok"}

    def _advance(self, line: Line) -> dict[str, Any]:
        lines.only_one(line, "to", "days", "seconds")
        to = lines.instant(line, "to") or lines.later(line, self.now, "days", "seconds")
        if to < self.now:
            raise lines.BAD_VALUE(
                field="to",
                value=_shown(to),
                expected=Words(f"not before {_shown(self.now)}", f"不早于 {_shown(self.now)}"),
            )
        self.now = to
        expired = self._write(lambda tx: ledger.expire_holds(tx, 100_000))
        return {"now": _shown(self.now), "expired_holds": expired}

    def _statement(self, path: str, limit: int) -> dict[str, Any]:
        page = self._read(lambda tx: ledger.statement(tx, path, None, limit))
        return {
            "account": path,
            "lines": [
                {
                    "version": each.version,
                    "reference": each.entry.reference,
                    "on": each.entry.effective_on.isoformat(),
                    "recorded_at": _shown(each.recorded_at),
                    "amount": each.amount.minor,
                    "balance": each.balance.minor,
                }
                for each in page.lines
            ],
            "more": page.next_cursor is not None,
        }

    def _balances(self) -> Iterator[Balance]:
        after = ""
        while page := self._read(lambda tx, after=after: ledger.balances(tx, after=after)):
            yield from page
            after = page[-1].path


def _chained(group: list[Line], made: list[Command | Refusal]) -> list[Command | Refusal]:
    """A link that cannot be read refuses its whole chain."""
    start = 0
    for end, line in enumerate(group):
        if line.linked and end + 1 < len(group):
            continue
        culprits = [place for place in range(start, end + 1) if isinstance(made[place], Refusal)]
        for place in range(start, end + 1) if culprits else ():
            if place not in culprits:
                reference, culprit = (str(group[n].fields.get("reference")) for n in (place, culprits[0]))
                refusal = made[culprits[0]]
                assert isinstance(refusal, Refusal)
                made[place] = CHAIN_FAILED(reference=reference, culprit=culprit, code=refusal.code)
        start = end + 1
    return made


def _asked(line: Line) -> tuple[str | None, dict[str, Any]]:
    """What a line asks for, without what only says with whom it goes."""
    return line.do, {name: value for name, value in line.fields.items() if name not in ("note", "batch", "linked")}


def _joined(before: Line, line: Line) -> bool:
    """Whether a line belongs to the batch of the line before it: by its label, or because that one is linked to it."""
    batched = line.do in BATCHED or line.refusal is not None
    return batched and line.batch == before.batch and (line.batch is not None or before.linked)


def _postings(postings: Iterable[Posting]) -> list[dict[str, Any]]:
    return [
        {"account": line.account, "amount": line.amount.minor, "currency": line.amount.currency} for line in postings
    ]


def _account(balance: Balance) -> dict[str, Any]:
    """A balance in minor units: ``balance`` is debits less credits, ``owed`` is on the account's own side."""
    return {
        "account": balance.path,
        "currency": balance.currency,
        "balance": balance.balance.minor,
        "owed": balance.owed().minor,
        "held_out": balance.held_out.minor,
        "held_in": balance.held_in.minor,
        "floor": balance.floor,
        "ceiling": balance.ceiling,
        "version": balance.version,
        "closed": balance.closed_at is not None,
    }


def _shown(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
