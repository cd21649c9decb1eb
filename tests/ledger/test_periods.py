"""What moved an account in a period, and its balance day by day, are read from the period on, whatever was posted late; what
was posted before costs nothing."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from farthing.db.tx import Tx
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry, Posting, account_id
from farthing.ledger.overview import service as overview
from farthing.ledger.overview import store
from farthing.ledger.reading import period_store
from tests.conftest import DAY, Bank

PATH, OTHER = "liabilities:wallets:long-lived", "assets:cash:sandbox"
DAYS = 40
PERIODS = [(DAYS, 0), (5, 0), (5, 3), (0, 0), (DAYS + 9, DAYS + 5), (20, 10)]
"""From and until so many days ago."""


def posted(bank: Bank) -> list[tuple[date, int]]:
    """An account with three postings a day, each sixth of them for an earlier day; what each was for, and how much it brought."""
    chance = random.Random(11)
    found = []
    for number in range(DAYS * 3):
        late = chance.randrange(1, 15) if number % 6 == 5 else 0
        on = DAY - timedelta(days=DAYS - 1 - number // 3) - timedelta(days=late)
        found.append((on, chance.randrange(1, 500)))

    def post(tx: Tx) -> None:
        ledger.open_accounts(tx, [AccountSpec(path, "CNY") for path in (PATH, OTHER)])
        for number, (on, minor) in enumerate(found):
            lines = (Posting(OTHER, Money(minor, "CNY")), Posting(PATH, Money(-minor, "CNY")))
            ledger.post_all(tx, [JournalEntry(f"period:{number}", "transfer", on, lines)])

    bank.kernel.tidy(post)
    return found


def test_a_period_tells_what_every_posting_tells_also_what_was_posted_late(bank: Bank) -> None:
    known = posted(bank)
    for first, last in PERIODS:
        since, until = DAY - timedelta(days=first), DAY - timedelta(days=last)
        inside = [(on, minor) for on, minor in known if since <= on <= until]
        lines, more = bank.read(lambda tx, s=since, u=until: ledger.within(tx, PATH, s, u, limit=500))
        assert [(each.entry.effective_on, -each.amount.minor) for each in lines][::-1] == inside and more is None
        moved = bank.read(lambda tx, s=since, u=until: overview.moved(tx, PATH, s, u))
        assert [(on, minor) for on, _, minor in moved] == inside
        daily = bank.read(lambda tx, s=since, u=until: overview.daily(tx, PATH, s, u))
        assert [(on, came) for on, _, came, _ in daily] == [
            (day, sum(minor for on, minor in inside if on == day)) for day in sorted({on for on, _ in inside})
        ]
        told = bank.read(lambda tx, s=since: ledger.by_day(tx, PATH, s))
        before = sum(minor for on, minor in known if on < since)
        running = {since - timedelta(days=1): before} if before else {}
        for day in sorted({on for on, _ in known if on >= since}):
            before += sum(minor for on, minor in known if on == day)
            running[day] = before
        assert {day: last for day, _, last in told} == running


@pytest.mark.parametrize("statement", [period_store.BY_DAY, period_store.WITHIN, store.MOVED, store.DAILY])
def test_what_was_posted_before_a_period_is_not_read(bank: Bank, statement: str) -> None:
    posted(bank)
    since = DAY - timedelta(days=2)
    key = account_id(PATH)

    def read(tx: Tx) -> int:
        past, balance = period_store.reached(tx, key, since - timedelta(days=1))
        asked = {
            "id": key, "sign": -1, "since": since, "until": DAY, "past": past, "opening": -balance, "limit": 500,
            "below": 2**62,
        }  # fmt: skip
        used = {name: value for name, value in asked.items() if f"%({name})s" in statement}
        ((plan,),) = tx.tuples(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", used)  # type: ignore[arg-type]
        return sum(
            int(each["Actual Rows"]) for each in nodes(plan[0]["Plan"]) if each.get("Relation Name") == "posting"
        )

    assert bank.read(read) <= 3 * 3 + 15, "not the whole of its life"


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """A node of a plan and all below it."""
    return [plan, *(each for below in plan.get("Plans", ()) for each in nodes(below))]
