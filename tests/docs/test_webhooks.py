"""The guide of webhooks is run as it is printed: its curl against a server, its check against what a receiver got."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest
from typer.testing import CliRunner

from farthing.bank.staff import key_of
from farthing.cli import app
from farthing.events import service as webhooks
from farthing.events.delivery_service import tell_events
from farthing.identity.model import CreateApiKey
from farthing.payments import service as payments
from farthing.payments.model import Transfer
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import blocks
from tests.doors import serving
from tests.events.receiver import receiving
from tests.events.test_webhooks import Shop, anywhere
from tests.lending.house import yuan
from tests.savings.deposits.saver import saver
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "webhooks.md"
CURL, COMMANDS, LATER = (block.text for block in blocks(GUIDE) if block.language == "sh")
(PYTHON,) = (block.text for block in blocks(GUIDE) if block.language == "python")


def test_the_lines_of_curl_read_events(bank: Bank) -> None:
    with serving(bank) as server:
        ann, bob = saver(bank, 1, "100.00"), saver(bank, 2, "0.00")
        bank.run(payments.transfer, Transfer(ann, bob, yuan("10.50")))
        tell_events(bank.kernel)
        key = key_of(bank.kernel, CreateApiKey("books", "program:books", "auditor")).token
        environment = {**os.environ, "B": f"{server}/v1", "KEY": str(key), "NO_PROXY": "127.0.0.1"}
        said = []
        for line in CURL.splitlines():
            done = subprocess.run(["bash", "-c", line], env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
            said.append(json.loads(done.stdout))
        (event,) = said[0]["events"]
        assert event["data"]["amount"] == {"minor": 1050, "currency": "CNY"}
        assert event in said[1]["events"] or said[1]["more"]
        assert event["type"] in {each["type"] for each in said[2]}


def test_the_check_of_a_signature_takes_what_was_sent_and_nothing_else(bank: Bank) -> None:
    anywhere(bank)
    with receiving() as receiver:
        shop = Shop(bank, receiver)
        shop.pay()
        shop.tell()
    known: dict[str, Any] = {}
    exec(compile(PYTHON, "webhooks.md", "exec"), known)
    (headers,), (body,), now = receiver.headers, receiver.bodies, bank.kernel.wall().timestamp()
    is_ours = known["is_ours"]
    assert is_ours(receiver.secret, headers, body, now)
    assert not is_ours(receiver.secret, headers, body + b" ", now)
    assert not is_ours(receiver.secret, headers, body, now + 400)
    assert not is_ours("whsec_" + "A" * 44, headers, body, now)
    assert not is_ours(receiver.secret, {**headers, "webhook-id": "evt_another"}, body, now)


def test_the_commands_make_and_list_a_webhook(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    commanded(monkeypatch, bank.url)
    said = []
    for line in COMMANDS.splitlines():
        done = CliRunner().invoke(app, line.split()[1:])
        assert done.exit_code == 0, f"{line}: {done.output} {done.exception!r}"
        said.append(done.output)
    made = json.loads(said[0])
    assert made["secret"].startswith("whsec_") and made["state"] == "active"
    assert made["id"] in said[1] and made["secret"] not in said[1]
    assert "payments.transferred" in said[2]
    _looked_after(bank, made)
    ended = CliRunner().invoke(app, ["webhooks", "end", made["id"], "--json"])
    assert json.loads(ended.output)["state"] == "stopped"
    refused = CliRunner().invoke(app, ["webhooks", "resume", made["id"]])
    assert "events.not_given_up" in str(refused.exception)


def _looked_after(bank: Bank, made: dict[str, Any]) -> None:
    """The guide's commands on a webhook that stands: to a receiver that is not there, since the address is made up."""
    ann, bob = saver(bank, 1, "100.00"), saver(bank, 2, "0.00")
    bank.run(payments.transfer, Transfer(ann, bob, yuan("1.00")))
    anywhere(bank)
    tell_events(bank.kernel)
    (one,) = bank.kernel.ask(webhooks.deliveries, made["id"])
    said = []
    for line in LATER.splitlines():
        words = line.replace("$HOOK", made["id"]).replace("$DELIVERY", one.id).split()[1:]
        done = CliRunner().invoke(app, words)
        assert done.exit_code == int("not taken (" in done.output), f"{line}: {done.output} {done.exception!r}"
        said.append(done.output)
    tried, listed, again, rotated = said
    assert (
        "not taken (the name books.example.org leads nowhere)" in tried
        and one.event_id in listed
        and "not taken yet" in listed
    )
    assert again.startswith(f"{one.event_id}: not taken (")
    fresh = json.loads(rotated)
    assert fresh["secret"] != made["secret"] and fresh["former_until"]
    assert [each.reason for each in bank.kernel.ask(webhooks.deliveries, made["id"])] == ["redelivery", "test", "event"]
