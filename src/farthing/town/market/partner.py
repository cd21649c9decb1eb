"""Own the partner bank of a story as a process of its own, that can be gone: killed, and begun anew at the same address."""

from __future__ import annotations

import subprocess
import sys

from farthing.kit.errors import InvariantBroken


class PartnerProcess:
    """The sandbox partner lender, served by another process of this machine at ``url``, once it began."""

    def __init__(self, capacity_minor: int, least_score: int) -> None:
        self._told = (str(capacity_minor), str(least_score))
        self._port = "0"
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where it answers, when it does."""
        return f"http://127.0.0.1:{self._port}"

    def begin(self) -> None:
        """Start it, at the address that it had before if it had one; it says where it answers, when it does."""
        command = [sys.executable, "-m", "farthing.town.partner_server", self._port, *self._told]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        said = self._process.stdout.readline().strip()
        if not said.isdecimal():
            raise InvariantBroken("the partner's process does not begin")
        self._port = said

    def gone(self) -> None:
        """Kill it, as a machine that loses its power does; nobody is at its address then."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
