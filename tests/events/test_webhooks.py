"""Webhooks against a real receiver: signed, taken once, tried again, given up, resumed, and kept from the inner network."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest

from farthing.events import delivery_service, rules, service
from farthing.events.client import HttpWebhooks
from farthing.events.delivery_service import ATTEMPTS, tell_events
from farthing.events.model import MakeWebhook, ResumeWebhook, StopWebhook, Webhook
from farthing.identity.rules import actor_of
from farthing.kernel import approvals, errands
from farthing.kernel.approvals import Decide
from farthing.kernel.run import Pending
from farthing.kit.addresses import is_outside
from farthing.kit.errors import Refusal
from farthing.payments import service as payments
from farthing.payments.model import Transfer
from farthing.signing.keys import Vault
from tests.conftest import Bank
from tests.events.receiver import Receiver, receiving
from tests.lending.house import yuan
from tests.savings.deposits.saver import saver

ASKS = actor_of("security:first", "security", None)
AGREES = actor_of("security:second", "security", None)
TRANSFERS = ("payments.transferred",)


def anywhere(bank: Bank, within: float = 5.0) -> None:
    """Let a bank tell this machine, as the setting does."""
    peer = HttpWebhooks(anywhere=True, within=within)
    for name in (rules.ANYWHERE, bank.kernel.ports.first("webhook")):
        bank.kernel.ports = bank.kernel.ports.with_peer("webhook", name, peer)


def subscribed(bank: Bank, url: str, kinds: tuple[str, ...] = TRANSFERS) -> Webhook:
    """A webhook as two officers make it; answers what the second is told."""
    waits = bank.run(service.subscribe, MakeWebhook("books", url, kinds), actor=ASKS)
    assert isinstance(waits, Pending), "two persons must want it"
    decided = bank.run(approvals.decide, Decide(waits.approval_id, approve=True), actor=AGREES)
    assert decided.state == "approved", decided
    (made,) = bank.kernel.ask(service.webhooks, actor=AGREES)[-1:]
    return dataclasses.replace(made, secret=json.loads(decided.result_json)["secret"])


class Shop:
    """A bank with two wallets, a receiver, and a webhook between them."""

    def __init__(self, bank: Bank, receiver: Receiver) -> None:
        self.bank, self.receiver = bank, receiver
        self.ann, self.bob = saver(bank, 1, "1000.00"), saver(bank, 2, "0.00")
        self.hook = subscribed(bank, receiver.url)
        receiver.secret = self.hook.secret or ""

    def pay(self, count: int = 1) -> list[str]:
        """Some transfers; answers their ids."""
        made = [self.bank.run(payments.transfer, Transfer(self.ann, self.bob, yuan("1.00"))) for _ in range(count)]
        return [each.id for each in made]

    def tell(self) -> None:
        tell_events(self.bank.kernel)

    def again(self) -> None:
        """What the worker does a minute later, and an hour."""
        errands.sweep(self.bank.kernel, everything=True)
        self.tell()

    @property
    def told(self) -> list[str]:
        return [each["data"]["transfer_id"] for each in self.receiver.taken]

    @property
    def stands(self) -> Webhook:
        (found,) = (each for each in self.bank.kernel.ask(service.webhooks) if each.id == self.hook.id)
        return found


@pytest.fixture
def shop(bank: Bank) -> Iterator[Shop]:
    anywhere(bank, within=1.0)
    with receiving() as receiver:
        yield Shop(bank, receiver)


def test_a_transfer_is_told_once_signed_and_under_its_own_id(shop: Shop) -> None:
    paid = shop.pay(3)
    shop.tell()
    shop.tell()
    assert shop.told == paid and shop.receiver.forged == 0
    first, body = shop.receiver.headers[0], shop.receiver.taken[0]
    assert first["webhook-id"] == body["id"] and body["type"] == "payments.transferred"
    assert first["content-type"] == "application/json"
    late = shop.bank.kernel.wall().timestamp() - int(first["webhook-timestamp"])
    assert 0 <= late < 300, "stamped by the machine's clock, whatever day the bank has"
    assert not shop.bank.kernel.ask(errands.unanswered)
    assert not shop.receiver.taken[0].keys() - {
        "id", "type", "timestamp", "business_date", "cursor", "leaf_id", "data",
    }  # fmt: skip


def test_what_was_undone_is_told_to_nobody(shop: Shop) -> None:
    with pytest.raises(Refusal):
        shop.bank.run(payments.transfer, Transfer(shop.ann, shop.bob, yuan("99999.00")))
    shop.bank.kernel.preview(payments.transfer, Transfer(shop.ann, shop.bob, yuan("1.00")))
    shop.tell()
    assert shop.told == []


@pytest.mark.parametrize("way", ["500", "404", "slow", "redirects", "dies", "talks"])
def test_a_receiver_that_does_not_take_it_is_told_again_under_the_same_id(shop: Shop, way: str) -> None:
    shop.receiver.behaves = [way]
    paid = shop.pay(2)
    shop.tell()
    assert shop.told == [], "nothing goes past the one that was not taken until the next look"
    (failed, *_) = (each for each in shop.bank.kernel.ask(errands.unanswered) if each.attempts)
    assert failed.state == "unknown" and failed.problem
    shop.again()
    shop.again()
    assert sorted(shop.told) == sorted(paid) and shop.receiver.redirected == 0 and shop.receiver.forged == 0


def test_a_receiver_that_says_that_it_is_gone_is_given_up_and_resumed_from_where_it_stood(shop: Shop) -> None:
    first = shop.pay(2)
    shop.tell()
    shop.receiver.behaves = ["410"]
    then = shop.pay(3)
    shop.tell()
    assert (shop.stands.state, shop.stands.problem) == ("given_up", "it answered 410")
    later = shop.pay()
    shop.again()
    assert shop.told == first and not shop.bank.kernel.ask(errands.unanswered), "it is left in peace"
    shop.bank.run(service.resume_webhook, ResumeWebhook(shop.hook.id))
    shop.tell()
    assert shop.told == [*first, *then, *later] and shop.stands.state == "active"
    with pytest.raises(Refusal, match=r"events\.not_given_up"):
        shop.bank.run(service.resume_webhook, ResumeWebhook(shop.hook.id))


def test_a_receiver_that_never_answers_is_given_up_after_so_many_attempts(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_service, "ATTEMPTS", 3)
    assert ATTEMPTS >= 20, "about a day, by waits that double up to an hour"
    shop.receiver.behaves = ["500"] * 9
    paid = shop.pay(2)
    shop.tell()
    for _ in range(6):
        shop.again()
    assert shop.stands.state == "given_up" and shop.told == []
    shop.receiver.behaves = []
    shop.bank.run(service.resume_webhook, ResumeWebhook(shop.hook.id))
    shop.tell()
    assert shop.told == paid, "nothing is lost"


def test_a_receiver_that_sleeps_holds_so_many_errands_and_no_more(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_service, "WINDOW", 5)
    shop.receiver.behaves = ["500"] * 3
    paid = shop.pay(12)
    for _ in range(3):
        shop.tell()
    assert len(shop.bank.kernel.ask(errands.unanswered)) == 5
    for _ in range(4):
        shop.again()
    assert sorted(shop.told) == sorted(paid)


def test_a_receiver_that_takes_each_event_late_holds_up_nobody(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that answers just before the deadline has its turn and no more: of a look, and of a sweep of all errands."""
    monkeypatch.setattr(delivery_service, "TURN", 0.1)
    monkeypatch.setattr(errands, "PATIENCE", 0.1)
    shop.receiver.behaves = ["late"] * 9
    paid = shop.pay(4)
    for count in (1, 2):
        shop.tell()
        assert shop.told == paid[:count], "one a turn; what was planned and not sent goes first in the next"
    errands.sweep(shop.bank.kernel)
    assert shop.told == paid[:3]
    monkeypatch.setattr(delivery_service, "TURN", 10.0)
    shop.tell()
    shop.tell()
    assert shop.told == paid


def test_who_is_stopped_is_told_nothing_more(shop: Shop) -> None:
    shop.receiver.behaves = ["500"]
    shop.pay(2)
    shop.tell()
    shop.bank.run(service.stop_webhook, StopWebhook(shop.hook.id), actor=ASKS)
    shop.pay()
    shop.again()
    assert shop.told == [] and not shop.bank.kernel.ask(errands.unanswered)
    assert shop.stands.state == "stopped"


def test_a_webhook_is_told_of_its_kinds_and_from_when_it_was_made(shop: Shop) -> None:
    with receiving() as other:
        shop.pay()
        shop.tell()
        made = subscribed(shop.bank, other.url, ())
        other.secret = made.secret or ""
        shop.pay()
        shop.tell()
        kinds = [each["type"] for each in other.taken]
        assert kinds == ["approvals.decided", "payments.transferred"] or kinds == ["payments.transferred"]
        assert len(shop.told) == 2 and other.forged == 0


def test_the_secret_is_kept_sealed_and_told_once(bank: Bank) -> None:
    vault = Vault("the deployment's")
    bank.kernel.ports = bank.kernel.ports.with_peer("vault", "settings", vault)
    made = subscribed(bank, "https://books.example.org/farthing")
    assert made.secret and made.secret.startswith("whsec_")
    row: Any = bank.read(lambda tx: tx.one("SELECT secret FROM webhook"))
    raw = vault.unseal(bytes(row["secret"]))
    assert rules.shown_secret(raw) == made.secret and raw not in bytes(row["secret"])
    (listed,) = bank.kernel.ask(service.webhooks)
    assert listed.secret is None
    assert made.secret.removeprefix("whsec_")[:20] not in str(
        bank.read(lambda tx: tx.rows("SELECT body FROM evidence_leaf"))
    )
    assert Vault(None).unseal(Vault(None).seal(b"plain")) == b"plain"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "::1",
     "::", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
     "ff02::1", "::7f00:1", "::ffff:0:127.0.0.1", "fec0::1", "64:ff9b:1::7f00:1", "2001:0:7f00:1::", "5f00::1", "2001:db8::1",
     "nonsense"],
)  # fmt: skip
def test_an_inner_address_is_not_outside(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_an_address_of_the_internet_is_outside(address: str) -> None:
    assert is_outside(address)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://books.example.org/", "events.bad_address"), ("ftp://books.example.org/", "events.bad_address"),
        ("https://me:secret@books.example.org/", "events.bad_address"), ("https:///nowhere", "events.bad_address"),
        ("https://books.example.org/#part", "events.bad_address"), ("https://books.example.org:99999/", "events.bad_address"),
        ("https://[::1/", "events.bad_address"), ("https://localhost/", "events.address_inside"),
        ("https://db.localhost/", "events.address_inside"), ("https://127.0.0.1/", "events.address_inside"),
        ("https://[::1]/", "events.address_inside"), ("https://169.254.169.254/latest", "events.address_inside"),
        ("https://2130706433/", "events.address_inside"), ("https://localhost./", "events.address_inside"),
        ("https://[::7f00:1]/", "events.address_inside"), ("https://[fec0::1]/", "events.address_inside"),
    ],
)  # fmt: skip
def test_an_address_that_may_not_be_told_is_refused_when_it_is_asked(bank: Bank, url: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        bank.run(service.subscribe, MakeWebhook("books", url), actor=ASKS)
    assert caught.value.code == code


def test_a_name_that_leads_inside_is_not_called() -> None:
    """The guard looks at where a name leads at each call, and calls that very address: a name may change its mind."""
    with receiving() as receiver:
        port = receiver.url.split(":")[-1].strip("/")
        for host in ("localhost", "127.0.0.1", "[::ffff:127.0.0.1]"):
            sent = HttpWebhooks(anywhere=False).send(f"https://{host}:{port}/", b"{}", {})
            assert not sent.taken and "may not be called" in sent.problem and sent.status is None
        plain = HttpWebhooks(anywhere=False).send(receiver.url, b"{}", {})
        assert not plain.taken and "https alone" in plain.problem, "made while the deployment allowed it"
        assert receiver.forged == 0 and not receiver.taken


def test_who_may_make_see_and_resume_a_webhook(bank: Bank) -> None:
    operator, auditor = actor_of("op", "operator", None), actor_of("aud", "auditor", None)
    for actor in (operator, auditor):
        with pytest.raises(Refusal, match=r"kernel\.forbidden"):
            bank.run(service.subscribe, MakeWebhook("books", "https://books.example.org/"), actor=actor)
        assert bank.kernel.ask(service.webhooks, actor=actor) == []
    with pytest.raises(Refusal, match=r"approvals\."):
        waits = bank.run(service.subscribe, MakeWebhook("books", "https://books.example.org/"), actor=ASKS)
        bank.run(approvals.decide, Decide(waits.approval_id, approve=True), actor=ASKS)
