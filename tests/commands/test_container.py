"""The container file, instruction by instruction: what it says, and its steps run in an empty environment.

No image is built: what builds one is on few machines. The slow proof makes a virtual environment, installs the locked
requirements and the wheel as the file says, and serves until the file's own health check is content.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from farthing.kernel.settings import Settings
from tests.tidy.tree import ROOT
from tests.waits import patience

FILE = ROOT / "docs" / "guides" / "examples" / "Containerfile"
KNOWN = {"FROM", "RUN", "COPY", "USER", "ENV", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "CMD"}


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the file with what it is given, its lines joined."""
    text = re.sub(r"\\\n\s*", "", FILE.read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines]


STEPS = instructions()
(HEALTH,) = (given for name, given in STEPS if name == "HEALTHCHECK")


def given(name: str) -> list[str]:
    return [text for each, text in STEPS if each == name]


def test_it_is_rootless_and_healthy_when_it_is_ready() -> None:
    assert {name for name, _ in STEPS} <= KNOWN
    assert STEPS[0][0] == "FROM"
    order = [name for name, _ in STEPS]
    assert order.index("USER") < order.index("CMD")
    assert "RUN" not in order[order.index("USER") :]
    (user,) = given("USER")
    assert f"useradd --create-home --uid 1000 {user}" in " ".join(given("RUN"))
    check = ast.literal_eval(HEALTH.partition("CMD ")[2])
    assert "/readyz" in check[-1]
    port = str(Settings.model_fields["port"].default)
    assert given("EXPOSE") == [port]
    assert f"127.0.0.1:{port}" in check[-1]
    for setting in shlex.split(given("ENV")[0]):
        assert setting.partition("=")[0].removeprefix("FARTHING_").lower() in Settings.model_fields
    assert given("CMD") == ['["farthing", "serve"]']
    assert (ROOT / "requirements.lock").is_file()


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_its_steps_make_a_bank_that_is_healthy() -> None:
    with tempfile.TemporaryDirectory(prefix="fth-") as name, socket.socket() as probe:
        root = Path(name)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
        subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(root), str(ROOT)], check=True)
        (root / "requirements.lock").write_bytes((ROOT / "requirements.lock").read_bytes())
        subprocess.run([sys.executable, "-m", "venv", str(root / "venv")], check=True)
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("FARTHING_")},
            "PATH": f"{root / 'venv' / 'bin'}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8",
        }  # fmt: skip
        (install,) = (text for text in given("RUN") if text.startswith("pip install"))
        subprocess.run(["bash", "-ec", install.replace("/tmp/", f"{root}/")], env=environment, check=True)
        assert not list(root.glob("*.whl"))
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
        probe.close()
        for setting in shlex.split(given("ENV")[0]):
            key, _, value = setting.partition("=")
            environment[key] = value.replace("/bank", str(root / "bank"))
        environment |= {"FARTHING_PORT": port, "FARTHING_HOST": "127.0.0.1"}
        opening = ["farthing", "bank", "open", "--name", "白水县农村信用合作联社", "--code", "91610527MA6Y00QX1W"]
        subprocess.run([*opening, "--phone", "0913-6155555"], env=environment, cwd=root, check=True)
        serving = subprocess.Popen(ast.literal_eval(given("CMD")[0]), env=environment, cwd=root)
        try:
            check = [word.replace("8484", port) for word in ast.literal_eval(HEALTH.partition("CMD ")[2])]
            until = time.monotonic() + patience(120)
            while subprocess.run(check, env=environment, capture_output=True, check=False).returncode != 0:
                assert time.monotonic() < until and serving.poll() is None
                time.sleep(1)
        finally:
            serving.send_signal(signal.SIGTERM)
            serving.wait(60)
