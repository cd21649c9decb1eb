"""Laws of levels: a level is what the evidence, the instant and the day say, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from farthing.kit.canonical import canonical
from farthing.kit.errors import Refusal
from farthing.kit.tables import opened
from farthing.parties.levels import rules
from farthing.parties.levels.model import NO_END, Evidence, Kind, LevelRules
from farthing.parties.model import Party
from farthing.parties.rules import check_lapsed, doubted_by, require_level, shown_by
from farthing.products import level_rules, reading
from farthing.products import service as products

LAW = products.shipped_policy("sandbox").levels
assert LAW is not None
DAY, KINDS = date(2026, 6, 10), level_rules.KINDS


def at(hours: int) -> datetime:
    """Some instant of the days around."""
    return datetime(2026, 6, 10, tzinfo=UTC) + timedelta(hours=hours)


def evidence(
    kind: Kind, until: date = NO_END, given_at: int = 0, doubted: int | None = None, number: int = 0
) -> Evidence:
    """One evidence of somebody."""
    found = Evidence(f"e{number}", "party_1", kind, "sandbox", at(given_at), DAY, until)
    return found if doubted is None else replace(found, doubted_at=at(doubted), why="officer")


days = some.integers(0, 400).map(lambda later: DAY + timedelta(days=later))
hours = some.integers(0, 20)
evidences = some.lists(
    some.builds(
        evidence, some.sampled_from(KINDS), days, hours, some.one_of(some.none(), hours), some.integers(0, 10**6)
    ),
    max_size=8,
)
"""With instants that often coincide."""


@given(evidences, some.randoms(use_true_random=False), hours, days)
def test_the_order_of_what_happened_says_nothing(found: list[Evidence], chance, hour: int, day: date) -> None:
    other = list(found)
    chance.shuffle(other)
    assert rules.until_by_level(LAW, found, at(hour)) == rules.until_by_level(LAW, other, at(hour))


@given(evidences, hours, days, days)
def test_a_level_never_rises_without_new_evidence(found: list[Evidence], hour: int, one: date, other: date) -> None:
    assert rules.level_on(LAW, found, at(hour), max(one, other)) <= rules.level_on(
        LAW, found, at(hour), min(one, other)
    )


@given(evidences, hours, hours, days)
def test_nor_as_time_goes_by_with_nothing_given(found: list[Evidence], one: int, other: int, day: date) -> None:
    first, later = at(min(one, other)), at(max(one, other))
    known = [each for each in found if each.given_at <= first]
    assert rules.level_on(LAW, known, later, day) <= rules.level_on(LAW, known, first, day)


@given(evidences, hours, days)
def test_what_has_ended_counts_as_what_is_not_there(found: list[Evidence], hour: int, day: date) -> None:
    left = [each for each in found if each.until_on >= day]
    assert rules.level_on(LAW, found, at(hour), day) == rules.level_on(LAW, left, at(hour), day)


@given(evidences, evidences, hours, days)
def test_more_evidence_never_lowers(found: list[Evidence], more: list[Evidence], hour: int, day: date) -> None:
    assert rules.level_on(LAW, found + more, at(hour), day) >= rules.level_on(LAW, found, at(hour), day)


@given(evidences.filter(bool), some.data(), hours, hours, days)
def test_a_doubt_counts_from_its_instant_on_and_not_before(
    found: list[Evidence], data, doubted: int, hour: int, day: date
) -> None:
    one = data.draw(some.sampled_from(range(len(found))))
    plain = [replace(each, doubted_at=None) if number == one else each for number, each in enumerate(found)]
    with_doubt = [replace(each, doubted_at=at(doubted)) if number == one else each for number, each in enumerate(found)]
    without = [each for number, each in enumerate(found) if number != one]
    expected = without if hour >= doubted else plain
    assert rules.level_on(LAW, with_doubt, at(hour), day) == rules.level_on(LAW, expected, at(hour), day)


@given(evidences, hours, days)
def test_what_is_told_is_the_level_and_what_it_asks_for_would_bring_it(
    found: list[Evidence], hour: int, day: date
) -> None:
    until = rules.until_by_level(LAW, found, at(hour))
    assert list(until) == sorted(until, reverse=True), "a higher level holds no longer than those below it"
    told = rules.told(LAW, "party_1", found, at(hour), day)
    assert told.level == sum(step.holds for step in told.steps) == rules.level_on(LAW, found, at(hour), day)
    for step in told.steps:
        for way in step.missing:
            fresh = [evidence(kind, NO_END, 0, None, 10**7) for kind in way]
            better = rules.until_by_level(LAW, found + fresh, at(hour))
            assert better[step.level - 1] >= day, "the level holds then"
            assert not step.holds or step.until is None or better[step.level - 1] > step.until, "and longer than before"
    assert all(step.missing or step.endless for step in told.steps)


def test_the_ways_of_the_shipped_packs() -> None:
    for pack in ("cn", "eu", "in", "sandbox"):
        law = products.shipped_policy(pack).levels
        assert law is not None and law.soon_days > 0
        for kinds, level in (
            ((), 0), (("phone",), 0), (("document",), 1), (("card",), 1), (("deposit",), 1), (("document", "phone"), 2),
            (("document", "deposit"), 2), (("card", "deposit"), 1), (("counter",), 2),
        ):  # fmt: skip
            found = [evidence(kind) for kind in kinds]  # type: ignore[arg-type]
            assert rules.level_on(law, found, at(0), DAY) == level, (pack, kinds)


def test_until_when_evidence_counts() -> None:
    assert LAW is not None
    ends = {source.kind: rules.until_of(LAW, source.kind, "sandbox", date(2026, 1, 31)) for source in LAW.sources}
    assert ends["phone"] == date(2031, 1, 31)
    assert rules.until_of(rules.BEFORE, "card", "any", DAY) == NO_END
    named = replace(LAW, sources=(replace(LAW.sources[0], providers=("register",), months=1),))
    assert rules.until_of(named, "document", "register", date(2026, 1, 31)) == date(2026, 2, 28)
    assert rules.until_of(named, "document", "sandbox", DAY) is None, "of this provider nothing follows"
    assert rules.until_of(named, "counter", "counter", DAY) is None, "nor from what no source is said of"


def test_what_an_answer_shows_and_contradicts() -> None:
    assert [shown_by(level) for level in (0, 1, 2)] == [(), ("document",), ("document", "phone")]
    assert doubted_by("name_mismatch") == doubted_by("number_unknown") == ("document", "phone")
    assert doubted_by("phone_mismatch") == ("phone",)
    assert doubted_by("matched") == doubted_by("phone_unknown") == ()


def test_a_level_that_has_ended_is_refused_by_its_own_code() -> None:
    somebody = Party("party_1", "person", "林美", "1", "+86", None, 1, None, (date(2027, 1, 1), date(2026, 6, 9)))
    assert require_level(somebody, 1) is somebody
    with pytest.raises(Refusal, match=r"parties\.level_lapsed") as caught:
        require_level(somebody, 2)
    assert "2026-06-09" in caught.value.detail
    check_lapsed(somebody, 3)
    with pytest.raises(Refusal, match=r"parties\.level_too_low"):
        require_level(replace(somebody, levels_until=(date(2027, 1, 1),)), 2)


def decoded(**changes: object) -> LevelRules:
    words = {"en": "a", "zh": "甲"}
    values = {
        "soon_days": 30, "article": words, "sources": [{"kind": "document", "months": 12}],
        "steps": [{"level": 1, "name": words, "ways": [["document"]], "article": words}], **changes,
    }  # fmt: skip
    return level_rules.decode(opened("policy.toml", values, reading.as_law, law=True))


@pytest.mark.parametrize(
    "changes",
    [
        {"steps": [{"level": 2, "name": {"en": "a", "zh": "甲"}, "ways": [["document"]], "article": {"en": "a", "zh": "甲"}}]},
        {"steps": [{"level": 1, "name": {"en": "a", "zh": "甲"}, "ways": [["card"]], "article": {"en": "a", "zh": "甲"}}]},
        {"steps": [{"level": 1, "name": {"en": "a", "zh": "甲"}, "ways": [[]], "article": {"en": "a", "zh": "甲"}}]},
        {"steps": []}, {"sources": [{"kind": "document", "months": 1}] * 2}, {"sources": [{"kind": "face", "months": 1}]},
        {"sources": [{"kind": "document", "months": -1}]}, {"soon_days": 0}, {"what": 1},
    ],
)  # fmt: skip
def test_a_table_of_levels_that_is_wrong_is_refused(changes: dict[str, object]) -> None:
    assert decoded().steps[0].ways == (("document",),)
    with pytest.raises(Refusal, match=r"products\."):
        decoded(**changes)


def test_rules_are_read_as_they_were_written() -> None:
    assert LAW is not None
    assert rules.read(json.loads(canonical(LAW))) == LAW
