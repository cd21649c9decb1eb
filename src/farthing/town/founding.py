"""Found the bank: open its clock, put products and policy in force, appoint the institution. Idempotent."""

from __future__ import annotations

import contextlib
from datetime import date

from stdnum.cn import uscc

from farthing.identity import service as identity
from farthing.identity.model import CreateLogin
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.parties.model import Party, RegisterOrganisation
from farthing.products import service as products
from farthing.products.model import Publish

INSTITUTION = "四分钱农村商业银行(沙盒)"


def credit_code(body: str) -> str:
    """A unified social credit code (GB 32100-2015) with its check character, for made-up organisations."""
    return body + uscc.calc_check_digit(body)


def found(kernel: Kernel, settings: Settings, business_date: date | None = None) -> Party:
    """Open a bank that can lend and pay; an open bank stays as it is. Answers the institution."""
    kernel.open_bank(settings.clock, settings.time_zone, business_date)
    for file in products.shipped(settings.policy):
        _publish(kernel, file)
    command = RegisterOrganisation(INSTITUTION, credit_code("91310000MA1FRT001"), "021-60000000")
    institution: Party = kernel.run(parties.appoint_institution, command)
    return institution


def _publish(kernel: Kernel, file: Publish) -> None:
    """Loan products and policies are published here; products of savings are pinned by ``savings``."""
    if file.product == "policy" or not file.product.startswith(("savings-", "rates-")):
        kernel.run(products.publish, file)


def demo_staff(kernel: Kernel) -> tuple[str, str]:
    """A login for the operator's page of a simulated bank; never made where the clock is real. Name and password."""
    name, password = "operator", "four farthings make a penny"
    with contextlib.suppress(Refusal):
        kernel.run(identity.create_login, CreateLogin(name, password, "operator"))
    return name, password
