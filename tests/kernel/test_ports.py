"""The table of ports: built at first use, once, and never the same for two banks."""

from __future__ import annotations

import pytest

from farthing.kernel.gateway import SandboxGateway
from farthing.kernel.ports import Ports
from farthing.kit.errors import InvariantBroken
from tests.conftest import Bank, sandbox_ports


def test_an_adapter_is_built_when_it_is_first_used_and_once() -> None:
    built: list[str] = []

    def build() -> object:
        built.append("rail")
        return object()

    ports = Ports({"rail": {"sandbox": build}})
    assert ports.has("rail", "sandbox") and ports.names("rail") == ("sandbox",) and built == []
    assert ports.peer("rail") is ports.peer("rail", "sandbox")
    assert built == ["rail"]


def test_a_peer_that_is_not_there_is_our_mistake() -> None:
    ports = sandbox_ports()
    assert not ports.has("rail", "moon")
    for kind, name in (("rail", "moon"), ("witness", None)):
        with pytest.raises(InvariantBroken):
            ports.peer(kind, name)


def test_a_table_with_another_peer_leaves_the_first_as_it_was() -> None:
    ports = sandbox_ports()
    other = object()
    changed = ports.with_peer("rail", "sandbox", other)
    assert changed.peer("rail") is other
    assert ports.peer("rail") is not other
    assert changed.peer("proofing").name == "sandbox"


def test_a_transaction_knows_the_ports_of_its_bank(bank: Bank) -> None:
    assert bank.read(lambda tx: tx.ports.names("gateway")) == ("sandbox",)
    assert bank.read(lambda tx: tx.ports.first("bureau")) == "sandbox"


def test_the_sandbox_gateway_remembers_a_message_once() -> None:
    gateway = SandboxGateway()
    first = gateway.send("m1", "13800138000", "your code is 123456")
    assert gateway.send("m1", "13800138000", "another text") == first
    gateway.send("m2", "13900139000", "elsewhere")
    (message,) = gateway.sent_to("13800138000")
    assert message.text == "your code is 123456"
