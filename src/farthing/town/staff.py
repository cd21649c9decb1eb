"""Make the logins of a simulated bank: names and passwords for a demo, and for tests."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from farthing.bank.founding import agreed
from farthing.bank.staff import appoint
from farthing.db.tx import Tx
from farthing.funding import service as funding
from farthing.funding.lenders import service as lenders
from farthing.funding.lenders.model import BindLogin
from farthing.identity import entrance, links
from farthing.identity import service as identity
from farthing.identity.links import MakeLink
from farthing.identity.model import ChangePassword, CreateLogin
from farthing.identity.rules import actor_id_of, actor_of
from farthing.kernel.run import Kernel
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.chart import counter_path, rail_path
from farthing.ledger.model import AccountSpec, HandEntry, Posting
from farthing.payments.merchants import overview_service as merchants
from farthing.payments.tills import service as tills
from farthing.payments.tills.model import SetUpTill

DEMO = {
    "operator": "operator", "operator-2": "operator", "teller": "teller", "teller-2": "teller", "risk": "risk",
    "risk-2": "risk", "security": "security", "security-2": "security", "auditor": "auditor", "regulator": "regulator",
}  # fmt: skip
"""The logins of a simulated bank: name and role, each of a person of its own. Every piece of work has somebody who may do
it, and where two persons must want a thing there is the second."""
TILLS, CASH_MINOR = ("east-1", "east-2"), 5_000_000
"""The tills of a simulated bank, and what is in each when it is put up."""


@dataclass(frozen=True, slots=True)
class Door:
    """A door of a simulated bank, and the link that signs its person in, once."""

    zh: str
    en: str
    token: str


PARTNER = "harvest"
"""The partner lender of a simulated bank, and the login of a person of it, where there is that partner."""
SHOP = "shop"
"""The door of who keeps the first shop: her tills, her takings, and cash for her neighbours."""
DOORS = (
    ("teller", "柜台", "counter"), ("operator", "运营", "operator"), ("risk", "风险", "risk"),
    ("security", "安全", "security"), ("auditor", "审计", "auditor"), ("regulator", "监管", "regulator"),
    (PARTNER, "合作方", "partner"), ("teller-2", "柜台二", "counter-2"), ("operator-2", "运营二", "operator-2"),
    ("security-2", "安全二", "security-2"), ("risk-2", "风险二", "risk-2"),
)  # fmt: skip
"""Whose login each door of the staff takes; the second persons, who agree to what the first asked, last."""


def settled(kernel: Kernel, command: CreateLogin, password: str) -> str:
    """A login of the staff that has chosen its password already, for a demo or a test; answers the actor."""
    actor_id, once = appoint(kernel, command)
    actor = actor_of(actor_id, command.role, None)
    entrance.change_password(kernel, ChangePassword(once, password), actor)
    return actor_id


def doors(kernel: Kernel) -> list[Door]:
    """A link for each door whose person has a login: a customer where one has enrolled, who keeps the first shop, then the staff
    of the demo."""
    customer = visitor(kernel)
    found = [] if customer is None else [(customer, "客户", "customer")]
    found += [(each, "店主", SHOP) for each in kernel.read(_keeper) if each != customer]
    for name, zh, en in DOORS:
        actor_id = kernel.read(lambda tx, name=name: identity.staff_login(tx, name))  # type: ignore[misc]
        found += [] if actor_id is None else [(actor_id, zh, en)]
    return [Door(zh, en, kernel.run(links.make_link, MakeLink(actor_id)).token) for actor_id, zh, en in found]


def visitor(kernel: Kernel) -> str | None:
    """The actor whom the customers' door lets in: of those who have had a login the longest, one who keeps no shop."""
    keepers, found = kernel.read(_keeper), kernel.read(links.first_customers)
    return next((each for each in found if each not in keepers), found[0] if found else None)


def _keeper(tx: Tx) -> list[str]:
    """The actor of who keeps the first shop, where she has a login."""
    shops = merchants.all_merchants(tx, limit=1).merchants
    actors = [actor_id_of("", "customer", each.merchant.party_id) for each in shops]
    return [each for each in actors if identity.is_open(tx, each)]


def demo_logins(kernel: Kernel) -> dict[str, str]:
    """Logins for the pages of a simulated bank, made where they are not there yet: name and random password.

    Never made where the clock is real. A login that is there keeps its password, which was told when it was made.
    """
    made: dict[str, str] = {}
    for name, role in DEMO.items():
        if kernel.read(lambda tx, name=name: identity.staff_login(tx, name)) is None:  # type: ignore[misc]
            made[name] = secrets.token_urlsafe(15)
            settled(kernel, CreateLogin(name, role, f"demo {name}", f"DEMO-{name.upper()}"), made[name])
    made |= _partner_login(kernel)
    _demo_tills(kernel)
    return made


def _partner_login(kernel: Kernel) -> dict[str, str]:
    """A login of a person of the partner lender, where a simulated bank has that partner and nobody of it has one."""
    there = any(each.code == PARTNER for each in kernel.read(funding.partners))
    if not there or kernel.read(lambda tx: identity.staff_login(tx, PARTNER)) is not None:
        return {}
    password = secrets.token_urlsafe(15)
    command = CreateLogin(PARTNER, lenders.LENDER, f"demo {PARTNER}", f"DEMO-{PARTNER.upper()}")
    agreed(kernel, lenders.bind_login, BindLogin(settled(kernel, command, password), PARTNER))
    return {PARTNER: password}


def _demo_tills(kernel: Kernel) -> None:
    """Tills of a simulated bank, once, with cash that its owners brought: a drawer is opened by whoever serves."""
    if kernel.read(tills.tills):
        return
    capital, amount = rail_path("sandbox"), Money(CASH_MINOR, kernel.home)
    for name in TILLS:
        path = counter_path(name, kernel.home, kernel.home)
        kernel.run(ledger.open_account, ledger.OpenAccount(AccountSpec(path, kernel.home, floor=0)))
        brought = (Posting(path, amount), Posting(capital, -amount))
        on = kernel.clock().business_date
        agreed(kernel, ledger.post_by_hand, HandEntry(f"bank:till:{name}", "cash", on, brought, "brought to the till"))
        kernel.run(tills.set_up_till, SetUpTill(name))
