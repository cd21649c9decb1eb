"""Refusals of prudence and stress: rules that are none or not in force, files that cannot be read."""

from __future__ import annotations

from datetime import date

from farthing.assurance.prudence import rules
from farthing.assurance.stress import file
from tests.errors.gallery import reproduces


@reproduces("prudence.rule_unknown")
def a_rule_that_is_none() -> None:
    rules.named(rules.shipped()[0], "luck", date(2026, 6, 10))


@reproduces("prudence.not_in_force")
def a_rule_before_its_day() -> None:
    rules.named(rules.shipped()[0], "capital", date(2023, 12, 31))


@reproduces("prudence.rules_invalid")
def rules_with_an_unknown_measure() -> None:
    rules.read('[[rules]]\nid = "x"\nmeasure = "luck"\n[assumptions]\n')


@reproduces("stress.scenario_unknown")
def a_scenario_that_is_none() -> None:
    file.shipped("luck")


@reproduces("stress.scenario_invalid")
def a_scenario_with_an_unknown_key() -> None:
    file.read('name = {en = "x", zh = "x"}\nluck = "1"\n', "mine.toml", "CNY")
