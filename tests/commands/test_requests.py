"""``farthing requests``: asked, paid, declined, reminded, blocked and split as the bank itself."""

from __future__ import annotations

import json
import re

import pytest

from farthing.parties import service as parties
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.payments.requests.askers import circle
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "requests.md"


def test_requests_from_the_command_line(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    people = circle(bank)
    commanded(monkeypatch, bank.url)
    rich, friend, other = people.rich, *people.others[:2]
    phone, others = (bank.read(lambda tx, each=each: parties.party(tx, each)).phone for each in (rich, other))
    friends = bank.read(lambda tx: parties.party(tx, friend)).phone
    tried = answered("requests", "ask", friend, phone, "8.80", "--dry-run")
    assert "CNY 8.80" in tried
    made = answered("requests", "ask", friend, phone, "8.80", "--reason", "Tickets", "--key", "k")
    ask = re.findall("ask_[0-9a-z]{26}", made)[0]
    assert "Tickets" in answered("requests", "list", rich)
    assert "open" in answered("requests", "remind", friend, ask)
    assert f"transfer:{ask}" in answered("requests", "pay", rich, ask)
    bill = answered("requests", "split", friend, "100", f"{phone}=20", f"{others}=30", "--reason", "Dinner")
    split = re.findall("split_[0-9a-z]{26}", bill)[0]
    told = json.loads(answered("requests", "bill", friend, split, "--json"))
    assert told["own"]["minor"] == 5_000 and [each["amount"]["minor"] for each in told["people"]] == [2_000, 3_000]
    mine, hers = (each["id"] for each in told["people"])
    assert "declined" in answered("requests", "decline", rich, mine, "--word", "in cash")
    assert "withdrawn" in answered("requests", "withdraw", friend, hers)
    assert "block_" in answered("requests", "block", rich, mine)
    (guide,) = (each.text for each in blocks(GUIDE))
    said = guide.replace("PERSON", other).replace("PHONE", phone).replace("OTHER", friends)
    split_by = answered(*said.split()[1:])
    assert split_by.count("CNY 33.33") == 2 and "CNY 33.34" in split_by
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "已支付" in answered("requests", "list", rich) and "付款情况" in answered("requests", "bill", friend, split)
