"""Each planted pattern fires and its near miss does not, as data; what the fold comes to, and what a pack may not say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.ledger.recent.model import Line, Recent
from farthing.payments.fraud import rules
from farthing.payments.fraud.rules import Look
from farthing.payments.wallets import CODE_PAY, TRANSFER
from farthing.products import files
from farthing.products.service import ROOT, shipped_policy
from tests.docs.blocks import blocks
from tests.payments.packets.people import yuan
from tests.tidy.tree import ROOT as REPOSITORY

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
CN = shipped_policy("cn").fraud
assert CN is not None
LAW = CN
ME, HER = 1, 2
LONG_AGO = NOW - timedelta(days=90)


def out(minor: int, to: int = HER, hours: float = 1, kind: str = TRANSFER) -> Line:
    return Line(NOW - timedelta(hours=hours), kind, minor, (to,))


def came(by: int, hours: float = 1, minor: int = 50_00) -> Line:
    return Line(NOW - timedelta(hours=hours), TRANSFER, -minor, (by,))


def look(amount: str = "6000.00", first_at: datetime | None = LONG_AGO, **more: object) -> Look:
    plain = Look(yuan(amount), HER, NOW, (), (), ME, first_at, None, NOW)
    return replace(plain, **more)  # type: ignore[arg-type]


SMALL = [out(100_00) for _ in range(5)]
PEOPLE = [out(300_00, 10 + number) for number in range(9)]
PAYERS = [came(10 + number) for number in range(9)]
PATTERNS = [
    ("new-payee", look(first_at=None), look(first_at=NOW - timedelta(hours=24))),
    ("new-payee", look(first_at=NOW - timedelta(hours=23)), look("4999.99", first_at=None)),
    ("new-payee-large", look("20000.00", first_at=None), look("19999.99", first_at=None)),
    ("small-then-large", look(paid=SMALL), look(paid=SMALL[1:])),
    ("small-then-large", look(paid=SMALL), look("4999.99", paid=SMALL)),
    ("small-then-large", look(paid=SMALL), look(paid=[*SMALL[1:], out(200_01)])),
    ("small-then-large", look(paid=SMALL), look(paid=[*SMALL[1:], out(100_00, hours=24.1)])),
    ("fan-out", look("1000.00", paid=PEOPLE), look("1000.00", paid=PEOPLE[1:])),
    ("fan-out", look("1000.00", paid=PEOPLE), look("1000.00", paid=[*PEOPLE[1:], out(300_00, HER)])),
    ("fan-out", look("1000.00", paid=PEOPLE), look("1000.00", paid=[*PEOPLE[1:], out(300_00, 99, kind=CODE_PAY)])),
    ("fan-in", look("1000.00", received=PAYERS), look("1000.00", received=PAYERS[1:])),
    ("fan-in", look("1000.00", received=PAYERS), look("1000.00", received=[*PAYERS[1:], came(ME)])),
    ("woken", look(idle_days=180), look(idle_days=179)),
    ("woken", look(idle_days=400, woke_at=NOW - timedelta(hours=24)), look(idle_days=400, woke_at=NOW - timedelta(hours=25))),
    ("just-below", look("49000.00", paid=[out(48_000_00)]), look("49000.00", paid=[out(47_499_99)])),
    ("just-below", look("49000.00", paid=[out(48_000_00)]), look("50000.00", paid=[out(48_000_00)])),
    ("other-name", look("1000.00", named="other"), look("1000.00", named="close")),
    ("other-name", look("1000.00", named="other"), look("999.99", named="other")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "planted", "near"), PATTERNS)
def test_each_pattern_fires_and_its_near_miss_does_not(rule: str, planted: Look, near: Look) -> None:
    hit = next(each for each in rules.judge(LAW, planted).hits if each.rule == rule)
    assert hit.figures and all(each.en and each.zh and each.en != each.zh for each in hit.figures)
    assert rule not in [each.rule for each in rules.judge(LAW, near).hits]
    assert rules.might(LAW, planted.amount, planted.named)


def test_every_shipped_rule_has_a_pattern_and_says_what_it_asks() -> None:
    assert {rule for rule, _, _ in PATTERNS} == {each.id for each in LAW.rules}
    for name in ("cn", "eu", "in", "sandbox"):
        shipped = shipped_policy(name).fraud
        assert shipped is not None and all(rules.conditions(each) for each in shipped.rules)


def test_an_ordinary_payment_passes() -> None:
    assert rules.judge(LAW, look("600.00", paid=SMALL[:2], received=PAYERS[:3], idle_days=30)) == rules.PASSED


def test_how_long_a_wallet_lay_still() -> None:
    lately = Line(NOW - timedelta(hours=2), TRANSFER, -1, (9,))
    today = NOW.date()
    assert rules.lay_still(None, NOW, today)[0] is None, "never moved"
    assert rules.lay_still(Recent(NOW, (lately,), None), NOW, today)[0] is None, "new, not woken"
    assert rules.lay_still(Recent(NOW, (), date(2025, 3, 2)), NOW, today) == (365, NOW)
    assert rules.lay_still(Recent(NOW, (lately,), date(2025, 3, 2)), NOW, today) == (365, lately.at)


LINES = st.lists(
    st.builds(out, st.integers(1, 60_000_00), st.integers(2, 20), st.floats(0, 48), st.sampled_from([TRANSFER, CODE_PAY])),
    max_size=20,
)  # fmt: skip
LOOKS = st.builds(
    look, st.integers(100_00, 90_000_00).map(lambda minor: f"{minor // 100}.{minor % 100:02}"),
    first_at=st.sampled_from([None, LONG_AGO, NOW]), paid=LINES, received=st.lists(st.builds(came, st.integers(2, 20))),
    idle_days=st.none() | st.integers(0, 400), named=st.sampled_from(["", "match", "close", "other"]),
)  # fmt: skip


@settings(max_examples=100)
@given(LOOKS, LINES)
def test_more_of_it_never_lowers_the_score(seen: Look, more: list[Line]) -> None:
    """A score is the sum of its rules' weights, its band follows from it, and further payments before never make it less."""
    verdict = rules.judge(LAW, seen)
    assert not verdict.hits or rules.might(LAW, seen.amount, seen.named), (
        "what cannot be hit by its amount is not read for"
    )
    assert verdict.score == sum(each.weight for each in verdict.hits)
    assert verdict.band == ("hold" if verdict.score >= LAW.hold else "warn" if verdict.score >= LAW.warn else "pass")
    assert (verdict.told == ()) == (verdict.band == "pass")
    assert rules.judge(LAW, replace(seen, paid=[*seen.paid, *more])).score >= verdict.score


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('least = "200.00"', 'least = "99.99"', "fraud.least"),
        ("hold = 60", "hold = 29", "fraud.hold"),
        ('at_end = "release"', 'at_end = "forget"', "fraud.at_end"),
        ('id = "woken"', 'id = "fan-in"', "fraud.rules"),
        ("small_min = 5", "hours = 5", "fraud.rules.when.small_min"),
        ('when = {amount_min = "5000.00", new_hours = 24}', "when = {}", "fraud.rules.when.when"),
        ('named = "other"', 'named = "match"', "fraud.rules.when.named"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_pack_is_named(old: str, new: str, key: str) -> None:
    text = (ROOT / "policies" / "cn.toml").read_text(encoding="utf-8")
    before, _, after = text.partition("[fraud]")
    assert old in after
    with pytest.raises(Refusal) as caught:
        files.decode("policy", f"{before}[fraud]{after.replace(old, new, 1)}")
    assert caught.value.facts["key"] == key


def test_a_pack_from_before_looks_at_nothing() -> None:
    text = (ROOT / "policies" / "cn.toml").read_text(encoding="utf-8")
    before, _, after = text.partition("[fraud]")
    _, _, found = files.decode("policy", f"{before}[marketplace]{after.partition('[marketplace]')[2]}", standing=True)
    assert found.fraud is None


def test_the_rule_of_the_guide_is_the_one_that_is_shipped() -> None:
    (text,) = (
        each.text for each in blocks(REPOSITORY / "docs" / "guides" / "fraud.md") if "[[fraud.rules]]" in each.text
    )
    whole = (ROOT / "policies" / "cn.toml").read_text(encoding="utf-8").replace('"small-then-large"', '"as-shipped"')
    _, _, found = files.decode("policy", whole.replace("[[fraud.rules]]", f"{text}\n[[fraud.rules]]", 1))
    assert found.fraud is not None
    first, second = (each for each in found.fraud.rules if each.id in ("as-shipped", "small-then-large"))
    assert first.when == second.when and first.name == second.name
