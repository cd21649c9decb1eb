"""Decide about red packets: who may lay one out, who takes which part, and what goes back. Pure.

Order of checks of a grab: the packet, what the claimer has of it already, whether it is gone or over, one's own, for whom it is;
then the claimer: known, an open wallet, what may be held and taken by whom nobody confirmed. The first three, once true, stay
true for ever, so that whoever remembers them may answer without asking again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from farthing.kit.errors import InvariantBroken, Refusal, conflict, declined, forbidden, malformed, not_found
from farthing.kit.ids import bare
from farthing.kit.money import Money, positive
from farthing.kit.printable import unprintable
from farthing.ledger.model import MOST_POSTINGS, JournalEntry, Posting
from farthing.payments.packets import draw
from farthing.payments.packets.model import Grab, Kind, Packet, SendPacket, State
from farthing.payments.wallets import PACKET, PACKET_BACK, PACKET_SENT, wallet_path
from farthing.products.red_packets import MOST_SHARES, Lowest, RedPackets

LONGEST_GREETING = 30

TOO_SMALL = malformed(
    "packets.too_small",
    "{total} in {shares} parts leaves less than {least} for one of them; give more, or make fewer parts.",
    "{total} 分成 {shares} 份，每份不足 {least}；请增加金额或减少个数。",
)
BAD_SHARES = malformed(
    "packets.bad_shares",
    "A packet has 1 to {most} parts; {shares} were given.",
    "红包个数须为 1 至 {most}；收到 {shares}。",
)
BAD_GREETING = malformed(
    "packets.bad_greeting",
    "A greeting is at most {most} printable characters.",
    "祝福语至多 {most} 个可见字符。",
)
FOREIGN = malformed(
    "packets.foreign_currency",
    "Red packets are sent in {home}, not in {currency}.",
    "红包只能以 {home} 发放，不能使用 {currency}。",
)
MORE_THAN_PEOPLE = malformed(
    "packets.more_than_people",
    "{shares} parts are for {people} people, each of whom takes one; make as many parts, or fewer.",
    "共 {shares} 份，而指定的领取人只有 {people} 位，每人一份；请减少个数。",
)
TOO_MANY_SHARES = declined(
    "packets.too_many_shares",
    "A packet has at most {most} parts ({article}); {shares} were asked for.",
    "红包个数至多 {most} 个（{article_zh}）；申请 {shares} 个。",
)
TOO_LARGE = declined(
    "packets.too_large",
    "The parts of a packet come to at most {most} on average ({article}); these come to {figure}.",
    "红包平均每份至多 {most}（{article_zh}）；此红包为 {figure}。",
)
TOO_MUCH_A_DAY = declined(
    "packets.too_much_a_day",
    "Red packets of one sender come to at most {most} in a day ({article}); {gone} went already.",
    "每人每日发红包合计至多 {most}（{article_zh}）；今日已发 {gone}。",
)
NOT_KNOWN_ENOUGH = declined(
    "packets.sender_level",
    "Whoever sends a red packet is confirmed ({article}); confirm your identity first, on the page or at a counter.",
    "发红包须先完成身份核实（{article_zh}）；请先在页面或柜台核实身份。",
)
UNKNOWN = not_found(
    "packets.unknown",
    "There is no red packet here; ask for the link again.",
    "没有这个红包；请向发红包的人重新索取链接。",
)
TAKEN_BEFORE = conflict(
    "packets.taken_before",
    "You have {amount} of this packet already; everybody takes one part.",
    "您已领取过此红包（{amount}）；每人只能领取一次。",
)
GONE = declined("packets.gone", "Every part of this packet is taken.", "红包已被领完。")
OVER = declined(
    "packets.over",
    "The time of this packet is over; what was left went back to its sender.",
    "红包已过期，未领取的金额已退回。",
)
OWN = declined("packets.own", "This is your own packet; it is for others.", "这是您自己发的红包，须由他人领取。")
NOT_FOR_YOU = forbidden(
    "packets.not_for_you", "This packet is for people whom its sender chose.", "此红包仅限发红包的人指定的人领取。"
)
NOBODY = not_found(
    "packets.claimer_unknown", "Nobody is known here as {claimer}; register first.", "没有客户 {claimer}；请先登记。"
)
NO_OPEN_WALLET = declined(
    "packets.wallet_closed",
    "Your wallet is closed; have it opened again before you take a packet.",
    "您的钱包已停用；请先恢复钱包再领取红包。",
)
HOLDS_TOO_MUCH = declined(
    "packets.wallet_full",
    "Nobody has confirmed you yet: your wallet holds at most {most} until then ({article}), and with this packet it would hold "
    "{figure}. Confirm your identity; the packet waits until {until}.",
    "您的身份尚未核实，钱包余额至多 {most}（{article_zh}），领取后将达 {figure}。请先核实身份；红包保留至 {until}。",
)
TAKES_TOO_MUCH = declined(
    "packets.taken_in_all",
    "Nobody has confirmed you yet: red packets come to at most {most} in all until then ({article}), and with this one they "
    "would come to {figure}. Confirm your identity; the packet waits until {until}.",
    "您的身份尚未核实，累计领取红包至多 {most}（{article_zh}），领取后将达 {figure}。请先核实身份；红包保留至 {until}。",
)


def total_of(command: SendPacket) -> Money:
    """What a packet comes to: of a normal one each gets the amount."""
    return command.amount * command.shares if command.kind == "normal" else command.amount


def check_sent(command: SendPacket, home: str, people: int) -> Money:
    """Refuse a packet that cannot be, before any law is asked; answers what it comes to."""
    positive(command.amount)
    if command.amount.currency != home:
        raise FOREIGN(home=home, currency=command.amount.currency)
    if not 1 <= command.shares <= MOST_SHARES:
        raise BAD_SHARES(most=MOST_SHARES, shares=command.shares)
    if len(command.greeting) > LONGEST_GREETING or unprintable(command.greeting) is not None:
        raise BAD_GREETING(most=LONGEST_GREETING)
    total = total_of(command)
    if total.minor < command.shares:
        raise TOO_SMALL(total=str(total), shares=command.shares, least=str(Money(1, home)))
    if people and command.shares > people:
        raise MORE_THAN_PEOPLE(shares=command.shares, people=people)
    return total


def check_law(law: RedPackets | None, total: Money, shares: int, level: int) -> None:
    """Refuse what the law in force does not allow of one packet. A limit in another currency says nothing of it."""
    if law is None:
        return
    article = {"article": law.article.en, "article_zh": law.article.zh}
    if level < law.sender_level_min:
        raise NOT_KNOWN_ENOUGH(**article)
    if shares > law.shares_max:
        raise TOO_MANY_SHARES(most=law.shares_max, shares=shares, **article)
    if law.each_max.currency == total.currency and total.minor > law.each_max.minor * shares:
        raise TOO_LARGE(most=str(law.each_max), figure=str(Money(-(-total.minor // shares), total.currency)), **article)


def check_day(law: RedPackets | None, total: Money, before: int) -> None:
    """Refuse beyond what one sender lays out in a business day; ``before``: what went today besides this packet."""
    if law is not None and law.day_max.currency == total.currency and before + total.minor > law.day_max.minor:
        raise TOO_MUCH_A_DAY(
            most=str(law.day_max),
            gone=str(Money(before, total.currency)),
            article=law.article.en,
            article_zh=law.article.zh,
        )


def account_of(packet_id: str) -> str:
    """The escrow of one packet: client money, and what nobody has taken of it."""
    return f"liabilities:escrow:packets:{bare(packet_id)}"


def sent_entry(packet: Packet, on: date, home: str) -> JournalEntry:
    """Lay a packet's money aside.

    liabilities:wallets:SENDER   total
        liabilities:escrow:packets:PACKET  -total
    """
    wallet = wallet_path(packet.sender, packet.total.currency, home)
    lines = (Posting(wallet, packet.total), Posting(account_of(packet.id), -packet.total))
    return JournalEntry(f"packet:{bare(packet.id)}:sent", PACKET_SENT, on, lines, packet.greeting)


def sent_seen(command: SendPacket, done: Packet) -> dict[str, Any]:
    """What whoever confirms a packet must have seen."""
    return {
        "kind": done.kind, "total": done.total, "shares": done.shares, "greeting": done.greeting, "people": done.members,
        "hours": int((done.ends_at - done.sent_at).total_seconds() // 3600),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """A packet as a grab finds it, with its seed."""

    id: str
    sender: str
    kind: Kind
    currency: str
    total_minor: int
    shares: int
    greeting: str
    members: int
    seed: bytes
    taken: int
    ends_at: datetime
    ended_at: datetime | None

    @property
    def parts(self) -> tuple[int, ...]:
        """What each place gets, in minor units."""
        return draw.parts(self.kind, self.total_minor, self.shares, self.seed)

    @property
    def left(self) -> int:
        """What nobody has taken, in minor units."""
        return sum(self.parts[self.taken :])

    def state(self, now: datetime) -> State:
        """How it stands; one whose time is over has ended, also before the rest is back."""
        if self.taken == self.shares:
            return "gone"
        return "returned" if self.ended_at is not None or self.ends_at <= now else "open"


@dataclass(slots=True)
class Room:
    """What one whom nobody confirmed holds, and has taken of packets in all, in minor units."""

    holds: int
    taken: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What is there when grabs are decided. ``rooms``: of claimers whom nobody confirmed alone."""

    packets: Mapping[str, Standing]
    claims: Mapping[tuple[str, str], int]
    members: frozenset[tuple[str, str]]
    known: frozenset[str]
    closed: frozenset[str]
    rooms: Mapping[str, Room]
    lowest: Lowest | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Won:
    """A part that a grab gets."""

    packet_id: str
    claimer: str
    place: int
    minor: int


@dataclass(slots=True)
class _Fold:
    """What the grabs before one in the same batch have come to."""

    facts: Facts
    places: dict[str, int] = field(default_factory=dict)
    claims: dict[tuple[str, str], int] = field(default_factory=dict)

    def one(self, grab: Grab) -> Won:
        packet = self.facts.packets.get(grab.packet_id)
        if packet is None:
            raise UNKNOWN()
        key, taken = (grab.packet_id, grab.claimer), self.places.get(grab.packet_id, packet.taken)
        had = self.facts.claims.get(key) or self.claims.get(key)
        if had is not None:
            raise TAKEN_BEFORE(amount=str(Money(had, packet.currency)))
        self._check(packet, grab.claimer, taken)
        minor = packet.parts[taken]
        self._fits(packet, grab.claimer, minor)
        self.places[packet.id], self.claims[key] = taken + 1, minor
        return Won(packet.id, grab.claimer, taken + 1, minor)

    def _check(self, packet: Standing, claimer: str, taken: int) -> None:
        facts = self.facts
        if taken == packet.shares:
            raise GONE()
        if packet.ended_at is not None or packet.ends_at <= facts.now:
            raise OVER()
        if claimer == packet.sender:
            raise OWN()
        if packet.members and (packet.id, claimer) not in facts.members:
            raise NOT_FOR_YOU()
        if claimer not in facts.known:
            raise NOBODY(claimer=claimer)
        if claimer in facts.closed:
            raise NO_OPEN_WALLET()

    def _fits(self, packet: Standing, claimer: str, minor: int) -> None:
        """Refuse what whom nobody confirmed may not hold or take; count what is let through."""
        room, lowest = self.facts.rooms.get(claimer), self.facts.lowest
        if room is None or lowest is None or lowest.hold_max.currency != packet.currency:
            return
        said = {"article": lowest.article.en, "article_zh": lowest.article.zh, "until": packet.ends_at}
        if room.holds + minor > lowest.hold_max.minor:
            raise HOLDS_TOO_MUCH(
                most=str(lowest.hold_max), figure=str(Money(room.holds + minor, packet.currency)), **said
            )
        if room.taken + minor > lowest.life_max.minor:
            raise TAKES_TOO_MUCH(
                most=str(lowest.life_max), figure=str(Money(room.taken + minor, packet.currency)), **said
            )
        room.holds += minor
        room.taken += minor


def decide(grabs: Sequence[Grab], facts: Facts) -> list[Won | Refusal]:
    """What each grab comes to, in the order in which they came; twice the same in one batch is taken once."""
    fold, answers = _Fold(facts), list[Won | Refusal]()
    for grab in grabs:
        try:
            answers.append(fold.one(grab))
        except Refusal as refusal:
            answers.append(refusal)
    return answers


@dataclass(frozen=True, slots=True)
class Group:
    """Parts of one packet that one entry pays; it is named by the first place."""

    packet: Standing
    won: tuple[Won, ...]

    @property
    def first(self) -> int:
        """The first place."""
        return self.won[0].place


def groups(won: Sequence[Won], packets: Mapping[str, Standing]) -> list[Group]:
    """What was won, packet by packet, in entries that the ledger takes."""
    by_packet: dict[str, list[Won]] = {}
    for each in won:
        by_packet.setdefault(each.packet_id, []).append(each)
    most = MOST_POSTINGS - 1
    return [
        Group(packets[packet_id], tuple(some[at : at + most]))
        for packet_id, some in by_packet.items()
        for at in range(0, len(some), most)
    ]


def entry_reference(packet_id: str, first: int) -> str:
    """The reference of the entry that paid the parts from a place on."""
    return f"packet:{bare(packet_id)}:{first}"


def paid_entry(group: Group, on: date, home: str) -> JournalEntry:
    """Pay parts out of a packet, many in one entry.

    liabilities:escrow:packets:PACKET  what they come to
        liabilities:wallets:CLAIMER    -part, for each
    """
    packet, currency = group.packet, group.packet.currency
    whole = Money(sum(each.minor for each in group.won), currency)
    lines = [Posting(wallet_path(each.claimer, currency, home), Money(-each.minor, currency)) for each in group.won]
    escrow = Posting(account_of(packet.id), whole)
    return JournalEntry(entry_reference(packet.id, group.first), PACKET, on, (escrow, *lines), packet.greeting)


def back_entry(packet: Standing, on: date, home: str) -> JournalEntry:
    """Give what nobody took back to the sender.

    liabilities:escrow:packets:PACKET  what is left
        liabilities:wallets:SENDER     -what is left
    """
    left, currency = packet.left, packet.currency
    if left <= 0:
        raise InvariantBroken(f"{packet.id} has nothing left and did not end")
    escrow, wallet = account_of(packet.id), wallet_path(packet.sender, currency, home)
    lines = (Posting(escrow, Money(left, currency)), Posting(wallet, Money(-left, currency)))
    return JournalEntry(f"packet:{bare(packet.id)}:back", PACKET_BACK, on, lines, packet.greeting)
