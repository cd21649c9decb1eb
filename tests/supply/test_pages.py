"""The pages of supply-chain finance, in both languages, as its sides use them from an invoice to its payment."""

from __future__ import annotations

import re

import httpx
import pytest

from farthing.bank.staff import key_of
from farthing.identity.model import CreateApiKey
from farthing.parties.model import Party
from farthing.server import application
from farthing.supply import confirming_service as confirming
from farthing.town.supply import paper
from tests.asking import asking
from tests.banks import Bank
from tests.supply.chain import DAYS, Chain


def token(chain: Chain, name: str, role: str, party: Party | None = None) -> str:
    made = key_of(chain.bank.kernel, CreateApiKey(name, f"{role}:{name}", role, party.id if party else None))
    return str(made.token)


def got(client: httpx.Client, path: str, who: str, language: str = "zh") -> str:
    client.cookies.clear()
    client.cookies.set("farthing_session", who)
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, (path, answer.text[-500:])
    return answer.text


def form(client: httpx.Client, page: str, place: str, **fields: str) -> httpx.Response:
    """Send a form that stands on the page just read, with what it keeps."""
    found = next(
        each for each in re.findall(r"<form.*?</form>", page, re.S)
        if f'action="{place}"' in each and all(f'name="{name}"' in each for name in fields if name not in ("piece", "act"))
        and ("act" not in fields or f'value="{fields["act"]}"' in each)
    )  # fmt: skip
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found))
    return client.post(place, data={**hidden, **fields}, follow_redirects=False)


@pytest.mark.long
def test_each_side_does_its_part_by_pages(bank: Bank) -> None:
    chain = Chain(bank)
    chain.graded()
    supplier, core = token(chain, "supplier", "customer", chain.supplier), token(chain, "core", "customer", chain.core)
    staff = token(chain, "op", "operator")
    with asking(application(bank.kernel)) as client:
        page = got(client, "/receivables", supplier)
        assert "提交发票" in page
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        files = {"file": ("invoice.xml", paper.ubl(chain.paper()), "application/xml")}
        brought = client.post("/receivables", data=hidden, files=files, follow_redirects=False)
        assert brought.status_code == 303, brought.text[-800:]
        invoice = brought.headers["location"]
        page = got(client, invoice, core)
        due = str(chain.paper().due_on)
        first, second = (each.id for each in chain.signatories)
        drawn = form(client, page, invoice, amount="10000", due_on=due, first=first, second=second)
        assert drawn.status_code == 303, drawn.text[-800:]
        place = drawn.headers["location"]
        proposed = bank.read(lambda tx: confirming.found(tx, place.rpartition("/")[2]))
        chain.sign(proposed.agreement_id, chain.supplier, chain.core, *chain.signatories)
        page = got(client, place, supplier)
        assert form(client, page, place, act="enter").status_code == 303
        page = got(client, place, supplier, "en")
        passed = form(client, page, place, act="pass", amount="4000", to=chain.second.id)
        assert passed.status_code == 303 and passed.headers["location"].startswith("/agreements/")
        page = got(client, place, supplier)
        offered = form(client, page, place, act="advance", piece="3")
        assert offered.status_code == 303 and offered.headers["location"].startswith("/offers/")
        assert "质押中" in got(client, place, supplier)
        for who, path in (
            (supplier, "/receivables"), (supplier, place), (core, "/receivables"), (core, place), (core, invoice),
            (staff, "/ops/receivables"), (staff, f"/ops{place}"),
        ):  # fmt: skip
            for language in ("zh", "en"):
                assert ("应收账款" in got(client, path, who, language)) == (language == "zh")
        chain.bring_money(chain.core, "10000.00")
        chain.days(DAYS)
        page = got(client, place, core)
        assert form(client, page, place, act="pay", amount="10000").status_code == 303
        assert "已兑付" in got(client, place, core)
