"""Own who acts on the command line: the bank itself, or an officer who types the own password, unseen, and the
app's code where one is set up.

The session is opened and ended with the command. What takes two persons takes two commands, each by another officer.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import typer

from farthing.commands.language import say
from farthing.identity import entrance
from farthing.identity import service as identity
from farthing.identity.model import LogIn, LogOut, Place
from farthing.identity.rules import require_logged_in
from farthing.kernel.run import Kernel
from farthing.kit.actor import SYSTEM, Actor

PLACE = Place("", "command line")


def typed(who: str, *, twice: bool = False) -> str:
    """A password, typed unseen."""
    asked = say(f"{who}, password", f"{who} 的密码")
    found: str = typer.prompt(asked, hide_input=True, confirmation_prompt=twice, err=True)
    return found


def _code(who: str) -> str:
    """What the app shows, or a recovery code, typed unseen."""
    asked = say(f"{who}, code of the app, or a recovery code", f"{who} 的动态口令或备用恢复码")
    found: str = typer.prompt(asked, hide_input=True, err=True)
    return found


@contextlib.contextmanager
def signed_in(kernel: Kernel, login: str, password: str) -> Iterator[Actor]:
    """A member of staff for as long as a command runs; asks for a code of whoever has set up an app.

    Refuses ``identity.wrong_login``, ``identity.locked``, ``identity.app_code_wrong``.
    """
    came = entrance.log_in(kernel, LogIn(login, password), PLACE)
    if came.outcome == "code":
        came = entrance.log_in(kernel, LogIn(login, password, code=_code(login)), PLACE)
    token = require_logged_in(came)
    actor = entrance.who_is(kernel, token).actor
    try:
        yield actor
    finally:
        kernel.run(identity.log_out, LogOut(token), actor=actor)


@contextlib.contextmanager
def acting(kernel: Kernel, officer: str | None) -> Iterator[Actor]:
    """The officer who is named; without one the bank itself."""
    if officer is None:
        yield SYSTEM
        return
    with signed_in(kernel, officer, typed(officer)) as actor:
        yield actor
