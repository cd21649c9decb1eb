"""The way in as a browser goes it, without one: form tokens before there is a session, cookies, passwords and devices."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

import httpx
import pytest

from farthing.kernel.settings import Settings
from farthing.server import application
from tests.conftest import Bank, sandbox_ports
from tests.doors import OPERATOR_PASSWORD, serving
from tests.hands import city
from tests.identity.people import PASSWORD, Person, codes, enrolled, staff, waited


@pytest.fixture
def base(bank: Bank) -> Iterator[str]:
    with serving(bank) as address:
        yield address


def seen(page: httpx.Response) -> str:
    """What a page that asks once more would send back."""
    found = re.search('name="seen" value="([0-9a-f]+)"', page.text)
    assert found, page.text
    return found[1]


class Browser:
    """Keeps cookies and reads the form token of the page before; of somebody who reads English, unless it is said."""

    def __init__(self, base: str, language: str = "en") -> None:
        self.client = httpx.Client(base_url=base, timeout=30, headers={"accept-language": language})
        self.token = ""

    def go(self, path: str) -> httpx.Response:
        return self._seen(self.client.get(path))

    def send(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> httpx.Response:
        body = {"form_token": self.token, **fields}
        return self._seen(self.client.post(path, data=body, headers=headers))

    def send_file(self, path: str, name: str, content: bytes, **fields: str) -> httpx.Response:
        body = {"form_token": self.token, **fields}
        return self._seen(self.client.post(path, data=body, files={name: ("bill.csv", content)}))

    def confirm(self, path: str, **fields: str) -> httpx.Response:
        """Look at what a form would do, then confirm it as it was shown."""
        return self.send(path, confirmed="1", seen=seen(self.send(path, **fields)), **fields)

    def agree(self, draft: str, key: str, note: str = "") -> httpx.Response:
        """Approve a draft as its page shows it; where the page shows nothing to confirm, that is what is sent."""
        shown = re.search('name="seen" value="([0-9a-f]+)"', self.go(draft).text)
        return self.send(draft, decision="approve", key=key, note=note, seen=shown[1] if shown else "")

    def kept(self) -> list[dict[str, str]]:
        """The cookies, as chromium takes them."""
        base = str(self.client.base_url).rstrip("/")
        return [{"name": each.name, "value": str(each.value), "url": base} for each in self.client.cookies.jar]

    def _seen(self, answer: httpx.Response) -> httpx.Response:
        found = re.search('name="form_token" value="([0-9a-f]+)"', answer.text)
        self.token = found[1] if found else self.token
        return answer

    def sign_in(self, name: str = "operator", password: str = OPERATOR_PASSWORD) -> httpx.Response:
        self.go("/")
        return self.send("/login", name=name, password=password)


def signed_in(base: str, *who: str, language: str = "en") -> Browser:
    """The browser of somebody who is signed in: the operator, unless a name and password are said."""
    found = Browser(base, language)
    found.sign_in(*who)
    return found


def reader(base: str, name: str = "operator", language: str = "en") -> Browser:
    """Somebody of the staff who has the password of everybody in tests and is signed in."""
    return signed_in(base, name, PASSWORD, language=language)


@pytest.mark.parametrize("path", ["/login", "/register", "/register/code", "/look", "/logout"])
def test_a_form_of_another_site_is_refused_without_a_cookie_too(base: str, path: str) -> None:
    sent = httpx.post(f"{base}{path}", data={"name": "operator", "password": OPERATOR_PASSWORD})
    assert sent.status_code == 403
    assert "web.form_expired" in sent.text
    assert not any("session" in name for name in sent.cookies)


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_token_does_not_help_where_the_browser_says_it_is_another_site(base: str, headers: dict[str, str]) -> None:
    browser = Browser(base)
    browser.go("/")
    sent = browser.send("/login", headers, name="operator", password=OPERATOR_PASSWORD)
    assert (sent.status_code, "web.form_expired" in sent.text) == (403, True)


@pytest.mark.parametrize("address", ["http://[", "//[", "http://[::1"])
def test_what_is_no_address_is_no_incident(base: str, address: str) -> None:
    browser = Browser(base)
    assert browser.client.get("/no-such-page", headers={"Referer": address}).status_code == 404
    browser.go("/")
    assert browser.send("/look", {"Referer": address}, theme="dark").headers["location"] == "/"
    assert browser.send("/look", {"Origin": address}, theme="dark").status_code == 403


@pytest.mark.parametrize("said", [b"[" * 30_000, b'{"phone": "\\ud800"}', b"7", b"\xff"])
def test_what_a_browser_made_up_of_a_registration_was_never_said(base: str, said: bytes) -> None:
    kept = base64.urlsafe_b64encode(said).decode()
    answer = httpx.get(f"{base}/register/code", cookies={"farthing_said": kept})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_token_of_another_browser_is_refused(base: str) -> None:
    other, browser = Browser(base), Browser(base)
    other.go("/")
    browser.go("/")
    browser.token = other.token
    assert browser.send("/login", name="operator", password=OPERATOR_PASSWORD).status_code == 403


def test_a_customer_registers_by_the_code_and_forgets_the_password(base: str, bank: Bank) -> None:
    for turn, password in enumerate((PASSWORD, "another sentence of mine", "another sentence of mine")):
        browser, person = Browser(base), Person()
        if turn == 2:
            waited(bank)
        browser.go("/")
        said = {"name": person.name, "number": person.number, "phone": person.phone}
        assert browser.send("/register", **said).headers["location"] == "/register/code"
        for _ in range(2):  # a page that can be loaded again, whatever was looked at between
            assert 'name="code"' in browser.go("/register/code").text
        assert codes(bank, person.phone)[-1] in browser.go(f"/sandbox/messages?phone={person.phone}").text
        code = codes(bank, person.phone)[-1]
        wrong = browser.send("/register/code", code="000000" if code != "000000" else "111111", password=password)
        assert (wrong.status_code, "identity.code_wrong" in wrong.text) == (403, True)
        assert 'name="code"' in wrong.text and "Nothing was changed." not in wrong.text, (
            "the form stays, the try counts"
        )
        done = browser.send("/register/code", code=code, password=password)
        if turn == 1:
            assert (done.status_code, "identity.recovery_waits" in done.text) == (422, True), (
                "she has a login: it waits"
            )
            continue
        assert done.headers["location"] == "/home"
        assert "CNY 0<small>.00" in browser.go("/home").text
        assert browser.go("/register/code").headers["location"] == "/", "what was said is forgotten"


def test_a_refused_code_says_so(base: str, bank: Bank) -> None:
    browser, person = Browser(base), Person()
    browser.go("/")
    said = {"name": person.name, "number": person.number, "phone": person.phone}
    lost = browser.send("/register/code", code="1", password=PASSWORD)
    assert (lost.status_code, "web.code_lost" in lost.text) == (400, True)
    browser.send("/register", **said)
    refused = browser.send("/register/code", code="1", password=PASSWORD)
    assert (refused.status_code, "identity.code_wrong" in refused.text) == (403, True)


def test_cookies_are_for_this_host_and_for_no_script(base: str) -> None:
    browser = Browser(base)
    first = browser.go("/")
    signed = browser.sign_in()
    for answer, name in ((first, "farthing_form"), (signed, "farthing_session"), (signed, "farthing_device")):
        (line,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith(name)]
        assert "HttpOnly" in line
        assert "SameSite=strict" in line
        assert "Path=/" in line
        assert "Secure" not in line  # loopback, plain HTTP


@pytest.mark.parametrize(
    "settings", [Settings(host="0.0.0.0", _env_file=None), Settings(secure_cookies=True, _env_file=None)]
)
def test_off_this_machine_cookies_travel_over_tls_alone(bank: Bank, settings: Settings) -> None:
    city(bank)
    staff(bank, "operator", "operator", OPERATOR_PASSWORD)
    transport = httpx.ASGITransport(app=application(bank.kernel, settings))

    async def visit() -> list[str]:
        async with httpx.AsyncClient(transport=transport, base_url="https://bank.example") as client:
            page = await client.get("/")
            token = re.findall('name="form_token" value="([0-9a-f]+)"', page.text)[0]
            body = {"form_token": token, "name": "operator", "password": OPERATOR_PASSWORD}
            answer = await client.post("/login", data=body)
            return [*page.headers.get_list("set-cookie"), *answer.headers.get_list("set-cookie")]

    lines = anyio_run(visit)
    assert len(lines) == 3
    assert all(line.startswith("__Host-farthing_") and "Secure" in line and "Domain" not in line for line in lines)


def anyio_run(work: object) -> list[str]:
    """Run a coroutine to its end."""
    import anyio

    return anyio.run(work)  # type: ignore[arg-type, return-value]


def test_a_session_in_use_is_renewed(base: str, bank: Bank) -> None:
    browser = Browser(base)
    browser.sign_in()
    with bank.superuser() as connection:
        connection.execute("UPDATE session SET seen_at = now() - interval '29 minutes'")
    assert "Is the bank in order?" in browser.go("/ops").text
    with bank.superuser() as connection:
        fresh = connection.execute("SELECT bool_and(seen_at > now() - interval '1 minute') FROM session").fetchone()
    assert fresh == (True,)


def test_ones_password_and_devices(base: str) -> None:
    phone, desk = Browser(base), Browser(base)
    phone.sign_in()
    desk.sign_in()
    assert desk.go("/me").text.count("session_id") == 1, "the other device; this one signs out as such"
    changed = desk.send("/me/password", old=OPERATOR_PASSWORD, new="a new sentence for the desk")
    assert changed.headers["location"] == "/"
    assert "Sign in" in phone.go("/").text
    assert desk.sign_in(password="a new sentence for the desk").status_code == 303
    desk.go("/me")
    desk.send("/me/sessions")
    assert desk.go("/me").headers["location"] == "/?next=%2Fme"


def test_a_password_from_somebody_else_is_changed_first(base: str, bank: Bank) -> None:
    from farthing.bank.staff import appoint
    from farthing.identity.model import CreateLogin

    _, once = appoint(bank.kernel, CreateLogin("bob", "operator", "Bob", "17"))
    desk = Browser(base)
    desk.sign_in("bob", once)
    assert desk.go("/").headers["location"] == "/me"
    assert desk.go("/ops").status_code == 403
    desk.go("/me")
    desk.send("/me/password", old=once, new="a new sentence for the desk")
    desk.sign_in("bob", "a new sentence for the desk")
    assert desk.go("/ops").status_code == 200


def test_a_device_stays_known_after_signing_out(base: str) -> None:
    desk, thief = Browser(base), Browser(base)
    desk.sign_in()
    desk.go("/")
    desk.go("/ops")
    desk.send("/logout")
    for _ in range(5):
        thief.sign_in(password="not the sentence")
    assert thief.sign_in().status_code == 403
    assert desk.sign_in().status_code == 303


def test_real_messages_are_not_shown(bank: Bank) -> None:
    class Carrier:
        name = "carrier"

        def send(self, message_id: str, phone: str, text: str) -> None:
            return None

    bank.kernel.ports = sandbox_ports().with_peer("gateway", "sandbox", Carrier())
    with serving(bank) as base:
        answer = httpx.get(f"{base}/sandbox/messages?phone=13812345678")
    assert (answer.status_code, "web.no_sandbox_gateway" in answer.text) == (404, True)


def test_the_api_the_same(base: str, bank: Bank) -> None:
    person = Person()
    said = {"name": person.name, "resident_id": person.number, "phone": person.phone}
    assert httpx.post(f"{base}/v1/parties", json=said).json()["code"] == "kernel.forbidden"
    asked = httpx.post(f"{base}/v1/codes", json=said).json()
    assert set(asked) == {"proof_id", "expires_at"}
    body = {**said, "proof_id": asked["proof_id"], "code": codes(bank, person.phone)[-1], "password": PASSWORD}
    made = httpx.post(f"{base}/v1/registrations", json=body).json()
    hers = {"Authorization": f"Bearer {made['token']}"}
    assert httpx.get(f"{base}/v1/parties/{made['party_id']}", headers=hers).json()["name"] == person.name
    typed = {"name": "0086 138 1234 5678", "password": PASSWORD, "device": made["device"]}
    again = httpx.post(f"{base}/v1/sessions", json=typed).json()
    assert len(httpx.get(f"{base}/v1/sessions", headers=hers).json()) == 2
    other = {"Authorization": f"Bearer {again['token']}"}
    assert httpx.delete(f"{base}/v1/sessions/current", headers=other).json() == {"count": 1}
    assert httpx.get(f"{base}/v1/sessions", headers=other).status_code == 401
    assert httpx.delete(f"{base}/v1/sessions/current").status_code == 401
    change = {"old": PASSWORD, "new": "another sentence of mine"}
    assert httpx.post(f"{base}/v1/passwords", json=change, headers=hers).json() == {"count": 1}
    assert httpx.post(f"{base}/v1/sessions", json=typed).json()["code"] == "identity.wrong_login"


def test_known_and_unknown_are_answered_alike(base: str, bank: Bank) -> None:
    enrolled(bank, Person())
    answers = [
        httpx.post(f"{base}/v1/codes", json={"name": name, "resident_id": Person().number, "phone": "139 1234 0000"})
        for name in (Person().name, "别人")
    ]
    assert {answer.status_code for answer in answers} == {201}
    assert len({tuple(sorted(answer.json())) for answer in answers}) == 1
