"""Refusals of what a person pays by himself, and of payments that go later."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from farthing.kit.actor import Actor
from farthing.parties.model import Party
from farthing.payments.limits.rules import Own
from farthing.products.service import shipped_policy
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.payments.delayed.laters import later
from tests.payments.packets.people import yuan

ME = Actor("customer:me", frozenset(), "me")
NOW = datetime(2026, 6, 10, 4, tzinfo=UTC)


def _own(day: int = 0, year: int = 0, *, by_key: bool = False, has_one: bool = False) -> Own:
    known = {each: Party(each, "person", each, "1", "1", None, 2, NOW) for each in ("me", "her")}
    law = shipped_policy("cn")
    zone = ZoneInfo("Asia/Shanghai")
    own = Own(law.pay_limits, NOW, date(2026, 6, 10), zone, known, {"me": day}, {"me": year})
    own.keys = law.passkeys if by_key else None
    own.holders = frozenset({"me"} if has_one else ())
    return own


@reproduces("payments.over_day")
def more_than_a_day() -> None:
    _own(day=500_000_00).let_out("me", "her", yuan("0.01"), ME)


@reproduces("payments.over_year")
def more_than_a_year() -> None:
    _own(year=20_000_000_00).let_out("me", "her", yuan("0.01"), ME)


@reproduces("payments.new_payee")
def more_than_to_somebody_new() -> None:
    _own().let_out("me", "her", yuan("200000.01"), ME)


@reproduces("payments.over_password")
def more_than_a_password_lets_out() -> None:
    _own(by_key=True).let_out("me", "her", yuan("50000.01"), ME)


@reproduces("kernel.key_needed")
def more_than_goes_without_the_passkey_that_one_has() -> None:
    _own(by_key=True, has_one=True).let_out("me", "her", yuan("5000.01"), ME)


@reproduces("delayed.gone")
def taken_back_twice(bank: Bank) -> None:
    her = later(bank)
    made = her.pay()
    her.take_back(made)
    her.take_back(made)


@reproduces("delayed.unknown")
def another_ones_payment(bank: Bank) -> None:
    her = later(bank)
    her.rich, made = her.friend, her.pay()
    her.seen(made)
