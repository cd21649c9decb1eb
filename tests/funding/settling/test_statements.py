"""The day's statement of a partner: what its settlement account did, to the fen, and the same to the byte whenever it is made."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given, settings

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.funding.audit_service import verify as verify_notes
from farthing.funding.settling import files, service, store
from farthing.funding.settling.audit_service import verify as verify_statements
from farthing.funding.settling.model import Form
from farthing.kernel.day import close_day
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.overview import service as overview
from farthing.lending import service as lending
from farthing.lending.model import LoanCommand
from farthing.payments import service as payments
from farthing.payments.iso20022 import rules
from farthing.payments.iso20022.model import Statement
from farthing.payments.iso20022.reader import read
from farthing.payments.model import MoveByRail
from tests.funding.lenders import two_lenders
from tests.funding.test_lenders import ACCOUNT, CHUN, HUA, WU
from tests.funding.test_partners import HARVEST
from tests.lending.house import CARD, House, yuan
from tests.payments.iso20022.statements import statements


def of(house: House, on: object, form: Form = "csv") -> bytes:
    return house.bank.read(lambda tx: service.statement(tx, "harvest", on, form)).content.encode()


def lived(database_url: str) -> tuple[House, list[Statement]]:
    """A loan paid out, paid off the day after, and settled with the partner: each day's statement."""
    house, loan = two_lenders(database_url)
    begun = house.today
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("50"), CARD))
    for act in (lambda: None, lambda: house.bank.run(lending.settle, LoanCommand(loan.id)), lambda: None):
        act()
        close_day(house.bank.kernel)
    return house, [files.from_csv(of(house, begun + timedelta(days=n))) for n in range(3)]


def test_each_day_goes_on_where_the_one_before_ended_and_agrees_with_the_ledger(database_url: str) -> None:
    house, found = lived(database_url)
    assert [each.number for each in found] == [1, 2, 3]
    assert not found[0].opening and all(a.closing == b.opening for a, b in pairwise(found))
    assert [[line.what for line in each.lines] for each in found] == [
        ["advanced"],
        ["transfer", "repaid"],
        ["transfer"],
    ]
    booked = house.bank.read(lambda tx: overview.booked(tx, ACCOUNT, 0, 10**6))
    assert [line.amount.minor for each in found for line in each.lines] == [-each.minor for each in booked]
    assert found[-1].closing == -house.bank.read(lambda tx: ledger.balance(tx, ACCOUNT)).owed()
    assert all(line.booked_on == each.on for each in found for line in each.lines)
    _, repaid = found[1].lines
    assert {detail.what for detail in repaid.details} == {"principal", "interest"}
    assert sum(detail.amount.minor for detail in repaid.details if detail.amount) == repaid.amount.minor > 0
    assert found[1].closing == repaid.amount
    told_alike(house, found)
    audited(house, found[1].on)


PLANTED = {
    ("closing_minor", "closing_minor + 1"): ("closes with", "opens with"),
    ("opening_minor", "opening_minor + 1"): ("opens with", "closes with"),
    ("until_version", "until_version - 1"): ("closes with", "leaves out"),
    ("after_version", "after_version + 1"): ("leaves out",),
    ("number", "9"): ("is number 3 after 1",),
    ("on_day", "on_day + 3"): ("is of a day before",),
}
"""What somebody may change of a statement behind the program, and as what it is found."""


def audited(house: House, on: date) -> None:
    """Each statement is derived again from the postings of its account; each difference is named."""
    assert house.bank.read(verify_statements) == []
    second = f"WHERE id = '{store.key('harvest', on)}'"
    with house.bank.superuser() as connection:
        for (name, value), says in PLANTED.items():
            (before,) = connection.execute(f"SELECT {name} FROM funding_statement {second}".encode()).fetchone()
            connection.execute(f"UPDATE funding_statement SET {name} = {value} {second}".encode())
            found = [str(each) for each in house.bank.read(verify_notes, snapshot=True).findings]
            assert all(any(one in each for each in found) for one in says), (name, found)
            connection.execute(f"UPDATE funding_statement SET {name} = %s {second}".encode(), (before,))
    assert house.bank.read(verify_statements) == []


def told_alike(house: House, found: list[Statement]) -> None:
    """A closed day is the same to the byte in either form, also where the partner has another name since and its account moved
    on; both forms say the same."""
    wanted = {(each.on, form): of(house, each.on, form) for each in found for form in get_args(Form)}
    agreed(house.bank.kernel, funding.register_partner, replace(HARVEST, name="丰收银行"))
    close_day(house.bank.kernel)
    for (on, form), content in wanted.items():
        assert of(house, on, form) == content
    for each in found:
        (told,) = read(wanted[each.on, "camt.053"])
        assert told.owner == HARVEST.name
        assert replace(each, id=told.id, owner=told.owner, made_at=told.made_at) == told


def test_what_is_posted_for_a_closed_day_stands_in_the_next_statement(database_url: str) -> None:
    """Nothing that was handed out is changed: it is booked on the day it was recorded, with the day it takes effect beside it."""
    house, _ = two_lenders(database_url)
    day = house.today
    close_day(house.bank.kernel)
    before = of(house, day)
    close_day(house.bank.kernel)
    (transfer,) = files.from_csv(of(house, day + timedelta(days=1))).lines
    assert (transfer.what, transfer.booked_on, transfer.value_on) == ("transfer", day + timedelta(days=1), day)
    assert of(house, day) == before


def test_a_transfer_that_fails_is_in_no_statement(database_url: str) -> None:
    house, _ = two_lenders(database_url)
    agreed(house.bank.kernel, funding.register_partner, replace(HARVEST, account="6217000000000000"))
    day = house.today
    close_day(house.bank.kernel)
    close_day(house.bank.kernel)
    assert house.bank.kernel.ask(payments.rail_payments, actor=house.bank.system).payments[0].state == "declined"
    after = files.from_csv(of(house, day + timedelta(days=1)))
    assert after.lines == () and after.opening == after.closing and after.closing.minor < 0


def test_a_partner_has_its_own_and_no_other(database_url: str) -> None:
    house, _ = two_lenders(database_url)
    day = house.today
    close_day(house.bank.kernel)
    ask = house.bank.kernel.ask
    mine = ask(service.own_statement, day, actor=HUA)
    assert (mine.partner, mine.name, mine.content) == ("harvest", f"harvest-{day}.csv", of(house, day).decode())
    assert ask(service.own_statement, day, "camt.053", actor=HUA).name == f"harvest-{day}.xml"
    assert ask(service.own_statement, day, actor=CHUN).partner == "spring"
    (listed,) = ask(service.own_statements, actor=HUA)
    assert (listed.on, listed.number, listed.closing.minor) == (day, 1, -mine_part(house))
    assert ask(service.statements, "harvest", actor=house.bank.system) == [listed]
    for question, asked in ((service.own_statement, (day,)), (service.own_statements, ())):
        with pytest.raises(Refusal) as caught:
            ask(question, *asked, actor=WU)
        assert caught.value.code == "funding.no_partner"
    for question, asked, code in (
        (service.statement, ("harvest", house.today), "funding.no_statement"),
        (service.statement, ("nobody", day), "funding.no_statement"),
        (service.statements, ("nobody",), "funding.unknown_partner"),
    ):
        with pytest.raises(Refusal) as caught:
            house.bank.read(lambda tx, question=question, asked=asked: question(tx, *asked))
        assert caught.value.code == code


def mine_part(house: House) -> int:
    return house.bank.read(lambda tx: overview.booked(tx, ACCOUNT, 0, 1))[0].minor


def test_a_partner_that_came_later_begins_with_its_first_statement(database_url: str) -> None:
    house, _ = two_lenders(database_url)
    close_day(house.bank.kernel)
    agreed(house.bank.kernel, funding.register_partner, replace(HARVEST, code="autumn"))
    day = house.today
    close_day(house.bank.kernel)
    found = house.bank.read(lambda tx: {each: store.of_day(tx, each, day) for each in ("harvest", "autumn")})
    assert {partner: each.number for partner, each in found.items() if each} == {"harvest": 2, "autumn": 1}


@settings(max_examples=60, deadline=None)
@given(statements())
def test_a_table_says_what_the_statement_said(told: Statement) -> None:
    def plain(each: Statement) -> Statement:
        lines = tuple(replace(line, details=(), reversal=False) for line in each.lines)
        return replace(each, id="", owner="", made_at=told.made_at, lines=lines)

    found = files.from_csv(files.to_csv(told))
    assert plain(found) == plain(told)
    assert files.to_csv(found).splitlines()[0] == files.to_csv(told).splitlines()[0]


ROWS = (
    "partner,day,number,booked_on,value_on,reference,loan,what,interest,principal,penalty,fee,servicing,cover,amount,balance,currency,told",
    "harvest,2027-01-05,1,,,,,opening,,,,,,,,0.00,CNY,",
    "harvest,2027-01-05,1,2027-01-05,2027-01-05,a1,0abc,repaid,6.00,25.00,,,-1.00,,30.00,30.00,CNY,x",
    "harvest,2027-01-05,1,,,,,closing,,,,,,,,30.00,CNY,",
)
WRONG = [
    (0, "told", "said", "funding.bad_file"),
    (1, "opening", "begin", "funding.bad_file"),
    (1, "harvest", "spring", "funding.bad_file"),
    (1, "0.00", "", "funding.bad_file"),
    (2, "2027-01-05,1", "2027-01-06,1", "funding.bad_file"),
    (2, "a1,", "", "funding.bad_file"),
    (2, "2027-01-05,a1", "2027-02-30,a1", "funding.bad_file"),
    (2, "30.00,30.00", "30.001,30.00", "funding.bad_file"),
    (2, "repaid", "re\0paid", "iso20022.bad_word"),
    (2, "repaid", "\u202erepaid", "iso20022.bad_word"),
    (2, "30.00,30.00", "30.01,30.00", "iso20022.wrong_batch"),
    (2, "25.00,", ",", "iso20022.wrong_batch"),
    (2, "CNY", "ZZZ", "funding.bad_file"),
    (2, ",a1,", ",甲,", "iso20022.bad_identifier"),
    (3, "30.00", "31.00", "iso20022.balances_differ"),
    (3, "closing", "end", "funding.bad_file"),
]


@pytest.mark.parametrize(("row", "old", "new", "code"), WRONG)
def test_a_wrong_table_is_refused_by_its_row(row: int, old: str, new: str, code: str) -> None:
    assert files.from_csv("\n".join(ROWS).encode()).closing == Money(3_000, "CNY")
    assert old in ROWS[row]
    lines = [*ROWS[:row], ROWS[row].replace(old, new, 1), *ROWS[row + 1 :]]
    with pytest.raises(Refusal) as caught:
        files.from_csv("\n".join(lines).encode())
    assert caught.value.code == code


@pytest.mark.parametrize("partner", ["har\0vest", "丰收", "harvest "])
def test_a_table_of_what_is_no_partners_code_is_refused(partner: str) -> None:
    with pytest.raises(Refusal) as caught:
        files.from_csv("\n".join(ROWS).replace("harvest", partner).encode())
    assert caught.value.code == "iso20022.bad_identifier"


@pytest.mark.parametrize(("row", "code"), [("x", "funding.bad_file"), (ROWS[2], "iso20022.too_large")])
def test_no_more_of_a_table_is_read_than_is_wrong_or_too_much(
    row: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of a few bytes a row is a thousand times as large once it is read."""
    monkeypatch.setattr(rules, "MOST_LINES", 1_000)
    content = "\n".join((ROWS[0], *[row] * 100_000)).encode()
    tracemalloc.start()
    with pytest.raises(Refusal) as caught:
        files.from_csv(content)
    assert caught.value.code == code and tracemalloc.get_traced_memory()[1] < 10 * len(content)
    tracemalloc.stop()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", "\n".join(ROWS[:2]).encode(), b"<Document/>", b'"'])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal) as caught:
        files.from_csv(content)
    assert caught.value.code == "funding.bad_file"
