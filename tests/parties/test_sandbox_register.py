"""The sandbox peer has an opinion of its own and always says that it is the sandbox."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from farthing.kit.canonical import digest
from farthing.parties.model import IdentityQuestion
from farthing.parties.sandbox_register import Entry, SandboxRegister
from tests.parties.people import resident_id

PHONE = "+8613812345678"


def ask(register: SandboxRegister, number: str, name: str = "林美", phone: str = PHONE) -> tuple[str, int]:
    answer = register.check(IdentityQuestion("person", name, number, phone, datetime(2026, 11, 2, tzinfo=UTC)))
    told = json.loads(answer.raw)
    assert (told["provider"], told["sandbox"], told["outcome"]) == ("sandbox", True, answer.outcome)
    assert number not in answer.raw.decode() and name not in answer.raw.decode()
    return answer.outcome, answer.level


@pytest.mark.parametrize(
    ("order_code", "phone", "expected"),
    [
        ("002", PHONE, ("matched", 2)),
        ("404", PHONE, ("number_unknown", 0)),
        ("405", PHONE, ("number_unknown", 0)),
        ("408", PHONE, ("name_mismatch", 0)),
        ("409", PHONE, ("name_mismatch", 0)),
        ("002", "+8613812340404", ("phone_unknown", 1)),
        ("002", "+8613812340409", ("phone_mismatch", 1)),
    ],
)
def test_numbers_without_an_entry(order_code: str, phone: str, expected: tuple[str, int]) -> None:
    assert ask(SandboxRegister({}, b"key"), resident_id(order_code=order_code), phone=phone) == expected


def test_an_entry_is_compared_exactly() -> None:
    number = resident_id(date(1980, 5, 5), "404")
    register = SandboxRegister({number: Entry("王芳", PHONE)}, b"key")
    assert ask(register, number, "王芳") == ("matched", 2)
    assert ask(register, number, "王方") == ("name_mismatch", 0)
    assert ask(register, number, "王芳", "+8613912345678") == ("phone_mismatch", 1)


def test_a_reference_tells_nothing_of_the_number() -> None:
    """It was the beginning of a plain hash of number, name and phone, and stands in the log for everybody to guess at."""
    asked = IdentityQuestion("person", "王芳", resident_id(), PHONE, datetime(2026, 11, 2, tzinfo=UTC))
    first, again = (SandboxRegister({}, b"key").check(asked) for _ in range(2))
    other = SandboxRegister({}, b"another key").check(asked)
    assert first == again
    assert first.reference != other.reference and first.raw != other.raw
    assert digest((asked.kind, asked.name, asked.number, asked.phone)).hex()[:12] not in first.reference
