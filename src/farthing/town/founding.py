"""Found the bank: its clock, products and policy, institution, capital and guards. Idempotent."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from stdnum.cn import uscc

from farthing.assurance.phones import service as phones  # noqa: F401 - lists a step of a day's close
from farthing.kernel import approvals
from farthing.kernel.answers import Pending
from farthing.kernel.approvals import Decide
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit.actor import Actor
from farthing.kit.errors import Declined, NotFound
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.chart import HOME_CURRENCY, rail_path
from farthing.ledger.guards import decode
from farthing.ledger.model import AccountSpec, HandEntry, Posting
from farthing.parties import service as parties
from farthing.parties.model import Party, RegisterOrganisation
from farthing.products import service as products
from farthing.products.drafts import service as drafts  # noqa: F401 - lists a step of a day's close
from farthing.products.model import Publish
from farthing.savings.catalogue import service as catalogue
from farthing.savings.closing import service as closing  # noqa: F401 - lists the steps of a day's close
from farthing.savings.odds import service as odds  # noqa: F401 - the same
from farthing.savings.pool.close import service as fund_closing  # noqa: F401 - the same
from farthing.savings.pool.commands import FoundFund
from farthing.savings.pool.funds.service import found_fund, funds

INSTITUTION = "四分钱农村商业银行(沙盒)"

CAPITAL = Money(5_000_000_000, HOME_CURRENCY)
"""What a rural commercial bank must have paid in: 50 million yuan (Law on Commercial Banks of the PRC, art. 13)."""
CAPITAL_ACCOUNT = "equity:capital"
BABY = "savings-baby"
"""The pooled fund that a new bank founds."""
GUARDS = products.ROOT / "guards" / "bank.toml"
SECOND = Actor("founder", frozenset({"*"}))
"""The second person that a new bank's guards need; the first is the program itself."""


def credit_code(body: str) -> str:
    """A unified social credit code (GB 32100-2015) with its check character, for made-up organisations."""
    return body + uscc.calc_check_digit(body)


def found(kernel: Kernel, settings: Settings, business_date: date | None = None) -> Party:
    """Open a bank that can lend and pay; an open bank stays as it is. Answers the institution."""
    kernel.open_bank(settings.clock, settings.time_zone, business_date or settings.opens_on)
    for file in products.shipped(settings.policy):
        _publish(kernel, products.publish, file)
    institution = _appoint(kernel)
    _pay_in(kernel)
    _guard(kernel)
    found_savings(kernel, settings.policy)
    return institution


def found_savings(kernel: Kernel, policy: str) -> None:
    """Publish the savings products and rates that come with the program and found its fund; what the policy forbids
    stays unsold."""
    for file in catalogue.shipped(policy):
        with contextlib.suppress(Declined):
            _publish(kernel, catalogue.publish, file)
    if not kernel.read(catalogue.boards):
        agreed(kernel, catalogue.publish_rates, catalogue.shipped_rates())
    if not kernel.read(funds):
        source = (products.ROOT / "products" / f"{BABY}.toml").read_text(encoding="utf-8")
        agreed(kernel, found_fund, FoundFund(BABY, source, policy))


def agreed(kernel: Kernel, operation: Callable[..., Any], command: object) -> Any:
    """Run an operation that two persons must want: the program asks, the founder agrees. Answers its result as JSON
    values where two were needed."""
    pending = kernel.run(operation, command)
    if not isinstance(pending, Pending):
        return pending
    decided = kernel.run(approvals.decide, Decide(pending.approval_id, approve=True), actor=SECOND)
    return json.loads(decided.result_json)


def _pay_in(kernel: Kernel) -> None:
    """The owners' capital, once: ``assets:cash:sandbox`` 50 million, ``equity:capital`` the same."""
    if any(found.version for found in kernel.read(lambda tx: ledger.balances(tx, CAPITAL_ACCOUNT))):
        return
    cash = rail_path("sandbox")
    for path in (cash, CAPITAL_ACCOUNT):
        kernel.run(ledger.open_account, ledger.OpenAccount(AccountSpec(path, HOME_CURRENCY)))
    postings = (Posting(cash, CAPITAL), Posting(CAPITAL_ACCOUNT, -CAPITAL))
    on = kernel.clock().business_date
    agreed(kernel, ledger.post_by_hand, HandEntry("bank:capital", "capital", on, postings, "paid in by the owners"))


def _guard(kernel: Kernel) -> None:
    """Put the shipped guards in force, once; changing one later is an operation for two persons."""
    if kernel.read(ledger.guards):
        return
    agreed(kernel, ledger.set_guards, ledger.SetGuards(install=decode(GUARDS.read_text(encoding="utf-8"))))


def _publish(kernel: Kernel, operation: Callable[..., Any], file: Publish) -> None:
    """Publish a shipped file once: what the operator has put in force since then stays in force."""
    if not kernel.read(lambda tx: products.was_published(tx, file.product)):
        agreed(kernel, operation, file)


def _appoint(kernel: Kernel) -> Party:
    with contextlib.suppress(NotFound):
        return kernel.read(parties.institution)
    command = RegisterOrganisation(INSTITUTION, credit_code("91310000MA1FRT001"), "021-60000000")
    appointed: Party = kernel.run(parties.appoint_institution, command)
    return appointed
