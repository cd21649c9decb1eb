"""Small bills that failed once, each with its right value; the kinds they stand for are tested beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from farthing.credit.bills.identity import known, unknown_rows
from farthing.credit.bills.read import read_bill
from farthing.kit.errors import Refusal
from tests.credit.made import earned, reasons, spent, supported


def fault(shared_data: Path, name: str) -> bytes:
    (path,) = (shared_data / "faults").glob(f"{name}_*")
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "out", "work", "family"),
    [
        ("B01", "0.00", "0.00", "0.00"),
        ("B04b", "12.00", "0.00", "0.00"),
        ("B05", "20.00", "0.00", "0.00"),
        ("B06", "9.78", "0.00", "1234.50"),
        ("B07", "9.78", "0.00", "1234.50"),
        ("B08", "0.00", "0.00", "66.00"),
        ("B09", "400.00", "0.00", "0.00"),
        ("B09b", "0.00", "0.00", "800.00"),
        ("B10", "52.00", "6000.00", "0.00"),
        ("B11", "50.00", "0.00", "0.00"),
        ("B12c", "0.00", "1020.00", "0.00"),
        ("B13b", "162.50", "0.00", "0.00"),
        ("B14", "12.00", "0.00", "0.00"),
        ("B15", "0.00", "0.00", "0.00"),
        ("B19", "0.30", "0.00", "0.00"),
    ],
)
def test_the_right_value(shared_data: Path, name: str, out: str, work: str, family: str) -> None:
    content = fault(shared_data, name)
    assert (spent(content), earned(content), supported(content)) == (out, work, family)


def test_a_bill_saved_again_adds_nothing(shared_data: Path) -> None:
    first, again = (
        read_bill((shared_data / "faults" / f"B03_alipay_{name}.csv").read_bytes())
        for name in ("original", "saved_again_by_excel")
    )
    assert unknown_rows([known(item) for item in first.transactions], again.transactions) == []
    assert unknown_rows([known(item) for item in again.transactions], first.transactions) == []
    assert {item.digest for item in first.transactions} == {item.digest for item in again.transactions}


def test_a_locked_workbook_is_said_to_be_locked(shared_data: Path) -> None:
    with pytest.raises(Refusal) as caught:
        read_bill(fault(shared_data, "B16"))
    assert caught.value.code == "credit.bill_locked"


def test_what_was_mended_is_named(shared_data: Path) -> None:
    assert reasons(fault(shared_data, "B12c")) == [(18, "amount_joined")]
    assert reasons(fault(shared_data, "B14")) == [(26, "characters_broken")]
    assert reasons(fault(shared_data, "B15")) == [(26, "open"), (27, "open")]
    assert read_bill(fault(shared_data, "B11")).transactions[0].card_tail == "0000"


def test_every_public_bill_is_read_or_named(shared_data: Path) -> None:
    """The real formats: Alipay's and WeChat's are read, every other is named with what to bring instead."""
    named = 0
    for path in sorted((shared_data / "cn_bills").iterdir()):
        if path.suffix not in (".csv", ".xlsx"):
            continue
        if path.name.startswith(("alipay", "wechat")):
            assert read_bill(path.read_bytes()).transactions
            continue
        with pytest.raises(Refusal) as caught:
            read_bill(path.read_bytes())
        assert caught.value.code == "credit.bill_foreign"
        assert "支付宝" in str(caught.value.facts["recognised"]), path.name
        named += 1
    assert named > 15
