"""Own what is done to a loan on the command line: one shape for every act, made of its command's own fields.

``farthing loans charge LOAN ...``: what a command needs is an argument, what it may leave out an option, and why it is done
``--why``. ``--dry-run`` shows the loan before and after it; what two persons must want becomes a draft.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import datetime
from typing import Annotated, Any

import typer

from farthing.commands.lives import done, tried
from farthing.commands.savings import DAY, DryRun, Key, do, money
from farthing.commands.staff import Officer
from farthing.commands.tables import Json
from farthing.commands.words import a_day
from farthing.kernel.run import Kernel
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Trial
from farthing.lending.acts.table_service import ACTS, Act
from farthing.products.reading import rate

DAYS = ("on", "until", "due_on")


HELP = {
    "loan_id": "The loan's id.",
    "amount": "Yuan, such as 1000 or 1000.50.",
    "words": "Why; kept with the loan's story.",
    "on": "Of which day; else today.",
}
"""What every act says of a field."""
NAMES = {"loan_id": "loan", "words": "why", "annual": "rate", "event_id": "event"}
"""How a field is called where people type it."""

SAID: dict[str, tuple[str, dict[str, str]]] = {
    "charge": ("Charge a fee or a penalty; two persons must want it.",
        {"component": "fee or penalty.", "due_on": "When it is to be paid; else the day it is of."}),
    "waive": ("Forgive a fee, a penalty or interest; two persons must want it.",
        {"component": "fee, penalty or interest.", "due_on": "Of the instalment of this day; else the oldest first."}),
    "pause": ("Let a loan bear no interest up to a day; two persons must want it.",
        {"until": "The last day that bears nothing."}),
    "rate": ("Agree a lower rate; two persons must want it.", {"annual": 'A year, such as "6%".'}),
    "reschedule": ("Change when a loan is repaid; two persons must want it.", {
        "how": "move_due, add_instalments, re_age or re_amortise.",
        "due_on": "The instalment that moves; re_age: the first new one.", "until": "move_due: to this day.",
        "count": "add_instalments, re_age: how many.",
    }),
    "charge-off": ("Take a loan out of the books; the borrower goes on owing it. Two persons must want it.", {}),
    "write-off": ("Give up what is owed: the borrower owes nothing more. Two persons must want it.", {}),
    "recover": ("Take from the wallet what was written off.", {}),
    "take-recovery": ("Take from the wallet what came in for a loan that was written off; two persons must want it.", {}),
    "refund": ("Give back to the wallet what was paid too much; two persons must want it.", {}),
    "goodwill": ("Pay a part of what is owed at the bank's own cost; two persons must want it.", {}),
    "repay-as-of": ("Take a repayment from the wallet that came earlier; two persons must want it.",
        {"on": "The day on which it came."}),
    "reverse": ("Take an event back from its own day on; two persons must want it.",
        {"event_id": "The event's id, act_...; see `farthing loans story`."}),
    "draw": ("Pay out more of what was agreed of a loan, into its borrower's wallet.", {}),
    "give-back": ("Give up what was agreed of a loan and is not paid out.", {}),
    "surplus": ("Choose what money does that comes before anything asks for it.", {"surplus": "shorter or smaller."}),
}  # fmt: skip
"""What the command line says of an act, and of a field beside what :data:`HELP` says of it."""


def add_to(app: typer.Typer) -> None:
    """Every act becomes a command of a group."""
    for name, act in ACTS.items():
        app.command(name)(_command(act, *SAID[name]))


def _command(act: Act, does: str, told: Mapping[str, str]) -> Callable[..., None]:
    """The command of an act: its parameters are the fields, and what every act takes."""
    asks = fields(act.operation.command_type)

    def run(**given: Any) -> None:
        def command(kernel: Kernel) -> Any:
            typed = {each.name: _read(each.name, given[_name(each)], kernel) for each in asks}
            return act.operation.command_type(**typed)

        do(
            act.function, command, lambda found: tried(found) if isinstance(found, Trial) else done(found),
            dry_run=given["dry_run"], as_json=given["as_json"], key=given["key"], officer=given["officer"],
            look=acts.trial,
        )  # fmt: skip

    kept = [("officer", Officer, None), ("key", Key, None), ("dry_run", DryRun, False), ("as_json", Json, False)]
    taken = [(_name(each), *_typed(each, {**HELP, **told}[each.name])) for each in asks] + kept
    run.__doc__ = does
    run.__annotations__ = {name: kind for name, kind, _ in taken}
    run.__signature__ = inspect.Signature([  # type: ignore[attr-defined]
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, kind, default in taken
    ])  # fmt: skip
    return run


def _name(asked: Field[Any]) -> str:
    return NAMES.get(asked.name, asked.name)


def _typed(asked: Field[Any], told: str) -> tuple[Any, Any]:
    """How a field is typed, and what stands where it is left out."""
    kind: Any = datetime if asked.name in DAYS else int if asked.name == "count" else str
    how: dict[str, Any] = {"help": told}
    if asked.name in DAYS:
        how |= {"parser": a_day, "metavar": DAY}
    needed = asked.default is MISSING
    if needed and asked.name != "words":
        return Annotated[kind, typer.Argument(**how)], inspect.Parameter.empty
    option = typer.Option("--" + _name(asked).replace("_", "-"), **how)
    return (Annotated[kind, option], inspect.Parameter.empty) if needed else (Annotated[kind | None, option], None)


def _read(name: str, typed: Any, kernel: Kernel) -> Any:
    """What was typed, as the command takes it."""
    if typed is None:
        return None
    if name in DAYS:
        return typed.date()
    return money(typed, kernel) if name == "amount" else rate(typed) if name == "annual" else typed
