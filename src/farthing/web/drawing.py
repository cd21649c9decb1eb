"""Own how a page reads a further payment out, or giving up the rest, from its form, and what it would come to."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from farthing.kit.actor import Actor
from farthing.lending.acts import service as acts
from farthing.lending.acts.rules import changed
from farthing.lending.draws import service as draws
from farthing.lending.draws.model import Draw, GiveBack
from farthing.web.forms import Form
from farthing.web.ground import tried


def asked(loan_id: str, fields: Form) -> tuple[Any, Any]:
    """The operation and the command that a form asks for."""
    if fields.get("give_back"):
        return draws.give_back, GiveBack(loan_id)
    return draws.draw, Draw(loan_id, fields.as_money("amount"))


def foreseen(request: Request, function: Any, command: Any, who: Actor) -> dict[str, Any]:
    """What it would come to: the loan before and after it, and the instalments that change."""
    trial = tried(request, function, command, actor=who, shown=acts.trial)
    return {"trial": trial, "rows": changed(trial.before, trial.after)}
