"""Found a bank: its clock, and the products, rates, fund, policy and guards that come with the program. Idempotent.

What comes with the program the program publishes; whatever changes it afterwards is wanted by two persons. Who runs the
bank, and whose money it works with, is never made up here (:func:`appoint`, and an entry by hand of two persons).
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from farthing.db.server import Unavailable
from farthing.kernel import approvals
from farthing.kernel.answers import Pending
from farthing.kernel.approvals import Decide
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit.actor import Actor
from farthing.kit.errors import Declined, NotFound, conflict, malformed
from farthing.ledger import service as ledger
from farthing.ledger.chart import rail_path
from farthing.ledger.guards import decode
from farthing.ledger.model import AccountSpec
from farthing.lending.shelf import service as loan_shelf
from farthing.lending.spread import rates as spread_rates
from farthing.lending.spread import service as spread
from farthing.parties import service as parties
from farthing.parties.model import Party, RegisterOrganisation
from farthing.products import files
from farthing.products import service as products
from farthing.products.model import Publish
from farthing.products.reference import files as reference_files
from farthing.products.reference import service as references
from farthing.savings.fund.commands import FoundFund
from farthing.savings.fund.founding_service import found_fund, funds
from farthing.savings.shelf import service as catalogue

CAPITAL_ACCOUNT = "equity:capital"
RESERVES = rail_path("central-bank")
"""Where the owners of a bank with a real clock pay in: the bank's own account at the central bank."""
BABY = "savings-baby"
"""The pooled fund that a new bank founds."""
GUARDS = products.ROOT / "guards" / "bank.toml"
SECOND = Actor("founder", frozenset({"*"}))
"""The second person that a new bank's guards need; the first is the program itself."""

NOT_OPEN = conflict(
    "bank.not_open",
    "Nobody runs this bank yet: name its institution first, with "
    "`farthing bank open --name NAME --code CREDIT_CODE --phone PHONE`.",
    "尚未指定运营本银行的机构：请先运行 `farthing bank open --name 名称 --code 统一社会信用代码 --phone 电话`。",
)
SIMULATED = conflict(
    "bank.simulated",
    "The bank that stands here has a simulated clock and is run by a made-up institution, for ever; "
    "open one with a real clock elsewhere (FARTHING_HOME or FARTHING_DATABASE_URL).",
    "此处已有模拟时钟的银行，由虚构机构运营，不能改变；请另设 FARTHING_HOME 或 FARTHING_DATABASE_URL，开立真实时钟的银行。",
)

NOT_SERVED = malformed(
    "bank.currency_not_served",
    "No bank can be opened in {currency} under the policy {policy}: its limits are in {serves}, and so are the products and "
    "rates that come with the program. Choose {serves}, or another policy (FARTHING_POLICY).",
    "无法在政策 {policy} 下以 {currency} 为本位币开立银行：该政策的限额以及随程序提供的产品和利率均以 {serves} 计。"
    "请选择 {serves}，或另选政策（FARTHING_POLICY）。",
)
CURRENCY_STANDS = conflict(
    "bank.currency_stands",
    "This bank keeps its books in {stands} since it was opened, for ever; open one in {currency} elsewhere "
    "(FARTHING_HOME or FARTHING_DATABASE_URL).",
    "本银行自开立起以 {stands} 记账，不能改变；请另设 FARTHING_HOME 或 FARTHING_DATABASE_URL，以 {currency} 开立银行。",
)


def found(kernel: Kernel, settings: Settings, business_date: date | None = None) -> None:
    """Start the clock of a new bank, settle its home currency, and publish what comes with the program in it; a founded
    bank stays as it is. Refuses ``bank.currency_not_served``, ``bank.currency_stands``."""
    kernel.open_bank(
        settings.clock, settings.time_zone, _home(kernel, settings), business_date or settings.opens_on
    )  # fmt: skip
    _price(kernel)
    for file in products.shipped(settings.policy, home=kernel.home):
        with contextlib.suppress(NotFound):  # one that follows a rate of which no figure of so long ago is known
            _publish(kernel, loan_shelf.publish, file)
    _guard(kernel)
    found_savings(kernel, settings.policy)


def _home(kernel: Kernel, settings: Settings) -> str:
    """The home currency: the one that stands, or of a new bank the one that is chosen; by default its policy's."""
    chosen = settings.home_currency
    with contextlib.suppress(Unavailable):
        if chosen not in (None, kernel.home):
            raise CURRENCY_STANDS(stands=kernel.home, currency=_named(chosen))
        return kernel.home
    serves = products.shipped_policy(settings.policy).currency
    if chosen not in (None, serves) or serves not in catalogue.SHIPPED_RATES:
        raise NOT_SERVED(currency=_named(chosen or serves), policy=settings.policy, serves=serves)
    return serves


def _named(currency: str | None) -> str:
    return repr((currency or "")[:20])


def appoint(kernel: Kernel, command: RegisterOrganisation) -> Party:
    """Say who runs a bank with a real clock, and open the accounts of its capital and of its money at the central bank.

    Nothing is paid in: two persons enter that by hand once it is there. Refuses ``bank.simulated``, and as
    ``parties.appoint_institution`` does.
    """
    if kernel.clock().mode != "real":
        raise SIMULATED()
    appointed: Party = kernel.run(parties.appoint_institution, command)
    for path in (RESERVES, CAPITAL_ACCOUNT):
        kernel.run(ledger.open_account, ledger.OpenAccount(AccountSpec(path, kernel.home)))
    return appointed


def institution(kernel: Kernel) -> Party | None:
    """The organisation that runs the bank, if it was named."""
    with contextlib.suppress(NotFound):
        return kernel.read(parties.institution)
    return None


def require_open(kernel: Kernel) -> None:
    """Refuse ``bank.not_open`` before a bank is served that nobody runs."""
    if institution(kernel) is None:
        raise NOT_OPEN()


def found_savings(kernel: Kernel, policy: str) -> None:
    """Publish the savings products and rates that come with the program and found its fund; what the policy forbids
    stays unsold, and what is not in the bank's home currency is left to the bank."""
    for file in catalogue.shipped(kernel.home):
        with contextlib.suppress(Declined):
            _publish(kernel, catalogue.publish, file)
    if not kernel.read(catalogue.boards):
        agreed(kernel, catalogue.publish_rates, catalogue.shipped_rates(kernel.home))
    if not kernel.read(funds):
        source = (products.ROOT / "products" / f"{BABY}.toml").read_text(encoding="utf-8")
        if files.currency_of(BABY, source) == kernel.home:
            agreed(kernel, found_fund, FoundFund(BABY, source, policy))


def agreed(kernel: Kernel, operation: Callable[..., Any], command: object) -> Any:
    """Run an operation that two persons must want: the program asks, the founder agrees. Answers its result as JSON
    values where two were needed."""
    pending = kernel.run(operation, command)
    if not isinstance(pending, Pending):
        return pending
    decided = kernel.run(approvals.decide, Decide(pending.approval_id, approve=True), actor=SECOND)
    return json.loads(decided.result_json)


def _guard(kernel: Kernel) -> None:
    """Put the shipped guards in force, once; changing one later is an operation for two persons."""
    if kernel.read(ledger.guards):
        return
    agreed(kernel, ledger.set_guards, ledger.SetGuards(install=decode(GUARDS.read_text(encoding="utf-8"), kernel.home)))


def _price(kernel: Kernel) -> None:
    """Say what money costs inside a bank that has not said it, and what its loans may follow, where rates of its home currency
    come with the program."""
    if not kernel.read(spread.internal_rates):
        for rates in spread_rates.shipped(kernel.home):
            agreed(kernel, spread.set_internal_rates, rates)
    if not kernel.read(references.reference_rates):
        for figures in reference_files.shipped(kernel.home):
            agreed(kernel, references.set_reference_rate, figures)


def _publish(kernel: Kernel, operation: Callable[..., Any], file: Publish) -> None:
    """Publish a shipped file once: what the operator has put in force since then stays in force."""
    if not kernel.read(lambda tx: products.was_published(tx, file.product)):
        agreed(kernel, operation, file)
