"""What is personal where it is asked stays so where it is answered: a result stands in the evidence log and is told again."""

from __future__ import annotations

import typing
from dataclasses import fields, is_dataclass
from typing import Any

import farthing.commands.everything  # noqa: F401
from farthing.kernel.operation import OPERATIONS

MASKED = {
    ("RailPayment", "outside_account"): "its last four characters, as a wallet's line shows them",
    ("Message", "phone"): "a text on its way, which is in no leaf and no answer that is kept",
    ("Chosen", "category"): "a word out of a list, of a result; the command's is free",
    ("OwnPull", "state"): "how a consent stands; the command's is the code that came back",
}
"""Fields that bear a name which is personal or secret in the command, and are something else."""


def classes(kind: Any, met: set[type]) -> set[type]:
    """Every dataclass of ours that a type is made of."""
    if is_dataclass(kind) and isinstance(kind, type):
        if kind not in met and kind.__module__.startswith("farthing."):
            met.add(kind)
            for part in typing.get_type_hints(kind, localns={"Pattern": Any}).values():
                classes(part, met)
    else:
        for part in typing.get_args(kind):
            classes(part, met)
    return met


def hidden(kind: type) -> set[str]:
    """Names of fields that are personal or secret."""
    return {each.name for each in fields(kind) if each.metadata.get("personal") or each.metadata.get("secret")}


def test_what_is_personal_in_a_command_is_personal_in_its_answer() -> None:
    told = set()
    for name, marked in OPERATIONS.items():
        hints = typing.get_type_hints(marked.function)
        asked = set().union(*(classes(kind, set()) for at, kind in hints.items() if at not in ("tx", "return")), set())
        names = {each for kind in asked for each in hidden(kind)}
        for answer in classes(hints.get("return"), set()):
            shown = {each.name for each in fields(answer)} & names - hidden(answer)
            told |= {(name, answer.__name__, each) for each in shown if (answer.__name__, each) not in MASKED}
    assert told == set()
    assert len(OPERATIONS) > 400, "all of them were looked at"
