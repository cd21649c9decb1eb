"""Own ``farthing powers``: who acts for whom; guardians and signatories entered, powers ended, and what was done under them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from farthing.commands.bank import party_id
from farthing.commands.language import pick, say
from farthing.commands.savings import DAY, Person, ask, day, do, money
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows
from farthing.commands.words import a_day
from farthing.kernel.run import Kernel
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.acting import joint_service as joint
from farthing.parties.acting import service as acting
from farthing.parties.acting.model import (
    ActTold,
    EndPower,
    EnterGuardian,
    EnterSignatory,
    JointTold,
    PowerTold,
    RevokePower,
)

KINDS = {
    "helper": Words("helper", "受托人"), "guardian": Words("guardian", "监护人"),
    "representative": Words("legal representative", "法定代表人"), "signatory": Words("signatory", "授权签署人"),
}  # fmt: skip
STATES = {
    "asked": Words("to be signed", "待签署"), "later": Words("begins later", "尚未开始"), "in_force": Words("in force", "有效"),
    "expired": Words("has run out", "已到期"), "ended": Words("ended", "已终止"),
}  # fmt: skip

HELP = "Powers to act for another: list, acts, joint acts; enter a guardian or a signatory; end, revoke."
app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
Power = Annotated[str, typer.Argument(help="A power's id, power_...", metavar="POWER")]
Document = Annotated[str, typer.Argument(help="What it rests on: whose paper, number, day.")]
Scope = Annotated[
    str,
    typer.Option("--for", help="What for, with commas: see,pay,repay,save; of an organisation sign and confirm too."),
]
Each = Annotated[str, typer.Option(help="At most so much at a time.")]
Daily = Annotated[str, typer.Option(help="At most so much in a day.")]
Until = Annotated[datetime, typer.Option("--until", parser=a_day, metavar=DAY, help="The last day, 2027-05-31.")]
UntilOrNever = Annotated[
    datetime | None, typer.Option("--until", parser=a_day, metavar=DAY, help="The last day; else until it is ended.")
]


@app.callback()
def _powers() -> None:
    """Powers to act for another: list, acts, joint acts; enter a guardian or a signatory; end, revoke."""


@app.command("list")
def list_powers(
    person: Person, held: Annotated[bool, typer.Option("--held", help="For whom the person acts; else who acts for it.")] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Who acts for a person or an organisation, or for whom a person acts."""
    question = acting.powers_held if held else acting.powers_given
    ask(lambda tx: question(tx, parties.the_party(tx, person).id), as_json, _list)


@app.command("acts")
def acts(person: Person, as_json: Json = False) -> None:
    """What others did for a person, the newest first."""
    ask(lambda tx: acting.acts(tx, parties.the_party(tx, person).id), as_json, _acts)


@app.command("joint")
def joint_acts(organisation: Person, as_json: Json = False) -> None:
    """What waits for a second signatory of an organisation."""
    ask(lambda tx: joint.joint_acts(tx, parties.the_party(tx, organisation).id), as_json, _joint)


@app.command("guardian")
def guardian(
    person: Person, guardian: Annotated[str, typer.Argument(help="The guardian: id, phone or identity number.")],
    document: Document, until: Until, scope: Scope = "see", each: Each = "", daily: Daily = "",
    family: Annotated[bool, typer.Option("--family", help="By a family document; else a court's.")] = False,
    pays_self: Annotated[bool, typer.Option("--pays-self", help="May pay himself.")] = False,
    officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Enter a guardian of a person; it waits for a second person, who saw the document too."""

    def command(kernel: Kernel) -> EnterGuardian:
        return EnterGuardian(
            party_id(kernel, person), party_id(kernel, guardian), "family" if family else "court", document, _scope(scope),
            until.date(), money(each, kernel) if each else None, money(daily, kernel) if daily else None, pays_self,
        )  # fmt: skip

    do(acting.enter_guardian, command, _one, dry_run=False, as_json=as_json, officer=officer)


@app.command("signatory")
def signatory(
    organisation: Person, person: Annotated[str, typer.Argument(help="The person: id, phone or identity number.")],
    document: Document, until: UntilOrNever = None, scope: Scope = "see,pay,sign", each: Each = "", daily: Daily = "",
    representative: Annotated[
        bool, typer.Option("--representative", help="As legal representative, in the former one's place.")
    ] = False,
    jointly: Annotated[bool, typer.Option("--jointly", help="Only jointly with another signatory.")] = False,
    officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Enter a signatory of an organisation; it waits for a second person, who saw the document too."""

    def command(kernel: Kernel) -> EnterSignatory:
        return EnterSignatory(
            party_id(kernel, organisation), party_id(kernel, person),
            "representative" if representative else "signatory", document,
            _scope(scope), None, day(until), money(each, kernel) if each else None,
            money(daily, kernel) if daily else None, jointly,
        )  # fmt: skip

    do(acting.enter_signatory, command, _one, dry_run=False, as_json=as_json, officer=officer)


@app.command("end")
def end(power: Power, person: Person, as_json: Json = False) -> None:
    """End a power at once, as a person who gave it or acts under it says."""

    def command(kernel: Kernel) -> EndPower:
        return EndPower(power, party_id(kernel, person))

    do(acting.end_power, command, _one, dry_run=False, as_json=as_json)


@app.command("revoke")
def revoke(power: Power, document: Document, officer: Officer = None, as_json: Json = False) -> None:
    """End a power by a document, such as a court's; it waits for a second person."""
    do(acting.revoke_power, RevokePower(power, document), _one, dry_run=False, as_json=as_json, officer=officer)


def _scope(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _one(found: PowerTold) -> None:
    typer.echo("\t".join(_cells(found)))


def _list(found: list[PowerTold]) -> None:
    heads = (
        Words("power", "授权"), Words("as", "身份"), Words("state", "状态"), Words("acts", "代办人"), Words("for", "授权人"),
        Words("what for", "事项"), Words("each", "单笔"), Words("a day", "每日"), Words("until", "至"),
    )  # fmt: skip
    rows(Words("Powers", "代办授权"), heads, [_cells(each) for each in found], right=(6, 7))


def _cells(found: PowerTold) -> tuple[str, ...]:
    return (
        found.id, pick(KINDS[found.kind]), pick(STATES[found.state]), found.helper_name, found.principal_name,
        say(", ", "、").join(pick(title) for _, title in found.scope), str(found.most_each or ""), str(found.most_day or ""),
        str(found.until or ""),
    )  # fmt: skip


def _acts(found: list[ActTold]) -> None:
    heads = (
        Words("at", "时间"),
        Words("by", "代办人"),
        Words("what", "事项"),
        Words("amount", "金额"),
        Words("power", "授权"),
    )
    lines = [
        (f"{each.at:%Y-%m-%dT%H:%MZ}", each.helper_name, pick(each.title), str(each.amount or ""), each.power_id)
        for each in found
    ]
    rows(Words("Done for another", "代办事项"), heads, lines, right=(3,))


def _joint(found: list[JointTold]) -> None:
    heads = (Words("number", "编号"), Words("what", "事项"), Words("asked by", "提出人"), Words("until", "至"))
    lines = [(each.id, pick(each.title), each.maker_name, str(each.lapses_on)) for each in found]
    rows(Words("Wait for a second signatory", "待共同签署"), heads, lines)
