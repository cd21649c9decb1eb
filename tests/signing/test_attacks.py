"""No attacked PDF is ever called sealed, whoever the reader trusts, and whoever signs it once more over everything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from farthing.signing.judging.judge import judge
from farthing.signing.judging.model import Verdict
from tests.signing.attacks import certified, containers, forgery, incremental, shadow, stamps, structure, wrapping
from tests.signing.victims import Victim, victim

AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
CLASSES: dict[str, tuple[Callable[[Victim], dict[str, bytes]], int]] = {
    "incremental": (incremental.made, 20),
    "wrapping": (wrapping.made, 9),
    "forgery": (forgery.made, 40),
    "shadow": (shadow.made, 28),
    "certified": (certified.made, 32),
    "containers": (containers.made, 35),
    "stamps": (stamps.made, 9),
    "structure": (structure.made, 40),
}
"""Each class with how many files it has at least."""


def called_sealed(files: dict[str, bytes]) -> list[str]:
    return [
        name
        for name, pdf in files.items()
        for roots in ((), victim().roots)
        if judge(pdf, roots, AT).verdict is Verdict.SEALED
    ]


def test_what_they_start_from_is_sealed() -> None:
    held = victim()
    for pdf in (held.signed, held.sealed, *held.certified.values()):
        assert judge(pdf, (), AT).verdict is Verdict.SEALED


@pytest.mark.parametrize("name", ["stamps", "wrapping"])
def test_none_of_these_is_called_sealed(name: str) -> None:
    assert called_sealed(CLASSES[name][0](victim())) == []


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in CLASSES if name not in {"stamps", "wrapping"}])
def test_none_of_a_class_is_called_sealed(name: str) -> None:
    make, at_least = CLASSES[name]
    files = make(victim())
    assert len(files) >= at_least
    assert called_sealed(files) == []


@pytest.mark.long
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_one_byte_anywhere_is_another_verdict(data: st.DataObject) -> None:
    """The law of the sealed rule, in the time stamp's own hexadecimal as in all else."""
    pdf = victim().sealed
    at = data.draw(st.integers(0, len(pdf) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda each: each != pdf[at]))
    changed = pdf[:at] + bytes([value]) + pdf[at + 1 :]
    assert judge(changed, victim().roots, AT).verdict is not Verdict.SEALED
