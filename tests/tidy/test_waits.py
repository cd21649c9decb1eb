"""A test waits longer on a busy machine, and has an end on any."""

from __future__ import annotations

import os

import pytest

from tests.waits import MOST, patience


@pytest.mark.parametrize(("load", "factor"), [(0.0, 1.0), (4.0, 1.0), (10.0, 2.5), (4000.0, MOST)])
def test_a_wait_is_as_much_longer_as_the_machine_is_busier(
    monkeypatch: pytest.MonkeyPatch, load: float, factor: float
) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0))
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    assert patience(60) == 60 * factor


def test_so_is_the_limit_of_a_test(request: pytest.FixtureRequest) -> None:
    assert request.config.hook.pytest_timeout_set_timer.get_hookimpls()[-1].plugin_name.endswith("conftest.py")
