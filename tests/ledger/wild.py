"""A seeded source of commands that collide: few accounts, few references, small amounts, now and then enormous ones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger.model import AccountSpec, Command, Hold, JournalEntry, Posting, Release, Settle

ROOTS = ("assets", "liabilities", "equity", "expenses", "income")


class Wild:
    """Commands over accounts of one name space."""

    def __init__(self, random: Random, space: str, accounts: int = 9) -> None:
        self.random = random
        self.space = space
        self.specs = [self._spec(number) for number in range(accounts)]
        self.count = 0
        self.recent: list[Command] = []
        self.holds: list[str] = []

    def _spec(self, number: int) -> AccountSpec:
        kind = self.random.choice(["open", "open", "floor", "floor", "ceiling", "both", "overdraft"])
        floor = {"floor": 0, "both": 0, "overdraft": -50}.get(kind)
        ceiling = {"ceiling": 200, "both": 300}.get(kind)
        currency = "USD" if number % 4 == 3 else "CNY"
        return AccountSpec(f"{ROOTS[number % 5]}:{self.space}:a{number}", currency, floor, ceiling)

    def batch(self, size: int, now: datetime) -> list[Command]:
        """So many commands, some of them chained, some of them said again or said otherwise."""
        made: list[Command] = []
        while len(made) < size:
            try:
                made.append(self._command(now))
            except Refusal:
                continue  # what the types refuse never reaches a ledger
        self.recent = (self.recent + made)[-60:]
        return made

    def _reference(self, kind: str) -> str:
        if self.recent and self.random.random() < 0.03:
            return self.random.choice(self.recent).reference  # somebody else's name
        self.count += 1
        return f"{self.space}:{kind}{self.count}"

    def _amount(self) -> int:
        roll = self.random.random()
        if roll < 0.004:
            return 2**62 - self.random.randint(0, 2)
        return self.random.randint(1, 9 if roll < 0.5 else 120)

    def _postings(self) -> tuple[Posting, ...]:
        same = [spec for spec in self.specs if spec.currency == self.random.choice(["CNY", "CNY", "CNY", "USD"])]
        if len(same) < 2 or self.random.random() < 0.03:
            same = [*self.specs, AccountSpec(f"assets:{self.space}:nobody", "CNY")]
        one, two = self.random.sample(same, 2)
        amount = self._amount()
        lines = [Posting(one.path, Money(amount, one.currency)), Posting(two.path, Money(-amount, one.currency))]
        roll = self.random.random()
        if roll < 0.15:
            third, extra = self.random.choice(same), self.random.randint(1, 5)
            lines += [Posting(third.path, Money(extra, one.currency)), Posting(two.path, Money(-extra, one.currency))]
        elif roll < 0.2:
            dollars = [spec for spec in self.specs if spec.currency == "USD"]
            left, right = self.random.sample(dollars, 2) if len(dollars) > 1 else (dollars[0], dollars[0])
            lines += [Posting(left.path, Money(7, "USD")), Posting(right.path, Money(-7, "USD"))]
        return tuple(lines)

    def _on(self, now: datetime) -> date:
        back = 0 if self.random.random() < 0.7 else self.random.randint(-5, 60)
        return now.date() - timedelta(days=back)

    def _command(self, now: datetime) -> Command:
        roll = self.random.random()
        linked = self.random.random() < 0.12
        if roll < 0.08 and self.recent:
            return self._again(self.random.choice(self.recent), linked)
        if roll < 0.62:
            at_most = self.random.random() < 0.12
            kind = self.random.choice(["transfer", "fee"])
            return JournalEntry(
                self._reference("e"), kind, self._on(now), self._postings(), linked=linked, at_most=at_most
            )
        if roll < 0.8:
            reference = self._reference("h")
            self.holds = [*self.holds, reference][-12:]
            wait = self.random.choice([None, 0, 5, 20, 300])
            expires_at = None if wait is None else now + timedelta(seconds=wait)
            return Hold(reference, "hold", self._on(now), self._postings(), linked=linked, expires_at=expires_at)
        hold = self.random.choice(self.holds) if self.holds and self.random.random() < 0.97 else "nothing"
        if roll < 0.93:
            part = self._part(hold) if self.random.random() < 0.5 else ()
            return Settle(self._reference("s"), hold, self._on(now), part, linked=linked)
        return Release(self._reference("r"), hold, linked)

    def _part(self, key: str) -> tuple[Posting, ...]:
        found = [each for each in self.recent if isinstance(each, Hold) and each.reference == key]
        if not found or len(found[0].postings) != 2:
            return ()
        one, two = found[0].postings
        amount = max(1, one.amount.minor + self.random.randint(-5, 1))
        return (Posting(one.account, Money(amount, one.amount.currency)),
                Posting(two.account, Money(-amount, two.amount.currency)))  # fmt: skip

    def _again(self, command: Command, linked: bool) -> Command:
        """The same command once more, or with something else under its reference."""
        values: dict[str, Any] = {name: getattr(command, name) for name in type(command).__dataclass_fields__}
        values["linked"] = linked
        if self.random.random() < 0.3 and not isinstance(command, Release):
            values["memo"] = "otherwise"
        elif self.random.random() < 0.2 and isinstance(command, JournalEntry):
            values["postings"] = self._postings()
        return type(command)(**values)
