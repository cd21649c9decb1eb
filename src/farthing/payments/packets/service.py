"""Run red packets: lay one out, and tell how one stands: to its sender, to whoever has part in it, and to nobody else.

A packet's money is an escrow of its own from the moment in which it is sent. How it is split is drawn then, before anybody
takes a part; the bank binds itself to that by a hash, and tells the seed when the packet has ended
(:mod:`farthing.payments.packets.paper`).
"""

from __future__ import annotations

from datetime import timedelta

from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.proving.rules import counted
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, of
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Cursor, Id, Instant, PageSize
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec
from farthing.parties import service as parties
from farthing.payments import rules as wallets
from farthing.payments import service as payments
from farthing.payments.limits import service as spending
from farthing.payments.packets import draw, paper, rules, store
from farthing.payments.packets.model import Grab, Packet, PacketLine, PacketView, Paper, Part, SendPacket, Winner
from farthing.payments.packets.rules import Standing
from farthing.payments.payees import service as payees
from farthing.payments.payees.rules import shown_name
from farthing.products import red_packets
from farthing.products import service as products
from farthing.products.alone import unconfirmed_service as unconfirmed
from farthing.products.red_packets import RedPackets

HOURS = 24
"""How long a packet waits where the law in force says nothing."""
SHOWN = 1000
"""How many winners a packet's page tells."""


def law(tx: Tx) -> RedPackets | None:
    """What the policy in force allows of red packets; as careful as can be where none was published."""
    policy = products.policy_if_any(tx)
    return policy.packets if policy else red_packets.before(tx.home, products.HOUSE)


@operation(
    "packets.send", title=Words("Send a red packet", "发红包"), permission="payments:transfer", whose=of("sender"),
    confirm=rules.sent_seen, by_key=counted,
)  # fmt: skip
def send(tx: Tx, command: SendPacket) -> Packet:
    """Lay a red packet out of the sender's wallet; whoever has its link takes a part, or those whom the sender chose.

    Refuses ``packets.*`` by what is wrong with it, ``kernel.key_needed``, ``payments.payee_changed`` for somebody who cannot be
    meant any more, ``payments.no_wallet``, ``policy.unconfirmed_out``, and ``ledger.*`` where there is too little.
    """
    total = rules.check_sent(command, tx.home, len(set(command.to)))
    members = sorted({payees.looked_up(tx, command.sender, each).id for each in command.to})
    if members and command.shares > len(members):  # two phones may be one person's
        raise rules.MORE_THAN_PEOPLE(shares=command.shares, people=len(members))
    if not payments.has_wallet(tx, command.sender):
        raise wallets.NO_WALLET(party=command.sender, currency=tx.home)
    sender, limits = parties.party(tx, command.sender), law(tx)
    rules.check_law(limits, total, command.shares, sender.verification_level)
    packet_id, seed = tx.new_id("packet"), tx.ids.octets(32)
    packet = Packet(
        packet_id, sender.id, command.kind, total, command.shares, command.greeting, len(members),
        draw.commitment(packet_id, command.kind, total, command.shares, seed), tx.now,
        tx.now + timedelta(hours=limits.hours if limits else HOURS),
    )  # fmt: skip
    unconfirmed.let_out(tx, sender.id, total)
    spending.beside(tx, sender.id, total)
    ledger.open_accounts(tx, [AccountSpec(rules.account_of(packet.id), total.currency, floor=0)])
    ledger.post_all(tx, [rules.sent_entry(packet, tx.business_date, tx.home)])
    # The wallet is held from here on, so that of two at once the second counts the first.
    rules.check_day(limits, total, store.sent_today(tx, sender.id, total.currency, tx.business_date))
    store.insert(tx, packet, seed, members)
    return packet


def _there(tx: Tx, packet_id: str) -> tuple[Packet, Standing]:
    found, standing = store.find(tx, [packet_id]), store.standing(tx, [packet_id])
    if packet_id not in standing or packet_id not in found:
        raise rules.UNKNOWN()
    return found[packet_id], standing[packet_id]


@question("packets.packet", permission="payments:read", whose=of("party_id"))
def packet(tx: Tx, party_id: Id, packet_id: Id) -> PacketView:
    """A packet as a person may see it: how it stands; and, who sent it or has a part of it, the whole and who took what.

    Refuses ``packets.unknown``, ``packets.not_for_you``.
    """
    sent, standing = _there(tx, packet_id)
    own = sent.sender == party_id
    if sent.members and not own and not store.is_member(tx, packet_id, party_id):
        raise rules.NOT_FOR_YOU()
    claims, state = store.claims(tx, packet_id, SHOWN), standing.state(tx.now)
    yours = store.claimed(tx, [Grab(packet_id, party_id)]).get((packet_id, party_id))
    names = parties.parties(tx, sorted({sent.sender, *(each["claimer"] for each in claims)}))
    best = draw.luckiest(standing.parts[: standing.taken]) if state != "open" and sent.kind == "lucky" else None
    inside, currency = own or yours is not None, sent.total.currency
    winners = tuple(
        Winner(
            each["place"], Money(each["minor"], currency), each["claimed_at"], each["place"] - 1 == best,
            shown_name(names[each["claimer"]]),
        )
        for each in claims
    )  # fmt: skip
    return PacketView(
        packet_id, sent.kind, state, sent.greeting, sent.shares, standing.taken, sent.sent_at, sent.ends_at, sent.commitment, own,
        None if yours is None else Money(yours, currency), sent.total if inside else None,
        Money(standing.left, currency) if own and standing.ended_at and state == "returned" else None,
        winners if inside else (), shown_name(names[sent.sender]),
    )  # fmt: skip


def all_parts(tx: Tx, packet_id: str) -> dict[str, Money] | None:
    """Who has which part of a packet that has ended, for ever; none of one of which somebody may still take."""
    standing = store.standing(tx, [packet_id]).get(packet_id)
    if standing is None or standing.ended_at is None:
        return None
    claims = store.claims(tx, packet_id, red_packets.MOST_SHARES)
    return {each["claimer"]: Money(each["minor"], standing.currency) for each in claims}


@question("packets.sent", permission="payments:read", whose=of("party_id"))
def sent(tx: Tx, party_id: Id, before: Cursor = "", limit: PageSize = 20) -> list[PacketLine]:
    """Packets that a person sent, the latest first; continue with ``before`` the last id."""
    ids = store.sent(tx, party_id, before, limit)
    found, standing = store.find(tx, ids), store.standing(tx, ids)
    return [_line(tx, found[each], standing[each], found[each].total, found[each].sent_at) for each in ids]


@question("packets.taken", permission="payments:read", whose=of("party_id"))
def taken(tx: Tx, party_id: Id, before: Instant | None = None, limit: PageSize = 20) -> list[PacketLine]:
    """Parts that a person took, the latest first; continue with ``before`` the moment of the last."""
    claims = store.taken(tx, party_id, before, limit)
    ids = [each["packet_id"] for each in claims]
    found, standing = store.find(tx, ids), store.standing(tx, ids)
    names = parties.parties(tx, sorted({each.sender for each in found.values()}))
    lines = []
    for each in claims:
        sent = found[each["packet_id"]]
        part = Money(each["minor"], sent.total.currency)
        lines.append(_line(tx, sent, standing[sent.id], part, each["claimed_at"], shown_name(names[sent.sender])))
    return lines


def _line(tx: Tx, sent: Packet, standing: Standing, amount: Money, at: Instant, sender: str = "") -> PacketLine:
    state = standing.state(tx.now)
    return PacketLine(sent.id, sent.kind, state, sent.greeting, sent.shares, standing.taken, amount, at, sender)


@question("packets.paper", permission=PUBLIC, whose=NOBODYS)
def paper_of(tx: Tx, packet_id: Id) -> Paper:
    """The paper by which anybody checks how a packet was split, without a name in it. While the packet is open it says the
    commitment alone; afterwards the seed, each part that was taken and when, and what went back. Refuses ``packets.unknown``."""
    sent, standing = _there(tx, packet_id)
    ended = standing.ended_at is not None
    currency = sent.total.currency
    parts = tuple(
        Part(each["place"], Money(each["minor"], currency), each["claimed_at"])
        for each in (store.claims(tx, packet_id, red_packets.MOST_SHARES) if ended else ())
    )
    return Paper(
        paper.FORMAT, packet_id, sent.kind, sent.total, sent.shares, sent.commitment, standing.seed.hex() if ended else None,
        parts, Money(standing.left, currency) if ended else None,
    )  # fmt: skip
