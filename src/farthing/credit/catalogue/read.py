"""Read the catalogue of features from the files that ship (``data/features``), strictly: what the law forbids is refused. Pure.

Every feature stands there once. A key that nobody asked for, a window of months and days, or a function that is not in the closed
table is a broken file, not a feature that is silently left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TypeVar

from farthing.credit.catalogue.law import check_lawful
from farthing.credit.catalogue.model import SOURCES, UNITS, Better, Declared, Sentence, Source, Subject, Unit, Window
from farthing.kit.errors import InvariantBroken
from farthing.kit.shipped import DATA
from farthing.kit.tables import Fault, Table, parse
from farthing.kit.words import Words

FOLDER = DATA / "features"
FILES = ("cash-flow", "receipts", "balances", "bureau", "repayment", "debtor")
"""The order in which a person reads them."""
COMPUTED = ("person_flow", "shop_flow", "balances", "bureau_file", "repaid_here", "debtor")
"""What computes features, by name: each makes all that the catalogue gives to it, from one reading of its source."""
_BETTER: tuple[Better, ...] = ("higher", "lower", "none")
_SUBJECTS: tuple[Subject, ...] = ("person", "shop", "any")
_SOURCES: tuple[Source, ...] = tuple(SOURCES)
_UNITS: tuple[Unit, ...] = tuple(UNITS)
_LONGEST_MONTHS, _LONGEST_DAYS = 60, 365
T = TypeVar("T", bound=str)


@cache
def catalogue() -> Mapping[str, Declared]:
    """Every feature by its name, in the order of the files."""
    found: dict[str, Declared] = {}
    for file in FILES:
        for each in read(f"features/{file}.toml", (FOLDER / f"{file}.toml").read_text(encoding="utf-8")):
            if each.name in found:
                raise InvariantBroken(f"features/{file}.toml declares {each.name} a second time")
            found[each.name] = each
    return found


def read(file: str, text: str, pack: str = "sandbox") -> tuple[Declared, ...]:
    """The features of one file; refuses ``credit.feature_forbidden`` for one that a pack's law forbids."""
    table = parse(file, text, _broken)
    sources = tuple(_among(_SOURCES, each) for each in table.choices("sources", SOURCES))
    by, written, law = table.choice("by", COMPUTED), table.flag("written"), table.words("law")
    subject = _among(_SUBJECTS, table.choice("subject", _SUBJECTS))
    found = table.many("feature", lambda one: _feature(one.table("feature"), sources, subject, by, law, written))
    table.close()
    for each in found:
        meaning = " ".join((each.called.en, each.called.zh, each.meaning.en, each.meaning.zh))
        check_lawful(each.name, meaning, " ".join(sources), pack)
    return found


def _feature(
    table: Table, sources: tuple[Source, ...], subject: Subject, by: str, law: Words, written: bool
) -> Declared:
    window = Window(
        table.whole("window_months", 1, _LONGEST_MONTHS, 0) if table.has("window_months") else 0,
        table.whole("window_days", 1, _LONGEST_DAYS, 0) if table.has("window_days") else 0,
    )
    if window.months and window.days:
        raise table.wrong("window_days", "stands beside months", "与月数并列")
    sentence = Sentence(table.words("said"), table.words("improve")) if table.has("said") else None
    if sentence is not None and not all("{value}" in text for text in (sentence.said.en, sentence.said.zh)):
        raise table.wrong("said", "must name {value}", "须含 {value}")
    found = Declared(
        name=table.text("name"),
        called=table.words("called"),
        meaning=table.words("meaning"),
        sources=sources,
        window=window,
        unit=_among(_UNITS, table.choice("unit", UNITS)),
        better=_among(_BETTER, table.choice("better", _BETTER)),
        subject=_among(_SUBJECTS, table.choice("subject", _SUBJECTS)) if table.has("subject") else subject,
        by=by,
        law=law,
        written=written,
        sentence=sentence,
    )
    table.close()
    return found


def _among(values: Iterable[T], value: str) -> T:
    """A name that was checked, as one of its closed set."""
    return next(each for each in values if each == value)


def _broken(fault: Fault) -> Exception:
    return InvariantBroken(f"{fault.file}: {fault.name}: {fault.problem}")
