"""The guide of open banking as it is printed: an institution from the command line, its whole program, and what it reads."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.doors import serving
from tests.parties.vouching.partners import led
from tests.sharing.institutions import days_on, key_of, visiting
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "open-banking.md"


@pytest.mark.long
def test_the_whole_program_reads(bank: Bank, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    commanded(monkeypatch, bank.url)
    register, _ = (each.text for each in blocks(GUIDE) if each.language == "sh")
    key, file = key_of(), tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [key.as_dict(private=False)]}), encoding="utf-8")
    with visiting(bank) as visit:
        answered(*shlex.split(register.replace("keys.json", str(file)))[1:])
        listed = json.loads(answered("openid", "list", "--json"))
        (client_id,) = (each["id"] for each in listed if each["notices_to"])
        named: dict[str, Any] = {
            "BANK": visit.base, "CLIENT_ID": client_id, "CLIENT_KEY": key, "FROM": days_on(-30), "UNTIL": days_on(30)
        }  # fmt: skip
        ask, take = (each.text for each in blocks(GUIDE) if each.language == "python")
        exec(compile(ask, str(GUIDE), "exec"), named)
        page = visit.browser.get(named["address"])
        named["came_back"] = dict(parse_qsl(urlsplit(led(visit.decide(page, "wallet:CNY"))).query))
        exec(compile(take, str(GUIDE), "exec"), named)
        assert [each["amount"]["minor"] for each in named["read"]] == [2_500, 10_000]
        assert named["fresh"]["expires_in"] == 300


@pytest.mark.long
def test_an_institution_is_set_up_from_the_command_line(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    commanded(monkeypatch, bank.url)
    with serving(bank):
        _, setting = (each.text for each in blocks(GUIDE) if each.language == "sh")
        key, register, listed = (shlex.split(line)[1:] for line in setting.splitlines())
        (public,) = json.loads(answered(*key, "--json"))["keys"]
        assert public["crv"] == "P-256" and "d" not in public and answered(*key, "--json") == answered(*key, "--json")
        assert json.loads(answered(*register, "--json"))["issuer"] == "https://other.example/open"
        told = answered(*listed)
        assert "https://other.example/open" in told
        (found,) = json.loads(answered(*listed, "--json"))
        assert json.loads(answered("pulls", "end", found["id"], "--json"))["ended_at"]
