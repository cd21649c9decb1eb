"""Own the closed table of credit bureaux. A deployment adds its licensed bureau here, behind the same port."""

from __future__ import annotations

from farthing.credit.model import Bureau
from farthing.credit.sandbox_bureau import SandboxBureau

BUREAUX: dict[str, Bureau] = {"sandbox": SandboxBureau()}


def bureau(name: str = "sandbox") -> Bureau:
    """The bureau of that name."""
    return BUREAUX[name]
