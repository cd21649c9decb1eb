"""A quiet day reads what can have something to do that day, by an index, and not every loan."""

from __future__ import annotations

from datetime import date

import pytest

from farthing.db.tx import Tx
from farthing.lending import store
from farthing.lending.closing import store as closing
from farthing.lending.roll import service as rolls
from farthing.lending.roll import store as roll
from farthing.lending.roll.model import Unpaid
from tests.lending.closing.test_by_sets import several_loans
from tests.lending.house import House

ASKED = {"on": date(2026, 12, 28), "after": "", "limit": 500, "due_on": date.min}
INDEXED = {
    "what lapses": (store.LAPSED, "loan_waiting"),
    "what falls due": (closing.TODAY, "loan_obligation_due"),
    "what is late": (closing.LATE, "loan_obligation_due"),
    "who is reminded": (roll.FALLING, "loan_obligation_due"),
}


@pytest.mark.parametrize("what", INDEXED)
def test_what_a_close_asks_each_day_is_found_by_an_index(database_url: str, what: str) -> None:
    house = House(database_url)
    house.active()
    asked, index = INDEXED[what]
    with house.bank.superuser() as connection, connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {asked}", ASKED))  # type: ignore[arg-type]
    assert f"using {index} " in plan and "Filter: (open" not in plan and "Seq Scan" not in plan


@pytest.mark.long
def test_instalments_of_a_day_are_told_in_pages_as_in_one(database_url: str) -> None:
    house = House(database_url, lived=several_loans)
    on = house.loan(house.made[0]).instalments[0].due_on

    def paged(tx: Tx) -> list[Unpaid]:
        found: list[Unpaid] = []
        after: str | None = ""
        while after is not None:
            page, after = rolls.unpaid(tx, on, after, 2)
            found += page
        return found

    whole, after = house.bank.read(lambda tx: rolls.unpaid(tx, on, "", 100))
    assert len(whole) == 7 and after is None
    assert house.bank.read(paged) == whole
