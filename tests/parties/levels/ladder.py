"""A bank whose policy lets evidence count for a month or two, so that tests see it end."""

from __future__ import annotations

from typing import Any

from farthing.bank.founding import agreed
from farthing.identity.rules import actor_of
from farthing.lending.shelf import service as shelf
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.products import service as products
from farthing.products.model import Publish
from tests.conftest import Bank

LI, WU = (actor_of(f"teller:{name}", "teller", None, f"person_{name}") for name in ("li", "wu"))
AN, BO = (actor_of(f"operator:{name}", "operator", None, f"person_{name}") for name in ("an", "bo"))


def months(bank: Bank, figure: int = 1) -> None:
    """Let every evidence from now on count for so many months."""
    source = products.shipped("sandbox")[0].source.replace("months = 60", f"months = {figure}")
    agreed(bank.kernel, shelf.publish, Publish(products.POLICY, source))


def later(bank: Bank, days: int) -> None:
    """Let the business day be another, without closing those between."""
    with bank.superuser() as connection:
        connection.execute("UPDATE bank_clock SET business_date = business_date + %s", [days])


def verified(bank: Bank, party_id: str) -> Any:
    """Ask the register."""
    return bank.run(parties.verify_identity, VerifyIdentity(party_id))


def level(bank: Bank, party_id: str) -> int:
    """The level at which somebody is known today."""
    return bank.read(lambda tx: parties.party(tx, party_id)).verification_level  # type: ignore[no-any-return]
