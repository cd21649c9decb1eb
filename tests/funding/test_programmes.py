"""Programmes: who is asked for a part of a loan, in which order partners are served, and what one that is slow may cost."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.funding.lenders import service as lenders
from farthing.funding.lenders.model import BindLogin
from farthing.funding.model import Inquiry, Partner, PartnerAnswer, Question, RecordAnswer
from farthing.funding.programmes import files, service
from farthing.funding.programmes.model import EndProgramme, Programme, SetProgramme, Wanted
from farthing.funding.programmes.rules import called, placed
from farthing.identity.rules import actor_of
from farthing.kernel import errands
from farthing.kernel.clock import wall_clock
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending.model import Loan, LoanCommand
from farthing.lending.shelf import service as loan_shelf
from farthing.products.model import Publish
from tests.funding.lenders import source
from tests.funding.test_partners import HARVEST
from tests.identity.people import staff
from tests.lending.house import House, yuan

TODAY = date(2027, 1, 5)


def programme(**changed: Any) -> Programme:
    return files.decode("p.toml", source(**changed))


def loan(**changed: Any) -> Wanted:
    known: dict[str, Any] = {"product": "shop-stock-loan", "principal": yuan("10000"), "instalments": 6, "score": 650}
    return Wanted(**(known | {"on": TODAY} | changed))


# --- who is asked


def test_a_partner_is_asked_for_its_part_by_its_first_programme_that_takes_such_a_loan() -> None:
    second = programme(programme="b", place=2, part="0.50")
    first = programme(programme="a", place=1, part="0.30", least_score=700)
    spring = programme(programme="c", place=3, partner="spring", part="0.90")
    asked = called([spring, second, first], loan(), yuan("6000"))
    assert [(each.partner, each.programme, str(each.share)) for each in asked] == [
        ("harvest", "b", "CNY 5,000.00"),
        ("spring", "c", "CNY 6,000.00"),  # never more than is sought
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"product": "rainy-day-loan"}, {"principal": yuan("99.99")}, {"principal": yuan("200000.01")}, {"instalments": 25},
        {"score": -1}, {"on": date(2025, 12, 31)}, {"principal": Money(10**6, "EUR")},
    ],
)  # fmt: skip
def test_a_loan_beyond_a_programme_is_not_asked_about(other: dict[str, Any]) -> None:
    asked = called([programme()], loan(), yuan("3000"))
    assert len(asked) == 1 and not called([programme()], loan(**other), yuan("3000"))


def test_a_programme_ends_after_its_last_day() -> None:
    until = programme(until="2027-01-05")
    assert called([until], loan(), yuan("3000")) and not called([until], loan(on=date(2027, 1, 6)), yuan("3000"))


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"programme": "No Code"}, "programme"), ({"part": "0"}, "part"), ({"part": "1.01"}, "part"), ({"place": 0}, "place"),
        ({"products": []}, "products"), ({"answer_within_ms": 9}, "answer_within_ms"), ({"until": "2025-01-01"}, "until"),
        ({"partner": None}, "partner"), ({"colour": "red"}, "colour"), ({"currency": "XXX"}, "XXX"),
    ],
)  # fmt: skip
def test_a_file_that_says_nonsense_is_refused_by_its_key(changed: dict[str, Any], key: str) -> None:
    with pytest.raises(Refusal) as caught:
        programme(**changed)
    assert key in str(caught.value), caught.value


# --- who is served


def inquiry(name: str, place: int, share: int, state: str) -> Inquiry:
    return Inquiry(name, "loan_1", name, Money(share, "CNY"), 800, state, wall_clock(), place=place)  # type: ignore[arg-type]


def names(inquiries: tuple[Inquiry, ...]) -> list[str]:
    return [each.id for each in inquiries]


def test_whoever_stands_before_is_waited_for_and_whoever_stands_after_is_not() -> None:
    a, b = inquiry("a", 1, 60, "agreed"), inquiry("b", 2, 60, "asked")
    served = placed([b, a], Money(60, "CNY"))
    assert (names(served.taken), served.waits, names(served.spared)) == (["a"], False, ["b"])
    waiting = placed([replace(b, place=0), a], Money(60, "CNY"))
    assert waiting.waits and not waiting.spared
    declined = placed([replace(b, place=0, state="declined"), a], Money(60, "CNY"))
    assert names(declined.taken) == ["a"]


@given(
    parts=st.lists(
        st.tuples(st.integers(1, 50), st.sampled_from(["asked", "agreed", "declined", "passed_over"])), max_size=6
    ),
    sought=st.integers(0, 120),
    order=st.randoms(use_true_random=False),
)
def test_nobody_lends_more_than_is_sought_and_a_later_answer_changes_nobody_who_was_served(
    parts: list[tuple[int, str]], sought: int, order: Any
) -> None:
    asked = [inquiry(f"p{place}", place, share, state) for place, (share, state) in enumerate(parts)]
    whole = Money(sought, "CNY")
    found = placed(asked, whole)
    assert sum(each.share.minor for each in found.taken) <= sought
    assert all(each.state == "agreed" for each in found.taken)
    shuffled = list(asked)
    order.shuffle(shuffled)
    assert placed(shuffled, whole) == found
    if not found.waits:
        assert {*names(found.taken), *names(found.spared)} == {
            each.id for each in asked if each.state in ("asked", "agreed")
        }
        settled = [replace(each, state="agreed") if each.state == "asked" else each for each in asked]
        assert placed(settled, whole).taken == found.taken


# --- on a bank


@dataclass
class Bank:
    """Partners in this process, each with what it says, a gate that keeps the slow ones until it is opened, and a barrier for
    those that answer no earlier than the other was asked too."""

    says: dict[str, bool | None]
    gates: dict[str, threading.Event] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    beside: dict[str, threading.Barrier] = field(default_factory=dict)

    def ask(self, partner: Partner, question: Question, within_ms: int) -> PartnerAnswer | None:
        self.asked.append(partner.code)
        if partner.code in self.beside:
            self.beside[partner.code].wait(within_ms / 1000)
        gate = self.gates.get(partner.code)
        return self._said(partner.code) if gate is None or gate.wait(within_ms / 1000) else None

    def _said(self, code: str) -> PartnerAnswer | None:
        says = self.says[code]
        return None if says is None else PartnerAnswer(says, f"REF-{code}", "", "{}")

    def release(self, partner: Partner, inquiry_id: str, within_ms: int) -> bool:
        self.released.append(partner.code)
        return True


PARTS = '{own_share = "0.70", partner_share = "0.30", answer_within_ms = 800}'


def bank_of(
    database_url: str, partners: Bank, *, sought: str = "0.60", within_ms: int = 20_000, every: str = "1m"
) -> tuple[House, Loan]:  # fmt: skip
    """An accepted loan of CNY 1,000.00 of which partners are to lend a part, and three of them with a programme of 0.30 each;
    ``every``: how often it is repaid."""
    house = House(database_url)
    house.bank.kernel.ports = house.bank.kernel.ports.with_peer("partner", "http", partners)
    for place, code in enumerate(("harvest", "spring", "winter"), 1):
        agreed(
            house.bank.kernel,
            funding.register_partner,
            replace(HARVEST, code=code, name=f"{code} 银行", credit_code=f"9131000{place}MA1HRT002X"),
        )
        said = source(
            programme=f"of-{code}", partner=code, place=place, products=["rainy-day-loan"], answer_within_ms=within_ms
        )
        agreed(house.bank.kernel, service.set_programme, SetProgramme(said))
    shared = house.source("rainy-day-loan").replace('["own_book", "partners"]', '["partners", "own_book"]')
    own = str(round(1 - float(sought), 2))
    changed = shared.replace(PARTS, f'{{own_share = "{own}", partner_share = "{sought}", answer_within_ms = 800}}')
    assert sought == "0.30" or changed != shared
    if every != "1m":
        changed = changed.replace("rate = {", f'schedule = {{every = "{every}"}}\nrate = {{', 1)
    agreed(house.bank.kernel, loan_shelf.publish, Publish("rainy-day-loan", changed))
    return house, house.accept(house.offer("1000"))


def held(house: House, loan: Loan) -> dict[str, str]:
    return {each.name: each.share.plain() for each in house.loan(loan.id).holders}


def test_those_who_stand_first_lend_and_the_next_stands_in_for_who_declines(database_url: str) -> None:
    both = threading.Barrier(2)  # whoever asks one after the other waits here in vain
    partners = Bank({"harvest": True, "spring": False, "winter": True}, beside={"harvest": both, "spring": both})
    house, loan = bank_of(database_url, partners)
    done = funding.arrange(house.bank.kernel, loan.id, key="k")
    assert held(house, loan) == {"own": "400.00", "partner:harvest": "300.00", "partner:winter": "300.00"}
    assert [(each.partner, each.state) for each in done.inquiries] == [
        ("harvest", "agreed"), ("spring", "declined"), ("winter", "agreed")
    ]  # fmt: skip
    assert all(each.programme.startswith("of-") for each in done.inquiries)
    assert funding.arrange(house.bank.kernel, loan.id, key="k") == done and len(partners.asked) == 3


def test_a_partner_that_is_not_needed_is_not_waited_for_and_is_told(database_url: str) -> None:
    """Two agree at once and fill what is sought; the third answers when all is over, and its answer changes nothing."""
    gate = threading.Event()
    partners = Bank({"harvest": True, "spring": True, "winter": True}, {"winter": gate})
    house, loan = bank_of(database_url, partners)
    done = funding.arrange(house.bank.kernel, loan.id)
    gate.set()
    for thread in threading.enumerate():
        if thread.name.startswith("errand"):
            thread.join()
    assert held(house, loan) == {"own": "400.00", "partner:harvest": "300.00", "partner:spring": "300.00"}
    spared = next(each for each in done.inquiries if each.partner == "winter")
    assert spared.state == "spared"
    with pytest.raises(Refusal) as caught:
        house.bank.run(funding.record_answer, RecordAnswer(spared.id, True, True, "LATE"))
    assert caught.value.code == "errands.answered"
    errands.sweep(house.bank.kernel, everything=True)
    assert partners.released == ["winter"] and held(house, loan)["own"] == "400.00"


def test_a_slow_first_partner_is_passed_over_at_its_deadline_for_who_agreed(database_url: str) -> None:
    partners = Bank({"harvest": True, "spring": True, "winter": True}, {"harvest": threading.Event()})
    house, loan = bank_of(database_url, partners, sought="0.30", within_ms=100)
    funding.arrange(house.bank.kernel, loan.id)
    assert held(house, loan) == {"own": "700.00", "partner:spring": "300.00"}
    errands.sweep(house.bank.kernel, everything=True)
    assert sorted(partners.released) == ["harvest", "winter"]


def test_a_loan_that_is_given_up_frees_everybody(database_url: str) -> None:
    partners = Bank({"harvest": True, "spring": False, "winter": True})
    house, loan = bank_of(database_url, partners)
    funding.arrange(house.bank.kernel, loan.id)
    house.bank.run(funding.withdraw, LoanCommand(loan.id))
    errands.sweep(house.bank.kernel, everything=True)
    assert sorted(partners.released) == ["harvest", "winter"]


def test_a_programme_is_ended_by_two_and_another_version_takes_its_place(database_url: str) -> None:
    partners = Bank({"harvest": True, "spring": True, "winter": True})
    house, loan = bank_of(database_url, partners)
    kernel = house.bank.kernel
    changed = source(programme="of-harvest", partner="harvest", products=["rainy-day-loan"], part="0.40", place=1)
    agreed(kernel, service.set_programme, SetProgramme(changed))
    agreed(kernel, service.end_programme, EndProgramme("of-spring"))
    found = {each.programme.code: each.ended for each in kernel.ask(service.programmes)}
    assert found == {"of-harvest": False, "of-spring": True, "of-winter": False}
    funding.arrange(kernel, loan.id)
    assert held(house, loan) == {"own": "600.00", "partner:harvest": "400.00"}
    ended = next(each for each in kernel.ask(service.programmes) if each.ended)
    agreed(kernel, service.set_programme, SetProgramme(ended.source))
    assert not any(each.ended for each in kernel.ask(service.programmes))


def test_the_partners_mandate_says_its_programmes(database_url: str) -> None:
    house, _ = bank_of(database_url, Bank({}))
    agreed(house.bank.kernel, lenders.bind_login, BindLogin(staff(house.bank, "hua", lenders.LENDER), "spring"))
    mandate = house.bank.kernel.ask(lenders.own_mandate, actor=actor_of("lender:hua", lenders.LENDER, None))
    (asked,) = mandate.asked_for
    assert (asked.programme, asked.place, str(asked.part)) == ("of-spring", 2, "0.30")
    assert asked.since_at <= wall_clock() + timedelta(days=400)
