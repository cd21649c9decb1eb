"""Under India's pack a bank lends together with a partner: each a tenth at least, a cover of a twentieth at most."""

from __future__ import annotations

import pytest

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.funding.programmes import service as programmes
from farthing.funding.programmes.model import SetProgramme
from farthing.kit.errors import Refusal
from farthing.lending.shelf import service as loan_shelf
from farthing.products.model import Publish
from tests.funding.lenders import source
from tests.funding.test_partners import HARVEST
from tests.hands import law
from tests.lending.house import House


def programme(part: str, cover: str = "") -> SetProgramme:
    return SetProgramme(source(products=["rainy-day-loan"], part=part) + cover)


def covered(part: str = "0.05", days: int = 120, refills: bool = False) -> str:
    return f'[cover]\npart = "{part}"\ndays_past_due = {days}\nrefills = {str(refills).lower()}\n'


@pytest.mark.long
def test_a_tenth_is_carried_and_a_twentieth_covered_and_no_more(database_url: str) -> None:
    house = House(database_url)
    bank = house.bank.kernel
    law(house.bank, "in")
    agreed(bank, funding.register_partner, HARVEST)

    def refused(command: SetProgramme) -> Refusal:
        with pytest.raises(Refusal) as caught:
            agreed(bank, programmes.set_programme, command)
        return caught.value

    for part in ("0.09", "0.91"):
        no = refused(programme(part))
        assert (no.code, no.facts["figure"], no.facts["limit"]) == ("policy.lender_share", "9%", "10%")
        assert "Co-Lending Arrangements) Directions, 2025" in no.detail
    for cover, field in (
        (covered("0.0501"), "part"),
        (covered(days=121), "days_past_due"),
        (covered(refills=True), "refills"),
    ):
        no = refused(programme("0.10", cover))
        assert (no.code, no.facts["field"]) == ("funding.cover_not_allowed", field)
        assert "default loss guarantee" in no.detail and "违约损失担保" in no.detail_zh
    agreed(bank, programmes.set_programme, programme("0.10", covered()))
    made = bank.read(lambda tx: programmes.found(tx, "shops-2027")).programme
    assert str(made.part) == "0.10" and made.cover is not None and str(made.cover.part) == "0.05"
    narrow = house.source("rainy-day-loan").replace('annual = "0.18"', 'annual = "0.12"')
    narrow = narrow.replace('own_share = "0.70", partner_share = "0.30"', 'own_share = "0.91", partner_share = "0.09"')
    with pytest.raises(Refusal) as caught:
        agreed(bank, loan_shelf.publish, Publish("rainy-day-loan", narrow))
    assert caught.value.code == "policy.lender_share", "nor is a product sold that parts a loan so"
