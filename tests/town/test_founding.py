"""A bank is founded once: opening it again changes nothing, and who only looks founds none."""

from __future__ import annotations

from pathlib import Path

import pytest

from farthing.bank.founding import agreed
from farthing.bank.opening import standing_bank
from farthing.db.server import Unavailable
from farthing.kernel.settings import Settings
from farthing.products import service as products
from farthing.products.model import Publish
from farthing.savings.shelf import service as catalogue
from farthing.town.founding import found
from tests.conftest import Bank


def leaves(bank: Bank) -> int:
    with bank.superuser() as connection:
        (count,) = connection.execute("SELECT count(*) FROM evidence_leaf").fetchone() or (0,)
        return int(count)


def test_opening_a_bank_again_leaves_no_trace(bank: Bank) -> None:
    settings = Settings(policy="cn")
    found(bank.kernel, settings)
    before = leaves(bank)
    found(bank.kernel, settings)
    assert leaves(bank) == before


def test_what_the_operator_published_stays_in_force(bank: Bank) -> None:
    settings = Settings(policy="cn")
    found(bank.kernel, settings)
    source = (products.ROOT / "products" / "savings-demand.toml").read_text(encoding="utf-8")
    before = bank.read(lambda tx: products.version_in_force(tx, "savings-demand"))
    agreed(
        bank.kernel,
        catalogue.publish,
        Publish("savings-demand", source.replace('minimum = "1.00"', 'minimum = "2.00"')),
    )
    dearer = bank.read(lambda tx: products.version_in_force(tx, "savings-demand"))
    assert dearer != before
    found(bank.kernel, settings)
    assert bank.read(lambda tx: products.version_in_force(tx, "savings-demand")) == dearer


def test_who_only_looks_founds_no_bank(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no bank"):
        standing_bank(Settings(home=tmp_path / "mistyped"))
    assert not (tmp_path / "mistyped").exists()
