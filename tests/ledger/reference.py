"""The reference: a ledger in memory, written from the documented rules alone, with arithmetic of its own.

It keeps, for each account, the list of all that ever moved it, and adds up whenever it is asked. Slow and plain on
purpose; it imports the ledger's nouns and none of its rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from farthing.ledger.model import AccountSpec, Command, Hold, JournalEntry, Posting, Release, Settle

MOST = 2**62


class No(Exception):
    """A refusal with its code."""


@dataclass
class Account:
    """What was agreed about an account, and everything that moved it: (instant, effective date, debit)."""

    spec: AccountSpec
    closed: bool = False
    moves: list[tuple[datetime, date, int]] = field(default_factory=list)
    debit: int = 0

    @property
    def side(self) -> int:
        return 1 if self.spec.path.split(":")[0] in ("assets", "expenses") else -1

    @property
    def floor(self) -> int:
        return -MOST if self.spec.floor is None else self.spec.floor

    @property
    def ceiling(self) -> int:
        return MOST if self.spec.ceiling is None else self.spec.ceiling


@dataclass
class Pending:
    """A hold and what became of it."""

    hold: Hold
    state: str = "pending"
    by: str | None = None


class Reference:
    """The whole ledger."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.accounts: dict[str, Account] = {}
        self.entries: dict[str, tuple[JournalEntry, int | None]] = {}
        self.holds: dict[str, Pending] = {}
        self.releases: dict[str, str] = {}
        self.undo: list[Any] = []

    def open(self, spec: AccountSpec) -> None:
        self.accounts.setdefault(spec.path, Account(spec))

    # What is asked of the books

    def held(self, path: str) -> tuple[int, int]:
        """What pending holds would take out of and bring into the account's own side."""
        out = into = 0
        for pending in self.holds.values():
            if pending.state == "pending" and not self.lapsed(pending.hold):
                net = self.net(pending.hold.postings).get(path, 0)
                out, into = out + max(-net, 0), into + max(net, 0)
        return out, into

    def lapsed(self, hold: Hold) -> bool:
        return hold.expires_at is not None and hold.expires_at <= self.now

    def net(self, postings: tuple[Posting, ...]) -> dict[str, int]:
        """Movement of each account on its own side, in the order of first mention."""
        found: dict[str, int] = {}
        for line in postings:
            found[line.account] = found.get(line.account, 0) + self.accounts[line.account].side * line.amount.minor
        return found

    def balance_at(self, path: str, known: datetime | None, on: date | None) -> int:
        return sum(
            debit for recorded, effective, debit in self.accounts[path].moves
            if (known is None or recorded <= known) and (on is None or effective <= on)
        )  # fmt: skip

    # What is done to them

    def run(self, commands: list[Command]) -> list[str]:
        """The status of each command of a batch."""
        said: list[str] = []
        while len(said) < len(commands):
            start = end = len(said)
            while end < len(commands) and commands[end].linked:
                end += 1
            if end == len(commands):
                return said + ["ledger.chain_open"] * (end - start)
            said += self.chain(commands[start : end + 1])
        return said

    def chain(self, commands: list[Command]) -> list[str]:
        self.undo = []
        known_before = {id(command): self.known(command) for command in commands}
        said = []
        for command in commands:
            said.append(self.one(command))
            if said[-1] not in ("ok", "existed"):
                break
        else:
            return said
        if len(commands) == 1:
            return said
        for back in reversed(self.undo):
            back()
        told = []
        for place, command in enumerate(commands):
            if place == len(said) - 1:
                told.append(said[-1])
            elif place < len(said) and said[place] == "existed" and known_before[id(command)]:
                told.append("existed")
            else:
                told.append("ledger.chain_failed")
        return told

    def known(self, command: Command) -> bool:
        if isinstance(command, Hold):
            return command.reference in self.holds
        if isinstance(command, Release):
            return command.reference in self.releases
        return command.reference in self.entries

    def one(self, command: Command) -> str:
        try:
            if isinstance(command, Hold):
                return self.hold(command)
            if isinstance(command, JournalEntry):
                return self.post(command)
            return self.settle(command) if isinstance(command, Settle) else self.release(command)
        except No as no:
            return str(no)

    def other(self, reference: str, *others: dict[str, Any]) -> None:
        """One reference means one thing."""
        if any(reference in known for known in others):
            raise No("ledger.reference_reused")

    def post(self, entry: JournalEntry) -> str:
        self.other(entry.reference, self.holds, self.releases)
        if entry.reference in self.entries:
            first, asked = self.entries[entry.reference]
            if (first.kind, first.effective_on, first.memo) != (entry.kind, entry.effective_on, entry.memo):
                raise No("ledger.reference_reused")
            if (asked is not None) != entry.at_most:
                raise No("ledger.reference_reused")
            limit = [(line.account, line.amount.currency, line.amount.minor) for line in first.postings]
            if asked is not None:
                limit = [(account, currency, asked if minor > 0 else -asked) for account, currency, minor in limit]
            if limit != [(line.account, line.amount.currency, line.amount.minor) for line in entry.postings]:
                raise No("ledger.reference_reused")
            return "existed"
        self.usable(entry.postings)
        asked = None
        lines = [(line.account, line.amount.minor) for line in entry.postings]
        if entry.at_most:
            asked = abs(lines[0][1])
            rooms = []
            for path, minor in lines:
                account, (out, into) = self.accounts[path], self.held(path)
                own = account.side * account.debit
                room = own - out - account.floor if account.side * minor < 0 else account.ceiling - own - into
                if room <= 0:
                    raise No("ledger.nothing_available")
                rooms.append(room)
            amount = min(asked, *rooms)
            lines = [(path, amount if minor > 0 else -amount) for path, minor in lines]
        self.fits(lines, {}, {})
        self.book(entry, lines, asked)
        return "ok"

    def hold(self, hold: Hold) -> str:
        self.other(hold.reference, self.entries, self.releases)
        if hold.reference in self.holds:
            first = self.holds[hold.reference].hold
            names = ("kind", "effective_on", "memo", "postings", "expires_at")
            if any(getattr(first, name) != getattr(hold, name) for name in names):
                raise No("ledger.reference_reused")
            return "existed"
        if self.lapsed(hold):
            raise No("ledger.expiry_passed")
        self.usable(hold.postings)
        net = self.net(hold.postings)
        self.fits(
            [], {path: max(-own, 0) for path, own in net.items()}, {path: max(own, 0) for path, own in net.items()}
        )
        self.holds[hold.reference] = Pending(hold)
        self.undo.append(lambda: self.holds.pop(hold.reference))
        return "ok"

    def waiting(self, key: str) -> Pending:
        found = self.holds.get(key)
        if found is None:
            raise No("ledger.unknown_hold")
        if found.state == "pending" and self.lapsed(found.hold):
            raise No("ledger.hold_expired")
        if found.state != "pending":
            raise No("ledger.hold_resolved")
        return found

    def settle(self, settle: Settle) -> str:
        self.other(settle.reference, self.holds, self.releases)
        if settle.reference in self.entries:
            held = self.holds.get(settle.hold)
            if held is None or held.by != settle.reference or held.state != "settled":
                raise No("ledger.reference_reused")
            first, _ = self.entries[settle.reference]
            wanted = settle.postings or held.hold.postings
            if (first.effective_on, first.memo, first.postings) != (settle.effective_on, settle.memo, wanted):
                raise No("ledger.reference_reused")
            return "existed"
        pending = self.waiting(settle.hold)
        postings = settle.postings or pending.hold.postings
        self.usable(postings)
        reserved, wanted = self.net(pending.hold.postings), self.net(postings)
        for path, own in wanted.items():
            limit = reserved.get(path, 0)
            if own * limit < 0 or abs(own) > abs(limit):
                raise No("ledger.settlement_exceeds_hold")
        self.fits(
            [(line.account, line.amount.minor) for line in postings],
            {path: -max(-own, 0) for path, own in reserved.items()},
            {path: -max(own, 0) for path, own in reserved.items()},
            order=list(dict.fromkeys([*reserved, *wanted])),
        )
        self.resolve(pending, "settled", settle.reference)
        entry = JournalEntry(settle.reference, pending.hold.kind, settle.effective_on, postings, settle.memo)
        self.book(entry, [(line.account, line.amount.minor) for line in postings], None)
        return "ok"

    def release(self, release: Release) -> str:
        self.other(release.reference, self.entries, self.holds)
        if release.reference in self.releases:
            if self.releases[release.reference] != release.hold:
                raise No("ledger.reference_reused")
            return "existed"
        self.resolve(self.waiting(release.hold), "released", release.reference)
        self.releases[release.reference] = release.hold
        self.undo.append(lambda: self.releases.pop(release.reference))
        return "ok"

    def resolve(self, pending: Pending, state: str, by: str) -> None:
        def back() -> None:
            pending.state, pending.by = "pending", None

        pending.state, pending.by = state, by
        self.undo.append(back)

    def usable(self, postings: tuple[Posting, ...]) -> None:
        for line in postings:
            account = self.accounts.get(line.account)
            if account is None:
                raise No("ledger.unknown_account")
            if account.spec.currency != line.amount.currency:
                raise No("ledger.currency_differs")
            if account.closed:
                raise No("ledger.account_closed")

    def fits(
        self, lines: list[tuple[str, int]], out: dict[str, int], into: dict[str, int], order: list[str] | None = None
    ) -> None:
        """Refuse what would leave a range or a limit; ``out`` and ``into`` are added to what is held."""
        running: dict[str, int] = {}
        for path, minor in lines:
            running[path] = running.get(path, self.accounts[path].debit) + minor
            if abs(running[path]) > MOST:
                raise No("ledger.overflow")
        paths = order or list(dict.fromkeys([path for path, _ in lines] + list(out)))
        states = []
        for path in paths:
            account, (held_out, held_in) = self.accounts[path], self.held(path)
            own, new = account.side * account.debit, account.side * running.get(path, account.debit)
            after_out, after_in = held_out + out.get(path, 0), held_in + into.get(path, 0)
            if max(abs(new - own), after_out, after_in, new + after_in, after_out - new) > MOST:
                raise No("ledger.overflow")
            states.append((account, own - held_out, new - after_out, own + held_in, new + after_in))
        for account, low, new_low, high, new_high in states:
            if new_low < account.floor and new_low < low:
                raise No("ledger.insufficient_funds")
            if new_high > account.ceiling and new_high > high:
                raise No("ledger.above_ceiling")

    def book(self, entry: JournalEntry, lines: list[tuple[str, int]], asked: int | None) -> None:
        made = tuple(
            Posting(path, type(old.amount)(minor, old.amount.currency))
            for (path, minor), old in zip(lines, entry.postings, strict=True)
        )
        kept = JournalEntry(entry.reference, entry.kind, entry.effective_on, made, entry.memo)
        self.entries[entry.reference] = (kept, asked)
        for path, minor in lines:
            self.accounts[path].moves.append((self.now, entry.effective_on, minor))
            self.accounts[path].debit += minor

        def back() -> None:
            del self.entries[entry.reference]
            for path, minor in lines:
                self.accounts[path].moves.pop()
                self.accounts[path].debit -= minor

        self.undo.append(back)

    def close(self, path: str) -> str:
        account = self.accounts[path]
        if account.closed:
            return "ledger.already"
        if account.debit != 0 or self.held(path) != (0, 0):
            return "ledger.not_empty"
        account.closed = True
        return "ok"

    def reopen(self, path: str) -> str:
        account = self.accounts[path]
        if not account.closed:
            return "ledger.already"
        account.closed = False
        return "ok"
