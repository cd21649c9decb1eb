"""Answer what the bank becomes under a scenario, and how much of one breaks it. Reads the book once; nothing is kept."""

from __future__ import annotations

from fractions import Fraction

from farthing.assurance.prudence import book_service, service
from farthing.assurance.prudence import rules as prudence
from farthing.assurance.prudence.model import Book, Prudential
from farthing.assurance.stress import file, rules
from farthing.assurance.stress.model import Broken, Scenario, Stressed
from farthing.assurance.stress.rules import Law
from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Id, Source
from farthing.kit.words import Words
from farthing.lending.prudence import classes, history_service


@question("stress.scenarios", permission="reports:read", whose=STAFF)
def scenarios(tx: Tx) -> list[tuple[str, Words]]:
    """The scenarios that ship with the program: by which name each is run, and what it is called."""
    return [(name, _scenario(tx, name, "").name) for name in file.known()]


@question("stress.run", permission="reports:read", whose=STAFF)
def path(tx: Tx, scenario: Id, text: Source = "") -> Stressed:
    """The path of a scenario from today's book, by its name or by the text of its file.

    Refuses ``stress.scenario_unknown``, ``stress.scenario_invalid``, ``lending.law_silent``.
    """
    found, book = _scenario(tx, scenario, text), book_service.book(tx, tx.business_date, tx.home)
    return rules.stressed(book, found, law(tx), judge(tx))


@question("stress.reverse", permission="reports:read", whose=STAFF)
def reverse(tx: Tx, scenario: Id, text: Source = "") -> Broken:
    """The least part, or multiple up to ten, of a scenario at which a rule that binds turns red or ready money runs out.

    Refuses as :func:`path`."""
    found, book = _scenario(tx, scenario, text), book_service.book(tx, tx.business_date, tx.home)
    return rules.broken(book, found, law(tx), judge(tx))


def _scenario(tx: Tx, name: str, text: str) -> Scenario:
    return file.read(text or file.shipped(name), name or "scenario.toml", tx.home)


def law(tx: Tx) -> Law:
    """What a path goes by: rolls, buckets and classes of the policy in force."""
    said = history_service.law_said(tx)
    rolls = tuple(Fraction(each) for each in said.expected_loss.rolls)
    least = said.reserve
    binds = (least.of_loans, least.of_bad) if least is not None and least.binds else (0, 0)
    return Law(rolls, said.scale.first_days, lambda days: classes.by_days(said, days), *map(Fraction, binds))


def judge(tx: Tx) -> rules.Judge:
    """The rules in force today and what they take for granted, as one function of a book."""
    known, taken, pack, on = prudence.shipped()[0], service.assumptions(tx), service.pack(tx), tx.business_date
    standing = prudence.in_force(known, pack, on)

    def judged(book: Book) -> Prudential:
        return prudence.judged(standing, book, taken, pack)

    return judged
