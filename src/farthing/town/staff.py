"""Make the logins of a simulated bank: names and passwords for a demo, and for tests."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from farthing.bank.staff import appoint
from farthing.identity import entrance, links
from farthing.identity import service as identity
from farthing.identity.links import MakeLink
from farthing.identity.model import ChangePassword, CreateLogin
from farthing.identity.rules import actor_of
from farthing.kernel.run import Kernel

DEMO = {"operator": "operator", "teller": "teller", "auditor": "auditor"}
"""The logins of a simulated bank: name and role, each of a person of its own."""


@dataclass(frozen=True, slots=True)
class Door:
    """A door of a simulated bank, and the link that signs its person in, once."""

    zh: str
    en: str
    token: str


DOORS = (("teller", "柜台", "counter"), ("operator", "运营", "operator"), ("auditor", "审计", "auditor"))
"""Whose login each door of the staff takes."""


def settled(kernel: Kernel, command: CreateLogin, password: str) -> str:
    """A login of the staff that has chosen its password already, for a demo or a test; answers the actor."""
    actor_id, once = appoint(kernel, command)
    actor = actor_of(actor_id, command.role, None)
    entrance.change_password(kernel, ChangePassword(once, password), actor)
    return actor_id


def doors(kernel: Kernel) -> list[Door]:
    """A link for each door whose person has a login: a customer where one has enrolled, then the staff of the demo."""
    customer = kernel.read(links.first_customer)
    found = [] if customer is None else [(customer, "客户", "customer")]
    for name, zh, en in DOORS:
        actor_id = kernel.read(lambda tx, name=name: identity.staff_login(tx, name))  # type: ignore[misc]
        found += [] if actor_id is None else [(actor_id, zh, en)]
    return [Door(zh, en, kernel.run(links.make_link, MakeLink(actor_id)).token) for actor_id, zh, en in found]


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
