"""The examples of the guides are what their programs take: the unit by systemd's own checker."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from farthing.kernel.settings import Settings
from tests.tidy.tree import ROOT

EXAMPLES = ROOT / "docs" / "guides" / "examples"


def test_the_unit_is_taken_by_systemd(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here")
    unit = tmp_path / "farthing.service"
    shutil.copy(EXAMPLES / unit.name, unit)
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "farthing" in line]
    assert not ours, ours


def test_settings_named_in_the_examples_exist() -> None:
    for file in EXAMPLES.iterdir():
        for name in re.findall(r"FARTHING_([A-Z_]+)=", file.read_text(encoding="utf-8")):
            assert name.lower() in Settings.model_fields, f"{file.name}: {name}"


def test_the_container_names_what_a_release_has() -> None:
    text = (EXAMPLES / "Containerfile").read_text(encoding="utf-8")
    assert (ROOT / "requirements.lock").is_file()
    assert re.search(r"^USER farthing$", text, re.M)
    assert re.search(r'^CMD \["farthing", "serve"\]$', text, re.M)
