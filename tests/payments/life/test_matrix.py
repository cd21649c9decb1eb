"""The failure matrix of a payment by rail: each row happens, with the program killed between any two of its steps."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest

from farthing.bank.founding import agreed
from farthing.events import reading_service as events
from farthing.events.delivery_service import tell_events
from farthing.kernel import calendar
from farthing.kernel.day import close_day
from farthing.kernel.errands import unanswered
from farthing.kit.calendar import is_business_day
from farthing.kit.errors import Refusal
from farthing.payments import service as payments
from farthing.payments.life import asked_service as asked
from farthing.payments.life import looking_service as looking
from farthing.payments.life import recall_service, rules
from farthing.payments.life import service as life_service
from farthing.payments.life.model import LookedAt, Recall
from farthing.payments.life.notices_service import NOT_BOOKED, listen
from farthing.payments.model import Instruction, Notice, RailAnswer
from tests.conftest import Bank
from tests.payments.life.house import (
    ACCEPTS,
    CARD,
    DECLINES,
    LATE_NO,
    SILENT,
    House,
    at_the_rail,
    cny,
    house_of,
    refused,
)
from tests.payments.life.stops import Killed, Stops, stopping
from tests.tidy.tree import ROOT


@pytest.fixture
def house(bank: Bank) -> House:
    return house_of(bank)


@dataclass(frozen=True)
class Row:
    """One life: where the money goes, what its rail tells by itself of it, what it comes to, and what the books have then."""

    way: str
    account: str
    state: str
    tells: tuple[Notice, ...] = ()
    wallet: int = 0
    """What the wallet has more or less in the end."""


def told(kind: str, amount: int | None = None, fee: int | None = None, name: str = "") -> Notice:
    """A notice of a movement that has no id yet."""
    money = (None if amount is None else cny(amount), None if fee is None else cny(fee))
    return Notice(name or kind, kind, "", *money)  # type: ignore[arg-type]


LIVES = {
    "in, settled": Row("in", CARD, "settled", wallet=300),
    "in, declined": Row("in", DECLINES, "declined"),
    "in, answer lost": Row("in", SILENT, "settled", wallet=300),
    "in, accepted": Row("in", ACCEPTS, "settled", wallet=300),
    "in, taken back": Row("in", CARD, "returned", (told("returned", 300),), wallet=0),
    "out, settled": Row("out", CARD, "settled", wallet=-300),
    "out, declined": Row("out", DECLINES, "declined"),
    "out, answer lost": Row("out", SILENT, "settled", wallet=-300),
    "out, accepted": Row("out", ACCEPTS, "settled", wallet=-300),
    "out, accepted, then declined": Row("out", LATE_NO, "declined"),
    "out, returned whole": Row("out", CARD, "returned", (told("returned", 300),)),
    "out, returned less a fee": Row("out", ACCEPTS, "returned", (told("returned", 280, 20),), wallet=-20),
    "out, declined after it settled": Row("out", CARD, "settled", (told("declined"),), wallet=-300),
    "out, reversed": Row("out", CARD, "returned", (told("reversed", 300),)),
    "out, returned in parts, one less a fee": Row(
        "out", CARD, "returned", (told("returned", 100, 5, "a"), told("returned", 150, name="b")), wallet=-50
    ),
    "out, everything twice and none in its order": Row(
        "out",
        ACCEPTS,
        "returned",
        (told("returned", 300), told("settled"), told("accepted"), told("returned", 300), told("settled")),
    ),
    "out, one name with two amounts": Row(
        "out", CARD, "returned", (told("returned", 100, name="a"), told("returned", 200, name="a")), wallet=-200
    ),
}


def life(house: House, row: Row, key: str) -> None:
    """Live it as far as it goes: whoever starts again does the same once more."""
    move = house.pay_out if row.way == "out" else house.top_up
    with suppress(Refusal):
        move(300, row.account, key=key)
    known = {each.instruction for each in house.rail.told}
    for payment_id, (instruction, _) in list(house.rail.seen.items()):
        if instruction.amount == cny(300) and payment_id not in known:
            for each in row.tells:
                house.rail.told.append(
                    Notice(f"{each.id} {payment_id}", each.kind, payment_id, each.amount, each.fee, value_on=None)
                )
    house.settle()


@pytest.mark.parametrize("name", list(LIVES))
def test_a_life_that_is_killed_anywhere_comes_to_the_same(house: House, name: str) -> None:
    """Once undisturbed, to count the places; then killed at each in turn and lived again as after a start."""
    row, before = LIVES[name], house.books()
    places = Stops()
    with stopping(house.bank, places):
        life(house, row, f"{name} undisturbed")
    assert 6 <= places.passed < 60
    every = max(1, places.passed // 4)  # each life at some places of its own; all of them: see the proof below
    lives = 1
    for place in range(len(name) % every, places.passed, every):
        killed_at(house, row, name, place)
        lives += 1
        check(house, row, before, lives)


def killed_at(house: House, row: Row, name: str, place: int) -> None:
    key = f"{name} {place}"
    with pytest.raises(Killed), stopping(house.bank, Stops(place)):
        life(house, row, key)
    life(house, row, key)


def check(house: House, row: Row, before: dict[str, int], lives: int) -> None:
    """One movement for each life, in the state that it comes to, one word of it to the rail, and the books as they must be."""
    after = house.books()
    moved = lives * row.wallet
    assert after == {**before, **{each: before[each] + moved for each in ("wallet", "available", "cash")}}
    assert after["cash"] == at_the_rail(house.rail)
    page = house.bank.read(payments.rail_payments)
    ours = [each for each in page.payments if each.amount == cny(300)]
    assert [each.state for each in ours] == [row.state] * lives
    assert len(house.rail.seen) == len(set(house.rail.calls)) == lives + 1
    assert house.clean()


def test_each_row_of_the_guides_matrix_names_tests_that_there_are() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs/guides/rails.md").read_text(encoding="utf-8"))
    assert len(named) > 20
    for path, name in named:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path} has no {name}"


@pytest.mark.prove
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", list(LIVES))
def test_a_life_that_is_killed_at_each_of_its_places(house: House, name: str) -> None:
    row, before, places = LIVES[name], house.books(), Stops()
    with stopping(house.bank, places):
        life(house, row, f"{name} undisturbed")
    for place in range(places.passed):
        killed_at(house, row, name, place)
    check(house, row, before, places.passed + 1)


def test_a_timeout_is_unknown_and_the_rail_is_asked_by_our_own_id(house: House) -> None:
    house.rail.moods.append("mute")
    waits = house.pay_out(300)
    assert waits.state == "unknown" and house.kinds(waits.id) == ["unknown"]
    assert house.books() == {"wallet": 100_000, "available": 99_700, "cash": 100_000}
    house.ask()
    assert house.rail.asked == [waits.id] and house.rail.calls.count(waits.id) == 1
    assert house.kinds(waits.id) == ["unknown", "settled"]


def test_a_duplicate_is_no_no(house: House) -> None:
    """The rail moved it and its answer was lost; asked again it knows nothing; told again it says that it was told."""
    house.rail.moods.append("mute")
    waits = house.pay_out(300)
    known = house.rail.inquire
    answers = [RailAnswer("missing"), None]
    house.rail.inquire = lambda original: answers.pop(0) if answers else known(original)  # type: ignore[method-assign]
    house.ask()
    assert house.payment(waits.id).state == "unknown"
    assert house.books()["available"] == 99_700, "what is held is not given away"
    house.ask()
    assert house.payment(waits.id).state == "settled" and house.books()["cash"] == 99_700


def test_one_id_with_another_content_is_alarmed_and_nothing_is_released(house: House) -> None:
    house.rail.moods.append("loses")
    waits = house.pay_out(300)
    other = Instruction(waits.id, "out", cny(200), CARD, "somebody")
    house.rail.seen[waits.id] = (other, RailAnswer("settled", "X"))
    house.ask()
    (errand,) = house.bank.read(unanswered)
    assert errand.problem.startswith("payments.content_differs")
    assert house.payment(waits.id).state == "unknown" and house.books()["available"] == 99_700
    (stuck,) = house.bank.read(asked.stuck)  # at once, whatever its age
    assert (stuck.id, stuck.attention) == (waits.id, life_service.OTHER_CONTENT)


def test_one_name_of_the_rail_with_another_content_moves_nothing_more_and_is_alarmed(house: House) -> None:
    done = house.pay_out(300)
    for kind, amount in (("returned", 100), ("returned", 100), ("returned", 120), ("recalled", 100)):
        house.rail.told.append(Notice("one", kind, done.id, cny(amount)))  # type: ignore[arg-type]
    house.settle()
    assert house.kinds(done.id) == ["settled", "returned", "(returned)", "(recalled)"]
    assert house.payment(done.id).attention == rules.TOLD_OTHERWISE
    assert house.books()["wallet"] == 99_800 and house.clean()


def test_nobody_is_told_of_what_is_not_in_the_books(house: House) -> None:
    """Killed at each place of a pay-out: whoever reads the events then finds each of them in the books as well."""
    places, seen = Stops(), 0
    with stopping(house.bank, places):
        house.pay_out(300)
    for place in range(places.passed):
        with suppress(Killed), stopping(house.bank, Stops(place)):
            house.pay_out(300, key=f"{place}")
        tell_events(house.bank.kernel)
        told = house.bank.kernel.ask(events.listed, kind="payments.rail_answered", limit=100).events
        answers = [each.data for each in told]
        assert all(house.payment(each["payment_id"]).state == each["state"] for each in answers)
        assert house.books()["cash"] == 100_000 - 300 * (len(answers) - 1), "the first is the top-up"
        seen = max(seen, len(answers))
    assert 1 < seen < places.passed + 2


def test_what_is_pending_waits_and_what_is_accepted_is_in_transit(house: House) -> None:
    house.rail.moods.append("pends")
    waits = house.pay_out(300)
    assert waits.state == "asked" and house.books() == {"wallet": 100_000, "available": 99_700, "cash": 100_000}
    house.rail.finds[waits.id] = "accepted"
    house.ask()
    assert house.payment(waits.id).state == "accepted"
    assert house.books() == {"wallet": 99_700, "available": 99_700, "cash": 100_000, "transit": 300}
    house.ask()
    assert house.payment(waits.id).state == "accepted", "accepted is not settled, however often it is said"
    house.rail.finds[waits.id] = "settled"
    house.ask()
    assert house.books() == {"wallet": 99_700, "available": 99_700, "cash": 99_700} and house.clean()


def test_a_refusal_after_it_settled_changes_nothing_and_somebody_looks(house: House) -> None:
    done = house.pay_out(300)
    house.rail.told.append(Notice("late", "declined", done.id, reason_code="AC04"))
    house.settle()
    stands = house.payment(done.id)
    assert (stands.state, stands.attention) == ("settled", rules.TWO_WORDS)
    assert house.kinds(done.id) == ["settled", "(declined)"]
    assert house.bank.read(asked.stuck) == [stands]


def test_parts_come_back_on_days_of_their_own_and_never_more_than_went(house: House) -> None:
    done = house.pay_out(300)
    house.rail.told.append(Notice("a", "returned", done.id, cny(100), cny(5), reason_code="AC04"))
    house.settle()
    close_day(house.bank.kernel)
    house.rail.told.append(Notice("b", "returned", done.id, cny(150)))
    house.rail.told.append(Notice("c", "returned", done.id, cny(51)))
    house.settle()
    house.rail.told.append(Notice("a", "returned", done.id, cny(100), cny(5), reason_code="AC04"))
    listen(house.bank.kernel)
    life = house.bank.read(lambda tx: asked.rail_life(tx, done.id))
    assert house.kinds(done.id) == ["settled", "returned", "returned", "(returned)"]
    first, second = life.facts[1].on, life.facts[2].on
    assert second == first + timedelta(days=1) and life.facts[1].fact.fee == cny(5)
    assert life.payment.returned == cny(250) and life.payment.attention == rules.MORE_THAN_WENT
    assert house.books() == {"wallet": 99_950, "available": 99_950, "cash": 99_950}


def test_a_top_up_that_is_taken_back_takes_what_is_there_and_the_rest_is_owed(house: House) -> None:
    come = house.top_up(300)
    house.pay_out(100_200)
    house.rail.told.append(Notice("r", "returned", come.id, cny(300), reason_code="FRAD"))
    house.settle()
    assert house.books() == {"cash": -200, "owed": 200}
    assert house.payment(come.id).state == "returned"


def test_a_recall_asked_refused_and_done(house: House) -> None:
    first, second = house.pay_out(300), house.pay_out(400)
    for each in (first, second):
        asks = house.bank.run(recall_service.recall, Recall(each.id, "DUPL"), actor=house.own)
        assert asks.state == "settled", "asking moves nothing"
    house.ask()
    assert house.kinds(first.id) == ["settled", "recall_asked"]
    house.rail.recalled[first.id] = RailAnswer("declined", reason_code="NOAS")
    house.rail.recalled[second.id] = RailAnswer("settled")
    house.ask()
    assert house.kinds(first.id)[-1] == "recall_refused" and house.kinds(second.id)[-1] == "recall_agreed"
    assert house.books()["wallet"] == 99_300, "that it agrees moves nothing: the money does"
    house.rail.told.append(Notice("money", "recalled", second.id, cny(390), cny(10), reason_code="FOCR"))
    house.settle()
    assert house.payment(first.id).state == "settled" and house.payment(second.id).state == "recalled"
    assert house.books()["wallet"] == 99_690 and house.clean()
    again = house.bank.run
    assert refused(again, recall_service.recall, Recall(first.id)) == "payments.recalled_before"
    assert refused(again, recall_service.recall, Recall(second.id)) == "payments.not_recallable"
    assert refused(again, recall_service.recall, Recall("rail_none")) == "payments.unknown_movement"
    declined = house.bank.read(payments.rail_payments).payments
    top_up = next(each for each in declined if each.direction == "in")
    assert refused(again, recall_service.recall, Recall(top_up.id)) == "payments.not_recallable"


def test_answers_that_come_twice_and_in_any_order_come_to_one_thing(house: House) -> None:
    """Settled before accepted, returned before settled, each of them twice: the books are those of the last rank."""
    done = house.pay_out(300, ACCEPTS)
    order = ["returned", "settled", "accepted", "returned", "settled"]
    for number, kind in enumerate(order):
        name, amount = ("one return", cny(300)) if kind == "returned" else (f"{kind} {number}", None)
        house.rail.told.append(Notice(name, kind, done.id, amount))  # type: ignore[arg-type]
    house.settle()
    assert house.payment(done.id).state == "returned"
    assert house.books() == {"wallet": 100_000, "available": 100_000, "cash": 100_000} and house.clean()


def test_three_days_unknown_over_a_holiday_release_nothing(house: House) -> None:
    """A weekend and two holidays, on which nobody answers: whatever the calendar says, what is held stays held."""
    kernel, today = house.bank.kernel, house.bank.kernel.clock().business_date
    off = tuple(today + timedelta(days=each) for each in (1, 2))
    agreed(kernel, calendar.declare_holidays, calendar.DeclareHolidays(off, "mid-autumn"))
    for _ in range(60):
        house.rail.moods.append("loses")
    waits = house.pay_out(300)
    closed = 0
    while closed < 3 or is_business_day(kernel.clock().business_date, off):
        close_day(kernel)
        house.ask()
        closed += 1
    assert kernel.clock().business_date > off[-1] and house.payment(waits.id).state == "unknown"
    assert house.books() == {"wallet": 100_000, "available": 99_700, "cash": 100_000}
    assert [each.id for each in house.bank.read(asked.stuck)] == [waits.id]
    assert refused(house.pay_out, 99_701) == "ledger.insufficient_funds"
    house.rail.moods.clear()
    house.ask()
    assert house.payment(waits.id).state == "settled" and house.bank.read(asked.stuck) == []


@pytest.mark.parametrize(("state", "minutes"), [("asked", 10), ("unknown", 60), ("accepted", 24 * 60)])
def test_what_is_stuck_is_told_by_its_age(house: House, state: str, minutes: int) -> None:
    mood = {"asked": "pends", "unknown": "loses", "accepted": "accepts"}[state]
    house.rail.moods.append(mood)  # type: ignore[arg-type]
    waits = house.pay_out(300)
    assert waits.state == state
    for ago, found in ((minutes - 1, []), (minutes + 1, [waits.id])):
        with house.bank.superuser() as connection:
            back = "UPDATE rail_payment SET recorded_at = %s WHERE id = %s"
            connection.execute(back, (waits.recorded_at - timedelta(minutes=ago), waits.id))
        assert [each.id for each in house.bank.read(asked.stuck)] == found


def test_what_the_books_refuse_is_set_aside_and_holds_up_nobody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """One notice cannot be booked (its wallet's account was closed by a fault of ours): the others are."""
    first, second = house.pay_out(300), house.pay_out(400)
    real = payments.life.take  # type: ignore[attr-defined]

    def take(tx, facts, *, aside=""):  # type: ignore[no-untyped-def]
        if not aside and any(each.payment_id == first.id for each in facts):
            raise payments.rules.UNKNOWN_MOVEMENT(movement_id="planted")
        return real(tx, facts, aside=aside)

    monkeypatch.setattr(payments.life, "take", take)  # type: ignore[attr-defined]
    for each in (first, second):
        house.rail.told.append(Notice(f"back {each.id}", "returned", each.id))
    assert listen(house.bank.kernel) == 2 and listen(house.bank.kernel) == 0
    assert (house.payment(first.id).state, house.payment(first.id).attention) == ("settled", NOT_BOOKED)
    assert house.payment(second.id).state == "returned" and house.books()["wallet"] == 99_700


def test_a_rail_that_cannot_be_heard_is_heard_later(house: House) -> None:
    done = house.pay_out(300)
    house.rail.told.append(Notice("back", "returned", done.id))
    heard = house.rail.notices

    def broken(after: str) -> None:
        raise TimeoutError("planted")

    house.rail.notices = broken  # type: ignore[assignment,method-assign]
    assert listen(house.bank.kernel) == 0
    house.rail.notices = heard  # type: ignore[method-assign]
    assert listen(house.bank.kernel) == 1 and house.payment(done.id).state == "returned"


def test_somebody_looks_at_what_cannot_be_once_and_it_is_off_the_list(house: House) -> None:
    done = house.pay_out(1000)
    house.rail.told.append(Notice("late", "declined", done.id, reason_code="AC04"))
    house.settle()
    assert house.payment(done.id).attention == "contrary"
    assert refused(house.bank.run, looking.looked_at, LookedAt(done.id, " ")) == "payments.no_note"
    after = house.bank.run(looking.looked_at, LookedAt(done.id, "the rail took it back"))
    assert after.attention == "" and house.payment(done.id).attention == "" and house.clean()
    told = house.bank.read(lambda tx: asked.rail_life(tx, done.id)).facts[-1]
    assert (told.fact.kind, told.effect, told.fact.reason) == ("looked", "known", "the rail took it back")
    assert refused(house.bank.run, looking.looked_at, LookedAt(done.id, "again")) == "payments.nothing_to_see"
    house.rail.told.append(Notice("later", "returned", done.id, cny(2000)))
    house.settle()
    assert house.payment(done.id).attention == rules.MORE_THAN_WENT, "what is told afterwards puts it there again"
