"""Sign-in links of a simulated bank: each opens one session of one login, once."""

from __future__ import annotations

import json

import httpx
import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.funding.lenders import service as lenders
from farthing.identity import entrance, links
from farthing.identity.links import FollowLink, Link, MakeLink
from farthing.identity.roles import NOT_STAFF, ROLES
from farthing.identity.rules import DOOR, LOGIN_UNKNOWN, NOT_SIGNED_IN
from farthing.kernel.operation import OPERATIONS
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.town.staff import DEMO, demo_logins, doors
from tests.banks import Bank, commanded
from tests.doors import serving
from tests.hands import city
from tests.identity.people import Person, enrolled

STAFF = ("counter", "operator", "risk", "security", "auditor", "regulator")
SECOND = ("counter-2", "operator-2", "security-2", "risk-2")


def refused(bank: Bank, function: object, command: object, actor: Actor) -> str:
    with pytest.raises(Refusal) as refusal:
        bank.run(function, command, actor=actor)
    return refusal.value.code


def test_a_link_lets_in_once_and_is_no_session_itself(bank: Bank) -> None:
    city(bank)
    demo_logins(bank.kernel)
    link: Link = bank.run(links.make_link, MakeLink("operator:operator"))
    for token in (link.token, f"link {link.token}", f"\xff{link.token}", f"\udcff{link.token}"):
        with pytest.raises(Refusal) as refusal:
            entrance.who_is(bank.kernel, token)
        assert refusal.value.code == NOT_SIGNED_IN.name
    opened = bank.run(links.follow_link, FollowLink(link.token), actor=DOOR)
    assert entrance.who_is(bank.kernel, opened.token).actor.id == "operator:operator"
    assert refused(bank, links.follow_link, FollowLink(link.token), DOOR) == links.LINK_USED.name
    assert refused(bank, links.follow_link, FollowLink("made up"), DOOR) == links.LINK_USED.name
    first: Link = bank.run(links.make_link, MakeLink("operator:operator"))
    bank.run(links.make_link, MakeLink("operator:operator"))
    assert refused(bank, links.follow_link, FollowLink(first.token), DOOR) == links.LINK_USED.name, "a newer one waits"
    assert entrance.who_is(bank.kernel, opened.token).actor.id == "operator:operator", "who came in stays in"
    assert refused(bank, links.make_link, MakeLink("operator:nobody"), bank.system) == LOGIN_UNKNOWN.name


def test_nobody_of_the_staff_may_make_one(bank: Bank) -> None:
    city(bank)
    demo_logins(bank.kernel)
    from_link = bank.run(
        links.follow_link, FollowLink(bank.run(links.make_link, MakeLink("operator:operator")).token), actor=DOOR
    )
    herself = entrance.who_is(bank.kernel, from_link.token).actor
    assert refused(bank, links.make_link, MakeLink("teller:teller"), herself) == "kernel.forbidden"


def test_every_door_of_the_demo_has_a_link(bank: Bank) -> None:
    with serving(bank) as base, httpx.Client(base_url=base, follow_redirects=True) as browser:
        demo_logins(bank.kernel)
        assert [door.en for door in doors(bank.kernel)] == [*STAFF, *SECOND]
        enrolled(bank, Person())
        made = doors(bank.kernel)
        assert [door.en for door in made] == ["customer", *STAFF, *SECOND]
        assert browser.get(f"/sandbox/enter/{made[2].token}").url.path == "/ops"
        assert browser.get(f"/sandbox/enter/{made[2].token}").status_code == 403


def test_the_command_prints_links_that_open_beside_a_running_server(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(bank) as base, httpx.Client(base_url=base, follow_redirects=True) as browser:
        demo_logins(bank.kernel)
        commanded(monkeypatch, bank.url)
        done = CliRunner().invoke(app, ["links", "--json"])
        assert done.exit_code == 0, (done.output, done.exception)
        told = json.loads(done.output)
        assert [each["name"]["en"] for each in told] == [*STAFF, *SECOND]
        assert browser.get(f"/sandbox/enter/{told[1]['address'].rpartition('/')[2]}").url.path == "/ops"
        said = CliRunner().invoke(app, ["links"]).output
        assert "half an hour" in said and "farthing links" in said and said.count("/sandbox/enter/") == len(told)


def test_whatever_waits_in_a_demo_has_somebody_who_may_do_it() -> None:
    """A visitor who is refused a page finds at another door of the list who works there, and whoever asks for what two
    persons must want finds the second."""
    assert set(DEMO.values()) == set(ROLES) - NOT_STAFF - {lenders.LENDER}
    alone = [
        each.name
        for each in OPERATIONS.values()
        if each.four_eyes or each.two_for_another
        if 0 < sum(each.permission in ROLES[role] for role in DEMO.values()) < 2
    ]
    assert not alone
