"""The banks that tests begin with are copies of one that was begun before: a copy goes on as the first would have."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from farthing.kernel.day import close_day
from tests.banks import Bank, Beginning, Shelf, begun_at, opened_at
from tests.conftest import DAY
from tests.hands import city
from tests.parties.people import register_person
from tests.savings.deposits.saver import found, opened, saver


def random_part(identifier: str) -> str:
    """An id without its first fifty bits, which are the instant."""
    return identifier.partition("_")[2][10:]


def journey(bank: Bank) -> list[Any]:
    """What a bank does after its beginning, without the instants."""
    party = saver(bank)
    deposit = opened(bank, party, "demand", "100.00").deposit
    close_day(bank.kernel)
    return [random_part(party), random_part(deposit.id), bank.kernel.clock().business_date]


def test_a_copy_goes_on_as_the_first_would(shelf: Shelf, database_url: str) -> None:
    first = opened_at(database_url, DAY)
    found(first)
    expected = journey(first)
    first.kernel.database.close()
    for _ in range(2):
        with shelf.bank(DAY) as copy:
            assert journey(found(copy)) == expected


def test_copies_are_apart(shelf: Shelf) -> None:
    with shelf.bank(DAY) as one, shelf.bank(DAY) as other:
        assert city(one) == city(other)
        register_person(one)
        with one.superuser() as here, other.superuser() as there:
            counts = [each.execute("SELECT count(*) FROM party").fetchone() for each in (here, there)]
        assert counts == [(2,), (1,)]


def test_the_clock_of_a_copy_stands_where_the_first_left_it(shelf: Shelf) -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    beginning = Beginning("a clock", DAY, register_person)
    instants = []
    for name, wall in {"at_noon": lambda: noon, "at_five": lambda: noon + timedelta(hours=5)}.items():
        bank, _ = shelf.begun(name, beginning, wall)
        instants.append(bank.read(lambda tx: tx.now))
        bank.kernel.database.close()
        shelf.discard(name)
    assert instants[0] == instants[1]


def test_what_was_looked_at_before_keeps_what_was_done(shelf: Shelf) -> None:
    with shelf.bank(DAY) as bank:
        person = register_person(bank)
        city(bank)
        assert register_person(bank) == person


def test_a_database_that_was_used_is_not_replaced(database_url: str) -> None:
    used = opened_at(database_url, DAY)
    person = register_person(used)
    again, _ = begun_at(database_url, Beginning("nothing", DAY, lambda bank: None))
    assert register_person(again) == person
    used.kernel.database.close()
    again.kernel.database.close()


def test_a_bank_that_many_look_at_first_is_opened_once(shelf: Shelf) -> None:
    with shelf.bank(DAY) as bank, ThreadPoolExecutor(8) as crowd:
        looked = list(crowd.map(lambda _: id(bank.kernel), range(8)))
    assert len(set(looked)) == 1
