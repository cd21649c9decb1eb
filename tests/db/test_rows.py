"""Columns handed over in binary: PostgreSQL reads what was meant, also where some are unknown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.db import rows as columns
from tests.banks import Bank, Shelf
from tests.conftest import DAY

WHOLE = st.lists(st.none() | st.integers(-(2**31), 2**31 - 1))
LONG = st.lists(st.none() | st.integers(-(2**63), 2**63 - 1))
DAYS = st.lists(st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)))


@pytest.fixture(scope="module")
def stands(shelf: Shelf) -> Iterator[Bank]:
    with shelf.bank(DAY) as bank:
        yield bank


@settings(max_examples=60, deadline=None)
@given(whole=WHOLE, long=LONG, days=DAYS)
def test_a_column_is_read_as_it_was_meant(stands: Bank, whole: list[Any], long: list[Any], days: list[Any]) -> None:
    given_ = {"whole": columns.int4s(whole), "long": columns.int8s(long), "days": columns.dates(days)}

    def back(tx: Any) -> tuple[Any, ...]:
        (found,) = tx.tuples("SELECT %(whole)s::integer[], %(long)s::bigint[], %(days)s::date[]", given_)
        return tuple(found)

    assert stands.kernel.read(back) == (whole, long, days)
