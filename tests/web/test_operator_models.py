"""The page of models of credit: what stands on it, and that a promotion is only asked for there."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.credit.succession import service as models
from farthing.credit.succession.model import ShadowModel
from farthing.kernel import day
from tests.conftest import Bank
from tests.credit.succession.challengers import SLOT, brought
from tests.credit.succession.test_succession import decided, lend
from tests.credit.test_decision import ready
from tests.doors import served
from tests.hands import law
from tests.identity.people import staff
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import reader

__all__ = ["browser", "pytestmark"]


@pytest.fixture
def base(bank: Bank) -> Iterator[str]:
    party = ready(bank)
    law(bank, "sandbox")
    model = bank.run(models.bring_model, brought("next")).model
    bank.run(models.shadow_model, ShadowModel(model))
    made = decided(bank, party, 4)
    day.close_day(bank.kernel)
    lend(bank, made, [120, 95, 0, 0])
    with served(bank) as address:
        for name in ("risk", "auditor"):
            staff(bank, name, name)
        yield f"{address}|{model}"


@pytest.mark.long
def test_models_are_watched_and_a_promotion_is_asked_for(base: str, bank: Bank) -> None:
    base, _, model = base.partition("|")
    risk = reader(base, "risk")
    assert "/ops/risk/models" in risk.go("/ops/risk").text
    own = risk.go("/ops/risk/models").text
    assert "with the program" in own and "in shadow" in own and "Bad loans by score: 2 found" in own
    path = f"/ops/risk/models?slot={SLOT}&model={model}"
    shown = risk.go(path).text
    for words in (
        "decisions in shadow",
        "4, limit 2",
        "KS ",
        "Stability by month",
        "women",
        "too few",
        "Ask a second person",
    ):
        assert words in shown, words
    assert "Ask a second person" not in reader(base, "auditor").go(path).text
    drafted = risk.send("/ops/risk/models", key="k1", act="promote", slot=SLOT, model=model, reason="better")
    assert drafted.status_code == 303 and parse_qs(urlsplit(drafted.headers["location"]).query)["drafted"] == ["true"]
    assert bank.read(models.models)[0].turns[0].act == "shadow", "nothing is decided by one"
    refused = risk.send("/ops/risk/models", key="k2", act="back", slot=SLOT, reason="x")
    assert refused.status_code == 409 and "ships with the program" in refused.text
    assert risk.go("/ops/risk/models?slot=none").status_code == 404
    chinese = reader(base, "risk", "zh").go(path).text
    assert "信用模型" in chinese and "影子运行" in chinese and "Ask a second" not in chinese


@pytest.mark.long
def test_the_page_is_clean_at_both_widths(base: str, browser: Chromium) -> None:
    base, _, model = base.partition("|")
    path, found = f"/ops/risk/models?slot={SLOT}&model={model}", []
    kept = reader(base, "risk").kept()
    for spoken in ("en", "zh"):
        found += faults(browser, base, path, spoken, widths=(360, 1280), cookies=kept)
    assert not found, "\n".join(found)
