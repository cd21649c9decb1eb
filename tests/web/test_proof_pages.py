"""The door of whoever asks whether it is true: what it shows to an auditor, and a package that anybody brings to be checked."""

from __future__ import annotations

import base64
import io
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from playwright.sync_api import Browser as Chromium

from farthing.assurance import service as assurance
from farthing.assurance.service import PublishLog
from farthing.evidence.package import write_zip
from farthing.lending.model import LoanCommand
from farthing.web.proof import checking
from tests.conftest import Bank
from tests.doors import serving
from tests.identity.people import PASSWORD, Person, enrolled, staff
from tests.lending.house import House
from tests.signing.victims import victim
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser

__all__ = ["browser", "pytestmark"]


@pytest.fixture
def base(bank: Bank) -> Iterator[str]:
    with serving(bank) as address:
        yield address


def test_an_auditor_comes_in_by_the_door_of_proofs(base: str, bank: Bank) -> None:
    """It was sent to the operator's pages, whose acts it may not do."""
    staff(bank, "wei", "auditor")
    staff(bank, "ou", "operator")
    bank.run(assurance.publish_log, PublishLog())
    auditor, operator = Browser(base), Browser(base)
    auditor.sign_in("wei", PASSWORD)
    assert auditor.go("/").headers["location"] == "/proof"
    shown = auditor.go("/proof").text
    assert "Customers&#39; money is covered" in shown and "0.00" in shown and "Facts under the last signature" in shown
    assert "Every balance was derived again" in auditor.send("/ops/verify").text
    assert "Nothing was decided yet." in auditor.go("/proof/decisions").text
    assert 'href="/ops/accounts"' in shown and 'href="/proof/check"' in shown
    assert "farthing.example/evidence" in auditor.go("/proof/checkpoint.txt").text
    operator.sign_in("ou", PASSWORD)
    assert operator.go("/").headers["location"] == "/ops"


def test_nobody_else_sees_the_proofs(base: str, bank: Bank) -> None:
    customer = enrolled(bank, Person()).party
    assert customer is not None and customer.phone is not None
    visitor = Browser(base)
    for path in ("/proof", "/ops/verify", "/proof/decisions"):
        assert httpx.get(f"{base}{path}").status_code == 403
    visitor.sign_in(customer.phone, PASSWORD)
    assert visitor.go("/proof").status_code == 403
    assert visitor.go("/proof/check").status_code == 200


def brought(browser: Browser, content: bytes, name: str = "package.zip") -> httpx.Response:
    """What the page says of a file that somebody without a login brings."""
    browser.go("/proof/check")
    sent = {"form_token": browser.token}
    return browser.client.post("/proof/check", data=sent, files={"package": (name, content)}, timeout=60)


def test_anybody_has_a_package_checked(database_url: str) -> None:
    house = House(database_url)
    loan = house.active()
    content = base64.b64decode(house.bank.run(assurance.package_loan, LoanCommand(loan.id), key="p").content_base64)
    with serving(house.bank) as address:
        expert = Browser(address)
        said = brought(expert, content, '<script>"x".zip')
        assert said.status_code == 200
        assert "All that was checked holds" in said.text and "Does not hold" not in said.text
        assert "Not checked" in said.text and "<script>" not in said.text
        at = content.index(b"journal/journal.txt") + 40
        torn = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        assert "Does not hold" in brought(expert, torn).text
        assert "Does not hold" in brought(expert, content[: len(content) // 2]).text
        other = zipped({"../../etc/passwd": b"x", "package.json": b"{}"})
        assert "is not a" in brought(expert, other).text or "Does not hold" in brought(expert, other).text
        assert expert.client.post("/proof/check", files={"package": ("p", content)}).status_code == 403


def test_a_court_s_expert_takes_the_report_along(base: str) -> None:
    """The same file, walked through conditions of law, as a PDF in the language that is spoken."""
    expert = Browser(base)
    expert.go("/proof/check")
    content = write_zip({"package.json": b'{"title": "A loan"}', "manifest-sha256.txt": b"0  package.json\n"})
    sent = {"form_token": expert.token, "report": "1"}
    said = expert.client.post("/proof/check", data=sent, files={"package": ("p.zip", content)}, timeout=60)
    assert said.headers["content-type"] == "application/pdf" and said.content.startswith(b"%PDF")
    assert "appraisal-" in said.headers["content-disposition"]
    shown = subprocess.run(["pdftotext", "-", "-"], input=said.content, capture_output=True, check=True).stdout.decode()
    assert "A loan" in shown and "a check speaks against it" in shown


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "proof.file_missing"),
        (b"signed", "proof.not_a_package"),
        (b"PK\x03\x04" + b"\0" * checking.MOST_BYTES, "proof.file_too_large"),
    ],
)
def test_what_is_no_package_is_said_at_the_field(base: str, content: bytes, code: str) -> None:
    refused = brought(Browser(base), content)
    assert refused.status_code == 422 and code in refused.text and 'href="#f-package"' in refused.text


def test_a_bomb_is_stopped_by_the_size_it_claims(base: str) -> None:
    """Its 300 MB are never unpacked: more than a package may be."""
    bomb = zipped({"a": b"\0" * (300 * 1024 * 1024)})
    assert len(bomb) < checking.MOST_BYTES
    assert "Does not hold" in brought(Browser(base), bomb).text


def test_a_small_file_that_names_a_million_members_is_no_long_answer(base: str) -> None:
    """Each name that its manifest gives is a line of the report: a page of 50 MB, made of a file of half of one."""
    named = "".join(f"0  {number:x}\n" for number in range(50_000))
    refused = brought(Browser(base), write_zip({"manifest-sha256.txt": named.encode()}))
    assert refused.status_code == 422 and "proof.too_much" in refused.text
    few = "".join(f"0  {number:x}\n" for number in range(100))
    assert "Does not hold" in brought(Browser(base), write_zip({"manifest-sha256.txt": few.encode()})).text


def test_anybody_has_a_signed_pdf_of_any_maker_judged(base: str) -> None:
    expert = Browser(base)
    pem = victim().authority.root.public_bytes(Encoding.PEM)
    expert.go("/proof/check")
    files = {"package": ("a.pdf", victim().signed), "roots": ("roots.pem", pem)}
    said = expert.client.post("/proof/check", data={"form_token": expert.token}, files=files, timeout=60)
    assert said.status_code == 200 and "sealed" in said.text and "under Test root" in said.text
    assert "signed but changed since" in brought(expert, victim().signed + b"\n").text
    wrong = {"package": ("a.pdf", victim().signed), "roots": ("roots.pem", b"no roots")}
    refused = expert.client.post("/proof/check", data={"form_token": expert.token}, files=wrong, timeout=60)
    assert (
        refused.status_code == 422 and "signing.roots_unreadable" in refused.text and 'href="#f-roots"' in refused.text
    )


def test_what_takes_too_much_or_comes_beside_too_many_is_refused(
    base: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(checking, "SECONDS", 0)
    refused = brought(Browser(base), zipped({"a": b"x"}))
    assert refused.status_code == 422 and "proof.too_much" in refused.text
    for _ in range(checking.AT_ONCE):
        checking._SEATS.acquire()
    try:
        assert "proof.busy" in brought(Browser(base), zipped({"a": b"x"})).text
    finally:
        for _ in range(checking.AT_ONCE):
            checking._SEATS.release()


@pytest.mark.long
def test_the_door_in_two_dresses(browser: Chromium, base: str, bank: Bank) -> None:
    staff(bank, "wei", "auditor")
    bank.run(assurance.publish_log, PublishLog())
    auditor = Browser(base)
    auditor.sign_in("wei", PASSWORD)
    cookies = auditor.kept()
    found: list[str] = []
    for path in ("/proof", "/ops/verify", "/proof/decisions", "/proof/check"):
        found += faults(browser, base, path, "en", widths=(360,), cookies=cookies)
        found += faults(browser, base, path, "zh", "dark", True, widths=(1280,), cookies=cookies)
    assert not found, "\n".join(found)
