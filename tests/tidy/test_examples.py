"""The examples of the guides are what their programs take: the unit by systemd's own checker, the rest by its grammar.

No image is built here and no proxy runs: the container file's steps are run one by one in `tests/commands/test_container.py`.
"""

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


def directives(text: str) -> list[str]:
    """What an nginx file says: every line is a comment, ends with a semicolon, or opens or closes a block that is closed."""
    depth, found = 0, []
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        assert line.endswith((";", "{", "}")), line
        depth += line.count("{") - line.count("}")
        assert depth >= 0, line
        found.append(line.rstrip(";{ "))
    assert depth == 0
    return found


def test_the_proxy_speaks_tls_and_passes_on_to_where_the_bank_listens() -> None:
    said = directives((EXAMPLES / "nginx.conf").read_text(encoding="utf-8"))
    port = Settings.model_fields["port"].default
    assert f"proxy_pass http://127.0.0.1:{port}" in said
    assert "listen 443 ssl" in said
    assert {each.split()[1] for each in said if each.startswith("proxy_set_header")} == {
        "Host", "X-Forwarded-For", "X-Forwarded-Proto",
    }  # fmt: skip
    assert "proxy_next_upstream off" in said
    caddy = (EXAMPLES / "Caddyfile").read_text(encoding="utf-8")
    assert caddy.count("{") == caddy.count("}") == 3
    assert f"reverse_proxy 127.0.0.1:{port} {{" in caddy
    assert "health_uri /readyz" in caddy
