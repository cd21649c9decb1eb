"""Run grabs: many of one or many packets in one transaction, each answered for itself, their money with them.

One load, a fold of pure rules, one row a packet that is written first (whoever takes a part waits for it, in this process or
another), the claims, and one entry a packet that pays all its winners of the batch. A part and its money are one commit: nobody
is told of a part that is not in the wallet, and no restart has anything to make good. Decision 0073.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.kernel.operation import Call, operation, sole
from farthing.kernel.whose import STAFF, of
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import Posted
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.payments.packets import rules, store
from farthing.payments.packets.model import Grab, GrabAnswer, GrabAnswers, Grabbed, GrabMany
from farthing.payments.packets.rules import Facts, Room, Won
from farthing.payments.packets.service import law
from farthing.payments.wallets import wallet_path

HOT = 8
"""So many grabs of one packet in a batch, and others are likely to be at it in other processes: its row is held before it is
read, so that nobody decides on what is no longer so and begins anew. All of the batch are held then, in one order."""


def _facts(tx: Tx, calls: Sequence[Call]) -> Facts:
    """What the rules need of these grabs; the wallets of whoever has none are opened."""
    grabs = [call.command for call in calls]
    asked = Counter(each.packet_id for each in grabs)
    packets = store.standing(tx, sorted(asked))
    if max(asked.values(), default=0) >= HOT:
        store.advance(tx, [(each, 0) for each in packets.values()])
        packets = store.standing(tx, sorted(asked))
    chosen = [each for each in grabs if each.packet_id in packets and packets[each.packet_id].members]
    open_ones = [each for each in calls if _may_be(tx, packets.get(each.command.packet_id))]
    known, closed = _wallets(tx, open_ones)
    limits = law(tx)
    return Facts(
        packets, store.claimed(tx, grabs), store.members_among(tx, chosen) if chosen else frozenset(), known, closed,
        _rooms(tx, known), limits.lowest if limits else None, tx.now,
    )  # fmt: skip


def _may_be(tx: Tx, packet: rules.Standing | None) -> bool:
    return packet is not None and packet.state(tx.now) == "open"


def _wallets(tx: Tx, calls: Sequence[Call]) -> tuple[frozenset[str], frozenset[str]]:
    """Which claimers are known here, and whose wallet is closed. Whoever is known and has none gets one: at the lowest level, as
    long as nobody confirmed him."""
    paths = {
        wallet_path(call.command.claimer, tx.home, tx.home): call for call in calls if _whole(call.command.claimer)
    }
    shut = set(ledger.not_open(tx, list(paths))) if paths else set()
    if not shut:
        return frozenset(call.command.claimer for call in paths.values()), frozenset()
    there = payments.wallets_among(tx, sorted(shut))
    without = [paths[path] for path in sorted(shut - there)]
    opened = payments.open_wallets(tx, [Call(OpenWallet(each.command.claimer), each.actor) for each in without])
    nobody = {each.command.claimer for each, wallet in zip(without, opened, strict=True) if isinstance(wallet, Refusal)}
    known = {call.command.claimer for call in paths.values()} - nobody
    return frozenset(known), frozenset(paths[path].command.claimer for path in there)


def _whole(claimer: str) -> bool:
    """Whether this is a party's whole id; nothing else has a wallet."""
    try:
        return bool(wallet_path(claimer, "", ""))
    except Refusal:
        return False


def _rooms(tx: Tx, claimers: frozenset[str]) -> dict[str, Room]:
    """What those among claimers hold and have taken whom nobody confirmed."""
    met = sorted(parties.unconfirmed(tx, sorted(claimers))) if claimers else []
    if not met:
        return {}
    paths = {each: wallet_path(each, tx.home, tx.home) for each in met}
    balances, taken = ledger.balances_of(tx, list(paths.values())), store.taken_in_all(tx, met)
    return {each: Room(balances[paths[each]].owed().minor, taken.get(each, 0)) for each in met}


def _decided(tx: Tx, calls: Sequence[Call]) -> tuple[list[Won | Refusal], Facts]:
    """What each grab comes to, and done."""
    facts = _facts(tx, calls)
    decided = rules.decide([call.command for call in calls], facts)
    won = [each for each in decided if isinstance(each, Won)]
    if won:
        _take(tx, won, facts)
    return decided, facts


def grab_batch(tx: Tx, calls: Sequence[Call]) -> list[Grabbed | Refusal]:
    """Run many callers' grabs in one transaction; each gets its own answer, in order."""
    decided, facts = _decided(tx, calls)
    return [_grabbed(tx, each, facts) if isinstance(each, Won) else each for each in decided]


def _take(tx: Tx, won: Sequence[Won], facts: Facts) -> None:
    """Write what was won: the packets' rows first, which whoever else takes of them waits for; then claims and money."""
    counts: dict[str, int] = {}
    for each in won:
        counts[each.packet_id] = counts.get(each.packet_id, 0) + 1
    wanted = [(facts.packets[packet_id], by) for packet_id, by in counts.items()]
    now_taken = store.advance(tx, wanted)
    if any(now_taken.get(packet.id) != packet.taken + by for packet, by in wanted):
        raise Collision("another transaction took of a packet meanwhile")
    found = rules.groups(won, facts.packets)
    store.insert_claims(tx, found)
    answers = ledger.post(tx, [rules.paid_entry(each, tx.business_date, tx.home) for each in found])
    refused = next((each for each in answers if not isinstance(each, Posted)), None)
    if isinstance(refused, Refusal) and refused.code == "ledger.account_closed":
        raise Collision("a claimer's wallet was closed meanwhile")
    if refused is not None or any(isinstance(each, Posted) and each.existed for each in answers):
        raise InvariantBroken(f"parts of a packet cannot be paid out of its escrow: {refused}")


def _grabbed(tx: Tx, won: Won, facts: Facts) -> Grabbed:
    amount = Money(won.minor, facts.packets[won.packet_id].currency)
    return Grabbed(won.packet_id, won.claimer, won.place, amount, tx.now)


@operation(
    "packets.grab", title=Words("Open a red packet", "拆红包"), permission="payments:grab", whose=of("claimer"),
    batch=grab_batch,
)  # fmt: skip
def grab(tx: Tx, command: Grab) -> Grabbed:
    """Take a part of a packet: a batch of one. Whoever has no wallet gets one.

    Refuses ``packets.unknown``, ``packets.taken_before``, ``packets.gone``, ``packets.over``, ``packets.own``,
    ``packets.not_for_you``, ``packets.claimer_unknown``, ``packets.wallet_closed``, and ``packets.wallet_full`` or
    ``packets.taken_in_all`` for whom nobody confirmed.
    """
    return sole(grab_batch(tx, [Call(command, tx.actor)]))


@operation(
    "packets.grab_many", title=Words("Open red packets for many", "批量拆红包"), permission="packets:gateway", whose=STAFF
)  # fmt: skip
def grab_many(tx: Tx, command: GrabMany) -> GrabAnswers:
    """Take parts for many claimers, whom the gateway that gathered their grabs answers for. Each grab is its own key: the same
    again is told the same amount, under ``packets.taken_before``. Nothing is refused as a whole."""
    decided, facts = _decided(tx, [Call(each, tx.actor) for each in command.grabs])
    has = {**facts.claims, **{(each.packet_id, each.claimer): each.minor for each in decided if isinstance(each, Won)}}
    return GrabAnswers(tuple(_told(*each, has, facts) for each in zip(command.grabs, decided, strict=True)))


def _told(grab: Grab, answer: Won | Refusal, has: Mapping[tuple[str, str], int], facts: Facts) -> GrabAnswer:
    code = answer.code if isinstance(answer, Refusal) else ""
    minor = has.get((grab.packet_id, grab.claimer))
    return GrabAnswer(None if minor is None else Money(minor, facts.packets[grab.packet_id].currency), code)
