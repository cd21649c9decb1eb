"""Run the facts of movements: one load, the pure rules, one post, one answer for each; a group of facts is one commit.

Whatever brings a fact (an answer, an inquiry, a notice, a statement) comes through :func:`take`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel.errands import Errand
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.chart import suspense_path
from farthing.ledger.model import AccountSpec, Command, Held, JournalEntry, Posted
from farthing.payments import asking_service as asking
from farthing.payments import store as movements
from farthing.payments.life import entries, rules, store
from farthing.payments.life.entries import At
from farthing.payments.life.model import Effect, Fact, Suspended, Told
from farthing.payments.model import Original, RailPayment
from farthing.payments.reported import freezing_service as freezing
from farthing.payments.rules import CONTENT_DIFFERS, UNKNOWN_MOVEMENT, rail_reference

INQUIRY = "payments.inquiry"
FIRST_INQUIRY, LONGEST_BETWEEN = timedelta(minutes=1), timedelta(hours=6)
"""How long after a rail accepted a movement it is asked what became of it, and how long at most between two such questions."""
OTHERWISE = "otherwise"
"""What is put behind the name of a fact that says something else than the first of that name."""
WALLET_CLOSED = "wallet_closed"
"""Why somebody must look: money came back for a wallet that is closed, and lies in suspense."""
OTHER_CONTENT = "other_content"
"""Why somebody must look: the rail knows our id with another content."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What facts came to: for each the movement as it stands after all of them, and what the fact itself did."""

    stands: tuple[RailPayment, ...]
    effects: tuple[Effect, ...]


@dataclass
class _Group:
    """A group of facts while it is folded: how each movement stood and stands, what is posted, what is kept."""

    before: Mapping[str, tuple[RailPayment, str]]
    known: dict[str, dict[str, int | None]]
    closed: frozenset[str] = frozenset()
    now: dict[str, RailPayment] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)
    opens: dict[str, AccountSpec] = field(default_factory=dict)
    told: list[tuple[Told, str]] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    homeless: list[tuple[RailPayment, str, Money]] = field(default_factory=list)
    """What came back for a wallet that is closed: of which movement, by which fact, how much."""
    took: list[At] = field(default_factory=list)
    """Steps that took money back out of a wallet, as much as was there."""
    taken: dict[str, int] = field(default_factory=dict)
    """How much was there, by the entry's reference."""


def take(tx: Tx, facts: Sequence[Fact], *, aside: str = "") -> Taken:
    """Take facts of movements in the order in which they were heard.

    A fact that is known changes nothing; one that cannot be is kept and changes nothing but that somebody looks. ``aside``:
    why none of these is booked; each is kept so. Refuses ``payments.unknown_movement`` and what the books refuse, and then
    nothing stands.
    """
    if not facts:
        return Taken((), ())
    found = movements.rail_movements(tx, sorted({each.payment_id for each in facts}))
    heard = [payment.id for payment, _ in found.values() if payment.state != "asked"]
    group = _Group(found, store.known(tx, heard) if heard else {}, _closed(tx, found, facts))
    for fact in facts:
        _fold(tx, group, fact, aside)
    _post(tx, group)
    _keep(tx, group, facts)
    return Taken(tuple(group.now[each.payment_id] for each in facts), tuple(group.effects))


def _fold(tx: Tx, group: _Group, fact: Fact, aside: str) -> None:
    if fact.payment_id not in group.before:
        raise UNKNOWN_MOVEMENT(movement_id=fact.payment_id)
    before, account = group.before[fact.payment_id]
    stood = group.now.setdefault(fact.payment_id, before)
    known = group.known.setdefault(fact.payment_id, {})
    otherwise = rules.told_otherwise(fact, known)
    if otherwise:
        fact = replace(fact, id=f"{fact.id}:{OTHERWISE}")
    decided = rules.decide(stood, fact, known)
    if otherwise and decided.effect == "taken":
        decided = rules.Decided(stood.attend(rules.TOLD_OTHERWISE), (), "contrary")
    if aside and decided.effect == "taken":
        decided = rules.Decided(stood.attend(aside), (), "contrary")
    group.effects.append(decided.effect)
    if fact.id in known:
        return
    group.now[fact.payment_id] = decided.payment
    known[fact.id] = None if fact.amount is None else fact.amount.minor
    told = Told(fact, len(known), decided.effect, decided.payment.state, tx.business_date, tx.now)
    group.told.append((told, stood.amount.currency))
    if decided.posts:
        at = At(decided.payment, account, fact.id, rules.came_back(stood, decided.payment), tx.business_date, tx.home)
        group.opens |= {spec.path: spec for spec in entries.accounts(at)}
        for booking in decided.posts:
            group.commands += entries.booked(booking, _not_closed(at, group) if booking in GIVES else at)
            if booking == "take_back":
                group.took.append(at)


GIVES = ("give_back", "back_from_transit")
"""What credits the account that a movement came from."""


def _not_closed(at: At, group: _Group) -> At:
    """The same step, into suspense where the wallet is closed: money that came back is never refused."""
    if at.account not in group.closed:
        return at
    payment = group.now[at.payment.id] = at.payment.attend(WALLET_CLOSED)
    group.homeless.append((payment, at.fact, at.came_back if at.came_back.minor else payment.amount))
    path = suspense_path(payment.rail, payment.amount.currency, at.home)
    group.opens[path] = AccountSpec(path, payment.amount.currency, floor=0)
    return At(payment, path, at.fact, at.came_back, at.on, at.home)


def _closed(tx: Tx, found: Mapping[str, tuple[RailPayment, str]], facts: Sequence[Fact]) -> frozenset[str]:
    """Which of the accounts are closed, where something may come back to them."""
    back = {
        found[each.payment_id][1]
        for each in facts
        if each.payment_id in found
        if each.kind in rules.COMES_BACK or found[each.payment_id][0].state == "accepted"
    }
    if not back:
        return frozenset()
    return frozenset(path for path, each in ledger.balances_of(tx, sorted(back)).items() if each.closed_at is not None)


def _post(tx: Tx, group: _Group) -> None:
    """Post what the facts move. "As much as is there" of a wallet may be nothing; anything else must be posted."""
    ledger.open_accounts(tx, list(group.opens.values()))
    for command, answer in zip(group.commands, ledger.post(tx, group.commands), strict=True):
        taken = isinstance(command, JournalEntry) and command.at_most
        if isinstance(answer, Refusal) and not taken:
            raise answer
        if taken:
            group.taken[command.reference] = _moved(answer)


def _moved(answer: Posted | Held | Refusal) -> int:
    return max(each.amount.minor for each in answer.entry.postings) if isinstance(answer, Posted) else 0


def _keep(tx: Tx, group: _Group, facts: Sequence[Fact]) -> None:
    moved = [(group.before[each][0], now) for each, now in group.now.items() if now != group.before[each][0]]
    if movements.move_on(tx, f"{facts[0].payment_id} {facts[0].id}", moved) != len(moved):
        raise Collision("a movement was told of at the same time")
    if store.keep(tx, group.told) != len(group.told):
        raise Collision("a fact was told at the same time")
    _suspense(tx, group, moved)
    _freeze(tx, group)
    _ask_further(tx, [now for before, now in moved if now.state == "accepted" != before.state])
    _ask_no_more(tx, moved)


def _freeze(tx: Tx, group: _Group) -> None:
    """What a rail took back and was not there any more is looked for where it went on to, and frozen."""
    for at in group.took:
        taken = group.taken.get(entries.taken_back(at), 0)
        missing = Money(at.came_back.minor - taken, at.came_back.currency)
        reference = rail_reference(at.payment)
        freezing.taken_back(tx, at.payment, at.account, reference, missing, at.payment.reason_code)


def _suspense(tx: Tx, group: _Group, moved: Sequence[tuple[RailPayment, RailPayment]]) -> None:
    """What came back for nobody waits in suspense; so does again what was to be sent back from there and was declined."""
    if group.homeless:
        store.suspend(
            tx,
            [
                Suspended(
                    f"{each.rail}:{each.id}:{fact}", each.rail, amount, each.outside_account, each.reference, each.id,
                    tx.business_date, tx.now,
                )
                for each, fact, amount in group.homeless
            ],
        )  # fmt: skip
    declined = [now.id for _, now in moved if now.party_id is None and now.state == "declined"]
    if declined:
        store.reopen(tx, declined)


def _ask_further(tx: Tx, accepted: Sequence[RailPayment]) -> None:
    """Whatever a rail accepted is asked after, until it says what became of it."""
    wanted = [errands.Wanted(inquiry_of(each.id), each.rail, each.id, original(each)) for each in accepted]
    if wanted:
        errands.write_all(tx, INQUIRY, wanted, asking.ANSWERED_BY, waits=False, after=FIRST_INQUIRY)


def _ask_no_more(tx: Tx, moved: Sequence[tuple[RailPayment, RailPayment]]) -> None:
    """Nobody is asked what is known by another way."""
    told = [inquiry_of(before.id) for before, now in moved if before.state == "accepted" and not now.is_open]
    told += [before.id for before, now in moved if before.state == "unknown" != now.state]
    if told:
        errands.settle_all(tx, told)


def inquiry_of(payment_id: str) -> str:
    """The errand that asks what became of a movement which its rail accepted."""
    return f"{payment_id}:inquiry"


def movement_of(errand: Errand) -> str:
    """Which movement an errand is about."""
    return errand.id.removesuffix(":inquiry")


def original(payment: RailPayment) -> Original:
    """A movement as its rail is asked about it."""
    return Original(payment.id, payment.direction, payment.amount)


def lost(tx: Tx, errand: Errand) -> None:
    """Nobody answered: nobody knows whether it moved, and what is held stays held, however long it takes. Where the rail has our
    id with another content somebody looks at once."""
    found = movements.rail_movements(tx, [movement_of(errand)])
    stands = found.get(movement_of(errand))
    if stands is None:
        return
    stood = stands[0]
    if stood.state == "asked":
        (stood,) = take(tx, [Fact(stood.id, "unknown", "unknown", "answer", reason=errand.problem)]).stands
    if errand.problem.startswith(CONTENT_DIFFERS.name) and not stood.attention:
        movements.move_on(tx, f"{stood.id} {OTHER_CONTENT}", [(stood, stood.attend(OTHER_CONTENT))])
