"""The operator's payments through rails: filtered, summed, taken away; jobs that were given up, and how the start leads there."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser as Chromium

from farthing.kernel import jobs
from farthing.kernel.operation import operation_of
from farthing.kit.money import Money
from farthing.payments import service as payments
from farthing.payments.life import names
from farthing.payments.life.notices_service import listen
from farthing.payments.model import MoveByRail, Notice, OpenWallet
from tests.conftest import Bank
from tests.doors import serving
from tests.identity.people import PASSWORD, Person, enrolled, staff
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import signed_in

__all__ = ["browser", "pytestmark"]
CARD = "6222021234567890123"


@pytest.fixture
def base(bank: Bank) -> Iterator[str]:
    with serving(bank) as address:
        party = enrolled(bank, Person()).party
        bank.run(payments.open_wallet, OpenWallet(party.id, "CNY"))
        for minor in (810_000, 20_000):
            bank.run(payments.top_up, MoveByRail(party.id, Money(minor, "CNY"), CARD))
        bank.run(payments.pay_out, MoveByRail(party.id, Money(5_000, "CNY"), CARD))
        yield address


def given_up(bank: Bank) -> int:
    """A job whose last attempt failed, as the worker leaves it."""

    def fail(tx: jobs.Tx) -> int:
        jobs.enqueue(tx, jobs.retry, jobs.RetryJob(2**40))
        row = tx.one("UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo' RETURNING id")
        tx.execute(
            "UPDATE procrastinate_jobs SET status = 'failed', attempts = 20 WHERE id = %(id)s", {"id": row["id"]}
        )
        return int(row["id"])

    return int(bank.kernel.tidy(fail))


def test_payments_are_listed_filtered_summed_and_taken_away(base: str) -> None:
    operator = signed_in(base)
    shown = operator.go("/ops/payments").text
    assert "林美" in shown and ">party_" not in shown and CARD not in shown
    assert "CNY 8,300.00" in shown, "the sum of what came in"
    out = operator.go("/ops/payments?way=out&state=settled").text
    assert "CNY 50.00" in out and "CNY 8,100.00" not in out and "way=out&amp;state=declined" in out
    assert "No payment is here" in operator.go("/ops/payments?state=declined").text
    refused = operator.go("/ops/payments?way=sideways")
    assert refused.status_code == 400 and "web.unknown_filter" in refused.text
    rows = operator.go("/ops/payments.csv?way=in").text.strip().splitlines()
    assert len(rows) == 4 and "8100.00" in rows[2] and "****" in rows[1]
    assert rows[3] == "The end: 2 rows", "a file that was cut off on the way has no such line"


def test_the_page_tells_what_was_heard_what_is_stuck_and_what_is_nobodys(bank: Bank, base: str) -> None:
    out, *_ = bank.kernel.ask(payments.rail_payments, "out").payments
    bank.kernel.ports.peer("rail").told += [
        Notice("late", "declined", out.id, reason_code="AC04"),
        Notice("rent", "credited", amount=Money(123_400, "CNY"), reason="rent of June", counterparty="****4321"),
    ]
    listen(bank.kernel)
    operator = signed_in(base)
    shown = operator.go("/ops/payments").text
    assert "cannot both be" in shown and "CNY 1,234.00" in shown and "rent of June" in shown
    heard = operator.go(f"/ops/payments?number={out.id}").text
    assert "It was declined" in heard and "cannot be" in heard and names.uetr_of(out.id) in heard and "AC04" in heard


def test_the_number_of_a_payment_leads_to_the_payment_and_on_to_its_entry(bank: Bank, base: str) -> None:
    operator = signed_in(base)
    out, *_ = bank.kernel.ask(payments.rail_payments, "out").payments
    led = operator.go(f"/ops/search?q={out.id}")
    assert (led.status_code, led.headers["location"]) == (303, f"/ops/payments?number={out.id}")
    shown = operator.go(led.headers["location"]).text
    assert "50.00" in shown and "8,100.00" not in shown and f'href="/ops/customers/{out.party_id}"' in shown
    entry = operator.go(f"/ops/entries?q={payments.rail_reference(out)}")
    assert "/ops/entries?q=rail%3A" in shown and entry.headers["location"].startswith("/ops/entries/")
    assert operator.go("/ops/payments?number=rail_none").status_code == 404
    staff(bank, "audrey", "auditor")
    auditor = signed_in(base, "audrey", PASSWORD)
    assert auditor.go(f"/ops/payments?number={out.id}").status_code in (200, 403)


def test_a_job_that_was_given_up_is_seen_at_the_start_and_tried_again_once(bank: Bank, base: str) -> None:
    operator = signed_in(base)
    assert "No job was given up" in operator.go("/ops/jobs").text
    number = given_up(bank)
    assert 'href="/ops/jobs"' in operator.go("/ops").text
    shown = operator.go("/ops/jobs").text
    assert "Try a job again" in shown and f"job {number}" in shown and "after 20 attempts" in shown
    for _ in range(2):  # a double click
        assert operator.send("/ops/jobs", job_id=str(number), key="again").status_code == 303
    assert "No job was given up" in operator.go("/ops/jobs?put_back=1").text
    other = operator.send("/ops/jobs", job_id=str(number), key="another")
    assert other.status_code == 409 and "jobs.not_given_up" in other.text
    assert operation_of(jobs.retry).permission == "kernel:close_day"


def test_only_who_closes_days_tries_jobs_and_only_who_reads_customers_sees_payments(bank: Bank, base: str) -> None:
    staff(bank, "risk", "risk")
    risk = signed_in(base, "risk", PASSWORD)
    for path in ("/ops/payments", "/ops/payments.csv", "/ops/jobs"):
        assert risk.go(path).status_code == 403 and httpx.get(f"{base}{path}").status_code == 403
    assert risk.send("/ops/jobs", job_id="1", key="1").status_code == 403
    start = risk.go("/ops").text
    assert "Jobs that were given up" not in start and "Customers who wait for an answer" in start


@pytest.mark.long
def test_these_pages_hold_in_chromium(bank: Bank, base: str, browser: Chromium) -> None:
    given_up(bank)
    kept = signed_in(base).kept()
    found: list[str] = []
    for path in ("/ops", "/ops/payments", "/ops/jobs"):
        found += faults(browser, base, path, "en", widths=(360,), cookies=kept)
        found += faults(browser, base, path, "zh", "dark", True, widths=(1280,), cookies=kept)
    assert not found, "\n".join(found)
