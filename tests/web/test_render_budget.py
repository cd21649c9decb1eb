"""What writing a page may cost the server, for every page of every door that a town's people can reach by links.

How often a page asks the database: a page that asks once a row is found by a town with rows enough. And how long it takes,
beside an answer of the same server that asks for nothing, taken in turns with it: a
machine that is busy with something else is slow in both, and the best of three rounds is what counts. Milliseconds with a
large town in the database are measured by ``bench/pages.py``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx
import psycopg
import pytest

from farthing.town.staff import doors
from tests.conftest import Bank
from tests.doors import served
from tests.web.walking import enter, town_of, walk

MOST_STATEMENTS = 45
"""No page asks more often. The most is asked by an entry's page, which tries its reversal before it offers it."""
MOST_TIMES_THE_FLOOR = 25
"""So many times as long as an answer without a question; a page of 50 ms beside a floor of 2."""
ROUNDS, ANSWERS = 3, 20
FLOOR = "/healthz"


class Asked:
    """Counts what is sent to the database by this process, whoever sends it."""

    def __init__(self) -> None:
        self.count = 0


@contextmanager
def counted() -> Iterator[Asked]:
    """Count the statements of every connection for as long as this lasts."""
    asked, execute = Asked(), psycopg.Cursor.execute

    def counting(cursor: psycopg.Cursor[Any], *values: Any, **named: Any) -> psycopg.Cursor[Any]:
        asked.count += 1
        return execute(cursor, *values, **named)

    psycopg.Cursor.execute = counting  # type: ignore[method-assign,assignment]
    try:
        yield asked
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]


@pytest.fixture
def town(bank: Bank) -> Bank:
    return town_of(bank, 20)


def every_page(town: Bank, base: str) -> Iterator[tuple[str, httpx.Client, str]]:
    """Each page of each door, with who reads it."""
    for door in doors(town.kernel):
        if not door.en.endswith("-2"):
            with closing(enter(base, door.token)) as client:
                for paths in walk(client).values():
                    yield from ((door.en, client, path) for path in paths)


def statements(client: httpx.Client, path: str, asked: Asked) -> int:
    """How often a request asks: the least of some tries, for the server's own jobs ask meanwhile. What only leads on to
    another page is a request of its own."""
    counts: list[int] = []
    while len(counts) < ROUNDS and (not counts or min(counts) > MOST_STATEMENTS):
        before = asked.count
        assert client.get(path, follow_redirects=False).status_code in (200, 302, 303, 307)
        counts.append(asked.count - before)
    return min(counts)


@pytest.mark.prove
def test_no_page_asks_the_database_too_often(town: Bank) -> None:
    with served(town) as base, counted() as asked:
        found = {f"{door} {path}": statements(client, path, asked) for door, client, path in every_page(town, base)}
    assert len(found) > 100 and sum(found.values()) > 2 * len(found)
    assert not (many := {page: count for page, count in found.items() if count > MOST_STATEMENTS}), many


def took(client: httpx.Client, path: str) -> float:
    """How long an answer takes, as who asked sees it."""
    began = time.perf_counter()
    client.get(path)
    return time.perf_counter() - began


def ratio(client: httpx.Client, path: str) -> float:
    """The 95th of some answers over that of the floor, asked in turns; the best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        pairs = [(took(client, path), took(client, FLOOR)) for _ in range(ANSWERS)]
        page, floor = (sorted(each)[int(ANSWERS * 0.95) - 1] for each in zip(*pairs, strict=True))
        best = min(best, page / floor)
        if best <= MOST_TIMES_THE_FLOOR:
            return best
    return best


@pytest.mark.prove
@pytest.mark.timeout(1_200)
def test_no_page_is_far_slower_than_an_answer_that_asks_for_nothing(town: Bank) -> None:
    with served(town) as base:
        found = {f"{door} {path}": ratio(client, path) for door, client, path in every_page(town, base)}
    assert len(found) > 100
    assert not (slow := {page: round(each, 1) for page, each in found.items() if each > MOST_TIMES_THE_FLOOR}), slow
