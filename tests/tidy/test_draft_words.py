"""Whoever approves a draft answers for every field of it, and reads each by its name in words, in both languages."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, get_args, get_type_hints

import pytest

from farthing.commands.everything import titles
from farthing.kernel.operation import OPERATIONS, Operation
from farthing.kit.money import Money
from farthing.lending.acts.table_service import ACTS
from farthing.web.draft_fields import ASKED, FIELDS
from farthing.web.drafts import told
from farthing.web.speech import LANGUAGES, speaking

HAN = re.compile(r"[\u4e00-\u9fff]")
KEY = re.compile(r'"([a-z_]+)":')


def of_two() -> list[Operation]:
    """Every operation whose command may wait for a second person."""
    titles()
    return [each for each in OPERATIONS.values() if each.four_eyes or each.two_for_another]


def named(kind: Any) -> Iterator[str]:
    """The fields of a dataclass and of all that stands in it, as a draft tells them."""
    if kind is Money:
        return
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        for each in fields(kind):
            if not {"secret", "beside"} & set(each.metadata) and hints[each.name] is not datetime:
                yield each.name
                yield from named(hints[each.name])
        return
    for part in get_args(kind):
        yield from named(part) if not isinstance(part, str) else ()


@pytest.mark.parametrize("each", of_two(), ids=lambda each: each.name)
def test_every_field_of_a_command_that_takes_two_persons_has_words(each: Operation) -> None:
    assert set(named(each.command_type)) <= set(ASKED)


def shown_as_an_act(each: Operation) -> bool:
    """Whether a page tells what it would come to as a loan before and after, and not by the fields of its answer."""
    return each.name in {act.operation.name for act in ACTS.values()} | {"lending.carry_out_relief"}


@pytest.mark.parametrize("each", of_two(), ids=lambda each: each.name)
def test_every_figure_that_a_second_person_confirms_has_words(each: Operation) -> None:
    if shown_as_an_act(each):
        return
    known = KEY.findall(inspect.getsource(each.confirm)) if each.confirm else named(each.result_type)
    assert set(known) <= set(FIELDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_of_one_language(language: str) -> None:
    with speaking(language):
        for name in FIELDS:
            ((label, _),) = told(f'{{"{name}": null}}')
            assert "_" not in label
            assert bool(HAN.search(label)) == (language == "zh"), label
