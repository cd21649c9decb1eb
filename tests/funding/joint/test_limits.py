"""Limits on lending together with partners: counted by partner, asked before a partner is and again when holders are set."""

from __future__ import annotations

import threading
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.bank.founding import agreed
from farthing.db.migrate import FOLDER
from farthing.funding import service as funding
from farthing.funding.audit_service import verify as verify_notes
from farthing.funding.joint import rules, store
from farthing.funding.joint import service as joint
from farthing.funding.joint.model import Standing, Sums
from farthing.funding.model import Inquiry, Partner
from farthing.funding.programmes import service as programmes
from farthing.funding.programmes.model import Capacity, SetProgramme
from farthing.funding.programmes.rules import called, served
from farthing.kernel.day import close_day
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.lending.model import LoanCommand
from farthing.products.joint import JointLoans
from farthing.products.policy import Policy, Ratio
from tests.funding.lenders import source
from tests.funding.market.listing import law
from tests.funding.test_distribution import clean, paid_out
from tests.funding.test_programmes import Bank, bank_of, held, inquiry, programme
from tests.funding.test_programmes import loan as wanted
from tests.lending.house import yuan
from tests.products.test_policy import CN

LAW = Words("a law", "某法")


def bound(one: str = "0.25", every: str = "0.50", free: int = 0) -> Policy:
    return replace(
        CN, partner_capital_max=Ratio(Decimal(one), LAW),
        joint_loans_max=JointLoans(Decimal(every), Money(free, "CNY"), LAW),
    )  # fmt: skip


def standing(*sums: Sums, capital: int = 1000, loans: int = 1000, **capacities: Capacity) -> Standing:
    return Standing(sums, capital, loans, capacities)


def fen(minor: int) -> Money:
    return Money(minor, "CNY")


# --- what is in the way


@pytest.mark.parametrize(
    ("now", "share", "ours", "room"),
    [
        (standing(Sums("p", "a", 0, 180, 180, 0)), 30, 70, ""),  # to the fen
        (standing(Sums("p", "a", 0, 181, 181, 0)), 30, 70, "partner_capital_max"),
        (standing(Sums("p", "a", 0, 100, 100, 0), Sums("p", "b", 0, 81, 81, 0)), 30, 70, "partner_capital_max"),
        (standing(Sums("q", "b", 0, 181, 181, 0)), 30, 70, ""),  # of another
        (standing(Sums("q", "b", 0, 465, 465, 0)), 30, 70, ""),  # 535 of 1,070
        (standing(Sums("q", "b", 0, 466, 466, 0)), 30, 70, "joint_loans_max"),
        (standing(Sums("q", "b", 0, 466, 266, 0), Sums("r", "c", 0, 100, 0, 0)), 30, 70, ""),  # ours is counted once
        (standing(Sums("p", "a", 70, 0, 0, 0), a=Capacity(fen(100))), 30, 70, ""),
        (standing(Sums("p", "a", 71, 0, 0, 0), a=Capacity(fen(100))), 30, 70, "capacity_outstanding"),
        (standing(Sums("p", "a", 0, 0, 0, 71), a=Capacity(None, fen(100))), 30, 70, "capacity_a_day"),
        (standing(Sums("p", "a", 0, 0, 0, 71), a=Capacity()), 30, 70, ""),
        (standing(capital=-5), 30, 70, "partner_capital_max"),
    ],
)  # fmt: skip
def test_the_limit_in_whose_way_a_part_is(now: Standing, share: int, ours: int, room: str) -> None:
    assert rules.why_not(bound(), now, "p", "a", fen(share), fen(ours)) == room


def test_partners_of_one_group_are_counted_together() -> None:
    parent = "91330000MA27U00001"
    found = [
        Partner("p", "Sown", "http://p", "91330000MA27U00002", controlled_by=parent),
        Partner("q", "Reaped", "http://q", "91330000MA27U00003", controlled_by=parent),
        Partner("r", "Parent", "http://r", parent),
        Partner("s", "Another", "http://s"),
    ]
    now = replace(
        standing(Sums("q", "b", 0, 100, 100, 0), Sums("r", "c", 0, 81, 81, 0), Sums("s", "d", 0, 60, 60, 0)),
        groups={each.code: each.group for each in found},
    )
    assert [rules.why_not(bound(), now, each, "x", fen(30), fen(70)) for each in "pqrs"] == [
        "partner_capital_max"
    ] * 3 + [""]
    used = {each.about: each.used.minor for each in rules.of_law(bound(), now, "pqrs", "CNY")}
    assert used == {"": 241, "p": 181, "q": 181, "r": 181, "s": 60}


def test_a_law_that_says_nothing_is_in_nobodys_way_and_a_bank_that_begins_may_lend_together() -> None:
    full = standing(Sums("p", "a", 0, 10**9, 10**9, 0), capital=0, loans=0)
    silent = replace(CN, partner_capital_max=None, joint_loans_max=None)
    assert not rules.why_not(silent, full, "p", "a", fen(30), fen(70))
    assert rules.of_law(silent, full, ["p"], "CNY") == []
    begins = standing(capital=1000, loans=0)
    assert rules.why_not(bound(), begins, "p", "a", fen(30), fen(70)) == "joint_loans_max"
    assert not rules.why_not(bound(free=70), begins, "p", "a", fen(30), fen(70))


@given(
    st.lists(st.tuples(st.sampled_from("pq"), st.integers(1, 60), st.integers(0, 140)), max_size=40),
    st.integers(0, 1500), st.integers(0, 3000), st.integers(0, 300),
)  # fmt: skip
def test_no_limit_is_passed_by_what_finds_room(
    lives: list[tuple[str, int, int]], capital: int, loans: int, most: int
) -> None:
    """Loans come one after the other; whatever order they come in, what was let pass is within each limit."""
    law, its = bound("0.3", "0.5"), {each: Capacity(fen(most), fen(most)) for each in "pq"}
    lent = dict.fromkeys("pq", Sums("", "", 0, 0, 0, 0))
    for partner, theirs, ours in lives:
        sums = tuple(replace(each, partner=name, programme=name) for name, each in lent.items())
        if not rules.why_not(law, Standing(sums, capital, loans, its), partner, partner, fen(theirs), fen(ours)):
            was, loans = lent[partner], loans + ours
            lent[partner] = Sums("", "", was.theirs + theirs, was.ours + ours, was.counted + ours, was.today + theirs)
    assert all(each.theirs <= most and each.today <= most for each in lent.values())
    assert all(each.ours <= Decimal("0.3") * capital for each in lent.values())
    assert sum(each.counted for each in lent.values()) * 2 <= loans
    nothing = Standing((), capital, loans, its)
    levels = {
        each.level for each in (*rules.of_law(law, nothing, "pq", "CNY"), *rules.of_programmes(nothing, "pq", "CNY"))
    }
    assert levels <= {"green", "red"} and ("red" not in levels or 0 in (capital * 3 // 10, loans // 2, most))


@pytest.mark.parametrize(("used", "level"), [(79, "green"), (80, "amber"), (99, "amber"), (100, "red"), (130, "red")])
def test_amber_comes_before_red(used: int, level: str) -> None:
    (use,) = rules.of_programmes(standing(Sums("p", "a", used, 0, 0, 0), a=Capacity(fen(100))), ["a"], "CNY")
    assert (use.level, use.used, use.most, use.about) == (level, fen(used), fen(100), "a")


def test_a_programme_without_room_gives_way_to_the_next_of_the_same_partner() -> None:
    first, second = programme(programme="a", place=1), programme(programme="b", place=2)
    asked = called([first, second], wanted(), yuan("3000"), lambda asking: "full" if asking.programme == "a" else "")
    assert [(each.programme, each.room) for each in asked] == [("b", "")]
    asked = called([first, second], wanted(), yuan("3000"), lambda asking: f"full {asking.programme}")
    assert [(each.programme, each.room) for each in asked] == [("a", "full a")]


@given(st.lists(st.integers(1, 60), min_size=1, max_size=6), st.integers(0, 150), st.integers(0, 200))
def test_whoever_is_let_go_is_the_last_and_nobody_stays_who_is_in_the_way(
    shares: list[int], sought: int, most: int
) -> None:
    """Each may lend where our part beside it is at most so much: to let one go makes ours larger."""
    asked = [inquiry(f"p{place}", place, share, "agreed") for place, share in enumerate(shares)]

    def why_not(each: Inquiry, ours: Money) -> str:
        return "ours" if ours.minor > most else ""

    found, full = served(asked, fen(sought), fen(200), why_not)
    assert not found.waits and not {each.id for each in found.taken} & full.keys()
    ours = 200 - sum(each.share.minor for each in found.taken)
    assert not found.taken or ours <= most


# --- on a bank

PLANTED = {
    "own_left_minor = own_left_minor - 1": "own_left_minor = own_left_minor + 1",
    "annual = annual / 2": "annual = annual * 2",
    "share_minor = share_minor + 1": "share_minor = share_minor - 1",
    "lent = false": "lent = true",
    "partner = 'spring'": "partner = 'harvest'",
}
"""What somebody may change behind the program, and how it was."""


def test_a_partner_without_room_is_not_asked_and_staff_see_why(database_url: str) -> None:
    partners = Bank({"harvest": True, "spring": True, "winter": True})
    house, loan = bank_of(database_url, partners, sought="0.30")
    kernel = house.bank.kernel
    small = source(
        programme="of-harvest", partner="harvest", place=1, products=["rainy-day-loan"], answer_within_ms=20_000
    ) + 'capacity = {outstanding = "299.99"}\n'  # fmt: skip
    agreed(kernel, programmes.set_programme, SetProgramme(small))
    done = funding.arrange(kernel, loan.id)
    assert held(house, loan) == {"own": "700.00", "partner:spring": "300.00"}
    assert "harvest" not in partners.asked and "harvest" not in [each.partner for each in done.inquiries]
    (told,) = kernel.ask(joint.not_asked)
    assert (told.partner, told.programme, told.room, told.agreed) == (
        "harvest",
        "of-harvest",
        "capacity_outstanding",
        False,
    )
    assert {(each.limit, each.about): str(each.used) for each in kernel.ask(joint.limits)} == {
        ("joint_loans_max", ""): "CNY 700.00", ("partner_capital_max", "harvest"): "CNY 0.00",
        ("partner_capital_max", "spring"): "CNY 700.00", ("partner_capital_max", "winter"): "CNY 0.00",
        ("capacity_outstanding", "of-harvest"): "CNY 0.00",
    }  # fmt: skip
    house.bank.run(funding.withdraw, LoanCommand(loan.id))
    assert not any(each.used for each in kernel.ask(joint.limits))
    clean(house)


@pytest.mark.parametrize(
    ("was", "now", "room"),
    [
        ('[partner_capital_max]', '[partner_capital_max]\nvalue = "0"', "partner_capital_max"),
        ('[joint_loans_max]', '[joint_loans_max]\nvalue = "0.50"\nfree = "699.99"', "joint_loans_max"),
    ],
)  # fmt: skip
def test_a_limit_of_the_law_keeps_all_partners_out(database_url: str, was: str, now: str, room: str) -> None:
    partners = Bank({"harvest": True, "spring": True, "winter": True})
    house, loan = bank_of(database_url, partners, sought="0.30")
    text = (FOLDER.parents[1] / "data" / "policies" / "cn.toml").read_text(encoding="utf-8")
    block = next(each for each in text.split("\n\n") if each.startswith(was))
    comments = [line for line in block.splitlines() if line.startswith("article")]
    law(house, (block, "\n".join([now, *comments])))
    funding.arrange(house.bank.kernel, loan.id)
    assert held(house, loan) == {"own": "1000.00"} and partners.asked == []
    assert {each.room for each in house.bank.kernel.ask(joint.not_asked)} == {room}


def test_of_two_loans_at_once_one_alone_has_the_room(database_url: str) -> None:
    """Both are asked about while there is room for one; both answers come in at one instant."""
    gate = threading.Event()
    partners = Bank({"harvest": True, "spring": False, "winter": False}, {"harvest": gate})
    house, loan = bank_of(database_url, partners, sought="0.30")
    kernel = house.bank.kernel
    room = source(
        programme="of-harvest", partner="harvest", place=1, products=["rainy-day-loan"], answer_within_ms=20_000
    ) + 'capacity = {a_day = "599.99"}\n'  # fmt: skip
    agreed(kernel, programmes.set_programme, SetProgramme(room))
    other = house.accept(house.offer("1000"))
    both = [threading.Thread(target=funding.arrange, args=(kernel, each.id)) for each in (loan, other)]
    for thread in both:
        thread.start()
    while partners.asked.count("harvest") < 2:
        threading.Event().wait(0.01)
    gate.set()
    for thread in both:
        thread.join()
    assert sorted(map(str, (held(house, loan), held(house, other)))) == sorted(
        map(str, ({"own": "700.00", "partner:harvest": "300.00"}, {"own": "1000.00"}))
    )
    (told,) = kernel.ask(joint.not_asked)
    assert told.agreed and told.room == "capacity_a_day"
    clean(house)


def test_what_is_repaid_makes_room_again_and_a_changed_figure_is_found(database_url: str) -> None:
    house, loan = paid_out(database_url)
    house.bank.drain()

    def use() -> dict[str, int]:
        return {each.limit: each.used.minor for each in house.bank.kernel.ask(joint.limits)}

    assert use() == {"joint_loans_max": 70_000, "partner_capital_max": 70_000}
    due = loan.instalments[0].due_on
    while house.today <= due:
        close_day(house.bank.kernel)
    left = house.loan(loan.id).outstanding.minor
    assert left < 100_000
    (part,) = house.bank.read(lambda tx: store.of_loans(tx, [loan.id]))[loan.id]
    assert part.left.minor + part.own_left.minor == left and use()["joint_loans_max"] == part.own_left.minor
    clean(house)
    for change, back in PLANTED.items():
        with house.bank.superuser() as connection:
            connection.execute(f"UPDATE funding_part SET {change}".encode())
            assert house.bank.read(verify_notes, snapshot=True).findings != (), change
            connection.execute(f"UPDATE funding_part SET {back}".encode())
    clean(house)


def test_a_bank_from_before_has_its_parts_laid_as_they_stand(database_url: str) -> None:
    house, loan = paid_out(database_url)
    due = loan.instalments[0].due_on
    while house.today <= due:
        close_day(house.bank.kernel)
    stood = house.bank.read(lambda tx: store.of_loans(tx, [loan.id]))[loan.id]
    lays = next(FOLDER.glob("*_funding_part_after.sql")).read_text(encoding="utf-8")
    with house.bank.superuser() as connection, connection.transaction():
        connection.execute("DELETE FROM funding_part")
        connection.execute(lays.encode())
    (laid,) = house.bank.read(lambda tx: store.of_loans(tx, [loan.id]))[loan.id]
    assert replace(laid, taken_on=stood[0].taken_on) == stood[0]
    clean(house)
