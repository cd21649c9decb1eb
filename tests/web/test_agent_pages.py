"""The pages of agents: a customer's code for cash, the shop at work, what waits without a network, and the bank."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.bank.founding import agreed
from farthing.payments import service as payments
from farthing.payments.agents.model import OpenAgent
from farthing.payments.agents.service import agent_of, open_agent
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants.model import Fee, OpenMerchant
from farthing.payments.model import MoveByRail
from tests.identity.people import PASSWORD, staff
from tests.payments.agents.corner import USUAL, Corner
from tests.payments.customers import CARD
from tests.payments.merchants.shops import Shop as Noodles
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser, seen
from tests.web.test_paying import Street, street, yuan
from tests.web.test_saving import words

__all__ = ("browser", "pytestmark", "street")


@dataclass
class House:
    """The street's Wang has a shop that is an agent, and is signed in; Lin comes with cash."""

    street: Street
    him: Browser
    corner: Corner

    @property
    def desk(self) -> str:
        return f"/agent/{self.corner.agent.id}"

    def customer(self) -> str:
        found = self.him.send("/agent/customers", agent=self.corner.agent.id, phone=self.street.lin.phone)
        return str(found.headers["location"])

    def asked(self, page: str, amount: str, **more: str) -> dict[str, str]:
        return {"agent": self.corner.agent.id, "customer": page.rpartition("/")[2], "amount": amount, **more}


@pytest.fixture
def house(street: Street) -> Iterator[House]:
    bank, owner = street.bank, street.wang.id
    bank.run(payments.top_up, MoveByRail(owner, yuan("2000.00"), CARD))
    contract = OpenMerchant(owner, "Noodle house", "Chengdu", "5812", Fee("0.01"), "net", "面馆")
    merchant = bank.run(merchants.open_merchant, contract)
    told = agreed(bank.kernel, open_agent, OpenAgent(merchant.id, *USUAL, yuan("2000.00"), yuan("50.00")))
    agent = bank.read(lambda tx: agent_of(tx, told["id"])).agent
    shop = Noodles(bank, street.lin.id, owner, owner, street.lin.id, merchant, None)  # type: ignore[arg-type]
    him = Browser(street.base)
    him.sign_in(street.wang.phone, PASSWORD)
    him.go("/pay")
    yield House(street, him, Corner(shop, agent, street.lin.id, street.lin.id))


def test_cash_in_and_out_on_the_pages(house: House) -> None:
    her, him = house.street.her, house.him
    bought = him.send("/agent/floats", agent=house.corner.agent.id, amount="1000", key="b")
    assert "Done" in him.go(bought.headers["location"]).text
    page = house.customer()
    shown = him.go(page)
    assert house.street.lin.name[-1] in shown.text and "party_" not in words(shown)
    review = him.send("/agent/ins", **house.asked(page, "200"))
    for told in ("CNY 200.00", "CNY 0.40", "two hundred yuan"):
        assert told in review.text, told
    done = him.send("/agent/ins", **house.asked(page, "200"), confirmed="1", seen=seen(review), key="i")
    told_of = him.go(done.headers["location"]).text
    for told in ("Paid in", "Company money you hold", "CNY 1,000.00", "CNY 200.00", "CNY 800.00"):
        assert told in told_of, told
    made = her.send("/cash", amount="150", key="c")
    code = re.findall(r"([0-9]{4}) ([0-9]{4})</p>", made.text)[0]
    assert "".join(code) not in her.go("/cash").text and "CNY 150.00" in her.go("/cash").text
    wrong = "0000 0000" if code != ("0000", "0000") else "0000 0001"
    refused = him.send("/agent/outs", **house.asked(page, "150", code=wrong), key="w")
    assert refused.status_code == 422 and "4 tries" in refused.text
    given = him.send("/agent/outs", **house.asked(page, "150", code=" ".join(code)), key="o")
    assert "Give the customer the cash now" in him.go(given.headers["location"]).text
    activity = her.go("/activity").text
    assert "Cash drawn at an agent" in activity and activity.count("面馆") == 2
    counted = him.send("/agent/counts", agent=house.corner.agent.id, counted="49.50", key="n")
    assert "CNY 0.50 too little" in him.go(counted.headers["location"]).text
    her.send("/cash", amount="5", key="d")
    code_id = re.findall(r"cashcode_[0-9a-z]+", her.go("/cash").text)[0]
    her.send("/cash/withdrawals", code=code_id)
    assert "cashcode_" not in her.go("/cash").text


def waits(house: House) -> None:
    """One act without a network that waits for a person, since the float is empty."""
    device = house.corner.device()
    house.corner.sync(device.act("in", "20.00", house.street.lin.phone))


def test_what_waits_is_tried_again_or_decided_by_the_bank(house: House) -> None:
    him, agent = house.him, house.corner.agent.id
    waits(house)
    assert "1 act without a network waits" in him.go(house.desk).text
    queue = him.go(f"{house.desk}/queue").text
    assert "The float holds" in queue and "Phone at the shop" in queue and "party_" not in queue
    device = re.findall(r"agentdevice_[0-9a-z]+", queue)[0]
    retry = {"agent": agent, "act": "retry", "device": device, "number": "1"}
    him.send("/agent/queues", **retry, key="r")
    assert "Try it again" in him.go(f"{house.desk}/queue").text
    staff(house.street.bank, "ou", "operator")
    officer = Browser(house.street.base)
    officer.sign_in("ou", PASSWORD)
    address = f"/ops/agents/{agent}"
    assert "1 waits" in officer.go("/ops/agents").text and "The float holds" in officer.go(address).text
    officer.send(address, act="drop", device=device, number="1", note="given back", key="d")
    assert "given back" in him.go(f"{house.desk}/queue").text
    him.send("/agent/queues", agent=agent, act="revoke", device=device)
    assert "stopped" in him.go(f"{house.desk}/queue").text
    key = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    him.send("/agent/queues", agent=agent, act="register", device_name="Tablet", public_key=key, key="k")
    assert "Tablet" in him.go(f"{house.desk}/queue").text
    bad = him.send("/agent/queues", agent=agent, act="register", device_name="Tablet", public_key="x", key="l")
    assert bad.status_code in (400, 422) and "Ed25519" in bad.text
    terms = {
        "act": "terms",
        "from_on": "2027-01-01",
        "in_rate": "0.1",
        "in_flat": "0",
        "out_rate": "0.2",
        "out_flat": "0",
    }
    terms |= {"ceiling": "1000", "low": "10"}
    review = officer.send(address, **terms)
    assert "0.10%" in review.text and "second person" in review.text
    drafted = officer.send(address, **terms, confirmed="1", seen=seen(review), key="t")
    assert "Waits for a second person" in officer.go(drafted.headers["location"]).text
    assert "at once" in officer.send(address, act="end").text
    officer.send(address, act="end", confirmed="1", key="e")
    assert "ended on" in officer.go(address).text and "serves no cash" in him.go(house.desk).text


@pytest.mark.long
def test_the_pages_in_both_languages(house: House, browser: Chromium) -> None:
    house.corner.buy("500.00")
    house.corner.take("20.00")
    waits(house)
    page = house.customer()
    his = [each for each in house.him.kept() if each["name"] in ("farthing_session", "farthing_form")]
    staff(house.street.bank, "ou", "operator")
    officer = Browser(house.street.base)
    officer.sign_in("ou", PASSWORD)
    officers = [each for each in officer.kept() if each["name"] in ("farthing_session", "farthing_form")]
    found = []
    pages = [("/cash", house.street.cookies()), (house.desk, his), (f"{house.desk}/queue", his), (page, his)]
    for path, cookies in pages:
        found += faults(browser, house.street.base, path, "en", widths=(360,), cookies=cookies)
        found += faults(browser, house.street.base, path, "zh", "dark", True, widths=(320,), cookies=cookies)
    for path in ("/ops/agents", "/ops/agents/new", f"/ops/agents/{house.corner.agent.id}"):
        found += faults(browser, house.street.base, path, "en", widths=(1280,), cookies=officers)
        found += faults(browser, house.street.base, path, "zh", widths=(360,), cookies=officers)
    assert not found, found
