"""Found funds, and answer what a fund is and publishes. Never changes a live fund's terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from farthing.db.tx import Tx
from farthing.kernel.calendar import holidays
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF
from farthing.kit import inputs
from farthing.kit.actor import PUBLIC
from farthing.kit.errors import InvariantBroken
from farthing.kit.inputs import Id
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.products import files
from farthing.products import service as products
from farthing.products.fund import FundTerms
from farthing.products.library import UNKNOWN_POLICY
from farthing.products.model import Publish
from farthing.savings.fund import founding as rules
from farthing.savings.fund import refusals, store
from farthing.savings.fund.commands import FoundFund, FundView, Published
from farthing.savings.fund.entries import Paths, fund_accounts, paths
from farthing.savings.fund.income import first_day
from farthing.savings.fund.model import Day, Fund
from farthing.savings.fund.trading import TradingCalendar
from farthing.savings.shelf import service as catalogue

ONE_DAY = timedelta(days=1)
MONTH = timedelta(days=31)

A_MONTH = timedelta(days=30)
"""What is told of published figures where nobody said more."""


@operation(
    "savings.fund_found", title=Words("Found a fund", "设立基金"),
    permission="savings:publish", four_eyes=True, whose=STAFF,
)  # fmt: skip
def found_fund(tx: Tx, command: FoundFund) -> FundView:
    """Found a fund on a product file, whose version it keeps for ever. The same again answers the same fund.

    Refuses ``savings.not_toml``, ``savings.*`` of a bad product or policy, ``products.*``,
    ``savings.fund_terms_pinned``, and ``savings.unknown_policy`` for another pack than the one in force, whose caps bind.
    """
    view = founding(tx, command)
    products.put_in_force(tx, Publish(command.product, command.source), "fund")
    if store.find_fund(tx, command.product) is None:
        terms = rules.decode_source(command.product, command.source)
        fund = rules.new_fund(terms, command, view.product_version, tx.business_date)
        ledger.open_accounts(tx, fund_accounts(paths(terms, tx.home), fund.currency))
        store.insert_fund(tx, fund)
        store.insert_day(tx, fund.id, first_day(terms, fund.founded_on))
    return view


def founding(tx: Tx, command: FoundFund) -> FundView:
    """What founding a fund would answer, saving nothing."""
    terms = rules.decode_source(command.product, command.source)
    paths(terms, tx.home)
    policy = catalogue.policy(tx)
    if command.policy != policy.name:
        raise UNKNOWN_POLICY(name=command.policy, known=policy.name)
    _, version, _ = files.decode(command.product, command.source, ("fund",))
    fund = store.find_fund(tx, command.product)
    if fund is None:
        return rules.fund_view(rules.new_fund(terms, command, version, tx.business_date), terms, policy)
    rules.check_same(fund, version)
    return fund_view(tx, fund)


def fund(tx: Tx, fund_id: str, *, lock: bool = False) -> Fund:
    """One fund; refuses ``savings.fund_unknown``. ``lock``: other changes of it wait for this transaction."""
    found = store.find_fund(tx, fund_id, lock=lock)
    if found is None:
        raise refusals.FUND_UNKNOWN(fund=fund_id)
    return found


def find(tx: Tx, fund_id: str) -> Fund | None:
    """One fund, or none."""
    return store.find_fund(tx, fund_id)


@question("savings.funds", permission=PUBLIC, whose=NOBODYS)
def funds(tx: Tx) -> list[FundView]:
    """Every fund, by name."""
    return [fund_view(tx, found) for found in store.funds(tx)]


def fund_view(tx: Tx, found: Fund) -> FundView:
    """A fund as people see it."""
    return rules.fund_view(found, terms_of(tx, found), catalogue.policy(tx))


def terms_of(tx: Tx, found: Fund) -> FundTerms:
    """The terms that a fund pinned when it was founded."""
    terms = products.terms(tx, found.id, found.product_version)
    if not isinstance(terms, FundTerms):
        raise InvariantBroken(f"{found.id} pinned {found.product_version}, which is a {terms.kind}")
    return terms


def paths_of(tx: Tx, found: Fund) -> Paths:
    """The accounts of a fund."""
    return paths(terms_of(tx, found), tx.home)


def calendar(tx: Tx) -> TradingCalendar:
    """Trading days: Mondays to Fridays that are not declared holidays."""
    return TradingCalendar(holidays(tx))


def marks(tx: Tx, found: Fund, held_on: Sequence[date]) -> list[Day]:
    """The index rows that bring holdings as of these days to the fund's index, and the day before it."""
    yesterday = found.index.on - ONE_DAY
    oldest = min([*held_on, yesterday]) if terms_of(tx, found).carry == "monthly" else yesterday
    return store.marks(tx, found.id, oldest, found.index.on)


@question("savings.fund_figures", permission=PUBLIC, whose=NOBODYS)
def figures(tx: Tx, fund_id: Id, from_on: inputs.Day | None = None, to_on: inputs.Day | None = None) -> Published:
    """What a fund published in a period; by default in the last 30 days."""
    return published(tx, fund_id, *period(tx, from_on, to_on))


def period(tx: Tx, from_on: date | None, to_on: date | None) -> tuple[date, date]:
    """A range of days, the last 30 where nobody said more; refuses ``savings.fund_bad_range``."""
    last = to_on or tx.business_date
    first = from_on or (last - A_MONTH if last.toordinal() > A_MONTH.days else date.min)
    rules.check_range(first, last)
    return first, last


def published(tx: Tx, fund_id: str, from_on: date, to_on: date) -> Published:
    """What a fund published of a range of days; refuses ``savings.fund_unknown``, ``savings.fund_bad_range``."""
    rules.check_range(from_on, to_on)
    found = fund(tx, fund_id)
    return rules.published(found, calendar(tx), store.days(tx, fund_id, from_on - MONTH, to_on + MONTH), from_on, to_on)


def day(tx: Tx, fund_id: str, on: date) -> Day:
    """The index of a fund at the end of a day, exactly; refuses ``savings.fund_unknown``, ``savings.fund_no_day``."""
    found = store.days(tx, fund(tx, fund_id).id, on, on)
    if not found:
        raise refusals.FUND_NO_DAY(fund=fund_id, on=on.isoformat())
    return found[0]
