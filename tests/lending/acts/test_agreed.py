"""A second person agrees to what was shown of a draft, and to nothing else: what came out differently is shown anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from farthing.bank.founding import SECOND as OTHER
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide, Decided
from farthing.kernel.seen import Looked
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.ledger.model import HandEntry, Posting
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Charge, GiveMoney, GiveUp, LowerRate, Waive
from farthing.lending.model import Repay
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.lending.acts.doing import WORDS, clean, do
from tests.lending.house import CARD, House, yuan


def asked(house: House, operation: Any, command: Any) -> str:
    """A draft of one officer."""
    return str(house.bank.kernel.run(operation, command).approval_id)


def shown(house: House, draft: str, approve: bool = True) -> Looked:
    """What another is shown of it."""
    return house.bank.kernel.look(approvals.decide, Decide(draft, approve), actor=OTHER)


def decide(house: House, draft: str, seen: str | None, approve: bool = True, note: str = "as shown") -> Decided:
    decided: Decided = house.bank.kernel.run(approvals.decide, Decide(draft, approve, note), actor=OTHER, seen=seen)
    return decided


def changed(house: House, draft: str, seen: str | None) -> Any:
    """What stands now, of which the refusal tells; the draft waits on and nothing was done."""
    before = house.loan(house.made), len(house.bank.kernel.ask(acts.story, house.made))
    with pytest.raises(Refusal) as caught:
        decide(house, draft, seen)
    assert (caught.value.code, caught.value.status) == ("kernel.not_as_seen", 409)
    assert house.bank.kernel.ask(approvals.draft, draft).state == "waiting"
    assert (house.loan(house.made), len(house.bank.kernel.ask(acts.story, house.made))) == before
    return caught.value.facts["now"]


def test_what_is_shown_says_what_moves_and_when_and_is_what_is_done(late_house: House) -> None:
    draft = asked(late_house, acts.goodwill, GiveMoney(late_house.made, yuan("100"), WORDS))
    first, again = shown(late_house, draft), shown(late_house, draft)
    assert first.seen == again.seen, "nothing differs by being looked at"
    effects = first.answer.effects
    assert effects.on == late_house.today and WORDS in effects.figures_json
    gone = [each for each in effects.moved if each.account.startswith("expenses:goodwill")]
    assert [(each.amount, each.on) for each in gone] == [(yuan("100"), late_house.today)]
    assert decide(late_house, draft, str(first.seen)).state == "approved"
    clean(late_house)


def test_goodwill_pays_something_else_once_the_borrower_has_paid(late_house: House) -> None:
    house = late_house
    draft = asked(house, acts.goodwill, GiveMoney(house.made, yuan("100"), WORDS))
    before = shown(house, draft)
    assert before.facts is not None
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("300"), CARD))
    house.bank.run(lending.repay, Repay(house.made, yuan("300")))
    now = changed(house, draft, before.seen)
    assert now["effects"]["moved"] != before.facts["effects"]["moved"]
    assert decide(house, draft, shown(house, draft).seen).state == "approved"
    clean(house)


def of_the_day(house: House) -> tuple[Any, Any]:
    return acts.charge, Charge(house.made, "fee", yuan("10"), WORDS)


def of_a_rate(house: House) -> tuple[Any, Any]:
    return acts.lower_rate, LowerRate(house.made, Decimal("0.05"), WORDS)


def of_a_loss(house: House) -> tuple[Any, Any]:
    return acts.charge_off, GiveUp(house.made, WORDS)


def by_hand(house: House) -> tuple[Any, Any]:
    lines = Posting("assets:cash:sandbox", yuan("5")), Posting("equity:capital", -yuan("5"))
    return ledger.post_by_hand, HandEntry("more", "capital", house.today, lines, "more of the owners")


@pytest.mark.parametrize("what", [of_the_day, of_a_rate, of_a_loss, by_hand])
def test_what_was_shown_yesterday_is_confirmed_by_nobody_today(
    house: House, what: Callable[[House], tuple[Any, Any]]
) -> None:
    draft = asked(house, *what(house))
    before = shown(house, draft)
    house.wait(house.today + timedelta(days=1))
    assert changed(house, draft, before.seen)["effects"]["on"] == house.today.isoformat()
    assert decide(house, draft, shown(house, draft).seen).state == "approved"


def test_a_loss_is_another_once_something_stands_aside_for_it(late_house: House) -> None:
    house = late_house
    draft = asked(house, acts.write_off, GiveUp(house.made, WORDS))
    before = shown(house, draft)
    do(house, acts.waive, Waive(house.made, "interest", yuan("1"), WORDS))
    changed(house, draft, before.seen)


def test_what_would_now_be_refused_is_shown_and_does_not_close_the_draft(late_house: House) -> None:
    house = late_house
    open_now = house.loan(house.made).instalments[0]
    interest = next(each for each in open_now.obligations if each.component == "interest")
    draft = asked(house, acts.waive, Waive(house.made, "interest", interest.amount, WORDS, due_on=open_now.due_on))
    before = shown(house, draft)
    do(house, acts.waive, Waive(house.made, "interest", interest.amount, WORDS, due_on=open_now.due_on))
    now = changed(house, draft, before.seen)
    assert (now["state"], now["refusal_code"]) == ("refused", "lending.more_than_open")
    assert decide(house, draft, None, approve=False).state == "rejected", "and it is turned down"


def test_what_is_shown_to_one_confirms_nothing_for_another_or_of_another(house: House) -> None:
    kernel = house.bank.kernel
    draft, twin = (asked(house, *of_the_day(house)) for _ in range(2))
    third = replace(OTHER, id="operator:third")
    for seen in (
        kernel.look(approvals.decide, Decide(draft, True), actor=third).seen, shown(house, twin).seen,
        shown(house, draft, approve=False).seen, "", "0" * 64,
    ):  # fmt: skip
        changed(house, draft, seen)
    assert decide(house, draft, shown(house, draft).seen, note="a note is typed beside it").state == "approved"
    assert decide(house, twin, None).state == "approved", "a program that was shown nothing confirms nothing"
