"""``farthing orders``: the guide's commands run one after the other, as they are printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from farthing.payments.iso20022 import initiation
from farthing.payments.iso20022.schema import tree_of
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.payments.orders.files import Order, payroll_of, said, written
from tests.tidy.tree import ROOT


def test_the_guides_commands_are_run_as_they_are_printed(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    payroll = payroll_of(bank)
    some = [payroll.to_bob("H"), Order("BAD", "3.001"), Order("R")]
    (tmp_path / "wages.xml").write_bytes(written(payroll.house.ann, some, on=payroll.today))
    commanded(monkeypatch, bank.url)
    monkeypatch.chdir(tmp_path)
    (block,) = blocks(ROOT / "docs/guides/orders.md")
    told, name = dict[str, str](), "FILE"
    for line in block.text.splitlines():
        words = line.replace("PERSON", payroll.house.ann).replace("FILE", name).split()[1:]
        told[words[1]] = answered(*words)
        name = re.findall("orderfile_[0-9a-z]{26}", told["bring"])[0]
        if words[1] == "agree":
            payroll.make()
    assert "not agreed to yet" in told["bring"] and "more decimals" in told["show"]
    assert "in part" in answered("orders", "show", payroll.house.ann, name) and "agreed to" in told["list"]
    root = tree_of((tmp_path / "answer.xml").read_bytes(), initiation.REPORT)[1]
    assert said(root, "GrpSts") == "PART"
    assert "wages" not in answered("orders", "report", payroll.house.ann, name)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "已付" in answered("orders", "show", payroll.house.ann, name)
    assert "付款文件" in answered("verify")
