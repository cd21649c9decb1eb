"""Ids are ordered by time, repeat where they should, and are read back or refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.ids import IdSource, derived, derived_int63, parse_prefixed, prefixed

instants = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


@given(instants, st.integers(0))
def test_a_version_7_id_carries_its_millisecond(now: datetime, seed: int) -> None:
    made = IdSource(seed).uuid7(now)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    exact = (now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert made.int >> 80 == exact


@given(instants, st.integers(1, 10**6))
def test_later_ids_sort_later_as_text_too(now: datetime, milliseconds: int) -> None:
    source = IdSource(3)
    first, second = source.uuid7(now), source.uuid7(now + timedelta(milliseconds=milliseconds))
    assert first < second
    assert prefixed("loan", first) < prefixed("loan", second)


@given(st.uuids())
def test_a_prefixed_id_is_read_back(value: UUID) -> None:
    assert parse_prefixed("loan", prefixed("loan", value)) == value


@pytest.mark.parametrize(
    "text",
    ["", "loan", "loan_", "acc_" + "0" * 26, "loan_" + "0" * 25, "loan_" + "z" * 26, "loan_" + "u" * 26,
     "loan_" + "0" * 25 + "O", "loan_" + "0" * 27, "LOAN_" + "0" * 26],
)  # fmt: skip
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_prefixed("loan", text)
    assert caught.value.code == "ids.malformed"


@given(st.text(), st.text())
def test_a_natural_key_always_gives_the_same_id(one: str, other: str) -> None:
    assert derived(one).version == 8
    assert (derived(one) == derived(other)) == (one == other)
    assert 0 <= derived_int63(one) < 2**63


def test_a_seeded_source_repeats_its_ids_and_no_secret_and_an_unseeded_one_repeats_nothing() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert IdSource(7).uuid7(now) == IdSource(7).uuid7(now)
    assert IdSource(7).token() != IdSource(7).token()
    assert IdSource().uuid7(now) != IdSource().uuid7(now)
    assert len(IdSource().token()) == 52
