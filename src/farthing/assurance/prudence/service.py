"""Answer how the bank stands by every rule of prudence in force, on a day: sums alone, nobody is named."""

from __future__ import annotations

from functools import lru_cache

from farthing.assurance.prudence import book_service, rules
from farthing.assurance.prudence.model import Prudential, RuleFigure
from farthing.assurance.prudence.reckoning import Assumptions
from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Day, Id
from farthing.kit.tables import parse
from farthing.products import service as products


@question("prudence.figures", permission="reports:read", whose=STAFF)
def figures(tx: Tx, on: Day | None = None) -> Prudential:
    """Every rule in force on a day, today if none is given: its value and light, the red ones first, in the home currency.

    A past day is recomputed from postings and loans. Refuses ``lending.day_not_come``, ``lending.law_silent``.
    """
    found, taken = rules.shipped()[0], assumptions(tx)
    return rules.judged(found, book_service.book(tx, on or tx.business_date, tx.home), taken, pack(tx))


@question("prudence.figure", permission="reports:read", whose=STAFF)
def figure(tx: Tx, rule: Id, on: Day | None = None) -> RuleFigure:
    """One rule on a day. Refuses ``prudence.rule_unknown``, ``prudence.not_in_force``, ``lending.day_not_come``,
    ``lending.law_silent``."""
    day = on or tx.business_date
    wanted = rules.named(rules.shipped()[0], rule, day)
    book = book_service.book(tx, day, tx.home)
    return rules.figure(wanted, book, assumptions(tx), rules.digest(book))


def assumptions(tx: Tx) -> Assumptions:
    """What figures take for granted, with the weights of the policy in force."""
    law = products.policy_in_force(tx)
    weights = {} if law.capital_ratio_min is None else law.capital_ratio_min.weights
    return rules.assumptions(rules.shipped()[1], weights)


def pack(tx: Tx) -> str:
    """Which pack that ships the policy in force is an edition of, by its English name; of another jurisdiction that name
    itself."""
    called = products.policy_in_force(tx).name.en
    return _shipped().get(called, called)


@lru_cache(maxsize=1)
def _shipped() -> dict[str, str]:
    packs = sorted((products.ROOT / "policies").glob("*.toml"))
    return {_called(each.stem, each.read_text(encoding="utf-8")): each.stem for each in packs}


def _called(name: str, source: str) -> str:
    return parse(name, source, rules.unreadable).words("name").en
