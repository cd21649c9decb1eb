"""Own ``farthing agreements``: drawn up under a form, listed, read as PDF, sealed, stepped back from, packaged as evidence."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated

import typer

from farthing.assurance import agreements_service as packages
from farthing.assurance.agreements_service import AgreementPackaged, PackageAgreement
from farthing.commands.bank import bank, party_id
from farthing.commands.language import pick, say
from farthing.commands.savings import Key, Pdf, ask, do
from farthing.commands.staff import Limit, Officer
from farthing.commands.tables import Json, rows
from farthing.kernel.run import Kernel
from farthing.products.model import Publish, Published
from farthing.signing.acts.service import contract_id_of
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import (
    AgreementParty,
    AgreementsTold,
    AgreementTold,
    DrawAgreement,
    Filled,
    FormTold,
    SealAgreement,
    StepBack,
)
from farthing.signing.agreements.rules import STATES

app = typer.Typer(
    help="Agreements: forms, publish; draw, list, show, seal, step back; the evidence package.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
AgreementId = Annotated[str, typer.Argument(help="Its id, or the name it was drawn under.", metavar="AGREEMENT")]
Party = Annotated[str, typer.Argument(help="A party of it: id, name, phone, or number.", metavar="PARTY")]
Pairs = Annotated[list[str], typer.Argument(help="ROLE=PARTY of each who signs, NAME=VALUE of each field.")]
Digest = Annotated[str, typer.Argument(help="SHA-256 of the document that was read.", metavar="DIGEST")]
File = Annotated[Path, typer.Argument(help="A file to write.", metavar="FILE")]


@app.callback()
def _agreements() -> None:
    """Agreements: forms, publish; draw, list, show, seal, step back; the evidence package."""


@app.command("forms")
def forms(as_json: Json = False) -> None:
    """The forms in force, with their roles and fields."""
    ask(agreements.forms, as_json, _forms)


@app.command("publish")
def publish(
    file: Annotated[Path, typer.Argument(help="A form, TOML.", metavar="FILE")], officer: Officer = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Put a form in force; it waits for a second person. What was drawn keeps its version."""
    do(agreements.publish_form, Publish(file.stem, file.read_text(encoding="utf-8")), _published, dry_run=False,
       as_json=as_json, officer=officer)  # fmt: skip


@app.command("draw")
def draw(
    agreement: AgreementId, form: Annotated[str, typer.Argument(help="A form's name.", metavar="FORM")], pairs: Pairs,
    officer: Officer = None, key: Key = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Draw an agreement up; its text is certified, and its parties sign in the form's order."""

    def command(kernel: Kernel) -> DrawAgreement:
        known = kernel.read(agreements.forms)
        fields = {name for each in known if each.name == form for name, _, _ in each.fields}
        said = [_pair(each) for each in pairs]
        who = [(name, party_id(kernel, text)) for name, text in said if name not in fields]
        filled = tuple(Filled(name, value) for name, value in said if name in fields)
        return DrawAgreement(agreement, form, tuple(AgreementParty(*each) for each in who), filled)

    do(agreements.draw, command, _told, dry_run=False, as_json=as_json, officer=officer, key=key)


@app.command("list")
def listed(
    before: Annotated[str, typer.Option(help="Continue before this id.")] = "", limit: Limit = 20, as_json: Json = False
) -> None:
    """The bank's agreements, latest first."""
    ask(lambda tx: agreements.agreements_drawn(tx, before, limit), as_json, _page)


@app.command("show")
def show(agreement: AgreementId, pdf: Pdf = None, as_json: Json = False) -> None:
    """An agreement: what it says, who signed, and until when who may do what; its PDF as it stands."""
    if pdf is not None:
        with bank() as kernel:
            pdf.write_bytes(kernel.read(lambda tx: agreements.agreement_pdf(tx, agreement_named(agreement))))
    ask(lambda tx: agreements.agreement(tx, agreement_named(agreement)), as_json, _told)


@app.command("seal")
def seal(agreement: AgreementId, digest: Digest, officer: Officer = None, as_json: Json = False) -> None:
    """Seal it for the bank; it waits for a second person."""
    do(
        agreements.seal,
        SealAgreement(agreement_named(agreement), digest),
        _told,
        dry_run=False,
        as_json=as_json,
        officer=officer,
    )


@app.command("step-back")
def step_back(agreement: AgreementId, party: Party, as_json: Json = False) -> None:
    """Step back from it as a party, while that may be."""

    def command(kernel: Kernel) -> StepBack:
        return StepBack(agreement_named(agreement), party_id(kernel, party))

    do(agreements.step_back, command, _told, dry_run=False, as_json=as_json)


@app.command("package")
def package(agreement: AgreementId, party: Party, file: File, as_json: Json = False) -> None:
    """Write the evidence package of an agreement that is in force, or was, for one of its parties."""

    def command(kernel: Kernel) -> PackageAgreement:
        return PackageAgreement(party_id(kernel, party), agreement_named(agreement))

    def written(made: AgreementPackaged) -> None:
        file.write_bytes(base64.b64decode(made.content_base64))
        typer.echo(f"{file}\tsha256:{made.sha256}")

    do(packages.package_agreement, command, written, dry_run=False, as_json=as_json)


def agreement_named(text: str) -> str:
    """An agreement's id, of itself or of the name that it was drawn under."""
    return text if text.startswith("contract_") else contract_id_of(f"agreement:{text}")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(say(f"write NAME=VALUE, not {text}", f"请填写 名称=内容，而不是 {text}"))
    return name.strip(), value.strip()


def _forms(found: list[FormTold]) -> None:
    heads = (
        say("form", "格式"),
        say("version", "版本"),
        say("title", "名称"),
        say("signs", "签署方"),
        say("fields", "要素"),
    )
    lines = [
        (each.name, each.version, pick(each.title), " ".join(name for name, _, _ in each.roles),
         " ".join(name for name, _, _ in each.fields))
        for each in found
    ]  # fmt: skip
    rows(say("Forms of agreement", "合同格式"), heads, lines)


def _published(found: Published) -> None:
    typer.echo(f"{found.product}\t{found.version}")


def _page(found: AgreementsTold) -> None:
    heads = (
        say("agreement", "合同"),
        say("form", "格式"),
        say("state", "状态"),
        say("drawn", "拟定"),
        say("signed", "已签"),
    )
    lines = [
        (each.id, each.form, pick(STATES[each.state]), each.drawn_at.date(),
         f"{sum(one.signed for one in each.parties)}/{len(each.parties)}")
        for each in found.agreements
    ]  # fmt: skip
    rows(say("Agreements", "合同"), heads, lines, right=(4,))
    if found.next:
        typer.echo(say(f"more: --before {found.next}", f"后续：--before {found.next}"))


def _told(found: AgreementTold) -> None:
    typer.echo(f"{pick(found.title)}\t{found.id}\t{pick(STATES[found.state])}")
    heads = (say("as", "身份"), say("who", "签署方"), say("signed", "签署"))
    signed = {True: say("signed", "已签"), False: say("not yet", "未签")}
    rows(
        say("Who signs", "签署方"),
        heads,
        [(pick(each.title), each.name, signed[each.signed]) for each in found.parties],
    )
    rows(say("What it says", "内容"), (say("what", "项目"), say("is", "内容")),
         [(pick(name), pick(value)) for name, value in found.facts])  # fmt: skip
    days = [
        (say("sign until", "签署期限"), found.sign_until), (say("in force from", "生效日"), found.effective_on),
        (say("step back until", "可撤回至"), found.step_back_until), (say("ended on", "终止日"), found.ended_on),
    ]  # fmt: skip
    for name, day in days:
        if day is not None:
            typer.echo(f"{name}\t{day}")
    typer.echo(f"{say('document', '文件摘要')}\tsha256:{found.document_digest}")
