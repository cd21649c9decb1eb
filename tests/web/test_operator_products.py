"""The operator's shelf: products and their versions in words and as files, the calendar of rates, and new terms by a file:
shown first, then drafted for a second person; and what a hostile file comes to."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser as Chromium

from farthing.kernel import approvals
from farthing.kit.actor import SYSTEM
from farthing.kit.errors import Refusal
from farthing.products import service as products
from farthing.products.law import service as law
from farthing.savings.shelf import service as shelf
from farthing.web.operator.changes import Change, changes, line_of
from farthing.web.operator.uploads import MOST_BYTES
from tests.conftest import DAY, Bank
from tests.doors import serving
from tests.identity.people import PASSWORD, staff
from tests.products.published import source_of
from tests.web.eyes import browser, faults, kept, look, pictured, pytestmark
from tests.web.test_entrance import Browser

__all__ = ["browser", "pytestmark"]
LOAN = "rainy-day-loan"
NEW = "/ops/products/new"


@pytest.fixture
def base(bank: Bank) -> Iterator[str]:
    with serving(bank) as address:
        staff(bank, "risk", "risk")
        yield address


def upload(who: Browser, name: str, content: bytes, **fields: str) -> httpx.Response:
    who.go(NEW)
    answer = who.client.post(NEW, data={"form_token": who.token, **fields}, files={"file": (name, content)})
    who._seen(answer)
    return answer


def hidden(page: str) -> dict[str, str]:
    """What the form that confirms carries."""
    return {name: html.unescape(value) for name, value in re.findall('name="([a-z_0-9]+)" value="([^"]*)"', page)}


def waiting(bank: Bank) -> list[str]:
    return [each.operation for each in bank.kernel.ask(approvals.waiting, actor=SYSTEM)]


def test_every_version_is_listed_however_many_there_are_and_each_says_who_published_it(bank: Bank, base: str) -> None:
    everything = bank.kernel.ask(law.versions, limit=1_000)
    found, after = [], ""
    while page := bank.kernel.ask(law.versions, limit=3, after=after):
        found += page
        after = f"{page[-1].product}@{page[-1].version}"
    assert found == everything and len(found) > 3
    with pytest.raises(Refusal, match="no product"):
        bank.kernel.ask(law.versions, after="no-such@version")
    operator = Browser(base)
    operator.sign_in()
    rows = operator.go("/ops/reports/products.csv").text.strip().splitlines()
    assert rows[-1] == f"The end: {len(everything)} rows" and len(rows) == len(everything) + 2
    shown = operator.go(f"/ops/products/{LOAN}/{next(e for e in everything if e.product == LOAN).version}").text
    assert "Published by" in shown and 'class="id">operator:' not in shown and ",operator:" not in "".join(rows)


def test_the_shelf_leads_to_a_page_of_each_version_in_words_and_as_a_file(bank: Bank, base: str) -> None:
    operator = Browser(base)
    operator.sign_in()
    shown = operator.go("/ops/products").text
    for name in ("Rainy-day loan", "People's Republic of China", "Small Change money-market fund"):
        assert name in html.unescape(shown)
    for product in (LOAN, "savings-lump-sum", "savings-baby", "policy"):
        (address,) = set(re.findall(f'href="(/ops/products/{product}/[0-9a-f]+)"', shown))
        told = operator.go(address)
        assert told.status_code == 200 and "In force" in told.text and "The file" in told.text
        source = bank.read(lambda tx, product=product: source_of(tx, product))
        assert source.strip() in html.unescape(told.text)
    assert (
        "CNY 500.00 to CNY 50,000.00"
        in operator.go(re.findall(f'href="(/ops/products/{LOAN}/[0-9a-f]+)"', shown)[0]).text
    )
    assert operator.go(f"/ops/products/{LOAN}/{'0' * 64}").status_code == 404
    calendar = operator.go("/ops/rates").text
    assert "Rates of savings were published" in calendar and "Lump sum" in calendar and "1.30%" in calendar


def test_new_terms_are_shown_against_what_stands_and_drafted_once_for_a_second_person(bank: Bank, base: str) -> None:
    operator = Browser(base)
    operator.sign_in()
    source = bank.read(lambda tx: source_of(tx, LOAN))
    assert "web.upload_changes_nothing" in upload(operator, f"{LOAN}.toml", f"# a remark\n{source}".encode()).text
    dearer = source.replace('annual = "0.12"', 'annual = "0.13"')
    shown = upload(operator, f"{LOAN}.toml", dearer.replace("\n", "\r\n").encode())
    assert shown.status_code == 200 and "rate.annual" in shown.text and "Ask a second person" in shown.text
    assert "0.12" in shown.text and "0.13" in shown.text and "offer_days" not in shown.text
    assert waiting(bank) == [], "a preview drafted something"
    asked = hidden(shown.text)
    for _ in range(2):  # a double click
        sent = operator.send(NEW, **asked)
        assert (sent.status_code, sent.headers["location"]) == (303, "/ops/products?drafted=1")
    assert waiting(bank) == ["products.publish"]
    assert "nothing was published yet" in operator.go("/ops/products?drafted=1").text
    risk = Browser(base)
    risk.sign_in("risk", PASSWORD)
    assert "1 draft of new terms waits" in risk.go("/ops/products").text
    draft = re.findall("appr_[0-9a-z]{26}", risk.go("/approvals").text)[0]
    risk.agree(f"/approvals/{draft}", "yes")
    newest, before = bank.kernel.ask(law.versions, LOAN, actor=SYSTEM)
    assert newest.in_force and before.until_at == newest.since_at and before.since_at < newest.since_at
    told = operator.go(f"/ops/products/{LOAN}/{newest.version}").text
    assert "What it changed against the version before" in told and "rate.annual" in told
    assert "Replaced" in operator.go(f"/ops/products/{LOAN}/{before.version}").text
    stale = operator.send(NEW, **{**asked, "key": "later"})
    assert stale.status_code in (409, 422) and waiting(bank) == [], "what stands is not what was looked at"


def test_what_changed_since_is_shown_again_and_nothing_is_drafted(bank: Bank, base: str) -> None:
    operator = Browser(base)
    operator.sign_in()
    dearer = bank.read(lambda tx: source_of(tx, LOAN)).replace('annual = "0.12"', 'annual = "0.13"')
    asked = hidden(upload(operator, f"{LOAN}.toml", dearer.encode()).text)
    again = operator.send(NEW, **{**asked, "seen": "0" * 64})
    assert again.status_code == 409 and "This has changed since you looked" in again.text and waiting(bank) == []


def test_an_edition_of_rates_is_compared_term_by_term_and_holds_from_a_chosen_day(bank: Bank, base: str) -> None:
    operator = Browser(base)
    operator.sign_in()
    file = (products.ROOT / "products" / "rates-boc-2025-05-20.toml").read_text(encoding="utf-8")
    lower = file.replace('demand = "0.05%"', 'demand = "0.03%"').encode()
    past = upload(operator, "rates-new.toml", lower)
    assert past.status_code == 409 and "savings.rates_in_force" in past.text and 'name="file"' in past.text
    wrong = upload(operator, "rates-new.toml", lower, effective_on="soon")
    assert wrong.status_code == 422 and 'value="soon"' in wrong.text
    first = DAY + timedelta(days=30)
    shown = upload(operator, "rates-new.toml", lower, effective_on=first.isoformat())
    assert "At call" in shown.text and "0.03%" in shown.text and "−0.02" in shown.text
    sent = operator.send(NEW, **hidden(shown.text))
    assert sent.headers["location"] == "/ops/products?drafted=1" and waiting(bank) == ["savings.publish_rates"]
    risk = Browser(base)
    risk.sign_in("risk", PASSWORD)
    draft = re.findall("appr_[0-9a-z]{26}", risk.go("/approvals").text)[0]
    risk.agree(f"/approvals/{draft}", "yes")
    board = bank.kernel.ask(shelf.board_view, actor=SYSTEM)
    assert board.editions[0].effective_on == first and not board.editions[0].in_force
    calendar = operator.go("/ops/rates").text
    assert "coming" in calendar and "0.03%" in calendar


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        written.writestr("a.toml", "kind = 'loan'")
    return file.getvalue()


SOURCE = (products.ROOT / "products" / f"{LOAN}.toml").read_text(encoding="utf-8")
HOSTILE = {
    "nothing": (b"", "web.upload_missing"),
    "large": (b"#" * (MOST_BYTES + 1), "web.upload_too_large"),
    "larger": (b"#" * 3_000_000, "web.upload_too_large"),
    "archive": (archive(), "web.upload_not_text"),
    "latin": (SOURCE.encode() + b"\xff", "web.upload_not_text"),
    "wide": (SOURCE.encode("utf-16"), "web.upload_not_text"),
    "zero": (SOURCE.encode() + b"#\0", "web.upload_not_text"),
    "no toml": (b"<html>", "products.unreadable"),
    "brackets": (b"a = " + b"[" * 60_000, "products.unreadable"),
    "braces": (b"a = " + b"{a=" * 20_000, "products.unreadable"),
    "digits": (b"a = " + b"9" * 60_000, "products.unreadable"),
    "deep": (SOURCE.encode() + b"[" + b"a." * 400 + b"a]\n", "products.unknown_key"),
    "deep role": (SOURCE.encode() + b"[roles." + b"a." * 400 + b"a]\n", "products.unknown_key"),
    "deeper": (SOURCE.encode() + b"[" + b"a." * 20_000 + b"a]\n", "products.unreadable"),
    "parts": (b"a." * 30_000 + b"a = 1", "products.unreadable"),
    "keys": (SOURCE.encode() + b"".join(b"k%d=1\n" % each for each in range(5_000)), "products.unknown_key"),
    "kind": (b"kind = 'savings_policy'", "products.invalid"),
    "figure": (SOURCE.replace('"0.12"', "0.12").encode(), "products.invalid"),
}


def test_a_hostile_file_is_refused_by_its_code_and_costs_nothing(bank: Bank, base: str) -> None:
    operator = Browser(base)
    operator.sign_in()
    for name, (content, code) in HOSTILE.items():
        refused = upload(operator, f"{LOAN}.toml", content)
        assert 400 <= refused.status_code < 500 and code in refused.text, (name, refused.status_code)
        assert 'name="file"' in refused.text and refused.text.count('class="wrong"') == 1, name
    for called in ("a.exe", "", "../../etc/passwd", f"{'x' * 200}.toml", "a b.toml"):
        refused = upload(operator, called, SOURCE.encode())
        assert 400 <= refused.status_code < 500 and 'name="file"' in refused.text, called
    assert "web.upload_misnamed" in upload(operator, "a.exe", SOURCE.encode()).text
    assert "Look at line 11" in upload(operator, f"{LOAN}.toml", HOSTILE["figure"][0]).text
    assert waiting(bank) == [] and len(bank.kernel.ask(law.versions, LOAN, actor=SYSTEM)) == 1


def test_only_who_publishes_may_bring_a_file_and_only_of_its_kind(bank: Bank, base: str) -> None:
    staff(bank, "audrey", "auditor")
    auditor, risk = Browser(base), Browser(base)
    auditor.sign_in("audrey", PASSWORD)
    risk.sign_in("risk", PASSWORD)
    assert auditor.go("/ops/products").status_code == 200 and NEW not in auditor.go("/ops/products").text
    assert auditor.go(NEW).status_code == 403
    assert httpx.get(f"{base}/ops/products").status_code == 403 and httpx.get(f"{base}{NEW}").status_code == 403
    deposit = bank.read(lambda tx: source_of(tx, "savings-demand"))
    refused = upload(risk, "savings-demand.toml", deposit.replace('"1.00"', '"5.00"').encode())
    assert refused.status_code == 403 and waiting(bank) == []
    refused = upload(auditor, "savings-demand.toml", b"no toml")
    assert refused.status_code == 403 and "products.unreadable" not in refused.text, "nobody else has a file read"


def test_changes_and_lines_are_found_in_a_file() -> None:
    before = {"a": {"b": 1, "c": [1, 2]}, "many": [{"x": 1}], "gone": True}
    assert changes(before, {"a": {"b": 2, "c": [1, 2]}, "many": [{"x": 1}, {"x": 2}]}) == [
        Change("a.b", "1", "2"), Change("many.2.x", "", "2"), Change("gone", "true", ""),
    ]  # fmt: skip
    source = 'kind = "loan"\nrate = {annual = 1}\n[roles]\nprincipal = "x"\n[[editions]]\nlump = {1y = "150%"}\n'
    assert line_of(source, {"key": "rate.annual"}) == 2
    assert line_of(source, {"key": "roles.principal"}) == 4 and line_of(source, {"where": "f.roles", "field": "x"}) == 3
    assert line_of(source, {"value": "'150%'"}) == 6 and line_of(source, {"key": "no"}) is None
    assert line_of(source, {"problem": "Expected '=' (at line 9, column 2)"}) == 9


@pytest.mark.long
def test_these_pages_hold_in_chromium(bank: Bank, base: str, browser: Chromium) -> None:
    operator = Browser(base)
    operator.sign_in()
    newest = {each.product: each.version for each in bank.kernel.ask(law.versions, actor=SYSTEM)}
    paths = ["/ops/products", "/ops/rates", NEW]
    paths += [f"/ops/products/{each}/{quote(newest[each])}" for each in (LOAN, "policy")]
    found = []
    for path in paths:
        found += faults(browser, base, path, "en", widths=(360, 1280), cookies=operator.kept())
        found += faults(browser, base, path, "zh", "dark", True, widths=(320,), cookies=operator.kept())
    for language in ("en", "zh"):
        found += preview_faults(bank, browser, base, operator, language)
    assert not found, "\n".join(found)


def preview_faults(bank: Bank, browser: Chromium, base: str, who: Browser, language: str) -> list[str]:
    """What is wrong with the page that shows what a file would change, reached as a person does."""
    dearer = bank.read(lambda tx: source_of(tx, LOAN)).replace('annual = "0.12"', 'annual = "0.13"')
    context = kept(browser, base, language)
    context.add_cookies(who.kept())  # type: ignore[arg-type]
    shown = context.new_page()
    shown.set_viewport_size({"width": 360, "height": 780})
    shown.goto(f"{base}{NEW}")
    shown.set_input_files("#f-file", {"name": f"{LOAN}.toml", "mimeType": "text/plain", "buffer": dearer.encode()})
    shown.click("main form button")
    assert "rate.annual" in shown.inner_text("main")
    pictured(shown, f"ops-products-preview-{language}-360")
    found = look(shown, language)
    context.close()
    return found
