"""The quick start is run as it is printed: its shell against a server, its Python by an import, its key by the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import blocks
from tests.doors import serving
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "quickstart.md"
SHELL, KEYS = (block.text for block in blocks(GUIDE) if block.language == "sh")
(PYTHON,) = (block.text for block in blocks(GUIDE) if block.language == "python")


def test_the_lines_of_curl_pay_and_the_program_pays_back(bank: Bank) -> None:
    with serving(bank) as server:
        script = f'set -eu\n{SHELL}\nprintf "%s\\n%s\\n%s\\n%s\\n" "$WANG" "$wang_id" "$LI" "$li_id"'
        environment = {**os.environ, "SERVER": server, "NO_PROXY": "127.0.0.1"}
        done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        *_, wang_token, wang, li_token, li = done.stdout.strip().splitlines()
        assert '"available":{"minor":1050,"currency":"CNY"}' in done.stdout.replace(" ", "")
        known: dict[str, Any] = {"__name__": "quickstart"}
        exec(compile(PYTHON, "quickstart.md", "exec"), known)
        mine, theirs = known["Farthing"](server, li_token), known["Farthing"](server, wang_token)
        assert known["pay"](mine, li, wang, 50, "change").startswith("xfer_")
        assert known["pay"](mine, li, wang, 1_001, "too much") == "too little"
        assert mine.get(f"/parties/{li}/wallets")[0]["available"]["minor"] == 1_000
        names = {"SERVER": server, "LI": li_token, "li_id": li, "wang_id": wang}
        told = subprocess.run(
            [sys.executable, "-c", PYTHON], env=environment | names, capture_output=True, text=True, check=True
        )
        assert told.stdout.startswith("xfer_") and "available" in told.stdout
        with pytest.raises(known["Refused"], match=r"kernel\.not_yours"):
            theirs.post("/transfers", {"payer": li, "payee": wang, "amount": {"minor": 1, "currency": "CNY"}})


def test_the_key_of_a_program_is_made_and_listed(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    commanded(monkeypatch, bank.url)
    for line in KEYS.splitlines():
        done = CliRunner().invoke(app, line.split()[1:])
        assert done.exit_code == 0, f"{line}: {done.output} {done.exception!r}"
    assert "program:nightly" in done.output
