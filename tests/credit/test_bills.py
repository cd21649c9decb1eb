"""Bills in their real export formats: the public samples, what the demo writes, and everything that is refused."""

from __future__ import annotations

import random
import re
from datetime import date
from pathlib import Path

import pytest

from farthing.credit.bills.read import check_complete, check_holder, read_bill
from farthing.credit.bills.sample import graduate_bill, shopkeeper_bill
from farthing.credit.features import flow_of, person_features
from farthing.credit.movements import classify
from farthing.kit.errors import Refusal
from farthing.kit.money import Money

UNTIL = date(2026, 11, 23)


def graduate(name: str = "林美") -> bytes:
    return graduate_bill(random.Random(7), UNTIL, name)


def refused(act: object) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("alipay__example-alipay-records.csv", 10),
        ("wechat__example-wechat-records.csv", 27),
        ("wechat__example-wechat-records.xlsx", 27),
    ],
)
def test_public_samples_are_read(shared_data: Path, name: str, rows: int) -> None:
    bill = read_bill((shared_data / "cn_bills" / name).read_bytes())
    assert len(bill.transactions) == rows
    assert len({item.digest for item in bill.transactions}) == len(bill.transactions)
    refunds = [item for item in bill.transactions if item.outcome == "refund"]
    assert all(item.direction != "in" for item in refunds)


def test_every_other_sample_is_named_as_foreign(shared_data: Path) -> None:
    tried = 0
    for path in sorted((shared_data / "cn_bills").iterdir()):
        if path.suffix in (".csv", ".xlsx") and not path.name.startswith(("alipay", "wechat")):
            assert refused(lambda content=path.read_bytes(): read_bill(content)).startswith("credit.bill_"), path.name
            tried += 1
    assert tried > 15


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_written_bill_is_read_back_whole(form: str) -> None:
    bill = read_bill(shopkeeper_bill(random.Random(7), UNTIL, "老王", file_format=form))
    check_complete(bill)
    assert bill.header.stated_rows == bill.rows_read
    assert bill.file_format == form


def test_a_cut_bill_is_refused() -> None:
    content = graduate()
    lines = content.splitlines(keepends=True)
    assert refused(lambda: check_complete(read_bill(b"".join(lines[:-40])))) == "credit.bill_truncated"
    assert refused(lambda: read_bill(b"".join(lines[:10]))).startswith("credit.bill_")
    assert refused(lambda: read_bill(b"")).startswith("credit.bill_")
    assert refused(lambda: read_bill(b"\x00" * 3000)).startswith("credit.bill_")


def test_the_holder_must_be_the_applicant() -> None:
    bill = read_bill(graduate("林美"))
    assert check_holder(bill, "林美") == "matched"
    assert refused(lambda: check_holder(bill, "李雷")) == "credit.bill_other_person"
    assert check_holder(read_bill(graduate("*美")), "林美") == "masked"


def test_an_amount_that_cannot_be_read_is_doubtful_and_many_are_no_bill() -> None:
    text = graduate().decode("gb18030")
    bill = read_bill(text.replace("1650.00", "many", 1).encode("gb18030"))
    (note,) = [note for note in bill.notes if note.verdict == "doubtful"]
    assert (note.reason, note.column) == ("amount_unreadable", "金额")
    assert bill.rows_read == read_bill(graduate()).rows_read
    assert (
        refused(lambda: read_bill(re.sub(r"(\d)\.(\d\d) ", r"\1;\2 ", text).encode("gb18030")))
        == "credit.bill_unreadable"
    )


def test_what_tells_of_illness_never_reaches_a_figure() -> None:
    """Credit Reporting Regulation art. 14: chemists and hospitals change nothing."""
    bill = read_bill(graduate())
    classified = classify(bill.transactions, holder="林美")
    assert classified.aside["protected"] == 2
    words = [item for item in bill.transactions if "药" in item.counterparty + item.description]
    sources = {movement.source for movement in classified.movements}
    assert words
    assert not sources & {item.digest for item in words}


def test_a_disputed_row_is_left_out() -> None:
    bill = read_bill(graduate())
    salary = max((item for item in bill.transactions if item.direction == "in"), key=lambda item: item.amount.minor)
    without = classify(bill.transactions, holder="林美", disputed={salary.digest})
    assert without.aside["disputed"] == 1


def test_figures_of_the_graduate() -> None:
    classified = classify(read_bill(graduate()).transactions, holder="林美")
    figures = {
        item.name: item for item in person_features(flow_of(classified.movements, date(2025, 11, 24), UNTIL, "CNY"))
    }
    assert figures["months_covered"].months == 12
    assert figures["income_months_share"].value == 1
    assert figures["income_level"].amount == Money(706_500, "CNY")
