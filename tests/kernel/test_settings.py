"""A variable that is set to nothing is not set."""

from pathlib import Path

import pytest

from farthing.kernel.settings import Settings


def test_a_variable_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FARTHING_KEYRING", "")
    monkeypatch.setenv("FARTHING_OPENS_ON", "")
    found = Settings()
    assert (found.keyring, found.opens_on) == (None, None)
    monkeypatch.setenv("FARTHING_KEYRING", "elsewhere")
    assert Settings().keyring == Path("elsewhere")
