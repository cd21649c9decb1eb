"""Topics on pages: a list, a chart with a planted rise, a name that a person gives, an alarm that she ends."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from playwright.sync_api import Browser as Chromium

from farthing.kernel.day import CloseStep
from farthing.kit.actor import SYSTEM
from farthing.voice.topics import counting, fitting, frozen
from farthing.voice.topics import service as sorting
from farthing.voice.topics.model import AdoptTopics
from tests.voice.topics.heaped import texts
from tests.voice.topics.test_topics import history
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_paying import Street, street
from tests.web.test_proof_more import signed_in
from tests.web.test_saving import words

__all__ = ("browser", "pytestmark", "street")


@pytest.mark.long
def test_a_topic_that_rises_is_seen_named_and_looked_at(street: Street, browser: Chromium) -> None:
    bank = street.bank
    body = frozen.text_of(fitting.fit(texts()[0]))
    ident = frozen.read(body).topics[0][1].id
    bank.run(sorting.adopt, AdoptTopics(body))
    sunday = counting.monday(bank.read(lambda tx: tx.business_date) + timedelta(days=1)) - timedelta(days=1)
    bank.kernel.tidy(lambda tx: history(tx, ident, [4, 3, 5, 4] * 11 + [15], counting.monday(sunday)))
    with psycopg.connect(bank.url) as aging:
        aging.execute("UPDATE party SET registered_at = registered_at - interval '2 years'")
    assert bank.run(sorting.watch_week, CloseStep(sunday), actor=SYSTEM).handled == 1
    staff = signed_in(street.base, bank, "risk")
    listed = words(staff.go("/ops/topics"))
    assert "not confirmed yet" in listed and "15 people, 4.00 expected" in listed and "191 people in a year" in listed
    page = words(staff.go(f"/ops/topics/{ident}"))
    assert "More people than usual in 1 of" in page and "A quiet topic alarms falsely" in page
    refused = staff.send(
        f"/ops/topics/{ident}",
        name_en="penalties",
        name_zh="罚息",
        cause="weather",
        exposed="customers",
        login="",
        key="b",
    )
    assert refused.status_code == 422 and "no root cause" in refused.text
    staff.send(
        f"/ops/topics/{ident}",
        name_en="penalties",
        name_zh="罚息",
        cause="product.price",
        exposed="customers",
        login="",
        key="n",
    )
    assert "its price, fee or penalty" in words(staff.go(f"/ops/topics/{ident}"))
    theirs = [each for each in staff.kept() if each["name"].startswith("farthing_")]
    found = faults(browser, street.base, "/ops/topics", "zh", widths=(360, 1280), cookies=theirs)
    found += faults(browser, street.base, f"/ops/topics/{ident}", "zh", widths=(360, 1280), cookies=theirs)
    found += faults(
        browser, street.base, f"/ops/topics/{ident}", "en", "dark", True, widths=(320, 1280), cookies=theirs
    )
    assert not found, found
    alarm = f"alarm_{ident}_{counting.monday(sunday):%Y%m%d}"
    staff.send("/ops/topics", alarm_id=alarm, found="the new penalty", key="e")
    assert "Topics that rise" not in words(staff.go("/ops/topics"))
