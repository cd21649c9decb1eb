"""Here a password costs what it costs in a bank."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def cheap_passwords() -> None:
    """Nothing is made cheaper."""
