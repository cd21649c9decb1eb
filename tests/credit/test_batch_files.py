"""Bureau files and repayment of many people at once are what they are of each: whatever a file leaves out, and missing alike."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from farthing.credit.batch.bureau import ASKED, FILES, LINES, MONTHS, PAID, bureau_file
from farthing.credit.batch.repaid import INSTALMENTS, LOANS, repaid_here
from farthing.credit.bureau.model import Asking, BureauReport, LineMonth, Tradeline
from farthing.credit.catalogue.bureau_file import bureau_features
from farthing.credit.catalogue.repaid_here import Paid, repaid_features
from farthing.credit.features import Feature
from farthing.credit.owing.model import Commitment
from farthing.kit.calendar import add_months
from farthing.kit.money import Money

ON = date(2026, 3, 31)
NOTHING = Money(0, "CNY")


@dataclass(frozen=True)
class File:
    """All that is asked of one person."""

    report: BureauReport
    on: date
    usual: Money | None
    paid: tuple[date, ...] | None
    loans: list[Commitment] = field(default_factory=list)
    instalments: list[Paid] | None = None


def _day(chance: random.Random, back: int) -> date:
    return ON - timedelta(days=chance.randrange(-3, back))


def _line(chance: random.Random, sure: bool) -> Tradeline:
    """A line; ``sure``: it leaves nothing out."""

    def maybe(value: object) -> object:
        return value if sure or chance.random() < 0.8 else None

    currency = "CNY" if sure or chance.random() < 0.9 else "EUR"
    limit, balance, due = (Money(chance.choice((0, 1, 5_000, 100_000)), currency) for _ in range(3))
    opened = _day(chance, 900)
    closed = maybe(_day(chance, 700)) if chance.random() < 0.3 else None
    start = add_months(opened.replace(day=1), 0)
    told = [add_months(start, number) for number in range(30) if add_months(start, number) <= ON]
    gaps = [each for each in told if sure or chance.random() < 0.97]
    months = tuple(
        LineMonth(each, chance.choice((0, 0, 0, 12, 45)), maybe(Money(chance.randrange(9_000), currency)))  # type: ignore[arg-type]
        for each in (gaps[chance.randrange(3) :] if not sure else told)
    )
    return Tradeline(
        chance.choice(("A", "B", "C")), "p", limit, balance, due, chance.choice((0, 0, 0, 7)), 0, maybe(opened), closed,  # type: ignore[arg-type]
        maybe(chance.choice(("revolving", "instalment"))), maybe(chance.choice(("borrower", "guarantor"))),  # type: ignore[arg-type]
        maybe(chance.choice(("bank", "non_bank"))), maybe(months),  # type: ignore[arg-type]
    )  # fmt: skip


def person(chance: random.Random) -> File:
    """A file at random: half of them leave nothing out, for else hardly any figure would be known."""
    sure, state = chance.random() < 0.5, chance.choice(("found", "found", "found", "no_record", "unavailable"))
    lines = tuple(_line(chance, sure) for _ in range(chance.randrange(5))) if state == "found" else ()
    asked = tuple(Asking(_day(chance, 100), "X", chance.choice("pq")) for _ in range(chance.randrange(6)))
    loans = [
        Commitment("L", "P", "D", "p", "u", NOTHING, NOTHING, NOTHING, chance.choice(("drawn", "repaid", "written_off", "taken")),
                   ON, None, maybe, chance.randrange(40))
        for maybe in (_day(chance, 600) if chance.random() < 0.8 else None for _ in range(chance.randrange(4)))
    ]  # fmt: skip
    instalments = [
        Paid(_day(chance, 300), _day(chance, 300) if chance.random() < 0.8 else None, chance.randrange(1, 900))
        for _ in range(chance.randrange(6))
    ]
    return File(
        BureauReport("b", state, lines, 0, "", asked if chance.random() < 0.8 else None),  # type: ignore[arg-type]
        ON, Money(chance.choice((0, 700_000)), "CNY") if chance.random() < 0.9 else None,
        tuple(_day(chance, 500) for _ in range(chance.randrange(4))) if chance.random() < 0.7 else None,
        loans, instalments if chance.random() < 0.8 else None,
    )  # fmt: skip


def _minor(amount: Money | None) -> int | None:
    return None if amount is None else amount.minor


def _currency(amount: Money | None) -> str | None:
    return None if amount is None else amount.currency


def frames(many: list[File]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    files, lines, months, asked, paid = [], [], [], [], []
    for number, one in enumerate(many):
        who, report, usual = f"P{number}", one.report, one.usual
        files.append((who, one.on, report.state, _minor(usual), _currency(usual), report.asked is not None,
                      one.paid is not None))  # fmt: skip
        for at, line in enumerate(report.tradelines):
            lines.append((who, at, line.lender, line.balance.currency, line.limit.minor, line.balance.minor,
                          line.instalment.minor, line.days_past_due, line.opened_on, line.closed_on, line.kind, line.role,
                          line.lender_kind, line.months is not None))  # fmt: skip
            months += [
                (who, at, each.month, each.days_past_due, _minor(each.balance), _currency(each.balance))
                for each in line.months or ()
            ]
        asked += [(who, each.on, each.product) for each in report.asked or ()]
        paid += [(who, day) for day in one.paid or ()]
    made = [
        pl.DataFrame(rows, schema=schema, orient="row")
        for rows, schema in ((files, FILES), (lines, LINES), (months, MONTHS), (asked, ASKED), (paid, PAID))
    ]
    return made[0], made[1], made[2], made[3], made[4]


def told(features: tuple[Feature, ...]) -> dict[str, float | None]:
    return {each.name: None if each.value is None else float(each.value) for each in features}


def test_files_of_many_are_as_of_each() -> None:
    chance = random.Random(42)
    many = [person(chance) for _ in range(400)]
    found = bureau_file(*frames(many)).drop("person").to_dicts()
    alone = [told(bureau_features(one.report, one.on, one.usual, one.paid)) for one in many]
    for number, pair in enumerate(zip(found, alone, strict=True)):
        assert pair[0] == pair[1], many[number]
    known = {name: sum(each[name] is not None for each in alone) for name in alone[0]}
    assert min(known.values()) > 20, known


def test_repayment_of_many_is_as_of_each() -> None:
    chance = random.Random(7)
    many = [person(chance) for _ in range(200)]
    who = [f"P{number}" for number in range(len(many))]
    people = pl.DataFrame({"person": who, "on": [one.on for one in many]})
    loans = [(name, each.state, each.ended_on, each.worst_days_late) for name, one in zip(who, many, strict=True)
             for each in one.loans]  # fmt: skip
    paid = [(name, each.due_on, each.paid_on, each.minor) for name, one in zip(who, many, strict=True)
            for each in one.instalments or ()]  # fmt: skip
    found = repaid_here(
        people, pl.DataFrame(loans, schema=LOANS, orient="row"), pl.DataFrame(paid, schema=INSTALMENTS, orient="row")
    )
    alone = [told(repaid_features(one.loans, one.on, one.instalments)) for one in many]
    assert found.drop("person").to_dicts() == alone
