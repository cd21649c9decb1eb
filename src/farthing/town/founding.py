"""Found the bank of the simulated city: what every bank needs, a made-up institution, and its owners' invented money."""

from __future__ import annotations

from datetime import date

from stdnum.cn import uscc

from farthing.bank import founding as bank
from farthing.bank.founding import CAPITAL_ACCOUNT, agreed
from farthing.funding.model import RegisterPartner
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.chart import rail_path
from farthing.ledger.model import AccountSpec, HandEntry, Posting
from farthing.parties import service as parties
from farthing.parties.model import Party, RegisterOrganisation

INSTITUTION = "法新沙盒农村商业银行"

CAPITAL_MINOR = 5_000_000_000
"""What a rural commercial bank must have paid in: 50 million yuan (Law on Commercial Banks of the PRC, art. 13); a
simulated bank with another home currency gets as many of that."""


def credit_code(body: str) -> str:
    """A unified social credit code (GB 32100-2015) with its check character, for made-up organisations."""
    return body + uscc.calc_check_digit(body)


def harvest(url: str) -> RegisterPartner:
    """The sandbox partner bank of stories and towns, as it is registered, where it answers."""
    return RegisterPartner(
        "harvest", "丰收沙盒银行", url, credit_code("91310000MA1HRT002"), name_en="Harvest Sandbox Bank"
    )


def found(kernel: Kernel, settings: Settings, business_date: date | None = None) -> Party:
    """Open a simulated bank that can lend and pay; an open bank stays as it is. Answers the institution."""
    bank.found(kernel, settings, business_date)
    return furnish(kernel)


def furnish(kernel: Kernel) -> Party:
    """Give a founded bank the institution and the capital of the simulated city, once. Answers the institution."""
    institution = bank.institution(kernel) or _appoint(kernel)
    _pay_in(kernel)
    return institution


def _appoint(kernel: Kernel) -> Party:
    command = RegisterOrganisation(INSTITUTION, credit_code("91310000MA1FRT001"), "021-60000000")
    appointed: Party = kernel.run(parties.appoint_institution, command)
    return appointed


def _pay_in(kernel: Kernel) -> None:
    """The owners' capital, once: ``assets:cash:sandbox`` 50 million, ``equity:capital`` the same."""
    if any(found.version for found in kernel.read(lambda tx: ledger.balances(tx, CAPITAL_ACCOUNT))):
        return
    cash = rail_path("sandbox")
    for path in (cash, CAPITAL_ACCOUNT):
        kernel.run(ledger.open_account, ledger.OpenAccount(AccountSpec(path, kernel.home)))
    capital = Money(CAPITAL_MINOR, kernel.home)
    postings = (Posting(cash, capital), Posting(CAPITAL_ACCOUNT, -capital))
    on = kernel.clock().business_date
    agreed(kernel, ledger.post_by_hand, HandEntry("bank:capital", "capital", on, postings, "paid in by the owners"))
