"""The one reader of files names what is wrong by file and key in both languages, and reads what stands as it was meant."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Unfit
from farthing.kit.money import Money
from farthing.kit.tables import Fault, Table, exact, opened, parse


class Said(Unfit):
    """How this test's files refuse."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.where}.{fault.key} {fault.problem}", fault.problem_zh)
        self.fault = fault


def read(source: str, **how: bool) -> Table:
    return parse("shop.toml", source, Said, **how)


def fault(source: str, ask: str, *arguments: object, **how: bool) -> Fault:
    """What is wrong when the key ``a`` is asked for."""
    with pytest.raises(Said) as caught:
        getattr(read(source, **how), ask)("a", *arguments)
    found = caught.value.fault
    assert (found.file, found.key) == ("shop.toml", "a") and found.problem
    assert not found.problem_zh.isascii()
    return found


@pytest.mark.parametrize(
    ("source", "ask", "arguments", "kind"),
    [
        ("", "text", (), "missing"),
        ("a = ' '", "text", (), "unfit"),
        ("a = 1", "text", (), "unfit"),
        ("a = true", "whole", (), "unfit"),
        ("a = 3", "whole", (1, 2), "unfit"),
        ("a = 1", "flag", (), "unfit"),
        ("a = 'c'", "choice", (("b",),), "unfit"),
        ("a = ['b', 'b']", "choices", (("b",),), "wrong"),
        ("a = ['c']", "choices", (("b",),), "unfit"),
        ("a = [1]", "texts", (), "unfit"),
        ("a = []", "many", (lambda one: one.whole("a"),), "unfit"),
        ("a = ['x']", "many", (lambda one: one.whole("a"),), "unfit"),
        ("a = 0.5", "decimal", (), "unfit"),
        ("a = 'NaN'", "decimal", (), "unfit"),
        ("a = '2'", "decimal", ("0", "1"), "unfit"),
        ("a = 0.5", "money", ("CNY",), "unfit"),
        ("a = '0.005'", "money", ("CNY",), "wrong"),
        ("a = '0'", "positive", ("CNY",), "wrong"),
        ("a = 1", "table", (), "unfit"),
    ],
)
def test_what_is_wrong_is_named(source: str, ask: str, arguments: tuple[object, ...], kind: str) -> None:
    assert fault(source, ask, *arguments).kind == kind


def test_a_file_that_is_no_toml_and_a_value_that_is_no_table() -> None:
    for source in ("a = ", "a = 1\na = 2", "a = " + "[" * 5000, "a = " + "9" * 5000, "a." * 30_000 + "a = 1"):
        with pytest.raises(Said) as caught:
            read(source)
        assert caught.value.fault.kind == "unreadable"
    with pytest.raises(Said):
        opened("case", ["a"], Said)


def test_an_unknown_key_is_refused_wherever_it_stands() -> None:
    table = read("a = {b = 1, c = 2}\nd = 3")
    inner = table.table("a")
    assert inner.whole("b") == 1
    for each, name, known in ((inner, "a.c", ("b",)), (table, "d", ("a",))):
        with pytest.raises(Said) as caught:
            each.close()
        assert (caught.value.fault.name, caught.value.fault.known) == (name, known)


def test_a_standing_file_is_read_as_it_was_meant_and_nothing_is_made_up() -> None:
    source = "a = ['b', 'gone']\nold = 1\n[t]\nold = 2"
    table = read(source)
    table.standing = True
    assert table.choices("a", ("b",)) == ("b",)
    assert table.older("since") and not table.older("a")
    assert table.table("t").older("since")
    table.table("t").close()
    table.close()
    with pytest.raises(Said) as caught:
        table.whole("since")
    assert caught.value.fault.kind == "missing"
    assert not read(source).older("since")


def test_numbers_of_a_file_whose_decimals_stand_in_quotes() -> None:
    assert read("a = 5").money("a", "CNY") == Money(500, "CNY")
    assert read("a = 'EUR 5'").money("a", "CNY") == Money(500, "EUR")
    assert read("a = 5").decimal("a") == 5
    for ask, arguments in (("money", ("CNY",)), ("decimal", ())):
        assert fault("a = 5", ask, *arguments, quoted=True).kind == "unfit"
    assert fault("a = 'EUR 5'", "money", "CNY", quoted=True).kind == "wrong"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_a_number_is_read_exactly(number: Decimal) -> None:
    assert exact(str(number)) == exact(number) == number
    assert exact(float(number)) is None
