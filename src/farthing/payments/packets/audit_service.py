"""Run the verification of red packets: each split drawn again, and the claims met with the books, part by part. Never writes.

A packet's claims and its escrow tell the same thing twice. From the seed come the parts, from the parts and claims every entry
that may have touched the escrow; what is missing, what is there besides, and what is another is named by packet and claim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from farthing.db.tx import Row, Tx
from farthing.kit.findings import Audit, Finding, compared
from farthing.ledger import service as ledger
from farthing.ledger.model import JournalEntry, Posted
from farthing.payments.packets import draw, rules, store
from farthing.payments.packets.model import Packet
from farthing.payments.packets.rules import Group, Standing, Won

PAGE = 200


@dataclass(frozen=True, slots=True)
class PacketAudit(Audit):
    """What a verification of red packets counted and found."""

    packets: int
    claims: int


def verify_packets(tx: Tx) -> PacketAudit:
    """Derive every packet again. ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``)."""
    found, after, counts = list[Finding](), "", [0, 0]
    while ids := store.page(tx, after, PAGE):
        found += compared("packet", ids, lambda ids: _packets(tx, ids, counts))
        after = ids[-1]
    found += [Finding("packet", each, "its claims have no packet") for each in store.strays(tx)]
    return PacketAudit(counts[0], counts[1], findings=tuple(found))


def _packets(tx: Tx, ids: list[str], counts: list[int]) -> list[Finding]:
    sent, standing, claims = store.find(tx, ids), store.standing(tx, ids), store.claims_of(tx, ids)
    moved = ledger.movements(tx, [rules.account_of(each) for each in ids])
    known = [each for each in ids if each in sent and each in standing]
    entries = {each: _expected(tx, sent[each], standing[each], claims.get(each, [])) for each in known}
    posted = ledger.found_by_id(tx, [entry.id for some in entries.values() for entry in some])
    books = {each.reference: each for each in posted.values()}
    found = [Finding("packet", each, "nothing says how far it is taken") for each in ids if each not in entries]
    for each in known:
        rows, lines = claims.get(each, []), moved.get(rules.account_of(each), [])
        found += _split(sent[each], standing[each], rows)
        found += _books(each, entries[each], books, lines)
    counts[0], counts[1] = counts[0] + len(ids), counts[1] + sum(map(len, claims.values()))
    return found


def _split(sent: Packet, packet: Standing, claims: Sequence[Row]) -> list[Finding]:
    """Where a packet is not what its seed makes of it, or its claims are not its first parts, each once."""
    found = list[str]()
    if draw.commitment(sent.id, sent.kind, sent.total, sent.shares, packet.seed) != sent.commitment:
        found.append("its commitment is to another seed or another packet")
    if [each["place"] for each in claims] != list(range(1, packet.taken + 1)):
        found.append(f"{len(claims)} claims are there and {packet.taken} parts are taken")
    for each in claims:
        drawn = packet.parts[each["place"] - 1] if each["place"] <= packet.shares else 0
        if each["minor"] != drawn:
            found.append(f"claim of {each['claimer']}: {each['minor']} minor units, and the seed gives {drawn}")
        if each["claimer"] == sent.sender:
            found.append("its sender took of it")
    if packet.taken == packet.shares and packet.ended_at is None:
        found.append("every part is taken and it has not ended")
    return [Finding("packet", sent.id, problem) for problem in found]


def _expected(tx: Tx, sent: Packet, packet: Standing, claims: Sequence[Row]) -> list[JournalEntry]:
    """Every entry that touched a packet's escrow, as its claims tell."""
    groups: dict[int, list[Won]] = {}
    for each in claims:
        groups.setdefault(each["entry"], []).append(Won(sent.id, each["claimer"], each["place"], each["minor"]))
    on = tx.business_date
    found = [rules.sent_entry(sent, on, tx.home)]
    found += [rules.paid_entry(Group(packet, tuple(won)), on, tx.home) for won in groups.values()]
    if packet.ended_at is not None and packet.taken < packet.shares:
        found.append(rules.back_entry(packet, on, tx.home))
    return found


def _books(
    packet_id: str, expected: Sequence[JournalEntry], books: Mapping[str, Posted], moved: Sequence[tuple[str, int, int]]
) -> list[Finding]:
    """Where the books and the claims disagree: by part where an entry pays another, else by what moved the escrow."""
    found = list[str]()
    for entry in expected:
        there = books.get(entry.reference)
        if there is None:
            found.append(f"the entry {entry.reference} is not in the books")
        elif sorted(_lines(there.entry)) != sorted(_lines(entry)):
            other = sorted(set(_lines(entry)) ^ set(_lines(there.entry)))
            found.append(f"the entry {entry.reference} pays otherwise than the claims say: {other[0][0]}")
    escrow = rules.account_of(packet_id)
    wanted = sorted((entry.kind, _own(entry, escrow)) for entry in expected)
    if sorted((kind, minor) for kind, minor, _ in moved) != wanted:
        found.append(f"its escrow was moved otherwise than by {len(expected)} entries of its own")
    return [Finding("packet", packet_id, problem) for problem in found]


def _lines(entry: JournalEntry) -> list[tuple[str, int, str]]:
    return [(each.account, each.amount.minor, each.amount.currency) for each in entry.postings]


def _own(entry: JournalEntry, path: str) -> int:
    return -sum(each.amount.minor for each in entry.postings if each.account == path)
