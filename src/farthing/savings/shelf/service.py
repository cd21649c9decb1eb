"""Publish deposit products and rates, and answer the facts that every deposit rule looks at.

Terms are answered by :mod:`farthing.products.service`, which keeps what it decoded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path

from farthing.db.tx import Tx
from farthing.kernel import calendar
from farthing.kernel.day import is_closing
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF
from farthing.kit.actor import PUBLIC
from farthing.kit.canonical import plain
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.inputs import Slug, Word
from farthing.kit.tables import Table, parse, shown
from farthing.kit.words import Words
from farthing.products import files, reading
from farthing.products import policy as law
from farthing.products import service as products
from farthing.products.deposit import Terms
from farthing.products.deposit_file import decode_terms
from farthing.products.model import Publish, Published
from farthing.products.policy import SavingsPolicy, check_terms
from farthing.products.rates import RateBoard, decode_board, decode_edition, rate_board
from farthing.savings.control import service as control
from farthing.savings.rules.accounts import payable_path
from farthing.savings.rules.model import Facts
from farthing.savings.shelf import rules, store
from farthing.savings.shelf.model import (
    ACCOUNTS_PINNED,
    NO_BOARD,
    NOT_A_DEPOSIT,
    RATES_IN_FORCE,
    RETAIL,
    BoardView,
    EarlierRates,
    NotAllowed,
    Offered,
    PublishRates,
    RatesPublished,
)

BEFORE = "savings-policy"
"""The name under which a bank of the first releases published its savings policy, before the policy pack said it."""
ROLES = {"principal": "liabilities", "interest_payable": "liabilities", "interest_expense": "expenses"}
"""Accounts that a deposit product's file must name to be sold, and the root that each stands below."""
SHIPPED_RATES = {
    "CNY": ("rates-boc-2015-06-28.toml", "rates-boc-2025-05-20.toml"),
    "EUR": ("rates-euro-2025-01-01.toml",),
}
"""By home currency, the editions of the retail board of a new bank in their order; without one no bank can be opened in
it."""

_BOARD = re.compile(r"[a-z0-9-]{1,60}")


@operation(
    "savings.publish", title=Words("Publish a deposit product", "发布存款产品"),
    permission="savings:publish", four_eyes=True, whose=STAFF,
)  # fmt: skip
def publish(tx: Tx, command: Publish) -> Published:
    """Put a deposit product in force; deposits that live keep the version they pinned.

    A product that the policy in force forbids is refused ``savings.refused_by_policy``, with the article. Refuses
    ``savings.*`` for terms that cannot be read, ``savings.accounts_pinned``, ``savings.not_a_deposit`` and ``products.*``.
    """
    _readable(tx, command)
    return products.put_in_force(tx, command, "deposit")


def _readable(tx: Tx, command: Publish) -> Terms:
    """The terms of a file that may be put in force."""
    source = files.read(command.product, command.source).values
    if source.get("kind") == "fund":
        raise NOT_A_DEPOSIT(product=command.product, kind="fund")
    wanted = decode_terms(command.product, source)
    check_terms(policy(tx), wanted)
    roles = _roles(wanted)
    for name, root in ROLES.items():
        path = roles.text(name)
        if path.partition(":")[0] != root:
            raise roles.unfit(name, shown(path), f"below {root}", f"在 {root} 之下")
    _check_accounts(tx, wanted)
    return wanted


def _roles(terms: Terms) -> Table:
    return reading.savings(f"{terms.product}.roles", dict(terms.roles))


def _check_accounts(tx: Tx, wanted: Terms) -> None:
    """Refuse ``savings.accounts_pinned`` where deposits of the product were opened on other accounts.

    A product's interest is one figure, whatever the version: it cannot be owed in two currencies or two places. Nor do
    two products owe it in one place (``savings.bad_field``).
    """
    for other in offered(tx):
        if other.product != wanted.product and payable_path(other) == payable_path(wanted):
            expected, expected_zh = f"another account than {other.product}'s", f"与 {other.product} 不同的账户"
            raise _roles(wanted).unfit("interest_payable", payable_path(wanted), expected, expected_zh)
    if not control.has_accrued(tx, wanted.product):
        return
    _, living = terms(tx, wanted.product)
    kept, named = dict(living.roles), dict(wanted.roles)
    for role in ROLES:
        if (living.currency, kept[role]) != (wanted.currency, named[role]):
            raise ACCOUNTS_PINNED(product=wanted.product, currency=living.currency, role=role, path=kept[role])


def policy(tx: Tx) -> SavingsPolicy:
    """What the policy pack in force allows of savings; refuses ``policy.none_in_force`` before one is published.

    A pack that stands since before it said so leaves it to the file that the bank published then.
    """
    found = products.policy_in_force(tx).savings
    if found is not None:
        return found
    before = products.terms(tx, BEFORE)
    if not isinstance(before, SavingsPolicy):
        raise InvariantBroken(f"{BEFORE} is a {before.kind}")
    return before


def insured(tx: Tx, found: Terms) -> bool | None:
    """Whether the policy in force insures a product's deposits; None where it names no insurance in their currency."""
    return law.insured(found, policy(tx).insurance)


def insurance_text(tx: Tx, found: Terms) -> Words:
    """What deposit insurance says of a product under the policy in force, as a sentence."""
    return rules.badge_text(found, policy(tx).insurance)


@question("savings.terms", permission=PUBLIC, whose=NOBODYS)
def terms(tx: Tx, product: Word, version: Word | None = None) -> tuple[str, Terms]:
    """Version and terms of a deposit product (default: the version in force).

    Refuses ``products.unknown`` and, for a fund or another kind, ``savings.not_a_deposit``.
    """
    pinned = version or products.version_in_force(tx, product)
    found = products.terms(tx, product, pinned)
    if not isinstance(found, Terms):
        raise NOT_A_DEPOSIT(product=product, kind=found.kind)
    return pinned, found


def offered(tx: Tx) -> list[Terms]:
    """Every deposit product in force, by name."""
    return [found for _, found in offered_versions(tx)]


def offered_versions(tx: Tx) -> list[tuple[str, Terms]]:
    """As :func:`offered`, each with its version."""
    return [terms(tx, product, version) for product, version in products.in_force(tx, "deposit")]


@question("savings.on_offer", permission=PUBLIC, whose=NOBODYS)
def on_offer(tx: Tx) -> list[Offered]:
    """Every deposit product in force with what may be agreed, the rates it pays today, and its insurance badge.

    One that a later policy refuses is offered no more; deposits in it keep their terms.
    """
    known, allowed = board(tx), policy(tx)
    return [
        rules.offered(each, known, tx.business_date, allowed.insurance)
        for each in offered(tx)
        if law.refusal_of(allowed, each) is None
    ]


@question("savings.offer", permission=PUBLIC, whose=NOBODYS)
def offer_of(tx: Tx, product: Word) -> Offered:
    """One deposit product in force: what it is, what it gives today, what insures it, what it costs to leave.

    Refuses ``products.unknown`` and, for a fund or another kind, ``savings.not_a_deposit``.
    """
    return rules.offered(terms(tx, product)[1], board(tx), tx.business_date, policy(tx).insurance)


@question("savings.not_allowed", permission=PUBLIC, whose=NOBODYS)
def not_allowed(tx: Tx) -> list[NotAllowed]:
    """What the policy in force refuses of deposit products: what it is called, why, by which article and since when."""
    return rules.not_allowed(policy(tx))


@question("savings.rates", permission=PUBLIC, whose=NOBODYS)
def board_view(tx: Tx, name: Slug = RETAIL) -> BoardView:
    """A published board as people read it; refuses ``savings.no_rate_board``."""
    return rules.board_view(board(tx, name), tx.business_date)


@operation(
    "savings.publish_rates", title=Words("Publish rates", "公布利率"),
    permission="savings:rates", four_eyes=True, whose=STAFF,
)  # fmt: skip
def publish_rates(tx: Tx, command: PublishRates) -> RatesPublished:
    """Publish new rates, which two persons must want; what is in force or past never changes.

    Refuses ``savings.rates_in_force`` for a day that has come, or that the close under way reckons with already, and for
    ``earlier`` rates of a board that stands;
    ``savings.rate_board_gap`` where a hole would be left, ``savings.rate_board_overlap``, ``savings.rate_not_quoted``
    where living deposits need a rate that is left out, and ``savings.bad_rate``, ``savings.bad_term``.
    """
    _next_board(tx, command)
    newest = command.effective_on, command.until_on, _quoted(command)
    editions = [*[(each.effective_on, None, _quoted(each)) for each in command.earlier], newest]
    if store.insert_editions(tx, command.board, editions) != len(editions):
        raise RATES_IN_FORCE(
            board=command.board, effective_on=command.effective_on.isoformat(), today=tx.business_date.isoformat()
        )
    return RatesPublished(command.board, command.effective_on, command.until_on)


def _quoted(edition: PublishRates | EarlierRates) -> dict[str, object]:
    """The rates of an edition as they are kept."""
    found: dict[str, object] = plain(
        {"demand": edition.demand, "lump": edition.lump, "instalment": edition.instalment, "call": edition.call}
    )
    return found


def _next_board(tx: Tx, command: PublishRates) -> RateBoard:
    """The board with an edition more, if that may be; a new one with those before it too."""
    if not _BOARD.fullmatch(command.board):
        expected, expected_zh = "1 to 60 small letters, digits and hyphens", " 1 至 60 个小写字母、数字或连字符"
        raise reading.savings("rates", {}).unfit("board", shown(command.board), expected, expected_zh)
    known = store.editions(tx, command.board)
    today = _reckoned_until(tx, command.board, known)
    first = min([each.effective_on for each in command.earlier], default=command.effective_on)
    if known and (first <= today or command.earlier):
        raise RATES_IN_FORCE(board=command.board, effective_on=first.isoformat(), today=today.isoformat())
    added = [
        *[{**_quoted(each), "effective_on": each.effective_on, "until_on": None} for each in command.earlier],
        {**_quoted(command), "effective_on": command.effective_on, "until_on": command.until_on},
    ]
    found = board_of(command.board, [*known_editions(known), *added])
    control.check_needed(tx, found, command.effective_on)
    return found


def _reckoned_until(tx: Tx, name: str, known: list[dict[str, object]]) -> date:
    """The last day whose rates have been reckoned with: today, or tomorrow once today's close is under way.

    What is due at the start of a day is done in the night before. A close that stopped because a board ends with the
    day has reckoned with nothing yet, and goes on once the board does.
    """
    tomorrow = tx.business_date + timedelta(days=1)
    if not known or not is_closing(tx):
        return tx.business_date
    try:
        board_of(name, known_editions(known)).edition(tomorrow)
    except Refusal:
        return tx.business_date
    return tomorrow


def known_editions(found: list[dict[str, object]]) -> list[dict[str, object]]:
    """Kept editions as the tables that a board is decoded from."""
    shown = []
    for row in found:
        rates = row["rates"]
        if not isinstance(rates, dict):
            raise InvariantBroken("an edition of a rate board is no table")
        shown.append({**rates, "effective_on": row["effective_on"], "until_on": row["until_on"]})
    return shown


def board(tx: Tx, name: str = RETAIL) -> RateBoard:
    """A published board with all its editions; refuses ``savings.no_rate_board``."""
    return tx.once("rate board", name, lambda: _board(tx, name))


def _board(tx: Tx, name: str) -> RateBoard:
    found = store.editions(tx, name) if name.isprintable() else []
    if not found:
        raise NO_BOARD(board=name if name.isprintable() else repr(name[:60]))
    return _decoded(name, tuple((row["effective_on"], row["until_on"], json.dumps(row["rates"])) for row in found))


@lru_cache(maxsize=64)
def _decoded(name: str, kept: tuple[tuple[date, date | None, str], ...]) -> RateBoard:
    """A board decoded once for as long as its editions stay the same: every deposit's operation asks it."""
    rows: list[dict[str, object]] = [
        {"effective_on": start, "until_on": until, "rates": json.loads(rates)} for start, until, rates in kept
    ]
    return board_of(name, known_editions(rows))


def boards(tx: Tx) -> list[str]:
    """The names of all published boards."""
    return store.boards(tx)


def board_of(name: str, tables: list[dict[str, object]]) -> RateBoard:
    """A board decoded from its editions' tables."""
    return rate_board(name, [decode_edition(name, each) for each in tables])


def facts(tx: Tx, board_name: str = RETAIL) -> Facts:
    """What deposit rules may look at today: a board, and the holidays that were declared before today."""
    return facts_by_day(tx, board_name)(tx.business_date)


def facts_by_day(tx: Tx, board_name: str = RETAIL) -> Callable[[date], Facts]:
    """What deposit rules looked at on any day: the board, and the holidays that were declared before that day."""
    known, declared = board(tx, board_name), calendar.declarations(tx)

    @cache
    def on(day: date) -> Facts:
        return Facts(known, calendar.holidays_known(declared, before=day))

    return on


def shipped_rates(home: str, root: Path = products.ROOT) -> PublishRates:
    """The rates in a currency that come with the program, as the first editions of the retail board."""
    *before, newest = [
        rates_from((root / "products" / name).read_text(encoding="utf-8")) for name in SHIPPED_RATES[home]
    ]
    earlier = [EarlierRates(each.effective_on, each.demand, each.lump, each.instalment, each.call) for each in before]
    return replace(newest, earlier=tuple(earlier))


def rates_from(source: str, board_name: str = RETAIL, effective_on: date | None = None) -> PublishRates:
    """The last edition of a rate file (TOML) as a command, from its own day or another; refuses ``savings.*``."""
    last = decode_board(board_name, parse(f"{board_name}.toml", source, reading.as_law).values).editions[-1]
    families: dict[str, dict[str, str]] = {"lump": {}, "instalment": {}, "call": {}}
    demand = None
    for (family, term), annual in last.rates.items():
        if term is None:
            demand = str(annual)
        else:
            families[family][str(term)] = str(annual)
    return PublishRates(
        board_name, effective_on or last.effective_on, demand, families["lump"], families["instalment"], families["call"],
        until_on=last.until_on,
    )  # fmt: skip


def shipped(home: str, root: Path = products.ROOT) -> list[Publish]:
    """The deposit products in a currency that come with the program."""
    return products.shipped_of("deposit", root, home=home)
