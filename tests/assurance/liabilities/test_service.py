"""Each closed day's proof: the root stands in the log before anybody gets a proof; a customer's file checks alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from farthing.assurance.liabilities import rules, service
from farthing.assurance.liabilities.audit_service import verify_liabilities
from farthing.assurance.liabilities.model import ProveLiabilities, TakeProof
from farthing.evidence import service as evidence
from farthing.evidence.checker.main import check_counted, main
from farthing.kernel.day import close_day
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.payments.wallets import wallet_path
from tests.banks import Bank
from tests.hands import give
from tests.identity.people import Person
from tests.parties.people import resident_id
from tests.payments.customers import customer

BOB = Person("周强", resident_id(order_code="334"), "139 1111 2222")


def refused(work: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.code


def codes(files: list[Path], trust: Path | None = None) -> list[str]:
    return [each.code for each in check_counted(files, trust).failed]


def test_from_the_close_of_a_day_to_a_proof_that_checks_alone(bank: Bank, tmp_path: Path, capsys: Any) -> None:
    ada, bob = customer(bank, 12_000).id, customer(bank, 1, BOB).id
    on = bank.kernel.clock().business_date
    assert refused(lambda: bank.run(service.prove, ProveLiabilities(on))) == "assurance.day_not_over"
    assert refused(lambda: bank.read(lambda tx: service.counted(tx, ada))) == "assurance.liabilities_not_proven"
    close_day(bank.kernel)
    made = bank.run(service.prove, ProveLiabilities(on))
    assert (made.published, made.looked) == (False, 0)
    (told,) = made.trees
    assert (str(told.total), told.accounts, str(told.overdrawn)) == ("CNY 120.01", 2, "CNY 0.00")
    take = TakeProof(ada, wallet_path(ada, "CNY", "CNY"), on)
    assert refused(lambda: bank.run(service.take_proof, take)) == "assurance.liabilities_unpublished"
    bank.drain()
    assert bank.run(service.prove, ProveLiabilities(on)).trees == made.trees, (
        "done again by the job it is the same day's"
    )

    seen = bank.read(lambda tx: service.counted(tx, ada))
    assert [(each.account, str(each.amount), each.whole) for each in seen.accounts if each.amount] == [
        (take.account, "CNY 120.00", True)
    ]
    files = []
    for party in (ada, bob):
        proof = bank.run(service.take_proof, TakeProof(party, wallet_path(party, "CNY", "CNY"), on))
        files.append(tmp_path / f"{party}.json")
        files[-1].write_text(proof.text)
        part = json.loads(proof.text)
        assert len(json.dumps({name: part[name] for name in part if name not in ("leaf", "log_proof", "keys")})) < 2_000
    assert bank.read(service.days)[0].looked == 2
    key = tmp_path / "log.key"
    key.write_text(bank.read(evidence.log_vkey) + "\n")
    assert codes(files) == codes(files, key) == []
    assert main([*map(str, files), "--trust", str(key)]) == 0
    said = capsys.readouterr().out
    assert "NOT CHECKED" in said and "That the bank has the money" in said and "负债证明" in said

    other = wallet_path(bob, "CNY", "CNY")
    assert refused(lambda: bank.run(service.take_proof, TakeProof(ada, other, on))) == "assurance.not_counted"
    audit = bank.read(verify_liabilities)
    assert (audit.findings, audit.days, audit.accounts) == ((), 1, 2)
    _tampered(bank, files, key, tmp_path)
    _forgotten(bank, take, on)


def _tampered(bank: Bank, files: list[Path], key: Path, tmp_path: Path) -> None:
    whole = json.loads(files[0].read_text())
    leaf = json.loads(whole["leaf"])
    leaf["data"]["trees"][0]["total_minor"] += 1
    bent = tmp_path / "bent.json"
    for change, code in (
        ({"minor": 12001}, "counted.root"), ({"minor": -1}, "counted.malformed"), ({"format": "x"}, "counted.format"),
        ({"leaf": json.dumps(leaf)}, "counted.root"), ({"leaf": whole["leaf"] + " "}, "counted.not_logged"),
        ({"log_proof": whole["log_proof"].replace("index ", "index 1")}, "counted.not_logged"),
        ({"path": 7}, "counted.unreadable"), ({"keys": []}, "counted.unreadable"),
    ):  # fmt: skip
        bent.write_text(json.dumps(whole | change))
        if change != {"keys": []}:
            assert codes([bent], key) == [code], change
    bent.write_text("{")
    assert codes([bent], key) == ["counted.unreadable"]
    with bank.superuser() as connection:
        connection.execute("UPDATE liability_piece SET leaves = set_byte(leaves, 20, get_byte(leaves, 20) # 1)")
        assert [each.problem for each in bank.read(verify_liabilities).findings] == [
            "its leaves do not lead to its root"
        ]
        connection.execute("UPDATE liability_tree SET total = total + 1")
        assert len(bank.read(verify_liabilities).findings) == 2
        connection.execute("UPDATE liability_tree SET total = total - 1")


def _forgotten(bank: Bank, take: TakeProof, on: date) -> None:
    forgotten = on + timedelta(days=rules.KEPT_DAYS + 1)
    bank.run(service.prove_day, service.CloseStep(forgotten))
    assert refused(lambda: bank.run(service.take_proof, take)) == "assurance.liabilities_past"
    with bank.superuser() as connection:
        assert connection.execute("SELECT count(*) FROM liability_piece").fetchone() == (0,)
    assert bank.read(service.days)[0].trees, "the root stays"


def test_an_overdrawn_account_lowers_nobody_elses_money(bank: Bank) -> None:
    """The reference's case: wallets of 120, 0 and -30 are owed 120, not 90."""
    ada = customer(bank, 12_000).id
    bank.kernel.tidy(lambda tx: ledger.open_accounts(tx, [AccountSpec("liabilities:wallets:deep", "CNY")]))
    drawn = (
        Posting("liabilities:wallets:deep", Money(3000, "CNY")),
        Posting("assets:cash:sandbox", Money(-3000, "CNY")),
    )
    on = bank.kernel.clock().business_date
    bank.run(give, JournalEntry("drawn", "test", on, drawn))
    close_day(bank.kernel)
    bank.drain()
    (told,) = bank.read(lambda tx: service.counted(tx, ada)).day.trees
    assert (str(told.total), str(told.overdrawn), told.accounts) == ("CNY 120.00", "CNY 30.00", 1)
    assert bank.read(service.days)[0].on == on
    assert bank.run(service.prove, ProveLiabilities(on)).trees == (told,)
