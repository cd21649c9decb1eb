"""Events as they are read: in the order of the log, each once, gone on from any cursor, without a word about a person."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from farthing.credit.review.model import LATE as REVIEW_LATE
from farthing.events import reading_service as reading
from farthing.events import rules
from farthing.events.catalogue import BY_NAME, KINDS
from farthing.events.delivery_service import tell_events
from farthing.events.kinds import posted, told
from farthing.events.model import Event, EventPage
from farthing.events.page import render
from farthing.funding.market.listings_model import LISTED, LISTING_ENDED, LISTING_PLACED
from farthing.identity.authenticators.model import CLONED
from farthing.kernel.operation import OPERATIONS, Call
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.words import Words
from farthing.lending import service as lending
from farthing.lending.model import Repay
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.payments.agents.model import HIGH, LOW
from farthing.payments.agents.queued_model import APPLIED, WAITS
from farthing.payments.bindings.model import BOUND
from farthing.payments.debits.model import FAILED
from farthing.payments.delayed.model import ENDED as LATER_ENDED
from farthing.payments.disputes.model import CLOSED, OPENED
from farthing.payments.fraud.model import ENDED, HELD
from farthing.payments.model import Transfer
from farthing.payments.reported.model import FROZE, UNFROZE
from farthing.payments.standing.model import MISSED
from farthing.voice.cases.model import LATE as CASE_LATE
from farthing.voice.cases.model import NEAR as CASE_NEAR
from farthing.voice.topics.service import ROSE
from tests.conftest import DAY, Bank
from tests.lending.house import House, yuan
from tests.savings.deposits.saver import days, opened, saver
from tests.savings.deposits.saver import found as shelved
from tests.tidy.tree import ROOT


def events(bank: Bank, **asked: Any) -> list[Event]:
    """Every event that there is, page by page."""
    tell_events(bank.kernel)
    found, cursor = [], asked.pop("cursor", None)
    while True:
        page: EventPage = bank.kernel.ask(reading.listed, cursor=cursor, **asked)
        found += page.events
        if not page.more:
            return found
        assert page.next_cursor != cursor, "a page must lead on"
        cursor = page.next_cursor


def of(found: list[Event], kind: str) -> list[dict[str, Any]]:
    """The data of the events of a kind."""
    return [each.data for each in found if each.type == kind]


def test_a_transfer_is_an_event_of_ids_and_an_amount(bank: Bank) -> None:
    ann, bob = saver(bank, 1, "100.00"), saver(bank, 2, "0.00")
    moved = bank.run(payments.transfer, Transfer(ann, bob, yuan("12.50"), "for Bob Li, 13912345678"))
    found = events(bank, kind="payments.transferred")
    (event,) = found
    assert event.data == {
        "transfer_id": moved.id, "payer": ann, "payee": bob, "amount": {"currency": "CNY", "minor": 1250},
    }  # fmt: skip
    assert event.business_date == DAY and event.leaf_id.startswith("leaf_")
    page = bank.kernel.ask(reading.listed, cursor=event.cursor, kind="payments.transferred")
    assert page.events == () and not page.more, "a cursor is the last that was read"


def test_the_transfers_of_one_batch_are_an_event_each(bank: Bank) -> None:
    ann, bob = saver(bank, 1, "100.00"), saver(bank, 2, "0.00")
    before = len(events(bank, kind="payments.transferred"))
    calls = [Call(Transfer(ann, bob, yuan(f"{number}.00")), bank.system) for number in (1, 2, 3)]
    bank.kernel.run_batch(OPERATIONS["payments.transfer"], calls)
    found = of(events(bank, kind="payments.transferred"), "payments.transferred")[before:]
    assert sorted(each["amount"]["minor"] for each in found) == [100, 200, 300]


@pytest.mark.long
def test_the_life_of_a_loan_in_events(database_url: str) -> None:
    house = House(database_url)
    loan = house.active("8000")
    house.wait(date(2026, 12, 28))
    house.bank.run(lending.repay, Repay(loan.id, yuan("100.00")))
    found = events(house.bank)
    kinds = [each.type for each in found]
    (paid,) = of(found, "lending.loan_paid_out")
    assert (paid["loan_id"], paid["amount"]["minor"]) == (loan.id, 800_000)
    repaid = of(found, "lending.loan_repaid")
    assert repaid and all(each["loan_id"] == loan.id for each in repaid)
    for kind in (
        "credit.consent_given",
        "lending.application_decided",
        "lending.loan_accepted",
        "lending.contract_sealed",
    ):
        assert kind in kinds, kind
    assert (
        kinds.index("lending.loan_accepted") < kinds.index("lending.loan_paid_out") < kinds.index("lending.loan_repaid")
    )
    assert "bank.day_closed" in kinds
    text = json.dumps([each.data for each in found], ensure_ascii=False)
    for said in (house.party.name, house.party.number, house.party.phone, "hospital", "6222"):
        assert said not in text, f"an event says {said}"
    assert len({each.id for each in found}) == len(found), "an event is there once"
    assert [rules.read_cursor(each.cursor) for each in found] == sorted(
        rules.read_cursor(each.cursor) for each in found
    )
    for size in (1, 7):
        assert events(house.bank, limit=size) == found, f"pages of {size} hold the same"
    first = found[0].business_date
    later = events(house.bank, since=first + timedelta(days=1))
    assert later == [each for each in found if each.business_date > first]


@pytest.mark.long
def test_what_the_close_of_a_day_pays_out_is_told(bank: Bank) -> None:
    done = opened(bank, saver(shelved(bank)), "lump-sum", "1000.00", term="3m", renewal="principal")
    days(bank, 100)
    found = events(bank)
    deposit = done.deposit.id
    assert [each["deposit_id"] for each in of(found, "savings.deposited")] == [deposit]
    for kind in ("savings.interest_paid", "savings.paid_out"):
        (told_of,) = of(found, kind)
        assert told_of["deposit_id"] == deposit and told_of["amount"]["minor"] > 0, kind
        assert told_of["effective_on"] == "2026-09-10", (
            "told of the day on which it fell due, by no command of anybody's"
        )


def test_no_event_can_tell_what_is_personal_or_secret() -> None:
    for path in ("result.name", "command.phone", "result.nothing", "command"):
        with pytest.raises(InvariantBroken):
            told("parties.named", Words("x", "x"), parties.register, name=path)
    asked = {field for kind in KINDS for field in kind.forms}
    assert asked.isdisjoint(
        {"name", "number", "phone", "memo", "note", "words", "statement", "reason", "label", "reference"}
    )


def test_every_source_is_an_operation_and_is_told_once() -> None:
    sources = [name for kind in KINDS for name in kind.sources]
    notes = {
        LISTED,
        LISTING_PLACED,
        LISTING_ENDED,
        MISSED,
        FAILED,
        LOW,
        HIGH,
        APPLIED,
        WAITS,
        BOUND,
        REVIEW_LATE,
        HELD,
        ENDED,
        LATER_ENDED,
        FROZE,
        UNFROZE,
        CLOSED,
        CASE_LATE,
        ROSE,
        CASE_NEAR,
        OPENED,
        CLONED,
    }
    assert len(sources) == len(set(sources)) and set(sources) - set(OPERATIONS) == notes
    assert list(BY_NAME) == sorted(BY_NAME)
    entries = [kind.entry for kind in KINDS if kind.entry]
    assert len(entries) == len(set(entries))
    assert posted("x.y", Words("x", "x"), "kind", "loan").forms["loan_id"] == "text"


def test_the_page_of_all_events_is_of_today() -> None:
    page = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
    assert page == render(KINDS), "docs/events.md is old: run make docs"


def test_a_cursor_is_one_of_ours_and_a_kind_is_known(bank: Bank) -> None:
    for cursor in ("1", "1.x", "-1.2", "9" * 30 + ".1"):
        with pytest.raises(Refusal, match=r"events\.bad_cursor"):
            bank.kernel.ask(reading.listed, cursor=cursor)
    with pytest.raises(Refusal, match=r"events\.unknown_kind"):
        bank.kernel.ask(reading.listed, kind="money.moved")
    assert [each.type for each in bank.kernel.ask(reading.kinds)] == list(BY_NAME)
