"""Own ``farthing people`` and ``farthing wallets``: make a person known, open a wallet, bring money in.

The command line acts as the bank itself. Never decides anything: the register, the wallets and the rail do.
"""

from __future__ import annotations

from typing import Annotated

import typer

from farthing.bank.staff import appoint, check_made_here, new_password
from farthing.commands import shown
from farthing.commands.bank import bank
from farthing.commands.savings import Amount, DryRun, Json, Key, Person, ask, do, money, unnamed
from farthing.identity import service as identity
from farthing.identity.model import CreateLogin
from farthing.identity.proof import sending
from farthing.identity.rules import ANONYMOUS, LOGIN_UNKNOWN
from farthing.kernel.gateway import SandboxGateway
from farthing.kernel.run import Kernel
from farthing.parties import service as parties
from farthing.parties.enrolment import service as enrolment
from farthing.parties.enrolment.model import AskCode, Enrol
from farthing.parties.model import Party, Register
from farthing.parties.rules import phone_of
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet, RailPayment, Wallet

people = typer.Typer(help="People: register, enrol, show; staff.", no_args_is_help=True, rich_markup_mode=None)
wallets = typer.Typer(help="Wallets: open, show, top up.", no_args_is_help=True, rich_markup_mode=None)

TRIED = "(试算 dry run)"
"""Stands where a dry run has no id."""


@people.callback()
def _people() -> None:
    """People: register, enrol, show; staff."""


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
    do(parties.register, command, _person, dry_run=dry_run, as_json=as_json, tried=_known)


@people.command("show")
def show(person: Person, as_json: Json = False) -> None:
    """A person, by id, phone or identity number."""
    ask(lambda tx: parties.the_party(tx, person), as_json, _person)


@people.command("enrol")
def enrol(
    name: Annotated[str, typer.Argument(help="As on the identity card.")],
    resident_id: Annotated[str, typer.Argument(help="Resident identity number, 18 characters.")],
    phone: Annotated[str, typer.Argument(help="Mobile phone.")],
    code: Annotated[str, typer.Option(help="The code that came; asked for without it.")] = "",
    password: Annotated[str, typer.Option(help="The password to log in with; asked for without it.")] = "",
) -> None:
    """Give a person a login: a code goes to the phone on file, or to that of somebody new, and proves it."""
    with bank() as kernel:
        asked = kernel.run(enrolment.ask_code, AskCode(name, resident_id, phone), actor=ANONYMOUS)
        sending.send(kernel, asked.proof_id, asked.messages)
        gateway = kernel.ports.peer("gateway")
        if isinstance(gateway, SandboxGateway):
            for message in gateway.sent_to(phone_of(phone)):
                typer.echo(f"(gateway sandbox 沙盒短信) {message.text}")
        code = code or typer.prompt("验证码 code")
        password = password or typer.prompt("密码 password", hide_input=True, confirmation_prompt=True)
        command = Enrol(asked.proof_id, code, name, resident_id, phone, password, "command line")
        done = enrolment.require_enrolled(kernel.run(enrolment.enrol, command, actor=ANONYMOUS))
        assert done.party is not None
        kernel.run(payments.open_wallet, OpenWallet(done.party.id))
    shown.say(done.party, False, _person)


@people.command("staff")
def staff(
    login: Annotated[str, typer.Argument(help="The login's name: small letters and digits.")],
    role: Annotated[str, typer.Argument(help="teller, operator, risk, auditor or security.")],
    name: Annotated[str, typer.Option(help="Who the person is.")],
    number: Annotated[str, typer.Option(help="Resident identity number, or the institution's staff number.")],
) -> None:
    """Let a member of staff of a simulated bank log in; prints a password that works once.

    A bank with a real clock gets its first two officers by `farthing bank officers`, and they make the others.
    """
    with bank() as kernel:
        check_made_here(kernel)
        actor, password = appoint(kernel, CreateLogin(login, role, name, number))
    typer.echo(f"{actor}: 一次性密码，仅显示一次 a password that works once, told this once: {password}")


@people.command("new-password")
def password_again(
    login: Annotated[str, typer.Argument(help="The login's name.")],
) -> None:
    """Give a member of staff, who forgot the password, one that works once; open sessions end."""
    with bank() as kernel:
        actor = kernel.read(lambda tx: identity.staff_login(tx, login))
        if actor is None:
            raise LOGIN_UNKNOWN(actor_id=login)
        password = new_password(kernel, actor)
    typer.echo(f"{actor}: 一次性密码，仅显示一次 a password that works once, told this once: {password}")


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
        return MoveByRail(party, money(amount, kernel), account, rail)

    do(payments.top_up, command, _moved, dry_run=dry_run, as_json=as_json, key=key, tried=unnamed)


def _known(kernel: Kernel, found: Party) -> Party:
    """Whoever was known before a dry run keeps the id that everybody knows."""
    there = kernel.read(lambda tx: parties.parties(tx, [found.id]))
    return found if there else unnamed(kernel, found)


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
