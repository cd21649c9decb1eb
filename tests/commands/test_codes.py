"""``farthing codes``: read and made without a bank, as the guide says."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.docs.blocks import answered, blocks
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "codes.md"


def test_the_guides_examples_are_what_it_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    found = [each.text for each in blocks(GUIDE)]
    for command, said in zip(found[::2], found[1::2], strict=True):
        assert answered(*shlex.split(command)[1:]) == said


def test_a_code_is_made_drawn_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    drawing = tmp_path / "code.svg"
    made = answered("codes", "make", "Shop", "City", "--account", "15=1", "--once", "--svg", str(drawing)).strip()
    assert "<svg" in drawing.read_text()
    assert "动态码" in answered("codes", "read", made) and "由付款人填写" in answered("codes", "read", made)
    assert '"name": "Shop"' in answered("codes", "read", made, "--json")
    payer = answered("codes", "make-payer", "00ff").strip()
    assert "00ff" in answered("codes", "read", payer)
