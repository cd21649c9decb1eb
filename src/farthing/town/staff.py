"""Give members of staff their logins from the machine itself: the first ones of a bank, and those of a simulated one.

Whoever has the command line of the bank's machine has the bank; what the command line may not do is know a password:
it makes one at random, tells it once, and it works once.
"""

from __future__ import annotations

import secrets

from farthing.identity import entrance
from farthing.identity import service as identity
from farthing.identity.model import ApiKey, ChangePassword, CreateApiKey, CreateLogin, ResetPassword
from farthing.identity.rules import actor_of
from farthing.kernel.operation import decode
from farthing.kernel.run import Kernel
from farthing.town.founding import agreed

DEMO = {"operator": "operator", "teller": "teller"}
"""The logins of a simulated bank: name and role, each of a person of its own."""


def appoint(kernel: Kernel, command: CreateLogin) -> tuple[str, str]:
    """Make a login of the staff; answers the actor and the password that works once."""
    made = agreed(kernel, identity.create_login, command)
    return made["actor_id"], made["password"]


def new_password(kernel: Kernel, actor_id: str) -> str:
    """A password that works once, for a member of staff who forgot the own one."""
    made = agreed(kernel, identity.reset_password, ResetPassword(actor_id))
    return str(made["password"])


def key_of(kernel: Kernel, command: CreateApiKey) -> ApiKey:
    """An API key: of a customer at once, of a program once two persons want it."""
    made = agreed(kernel, identity.create_api_key, command)
    return made if isinstance(made, ApiKey) else decode(ApiKey, made)


def settled(kernel: Kernel, command: CreateLogin, password: str) -> str:
    """A login of the staff that has chosen its password already, for a demo or a test; answers the actor."""
    actor_id, once = appoint(kernel, command)
    actor = actor_of(actor_id, command.role, None)
    entrance.change_password(kernel, ChangePassword(once, password), actor)
    return actor_id


def demo_logins(kernel: Kernel) -> dict[str, str]:
    """Logins for the pages of a simulated bank, made where they are not there yet: name and random password.

    Never made where the clock is real. A login that is there keeps its password, which was told when it was made.
    """
    made: dict[str, str] = {}
    for name, role in DEMO.items():
        if kernel.read(lambda tx, name=name: identity.staff_login(tx, name)) is None:  # type: ignore[misc]
            made[name] = secrets.token_urlsafe(15)
            settled(kernel, CreateLogin(name, role, f"demo {name}", f"DEMO-{name.upper()}"), made[name])
    return made
