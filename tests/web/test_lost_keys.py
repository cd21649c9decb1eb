"""Somebody has lost her phone: one officer asks, another agrees, and her passkeys end; a copied one stands in their list."""

from __future__ import annotations

from farthing.identity import entrance as doors
from farthing.identity.authenticators import entrance, service
from farthing.identity.authenticators.model import AskSignIn
from farthing.identity.model import Place
from farthing.identity.rules import ANONYMOUS
from farthing.kit.errors import Refusal
from tests.conftest import Bank
from tests.doors import serving
from tests.identity.devices import SITE, Device, registered
from tests.identity.people import Person, enrolled, staff, waited
from tests.web.test_entrance import Browser, reader


def signed(bank: Bank, device: Device) -> str:
    """How signing in by a device ends."""
    asked = bank.run(service.ask_sign_in, AskSignIn(), actor=ANONYMOUS)
    try:
        entrance.sign_in(bank.kernel, SITE, device.sign(asked.challenge_id, asked.challenge), Place())
    except Refusal as refusal:
        return refusal.code
    return "ok"


def test_two_officers_end_the_keys_that_somebody_lost(bank: Bank) -> None:
    with serving(bank) as base:
        done = enrolled(bank, Person())
        assert done.session is not None
        her = doors.who_is(bank.kernel, str(done.session.token)).actor
        device = registered(bank, her)
        for name in ("sec", "sue"):
            staff(bank, name, "security")
        one, other = reader(base, "sec"), reader(base, "sue")
        one.go("/ops/staff")
        unknown = one.send("/ops/staff", act="lose", lost="+8613900000000", key="a")
        assert "identity.login_unknown" in unknown.text
        asked = one.send("/ops/staff", act="lose", lost=Person().phone, key="b")
        assert asked.headers["location"] == "/ops/staff?drafted=1"
        (mine,) = bank.kernel.ask(service.own_passkeys, actor=her)
        assert mine.ended_at is None, "nothing was done yet"
        listed = other.go("/approvals").text
        (draft,) = {each.split('"')[0] for each in listed.split('href="/approvals/')[1:]}
        assert other.agree(f"/approvals/{draft}", "c").status_code == 303
        home = reader(base, Person().phone)
        assert "asked to end your passkeys and app codes" in home.go("/me").text
        home.go("/me/devices")
        assert home.send("/me/devices/recovery").status_code == 303
        assert "asked to end" not in home.go("/me/devices").text and signed(bank, device) == "ok"
        one.go("/ops/staff")
        one.send("/ops/staff", act="lose", lost=Person().phone, key="d")
        listed = other.go("/approvals").text
        (draft,) = {each.split('"')[0] for each in listed.split('href="/approvals/')[1:]}
        assert other.agree(f"/approvals/{draft}", "e").status_code == 303
        waited(bank)
        assert signed(bank, device) == "identity.passkey_unknown"
        (mine,) = bank.kernel.ask(service.own_passkeys, actor=her)
        assert mine.why == "lost"
        stranger = Browser(base, "en")
        assert "Word in the message" in stranger.go("/stop").text
        assert "identity.stop_word_wrong" in stranger.send("/stop", word="AAAA").text
        assert signed(bank, device) == "identity.passkey_unknown"


def test_a_copied_passkey_stands_in_the_officers_list(bank: Bank) -> None:
    with serving(bank) as base:
        done = enrolled(bank, Person())
        assert done.session is not None
        her = doors.who_is(bank.kernel, str(done.session.token)).actor
        device = registered(bank, her, name="her blue phone")
        copy = device.copied()
        assert signed(bank, device) == "ok" and signed(bank, copy) == "identity.passkey_cloned"
        staff(bank, "sec", "security")
        page = reader(base, "sec").go("/approvals").text
        assert "Passkeys that seem to have been copied" in page and "her blue phone" in page
