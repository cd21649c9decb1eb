"""``farthing crypto``: its guide's commands are run as they are printed, in a bank and on a token."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.kit.keys.suites import Use
from farthing.products import files
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.products.test_key_suites import SHIPPED
from tests.tidy.tree import ROOT

GUIDE = blocks(ROOT / "docs" / "guides" / "crypto.md")


def test_the_guides_pack_is_one() -> None:
    (table,) = (each.text for each in GUIDE if each.language == "toml")
    before, _, rest = SHIPPED.partition("[suites]")
    _, _, policy = files.decode("policy", before + table + "\n[marketplace]" + rest.partition("[marketplace]")[2])
    assert policy.suites.of(Use.ENVELOPES) == "sm2"


def test_the_guides_commands_are_run_as_they_are_printed(
    bank: Bank, tokens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FARTHING_DATABASE_URL", bank.url)
    monkeypatch.setenv("FARTHING_SECRET", "a secret")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pin").symlink_to(tokens / "pin")
    said = []
    for line in "".join(each.text for each in GUIDE if each.language == "sh").splitlines():
        said.append(answered(*shlex.split(line)[1:]))
    assert "documents: p256" in said[0] and "evidence log: ed25519" in said[0]
    assert "sealed anew: 0 signing keys" in said[1]
    assert said[2] == said[3] and said[2].startswith("p256 "), "made in the token, and found there"
    assert said[4] == said[5] and said[4].startswith("sm2 ")
    read = subprocess.run(
        ["openssl", "pkey", "-in", "key.pem", "-noout", "-text"], capture_output=True, text=True, check=True
    )
    assert "SM2" in read.stdout
    again = CliRunner().invoke(app, ["crypto", "make", "key.pem"])
    assert "never written over" in str(again.exception)
    found = json.loads(answered("crypto", "look", "key.pem", "--json"))
    assert found["suite"] == "sm2" and len(found["public"]) == 130
