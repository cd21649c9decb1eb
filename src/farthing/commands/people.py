"""Own ``farthing people`` and ``farthing wallets``: make a person known, open a wallet, bring money in.

The command line acts as the bank itself. Never decides anything: the register, the wallets and the rail do.
"""

from __future__ import annotations

from typing import Annotated

import typer

from farthing.commands import shown
from farthing.commands.bank import bank
from farthing.commands.savings import Amount, DryRun, Json, Key, Person, ask, do, yuan
from farthing.kernel.run import Kernel
from farthing.parties import service as parties
from farthing.parties.model import Party, Register
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet, RailPayment, Wallet

people = typer.Typer(help="People: register, show.", no_args_is_help=True, rich_markup_mode=None)
wallets = typer.Typer(help="Wallets: open, show, top up.", no_args_is_help=True, rich_markup_mode=None)

TRIED = "(试算 dry run)"
"""Stands where a dry run has no id."""


@people.callback()
def _people() -> None:
    """People: register, show."""


@wallets.callback()
def _wallets() -> None:
    """Wallets: open, show, top up."""


@people.command("register")
def register(
    name: Annotated[str, typer.Argument(help="As on the identity card.")],
    resident_id: Annotated[str, typer.Argument(help="Resident identity number, 18 characters.")],
    phone: Annotated[str, typer.Argument(help="Mobile phone.")],
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Make a person known; the same number and name again answers the same person."""
    command = Register(name, resident_id, phone)
    do(parties.register, parties.preview_register, command, _person, dry_run=dry_run, as_json=as_json)


@people.command("show")
def show(person: Person, as_json: Json = False) -> None:
    """A person, by id, phone or identity number."""
    ask(lambda tx: parties.the_party(tx, person), as_json, _person)


@wallets.command("open")
def open_wallet(person: Person, as_json: Json = False, key: Key = None) -> None:
    """Open a person's wallet; opening it twice changes nothing."""
    with bank() as kernel:
        party = kernel.read(lambda tx: parties.the_party(tx, person))
        answer = kernel.run(payments.open_wallet, OpenWallet(party.id), key=key)
    shown.say(answer, as_json, _wallet)


@wallets.command("show")
def wallet(person: Person, as_json: Json = False) -> None:
    """What is in a person's wallet and free to use."""
    ask(lambda tx: payments.wallet(tx, parties.the_party(tx, person).id), as_json, _wallet)


@wallets.command("top-up")
def top_up(
    person: Person,
    amount: Amount,
    account: Annotated[str, typer.Option("--from", help="The account at another bank it comes from, 12 to 19 digits.")],
    rail: Annotated[str, typer.Option(help="Which rail to other banks.")] = "sandbox",
    dry_run: DryRun = False,
    as_json: Json = False,
    key: Key = None,
) -> None:
    """Bring money into a wallet from an account at another bank."""

    def command(kernel: Kernel) -> MoveByRail:
        party = kernel.read(lambda tx: parties.the_party(tx, person)).id
        return MoveByRail(party, yuan(amount), account, rail)

    do(payments.top_up, payments.preview_top_up, command, _moved, dry_run=dry_run, as_json=as_json, key=key)


def _person(found: Party) -> None:
    shown.rows(
        "客户 Person",
        ("编号 id", "姓名 name", "身份证号 number", "手机 phone", "核验等级 level"),
        [(found.id or TRIED, found.name, found.number, found.phone, found.verification_level)],
        right=(4,),
    )


def _wallet(found: Wallet) -> None:
    typer.echo(f"钱包 wallet {found.party_id}: 余额 balance {found.balance}, 可用 available {found.available}")


def _moved(done: RailPayment) -> None:
    word = "转入 topped up" if done.state == "settled" or not done.id else "已提交,待答复 asked, no answer yet"
    typer.echo(f"{done.id or TRIED}: {word} {done.amount}, {done.rail} {done.outside_account} {done.reference}")
