"""Own ``farthing people`` and ``farthing wallets``: make a person known, open a wallet, bring money in.

The command line acts as the bank itself. Never decides anything: the register, the wallets and the rail do.
"""

from __future__ import annotations

from typing import Annotated

import typer

from farthing.bank.staff import appoint, check_made_here, new_password
from farthing.commands import knowing
from farthing.commands.bank import bank, party_id
from farthing.commands.language import pick, say
from farthing.commands.savings import Amount, DryRun, Key, Person, ask, do, money, unnamed
from farthing.commands.tables import Json, rows, tell
from farthing.commands.words import TRIED
from farthing.identity import service as identity
from farthing.identity.model import CreateLogin
from farthing.identity.proof import sending
from farthing.identity.rules import ANONYMOUS, LOGIN_UNKNOWN
from farthing.kernel.gateway import SandboxGateway
from farthing.kernel.run import Kernel
from farthing.kit.masked import masked_number
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.enrolment import service as enrolment
from farthing.parties.enrolment.model import AskCode, Enrol
from farthing.parties.model import Party, Register
from farthing.parties.rules import phone_of
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet, RailPayment, Wallet

Login = Annotated[str, typer.Argument(help="The login's name: small letters and digits.")]
Role = Annotated[str, typer.Argument(help="teller, operator, risk, auditor, regulator or security.")]
PersonName = Annotated[str, typer.Option(help="Who the person is.")]
StaffNumber = Annotated[str, typer.Option(help="Resident identity number, or the institution's staff number.")]
people = typer.Typer(help="People: register, enrol, show.", no_args_is_help=True, rich_markup_mode=None)
wallets = typer.Typer(help="Wallets: open, show, top up.", no_args_is_help=True, rich_markup_mode=None)


@people.callback()
def _people() -> None:
    """People: register, enrol, show."""


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
    as_json: Json = False,
) -> None:
    """Give a person a login: a code goes to the phone on file, or to that of somebody new, and proves it."""
    with bank() as kernel:
        asked = kernel.run(enrolment.ask_code, AskCode(name, resident_id, phone), actor=ANONYMOUS)
        sending.send(kernel, asked.proof_id, asked.messages)
        gateway = kernel.ports.peer("gateway")
        if isinstance(gateway, SandboxGateway):
            for message in gateway.sent_to(phone_of(phone)):
                typer.echo(say("(gateway: sandbox) ", "（沙盒短信）") + message.text, err=True)
        code = code or typer.prompt(say("code", "验证码"), err=True)
        password = password or typer.prompt(
            say("password", "密码"), hide_input=True, confirmation_prompt=True, err=True
        )
        command = Enrol(asked.proof_id, code, name, resident_id, phone, password, "command line")
        done = enrolment.require_enrolled(kernel.run(enrolment.enrol, command, actor=ANONYMOUS))
        assert done.party is not None
        kernel.run(payments.open_wallet, OpenWallet(done.party.id))
    tell(done.party, as_json, _person)


@people.command("staff")
def staff(
    login: Login,
    role: Role,
    name: PersonName,
    number: StaffNumber,
    as_json: Json = False,
) -> None:
    """Let a member of staff of a simulated bank log in; prints a password that works once.

    A bank with a real clock gets its first two officers by `farthing bank officers`, and they make the others.
    """
    with bank() as kernel:
        check_made_here(kernel)
        actor, password = appoint(kernel, CreateLogin(login, role, name, number))
    once(actor, password, as_json)


@people.command("new-password")
def password_again(
    login: Annotated[str, typer.Argument(help="The login's name.")],
    as_json: Json = False,
) -> None:
    """Give a member of staff, who forgot the password, one that works once; open sessions end."""
    with bank() as kernel:
        actor = kernel.read(lambda tx: identity.staff_login(tx, login))
        if actor is None:
            raise LOGIN_UNKNOWN(actor_id=login)
        password = new_password(kernel, actor)
    once(actor, password, as_json)


@wallets.command("open")
def open_wallet(person: Person, as_json: Json = False, key: Key = None) -> None:
    """Open a person's wallet; opening it twice changes nothing."""
    with bank() as kernel:
        party = kernel.read(lambda tx: parties.the_party(tx, person))
        answer = kernel.run(payments.open_wallet, OpenWallet(party.id), key=key)
    tell(answer, as_json, _wallet)


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
        party = party_id(kernel, person)
        return MoveByRail(party, money(amount, kernel), account, rail)

    do(payments.top_up, command, _moved, dry_run=dry_run, as_json=as_json, key=key, tried=unnamed)


people.command("level")(knowing.level)
people.command("ending")(knowing.ending)
people.command("erasure")(knowing.erasure)


def once(actor: str, password: str, as_json: bool) -> None:
    """Tell a password that works once; nobody is told it again."""
    tell(
        {"actor_id": actor, "password": password}, as_json,
        lambda _: typer.echo(
            say(f"{actor}: a password that works once, told this once: {password}",
                f"{actor}：一次性密码，仅显示一次：{password}")
        ),
    )  # fmt: skip


def _known(kernel: Kernel, found: Party) -> Party:
    """Whoever was known before a dry run keeps the id that everybody knows."""
    there = kernel.read(lambda tx: parties.parties(tx, [found.id]))
    return found if there else unnamed(kernel, found)


def _person(found: Party) -> None:
    rows(
        Words("Person", "客户"),
        (
            Words("id", "编号"),
            Words("name", "姓名"),
            Words("number", "身份证号"),
            Words("phone", "手机"),
            Words("level", "核验等级"),
        ),
        [(found.id or TRIED, found.name, masked_number(found.number), found.phone, found.verification_level)],
        right=(4,),
    )


def _wallet(found: Wallet) -> None:
    typer.echo(
        say(f"wallet {found.party_id}: balance {found.balance}, available {found.available}",
            f"钱包 {found.party_id}：余额 {found.balance}，可用 {found.available}")
    )  # fmt: skip


def _moved(done: RailPayment) -> None:
    settled = done.state == "settled" or not done.id
    word = (
        say("topped up", "转入") if settled else say("asked, not known yet whether it came", "已提交，尚不知是否到账")
    )
    typer.echo(f"{done.id or pick(TRIED)}: {word} {done.amount}, {done.rail} {done.outside_account} {done.reference}")
