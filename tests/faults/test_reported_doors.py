"""Kinds of fault that people reported of other systems' pages and papers, each tried here; the thread is in each docstring."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import urlencode

import httpx
import pytest

from farthing.kernel.day import CloseStep, close_day, step_key
from farthing.kit.money import Money
from farthing.payments import service as payments
from farthing.payments.activity import papers
from farthing.payments.activity import service as activity
from farthing.payments.activity import statement_service as statements
from farthing.payments.model import Transfer
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import OpenDeposit
from farthing.web import names
from farthing.web.charts.drawing import LEFT, axis_figure, breadth
from tests.conftest import Bank
from tests.doors import serving
from tests.hands import city
from tests.identity.people import PASSWORD, Person
from tests.parties.people import resident_id
from tests.payments.customers import CARD, customer
from tests.web.test_entrance import Browser

WANG = Person("王小明", resident_id(order_code="334"), "139 1234 0404")


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


def until(bank: Bank, day: date) -> None:
    while bank.kernel.clock().business_date < day:
        close_day(bank.kernel)


def test_what_a_close_posts_for_the_first_is_not_in_the_month_before(bank: Bank) -> None:
    """odoo/odoo#934, firefly-iii/firefly-iii#12862: running balances by the order of recording, not of days. A deposit's
    interest is drawn in the close of the 31st and effective on the 1st; who paid somebody while that close ran had an
    incident in the place of both statements."""
    city(bank)
    lin, wang = customer(bank, 2_000_000), customer(bank, 0, WANG)
    until(bank, date(2026, 7, 1))
    drawn = OpenDeposit(lin.id, "savings-interest-drawn", yuan("19000"), term="1y", every="1m")
    bank.run(deposits.open_deposit, drawn)
    last, first = date(2026, 7, 31), date(2026, 8, 1)
    until(bank, last)
    step = next(each for each in bank.kernel.steps if each.name == "savings.fall_due")
    bank.run(step.function, CloseStep(last), key=step_key(step.name, last))
    interest = bank.read(lambda tx: payments.wallet(tx, lin.id)).balance - yuan("1000")
    assert interest.minor > 0
    bank.run(payments.transfer, Transfer(lin.id, wang.id, yuan("1.00"), "while the day is closed"))
    close_day(bank.kernel)

    days = {each.on: each.last for each in bank.read(lambda tx: activity.balances(tx, lin.id, 5))}
    assert (days[last], days[first]) == (yuan("999"), yuan("999") + interest)
    july, august = (bank.read(lambda tx, m=m: statements.of_month(tx, lin.id, m)) for m in ("2026-07", "2026-08"))
    assert july.closing == july.lines[-1].balance == august.opening == yuan("999")
    assert august.closing == august.lines[-1].balance == yuan("999") + interest


def test_a_file_holds_all_of_it_and_the_pages_go_on_to_the_end(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """greenaddress/GreenAddressWebFiles#76, kobotoolbox/kpi#2370: exports cut off without a word. Here after 2,000."""
    city(bank)
    monkeypatch.setattr(activity, "MOST", 7)
    lin, wang = customer(bank, 100_00), customer(bank, 0, WANG)
    for number in range(20):
        bank.run(payments.transfer, Transfer(lin.id, wang.id, yuan("0.01"), "even" if number % 10 == 0 else "odd"))
    with serving(bank) as base:
        her = Browser(base)
        her.sign_in(lin.phone, PASSWORD)
        for kind, count in (("", 21), ("people", 20)):
            file = her.go(f"/activity.csv?kind={kind}").text.removeprefix("\ufeff")
            assert len(list(csv.reader(io.StringIO(file)))) == 2 + count and f"The end: {count} rows" in file
        assert len(list(csv.reader(io.StringIO(her.go("/activity.csv?q=even").text)))) == 4, (
            "however far apart they lie"
        )
        assert "the list and the file go on" in her.go("/activity?q=odd").text
    seen, cursor = [], None
    while True:
        page = bank.read(lambda tx, cursor=cursor: activity.activity(tx, lin.id, cursor=cursor, limit=4))
        seen += [each.entry_reference for each in page.movements]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 21


def test_statements_begin_in_the_month_of_the_banks_own_zone(bank: Bank) -> None:
    """swan-io/swan-partner-frontend#419, soramitsu/adar#295: a month by UTC. Who registered on the 1st before 8 in Shanghai
    had a statement of the month before."""
    city(bank)
    lin = customer(bank)
    until(bank, date(2026, 7, 5))
    with bank.superuser() as connection:
        early = datetime(2026, 6, 30, 16, 30, tzinfo=UTC)
        connection.execute("UPDATE party SET registered_at = %s WHERE id = %s", [early, lin.id])
    with serving(bank) as base:
        her = Browser(base)
        her.sign_in(lin.phone, PASSWORD)
        page = her.go("/statements").text
        assert "/statements/2026-07.pdf" in page and "/statements/2026-06.pdf" not in page
        for month in ("0001-01", "1899-12", "9999-12", "2026-13"):
            assert her.go(f"/statements/{month}.pdf").status_code == 400, (
                "an address that somebody made up breaks nothing"
            )


@pytest.fixture
def lin_at(bank: Bank) -> Iterator[tuple[Bank, str, Browser]]:
    """A bank that is served, and a customer with money who is signed in; she has paid Wang before."""
    city(bank)
    lin = customer(bank, 1_000_00)
    customer(bank, 0, WANG)
    with serving(bank) as base:
        her = Browser(base)
        her.sign_in(lin.phone, PASSWORD)
        yield bank, base, her


def switched(base: str, page: httpx.Response, her: Browser) -> str:
    """Where a page's own switch of languages leads, as a browser sends it."""
    (fields,) = re.findall(r'action="/look">(.*?name="language".*?)<button', page.text)[-1:] or [""]
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', fields.rpartition("<form")[2]))
    sent = her.client.post("/look", data=hidden, headers={"referer": str(page.request.url)})
    return str(sent.headers["location"]).removeprefix(base)


def test_another_language_is_chosen_where_one_is_and_leads_back_there(lin_at: tuple[Bank, str, Browser]) -> None:
    """mconf/mconf-web#472, freedomofpress/securedrop#6373, iodigital-com/SecretSanta#353: the page of a refused form has an
    address that takes forms alone; here the switch threw people to the front page."""
    _, base, her = lin_at
    her.go("/pay")
    payee = her.send("/pay/payee", phone=WANG.phone).headers["location"]
    for page, path, fields in (
        ("/pay", "/pay/payee", {"phone": "1"}),
        ("/me", "/me/password", {"old": "a", "new": "b"}),
        ("/collect", "/collect", {"amount": "x"}),
        (payee, "/pay", {"payee": payee.rpartition("/")[2], "amount": "5"}),
    ):
        her.go(page)
        shown = her.send(path, headers={"referer": f"{base}{page}"}, **fields)
        assert switched(base, shown, her) == page
        twice = her.send(path, headers={"referer": f"{base}{path}"}, **fields)
        assert switched(base, twice, her) == page.partition("/to/")[0], (
            "and at least near it, when it was refused again"
        )


def test_whose_session_ended_signs_in_and_goes_on_there(lin_at: tuple[Bank, str, Browser]) -> None:
    """ohcnetwork/care_fe#6486, SecObserve/SecObserve#3938: one ended on the home page. Here too, and a form said that another
    login was needed."""
    bank, base, her = lin_at
    her.go("/activity?kind=people")
    with bank.superuser() as connection:
        connection.execute("UPDATE session SET ended_at = now()")
    for path, wanted, fields in (
        ("/pay/payee", "/pay", {"phone": "1"}), ("/apply", "/apply", {"amount": "8,000"}),
        ("/counter/drawer", "/counter/drawer", {"step": "count"}), ("/savings/open", "/savings/open", {"amount": "5"}),
    ):  # fmt: skip
        told = her.send(path, headers={"referer": f"{base}{wanted}"}, **fields)
        assert (told.status_code, "identity.not_signed_in" in told.text) == (403, True), path
        assert f'href="/?{urlencode({"next": wanted})}"' in told.text
    led = her.go("/activity?kind=people").headers["location"]
    assert led == "/?next=%2Factivity%3Fkind%3Dpeople"
    front = her.go(led)
    assert "you go on where you were" in front.text and 'name="next" value="/activity?kind=people"' in front.text
    wrong = her.send("/login", name=Person().phone, password="wrong wrong wrong", next="/activity?kind=people")
    assert 'name="next" value="/activity?kind=people"' in wrong.text
    done = her.send("/login", name=Person().phone, password=PASSWORD, next="/activity?kind=people")
    assert done.headers["location"] == "/activity?kind=people"


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/pay/payee",
        "/no/such",
        "x",
        "/\r\nSet-Cookie: a=b",
    ],
)
def test_signing_in_leads_to_no_page_but_ours(lin_at: tuple[Bank, str, Browser], address: str) -> None:
    """The same kind from its other side: an address that is sent along leads away."""
    _, base, _ = lin_at
    visitor = Browser(base)
    assert 'name="next"' not in visitor.go(f"/?{urlencode({'next': address})}").text
    done = visitor.send("/login", name=Person().phone, password=PASSWORD, next=address)
    assert done.headers["location"] == "/"


def test_who_asks_for_the_head_of_a_page_gets_it(lin_at: tuple[Bank, str, Browser]) -> None:
    """btcpayserver/btcpayserver-docker#910, passbolt/passbolt_api#507: monitors that ask for the head were told 405."""
    _, _, her = lin_at
    for path in ("/", "/home", "/help", "/healthz", "/readyz", "/v1/docs", "/activity.csv"):
        head, whole = her.client.head(path), her.client.get(path)
        assert (head.status_code, head.content) == (whole.status_code, b""), path
        assert head.headers["content-type"] == whole.headers["content-type"] if whole.content else True
    assert her.client.head("/pay/payee").status_code == 405, "what takes forms alone has no head either"


@pytest.mark.parametrize(
    ("typed", "told"),
    [(".5", "CNY 0.50"), ("12。50", "CNY 12.50"), ("１２，３４５.6", "CNY 12,345.60"), ("cny 5", "CNY 5.00"), ("5块", "CNY 5.00"),
     ("5²", ""), ("10₂", ""), ("12,5", ""), ("1,2345", ""), ("1.234,56", ""), ("5.", ""), ("1e3", ""), ("-5", "")],
)  # fmt: skip
def test_an_amount_is_read_as_it_was_meant_or_asked_again(
    lin_at: tuple[Bank, str, Browser], typed: str, told: str
) -> None:
    """jbms/beancount-import#39, sharetribe/sharetribe#1289: .5 was refused; dannymcc/may#237, we-promise/sure#2130: a comma
    moved the point. Here 5² was read as 52, and the full stop of a Chinese keyboard was no point."""
    _, _, her = lin_at
    her.go("/top-up")
    shown = her.send("/top-up", amount=typed, card=CARD)
    found = re.findall(r'class="big amount">([^<]*)<', shown.text)
    assert found == ([told] if told else []) and shown.status_code == (200 if told else 422)


def test_figures_of_an_axis_stay_beside_it() -> None:
    """chartist-js/chartist#739, lightninglabs/lightning-terminal#709: large figures were cut off. Here from a million million
    on, which is a bank of some size."""
    for power in range(-2, 14):
        for factor in (1, 2, 5, -1, -2, -5):
            figure = Decimal(factor) * Decimal(10) ** power
            for spoken in ("zh", "en"):
                assert breadth(axis_figure(figure, spoken)) <= LEFT - 6, (figure, axis_figure(figure, spoken))


def test_every_kind_of_movement_is_in_the_filter_and_named_on_the_paper() -> None:
    """SparkDevNetwork/Rock#2682: a statement knew some types of transactions and not the others. Here cash over the counter was
    called a movement on the paper, and no filter found it."""
    kinds = set(names.NAMES["kind"])
    assert kinds == set(papers.WHAT) == {each for group in activity.GROUPS.values() for each in group}
    assert set(activity.GROUPS) == set(names.NAMES["group"])
