"""Settling with a partner on pages: each day's files on both sides, the partner's own file compared, a difference worked off."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.funding.settling import files
from farthing.payments.iso20022.model import Statement
from farthing.payments.iso20022.reader import read
from tests.doors import served
from tests.funding.settling.test_breaks import added, settled
from tests.identity.people import PASSWORD, staff
from tests.lending.house import House
from tests.payments.reconciling.test_matching import closed
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser

__all__ = ["browser", "pytestmark"]
PAGE = "/ops/partners/harvest"


@pytest.fixture
def books(database_url: str) -> tuple[House, list[Statement]]:
    with ThreadPoolExecutor(1) as apart:  # the browser drives an event loop of this thread, and a seal wants its own
        house, days = apart.submit(settled, database_url).result()
    staff(house.bank, "ou", "operator")
    staff(house.bank, "ri", "risk")
    return house, days


@pytest.fixture
def base(books: tuple[House, list[Statement]]) -> Iterator[str]:
    with served(books[0].bank) as server:
        yield server


def upload(who: Browser, content: bytes) -> str:
    who.go(PAGE)
    data = {"form_token": who.token, "key": str(len(content))}
    answer = who.client.post(PAGE, data=data, files={"file": ("theirs.csv", content)})
    who._seen(answer)
    return answer.headers.get("location") or answer.text


@pytest.mark.parametrize(
    "content",
    [b"\x00" * 200, "partner,day\nharvest,2026".encode("utf-16"), b"PK\x03\x04" + b"\x00" * 60, b"a," * 3_000_000,
     b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;&b;">]><a>&d;</a>',
     b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>', b"\xff\xfe" * 50, b""],
    ids=["nothing", "other letters", "an archive", "too much", "entities", "a file of ours", "no text", "empty"],
)  # fmt: skip
def test_a_hostile_file_is_refused_on_its_page_and_keeps_nothing(
    books: tuple[House, list[Statement]], base: str, content: bytes
) -> None:
    operator = Browser(base)
    operator.sign_in("ou", PASSWORD)
    shown = upload(operator, content)
    assert "Compare it" in shown and "no file yet" in shown, shown[:400]
    assert "incident" not in shown and "hostname" not in shown.replace("file:///etc/hostname", "")


def test_a_partners_file_is_brought_and_its_difference_worked_off(
    books: tuple[House, list[Statement]], base: str, browser: Chromium
) -> None:
    _, (first, second) = books
    operator, risk, hua = Browser(base), Browser(base), Browser(base)
    operator.sign_in("ou", PASSWORD)
    risk.sign_in("ri", PASSWORD)
    hua.sign_in("hua", PASSWORD)
    assert f'href="{PAGE}"' in operator.go("/ops/partners").text
    page = operator.go(PAGE).text
    assert "no file yet" in page and f"{PAGE}/{first.on}.csv" in page
    own = hua.go("/partner/settlement").text
    assert f"/partner/statements/{first.on}.xml" in own
    for theirs, ours in ((f"/partner/statements/{first.on}", f"{PAGE}/{first.on}"),):
        for ending in ("csv", "xml"):
            mine, its = operator.go(f"{ours}.{ending}"), hua.go(f"{theirs}.{ending}")
            assert mine.content == its.content and mine.headers["content-disposition"].endswith(f'{first.on}.{ending}"')
            assert risk.go(f"{ours}.{ending}").status_code == 403 and hua.go(f"{ours}.{ending}").status_code == 403
    assert files.from_csv(operator.go(f"{PAGE}/{first.on}.csv").content).lines == first.lines
    assert read(operator.go(f"{PAGE}/{second.on}.xml").content) == (second,)
    assert operator.go(f"{PAGE}/{first.on}").text.count("brought no file") == 1
    assert operator.go("/ops/partners/nobody").status_code == 404 and risk.go(PAGE).status_code == 403

    assert "funding.bad_file" in upload(operator, b"nothing")
    place = upload(operator, files.to_csv(closed(first, *first.lines, added(-700, first))))
    assert place == f"{PAGE}/{first.on}"
    page = operator.go(place).text
    assert "Missing in our books" in page and "Work it off" in page and "7.00" in page
    number = page.partition('name="break_id" value="')[2].partition('"')[0]
    assert "funding.break_reason_missing" in operator.send(place, break_id=number, reason=" ", key="1").text
    asked = operator.send(place, break_id=number, reason="a fee <img src=x>", correct="1", key="2")
    assert asked.headers["location"] == f"{place}?drafted=1"
    found = faults(browser, base, place, "zh", widths=(360,), cookies=operator.kept())
    found += faults(browser, base, PAGE, "en", widths=(1280,), cookies=operator.kept())
    assert not found, "\n".join(found)
    assert operator.send(place, break_id=number, reason="their fee, <b>as agreed", key="3").headers["location"] == place
    page = operator.go(place).text
    assert (
        "their fee, &lt;b&gt;as agreed" in page
        and "<b>as" not in page
        and "Worked off" in page
        and "Work it off" not in page
    )
    assert "0 of" not in operator.go(PAGE).text and "1 of 2 lines agree" in operator.go(PAGE).text
