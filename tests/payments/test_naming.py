"""How far a typed name is a payee's: the same, close and why, another, or not to be compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from farthing.payments.payees.naming import compared

PEOPLE = [
    ("王小明", "王小明", "match", ""),
    (" 王 小 明 ", "王小明", "match", ""),
    ("王小明先生", "王小明", "match", ""),
    ("王晓明", "王小明", "other", ""),
    ("王小", "王小明", "other", ""),
    ("阿不都热合曼", "阿不都·热合曼", "match", ""),
    ("阿不都•热合曼", "阿不都·热合曼", "match", ""),
    ("Wang Xiaoming", "王小明", "not_compared", "script"),
    ("王小明", "Wang Xiaoming", "not_compared", "script"),
    ("ＪＯＨＮ　ＴＨＯＭＡＳ", "John Thomas", "match", ""),
    ("John Thom", "John Thomas", "other", ""),
    ("José Garcia", "Jose García", "match", ""),
    ("Jean-Pierre Roy", "Jean Pierre Roy", "match", ""),
    ("Mac Donald", "MacDonald", "match", ""),
    ("Dr. Anna Weber", "Anna Weber", "match", ""),
    ("Thomas John", "John Thomas", "close", "order"),
    ("J Thomas", "John Thomas", "close", "initials"),
    ("J T", "John Thomas", "other", ""),
    ("John Thomas", "John Henry Thomas", "close", "part"),
    ("Thomas", "John Thomas", "other", ""),
    ("John Tomas", "John Thomas", "close", "typing"),
    ("John Thmoas", "John Thomas", "close", "typing"),
    ("Jon Thomas", "John Thomas", "other", ""),
    ("Jane Thomas", "John Thomas", "other", ""),
    ("", "John Thomas", "other", ""),
    ("...", "王小明", "other", ""),
]
ORGANISATIONS = [
    ("Acme Ltd", "Acme Limited", "match", ""),
    ("Acme, Ltd.", "ACME LTD", "match", ""),
    ("Acme Ltd", "Acme LLC", "close", "legal_form"),
    ("Acme", "Acme LLC", "close", "legal_form"),
    ("Acme Holdings Ltd", "Acme Ltd", "other", ""),
    ("Acmee Ltd", "Acme Ltd", "close", "typing"),
    ("Ltd", "Acme Ltd", "other", ""),
    ("河边粮油有限公司", "河边粮油有限公司", "match", ""),
    ("河边粮油有限责任公司", "河边粮油有限公司", "close", "legal_form"),
    ("河边粮油", "河边粮油有限公司", "close", "legal_form"),
    ("河边粮油(北京)有限公司", "河边粮油（北京）有限公司", "match", ""),
    ("河岸粮油有限公司", "河边粮油有限公司", "other", ""),
    ("有限公司", "河边粮油有限公司", "other", ""),
]


@pytest.mark.parametrize(("typed", "known", "outcome", "why"), PEOPLE)
def test_a_persons_name(typed: str, known: str, outcome: str, why: str) -> None:
    assert (compared(typed, known, "person").outcome, compared(typed, known, "person").why) == (outcome, why)


@pytest.mark.parametrize(("typed", "known", "outcome", "why"), ORGANISATIONS)
def test_an_organisations_name(typed: str, known: str, outcome: str, why: str) -> None:
    found = compared(typed, known, "organisation")
    assert (found.outcome, found.why) == (outcome, why)


han = some.text(alphabet="王小明晓李华春梅阿不都热合曼", min_size=2, max_size=6)
latin = some.lists(some.text(alphabet="abcdeghjor", min_size=2, max_size=8), min_size=1, max_size=4).map(" ".join)
kinds = some.sampled_from(("person", "organisation"))


@given(some.one_of(han, latin), some.one_of(han, latin), kinds)
def test_it_does_not_matter_who_typed_which(one: str, other: str, kind: str) -> None:
    assert compared(one, other, kind) == compared(other, one, kind)


@given(some.one_of(han, latin), kinds)
def test_a_name_is_the_same_as_itself_however_it_is_written(name: str, kind: str) -> None:
    wide = "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in name)
    for written in (name, name.upper(), f"  {name} ", wide):
        assert compared(written, name, kind).outcome == "match"


@given(han, some.integers(0, 5), some.sampled_from("张刘陈杨"))
def test_one_character_apart_is_another_person(name: str, place: int, character: str) -> None:
    at = place % len(name)
    assert compared(name[:at] + character + name[at + 1 :], name, "person").outcome == "other"


@given(some.text(max_size=30), some.text(max_size=30), kinds)
def test_any_bytes_are_compared(one: str, other: str, kind: str) -> None:
    assert compared(one, other, kind).outcome in {"match", "close", "other", "not_compared"}
