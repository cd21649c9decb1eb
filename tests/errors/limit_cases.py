"""Refusals of what a person pays by himself, and of payments that go later."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from farthing.parties.model import Party
from farthing.payments.limits.rules import Own
from farthing.products.service import shipped_policy
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.payments.delayed.laters import later
from tests.payments.packets.people import yuan

NOW = datetime(2026, 6, 10, 4, tzinfo=UTC)


def _own(day: int = 0, year: int = 0) -> Own:
    known = {each: Party(each, "person", each, "1", "1", None, 2, NOW) for each in ("me", "her")}
    law = shipped_policy("cn").pay_limits
    return Own(law, NOW, date(2026, 6, 10), ZoneInfo("Asia/Shanghai"), known, {"me": day}, {"me": year})


@reproduces("payments.over_day")
def more_than_a_day() -> None:
    _own(day=500_000_00).let_out("me", "her", yuan("0.01"), False)


@reproduces("payments.over_year")
def more_than_a_year() -> None:
    _own(year=20_000_000_00).let_out("me", "her", yuan("0.01"), False)


@reproduces("payments.new_payee")
def more_than_to_somebody_new() -> None:
    _own().let_out("me", "her", yuan("200000.01"), False)


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
