"""A bill on a real bank: what is kept, what is told of each row, to whom, and by which door."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.credit import service as credit
from farthing.credit.bills import service as bills
from farthing.credit.bills.read import read_bill
from farthing.credit.model import ImportBill, ImportedBill
from farthing.credit.report import report_of, shortened
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from tests.conftest import Bank
from tests.credit.made import alipay, alipay_row, wechat, wechat_row
from tests.credit.test_decision import consent
from tests.parties.people import register_person

ORDERS = [f"20260710220014000000{number:08}" for number in range(1, 9)]


def brought(bank: Bank, party: str, content: bytes, password: str = "") -> ImportedBill:
    return bank.run(credit.import_bill, ImportBill(party, "bill", base64.b64encode(content).decode(), password))


def customer(bank: Bank) -> str:
    party = register_person(bank, 0).id
    consent(bank, party)
    return party


def bill(*rows: list[str]) -> bytes:
    return alipay(
        *rows, above=("起始时间：[2026-07-01 00:00:00]    终止时间：[2026-07-31 23:59:59]", f"共{len(rows)}笔记录")
    )


def mixed() -> bytes:
    return bill(
        alipay_row(order=ORDERS[0]),
        alipay_row(order=ORDERS[1], status="交易关闭"),
        alipay_row(order=ORDERS[2], status="等待买家付款"),
        alipay_row(order=ORDERS[3], status="谜之状态"),
        alipay_row(order=ORDERS[4], amount="1,020.00"),
        alipay_row(order=ORDERS[0]),
    )


def test_the_report_tells_of_every_row(bank: Bank) -> None:
    party = customer(bank)
    made = brought(bank, party, mixed())
    report = made.report
    assert (report.rows, report.taken, report.set_aside, report.doubtful) == (6, 2, 3, 1)
    assert [(row.row, row.reason) for row in report.noted] == [
        (5, "closed"), (6, "open"), (7, "status_unknown"), (8, "amount_joined"), (9, "repeated"),
    ]  # fmt: skip
    assert all(row.en and row.zh for row in report.noted)
    assert [(total.of, total.agrees) for total in report.totals] == [("rows", True)]
    assert bank.read(lambda tx: credit.bill_report(tx, made.id)) == report


def test_rows_that_are_known_are_told_and_add_nothing(bank: Bank) -> None:
    party = customer(bank)
    assert brought(bank, party, mixed()).added == 5
    again = brought(bank, party, mixed().replace(b"2026-07-10 10:00:00", b"2026/7/10 10:00"))
    assert again.added == 0
    assert {row.reason for row in again.report.noted} >= {"known"}
    assert again.report.taken == 0
    more = brought(bank, party, bill(alipay_row(order=ORDERS[0]), alipay_row(order=ORDERS[6])))
    assert (more.added, more.report.taken, more.report.set_aside) == (1, 1, 1)


def test_equal_purchases_of_two_files_are_both_kept(bank: Bank) -> None:
    party = customer(bank)
    assert brought(bank, party, bill(alipay_row(order=ORDERS[0]))).added == 1
    assert brought(bank, party, bill(alipay_row(order=ORDERS[1]))).added == 1
    assert brought(bank, party, bill(alipay_row(order=ORDERS[0]), alipay_row(order=ORDERS[1]))).added == 0


def test_a_report_is_its_customers_own(bank: Bank) -> None:
    made = brought(bank, customer(bank), mixed())
    stranger = Actor("s", frozenset({"*"}), party_id="party_other")
    for import_id, code in ((made.id, "credit.not_yours"), ("import_0", "credit.import_unknown")):
        with pytest.raises(Refusal) as caught:
            bank.read(lambda tx, import_id=import_id: credit.bill_report(tx, import_id), actor=stranger)
        assert caught.value.code in (code, "kernel.not_yours")


def test_a_file_is_read_with_no_transaction_open(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    party = customer(bank)
    real = bills.read_upload
    seen: list[int] = []

    def watching(content: bytes, password: str) -> object:
        with bank.superuser() as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
            ).fetchone()
        seen.append(row[0] if row else -1)
        return real(content, password)

    monkeypatch.setattr(bills, "read_upload", watching)
    brought(bank, party, mixed())
    assert seen == [0]


def test_neither_file_nor_password_nor_cells_reach_the_log(bank: Bank) -> None:
    party = customer(bank)
    brought(bank, party, bill(alipay_row("某某商行", "秘密货物", status="谜之状态")), "pass-word-0714")
    with bank.superuser() as connection:
        leaves = b"".join(bytes(row[0]) for row in connection.execute("SELECT body FROM evidence_leaf").fetchall())
    for text in ("某某商行", "秘密货物", "谜之状态", "pass-word-0714", "content_base64"):
        assert text.encode() not in leaves
    assert b"status_unknown" in leaves


def test_too_large_before_it_is_decoded(bank: Bank) -> None:
    party = customer(bank)
    with pytest.raises(Refusal) as caught:
        bank.run(credit.import_bill, ImportBill(party, "bill", "A" * (26 * 1024 * 1024)))
    assert caught.value.code == "request.malformed"
    assert "content_base64" in caught.value.detail


def test_a_long_report_shows_the_doubtful_rows_first() -> None:
    rows = [alipay_row(order=f"20260710220014000000{n:08}", status="交易关闭") for n in range(300)]
    rows.append(alipay_row(order=ORDERS[7], status="谜"))
    whole = report_of(read_bill(alipay(*rows)))
    short = shortened(whole)
    assert (len(whole.noted), len(short.noted), short.not_shown) == (301, 100, 201)
    assert short.noted[-1].reason == "status_unknown"
    assert (short.set_aside, short.doubtful, short.reasons) == (whole.set_aside, whole.doubtful, whole.reasons)


def test_the_command_line_tells_it_too(tmp_path: Path) -> None:
    file = tmp_path / "bill.csv"
    file.write_bytes(mixed())
    told = CliRunner().invoke(app, ["bill", str(file)])
    assert "6 rows" in told.stdout
    assert "status_unknown" in told.stdout
    report = json.loads(CliRunner().invoke(app, ["bill", "--json", str(file)]).stdout)
    assert (report["taken"], report["doubtful"]) == (2, 1)
    file.write_bytes(wechat(wechat_row(amount="$1.00")))
    for name, code in ((file, "credit.bill_other_currency"), (tmp_path / "none.csv", "commands.bill_not_there")):
        result = CliRunner().invoke(app, ["bill", str(name)])
        assert isinstance(result.exception, Refusal)
        assert result.exception.code == code
