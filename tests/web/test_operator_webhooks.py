"""The operator's page of webhooks: asked for by one, told to the second, ended by one; given up, and gone on from the jobs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from farthing.events import service
from farthing.events.delivery_service import tell_events
from farthing.kernel import approvals
from tests.conftest import Bank
from tests.doors import serving
from tests.events.receiver import receiving
from tests.events.test_webhooks import Shop, anywhere
from tests.identity.people import PASSWORD, staff
from tests.web.test_entrance import Browser


@pytest.fixture
def base(bank: Bank) -> Iterator[str]:
    with serving(bank) as server:
        staff(bank, "anna", "security")
        staff(bank, "bo", "security")
        yield server


def signed_in(base: str, name: str = "", language: str = "en") -> Browser:
    found = Browser(base, language)
    found.sign_in(*((name, PASSWORD) if name else ()))
    return found


def test_a_webhook_takes_two_and_its_secret_is_told_once(bank: Bank, base: str) -> None:
    anywhere(bank)
    anna, bo, operator = signed_in(base, "anna"), signed_in(base, "bo"), signed_in(base)
    assert "No program is told of events yet" in anna.go("/ops/webhooks").text
    kinds = {"kind-approvals.decided": "1"}
    wrong = anna.send("/ops/webhooks", act="create", label="books", url="ftp://x", key="0", **kinds)
    assert wrong.status_code == 422 and 'value="ftp://x"' in wrong.text, "what was typed is kept"
    with receiving() as receiver:
        asked = anna.send("/ops/webhooks", act="create", label="books", url=receiver.url, key="1", **kinds)
        assert asked.headers["location"] == "/ops/webhooks?drafted=1"
        (draft,) = bank.kernel.ask(approvals.waiting)
        page = bo.go(f"/approvals/{draft.approval_id}").text
        assert receiver.url in page and "approvals.decided" in page
        told = bo.agree(f"/approvals/{draft.approval_id}", "2").text
        assert "whsec_" in told and "whsec_" not in bo.go(f"/approvals/{draft.approval_id}").text
        (made,) = bank.kernel.ask(service.webhooks)
        assert made.kinds == ("approvals.decided",) and made.url in anna.go("/ops/webhooks").text
        assert "whsec_" not in anna.go("/ops/webhooks").text
        seen = operator.go("/ops/webhooks")
        assert seen.status_code == 200 and "Ask for this webhook" not in seen.text and "Stop it" not in seen.text
        assert operator.send("/ops/webhooks", act="stop", webhook_id=made.id, key="3").status_code == 403

        receiver.behaves = ["410"]
        tell_events(bank.kernel)
        assert "Webhooks that were given up" in operator.go("/ops").text
        jobs = operator.go("/ops/jobs").text
        assert receiver.url in jobs and "it answered 410" in jobs
        receiver.secret = told.split("whsec_")[1].split("<")[0]
        assert operator.send("/ops/jobs", webhook_id=made.id, key="4").status_code == 303
        tell_events(bank.kernel)
        assert receiver.taken and receiver.forged <= 1
        assert "Webhooks that were given up" not in operator.go("/ops").text

        assert anna.send("/ops/webhooks", act="stop", webhook_id=made.id, key="5").status_code == 303
        (ended,) = bank.kernel.ask(service.webhooks)
        assert ended.state == "stopped" and "Stop it" not in anna.go("/ops/webhooks").text
    assert "已停止" in signed_in(base, "anna", "zh").go("/ops/webhooks").text


def test_a_webhooks_page_tests_it_tells_what_was_sent_and_gives_it_another_secret(bank: Bank, base: str) -> None:
    anywhere(bank)
    anna, bo, operator = signed_in(base, "anna"), signed_in(base, "bo"), signed_in(base)
    with receiving() as receiver:
        shop = Shop(bank, receiver)
        shop.pay(30)
        shop.tell()
        page = f"/ops/webhooks/{shop.hook.id}"
        assert f'href="{page}"' in operator.go("/ops/webhooks").text
        done = operator.send(page, act="test", key="1")
        assert "The receiver took it and answered 200." in operator.go(done.headers["location"]).text
        receiver.behaves = ["503"]
        done = operator.send(page, act="test", key="2")
        assert "it answered 503" in operator.go(done.headers["location"]).text

        first = operator.go(page).text
        older = first.split("?before=")[1].split('"')[0]
        assert "Money moved from one wallet to another" in first and "Older" in first
        second = operator.go(f"{page}?before={older}").text
        assert "Older" not in second and "Newest" in second
        taken = receiver.taken[0]["id"]
        assert taken in second and taken not in first
        delivery = bank.kernel.ask(service.deliveries, shop.hook.id, limit=100)[-1]
        done = operator.send(page, act="again", delivery_id=delivery.id, key="3")
        assert "sent again by hand" in operator.go(done.headers["location"]).text
        assert receiver.taken[-1]["id"] == taken and receiver.forged == 0

        assert "Another secret" not in operator.go(page).text and "Another secret" in anna.go(page).text
        assert operator.send(page, act="rotate", overlap_hours="1", key="4").status_code == 403
        wrong = anna.send(page, act="rotate", overlap_hours="1000", key="5")
        assert wrong.status_code == 422 and 'value="1000"' in wrong.text
        asked = anna.send(page, act="rotate", overlap_hours="2", key="6")
        assert "waits for a second person" in anna.go(asked.headers["location"]).text
        (draft,) = bank.kernel.ask(approvals.waiting)
        told = bo.agree(f"/approvals/{draft.approval_id}", "7").text
        assert "whsec_" in told and "whsec_" not in anna.go(page).text
        assert "Two secrets sign until" in anna.go(page).text
        assert "此前的密钥" in signed_in(base, "anna", "zh").go(page).text
        assert anna.go("/ops/webhooks/hook_" + "0" * 26).status_code == 404
        assert anna.send(page, act="dance", key="8").status_code >= 400
