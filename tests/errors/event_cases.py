"""Refusals of events and webhooks."""

from __future__ import annotations

import pytest

from farthing.events import by_hand_service as by_hand
from farthing.events import reading_service as reading
from farthing.events import rules, service
from farthing.events.model import MakeWebhook, Redeliver, ResumeWebhook, SendTest, StopWebhook
from tests.conftest import Bank
from tests.errors.gallery import reproduces

OUTSIDE = "https://books.example.org/farthing"


@reproduces("events.bad_cursor")
def a_cursor_of_another_list(bank: Bank) -> None:
    bank.kernel.ask(reading.listed, cursor="abc")


@reproduces("events.unknown_kind")
def a_kind_that_there_is_not(bank: Bank) -> None:
    bank.kernel.ask(reading.listed, kind="money.moved")


@reproduces("events.bad_address")
def an_address_without_tls(bank: Bank) -> None:
    bank.kernel.preview(service.subscribe, MakeWebhook("books", "http://books.example.org/"))


@reproduces("events.address_inside")
def an_address_of_this_machine(bank: Bank) -> None:
    bank.kernel.preview(service.subscribe, MakeWebhook("books", "https://127.0.0.1/"))


@reproduces("events.unknown_webhook")
def a_webhook_that_there_is_not(bank: Bank) -> None:
    bank.run(service.stop_webhook, StopWebhook("hook_" + "0" * 26))


@reproduces("events.too_many_webhooks")
def one_more_than_there_may_be(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_WEBHOOKS", 0)
    bank.kernel.preview(service.subscribe, MakeWebhook("books", OUTSIDE))


@reproduces("events.not_given_up")
def a_webhook_that_works(bank: Bank) -> None:
    made = bank.kernel.tidy(lambda tx: service.subscribe(tx, MakeWebhook("books", OUTSIDE)))
    bank.run(service.resume_webhook, ResumeWebhook(made.id))


def _made(bank: Bank) -> str:
    return bank.kernel.tidy(lambda tx: service.subscribe(tx, MakeWebhook("books", OUTSIDE))).id


@reproduces("events.webhook_stopped")
def a_test_of_a_webhook_that_was_stopped(bank: Bank) -> None:
    webhook_id = _made(bank)
    bank.run(service.stop_webhook, StopWebhook(webhook_id))
    bank.run(by_hand.send_test, SendTest(webhook_id))


@reproduces("events.unknown_delivery")
def a_delivery_that_there_is_not(bank: Bank) -> None:
    bank.run(by_hand.redeliver, Redeliver(_made(bank), "dlv_" + "0" * 26))


@reproduces("events.was_a_test")
def a_test_that_is_sent_again(bank: Bank) -> None:
    webhook_id = _made(bank)
    tested = bank.run(by_hand.send_test, SendTest(webhook_id))
    bank.run(by_hand.redeliver, Redeliver(webhook_id, tested.id))


@reproduces("events.too_many_by_hand")
def one_more_test_than_may_be_on_its_way(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    webhook_id = _made(bank)
    monkeypatch.setattr(rules, "MOST_BY_HAND", 0)
    bank.run(by_hand.send_test, SendTest(webhook_id))
