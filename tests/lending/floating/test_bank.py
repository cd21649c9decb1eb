"""A bank whose loan floats: set anew by the close on its days, told, shown, and named by verification where it is not what the
reference says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from farthing.bank.founding import agreed
from farthing.kernel.day import CloseStep
from farthing.kit.actor import SYSTEM
from farthing.kit.errors import Refusal
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import LowerRate
from farthing.lending.agreement import service as contracts
from farthing.lending.audit.service import verify
from farthing.lending.floating import service as floating
from farthing.lending.floating import store as days
from farthing.lending.shelf import service as loan_shelf
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.products.model import Publish
from farthing.products.reference import service as references
from farthing.products.reference.model import EarlierFigure, SetReferenceRate
from tests.lending.floating.test_rules import floating as file
from tests.lending.house import CARD, House, opened, yuan

NAMES = ("one-year loan prime rate (LPR)", "一年期贷款市场报价利率（LPR）")
FIRST_RESET = date(2026, 12, 28)


def figure(on: date, annual: str, rate: str = "lpr-1y", currency: str = "CNY") -> SetReferenceRate:
    return SetReferenceRate(rate, *NAMES, currency, on, annual, "published that day")


def lent(house: House) -> str:
    """A loan that floats, paid out on 28 November at 3.00 % and 9 %, and a reference that rises before its first reset."""
    agreed(house.bank.kernel, loan_shelf.publish, Publish("rainy-day-loan", file(margin="0.09")))
    loan = house._active("6000")
    agreed(house.bank.kernel, references.set_reference_rate, figure(date(2026, 12, 20), "3.50%"))
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("9000"), CARD))
    return loan.id


def reset(house: House) -> str:
    """The same loan after its first day of reset."""
    loan_id = lent(house)
    house._wait(FIRST_RESET + timedelta(days=2))
    return loan_id


@pytest.fixture
def begun(database_url: str) -> Iterator[House]:
    with opened(database_url, lent) as found:
        yield found


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with opened(database_url, reset) as found:
        yield found


def rate(house: House) -> Any:
    return house.bank.read(lambda tx: floating.rate(tx, house.made))


def clean(house: House) -> None:
    assert house.bank.read(verify, snapshot=True).findings == ()


def test_an_offer_pins_the_figure_of_its_day_and_the_contract_says_what_it_follows(begun: House) -> None:
    pinned = begun.loan(begun.made).conditions
    assert pinned.floating is not None
    assert (pinned.annual, pinned.penalty_annual, pinned.floating.figure) == (
        Decimal("0.12"), Decimal("0.18"), Decimal("0.03"),
    )  # fmt: skip
    text = begun.bank.read(lambda tx: contracts.text(tx, begun.made))
    (clause,) = [each.words for each in text.clauses if each.title.en == "How the rate is set anew"]
    assert "3.00%" in clause.en and "9.00%" in clause.en and "2026-12-28" in clause.en and NAMES[0] in clause.en
    assert "3.00%" in clause.zh and NAMES[1] in clause.zh
    late = next(each.words for each in text.clauses if each.title.en == "Repaying late")
    assert "1.5 times the rate" in late.en and "1.5 倍" in late.zh
    shown = rate(begun)
    assert (shown.annual, shown.changes, shown.follows.next_on) == (Decimal("0.12"), (), FIRST_RESET)
    assert shown.one_point_more > shown.instalment
    clean(begun)


def test_the_close_sets_a_rate_anew_and_tells_the_borrower_once(begun: House) -> None:
    before = begun.loan(begun.made)
    begun.wait(FIRST_RESET + timedelta(days=1))
    after = begun.loan(begun.made)
    assert (after.resets_on, after.instalments[0].amount) == (date(2027, 1, 28), before.instalments[0].amount)
    assert all(now.amount > was.amount for was, now in zip(before.instalments[1:], after.instalments[1:], strict=True))
    (change,) = rate(begun).changes
    assert (change.kind, change.on, change.annual, change.penalty_annual, change.figure, change.ceiling) == (
        "reset_rate", FIRST_RESET, Decimal("0.125"), Decimal("0.1875"), Decimal("0.035"), None,
    )  # fmt: skip
    begun.bank.drain()
    heard = [each.text for each in begun.bank.kernel.ports.peer("gateway").sent_to(begun.party.phone)]
    assert sum("12.50%" in each and "3.50%" in each for each in heard) == 1
    clean(begun)
    begun.bank.run(floating.reset_rates, CloseStep(FIRST_RESET), actor=SYSTEM)
    assert begun.loan(begun.made) == after, "a step that ran is run again and changes nothing"


@pytest.mark.long
def test_a_reset_to_what_it_is_tells_nothing_and_a_lower_rate_lowers_the_margin(house: House) -> None:
    house.wait(date(2027, 1, 30))
    assert len(rate(house).changes) == 1 and house.loan(house.made).resets_on == date(2027, 2, 28)
    agreed(house.bank.kernel, acts.lower_rate, LowerRate(house.made, Decimal("0.10"), "agreed"))
    assert rate(house).follows.margin == Decimal("0.065")
    clean(house)
    agreed(house.bank.kernel, references.set_reference_rate, figure(date(2027, 2, 20), "3.00%"))
    house.wait(date(2027, 3, 1))
    shown = rate(house)
    assert (shown.annual, shown.penalty_annual) == (Decimal("0.095"), Decimal("0.1425"))
    assert [each.kind for each in shown.changes] == ["reset_rate", "change_rate", "reset_rate"]
    clean(house)
    told = house.bank.read(lambda tx: acts.story(tx, house.made))
    assert (
        house.refused(acts.reverse_event, acts.ReverseEvent(house.made, told[-1].id, "no"))
        == "lending.never_taken_back"
    )


def test_a_rate_never_makes_a_loan_dearer_than_the_law_lets_it(house: House) -> None:
    agreed(house.bank.kernel, references.set_reference_rate, figure(date(2027, 1, 20), "30%"))
    house.wait(date(2027, 1, 29))
    change = rate(house).changes[-1]
    most = house.policy().annual_cost_max
    assert most is not None and change.ceiling == most.value and Decimal("0.20") < change.annual < Decimal("0.39")
    clean(house)


def test_figures_are_of_days_to_come_and_of_one_currency(begun: House) -> None:
    kernel, tomorrow = begun.bank.kernel, begun.today + timedelta(days=1)
    wrong = {
        "products.reference_in_force": figure(begun.today, "4%"),
        "products.reference_currency": figure(tomorrow, "4%", currency="EUR"),
        "savings.bad_rate": figure(tomorrow, "400%"),
    }
    earlier = replace(figure(tomorrow, "4%"), earlier=(EarlierFigure(date(2018, 1, 1), "4%"),))
    for code, command in (*wrong.items(), ("products.reference_in_force", earlier)):
        with pytest.raises(Refusal) as refused:
            agreed(kernel, references.set_reference_rate, command)
        assert refused.value.code == code
    unknown = Publish("rainy-day-loan", file().replace("lpr-1y", "euribor-3m"))
    with pytest.raises(Refusal) as refused:
        agreed(kernel, loan_shelf.publish, unknown)
    assert refused.value.code == "products.reference_unknown"


PLANTED = {
    "another rate": (
        "UPDATE loan_event SET about = jsonb_set(about, '{annual}', '\"0.12\"') WHERE loan_id = %(id)s AND kind = 'reset_rate'",
        "bears 12.00% after 2026-12-28, and by the reference of that day 12.50%",
    ),
    "another figure": (
        "UPDATE reference_rate SET annual = 0.04 WHERE effective_on = '2026-12-20'",
        "bears 12.50% after 2026-12-28, and by the reference of that day 13.00%",
    ),
    "another day": (
        "UPDATE loan SET resets_on = NULL WHERE id = %(id)s", "reset next on None, and by its contract on 2027-01-28",
    ),
    "no reset": (
        "DELETE FROM loan_event WHERE loan_id = %(id)s AND kind = 'reset_rate'",
        "bears 12.00% after 2026-12-28, and by the reference of that day 12.50%",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", PLANTED)
def test_a_rate_that_is_not_what_the_reference_says_is_named(house: House, what: str) -> None:
    statement, says = PLANTED[what]
    clean(house)
    with house.bank.superuser() as connection:
        connection.execute("SET session_replication_role = replica")
        assert connection.execute(statement, {"id": house.made}).rowcount == 1  # type: ignore[arg-type]
    assert says in "\n".join(map(str, house.bank.read(verify, snapshot=True).findings))


def test_the_close_finds_the_loans_of_a_day_by_an_index(house: House) -> None:
    asked = {"on": date(2027, 1, 28), "limit": 100}
    with house.bank.superuser() as connection, connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {days.DUE}", asked))  # type: ignore[arg-type]
    assert "using loan_resets " in plan and "Seq Scan" not in plan
