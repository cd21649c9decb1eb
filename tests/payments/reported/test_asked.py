"""Money that came in by a rail: another bank asks for it, or the rail takes it back and it is not there any more."""

from __future__ import annotations

import pytest

from farthing.bank.founding import agreed
from farthing.payments import service as payments
from farthing.payments.life import suspense_service as suspended
from farthing.payments.life.audit_service import verify_movements
from farthing.payments.life.notices_service import listen
from farthing.payments.model import MoveByRail, Notice, Transfer
from farthing.payments.reported import service as reported
from farthing.payments.reported.audit_service import verify_reports
from farthing.payments.reported.model import DecideFrozen, ReportComeIn
from tests.conftest import Bank
from tests.payments.customers import CARD
from tests.payments.fraud.victims import Victims, victims
from tests.payments.packets.people import herself, yuan
from tests.payments.requests.askers import refused


@pytest.fixture
def them(bank: Bank) -> Victims:
    return victims(bank, "sandbox")


def topped(them: Victims, amount: str) -> str:
    done = them.bank.run(payments.top_up, MoveByRail(them.others[0], yuan(amount), CARD))
    return str(done.id)


def on(them: Victims, amount: str) -> None:
    command = Transfer(them.others[0], them.others[1], yuan(amount))
    them.bank.run(payments.transfer, command, actor=herself(them.others[0]))


def clean(them: Victims) -> None:
    assert them.bank.read(verify_reports, snapshot=True).findings == ()
    assert them.bank.read(verify_movements, snapshot=True).findings == ()


def test_another_bank_asks_and_what_is_left_waits_in_suspense_to_be_sent_back(them: Victims) -> None:
    movement = topped(them, "800.00")
    on(them, "300.00")
    command = ReportComeIn(movement, "recall FRAD of the card's bank")
    done = them.bank.run(reported.report_come_in, command)
    assert them.bank.run(reported.report_come_in, command) == done, "once"
    assert [(each.part.holder, each.part.amount) for each in done.parts] == [
        (them.others[0], yuan("500.00")), (them.others[1], yuan("300.00")),
    ]  # fmt: skip
    clean(them)
    agreed(them.bank.kernel, reported.decide, DecideFrozen(done.report.id, "return", "proved by the bank"))
    waits = them.bank.read(suspended.suspense)
    assert sorted(str(each.amount) for each in waits) == ["CNY 300.00", "CNY 500.00"]
    clean(them)
    assert them.holds(them.others[0]) == yuan("1000.00") and them.holds(them.others[1]) == yuan("1000.00")
    assert refused(them.bank.run, reported.report_come_in, ReportComeIn("rail_none", "?")) == "reported.not_come_in"


def test_taken_back_by_the_rail_and_gone_on_is_frozen_up_to_what_is_missing(them: Victims) -> None:
    movement = topped(them, "800.00")
    on(them, "1500.00")  # 700.00 of the reported 800.00 and all else but 300.00
    peer = them.bank.kernel.ports.peer("rail")
    rail = getattr(peer, "behind", peer)
    rail.told.append(Notice("n1", "reversed", movement, reason_code="FRAD"))
    listen(them.bank.kernel)
    (case,) = them.bank.read(reported.listed)
    assert case.report.source == "reversed" and case.report.note == "FRAD"
    assert [(each.part.holder, each.part.amount) for each in case.parts] == [(them.others[1], yuan("500.00"))]
    assert them.holds(them.others[0]) == yuan("0.00") and them.available(them.others[1]) == yuan("2000.00")
    clean(them)
    agreed(them.bank.kernel, reported.decide, DecideFrozen(case.report.id, "return", "the card was stolen"))
    assert them.holds(them.others[1]) == yuan("2000.00")
    clean(them)


def test_asked_for_by_a_bank_and_taken_back_by_the_rail_it_goes_back_once(them: Victims) -> None:
    movement = topped(them, "800.00")
    on(them, "1800.00")  # all of it went on
    asked = them.bank.run(reported.report_come_in, ReportComeIn(movement, "recall FRAD of the card's bank"))
    assert [each.part.amount for each in asked.parts] == [yuan("800.00")]
    peer = them.bank.kernel.ports.peer("rail")
    getattr(peer, "behind", peer).told.append(Notice("n1", "reversed", movement, reason_code="FRAD"))
    listen(them.bank.kernel)
    (case,) = them.bank.read(reported.listed)
    assert case.report.source == "reversed" and case.report.frozen == yuan("800.00"), "under the rail's word alone"
    decision = DecideFrozen(asked.report.id, "return", "proved by the bank")
    assert refused(agreed, them.bank.kernel, reported.decide, decision) == "reported.not_frozen"
    clean(them)
    agreed(them.bank.kernel, reported.decide, DecideFrozen(case.report.id, "return", "the card was stolen"))
    assert them.bank.read(suspended.suspense) == []
    assert them.holds(them.others[0]) + them.holds(them.others[1]) == yuan("2000.00"), "800.00 went back, once"
    clean(them)
