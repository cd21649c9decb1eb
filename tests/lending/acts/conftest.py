"""Houses that tests of acts begin with."""

from __future__ import annotations

import pytest

from tests.lending.acts.doing import one_loan, ten_days_late
from tests.lending.house import House


@pytest.fixture
def house(database_url: str) -> House:
    """With a loan that was paid out today."""
    return House(database_url, lived=one_loan)


@pytest.fixture
def late_house(database_url: str) -> House:
    """With that loan, ten days late."""
    return House(database_url, lived=ten_days_late)
