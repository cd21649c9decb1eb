"""A client that ``openapi-python-client`` generates from our description registers, tops up, makes a transfer, and parses.

The generator must take the whole description: a schema or an answer that it drops is a function that answers ``None``.
It knows no PDF by itself; three routes answer one, and its own setting says what that is.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from farthing.db.server import Database
from farthing.kernel.run import Kernel
from farthing.server import application
from tests.conftest import Bank
from tests.doors import serving
from tests.identity.people import codes
from tests.parties.people import resident_id

NAME = "farthing_client"
CONFIG = {
    "package_name_override": NAME,
    "content_type_overrides": {"application/pdf": "application/octet-stream"},
    "post_hooks": [],
}
CARD = "6222021234567890123"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The generated package, imported."""
    folder = tmp_path_factory.mktemp("generated")
    schema = application(Kernel(Database("postgresql://nobody@/nothing"))).openapi()
    (folder / "openapi.json").write_text(json.dumps(schema), encoding="utf-8")
    (folder / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    words = ("generate", "--path", "openapi.json", "--config", "config.json", "--meta", "none", "--output-path", NAME)
    run = "from openapi_python_client.cli import app; app()"
    made = subprocess.run([sys.executable, "-c", run, *words], check=False, cwd=folder, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    said = made.stdout + made.stderr
    assert "WARNING" not in said and "Unable" not in said and "omitted" not in said, said
    sys.path.insert(0, str(folder))
    yield importlib.import_module(NAME)
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[name]


def call(tag: str, name: str) -> Any:
    return importlib.import_module(f"{NAME}.api.{tag}.{name}").sync


@pytest.mark.long
def test_a_module_for_every_operation_and_a_class_for_every_schema(client: Any) -> None:
    folder = Path(client.__file__).parent
    schema = json.loads((folder.parent / "openapi.json").read_text(encoding="utf-8"))
    modules = {path.stem for path in (folder / "api").glob("*/*.py")}
    assert {told["operationId"] for methods in schema["paths"].values() for told in methods.values()} <= modules
    models = importlib.import_module(f"{NAME}.models")
    assert set(schema["components"]["schemas"]) <= set(vars(models))


def test_it_registers_tops_up_and_makes_a_transfer(client: Any, bank: Bank) -> None:
    models = importlib.import_module(f"{NAME}.models")
    with serving(bank) as base:
        people = [
            enrolled(client, models, bank, base, "林美", "246", "13812345678"),
            enrolled(client, models, bank, base, "李雷", "357", "13912345678"),
        ]
        (own, session), (_, other) = people
        for (mine, opened), key in zip(people, ("w1", "w2"), strict=True):
            wallet = call("payments", "open_wallet")(
                client=mine, body=models.OpenWallet(party_id=opened.party_id), idempotency_key=key
            )
            assert wallet.balance.minor == 0
        asked = models.MoveByRail(
            party_id=session.party_id, amount=models.Money(minor=100_000, currency="CNY"), outside_account=CARD
        )
        moved = call("payments", "top_up_wallet")(client=own, body=asked, idempotency_key="t1")
        assert isinstance(moved, models.RailPayment)
        assert moved.state == "settled"
        body = models.Transfer(
            payer=session.party_id,
            payee=other.party_id,
            amount=models.Money(minor=1_050, currency="CNY"),
            memo="noodles",
        )
        done = call("payments", "make_transfer")(client=own, body=body, idempotency_key="p1")
        assert isinstance(done, models.Transferred)
        again = call("payments", "make_transfer")(client=own, body=body, idempotency_key="p1")
        assert again == done
        (left,) = call("payments", "list_wallets")(session.party_id, client=own)
        assert left.available.minor == 98_950
        body.amount.minor = 99_000
        refused = call("payments", "make_transfer")(client=own, body=body, idempotency_key="p2")
        assert isinstance(refused, models.Problem)
        assert refused.code == "ledger.insufficient_funds"


def enrolled(client: Any, models: Any, bank: Bank, base: str, name: str, order: str, phone: str) -> tuple[Any, Any]:
    """Somebody who proved a phone, through the generated client; who asks from now on, and the session."""
    nobody, number = client.Client(base_url=base), resident_id(order_code=order)
    asked = call("identity", "ask_code")(
        client=nobody, body=models.AskForCode(name=name, resident_id=number, phone=phone)
    )
    body = models.Registration(
        proof_id=asked.proof_id, code=codes(bank, phone)[-1], name=name, resident_id=number, phone=phone,
        password="four farthings make a penny",
    )  # fmt: skip
    session = call("identity", "register_person")(client=nobody, body=body)
    assert isinstance(session, models.Registered)
    return client.AuthenticatedClient(base_url=base, token=session.token), session
