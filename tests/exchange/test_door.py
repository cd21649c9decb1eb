"""A person's door over HTTP, as the guide exchange-inquiry.md says: begins by her code, signs in, takes her file, disputes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from farthing.api.exchange.app import create_exchange
from farthing.api.exchange.persons import whole
from farthing.bank.founding import agreed
from farthing.commands.exchange_persons import app, joined_one
from farthing.exchange.asking import ask
from farthing.exchange.law import service as laws
from farthing.exchange.law.service import SetLaw
from farthing.exchange.node_service import Node
from farthing.exchange.own import file
from farthing.exchange.own.file import FileStatus
from farthing.kit import base64url
from farthing.kit.actor import SYSTEM
from tests.banks import Shelf
from tests.conftest import DAY
from tests.exchange.furnished import furnished
from tests.exchange.nodes import BANK, Peer, joined, node_over
from tests.exchange.persons import Person, refuses
from tests.exchange.rows import resident


def test_a_person_reads_and_disputes_at_her_own_door(shelf: Shelf, tmp_path: Path) -> None:
    with shelf.bank(DAY) as bank:
        node: Node = node_over(bank)
        lender, her = joined(node, BANK, "First bank"), Person(node, resident(1))
        her.introduced_by(lender)
        furnished(lender, her, "line_1", {date(2026, 4, 1): 12})
        client = TestClient(create_exchange(node))

        def post(path: str, body: object, token: str = "") -> tuple[int, dict]:
            told = client.post(
                f"/exchange/v1{path}", json=body, headers={"Authorization": f"Bearer {token}"} if token else {}
            )
            return told.status_code, told.json()

        begun = post("/me/beginnings", {"code": her.code, "name": "+8613800138001", "password": "long enough for her"})
        assert (begun[0], begun[1]["outcome"], begun[1]["subject_id"]) == (201, "ok", her.subject)
        assert post("/me/report", {})[0] in (401, 403)
        told = post(
            "/me/beginnings", {"code": "none that is good", "name": "+8613800138001", "password": "long enough"}
        )
        assert told[1]["code"] == "exchange.person_code"
        status, session = post("/sessions", {"name": "+8613800138001", "password": "long enough for her"})
        assert status == 201
        token = session["token"]
        status, report = post("/me/report", {}, token)
        content = json.dumps(report, ensure_ascii=False).encode()
        assert file.check(content, node.public).status is FileStatus.VERIFIED
        line = report["report"]["tradelines"][0]
        assert (line["id"], line["months"][0]["dpd"]) == ("line_1", 12)
        view = report["report"]["view_id"]
        again = client.get(f"/exchange/v1/me/reports/{view}", headers={"Authorization": f"Bearer {token}"}).json()
        assert again["report"] == report["report"]
        asked = {"subject_id": her.subject, "tradeline_id": "line_1", "grounds": "paid_on_time", "period": "2026-04-01"}
        status, opened = post("/me/disputes", asked, token)
        assert (status, opened["due_on"], opened["outcome"]) == (201, "2026-06-30", None)
        other = {**asked, "subject_id": Person(node, resident(2)).subject}
        assert post("/me/disputes", other, token)[1]["code"] == "kernel.not_yours"
        assert post("/law", {"law": "us"}, token)[0] == 403
        wrong = [post("/sessions", {"name": "+8613800138001", "password": "a wrong one"})[1]["code"] for _ in range(5)]
        assert wrong == ["identity.wrong_login"] * 4 + ["identity.locked"]  # passwords are counted as a bank's are
    printed = tmp_path / "report.json"
    printed.write_bytes(content)
    spki = base64url.encode(node.public.spki)
    runner = CliRunner()
    good = runner.invoke(app, ["check", str(printed), "--key", spki])
    assert good.exit_code == 0 and "12" in good.stdout
    printed.write_bytes(content.replace(b'"dpd": 12', b'"dpd": 0'))
    assert runner.invoke(app, ["check", str(printed), "--key", spki]).exit_code == 1


def test_what_only_a_person_a_member_or_a_node_may_is_refused_by_name(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with refuses("exchange.not_a_person"):
        whole(SYSTEM)
    monkeypatch.delenv("FARTHING_EXCHANGE_URL", raising=False)
    with refuses("exchange.not_joined"):
        joined_one()
    with shelf.bank(DAY) as bank:
        node = node_over(bank)
        lender = joined(node, BANK, "First bank")
        with refuses("exchange.law_unknown"):
            agreed(node.kernel, laws.set_law, SetLaw("atlantis"))
        agreed(node.kernel, laws.set_law, SetLaw("us"))
        assert node.kernel.ask(laws.shown).dispute_days == 30
        peer = Peer(lender, cut={1: "before"})
        with refuses("exchange.node_silent"):
            ask(peer, "n", "notices", {})
        with refuses("exchange.node_refused"):
            ask(peer, "g", "gossip", {})
        assert ask(peer, "n", "notices", {}) == {"notices": []}


def test_nothing_of_a_node_is_reached_without_a_login(shelf: Shelf) -> None:
    with shelf.bank(DAY) as bank:
        client = TestClient(create_exchange(node_over(bank)))
        for path in (
            "/persons/subject_1/consents",
            "/persons/subject_1/disputes",
            "/persons/subject_1/inquiries",
            "/law",
        ):
            assert client.get(f"/exchange/v1{path}").status_code in (401, 403), path
