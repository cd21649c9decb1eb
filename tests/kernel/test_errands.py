"""Errands: one id whatever happens around the call; late, double, wrong and absent answers do no harm."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from farthing.db.tx import Tx
from farthing.kernel import approvals, errands
from farthing.kernel.answers import Outcome
from farthing.kernel.approvals import Decide
from farthing.kernel.errands import Desk, Errand
from farthing.kernel.operation import Asked, Call, operation, operation_of
from farthing.kernel.run import Pending
from farthing.kernel.whose import NOBODYS, STAFF
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.errors import InvariantBroken, Refusal, declined
from farthing.kit.words import Words
from tests.conftest import Bank
from tests.kernel.disturbed import collisions, lost_commits

NO_LUCK = declined("shop.no_parcel", "The carrier declined parcel {parcel}.", "承运方拒收 {parcel}。")
TOLD: dict[str, str] = {}
"""What the shop knows of its parcels: nothing of the bank, so that a test may look from outside."""


@dataclass(frozen=True, slots=True)
class Ship:
    """Send a parcel."""

    goods: str


@dataclass(frozen=True, slots=True)
class Shipped:
    """A parcel and how far it is."""

    parcel: str
    state: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What the carrier said."""

    errand_id: str
    word: str


@dataclass
class Carrier:
    """A peer that remembers every call; ``words`` are its answers in turn, then ``yes``."""

    words: list[str | Exception | None] = field(default_factory=list)
    called: list[str] = field(default_factory=list)

    def take(self, parcel: str) -> str | None:
        self.called.append(parcel)
        word = self.words.pop(0) if self.words else "yes"
        if isinstance(word, Exception):
            raise word
        return word


@errands.sender("shop.parcel")
def _send(desk: Desk, errand: Errand) -> Taken | None:
    word = desk.ports.peer("gateway", errand.peer).take(errand.id)
    return None if word is None else Taken(errand.id, word)


@operation("shop.taken", title=Words("shop.taken", "试验"), permission=errands.ANSWER, whose=STAFF)
def taken(tx: Tx, command: Taken) -> Shipped:
    """Note what the carrier said."""
    errands.settle(tx, command.errand_id)
    if command.word == "nonsense":
        raise NO_LUCK(parcel=command.errand_id)
    if command.word == "fault of ours":
        raise InvariantBroken("the shelf is not there")
    TOLD[command.errand_id] = command.word
    return Shipped(command.errand_id, command.word)


def _shipped(tx: Tx, asked: Asked) -> Shipped:
    word = TOLD.get(asked.subject, "asked")
    if word == "no":
        raise NO_LUCK(parcel=asked.subject)
    return Shipped(asked.subject, word)


def _ship(tx: Tx, command: Ship) -> Asked:
    parcel = tx.new_id("parcel")
    return Asked(
        parcel, (errands.write(tx, parcel, "shop.parcel", "carrier", parcel, {"goods": command.goods}, taken),)
    )


@operation("shop.ship", title=Words("shop.ship", "试验"), permission="shop:ship", whose=NOBODYS, conclude=_shipped)
def ship(tx: Tx, command: Ship) -> Asked:
    """Ask the carrier."""
    return _ship(tx, command)


@operation(
    "shop.ship_dear",
    title=Words("shop.ship_dear", "试验"),
    permission="shop:ship",
    whose=NOBODYS,
    four_eyes=True,
    conclude=_shipped,
)
def ship_dear(tx: Tx, command: Ship) -> Asked:
    """As ``ship``, if two persons want it."""
    return _ship(tx, command)


@pytest.fixture
def carrier(bank: Bank) -> Carrier:
    TOLD.clear()  # banks of one day repeat their ids
    peer = Carrier()
    bank.kernel.ports = bank.kernel.ports.with_peer("gateway", "carrier", peer)
    return peer


def states(bank: Bank) -> list[tuple[str, int]]:
    with bank.superuser() as connection:
        return connection.execute("SELECT state, attempts FROM errand ORDER BY asked_at, id").fetchall()


def test_the_caller_has_the_answer_in_one_request(bank: Bank, carrier: Carrier) -> None:
    shipped = bank.run(ship, Ship("tea"), key="k")
    assert shipped.state == "yes" and carrier.called == [shipped.parcel]
    assert bank.run(ship, Ship("tea"), key="k") == shipped
    assert carrier.called == [shipped.parcel] and states(bank) == [("answered", 1)]


def test_what_was_asked_is_forgotten_once_it_is_answered(bank: Bank, carrier: Carrier) -> None:
    bank.run(ship, Ship("tea"))
    with bank.superuser() as connection:
        assert connection.execute("SELECT request FROM errand").fetchall() == [(None,)]


def test_a_no_is_told_again_under_its_key(bank: Bank, carrier: Carrier) -> None:
    carrier.words = ["no"]
    for _ in range(2):
        with pytest.raises(Refusal, match="declined"):
            bank.run(ship, Ship("tea"), key="k")
    assert len(carrier.called) == 1


@pytest.mark.parametrize("silence", [None, TimeoutError("late"), ValueError("not an answer")])
def test_no_answer_is_a_state_and_is_asked_again_under_the_same_id(
    bank: Bank, carrier: Carrier, silence: Exception | None
) -> None:
    carrier.words = [silence]
    waiting = bank.run(ship, Ship("tea"), key="k")
    assert waiting.state == "asked" and states(bank) == [("unknown", 1)]
    (open_one,) = bank.read(errands.unanswered)
    assert open_one.id == waiting.parcel and open_one.problem
    bank.drain()
    assert bank.run(ship, Ship("tea"), key="k").state == "yes"
    assert carrier.called == [waiting.parcel] * 2


def test_the_same_request_again_asks_again(bank: Bank, carrier: Carrier) -> None:
    carrier.words = [None]
    assert bank.run(ship, Ship("tea"), key="k").state == "asked"
    assert bank.run(ship, Ship("tea"), key="k").state == "yes"
    assert len(set(carrier.called)) == 1


def test_a_crash_before_anybody_is_asked_leaves_the_errand_to_the_worker(
    bank: Bank, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(errands, "carry", lambda desk, errand_id: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            bank.run(ship, Ship("tea"), key="k")
    assert states(bank) == [("waiting", 0)] and carrier.called == []
    assert errands.sweep(bank.kernel) == 0  # who wrote it may still carry it
    bank.drain()
    assert states(bank) == [("answered", 1)]


def test_an_answer_that_comes_twice_or_changes_its_mind_changes_nothing(bank: Bank, carrier: Carrier) -> None:
    parcel = bank.run(ship, Ship("tea")).parcel
    known = bank.read(lambda tx: errands.find(tx, parcel))
    for word in ("yes", "no", "yes"):
        assert errands.answer(bank.kernel, known, Taken(parcel, word)) == ""
    assert TOLD[parcel] == "yes"
    with bank.superuser() as connection:
        connection.execute("DELETE FROM idempotency")
    errands.answer(bank.kernel, known, Taken(parcel, "no"))
    assert TOLD[parcel] == "yes"
    with pytest.raises(Refusal, match="answered before"):
        bank.run(taken, Taken(parcel, "no"))


def test_an_answer_that_cannot_be_taken_is_asked_for_again(bank: Bank, carrier: Carrier) -> None:
    carrier.words = ["nonsense"]
    parcel = bank.run(ship, Ship("tea")).parcel
    assert states(bank) == [("unknown", 1)] and parcel not in TOLD
    bank.drain()
    assert TOLD[parcel] == "yes" and set(carrier.called) == {parcel}


def test_a_collision_asks_once(bank: Bank, carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every transaction of the request collides once after all its work: one id is asked, once."""
    collisions(bank, monkeypatch)
    assert bank.run(ship, Ship("tea"), key="k").state == "yes"
    assert len(carrier.called) == 1


def test_a_lost_commit_asks_once(bank: Bank, carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every COMMIT of the request is done and its word is lost: one id is asked."""
    lost_commits(bank, monkeypatch)
    assert bank.run(ship, Ship("tea"), key="k").state == "yes"
    assert len(set(carrier.called)) == 1


def test_a_draft_that_is_approved_asks_and_tells_what_came_of_it(bank: Bank, carrier: Carrier) -> None:
    chief, clerk = Actor("chief", frozenset({"*"})), Actor("clerk", frozenset({"*"}))
    pending = bank.run(ship_dear, Ship("gold"), actor=clerk)
    assert isinstance(pending, Pending) and carrier.called == []
    decided = bank.run(approvals.decide, Decide(pending.approval_id, approve=True), actor=chief)
    assert '"state":"yes"' in decided.result_json.replace(" ", "") and len(carrier.called) == 1


def test_a_silent_peer_is_waited_for_once_in_a_sweep(bank: Bank, carrier: Carrier) -> None:
    carrier.words = [None] * 3
    for _ in range(3):
        bank.run(ship, Ship("tea"))
    carrier.words, carrier.called = [None], []
    assert errands.sweep(bank.kernel, everything=True) == 0
    assert len(carrier.called) == 1
    assert errands.sweep(bank.kernel, everything=True) == 3


def test_what_is_wrong_with_one_errand_does_not_keep_the_others(bank: Bank, carrier: Carrier) -> None:
    """One errand whose answer can never be taken kept every other of its peer out of the sweep (watt-mind/factory#1479,
    MarcosRabadan/Agendia#260)."""
    carrier.words = [None] * 9
    for _ in range(9):
        bank.run(ship, Ship("tea"))
    carrier.words, carrier.called = ["nonsense", ValueError("of this one alone")], []
    assert errands.sweep(bank.kernel, everything=True) == 7
    assert len(carrier.called) == 9


def test_a_fault_of_ours_in_one_answer_of_a_row_does_not_undo_its_neighbours(bank: Bank, carrier: Carrier) -> None:
    carrier.words = ["yes", "fault of ours", "nonsense", "yes"]
    row = [(operation_of(ship), Call(Ship("tea"), SYSTEM)) for _ in carrier.words]
    shipped = [each.result.state for each in bank.kernel.execute_row(row) if isinstance(each, Outcome)]
    assert shipped == ["yes", "asked", "asked", "yes"]
    assert sorted(state for state, _ in states(bank)) == ["answered", "answered", "unknown", "unknown"]


def test_where_every_errand_goes_wrong_the_peer_is_left_alone_for_now(bank: Bank, carrier: Carrier) -> None:
    carrier.words = [ValueError("broken")] * 99
    for _ in range(errands.WRONG_IN_A_ROW + 2):
        bank.run(ship, Ship("tea"))
    carrier.called = []
    assert errands.sweep(bank.kernel, everything=True) == 0
    assert len(carrier.called) == errands.WRONG_IN_A_ROW


def test_an_errand_whose_carrier_died_on_its_way_is_carried_on(
    bank: Bank, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows stood in ``SENDING`` for ever (hexclave/hexclave#1356, JasperFx/wolverine#565)."""
    with monkeypatch.context() as broken:
        broken.setattr(Carrier, "take", lambda self, parcel: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            bank.run(ship, Ship("tea"), key="k")
    assert states(bank) == [("sent", 1)]
    now = bank.kernel.wall()
    monkeypatch.setattr(bank.kernel, "wall", lambda: now + errands.IN_LINE * 2)
    assert errands.sweep(bank.kernel) == 1
    assert states(bank) == [("answered", 2)]
