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
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.products.test_key_suites import SHIPPED
from tests.signing.agreements.desk import Desk
from tests.tidy.tree import ROOT

GUIDE = blocks(ROOT / "docs" / "guides" / "crypto.md")


def run(line: str) -> str:
    """What a line of a shell prints: openssl's as it is, this program's in this process, into a file where it says so."""
    command, _, into = line.partition(" > ")
    words = shlex.split(command)
    if words[0] == "openssl":
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout
    printed = answered(*words[1:])
    if into:
        Path(into).write_text(printed)
    return printed


def test_the_guides_pack_is_one() -> None:
    (table,) = (each.text for each in GUIDE if each.language == "toml")
    before, _, rest = SHIPPED.partition("[suites]")
    _, _, policy = files.decode("policy", before + table + "\n[" + rest.partition("\n[")[2])
    assert policy.suites.of(Use.ENVELOPES) == "sm2"


def test_the_guides_commands_are_run_as_they_are_printed(
    bank: Bank, tokens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commanded(monkeypatch, bank.url)
    monkeypatch.setenv("FARTHING_SECRET", "a secret")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pin").symlink_to(tokens / "pin")
    said = []
    (tmp_path / "package.zip").write_bytes(b"any file")
    Desk(bank).draw()
    for line in "".join(each.text for each in GUIDE if each.language == "sh").splitlines():
        said.append(run(line))
    assert "documents: p256" in said[0] and "evidence log: ed25519" in said[0]
    assert "sealed anew: 4 signing keys" in said[1], "made before there was a secret"
    assert said[2] == said[3] and said[2].startswith("p256 "), "made in the token, and found there"
    assert said[4] == said[5] and said[4].startswith("sm2 ")
    assert "certificates: the chain leads to a root that you trust" in said[12] and said[13] == ""
    assert "in the bank" in said[16] and "appr_" in said[17] and "in the bank" in said[18], "the second person is asked"
    assert "Signature Verified Successfully" in said[14] and "seal.crt: OK" in said[15]
    Path("package.zip").write_bytes(b"another file")
    found = CliRunner().invoke(app, ["crypto", "check", "package.zip", "--chain", "seal.crt", "--roots", "root.crt"])
    assert found.exit_code == 1 and "does not hold" in found.output
    Path("package.zip").write_bytes(b"any file")
    found = CliRunner().invoke(app, ["crypto", "check", "package.zip", "--chain", "seal.crt", "--roots", "seal.crt"])
    assert found.exit_code == 1 and "no root that you trust" in found.output
    other = CliRunner().invoke(app, ["crypto", "seal", "package.zip", "--key", "key.pem", "--chain", "seal.crt"])
    assert "commands.certificate_of_another_key" in str(other.exception)
    neither = CliRunner().invoke(app, ["crypto", "certify", "--key", "root.pem"])
    assert neither.exit_code == 2 and "--root" in neither.output
    read = subprocess.run(
        ["openssl", "pkey", "-in", "key.pem", "-noout", "-text"], capture_output=True, text=True, check=True
    )
    assert "SM2" in read.stdout
    again = CliRunner().invoke(app, ["crypto", "make", "key.pem"])
    assert "never written over" in str(again.exception)
    found = json.loads(answered("crypto", "look", "key.pem", "--json"))
    assert found["suite"] == "sm2" and len(found["public"]) == 130
