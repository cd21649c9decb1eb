"""Every operation is called something in both languages, and no two things share a name."""

from __future__ import annotations

import re

import pytest

import farthing.server  # noqa: F401 - brings in every package's operations
from farthing.db.tx import Tx
from farthing.kernel.operation import OPERATIONS, operation
from farthing.kernel.question import QUESTIONS, question
from farthing.kernel.whose import NOBODYS
from farthing.kit.errors import InvariantBroken
from farthing.kit.words import Words
from tests.kernel import shop

HAN = re.compile(r"[一-鿿]")


def test_every_operation_has_a_title_in_both_languages() -> None:
    for each in OPERATIONS.values():
        assert each.title.en.isascii() and each.title.en.strip(), each.name
        assert HAN.search(each.title.zh), each.name


def test_an_operation_and_a_question_share_no_name() -> None:
    assert not OPERATIONS.keys() & QUESTIONS.keys()

    def look(tx: Tx) -> str:
        return "nothing"

    def sell(tx: Tx, command: shop.Sell) -> str:
        return "nothing"

    with pytest.raises(InvariantBroken, match="there is an operation of that name"):
        question("shop.sell", permission="shop:sell", whose=NOBODYS)(look)
    title = Words("Look", "查看")
    with pytest.raises(InvariantBroken, match="there is a question of that name"):
        operation("savings.rates", title=title, permission="shop:sell", whose=NOBODYS)(sell)
    assert "shop.sell" not in QUESTIONS
    assert "savings.rates" not in OPERATIONS
