"""Own the closed table of proofing providers. A deployment adds its licensed
provider here, behind the same port.

Never decides: it only finds who is asked.
"""

from __future__ import annotations

from farthing.parties.model import IdentityChecker
from farthing.parties.rules import PROVIDER_UNKNOWN
from farthing.parties.sandbox_register import SandboxRegister

CHECKERS: dict[str, IdentityChecker] = {"sandbox": SandboxRegister({})}


def checker(provider: str) -> IdentityChecker:
    """The provider of that name; refuses ``parties.provider_unknown``."""
    try:
        return CHECKERS[provider]
    except KeyError:
        raise PROVIDER_UNKNOWN(provider=provider, known=", ".join(sorted(CHECKERS))) from None
