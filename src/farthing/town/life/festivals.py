"""Own the feasts of the city's year, by the calendar of the country. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays


@cache
def spring_festival(year: int) -> date:
    """New Year's Day of the lunar calendar."""
    named = holidays.country_holidays("CN", years=year, language="en_US")
    return min(day for day, name in named.items() if "Spring Festival" in name and day.month <= 2)


def is_eve(on: date) -> bool:
    """Whether tonight the family sits together and red packets go round."""
    return on == spring_festival(on.year) - timedelta(days=1)


def spending_percent(on: date) -> int:
    """What people spend against an even day: most in the three weeks before the new year, little right after it."""
    days = (spring_festival(on.year) - on).days
    if 0 <= days <= 21:
        return 180
    return 60 if -10 <= days < 0 else 130 if on.month == 10 and on.day <= 7 else 100
