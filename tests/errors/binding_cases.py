"""Refusals of bound cards and accounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from farthing.kernel.ports import Ports
from farthing.kit.words import Words
from farthing.parties.model import Party
from farthing.payments.bindings import rules
from farthing.payments.bindings.model import Bind, Binding, MoveByBinding
from farthing.products.bound_accounts import before
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.payments.bindings.binders import NUMBER, binder
from tests.payments.packets.people import yuan

LAW = before("CNY", Words("house rule", "本机构规则"))
NOW = datetime(2026, 6, 10, 4, tzinfo=UTC)
ONE = Binding("binding_1", "party_1", "sandbox", "sandbox", "deposit", "0123", "bound", "", NOW)
MOVE = MoveByBinding("party_1", "binding_1", yuan("1.00"))


def _bind(level: int = 2, live: int = 0, tried: int = 0, proofs: int = 0) -> None:
    who = Party("party_1", "person", "林晓", "1", "1", None, level, NOW)
    rules.check_bind(Bind("party_1", NUMBER), who, LAW, live, tried, proofs)


@reproduces("bindings.level")
def who_is_not_confirmed() -> None:
    _bind(level=1)


@reproduces("bindings.too_many")
def a_card_too_many() -> None:
    _bind(live=3)


@reproduces("bindings.too_many_tries")
def a_number_too_many() -> None:
    _bind(tried=3)


@reproduces("bindings.too_many_proofs")
def small_amounts_to_a_number_too_many() -> None:
    _bind(proofs=5)


@reproduces("bindings.count")
def one_amount_of_two() -> None:
    rules.told(ONE, [], [None], LAW, NOW)  # type: ignore[list-item]


@reproduces("bindings.not_bound")
def a_card_that_is_not_proved() -> None:
    rules.check_use(replace(ONE, state="proving"), MOVE, date(2026, 6, 10))


@reproduces("bindings.expired")
def a_card_out_of_date() -> None:
    rules.check_use(replace(ONE, expires_on=date(2026, 5, 31)), MOVE, date(2026, 6, 10))


@reproduces("bindings.unknown")
def another_ones_card() -> None:
    rules.check_use(replace(ONE, party_id="party_2"), MOVE, date(2026, 6, 10))


@reproduces("bindings.cooling")
def more_than_goes_to_a_new_one() -> None:
    new = replace(ONE, cooling_until=NOW + timedelta(hours=1), cooling_minor=500_01)
    rules.check_cooling(new, yuan("0.01"), LAW, NOW, ZoneInfo("Asia/Shanghai"))


@reproduces("bindings.not_proving")
def proving_what_was_proved(bank: Bank) -> None:
    one = binder(bank)
    one.prove(one.bound(), yuan("0.01"))


@reproduces("bindings.no_network")
def a_bank_without_a_network(bank: Bank) -> None:
    one = binder(bank)
    one.bank.kernel.ports = Ports()
    one.bind()
