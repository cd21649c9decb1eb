"""Due days a month apart, as a product that says nothing of them means."""

from __future__ import annotations

from datetime import date

from farthing.lending.pinned import days_of
from farthing.products.model import MONTHLY


def monthly_dates(start_on: date, count: int) -> tuple[date, ...]:
    """The same day of each following month (or the month's last), counted from the first date."""
    return days_of(MONTHLY, start_on, count)
