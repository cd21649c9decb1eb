"""Figures of a bank that lends, today and on a past day; stress of its own book; what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from farthing.assurance.prudence import book_service
from farthing.assurance.prudence import service as prudence
from farthing.assurance.prudence.model import Prudential, RuleFigure
from farthing.assurance.stress import rules as stress_rules
from farthing.assurance.stress import service as stress
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.conftest import Shelf
from tests.lending.house import CARD, House, opened, yuan

AUDITOR = Actor("auditor", frozenset({"reports:read"}))


def lived(house: House) -> str:
    """A loan of 8,000, one instalment of which is not paid for forty days."""
    loan = house.active("8000")
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("8000"), CARD))
    house.wait(loan.instalments[0].due_on + timedelta(days=40))
    return str(loan.id)


@pytest.fixture(scope="module")
def house(shelf: Shelf) -> Iterator[House]:
    with shelf.database() as url, opened(url, lived) as found:
        yield found


def asked(house: House, on: date | None = None) -> Prudential:
    found: Prudential = house.bank.kernel.ask(prudence.figures, on, actor=AUDITOR)
    return found


def test_each_rule_has_its_value_its_light_and_the_digest_of_what_it_rests_on(house: House) -> None:
    found = asked(house)
    by = {each.rule: each for each in found.figures}
    assert (found.pack, found.loans) == ("cn", 1)
    assert by["par30"].value is not None and by["par30"].value == 1 and by["par30"].light == "red", (
        "the one loan is late"
    )
    assert by["bad-loans"].value == 0 and by["bad-loans"].light == "green", "and not bad yet"
    assert by["coverage"].value is None and by["coverage"].light == "unknown" and by["coverage"].why is not None
    assert [each.light for each in found.figures] == sorted(
        (each.light for each in found.figures), key=["red", "amber", "unknown", "green"].index
    )
    book = house.bank.read(lambda tx: book_service.book(tx, tx.business_date, tx.home))
    loan = house.loan(house.made)
    assert (book.own, book.largest) == (loan.outstanding.minor, loan.outstanding.minor)
    assert stress_rules.balanced(book.groups) == 0, "the groups of a whole bank balance"
    assert book.groups["assets:loans"] == book.own
    assert len({each.inputs_sha256 for each in found.figures}) == 1


def test_a_past_day_is_reckoned_again_to_the_same_figures(house: House) -> None:
    """The end of the month before, asked then and asked now."""
    end = house.bank.kernel.clock().business_date.replace(day=1) - timedelta(days=1)
    now = asked(house, end)
    assert asked(house, end) == now and now.on == end
    by = {each.rule: each for each in now.figures}
    assert by["liquidity"].why is not None and "divide" in by["liquidity"].why.en, (
        "nobody may ask for anything: known at its end"
    )
    other = {each.rule: each for each in asked(house, end - timedelta(days=3)).figures}
    assert (
        other["liquidity"].value is None
        and other["liquidity"].why is not None
        and "months" in other["liquidity"].why.en
    )
    assert other["bad-loans"].value == 0


def test_a_rule_that_is_not_in_force_yet_and_one_that_is_none_are_refused(house: House) -> None:
    for rule, on, code in (
        ("capital", date(2023, 12, 31), "prudence.not_in_force"), ("luck", None, "prudence.rule_unknown"),
        ("capital", date(2999, 1, 1), "lending.day_not_come"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as caught:
            house.bank.kernel.ask(prudence.figure, rule, on, actor=AUDITOR)
        assert caught.value.code == code
    found: RuleFigure = house.bank.kernel.ask(prudence.figure, "capital", actor=AUDITOR)
    assert found.value is not None and found.since == date(2024, 1, 1)


def test_the_zero_scenario_is_the_book_and_a_bad_year_is_worse(house: House) -> None:
    nothing = house.bank.kernel.ask(stress.path, "nothing", actor=AUDITOR)
    assert nothing.before == nothing.after == asked(house)
    bad = house.bank.kernel.ask(stress.path, "bad-year", actor=AUDITOR)
    assert len(bad.path) == 13 and bad.path[-1].capital < bad.path[0].capital
    text = 'name = {en = "All of it", zh = "全部"}\nlost_at_once = "90000000000.00"\n'
    gone = house.bank.kernel.ask(stress.path, "mine", text, actor=AUDITOR)
    assert gone.breaks and gone.path[0].ready.minor < 0
    most = house.bank.kernel.ask(stress.reverse, "mine", text, actor=AUDITOR)
    assert most.scale is not None and Decimal(0) <= most.scale <= 1
    for name, source, code in (
        ("luck", "", "stress.scenario_unknown"), ("mine", text + 'luck = "1"\n', "stress.scenario_invalid"),
        ("mine", text + 'leaves = {"assets:cash" = "0.5"}\n', "stress.scenario_invalid"),
        ("mine", text + 'lost = "1.5"\n', "stress.scenario_invalid"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as caught:
            house.bank.kernel.ask(stress.path, name, source, actor=AUDITOR)
        assert caught.value.code == code
