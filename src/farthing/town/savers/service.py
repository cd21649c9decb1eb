"""Fill a founded bank with deposits by the million: what a rehearsal of a big bank's day needs.

Every deposit is of a kind that the product's own rules opened; only its number and its owner are its own. The books
are whole afterwards: ``farthing verify`` and ``farthing verify savings`` find nothing. Never for a bank at work.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal

from farthing.kernel.run import Kernel
from farthing.kit.canonical import plain
from farthing.kit.findings import silent
from farthing.kit.ids import encode
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.chart import rail_path
from farthing.ledger.model import AccountSpec
from farthing.parties import service as parties
from farthing.parties.model import Register
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.payments.wallets import wallet_path
from farthing.products.deposit import LumpTerms, Terms
from farthing.products.rates import Term
from farthing.savings.deposits import rules
from farthing.savings.deposits.model import Account
from farthing.savings.deposits.rules import Prepared, Told
from farthing.savings.rules import open_deposit
from farthing.savings.rules.accounts import expense_path, payable_path, role
from farthing.savings.rules.books import Line
from farthing.savings.rules.model import Agreement, Event, Facts
from farthing.savings.shelf import service as catalogue
from farthing.savings.shelf.model import RETAIL
from farthing.town import people
from farthing.town.savers import store
from farthing.town.savers.store import Kind, Run

KINDS = 1_000
IN_ONE_ENTRY = 999
"""Deposits that one entry pays in: an entry has at most 1,000 postings."""
DEMAND, TERM = "savings-demand", "savings-lump-sum"

_WIDE = Context(prec=60)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many deposits, of what: balances from ``least_minor`` to ``most_minor`` (minor units), evenly by magnitude.

    ``term_percent`` of them are term deposits of the terms on offer, the rest demand savings. ``owners`` hold them
    in turn. ``opened_on`` is the business date unless given.
    """

    deposits: int
    least_minor: int = 100
    most_minor: int = 100_000_000
    term_percent: int = 0
    owners: int = 100
    opened_on: date | None = None
    seed: int = 1


def fill(kernel: Kernel, wanted: Wanted, progress: Progress = silent) -> int:
    """Open the deposits, all or none of them; answers what they hold together, in minor units."""
    cash = kernel.read(lambda tx: store.cash(tx, rail_path("sandbox")))
    owners = [_owner(kernel, number) for number in range(wanted.owners)]
    on = wanted.opened_on or kernel.clock().business_date
    made, kinds = _kinds(kernel, wanted, on)
    stamp = kernel.read(lambda tx: tx.now)
    stem = encode(kernel.ids.uuid7(stamp).int, 26)[:16]
    run = Run(stem, RETAIL, kernel.home, on, stamp, cash, IN_ONE_ENTRY)
    url = kernel.database.url
    with store.filling(url, run, kinds, owners) as connection:
        store.fill(connection, wanted.deposits, IN_ONE_ENTRY, progress)
        sums = _flows(made, wanted.deposits)
        store.done(
            connection,
            wanted.deposits,
            [(kernel.ids.uuid7(stamp), *key, line.slope, line.intercept) for key, line in sorted(sums.items())],
        )
    store.settle_down(url)
    return sum(kinds[number].minor * _how_many(wanted.deposits, number) for number in range(KINDS))


def _owner(kernel: Kernel, number: int) -> tuple[str, str]:
    """A saver with a wallet: (party, wallet's account)."""
    name = f"储户{number:05d}"
    resident = people.resident_id(name, "savers", date(1960 + number % 40, 1 + number % 12, 1), codes=range(500, 900))
    party = kernel.run(parties.register, Register(name, resident, people.phone(name, "savers")))
    kernel.run(payments.open_wallet, OpenWallet(party.id))
    return party.id, wallet_path(party.id, kernel.home, kernel.home)


def _kinds(kernel: Kernel, wanted: Wanted, on: date) -> tuple[list[Prepared], list[Kind]]:
    chance = random.Random(wanted.seed)  # noqa: S311 - a made-up town, the same from the same seed
    facts = kernel.read(catalogue.facts)
    offered = kernel.read(lambda tx: {name: catalogue.terms(tx, name) for name in (DEMAND, TERM)})
    for _, terms in offered.values():
        for path in (payable_path(terms), expense_path(terms)):
            kernel.run(ledger.open_account, ledger.OpenAccount(AccountSpec(path, terms.currency)))
    made, kinds = [], []
    for number in range(KINDS):
        version, terms = offered[TERM if number * 100 < wanted.term_percent * KINDS else DEMAND]
        least = max(wanted.least_minor, terms.minimum.minor)
        minor = round(math.exp(chance.uniform(math.log(least), math.log(max(wanted.most_minor, least)))))
        chosen = chance.choice(terms.terms) if isinstance(terms, LumpTerms) else None
        one = _opened(terms, facts, version, Money(minor, terms.currency), chosen, on)
        made.append(one)
        kinds.append(_kind(terms, one.after))
    return made, kinds


def _opened(terms: Terms, facts: Facts, version: str, amount: Money, chosen: Term | None, on: date) -> Prepared:
    event = Event(on, "deposit", amount)
    change = open_deposit(terms, facts, Agreement(term=chosen), event)
    account = Account("", 1, "", version, RETAIL, "", False, change.deposit, change.on, None)
    return rules.opened(terms, facts, account, Told("open", change, event))


def _kind(terms: Terms, account: Account) -> Kind:
    deposit = account.deposit
    return Kind(
        product=terms.product,
        version=account.version,
        path=role(terms, "principal"),
        minor=deposit.balance.minor,
        agreement=plain(deposit.agreement),
        rate=deposit.rate,
        matures_on=deposit.matures_on,
        close_on=account.close_on,
    )


def _how_many(deposits: int, number: int) -> int:
    """How many of so many deposits are of the kind of this number."""
    return deposits // KINDS + (number < deposits % KINDS)


def _flows(made: Sequence[Prepared], deposits: int) -> dict[tuple[str, str, str], Line]:
    """What all deposits add to the control totals, by product, board and line."""
    sums: dict[tuple[str, str, str], Line] = {}
    for number, one in enumerate(made):
        count = _how_many(deposits, number)
        for key, line in one.flows.items():
            place = (one.after.product, one.after.board, key)
            sums[place] = sums.get(place, Line()) + _times(line, count)
    return sums


def _times(line: Line, count: int) -> Line:
    return Line(_WIDE.multiply(line.slope, Decimal(count)), _WIDE.multiply(line.intercept, Decimal(count)))
