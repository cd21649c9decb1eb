"""The register's formal checks: each bad input its own code, every good spelling one normal form."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.printable import unprintable
from farthing.parties import rules
from tests.parties.people import credit_code, hospital, lin_mei, resident_id

TODAY = date(2026, 11, 2)


def refused(code: str, **changes: str) -> None:
    with pytest.raises(Refusal) as caught:
        rules.check_person(lin_mei(**changes), TODAY)
    assert caught.value.code == code


def test_a_person_in_normal_form() -> None:
    checked = rules.check_person(lin_mei(name=" 林  美 ", resident_id=resident_id().lower()), TODAY)
    assert checked == rules.Checked("林 美", resident_id(), "+8613812345678", date(1999, 3, 7))


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("parties.name_invalid", {"name": "  "}),
        ("parties.name_invalid", {"name": "林\x00美"}),
        ("parties.name_invalid", {"name": "林" * 121}),
        ("parties.name_invalid", {"name": "\ufdfa" * 7}),  # seven characters, 126 in normal form
        ("parties.name_invalid", {"name": "林\uff5f美"}),  # printable, and its normal form is not
        ("parties.name_invalid", {"name": "林\u202e美"}),
        ("parties.name_invalid", {"name": "林\u200b美"}),
        ("parties.resident_id_malformed", {"resident_id": "11010519990307002"}),
        ("parties.resident_id_malformed", {"resident_id": "110105990307002"}),
        ("parties.resident_id_malformed", {"resident_id": ""}),
        ("parties.resident_id_checksum", {"resident_id": "110105199903070021"}),
        ("parties.phone_invalid", {"phone": "12345"}),
        ("parties.phone_invalid", {"phone": "call me"}),
        ("parties.phone_invalid", {"phone": "+86 138 1234 5678 ext. 9"}),
        ("parties.under_age", {"resident_id": resident_id(date(2008, 11, 3))}),
        ("parties.resident_id_birth_date", {"resident_id": resident_id(date(2027, 1, 1))}),
        ("parties.resident_id_birth_date", {"resident_id": resident_id(date(1895, 1, 1))}),
    ],
)
def test_bad_input_has_its_own_code(code: str, changes: dict[str, str]) -> None:
    refused(code, **changes)


def test_the_number_is_examined_before_the_phone() -> None:
    refused("parties.resident_id_checksum", resident_id="110105199903070021", phone="1")


def test_adulthood_begins_on_the_birthday() -> None:
    assert rules.check_person(lin_mei(resident_id=resident_id(date(2008, 11, 2))), TODAY)


def test_an_impossible_birth_date_is_refused() -> None:
    digits = "11010519990231002"
    refused("parties.resident_id_birth_date", resident_id=digits + rules.ric.calc_check_digit(digits + "0"))


def test_people_without_a_county_in_the_list_are_not_turned_away() -> None:
    for place in ("810000", "911199", "999999"):
        assert rules.check_person(lin_mei(resident_id=resident_id(place=place)), TODAY)


@given(st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(place: int, step: int) -> None:
    digits = list(resident_id())
    digits[place] = str((int(digits[place]) + step) % 10)
    with pytest.raises(Refusal) as caught:
        rules.resident_id_of("".join(digits))
    assert caught.value.code == "parties.resident_id_checksum"


@pytest.mark.parametrize("dot", list("·•‧∙⋅・・.."))
def test_a_name_with_a_middle_dot_is_one_name(dot: str) -> None:
    assert rules.name_of(f"阿不都{dot}热合曼") == "阿不都·热合曼"


def test_a_latin_name_keeps_its_full_stop() -> None:
    assert rules.name_of("John Q. Public") == "John Q. Public"


@given(st.text(min_size=1, max_size=40))
def test_normal_form_is_normal(text: str) -> None:
    try:
        name = rules.name_of(text)
    except Refusal as refusal:
        assert refusal.code == "parties.name_invalid"
    else:
        assert rules.name_of(name) == name


def test_organisations() -> None:
    checked = rules.check_organisation(hospital())
    assert (checked.number, checked.phone, checked.born_on) == (credit_code(), "+862163240090", None)
    with pytest.raises(Refusal) as caught:
        rules.check_organisation(hospital(credit_code="1231000040001234A0"))
    assert caught.value.code == "parties.credit_code_invalid"


@pytest.mark.parametrize("name", ["क्\u200dष", "ᠮᠣᠩᠭᠣᠯ\u180eᠠ"])
def test_a_name_keeps_the_joiners_that_spell_it(name: str) -> None:
    assert rules.name_of(name) == name


def test_a_rare_name_has_its_middle_dot() -> None:
    assert rules.name_of("\U00020bb7.\U0002123c") == "\U00020bb7·\U0002123c"


@given(st.text(max_size=30))
def test_a_name_that_is_taken_can_be_printed_and_is_its_own_normal_form(text: str) -> None:
    try:
        name = rules.name_of(text)
    except Refusal:
        return
    assert unprintable(name) is None
    assert rules.name_of(name) == name
