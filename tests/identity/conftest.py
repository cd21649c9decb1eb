"""What a password costs in a bank, for the tests that look at it."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY

from farthing.identity import passwords

DECOY = passwords.DECOY


@pytest.fixture
def dear_passwords(cheap_passwords: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here a password costs what it costs in a bank."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY))
    monkeypatch.setattr(passwords, "DECOY", DECOY)
