"""Tests of a line, the list of what was sent, an event once more, and another secret: against a real receiver."""

from __future__ import annotations

import base64
import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest

from farthing.events import by_hand_service as by_hand
from farthing.events import delivery_service, rules, service
from farthing.events.client import HttpWebhooks
from farthing.events.delivery_service import tell_events
from farthing.events.model import Delivery, Redeliver, ResumeWebhook, RotateSecret, SendTest, StopWebhook, Webhook
from farthing.identity.roles import ROLES
from farthing.identity.rules import actor_of
from farthing.kernel import approvals, errands
from farthing.kernel.approvals import Decide
from farthing.kernel.run import Pending
from farthing.kit.errors import Refusal
from tests.conftest import Bank
from tests.events.receiver import Receiver, receiving
from tests.events.test_webhooks import AGREES, ASKS, Shop, anywhere, subscribed

OPERATOR = actor_of("op", "operator", None)
NOBODY = "hook_" + "0" * 26


@pytest.fixture
def shop(bank: Bank) -> Iterator[Shop]:
    anywhere(bank, within=1.0)
    with receiving() as receiver:
        yield Shop(bank, receiver)


def tried(shop: Shop, key: str | None = None) -> Delivery:
    """A test of the line, as an operator asks for it."""
    found: Delivery = shop.bank.run(by_hand.send_test, SendTest(shop.hook.id), actor=OPERATOR, key=key)
    return found


def sent(shop: Shop, **asked: object) -> list[Delivery]:
    """What was sent, the newest first."""
    found: list[Delivery] = shop.bank.kernel.ask(service.deliveries, shop.hook.id, actor=OPERATOR, **asked)
    return found


def rotated(shop: Shop, hours: int) -> Webhook:
    """Another secret, as two officers want it; answers what the second is told."""
    waits = shop.bank.run(service.rotate_secret, RotateSecret(shop.hook.id, hours), actor=ASKS)
    assert isinstance(waits, Pending), "two persons must want it"
    decided = shop.bank.run(approvals.decide, Decide(waits.approval_id, approve=True), actor=AGREES)
    assert decided.state == "approved", decided
    return dataclasses.replace(shop.stands, secret=json.loads(decided.result_json)["secret"])


def test_a_test_says_that_it_is_one_is_signed_and_answers_with_the_receivers_status(shop: Shop) -> None:
    shop.receiver.behaves = ["204"]
    done = tried(shop)
    assert (done.state, done.status, done.attempts, done.reason) == ("delivered", 204, 1, "test")
    (body,), (headers,) = shop.receiver.taken, shop.receiver.headers
    assert body["type"] == rules.TEST and body["data"] == {"webhook_id": shop.hook.id, "test": True}
    assert body["cursor"] == body["leaf_id"] == "" and headers["webhook-id"] == body["id"] == done.event_id
    assert shop.receiver.forged == 0
    assert shop.stands.cursor == shop.hook.cursor, "it moves nothing of what happened"
    kept = sent(shop)
    assert kept == [done] and kept[0].next_at is None


@pytest.mark.parametrize(
    ("way", "status"),
    [("500", 500), ("404", 404), ("410", 410), ("redirects", 307), ("slow", None), ("dies", 200), ("talks", 200)],
)
def test_a_test_that_is_not_taken_answers_why_is_not_tried_again_and_gives_nothing_up(
    shop: Shop, way: str, status: int | None
) -> None:
    shop.receiver.behaves = [way]
    done = tried(shop)
    assert (done.state, done.status, done.attempts) == ("not_taken", status, 1) and done.problem
    assert shop.stands.state == "active" and shop.receiver.redirected == 0
    shop.again()
    assert shop.receiver.taken == [] and not shop.bank.kernel.ask(errands.unanswered)


def test_a_test_under_one_key_is_sent_once(shop: Shop) -> None:
    assert tried(shop, "k1") == tried(shop, "k1")
    assert len(shop.receiver.taken) == 1
    looked = shop.bank.kernel.preview(by_hand.send_test, SendTest(shop.hook.id))
    assert looked.state == "waiting" and len(shop.receiver.taken) == 1, "a preview sends nothing"


def test_a_test_goes_only_where_events_may_go(bank: Bank) -> None:
    """The address is looked at when it is called, for tests as for events: a name that leads inside, an address that was
    allowed when the webhook was made and is not now, plain HTTP."""
    anywhere(bank)
    with receiving() as receiver:
        port = receiver.url.split(":")[-1].strip("/")
        made = [subscribed(bank, f"https://localhost:{port}/"), subscribed(bank, f"https://127.0.0.1:{port}/"),
                subscribed(bank, receiver.url)]  # fmt: skip
        guarded = HttpWebhooks(anywhere=False, within=2.0)
        bank.kernel.ports = bank.kernel.ports.with_peer("webhook", bank.kernel.ports.first("webhook"), guarded)
        for each in made:
            done = bank.run(by_hand.send_test, SendTest(each.id))
            assert done.state == "not_taken" and done.status is None, done
            assert "may not be called" in done.problem or "https alone" in done.problem
        assert receiver.forged == 0 and not receiver.taken


def test_what_was_sent_is_listed_with_what_came_of_it(shop: Shop) -> None:
    shop.receiver.behaves = ["500"]
    paid = shop.pay(2)
    shop.tell()
    waits, first = sent(shop)
    assert (first.state, first.status, first.attempts, first.problem) == ("waiting", 500, 1, "it answered 500")
    assert first.event_type == "payments.transferred" and first.reason == "event"
    assert first.tried_at is not None and first.next_at is not None and first.next_at > first.tried_at
    assert (waits.state, waits.attempts, waits.status) == ("waiting", 0, None)
    shop.again()
    assert sorted(shop.told) == sorted(paid)
    waits, first = sent(shop)
    assert (first.state, first.status, first.attempts, first.problem, first.next_at) == ("delivered", 200, 2, "", None)
    assert [each["id"] for each in sorted(shop.receiver.taken, key=lambda one: one["cursor"])] == [
        first.event_id, waits.event_id,
    ]  # fmt: skip


def test_the_list_goes_on_page_by_page_and_holds_nobody_elses(shop: Shop) -> None:
    with receiving() as other:
        second = subscribed(shop.bank, other.url)
        other.secret = second.secret or ""
        shop.pay(5)
        shop.tell()
        found: list[Delivery] = []
        while page := sent(shop, limit=2, before=found[-1].id if found else None):
            found += page
        assert [each.event_id for each in found] == [each["id"] for each in reversed(shop.receiver.taken)]
        assert {each.webhook_id for each in found} == {shop.hook.id} and len(other.taken) == 5
        with pytest.raises(Refusal, match=r"events\.unknown_delivery"):
            shop.bank.run(by_hand.redeliver, Redeliver(second.id, found[0].id))
    with pytest.raises(Refusal, match=r"events\.unknown_webhook"):
        shop.bank.kernel.ask(service.deliveries, NOBODY)


def test_the_list_says_of_each_what_became_of_it_when_its_webhook_ends(shop: Shop) -> None:
    shop.receiver.behaves = ["410"]
    shop.pay(3)
    shop.tell()
    assert [each.state for each in sent(shop)] == ["given_up"] * 3
    assert [(each.attempts, each.status) for each in sent(shop)] == [(0, None), (0, None), (1, 410)]
    assert all(each.next_at is None for each in sent(shop))
    shop.bank.run(service.resume_webhook, ResumeWebhook(shop.hook.id))
    shop.receiver.behaves = ["500"]
    shop.tell()
    shop.bank.run(service.stop_webhook, StopWebhook(shop.hook.id), actor=ASKS)
    shop.again()
    assert [each.state for each in sent(shop)] == ["stopped"] * 3 + ["given_up"] * 3
    assert [each.attempts for each in sent(shop)][:3] == [0, 0, 1], "what was not sent is no attempt"


def test_an_event_is_sent_once_more_under_its_own_id(shop: Shop) -> None:
    shop.pay(3)
    shop.tell()
    (newest, middle, _), stood = sent(shop), shop.stands.cursor
    again = shop.bank.run(by_hand.redeliver, Redeliver(shop.hook.id, middle.id), actor=OPERATOR)
    assert (again.state, again.status, again.reason, again.event_id) == (
        "delivered",
        200,
        "redelivery",
        middle.event_id,
    )
    assert shop.receiver.taken[-1] == shop.receiver.taken[1], "the very event, read off the log again"
    assert shop.receiver.headers[-1]["webhook-id"] == middle.event_id and shop.receiver.forged == 0
    assert shop.stands.cursor == stood, "its place in the log is where it was"
    third = shop.bank.run(by_hand.redeliver, Redeliver(shop.hook.id, again.id), actor=OPERATOR)
    assert third.event_id == middle.event_id and len(shop.receiver.taken) == 5
    shop.tell()
    assert len(shop.receiver.taken) == 5, "nothing else comes again"
    tests = tried(shop)
    with pytest.raises(Refusal, match=r"events\.was_a_test"):
        shop.bank.run(by_hand.redeliver, Redeliver(shop.hook.id, tests.id))
    assert newest.event_id != middle.event_id


def test_one_that_waits_may_be_sent_at_once_and_a_webhook_that_was_given_up_tried(shop: Shop) -> None:
    shop.receiver.behaves = ["500"]
    shop.pay()
    shop.tell()
    (waits,) = sent(shop)
    shop.bank.run(by_hand.redeliver, Redeliver(shop.hook.id, waits.id))
    shop.again()
    assert [each["id"] for each in shop.receiver.taken] == [waits.event_id] * 2, "a duplicate that its id betrays"
    shop.receiver.behaves = ["410"]
    shop.pay()
    shop.tell()
    assert shop.stands.state == "given_up"
    assert tried(shop).state == "delivered" and shop.stands.state == "given_up", "it looks; it resumes nothing"
    shop.bank.run(service.stop_webhook, StopWebhook(shop.hook.id), actor=ASKS)
    for function, command in (
        (by_hand.send_test, SendTest(shop.hook.id)), (by_hand.redeliver, Redeliver(shop.hook.id, waits.id)),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=r"events\.webhook_stopped"):
            shop.bank.run(function, command)
    with pytest.raises(Refusal, match=r"events\.webhook_stopped"):
        shop.bank.run(service.rotate_secret, RotateSecret(shop.hook.id), actor=ASKS)


def test_one_that_was_written_and_not_sent_is_sent_by_the_sweep_unless_the_webhook_was_stopped(shop: Shop) -> None:
    """A crash between the two: the worker sends it, and by then the webhook may be stopped."""
    for state in ("delivered", "stopped"):
        asked = shop.bank.kernel.tidy(lambda tx: by_hand.send_test(tx, SendTest(shop.hook.id)))
        if state == "stopped":
            shop.bank.run(service.stop_webhook, StopWebhook(shop.hook.id), actor=ASKS)
        errands.sweep(shop.bank.kernel, everything=True)
        (found,) = (each for each in sent(shop) if each.id == asked.errands[0])
        assert found.state == state
    assert len(shop.receiver.taken) == 1


def test_so_many_by_hand_and_no_more_are_on_their_way(shop: Shop) -> None:
    for _ in range(rules.MOST_BY_HAND):
        shop.bank.kernel.tidy(lambda tx: by_hand.send_test(tx, SendTest(shop.hook.id)))
    with pytest.raises(Refusal, match=r"events\.too_many_by_hand"):
        tried(shop)
    errands.sweep(shop.bank.kernel, everything=True)
    assert tried(shop).state == "delivered"


def signers(shop: Shop, *secrets: str | None) -> list[str]:
    """Which of some secrets signed what came last."""
    receiver = shop.receiver
    return Receiver.signers(receiver.headers[-1], receiver.bodies[-1], [each or "" for each in secrets])


def test_two_secrets_sign_for_a_while_and_then_the_new_one_alone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel, old = shop.bank.kernel, shop.hook.secret
    new = rotated(shop, 2)
    assert new.secret and new.secret != old and new.former_until is not None
    assert timedelta(hours=1, minutes=55) < new.former_until - kernel.wall() <= timedelta(hours=2)
    shop.pay()
    shop.tell()
    assert signers(shop, old, new.secret) == [old, new.secret] and shop.receiver.forged == 0
    assert len(shop.receiver.headers[-1]["webhook-signature"].split(" ")) == 2
    late = kernel.wall() + timedelta(hours=2, minutes=1)
    monkeypatch.setattr(kernel, "wall", lambda: late)
    assert tried(shop).state == "delivered", "over as soon as its time is, and not when somebody looks"
    assert signers(shop, old, new.secret) == [new.secret]
    shop.tell()
    (row,) = shop.bank.read(lambda tx: tx.rows("SELECT former_secret, former_until FROM webhook"))
    assert row == {"former_secret": None, "former_until": None}, "and then forgotten"
    assert shop.stands.former_until is None


def test_a_secret_that_others_know_ends_at_once_and_a_third_ends_the_first(shop: Shop) -> None:
    first = shop.hook.secret
    second = rotated(shop, 24).secret
    third = rotated(shop, 24).secret
    tried(shop)
    assert signers(shop, first, second, third) == [second, third]
    fourth = rotated(shop, 0)
    tried(shop)
    assert signers(shop, first, second, third, fourth.secret) == [fourth.secret] and fourth.former_until is None
    leaves = str(shop.bank.read(lambda tx: tx.rows("SELECT body FROM evidence_leaf")))
    for secret in (first, second, third, fourth.secret):
        assert secret and secret.removeprefix("whsec_")[:20] not in leaves
        assert base64.b64decode(secret.removeprefix("whsec_")).hex() not in leaves
    assert shop.stands.secret is None


def test_who_may_test_send_again_rotate_and_see(shop: Shop) -> None:
    shop.pay()
    shop.tell()
    (one,) = sent(shop)
    commands = {
        by_hand.send_test: SendTest(shop.hook.id), by_hand.redeliver: Redeliver(shop.hook.id, one.id),
        service.rotate_secret: RotateSecret(shop.hook.id),
    }  # fmt: skip
    may = {by_hand.send_test: {"operator", "security"}, by_hand.redeliver: {"operator", "security"},
           service.rotate_secret: {"security"}}  # fmt: skip
    for role in sorted(set(ROLES) - {"system"}):
        actor = actor_of(f"a-{role}", role, "party_" + "0" * 26 if role == "customer" else None)
        for function, command in commands.items():
            if role not in may[function]:
                with pytest.raises(Refusal, match=r"kernel\.forbidden"):
                    shop.bank.run(function, command, actor=actor)
        for asked in (service.deliveries, service.webhook):
            if role in ("operator", "auditor", "security"):
                assert shop.bank.kernel.ask(asked, shop.hook.id, actor=actor)
            else:
                with pytest.raises(Refusal, match=r"kernel\.forbidden"):
                    shop.bank.kernel.ask(asked, shop.hook.id, actor=actor)
    assert len(shop.receiver.taken) == 1


@pytest.mark.long
def test_a_process_that_only_opens_the_bank_carries_what_is_sent_by_hand() -> None:
    code = "import farthing.bank.opening; from farthing.kernel.errands import SENDERS; print(*SENDERS)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {delivery_service.KIND, *delivery_service.BY_HAND.values()} <= set(found)


def test_a_look_with_nothing_to_tell_forgets_nothing_that_still_signs(shop: Shop) -> None:
    rotated(shop, 1)
    tell_events(shop.bank.kernel)
    assert shop.stands.former_until is not None
