"""What is confirmed is what was shown: a digest of the preview is compared in the transaction that does the thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from farthing.kernel import batch
from farthing.kernel.approvals import Decide, decide
from farthing.kernel.operation import Call, operation_of
from farthing.kernel.run import Pending
from farthing.kit.actor import Actor
from farthing.kit.errors import InvariantBroken, Refusal
from tests.conftest import Bank
from tests.kernel.shop import PRICES, Sell, buy, buy_dear, sell
from tests.kernel.test_run import leaves, refused

HER = Actor("her", frozenset({"shop:buy", "shop:sell", "approvals:decide"}))
HIM = replace(HER, id="him")
TEA = Sell("tea", 2)


@pytest.fixture(autouse=True)
def prices() -> Iterator[None]:
    yield
    PRICES["tea"] = 100


def seen(bank: Bank, function: Any = buy, command: Sell = TEA, actor: Actor = HER) -> str:
    looked = bank.kernel.look(function, command, actor=actor)
    assert looked.seen is not None
    return looked.seen


def test_a_preview_tells_what_must_be_seen_and_what_is_seen_is_done(bank: Bank) -> None:
    looked = bank.kernel.look(buy, TEA, actor=HER)
    assert looked.facts == {"price": 200}
    assert looked.answer.price == 200
    assert looked.seen == seen(bank), "the number of the sale differs each time and is not in it"
    assert bank.run(buy, TEA, actor=HER, seen=looked.seen).price == 200


def test_what_changed_since_is_refused_undone_and_confirmed_under_the_same_key_after_another_look(bank: Bank) -> None:
    before = seen(bank)
    PRICES["tea"] = 101
    with pytest.raises(Refusal) as caught:
        bank.run(buy, TEA, actor=HER, key="k", seen=before)
    assert (caught.value.code, caught.value.status) == ("kernel.not_as_seen", 409)
    assert caught.value.facts == {"now": {"price": 202}}
    assert leaves(bank) == 0
    done = bank.run(buy, TEA, actor=HER, key="k", seen=seen(bank))
    assert done.price == 202
    PRICES["tea"] = 500
    assert bank.run(buy, TEA, actor=HER, key="k", seen=before) == done, "what was done is told again, whatever is sent"
    assert bank.run(buy, TEA, actor=HER, key="k") == done
    assert leaves(bank) == 1


def test_a_digest_of_another_actor_command_or_operation_confirms_nothing(bank: Bank) -> None:
    for other in (
        seen(bank, actor=HIM), seen(bank, command=Sell("tea", 1)), seen(bank, command=Sell("rice", 2)),
        seen(bank, buy_dear), "", "0" * 64,
    ):  # fmt: skip
        assert refused(bank, buy, TEA, actor=HER, key="k", seen=other) == "kernel.not_as_seen"
    assert leaves(bank) == 0


def test_a_rule_that_says_no_is_kept_as_ever(bank: Bank) -> None:
    assert refused(bank, buy, Sell("caviar", 1), actor=HER, key="k", seen=seen(bank)) == "shop.sold_out"
    assert refused(bank, buy, Sell("caviar", 1), actor=HER, key="k") == "shop.sold_out"


def test_what_needs_no_confirmation_is_shown_without_and_done_without(bank: Bank) -> None:
    looked = bank.kernel.look(sell, TEA, actor=HER)
    assert (looked.facts, looked.seen) == (None, None)
    assert refused(bank, sell, TEA, actor=HER, seen=seen(bank)) == "kernel.not_as_seen", "nothing was shown of a sale"
    assert bank.run(sell, TEA, actor=HER).quantity == 2
    assert bank.run(buy, TEA, actor=HER).price == 200, "a program that does not look confirms nothing"


def test_in_a_batch_each_is_compared_for_itself_and_its_neighbours_stand(bank: Bank) -> None:
    good = seen(bank)
    calls = [
        Call(TEA, HER, "a"),
        Call(TEA, HER, "b", seen="0" * 64),
        Call(TEA, HER, "c", seen=good),
        Call(TEA, HER, "d"),
    ]
    answers = bank.kernel.run_batch(operation_of(buy), calls)
    assert [getattr(each, "code", "done") for each in answers] == ["done", "kernel.not_as_seen", "done", "done"]


def test_what_the_maker_of_a_draft_saw_is_compared_when_the_draft_is_tried(bank: Bank) -> None:
    before = seen(bank, buy_dear)
    PRICES["tea"] = 300
    assert refused(bank, buy_dear, TEA, actor=HER, key="k", seen=before) == "kernel.not_as_seen"
    waits = bank.run(buy_dear, TEA, actor=HER, key="k", seen=seen(bank, buy_dear))
    assert isinstance(waits, Pending)
    PRICES["tea"] = 400
    assert bank.run(decide, Decide(waits.approval_id, approve=True), actor=HIM).state == "approved"


def test_a_batch_function_never_meets_what_must_be_compared(bank: Bank) -> None:
    with pytest.raises(InvariantBroken):
        bank.kernel.tidy(lambda tx: batch.run(tx, operation_of(buy), [Call(TEA, HER, seen="x"), Call(TEA, HER)]))
