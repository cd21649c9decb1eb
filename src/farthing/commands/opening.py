"""Own ``farthing bank``: open a bank with a real clock, and make the two officers with whom it begins."""

from __future__ import annotations

from typing import Annotated

import typer

from farthing.bank.founding import appoint
from farthing.bank.staff import first_officers
from farthing.commands.bank import bank, real_bank
from farthing.commands.language import say
from farthing.commands.tables import Json, tell
from farthing.identity.first import STAFF_THERE, FirstOfficers, Officer
from farthing.identity.service import has_staff
from farthing.parties.model import Party, RegisterOrganisation
from farthing.parties.rules import check_organisation

app = typer.Typer(
    help="A bank with a real clock: open it, make its first two officers.", no_args_is_help=True, rich_markup_mode=None
)

Person = tuple[str, str, str]


@app.callback()
def group() -> None:
    """A bank with a real clock: open it, make its first two officers."""


@app.command("open")
def open_real(
    name: Annotated[str, typer.Option(help="The institution's name, as registered.")],
    code: Annotated[str, typer.Option(help="Its unified social credit code, 18 characters.")],
    phone: Annotated[str, typer.Option(help="Its phone.")],
    currency: Annotated[
        str | None,
        typer.Option(help="The home currency, for ever; by default the one of the policy in FARTHING_POLICY."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Open a bank with a real clock for the institution that runs it. It gets no sandbox and no money; told again, it
    answers the same institution."""
    command = RegisterOrganisation(name, code, phone)
    check_organisation(command)  # before a bank is founded for an institution that is none
    with real_bank(currency) as kernel:
        found = appoint(kernel, command)
    tell(found, as_json, _opened)


@app.command("officers")
def officers(
    one: Annotated[Person, typer.Option(help="A security officer: LOGIN NAME NUMBER (identity or staff number).")],
    other: Annotated[Person, typer.Option(help="The other one, another person.")],
    as_json: Json = False,
) -> None:
    """Make the first two security officers, while nobody of the staff exists. Each types a password of their own, unseen;
    the two then make every other login together."""
    with bank() as kernel:
        if kernel.read(has_staff):
            raise STAFF_THERE()
        made = first_officers(kernel, FirstOfficers(_typed(one), _typed(other)))
    tell(
        made, as_json,
        lambda _: typer.echo(say("security officers: ", "安全管理员：") + ", ".join(made.actors)),
    )  # fmt: skip


def _typed(person: Person) -> Officer:
    login, name, number = person
    typer.echo(say(f"{name}: choose your password, nobody looking", f"{name}：请本人设置密码，他人回避"), err=True)
    return Officer(
        login, name, number, typer.prompt(say("password", "密码"), hide_input=True, confirmation_prompt=True, err=True)
    )


def _opened(found: Party) -> None:
    typer.echo(f"{found.id}: {found.name} {found.number} " + say("runs this bank", "运营本银行"))
