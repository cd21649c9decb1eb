"""A bank with two partner lenders, a person of each, and a loan of which one holds a part."""

from __future__ import annotations

import json
from dataclasses import replace

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.funding.lenders import service as lenders
from farthing.funding.lenders.model import BindLogin
from farthing.lending.model import Loan
from tests.funding.test_partners import HARVEST, Lender, shared
from tests.identity.people import staff
from tests.lending.house import House


def two_lenders(database_url: str) -> tuple[House, Loan]:
    """``hua`` is of ``harvest``, which agreed to its part of a loan that is paid out; ``chun`` is of
    ``spring``, ``wu`` of none."""
    house, loan = shared(database_url, Lender())
    agreed(
        house.bank.kernel,
        funding.register_partner,
        replace(HARVEST, code="spring", name="春耕银行（沙盒）", name_en="", credit_code="91310001MA1HRT002X"),
    )
    for name, partner in (("hua", "harvest"), ("chun", "spring")):
        agreed(house.bank.kernel, lenders.bind_login, BindLogin(staff(house.bank, name, lenders.LENDER), partner))
    staff(house.bank, "wu", lenders.LENDER)
    funding.arrange(house.bank.kernel, loan.id)
    house.sign(loan.id)
    paid = house.complete(loan.id)
    house.bank.drain()
    return house, paid


def source(**changed: object) -> str:
    """A programme's file: ``harvest`` takes three tenths of shop-stock loans, unless told otherwise."""
    said = {
        "programme": "shops-2027", "partner": "harvest", "currency": "CNY", "place": 1, "products": ["shop-stock-loan"],
        "part": "0.30", "least_score": 0, "answer_within_ms": 800, "from": "2026-01-01",
    } | changed  # fmt: skip
    lines = [
        f"{key} = {value if key == 'from' else json.dumps(value)}" for key, value in said.items() if value is not None
    ]
    shape = ('name = {en = "Shops", zh = "店铺"}', 'principal = {min = "100.00", max = "200000.00"}')
    return "\n".join((*lines, *shape, "instalments = {min = 1, max = 24}", ""))
