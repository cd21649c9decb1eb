"""A red packet from its sender to whoever takes a part, and the rest of it back: exact to the fen, nobody twice, nobody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from farthing.identity.rules import actor_of
from farthing.kernel.day import close_day
from farthing.kit.errors import Refusal
from farthing.kit.money import Money, total
from farthing.ledger import service as ledger
from farthing.ledger.guards import Guard
from farthing.parties import service as parties
from farthing.payments.packets import ending_service as ending
from farthing.payments.packets import paper, rules
from farthing.payments.packets import service as packets
from farthing.payments.packets.gateway_service import Gateway
from farthing.payments.packets.grabbing_service import grab, grab_many
from farthing.payments.packets.model import Grab, GrabMany, Packet, SendPacket
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee
from tests.conftest import Bank
from tests.parties.people import register_person
from tests.payments.packets.people import Street, herself, street, yuan

GATEWAY = actor_of("gateway:test", "gateway", None)


@pytest.fixture
def people(bank: Bank) -> Street:
    return street(bank)


def escrow(people: Street, packet: Packet) -> Money:
    found: Money = people.bank.read(lambda tx: ledger.balance(tx, rules.account_of(packet.id))).owed()
    return found


def test_a_lucky_packet_goes_to_whoever_comes_first_and_comes_to_its_whole(people: Street) -> None:
    packet = people.send("10.00", 3, greeting="新年快乐")
    assert escrow(people, packet) == yuan("10.00") and people.holds(people.sender) == yuan("490.00")
    got = [people.grab(packet, each) for each in people.friends[:3]]
    assert [each.place for each in got] == [1, 2, 3]
    assert total([each.amount for each in got], "CNY") == yuan("10.00")
    assert [people.holds(each) for each in people.friends[:3]] == [each.amount for each in got]
    assert escrow(people, packet).minor == 0
    assert people.refused(packet, people.friends[3]) == "packets.gone"


def test_of_a_normal_packet_each_gets_the_amount(people: Street) -> None:
    packet = people.send("1.68", 4, "normal")
    assert packet.total == yuan("6.72")
    assert [people.grab(packet, each).amount for each in people.friends] == [yuan("1.68")] * 4


def test_nobody_takes_twice_whatever_the_key(people: Street) -> None:
    packet, friend = people.send(), people.friends[0]
    got = people.grab(packet, friend, key="one")
    assert people.grab(packet, friend, key="one") == got
    assert people.refused(packet, friend) == "packets.taken_before"
    assert people.holds(friend) == got.amount


def test_a_packet_sent_twice_under_one_key_is_sent_once(people: Street) -> None:
    command = SendPacket(people.sender, "lucky", yuan("10.00"), 3)
    one, again = (people.bank.run(packets.send, command, actor=herself(people.sender), key="k") for _ in range(2))
    assert one == again and people.holds(people.sender) == yuan("490.00")


def test_what_nobody_took_goes_back_after_a_day(people: Street) -> None:
    packet = people.send("10.00", 3)
    got = people.grab(packet, people.friends[0])
    people.later(23.9)
    ending.watch(people.bank.kernel)
    assert people.holds(people.sender) == yuan("490.00"), "not before its time"
    people.later(0.2)
    assert people.refused(packet, people.friends[1]) == "packets.over", "too late, also before the rest is back"
    ending.watch(people.bank.kernel)
    ending.watch(people.bank.kernel)
    assert people.holds(people.sender) == yuan("500.00") - got.amount
    assert escrow(people, packet).minor == 0
    assert people.refused(packet, people.friends[1]) == "packets.over"


def test_the_close_of_a_day_gives_back_what_no_worker_did(people: Street) -> None:
    people.send("10.00", 3)
    for left in ("490.00", "490.00", "500.00"):  # it was sent at nine: at the second midnight its day is over
        close_day(people.bank.kernel)
        assert people.holds(people.sender) == yuan(left)


def test_a_packet_waits_for_its_senders_wallet(people: Street) -> None:
    packet = people.send("10.00", 3)
    other = people.bank.read(lambda tx: packets.packet(tx, people.sender, packet.id), actor=herself(people.sender))
    assert other.state == "open"
    with people.bank.superuser() as connection:
        connection.execute(
            "UPDATE account SET closed_at = now() WHERE path LIKE 'liabilities:wallets:%%' AND balance <> 0"
        )
        people.later(25)
        ending.watch(people.bank.kernel)
        assert escrow(people, packet) == yuan("10.00")
        connection.execute("UPDATE account SET closed_at = NULL")
    ending.watch(people.bank.kernel)
    assert people.holds(people.sender) == yuan("500.00")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ({"amount": Money(2, "CNY"), "shares": 3}, "packets.too_small"),
        ({"amount": Money(0, "CNY")}, "money.not_positive"),
        ({"amount": Money(-5, "CNY")}, "money.not_positive"),
        ({"shares": 0}, "packets.bad_shares"),
        ({"shares": 100_001}, "packets.bad_shares"),
        ({"shares": 101}, "packets.too_many_shares"),
        ({"amount": Money(600_01, "CNY"), "shares": 3}, "packets.too_large"),
        ({"amount": Money(200_01, "CNY"), "shares": 1, "kind": "normal"}, "packets.too_large"),
        ({"amount": Money(500_000_01 // 100, "CNY"), "shares": 100}, "ledger.insufficient_funds"),
        ({"amount": Money(10_00, "EUR")}, "packets.foreign_currency"),
        ({"greeting": "福" * 31}, "packets.bad_greeting"),
        ({"to": ("payee_nobody",)}, "packets.more_than_people"),
        ({"to": ("payee_nobody",), "shares": 1}, "payments.payee_changed"),
    ],
)
def test_a_packet_that_cannot_be_is_refused_and_moves_nothing(
    people: Street, command: dict[str, object], code: str
) -> None:
    wanted = {"sender": people.sender, "kind": "lucky", "amount": yuan("10.00"), "shares": 3, **command}
    with pytest.raises(Refusal) as caught:
        people.bank.run(packets.send, SendPacket(**wanted), actor=herself(people.sender))
    assert caught.value.code == code
    assert people.holds(people.sender) == yuan("500.00")


def test_a_sender_lays_out_so_much_a_day_and_is_known_well_enough(people: Street, bank: Bank) -> None:
    with bank.superuser() as connection:
        connection.execute("UPDATE packet SET total_minor = total_minor")  # nothing is there yet
        packet = people.send("100.00", 3)
        connection.execute("UPDATE packet SET total_minor = 499999 WHERE id = %s", [packet.id])
        with pytest.raises(Refusal) as caught:
            people.send("0.02", 1)
        assert caught.value.code == "packets.too_much_a_day"
        people.send("0.01", 1)
        connection.execute("UPDATE party SET level_until = '{9999-12-31}' WHERE id = %s", [people.sender])
    with pytest.raises(Refusal) as caught:
        people.send("0.01", 1)
    assert caught.value.code == "packets.sender_level"


def chosen(people: Street, friend: str) -> str:
    phone = people.bank.read(lambda tx: parties.party(tx, friend)).phone
    found = people.bank.run(payees.find_payee, FindPayee(people.sender, phone), actor=herself(people.sender))
    return str(payees.require_found(found).id)


def test_a_packet_for_chosen_people_is_for_nobody_else(people: Street) -> None:
    friend, other = people.friends[:2]
    packet = people.send("5.00", 1, "normal", to=(chosen(people, friend),))
    assert people.refused(packet, other) == "packets.not_for_you"
    with pytest.raises(Refusal) as caught:
        people.bank.kernel.ask(packets.packet, other, packet.id, actor=herself(other))
    assert caught.value.code == "packets.not_for_you"
    assert people.refused(packet, people.sender) == "packets.own"
    assert people.grab(packet, friend).amount == yuan("5.00")


def test_nobody_grabs_for_another(people: Street) -> None:
    packet = people.send()
    with pytest.raises(Refusal) as caught:
        people.bank.run(grab, Grab(packet.id, people.friends[0]), actor=herself(people.friends[1]))
    assert caught.value.code == "kernel.not_yours"
    with pytest.raises(Refusal) as caught:
        people.bank.run(grab_many, GrabMany((Grab(packet.id, people.friends[0]),)), actor=herself(people.friends[0]))
    assert caught.value.code == "kernel.forbidden"
    assert people.refused(Packet(**{**vars_of(packet), "id": "packet_nobody"}), people.friends[0]) == "packets.unknown"


def vars_of(packet: Packet) -> dict[str, object]:
    return {name: getattr(packet, name) for name in Packet.__dataclass_fields__}


def test_whoever_has_no_wallet_gets_one_at_the_lowest_level(people: Street, bank: Bank) -> None:
    newcomer = register_person(bank, 40)
    packet = people.send("20.00", 3)
    got = people.grab(packet, newcomer.id)
    assert people.holds(newcomer.id) == got.amount
    assert bank.read(lambda tx: parties.party(tx, newcomer.id)).verification_level == 0


def test_whom_nobody_confirmed_holds_and_takes_what_the_law_lets(people: Street, bank: Bank) -> None:
    newcomer = register_person(bank, 40).id
    first = people.send("1.00", 1)
    people.grab(first, newcomer)
    with bank.superuser() as connection:
        connection.execute("UPDATE packet_claim SET minor = 99950 WHERE claimer = %s", [newcomer])
        small, large = people.send("0.50", 1), people.send("0.51", 1)
        assert people.refused(large, newcomer) == "packets.taken_in_all"
        assert people.grab(small, newcomer).amount == yuan("0.50")
        connection.execute("UPDATE packet_claim SET minor = 1 WHERE claimer = %s", [newcomer])
        connection.execute("UPDATE account SET balance = -199999 WHERE path LIKE %s", [f"%{newcomer[6:]}"])
        assert people.refused(people.send("0.02", 1), newcomer) == "packets.wallet_full"
        connection.execute("UPDATE party SET level_until = '{9999-12-31,9999-12-31}' WHERE id = %s", [newcomer])
    assert people.grab(large, newcomer).amount == yuan("0.51"), "confirmed: the packet waited"


def test_many_grabs_are_answered_each_for_itself(people: Street) -> None:
    packet, other = people.send("10.00", 2), people.send("3.00", 1, "normal")
    one, two, three, four = people.friends
    wanted = [
        Grab(packet.id, one), Grab(other.id, one), Grab(packet.id, one), Grab("packet_nobody", one),
        Grab(packet.id, people.sender), Grab(packet.id, "party_nobody"), Grab(packet.id, two), Grab(packet.id, three),
        Grab(other.id, four),
    ]  # fmt: skip
    done = people.bank.run(grab_many, GrabMany(tuple(wanted)), actor=GATEWAY).answers
    assert [each.code.removeprefix("packets.") for each in done] == [
        "", "", "taken_before", "unknown", "own", "claimer_unknown", "", "gone", "gone",
    ]  # fmt: skip
    assert done[2].amount == done[0].amount and done[0].amount + done[6].amount == yuan("10.00")
    assert people.holds(one) == done[0].amount + yuan("3.00")
    entry = people.bank.read(lambda tx: ledger.entry(tx, rules.entry_reference(packet.id, 1))).entry
    assert len(entry.postings) == 3, "one entry a packet and batch, however many took of it"


def test_a_gateway_answers_from_memory_what_never_becomes_untrue(people: Street) -> None:
    packet = people.send("10.00", 2)
    one, two, three, _ = people.friends
    asked: list[int] = []
    desk = Gateway(people.bank.kernel)
    run = people.bank.kernel.run

    def counted(function: object, command: GrabMany, **more: object) -> object:
        asked.append(len(command.grabs))
        return run(function, command, **more)

    people.bank.kernel.run = counted  # type: ignore[method-assign]
    first = desk.grab([Grab(packet.id, one)], GATEWAY, desk.work).answers[0]
    again = desk.grab([Grab(packet.id, one), Grab(packet.id, two)], GATEWAY, desk.work).answers
    assert again[0].amount == first.amount and again[0].code == "packets.taken_before" and asked == [1, 1]
    late = desk.grab([Grab(packet.id, three), Grab(packet.id, two)], GATEWAY, desk.work).answers
    assert [each.code for each in late] == ["packets.gone", "packets.taken_before"] and asked == [1, 1, 1]
    late = desk.grab([Grab(packet.id, people.sender), Grab(packet.id, one)], GATEWAY, desk.work).answers
    assert [each.code for each in late] == ["packets.gone", "packets.taken_before"] and asked == [1, 1, 1]
    fresh = Gateway(people.bank.kernel)
    assert fresh.grab([Grab(packet.id, each) for each in (three, two)], GATEWAY, fresh.work).answers == (
        late[0],
        fresh_answer(late, again),
    )
    with pytest.raises(Refusal) as caught:
        desk.grab([Grab(packet.id, one)], herself(one), desk.work)
    assert caught.value.code == "kernel.forbidden"


def fresh_answer(late: object, again: object) -> object:
    """What another process says of the second: the same amount, and that she has it already."""
    (_, second) = again  # type: ignore[misc]
    return type(second)(second.amount, "packets.taken_before")


def test_a_gateway_forgets_the_packets_longest_unasked(people: Street) -> None:
    desk = Gateway(people.bank.kernel, most=2)
    made = [people.send("1.00", 1) for _ in range(3)]
    for each in made:
        desk.grab([Grab(each.id, people.friends[0])], GATEWAY, desk.work)
    assert list(desk._known) == [each.id for each in made[1:]]
    assert (
        desk.grab([Grab(made[0].id, people.friends[0])], GATEWAY, desk.work).answers[0].code == "packets.taken_before"
    )


def test_two_processes_never_give_more_than_there_is(people: Street) -> None:
    """Eight threads at once, each with a transaction of its own: as two servers would be."""
    packet = people.send("10.00", 3)
    wanted = [each for each in people.friends for _ in range(4)]

    def one(claimer: str) -> int:
        try:
            return people.grab(packet, claimer).amount.minor
        except Refusal as refusal:
            assert refusal.code in ("packets.gone", "packets.taken_before")
            return 0

    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(one, wanted))
    assert sum(got) == 1_000 and sum(1 for each in got if each) == 3
    assert sum(people.holds(each).minor for each in people.friends) == 1_000


def test_taking_and_giving_back_never_race(people: Street) -> None:
    """Grabs that began in time and the return that is due meet at one row; whichever is second finds it as the first left it."""
    for _ in range(5):
        packet = people.send("10.00", 4)
        before = people.holds(people.sender)
        with ThreadPoolExecutor(5) as pool:
            tries = [pool.submit(_try, people, packet, each) for each in people.friends]
            with people.bank.superuser() as connection:
                connection.execute(
                    "UPDATE packet_taken SET ends_at = now() - interval '100 years' WHERE id = %s", [packet.id]
                )
            ending.watch(people.bank.kernel)
            taken = sum(each.result() for each in tries)
        ending.watch(people.bank.kernel)
        assert people.holds(people.sender) == before + Money(1_000 - taken, "CNY")
        assert escrow(people, packet).minor == 0


def _try(people: Street, packet: Packet, claimer: str) -> int:
    try:
        return people.grab(packet, claimer).amount.minor
    except Refusal as refusal:
        assert refusal.code == "packets.over"
        return 0


def test_a_packet_shows_its_winners_to_those_who_have_part_in_it(people: Street) -> None:
    packet = people.send("10.00", 2, greeting="谢谢大家")
    one, two, three, _ = people.friends

    def seen(party: str) -> object:
        return people.bank.kernel.ask(packets.packet, party, packet.id, actor=herself(party))

    people.grab(packet, one)
    before = seen(two)
    assert (before.state, before.taken, before.total, before.winners, before.yours) == ("open", 1, None, (), None)
    people.grab(packet, two)
    mine, stranger, sender = seen(one), seen(three), seen(people.sender)
    assert stranger.winners == () and stranger.state == "gone"
    assert [each.luckiest for each in mine.winners].count(True) == 1 and mine.total == yuan("10.00")
    assert max(mine.winners, key=lambda each: each.amount.minor).luckiest
    assert sender.winners == mine.winners and sender.own and {each.name for each in mine.winners} == {"*美"}
    lists = (
        people.bank.kernel.ask(packets.taken, one, actor=herself(one)),
        people.bank.kernel.ask(packets.sent, people.sender, actor=herself(people.sender)),
    )
    assert [[each.id for each in one] for one in lists] == [[packet.id], [packet.id]]


def test_the_seed_is_told_when_nobody_can_take_any_more_and_proves_the_split(people: Street) -> None:
    packet = people.send("10.00", 3)
    people.grab(packet, people.friends[0])

    def told() -> object:
        return people.bank.kernel.ask(packets.paper_of, packet.id)

    assert (told().seed, told().parts, told().commitment) == (None, (), packet.commitment)
    people.later(25)
    assert told().seed is None, "its time is over, and it has not ended"
    ending.watch(people.bank.kernel)
    checked = paper.check(told())
    assert (checked.parts, checked.differs) == (1, ())
    assert "party_" not in str(told())


def test_a_packets_money_is_client_money(people: Street, bank: Bank) -> None:
    """The guard counts the escrow of packets as it counts wallets: money moves between the two and the margin stays."""
    guard = Guard("covered", "covered", "CNY", 500_00, (("liabilities:wallets:*", -1), ("liabilities:escrow:*", -1)))
    bank.kernel.tidy(lambda tx: ledger.install_guards(tx, [guard]))

    def margin() -> int:
        return next(each.figure for each in bank.read(ledger.guards) if each.key == "covered")

    before = margin()
    packet = people.send("10.00", 3)
    people.grab(packet, people.friends[0])
    people.later(25)
    ending.watch(bank.kernel)
    assert margin() == before
