"""One policy pack in force says what is allowed of savings; what it says is read from the published version."""

from __future__ import annotations

from typing import Any

import pytest

from farthing.bank.founding import agreed
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending.shelf import service as loan_shelf
from farthing.products import files
from farthing.products import service as products
from farthing.products.deposit import EARLY_WAYS
from farthing.products.library import own_library
from farthing.products.model import Publish
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund.commands import FoundFund
from farthing.savings.rules.lump import EARLY
from farthing.savings.shelf import service as shelf
from tests.conftest import Bank
from tests.products.published import source_of
from tests.savings.deposits.saver import found, opened, saver

OLD = """
kind = "savings_policy"
pack = "cn"
currency = "CNY"
instant_redemption = "777.00"
"""


def in_force(bank: Bank) -> str:
    """The text of the pack in force."""
    source: str = bank.read(lambda tx: source_of(tx, products.POLICY))
    return source


def test_a_fund_is_capped_by_the_pack_in_force_and_not_by_the_shipped_file(bank: Bank) -> None:
    found(bank)
    changed = in_force(bank).replace('instant_redemption = "10000.00"', 'instant_redemption = "5000.00"')
    agreed(bank.kernel, loan_shelf.publish, Publish(products.POLICY, changed))
    (fund,) = bank.read(funds.funds)
    assert fund.instant_person_max == Money.parse("5000.00", "CNY")
    with pytest.raises(Refusal) as caught:
        bank.read(lambda tx: funds.founding(tx, FoundFund("savings-other", _fund_source(bank), "eu")))
    assert caught.value.code == "savings.unknown_policy"


def _fund_source(bank: Bank) -> str:
    return str(bank.read(lambda tx: source_of(tx, "savings-baby")))


def test_a_bank_whose_pack_said_nothing_of_savings_keeps_the_policy_it_published(bank: Bank) -> None:
    found(bank)
    source = in_force(bank).partition("[savings]")[0]
    stand_in_force(bank, "policy", "policy", source)
    stand_in_force(bank, "savings-policy", "savings_policy", OLD)
    assert bank.read(shelf.policy).instant_redemption == Money.parse("777.00", "CNY")
    with pytest.raises(Refusal) as caught:
        files.decode("policy", source)
    assert "savings" in caught.value.detail


def stand_in_force(bank: Bank, product: str, kind: str, source: str) -> None:
    """A file as an older program published it."""
    version = files.version_of(files.read(product, source))
    values: dict[str, Any] = {"id": f"{product}@{version}", "product": product, "version": version, "kind": kind}
    with bank.superuser() as connection:
        connection.execute(
            "INSERT INTO product_version (id, product, version, kind, source, published_at, published_by)"
            " VALUES (%(id)s, %(product)s, %(version)s, %(kind)s, %(source)s, now(), 'x')",
            {**values, "source": source},
        )
        connection.execute(
            "INSERT INTO product (id, kind, version, since_at) VALUES (%(product)s, %(kind)s, %(version)s, now())"
            " ON CONFLICT (id) DO UPDATE SET version = excluded.version",
            values,
        )


def test_a_board_is_decoded_once(bank: Bank) -> None:
    found(bank)
    assert bank.read(shelf.board) is bank.read(shelf.board)


def test_every_pack_says_what_is_allowed_of_savings() -> None:
    library = own_library()
    assert {name: library.policy(name).name for name in library.policies} == {
        "cn": "cn",
        "eu": "eu",
        "in": "in",
        "sandbox": "sandbox",
    }


def test_each_way_that_terms_may_name_has_its_rule() -> None:
    assert set(EARLY) == set(EARLY_WAYS)


@pytest.mark.parametrize(("law_in_force", "told"), [("cn", True), ("sandbox", None), ("eu", None), ("in", None)])
def test_a_deposit_is_insured_by_product_and_policy_together(bank: Bank, law_in_force: str, told: bool | None) -> None:
    """No policy of insurance, or one in another currency than the deposit's, is no "yes" and no "no"."""
    found(bank, law_in_force)
    made = opened(bank, party := saver(bank), "demand", "1000.00").deposit
    shown = bank.read(lambda tx: passbook.deposits(tx, party))
    (on_shelf,) = (each for each in bank.read(shelf.on_offer) if each.product == "savings-demand")
    assert [made.insured, *(each.insured for each in shown), on_shelf.insured] == [told, told, told]
    assert bank.read(lambda tx: passbook.cover(tx, party)).badge.insured is told
