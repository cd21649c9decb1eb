"""A bank in a process of its own, spoken to in ISO 20022: told to be slow, late, wrong, twice or gone, and killed in between."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from farthing.kit.client import post
from farthing.payments.iso20022 import payment_messages as messages
from farthing.payments.life.model import Recall
from farthing.payments.life.names import end_to_end_id_of
from farthing.payments.life.recall_service import recall
from farthing.payments.life.suspense_service import suspense
from farthing.payments.model import Instruction, Original
from farthing.payments.rail_client import IsoRail
from farthing.town.bank_server import BankServer
from farthing.town.sandbox_bank import SandboxBank
from tests.conftest import Bank
from tests.docs.blocks import blocks
from tests.payments.life.house import ACCEPTS, CARD, DECLINES, LATE_NO, SILENT, House, cny, house_of, refused
from tests.tidy.tree import ROOT
from tests.waits import patience

LONG_MS = int(patience(5) * 1000)
SOURCE = str(Path(__file__).resolve().parents[2] / "src")


@pytest.fixture
def house(bank: Bank) -> House:
    return house_of(bank)


@pytest.fixture
def peer(house: House) -> Iterator[BankServer]:
    """The bank's rail, from now on behind HTTP; what came in before is in no book of it."""
    with BankServer(SandboxBank()) as there:
        ports = house.bank.kernel.ports
        house.bank.kernel.ports = ports.with_peer("rail", "sandbox", IsoRail("sandbox", there.url, LONG_MS))
        yield there


def moved(peer: BankServer) -> int:
    return sum(peer.bank.moved().values())


@pytest.mark.parametrize(("account", "state"), [(CARD, "settled"), (ACCEPTS, "settled"), (LATE_NO, "declined")])
def test_money_goes_out_by_messages(house: House, peer: BankServer, account: str, state: str) -> None:
    made = house.pay_out(300, account)
    assert made.state == ("settled" if account == CARD else "accepted")
    house.settle()
    assert house.payment(made.id).state == state
    assert moved(peer) == (-300 if state == "settled" else 0) == house.books()["cash"] - 100_000
    assert house.clean() and end_to_end_id_of(made.id) in peer.bank.orders


def test_money_comes_in_is_declined_with_a_code_and_is_learned_of_later(house: House, peer: BankServer) -> None:
    assert house.top_up(300).state == "settled"
    assert refused(house.top_up, 300, DECLINES) == "payments.rail_declined"
    declined = house.bank.read(reason_of_the_declined)
    assert declined == "AM04"
    late = house.top_up(300, SILENT)
    assert late.state == "unknown"
    house.settle()
    assert house.payment(late.id).state == "settled"
    assert moved(peer) == 600 == house.books()["cash"] - 100_000 and house.clean()


def reason_of_the_declined(tx) -> str:  # type: ignore[no-untyped-def]
    """The reason of the movement that was declined."""
    from_rail = tx.one("SELECT reason_code FROM rail_payment WHERE state = 'declined'")
    return str(from_rail["reason_code"])


@pytest.mark.parametrize("mood", ["loses", "mute", "wrong"])
def test_whatever_the_line_does_money_moves_once(house: House, peer: BankServer, mood: str) -> None:
    peer.control({"moods": [mood]})
    made = house.pay_out(300)
    assert made.state == "unknown" and house.books()["available"] == 99_700
    house.settle()
    assert house.payment(made.id).state == "settled" and moved(peer) == -300 and house.clean()


def test_a_bank_that_is_gone_or_slow_keeps_the_money_held(house: House, peer: BankServer) -> None:
    peer.control({"gone": True})
    gone = house.pay_out(300)
    house.settle()
    assert house.payment(gone.id).state == "unknown" and house.books()["available"] == 99_700
    peer.control({"gone": False, "delay_ms": 300})
    ports = house.bank.kernel.ports
    house.bank.kernel.ports = ports.with_peer("rail", "sandbox", IsoRail("sandbox", peer.url, within_ms=100))
    slow = house.pay_out(400)
    assert slow.state == "unknown"
    house.bank.kernel.ports = ports
    house.settle()
    assert {house.payment(each.id).state for each in (gone, slow)} == {"settled"}
    assert moved(peer) == -700 and house.clean()


def test_a_duplicate_and_another_content_are_told_apart(peer: BankServer) -> None:
    rail = IsoRail("sandbox", peer.url, LONG_MS)
    told = Instruction("rail_1", "out", cny(300), CARD, "王秀兰")
    answers = [rail.send(told), rail.send(told), rail.send(replace(told, amount=cny(301)))]
    assert [each.outcome for each in answers if each] == ["settled", "duplicate", "differs"]
    assert rail.inquire(Original("rail_2", "out", cny(1))).outcome == "missing"  # type: ignore[union-attr]


def test_it_tells_by_itself_of_returns_refusals_and_money_that_nobody_asked_for(house: House, peer: BankServer) -> None:
    made = house.pay_out(300)
    said = {"id": end_to_end_id_of(made.id)}
    peer.control({"tell": "returned", **said, "minor": 280, "fee": 20, "reason_code": "AC04"})
    peer.control({"tell": "declined", **said, "reason_code": "AC06"})
    peer.control(
        {"tell": "arrived", "minor": 5_000, "currency": "CNY", "told": "六月房租", "account": "6222021111111111"}
    )
    house.settle()
    stands = house.payment(made.id)
    assert (stands.state, stands.attention) == ("returned", "contrary")
    assert house.books()["wallet"] == 99_980 and house.books()["suspense"] == 5_000
    (item,) = house.bank.read(suspense)
    assert (item.reason, item.counterparty) == ("六月房租", "****1111")
    asked = house.pay_out(400)
    house.bank.run(recall, Recall(asked.id))
    house.settle()
    assert house.kinds(asked.id) == ["settled", "recall_asked"]
    peer.control({"recall": end_to_end_id_of(asked.id), "agreed": True})
    peer.control({"tell": "recalled", "id": end_to_end_id_of(asked.id)})
    house.settle()
    assert house.payment(asked.id).state == "recalled" and house.clean()


def test_what_is_no_message_is_refused_with_a_code(peer: BankServer) -> None:
    answer = post(f"{peer.url}/messages", b"<a/>", within=patience(5), at_most=10_000, sends="application/xml")
    told = messages.read(answer.body, messages.STATUS)
    assert isinstance(told, messages.Status)
    assert (told.code, told.reason_code, told.reason) == ("RJCT", "FF01", "iso20022.other_message")


def started(book: Path) -> tuple[subprocess.Popen[str], str]:
    """The bank in a process of its own over its book, and where it answers."""
    command = [sys.executable, "-m", "farthing.town.bank_server", "--book", str(book)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": SOURCE})
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def test_the_control_door_takes_what_the_guide_tells_it(house: House, peer: BankServer) -> None:
    made = house.pay_out(30_000)
    told = "".join(each.text for each in blocks(ROOT / "docs/guides/rails.md") if each.text.startswith("curl"))
    for line in told.replace("rail.01k...", end_to_end_id_of(made.id)).strip().splitlines():
        _, _, body, address = shlex.split(line)
        assert address.endswith("/control")
        post(f"{peer.url}/control", body.encode(), within=patience(5), at_most=10_000)
    assert list(peer.bank.moods) == ["loses", "mute", "wrong"] and peer.delay_ms == 3000
    assert list(peer.bank.account.gaps) == ["line", "day"]
    peer.control({"delay_ms": 0})
    house.settle()
    assert house.books() == {"wallet": 98_000, "available": 98_000, "cash": 103_000, "suspense": 5_000}


def test_a_book_that_is_read_again_says_what_was_done(tmp_path: Path) -> None:
    book = tmp_path / "bank.jsonl"
    with BankServer(SandboxBank(book)) as peer:
        IsoRail("sandbox", peer.url, LONG_MS).send(Instruction("rail_1", "in", cny(300), ACCEPTS, "Ann"))
        peer.control({"tell": "arrived", "minor": 7, "currency": "CNY"})
        peer.control({"recall": "rail.1", "agreed": False})
    again = SandboxBank(book)
    assert again.orders == peer.bank.orders and again.told == peer.bank.told and again.recalls == peer.bank.recalls


@pytest.mark.prove
def test_a_bank_that_is_killed_knows_afterwards_what_it_did(house: House, tmp_path: Path) -> None:
    """It carried the order out and its answer was lost with it; started again over its book, it is asked and answers."""
    ports, book = house.bank.kernel.ports, tmp_path / "bank.jsonl"
    process, url = started(book)
    try:
        house.bank.kernel.ports = ports.with_peer("rail", "sandbox", IsoRail("sandbox", url, LONG_MS))
        post(f"{url}/control", json.dumps({"moods": ["mute"]}).encode(), within=patience(5), at_most=10_000)
        made = house.pay_out(300)
        assert made.state == "unknown"
    finally:
        process.kill()
        process.wait()
    again, url = started(book)
    try:
        house.bank.kernel.ports = ports.with_peer("rail", "sandbox", IsoRail("sandbox", url, LONG_MS))
        house.settle()
        told = post(f"{url}/control", b"{}", within=patience(5), at_most=10_000)
        assert json.loads(told.body)["moved"] == {end_to_end_id_of(made.id): -300}
        assert house.payment(made.id).state == "settled" and house.clean()
    finally:
        again.kill()
        again.wait()
