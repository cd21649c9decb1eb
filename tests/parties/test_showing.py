"""The code for help at a counter: it finds the customer who shows it, once, within ten minutes, and proves nothing."""

from __future__ import annotations

import pytest

from farthing.identity.rules import actor_of
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.parties.attending import service as attending
from farthing.parties.model import Party
from farthing.parties.showing import rules
from farthing.parties.showing import service as showing
from farthing.parties.showing.model import FindByCode, Found, ShowCode
from tests.conftest import Bank
from tests.parties.people import lin_mei, register_person

TELLER = actor_of("teller:li", "teller", None, "person_li")


@pytest.fixture
def party(bank: Bank) -> Party:
    found: Party = bank.run(parties.register, lin_mei())
    return found


def herself(party: Party) -> object:
    return actor_of(f"customer:{party.short_id}", "customer", party.id)


def show(bank: Bank, party: Party) -> str:
    return str(bank.run(showing.show_code, ShowCode(party.id), actor=herself(party)).code)


def find(bank: Bank, code: str) -> Found:
    found: Found = bank.run(showing.find_by_code, FindByCode(code), actor=TELLER)
    return found


def test_a_teller_finds_who_shows_the_code_once(bank: Bank, party: Party) -> None:
    code = show(bank, party)
    assert len(code) == 9 and code[4] == " ", "two groups of four, to be read out"
    assert find(bank, code.replace(" ", "")) == Found("found", party.id, party.name)
    assert find(bank, code) == Found("unknown"), "it is used"
    with pytest.raises(Refusal) as caught:
        showing.require_found(find(bank, code))
    assert caught.value.code == "parties.shown_code_unknown"


def test_it_is_read_as_people_type_it(bank: Bank, party: Party) -> None:
    wide = "".join(chr(ord(each) + 0xFEE0) if each.isdigit() else "-" for each in show(bank, party))
    assert find(bank, wide).party_id == party.id


def test_who_is_found_is_not_there(bank: Bank, party: Party) -> None:
    """A session that stands open, or eight digits that were asked for over the telephone, are not the customer."""
    assert find(bank, show(bank, party)).party_id == party.id
    assert bank.read(lambda tx: attending.there(tx, party.id), actor=TELLER) is None
    with bank.superuser() as connection:
        assert connection.execute("SELECT count(*) FROM attendance").fetchone() == (0,)


def test_the_code_before_is_no_longer_good(bank: Bank, party: Party) -> None:
    first, second = show(bank, party), show(bank, party)
    assert find(bank, first) == Found("unknown")
    assert find(bank, second).party_id == party.id


def test_it_lives_ten_minutes(bank: Bank, party: Party) -> None:
    code = show(bank, party)
    with bank.superuser() as connection:
        connection.execute(
            "UPDATE shown_code SET made_at = made_at - %s, expires_at = expires_at - %s", [rules.LIFE, rules.LIFE]
        )
    assert find(bank, code) == Found("unknown")


def test_it_stands_nowhere_in_the_clear(bank: Bank, party: Party) -> None:
    code = show(bank, party)
    with bank.superuser() as connection:
        for table in ("shown_code", "evidence_leaf", "evidence_personal", "idempotency"):
            kept = str(connection.execute(f"SELECT * FROM {table}").fetchall())
            assert code not in kept and code.replace(" ", "") not in kept, table


def test_each_customer_is_found_by_an_own_code(bank: Bank) -> None:
    people = [register_person(bank, number) for number in range(3)]
    codes = [show(bank, each) for each in people]
    assert [find(bank, code).party_id for code in reversed(codes)] == [each.id for each in reversed(people)]


def test_guessing_ends(bank: Bank, party: Party) -> None:
    code = show(bank, party)
    for number in range(rules.WRONG_PER_HOUR):
        assert find(bank, f"{number:08}") == Found("unknown")
    with pytest.raises(Refusal) as caught:
        find(bank, code)
    assert caught.value.code == "parties.too_many_shown_codes"
    other = actor_of("teller:wu", "teller", None, "person_wu")
    assert bank.run(showing.find_by_code, FindByCode(code), actor=other).party_id == party.id


def test_nobody_shows_anothers_code_and_only_a_counter_looks(bank: Bank, party: Party) -> None:
    other = register_person(bank, 7)
    with pytest.raises(Refusal) as caught:
        bank.run(showing.show_code, ShowCode(party.id), actor=herself(other))
    assert caught.value.code == "kernel.not_yours"
    with pytest.raises(Refusal) as caught:
        bank.run(showing.find_by_code, FindByCode("1234 5678"), actor=herself(party))
    assert caught.value.code == "kernel.forbidden"
