"""The fixture ``house``: a bank with one fund on Monday 4 January 2027, at nine o'clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.savings.fund.house import House, opened


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    made = opened(database_url)
    yield made
    made.bank.kernel.database.close()
