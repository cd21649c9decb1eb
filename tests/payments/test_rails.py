"""Money through a rail: held, asked under one id, settled or given back, whatever happens around the call."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from farthing.kernel import errands
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.inputs import MOST_AMOUNT
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.payments import rules
from farthing.payments import service as payments
from farthing.payments.model import Instruction, MoveByRail, OpenWallet, RailAnswered, RailPayment
from farthing.payments.sandbox_rail import SandboxRail
from tests.conftest import Bank
from tests.kernel.disturbed import collisions, lost_commits
from tests.laws import examples
from tests.parties.people import register_person

CARD = "6222021234567890123"
SILENT = "6222020000000091"
CASH = "assets:cash:sandbox"


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


@pytest.fixture
def ann(bank: Bank) -> str:
    """A wallet with a thousand fen in it."""
    party = register_person(bank, 1).id
    bank.run(payments.open_wallet, OpenWallet(party))
    bank.run(payments.top_up, MoveByRail(party, cny(1000), CARD))
    return party


def rail(bank: Bank) -> SandboxRail:
    peer: SandboxRail = bank.kernel.ports.peer("rail")
    return peer


def standing(bank: Bank, party: str) -> tuple[int, int]:
    """What a wallet holds, and what of it may be spent."""
    wallet = bank.read(lambda tx: payments.wallet(tx, party))
    return wallet.balance.minor, wallet.available.minor


def cash(bank: Bank) -> int:
    return bank.read(lambda tx: ledger.balance(tx, CASH)).balance.minor


def in_transit(bank: Bank) -> int:
    return sum(bank.read(lambda tx: ledger.sum_below(tx, "liabilities:in-transit")).values())


def at_the_rail(bank: Bank) -> int:
    """What the rail's own books say that it moved to us."""
    moved = rail(bank).moved().values()
    return sum(each.amount.minor if each.direction == "in" else -each.amount.minor for each in moved)


def refused(bank: Bank, function: object, command: object, **options: object) -> str:
    with pytest.raises(Refusal) as caught:
        bank.run(function, command, **options)
    return caught.value.code


MOVES = [(payments.top_up, 1300), (payments.pay_out, 700)]


@pytest.mark.parametrize(("move", "after"), MOVES)
def test_a_movement_answers_settled_in_one_request_and_its_replay_the_same(bank: Bank, ann: str, move, after) -> None:
    made = bank.run(move, MoveByRail(ann, cny(300), CARD), key="k")
    assert made.state == "settled" and made.reference.startswith("SBX") and made.outside_account == "****0123"
    assert bank.run(move, MoveByRail(ann, cny(300), CARD), key="k") == made
    assert standing(bank, ann) == (after, after) and cash(bank) == at_the_rail(bank) == after


@pytest.mark.parametrize(("move", "after"), MOVES)
@pytest.mark.parametrize("disturb", [collisions, lost_commits])
def test_one_instruction_whatever_happens_to_the_transactions(
    bank: Bank, ann: str, monkeypatch: pytest.MonkeyPatch, move, after, disturb
) -> None:
    """Each transaction of the request collides, or loses the word of its COMMIT: one id is told, money moves once."""
    before = len(set(rail(bank).calls))
    with monkeypatch.context() as disturbed:
        disturb(bank, disturbed)
        made = bank.run(move, MoveByRail(ann, cny(300), CARD), key="k")
    assert made.state == "settled"
    assert len(set(rail(bank).calls)) == before + 1
    assert standing(bank, ann) == (after, after) and cash(bank) == at_the_rail(bank) == after
    assert bank.read(verify).clean


@pytest.mark.parametrize("move", [payments.top_up, payments.pay_out])
def test_a_rail_that_declines_gives_back_what_was_held(bank: Bank, ann: str, move) -> None:
    for _ in range(2):
        code = refused(bank, move, MoveByRail(ann, cny(300), "6222020000000051"), key="k")
        assert code == "payments.rail_declined"
    assert standing(bank, ann) == (1000, 1000) and cash(bank) == at_the_rail(bank) == 1000
    assert bank.read(errands.unanswered) == []


@pytest.mark.parametrize(
    ("move", "between", "after"), [(payments.top_up, (1000, 1000), 1300), (payments.pay_out, (1000, 700), 700)]
)
@pytest.mark.parametrize("mood", ["loses", "mute"])
def test_an_answer_that_is_learned_later(bank: Bank, ann: str, move, between, after, mood) -> None:
    """Whether the instruction never arrived or its answer was lost: it is told again under the same id."""
    rail(bank).moods.append(mood)
    waiting = bank.run(move, MoveByRail(ann, cny(300), CARD), key="k")
    assert waiting.state == "unknown" and waiting.reference == ""
    assert standing(bank, ann) == between
    assert bank.run(payments.pay_out, MoveByRail(ann, cny(between[1]), CARD)).state == "settled"
    assert refused(bank, payments.pay_out, MoveByRail(ann, cny(1), CARD)) == "ledger.insufficient_funds"
    bank.drain()
    found = bank.read(lambda tx: payments.rail_payment(tx, waiting.id))
    assert found.state == "settled"
    assert len(rail(bank).asked) == 1 and rail(bank).calls.count(waiting.id) == (2 if mood == "loses" else 1)
    assert cash(bank) == at_the_rail(bank) == standing(bank, ann)[0] == after - between[1]


def test_a_silent_outside_account_answers_when_it_is_asked_again(bank: Bank, ann: str) -> None:
    assert bank.run(payments.pay_out, MoveByRail(ann, cny(300), SILENT), key="k").state == "unknown"
    assert bank.run(payments.pay_out, MoveByRail(ann, cny(300), SILENT), key="k").state == "settled"
    assert cash(bank) == at_the_rail(bank) == 700


def test_an_answer_that_comes_twice_or_turns_round_changes_nothing(bank: Bank, ann: str) -> None:
    made = bank.run(payments.pay_out, MoveByRail(ann, cny(300), CARD))
    errand = bank.read(lambda tx: errands.find(tx, made.id))
    for said in ("settled", "declined", "settled"):
        errands.answer(bank.kernel, errand, RailAnswered(made.id, said, made.reference, reason="late"))
    with bank.superuser() as connection:
        connection.execute("DELETE FROM idempotency")
    errands.answer(bank.kernel, errand, RailAnswered(made.id, "declined", "other", "MS03", "turned round"))
    assert bank.read(lambda tx: payments.rail_payment(tx, made.id)).state == "settled"
    assert standing(bank, ann) == (700, 700) and cash(bank) == 700


def test_an_answer_to_nothing_that_was_asked_is_refused(bank: Bank) -> None:
    assert refused(bank, payments.rail_answered, RailAnswered("rail_nobody", "settled", "x")) == "errands.answered"


def test_a_customer_cannot_answer_for_the_rail(bank: Bank, ann: str) -> None:
    rail(bank).moods.append("loses")
    waiting = bank.run(payments.top_up, MoveByRail(ann, cny(300), CARD))
    customer = Actor(ann, frozenset({"payments:top_up"}), party_id=ann)
    answered = RailAnswered(waiting.id, "settled", "mine")
    assert refused(bank, payments.rail_answered, answered, actor=customer) == "kernel.forbidden"


def test_a_movement_through_a_rail_is_bounded(bank: Bank, ann: str) -> None:
    """One top-up of a giant amount once filled our cash account to its brim, for everybody."""
    giant = cny(MOST_AMOUNT)
    for move in (payments.top_up, payments.pay_out):
        assert refused(bank, move, MoveByRail(ann, giant, CARD)) == "payments.amount_too_large"
    assert bank.run(payments.top_up, MoveByRail(ann, cny(rules.MOST_BY_RAIL_MINOR), CARD)).state == "settled"
    assert rules.MOST_BY_RAIL_MINOR * 4_000_000 < 2**62


def test_partners_are_settled_by_errand_and_never_twice_at_once(bank: Bank) -> None:
    partner = "assets:settlement:partner:P"
    bank.run(ledger.open_account, ledger.OpenAccount(ledger.AccountSpec(partner, "CNY")))

    def ask(name: str) -> bool:
        told = Instruction(name, "in", cny(500), "6217000000000001", "Partner")
        return bank.kernel.tidy(lambda tx: payments.settle_by_rail(tx, told, partner))

    rail(bank).moods.append("loses")
    assert ask("settle-P-1") is True
    assert errands.sweep(bank.kernel) == 0
    assert ask("settle-P-2") is False
    bank.drain()
    assert ask("settle-P-3") is True
    assert cash(bank) == 500 and set(rail(bank).moved()) == {"settle-P-1"}


Step = tuple[str, int, str, bool]
KEYS = count()
"""No two commands of any example have one key: the bank is the same for all."""
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["in", "out"]),
        st.integers(1, 900),
        st.sampled_from(["answers", "declines", "loses", "mute", "accepts", "pends"]),
        st.booleans(),
    ),
    max_size=8,
)


@examples(8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_no_sequence_of_movements_makes_or_loses_money(bank: Bank, ann: str, steps: list[Step]) -> None:
    """What the rail says it moved is what our books say, once every answer is known; held money is spent by nobody."""
    for direction, minor, mood, swept in steps:
        rail(bank).moods.append(mood)
        move = payments.top_up if direction == "in" else payments.pay_out
        try:
            bank.run(move, MoveByRail(ann, cny(minor), CARD), key=f"step {next(KEYS)}")
        except Refusal as refusal:
            assert refusal.code in ("payments.rail_declined", "ledger.insufficient_funds")
        rail(bank).moods.clear()
        balance, available = standing(bank, ann)
        assert 0 <= available <= balance and balance + in_transit(bank) == cash(bank)
        if swept:
            bank.drain()
    bank.drain()
    balance, available = standing(bank, ann)
    assert balance == available == cash(bank) == at_the_rail(bank)
    assert bank.read(errands.unanswered) == []


def test_who_may_see_a_movement(bank: Bank, ann: str) -> None:
    made = bank.run(payments.top_up, MoveByRail(ann, cny(300), CARD))
    other = Actor("other", frozenset(), party_id=register_person(bank, 2).id)
    for reader, code in ((other, "payments.not_your_wallet"), (bank.system, "payments.unknown_movement")):
        wanted = made.id if reader is other else "rail_nothing"
        with pytest.raises(Refusal) as caught:
            bank.read(lambda tx, wanted=wanted: payments.rail_payment(tx, wanted), actor=reader)
        assert caught.value.code == code
    assert isinstance(bank.read(lambda tx: payments.rail_payment(tx, made.id)), RailPayment)
