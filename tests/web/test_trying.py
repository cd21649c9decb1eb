"""A newcomer to a simulated bank finds a made-up bill with its seal on the page that asks for one, and brings it; a bank
without the sandbox's wallet has neither."""

from __future__ import annotations

import pytest

from farthing.kernel.ports import Ports
from tests.conftest import Bank
from tests.doors import served, serving
from tests.identity.people import PASSWORD, Person, enrolled
from tests.web.test_entrance import Browser

BILL, SEAL = "/history/sandbox/bill.csv", "/history/sandbox/seal.json"


def test_a_made_up_bill_is_taken_home_and_brought_with_its_seal(bank: Bank) -> None:
    with serving(bank) as base:
        enrolled(bank, Person())
        browser = Browser(base)
        assert browser.go(BILL).headers["location"].startswith("/")
        browser.sign_in(Person().phone, PASSWORD)
        page = browser.go("/history").text
        assert f'href="{BILL}"' in page and f'href="{SEAL}"' in page
        bill, seal = browser.client.get(BILL), browser.client.get(SEAL)
        assert "attachment" in bill.headers["content-disposition"] and bill.content == browser.client.get(BILL).content
        browser.go("/history")
        files = {"bill": ("bill.csv", bill.content), "seal": ("seal.json", seal.content)}
        fields = {"form_token": browser.token, "key": "k", "agree": "1"}
        answer = browser.client.post("/history", data=fields, files=files, follow_redirects=True)
        assert "Your bill was imported." in answer.text and "Sealed by its issuer" in answer.text


CERTIFICATE = "/history/sandbox/certificate.zip"


@pytest.mark.long
def test_a_certificate_is_taken_home_and_brought_in_its_archive(bank: Bank) -> None:
    with serving(bank) as base:
        enrolled(bank, Person())
        browser = Browser(base)
        browser.sign_in(Person().phone, PASSWORD)
        assert f'href="{CERTIFICATE}"' in browser.go("/history").text
        fields = {"form_token": browser.token, "key": "k", "agree": "1", "password": "000000"}
        files = {"bill": ("c.zip", browser.client.get(CERTIFICATE).content)}
        refused = browser.client.post("/history", data=fields, files=files)
        assert refused.status_code == 422 and "The password does not open this file" in refused.text
        answer = browser.client.post(
            "/history", data={**fields, "key": "l", "password": "135790"}, files=files, follow_redirects=True
        )
        assert "Your bill was imported." in answer.text and "Sealed by its issuer" in answer.text


def test_a_bank_without_the_sandbox_has_no_made_up_bill(bank: Bank) -> None:
    with serving(bank):
        enrolled(bank, Person())
    bank.kernel.ports = Ports().with_peer("keyring", "file", bank.kernel.ports.peer("keyring"))
    with served(bank) as base:
        browser = Browser(base)
        browser.sign_in(Person().phone, PASSWORD)
        assert BILL not in browser.go("/history").text
        for path in (BILL, SEAL, CERTIFICATE):
            answer = browser.go(path)
            assert answer.status_code == 404 and "web.no_such_page" in answer.text
