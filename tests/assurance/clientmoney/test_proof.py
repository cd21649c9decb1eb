"""Each bank's own signed word is held against what must lie there; a pool that is equal hides nothing."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import farthing
from farthing.assurance.clientmoney.proof import CLASSES, Proof, breaks, prove
from farthing.assurance.clientmoney.requirement import Owed, Owing, Required, required
from farthing.assurance.clientmoney.resource import Came, Confirmed, Custody, counted
from farthing.kit.money import Money
from farthing.payments.iso20022.model import Line, Statement
from farthing.payments.reconciling.matching import compare

MONDAY = date(2026, 11, 30)
FRIDAY = MONDAY - timedelta(days=3)
SOUTH = Custody("south", "62220001", "CNY")


def line(minor: int, on: date = MONDAY, reference: str = "r1") -> Line:
    return Line(reference, Money(minor, "CNY"), on, on, "CRDT")


def statement(
    opening: int, *moved: int, on: date = MONDAY, number: int | None = 1, account: str = SOUTH.account, closing: int | None = None
) -> Statement:  # fmt: skip
    lines = tuple(line(minor, on, f"{on}-{index}") for index, minor in enumerate(moved))
    ends = opening + sum(moved) if closing is None else closing
    made = datetime(on.year, on.month, on.day, 23, tzinfo=UTC)
    return Statement(
        f"{account}-{on}", number, account, "farthing", made, on, Money(opening, "CNY"), Money(ends, "CNY"), lines
    )


def came(*told: Statement) -> list[Came]:
    return [Came(each, channel=True, signed=True) for each in told]


def owed(minor: int, owing: Owing = "client", bank: str = "south", account: str = "a") -> Owed:
    return Owed(bank, "CNY", account, owing, minor)


PUBLISHED = [owed(12000), owed(0, account="b"), owed(-3000, account="c"), owed(5000, "escrow"), owed(1500, "payout")]


def one(owing: list[Owed], told: list[Came], unplaced: int = 0, on: date = MONDAY) -> Proof:
    (found,) = prove(required(owing), [counted(SOUTH, told, on, ())], {("south", "CNY"): unplaced})
    return found


def test_the_published_case_to_the_fen() -> None:
    assert required(PUBLISHED) == (Required("south", "CNY", 12000, 5000, 1500, -3000),)
    found = one(PUBLISHED, came(statement(15000)), unplaced=1200)
    assert (found.required, found.difference, found.state) == (18500, -2300, "short")
    assert one(PUBLISHED, came(statement(15000))).difference == -3500
    netted = sum(each.minor for each in PUBLISHED)
    assert (netted, 15000 + 1200 - netted) == (15500, 700)


@given(st.lists(st.integers(-(10**9), 10**9), max_size=20), st.integers(0, 10**9))
def test_an_overdraft_never_lowers_what_another_is_owed(minors: list[int], overdraft: int) -> None:
    before = required([owed(0), *map(owed, minors)])[0]
    after = required([owed(0), *map(owed, minors), owed(-overdraft)])[0]
    assert after.minor == before.minor == sum(minor for minor in minors if minor > 0)
    assert after.minor + after.overdrawn == sum(minors) - overdraft


def test_one_fen_at_one_of_three_banks_is_seen_though_the_pool_is_equal() -> None:
    banks = [Custody(name, name, "CNY") for name in ("east", "south", "west")]
    needs = required([owed(10_000, bank=each.bank) for each in banks])
    holds = {"east": 10_000, "south": 9_999, "west": 10_001}
    told = [counted(each, came(statement(holds[each.bank], account=each.bank)), MONDAY, ()) for each in banks]
    found = prove(needs, told, {})
    assert sum(each.difference for each in found) == 0
    assert [(each.bank, each.state, each.difference) for each in found] == [
        ("east", "covered", 0), ("south", "short", -1), ("west", "excess", 1),
    ]  # fmt: skip


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(1, 10**12), min_size=1), st.data())
def test_money_moved_between_banks_is_told_at_both(needs: dict[str, int], data: st.DataObject) -> None:
    moved = {name: data.draw(st.integers(-5, 5)) for name in needs}
    told = [Confirmed(Custody(name, name, "CNY"), minor + moved[name], MONDAY, None) for name, minor in needs.items()]
    found = prove(required([owed(minor, bank=name) for name, minor in needs.items()]), told, {})
    assert {each.bank: each.difference for each in found} == moved
    assert {each.bank for each in found if each.state == "covered"} == {name for name in moved if not moved[name]}


@pytest.mark.parametrize(
    ("told", "doubt"),
    [
        ([], "absent"),
        ([Came(statement(18500), channel=False, signed=True)], "note"),
        ([Came(statement(18500), channel=True, signed=False)], "unsigned"),
        (came(statement(18500, on=FRIDAY - timedelta(days=1))), "old"),
        (came(statement(18500, account="of another")), "absent"),
        (came(statement(18500, on=MONDAY + timedelta(days=1))), "absent"),
        (came(statement(18500), statement(18499, 1)), "contradicted"),
        (came(statement(18500, on=FRIDAY), statement(18500, number=3)), "broken"),
        (came(statement(18400, on=FRIDAY), statement(18500, number=2)), "broken"),
        (came(statement(18400, 99, closing=18500)), "broken"),
    ],
)
def test_what_does_not_count_is_zero_and_never_covered(told: list[Came], doubt: str) -> None:
    for owing in ([owed(0)], PUBLISHED):
        found = one(owing, told)
        assert (found.state, found.confirmed, found.difference) == ("unconfirmed", 0, -found.required)
        assert [each.doubt for each in found.doubted] == [doubt]


def test_fridays_statement_counts_over_the_weekend_and_on_monday_and_a_holiday_lengthens_it() -> None:
    told = came(statement(18500, on=FRIDAY))
    assert [one(PUBLISHED, told, on=FRIDAY + timedelta(days=days)).state for days in range(5)] == [
        "covered", "covered", "covered", "covered", "unconfirmed",
    ]  # fmt: skip
    assert counted(SOUTH, told, MONDAY + timedelta(days=1), {MONDAY}).doubt is None


def test_the_same_statement_twice_counts_once() -> None:
    assert one(PUBLISHED, came(statement(18500), statement(18500))).state == "covered"


def test_a_bank_without_an_account_of_ours_is_short_of_all() -> None:
    (found,) = prove(required(PUBLISHED), [], {})
    assert (found.state, found.difference) == ("short", -18500)


def test_another_account_that_holds_enough_covers_no_unconfirmed_one() -> None:
    other = Custody("south", "62220002", "CNY")
    told = [counted(SOUTH, came(statement(18500)), MONDAY, ()), counted(other, [], MONDAY, ())]
    (found,) = prove(required(PUBLISHED), told, {})
    assert (found.difference, found.state, [each.custody for each in found.doubted]) == (0, "unconfirmed", [other])


def test_synapse_is_seen_on_its_first_day_at_each_bank() -> None:
    """USD 265m owed over four banks that hold 180m: pooled accounts, records kept elsewhere."""
    needs = {"amg": 50, "evolve": 115, "lineage": 60, "treasury": 40}
    holds = {"amg": 60, "evolve": 40, "lineage": 40, "treasury": 40}
    told = [
        counted(Custody(name, name, "CNY"), came(statement(minor, account=name)), MONDAY, ())
        for name, minor in holds.items()
    ]
    found = prove(required([owed(minor, bank=name) for name, minor in needs.items()]), told, {})
    assert {each.bank: each.difference for each in found if each.state == "short"} == {"evolve": -75, "lineage": -20}


def test_evolve_is_seen_on_the_day_and_a_whole_statement_on_the_next_does_not_heal_it() -> None:
    """From nothing to a large sum by no transfer."""
    jumped = came(statement(0, on=FRIDAY, number=1), statement(18500, number=2))
    assert one(PUBLISHED, jumped).state == "unconfirmed"
    tuesday = MONDAY + timedelta(days=1)
    assert one(PUBLISHED, [*jumped, *came(statement(18500, on=tuesday, number=3))], on=tuesday).state == "unconfirmed"
    by_transfer = came(statement(0, on=FRIDAY, number=1), statement(0, 18500, number=2))
    assert one(PUBLISHED, by_transfer).state == "covered"


def test_wirecard_counts_nothing_that_came_by_another_hand() -> None:
    """EUR 1.9bn confirmed by letters that the banks never wrote, beside one account that its bank did confirm."""
    billions = Came(statement(190_000_000_000), channel=False, signed=True)
    assert one([owed(190_000_000_000)], [billions]).difference == -190_000_000_000
    found = one([owed(100)], [billions, *came(statement(100))])
    assert (found.confirmed, found.state) == (100, "covered")


def test_lines_that_differ_are_told_one_by_one_with_their_class() -> None:
    ours = [line(100, reference="a"), line(200, reference="b"), line(300, MONDAY, "c")]
    theirs = [line(100, reference="a"), line(201, reference="b"), line(300, FRIDAY, "c"), line(7, reference="d")]
    book = statement(0)
    compared = compare(_with(book, ours), _with(book, theirs), (), ())
    assert sorted((name, each.minor) for name, each in breaks(compared)) == [
        ("amount", 1),
        ("missing", 7),
        ("timing", 0),
    ]
    assert set(CLASSES.values()) == {"timing", "missing", "amount", "unknown"}


def _with(book: Statement, lines: list[Line]) -> Statement:
    closing = Money(sum(each.amount.minor for each in lines), "CNY")
    return Statement(
        book.id, book.number, book.account, book.owner, book.made_at, book.on, book.opening, closing, tuple(lines)
    )


def test_the_two_sides_share_no_code_but_dates_and_money() -> None:
    ours, theirs = (
        _closure("farthing.assurance.clientmoney." + name, set()) - {"farthing.assurance.clientmoney." + name}
        for name in ("requirement", "resource")
    )
    assert theirs
    assert {each for each in ours & theirs if not each.startswith("farthing.kit")} == set()


def _closure(module: str, met: set[str]) -> set[str]:
    path = Path(farthing.__file__).parent.parent.joinpath(*module.split("."))
    file = path.with_suffix(".py")
    if module in met or not file.is_file():
        return met
    met.add(module)
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("farthing."):
            _closure(node.module, met)
    return met
