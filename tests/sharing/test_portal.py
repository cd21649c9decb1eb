"""The pages by which institutions are registered: by two of the staff, and by oneself in a simulated bank; and what developers
read."""

from __future__ import annotations

import json

import pytest

from farthing.identity.rules import DOOR
from farthing.kernel import approvals
from farthing.kit.errors import Refusal
from farthing.parties.vouching import service
from farthing.sharing import sandbox_service
from farthing.sharing.sandbox_service import RegisterInSandbox
from tests.conftest import Bank
from tests.doors import serving
from tests.identity.people import staff
from tests.parties.vouching.partners import field_of
from tests.sharing.institutions import BACK, Institution, key_of, visiting
from tests.web.test_operator_webhooks import signed_in


def test_a_developer_registers_in_the_sandbox_and_asks(bank: Bank) -> None:
    with visiting(bank) as visit:
        page = visit.browser.get("/developers")
        for shown in (
            "/.well-known/oauth-authorization-server/open",
            "To decide on a loan that you ask for",
            "13 months back",
            "365 days",
        ):
            assert shown in page.text, shown
        key, token = key_of(), page.text.partition('action="/developers"')[2]
        form = {"form_token": field_of(token, "form_token"), "key": field_of(token, "key")}
        said = {
            "name": "My Program", "name_zh": "我的程序", "redirect_uris": BACK, "keys": json.dumps(key.as_dict(private=False)),
            "reads-accounts": "1", "reads-transactions": "1",
        }  # fmt: skip
        made = visit.browser.post("/developers", data={**form, **said}, headers={"Origin": visit.base})
        assert made.status_code == 200 and "Your institution is registered" in made.text, made.text
        client_id = next(each.id for each in bank.kernel.ask(service.relying_parties) if each.name == "My Program")
        assert client_id in made.text
        program = Institution(visit.base, client_id, key)
        asked = visit.browser.get(program.address(program.push({"actions": ["accounts", "transactions"]})))
        assert "My Program asks to read your accounts" in asked.text
        bad = visit.browser.post(
            "/developers", data={**form, **said, "key": "b" * 20, "keys": "{"}, headers={"Origin": visit.base}
        )
        assert bad.status_code == 422 and "parties.relying_party_bad" in bad.text
        preview = visit.browser.get("/developers/preview")
        assert "Example Institution asks to read your accounts" in preview.text and "nothing to press" in preview.text
        assert "/open/decision" not in preview.text


def test_the_staff_see_all_and_a_real_bank_registers_nobody_by_himself(bank: Bank) -> None:
    command = RegisterInSandbox("One", "一", (BACK,), json.dumps({"keys": [key_of().as_dict(private=False)]}))
    for number in range(sandbox_service.MOST_AN_HOUR):
        assert bank.kernel.run(sandbox_service.register_in_sandbox, command, actor=DOOR).reads, number
    with pytest.raises(Refusal, match=r"many_registered"):
        bank.kernel.run(sandbox_service.register_in_sandbox, command, actor=DOOR)
    with bank.superuser() as connection:
        connection.execute("UPDATE bank_clock SET mode = 'real'")
    with pytest.raises(Refusal, match=r"not_a_sandbox"):
        bank.kernel.run(sandbox_service.register_in_sandbox, command, actor=DOOR)


@pytest.mark.long
def test_two_of_the_staff_register_and_one_ends(bank: Bank) -> None:
    with serving(bank) as base:
        for name in ("anna", "bo"):
            staff(bank, name, "security")
        anna, bo = (signed_in(base, name) for name in ("anna", "bo"))
        assert "No program of another is registered" in anna.go("/ops/institutions").text
        key = json.dumps(key_of().as_dict(private=False))
        said = {"name": "Purse", "name_zh": "钱袋", "redirect_uris": BACK, "reads-accounts": "1", "reads-loans": "1"}
        secretly = anna.send("/ops/institutions", act="register", key="0", **said)
        assert (
            secretly.status_code == 422 and "whoever reads accounts has keys" in secretly.text and BACK in secretly.text
        )
        asked = anna.send("/ops/institutions", act="register", key="1", keys=key, **said)
        assert asked.headers["location"] == "/ops/institutions?drafted=1"
        (draft,) = bank.kernel.ask(approvals.waiting)
        assert anna.agree(f"/approvals/{draft.approval_id}", "2").status_code == 403, "the other person agrees"
        page = bo.go(f"/approvals/{draft.approval_id}").text
        assert "Purse" in page and BACK in page and "Reads accounts" in page and "loans" in page
        bo.agree(f"/approvals/{draft.approval_id}", "3")
        (made,) = bank.kernel.ask(service.relying_parties)
        assert made.reads == ("accounts", "loans") and made.secret is None
        listed = anna.go("/ops/institutions").text
        assert made.id in listed and "Your loans and their instalments" in listed
        ended = anna.send("/ops/institutions", act="end", relying_party_id=made.id, key="4")
        assert ended.status_code == 303 and ">ended<" in anna.go("/ops/institutions").text
        teller = signed_in(base)
        assert teller.go("/ops/institutions").status_code == 403
