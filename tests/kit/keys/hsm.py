"""Tokens of SoftHSM for tests: a store of its own for each, reached by a process of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "2468-13579"


def store(folder: Path) -> Path:
    """An empty store of tokens; answers the file that names it (``SOFTHSM2_CONF``)."""
    (folder / "tokens").mkdir(parents=True)
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
    return conf


def initialise(conf: Path, label: str) -> None:
    """A new token in a store, as its security officer makes it."""
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "97531-8642"],
        env={"SOFTHSM2_CONF": str(conf), "PATH": "/usr/bin:/bin"}, check=True, capture_output=True,
    )  # fmt: skip


def pin_file(folder: Path, pin: str = PIN) -> Path:
    """A file for its owner alone that holds a PIN."""
    path = folder / "pin"
    path.write_text(f"{pin}\n")
    path.chmod(0o600)
    return path


def two_tokens(folder: Path) -> Path:
    """Tokens ``bank`` and ``spare`` for this process, named before the library is loaded; answers the folder, with their PIN."""
    if not MODULE.exists():
        pytest.skip("SoftHSM is not installed")
    conf = store(folder)
    for label in ("bank", "spare"):
        initialise(conf, label)
    os.environ["SOFTHSM2_CONF"] = str(conf)
    pin_file(folder)
    return folder
