"""Acts without a network: signed by a device, applied once whatever is sent twice in whatever order, else shown to a person."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.payments.agents import queue_service as queues
from farthing.payments.agents import rules, signed
from farthing.payments.agents import serving_service as serving
from farthing.payments.agents.audit_service import verify_agents
from farthing.payments.agents.model import DropCash, EndAgent
from farthing.payments.agents.queued_model import DropQueued, Queued, RetryQueued, RevokeDevice, Synced
from farthing.payments.agents.reading_service import devices, queue
from farthing.payments.agents.service import end_agent
from tests.conftest import Bank
from tests.payments.agents.corner import Corner, Device, corner, refused
from tests.payments.packets.people import herself, yuan


@pytest.fixture
def shop(bank: Bank) -> Corner:
    found = corner(bank)
    found.buy("300.00")
    return found


def became(done: Synced) -> list[tuple[str, str]]:
    return [(each.became, each.problem) for each in done.outcomes]


def clean(shop: Corner) -> None:
    assert not (found := shop.bank.read(verify_agents).findings), found


def test_a_queue_is_applied_once_in_any_order(shop: Corner) -> None:
    device, phone = shop.device(), shop.phone(shop.customer)
    code = shop.asks("40.00")
    acts = [
        device.act("in", "100.00", phone),
        device.act("out", "40.00", phone, code.text),
        device.act("in", "5.00", phone),
    ]
    done = shop.sync(acts[2], acts[0])
    assert became(done) == [("applied", ""), ("applied", "")] and done.float_now == yuan("195.00")
    told = shop.bank.kernel.ask(devices, shop.owner, shop.agent.id, actor=herself(shop.owner))
    assert (told[0].highest, told[0].missing) == (3, 1), "the gap is seen"
    done = shop.sync(*acts, acts[1])
    assert [each.again for each in done.outcomes] == [True, False, True, True] and (done.applied, done.again) == (1, 3)
    assert shop.sync(*acts).again == 3
    assert shop.holds(shop.customer) == yuan("565.00") and shop.float() == yuan("235.00")
    clean(shop)


def test_what_no_device_signed_so_is_not_kept(shop: Corner) -> None:
    device, other, phone = shop.device(), shop.device(), shop.phone(shop.customer)
    act = device.act("in", "10.00", phone)
    forged = (
        replace(act, amount=yuan("10.01")),
        replace(act, phone=shop.phone(shop.poor)),
        replace(act, number=2),
        replace(act, device_id=other.id),
        replace(act, signature="AAAA"),
        replace(act, way="out"),
    )
    assert {each.problem for each in shop.sync(*forged).outcomes} == {"agents.not_signed"}
    strange = shop.sync(replace(act, device_id="agentdevice_none"))
    assert became(strange) == [("refused", "agents.unknown_device")]
    assert became(shop.sync(act)) == [("applied", "")]
    assert became(shop.sync(device.act("in", "11.00", phone, number=1))) == [("refused", "agents.number_taken")]
    assert shop.float() == yuan("290.00")
    assert refused(shop.sync, replace(act, at="yesterday")) == "agents.bad_time"


def test_what_cannot_be_applied_waits_and_takes_nothing(shop: Corner) -> None:
    device, poor = shop.device(), shop.phone(shop.poor)
    code = shop.asks("20.00", shop.poor)
    acts = (
        device.act("out", "20.00", poor, code.text),
        device.act("out", "20.00", poor, "99999999"),
        device.act("in", "300.01", shop.phone(shop.customer)),
        device.act("in", "1.00", "+8613900009999"),
        device.act("in", "500.01", shop.phone(shop.customer)),
        device.act("in", "1.00", poor, at=device.now() - timedelta(hours=49)),
        device.act("in", "1.00", poor, at=device.now() + timedelta(hours=1)),
        device.act("in", "1.00", shop.phone(shop.owner)),
    )
    problems = [
        "ledger.insufficient_funds", "agents.no_code", "agents.float_short", "agents.nobody_answers", "agents.over_offline",
        "agents.queued_too_old", "agents.queued_ahead", "agents.own_hand",
    ]  # fmt: skip
    done = shop.sync(*acts)
    assert became(done) == [("waits", each) for each in problems] and done.float_now == yuan("300.00")
    assert [each.problem for each in shop.sync(*acts).outcomes] == problems, "the same again"
    lines = shop.bank.kernel.ask(queue, shop.owner, shop.agent.id, actor=herself(shop.owner))
    assert len(lines) == 8 and "139****9999" in {each.customer for each in lines}
    clean(shop)


def test_a_person_tries_again_or_decides(shop: Corner) -> None:
    device, phone = shop.device(), shop.phone(shop.poor)
    code = shop.asks("20.00", shop.poor)
    act = device.act("out", "20.00", phone, code.text)
    shop.bank.run(serving.drop_cash, DropCash(shop.poor, code.id), actor=herself(shop.poor))
    shop.sync(act, device.act("in", "400.00", phone))
    again = RetryQueued(shop.owner, shop.agent.id, device.id, 1)
    tried = shop.bank.run(queues.retry, again, actor=herself(shop.owner))
    assert tried.problem == "ledger.insufficient_funds", "a code that is dropped afterwards was good when it was told"
    shop.take("25.00", shop.poor)
    done = shop.bank.run(queues.retry, again, actor=herself(shop.owner))
    assert done.became == "applied" and shop.holds(shop.poor) == yuan("5.00")
    assert refused(shop.bank.run, queues.retry, again, actor=herself(shop.owner)) == "agents.not_waiting"
    drop = DropQueued(shop.agent.id, device.id, 2, "the customer was given the cash back")
    assert refused(shop.bank.run, queues.drop_queued, replace(drop, note=" ")) == "agents.dropped_wordless"
    assert shop.bank.run(queues.drop_queued, drop).became == "dropped"
    assert [each.became for each in shop.sync(act).outcomes] == ["applied"]
    line = [
        each for each in shop.bank.kernel.ask(queue, shop.owner, shop.agent.id, actor=herself(shop.owner)) if each.note
    ]
    assert line[0].note == "the customer was given the cash back"
    with shop.bank.superuser() as connection:
        kept = connection.execute("SELECT count(phone) FROM agent_queued").fetchone()
    assert kept == (0,), "a phone is kept while it waits"
    clean(shop)


def test_the_day_without_a_network_is_bounded(shop: Corner) -> None:
    device, phone = shop.device(), shop.phone(shop.customer)
    with shop.bank.superuser() as connection:
        connection.execute(
            "INSERT INTO staff_alone (id, counted_on, minor) SELECT b.business_date || ':' || %s, b.business_date, 49 "
            "FROM bank_clock AS b",
            [f"CNY:agent-offline-acts:{shop.agent.id}"],
        )
    done = shop.sync(device.act("in", "1.00", phone), device.act("in", "1.00", phone))
    assert became(done) == [("applied", ""), ("waits", "agents.over_offline_day")]


def test_a_lost_device_and_an_agent_that_ended(shop: Corner) -> None:
    device, phone = shop.device(), shop.phone(shop.customer)
    first, second = device.act("in", "1.00", phone), device.act("in", "2.00", phone)
    revoke = RevokeDevice(shop.owner, shop.agent.id, device.id)
    shop.bank.run(queues.revoke_device, revoke, actor=herself(shop.owner))
    assert became(shop.sync(first)) == [("waits", "agents.device_revoked")]
    other = shop.device()
    shop.bank.run(end_agent, EndAgent(shop.agent.id))
    assert became(shop.sync(other.act("in", "1.00", phone))) == [("waits", "agents.ended")]
    assert became(shop.sync(second)) == [("waits", "agents.device_revoked")]
    assert refused(shop.device) == "agents.ended"


ACTS = st.tuples(st.sampled_from(("in", "out")), st.integers(1, 120_00), st.booleans())
LIVES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(("in", "out", "buy", "sell", "count")), st.integers(1, 260_00)),
        st.tuples(st.just("queue"), st.lists(ACTS, min_size=1, max_size=4)),
        st.tuples(st.just("send"), st.randoms(use_true_random=False)),
    ),
    min_size=4,
    max_size=10,
)


@dataclass
class Life:
    """An agent's life: what was queued, all of it sent again and again in any order with parts left out."""

    shop: Corner
    device: Device
    queued: list[Queued] = field(default_factory=list)
    applied: dict[int, Queued] = field(default_factory=dict)

    def live(self, what: str, how: Any) -> None:
        if what == "queue":
            for way, minor, poor in how:
                self.queue(way, minor, self.shop.poor if poor else self.shop.customer)
        elif what == "send":
            self.send(how)
        else:
            amount = str(Money(how, "CNY").decimal())
            act = {
                "in": self.shop.take, "buy": self.shop.buy, "sell": self.shop.sell, "count": self.shop.count,
                "out": lambda text: self.shop.give(text, self.shop.asks(text).text),
            }[what]  # fmt: skip
            with contextlib.suppress(Refusal):
                act(amount)

    def queue(self, way: str, minor: int, who: str) -> None:
        amount = str(Money(minor, "CNY").decimal())
        code = self.shop.asks(amount, who).text if way == "out" else ""
        self.queued.append(self.device.act(way, amount, self.shop.phone(who), code))

    def send(self, chance: Any) -> None:
        sent = [each for each in self.queued if chance.random() < 0.7] + [
            each for each in self.queued if chance.random() < 0.3
        ]
        chance.shuffle(sent)
        done = self.shop.sync(*sent[:100])
        for act, outcome in zip(sent, done.outcomes, strict=False):
            if outcome.became == "applied":
                assert outcome.again == (act.number in self.applied), "an act is applied once"
                self.applied[act.number] = act
            assert outcome.became in ("applied", "waits")

    def money(self) -> int:
        """What the three wallets and the float hold together, less what the agent earned."""
        people = (self.shop.customer, self.shop.poor, self.shop.owner)
        held = sum(self.shop.holds(each).minor for each in people) + self.shop.float().minor
        earned: int = self.shop.bank.read(lambda tx: ledger.balance(tx, rules.COMMISSIONS)).owed().minor
        return held - earned

    def by_device(self) -> int:
        """What acts from the device did to the float, as the rows tell."""
        with self.shop.bank.superuser() as connection:
            row = connection.execute(
                "SELECT coalesce(sum(CASE what WHEN 'in' THEN -amount_minor ELSE amount_minor END), 0) FROM agent_act "
                "WHERE device_id = %s",
                [self.device.id],
            ).fetchone()
        assert row is not None
        return int(row[0])


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(life=LIVES)
def test_random_lives_conserve_money_and_never_double(shop: Corner, life: list[tuple[str, Any]]) -> None:
    lived = Life(shop, shop.device())
    before = lived.money()
    for what, how in life:
        lived.live(what, how)
    for chance in (Random(1), Random(2)):
        lived.send(chance)
    assert lived.money() == before
    follows = sum(each.amount.minor * (1 if each.way == "out" else -1) for each in lived.applied.values())
    assert lived.by_device() == follows
    clean(shop)


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-12:00", "2026-11-30T16:00:00", "yesterday"]
)
def test_a_moment_that_no_part_of_the_bank_keeps_is_refused(at: str) -> None:
    act = Queued("agentdevice_x", 1, "in", yuan("1.00"), at, "", "13800138000")
    with pytest.raises(Refusal) as caught:
        signed.moment(act)
    assert caught.value.code == "agents.bad_time"


def test_five_wrong_codes_without_a_network_end_the_right_one(shop: Corner) -> None:
    device, phone = shop.device(), shop.phone(shop.customer)
    code = shop.asks("20.00")
    wrong = "00000000" if code.text != "00000000" else "00000001"
    acts = [device.act("out", "20.00", phone, wrong) for _ in range(5)]
    assert {each.problem for each in shop.sync(*acts).outcomes} == {"agents.no_code"}
    assert {each.again for each in shop.sync(*acts).outcomes} == {True}, "the same act is the same try"
    assert became(shop.sync(device.act("out", "20.00", phone, code.text))) == [("waits", "agents.no_code")]
    clean(shop)
