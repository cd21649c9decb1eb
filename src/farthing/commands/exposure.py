"""Own ``farthing exposure``: the two processes, a lender's and a person's side, of what somebody owes elsewhere, in bands."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from farthing.commands import figures
from farthing.commands.language import colon, say
from farthing.commands.tables import Json, rows, tell
from farthing.exchange.blinded.door_service import by_the_wall
from farthing.exchange.blinded.journal_service import JOURNAL
from farthing.exchange.blinded.law import SHIPPED, law_of
from farthing.exchange.blinded.parties_service import ROLES, make, nearby, seal
from farthing.exchange.exposure.client import HttpShelf, HttpTagger
from farthing.exchange.exposure.files import customers_of, wire_of
from farthing.exchange.exposure.lender_service import LenderSide
from farthing.exchange.exposure.model import identity_text
from farthing.exchange.exposure.person_service import PersonSide
from farthing.exchange.shelf import service as shelf_process
from farthing.exchange.tagger import service as tagger_process
from farthing.kit.canonical import canonical
from farthing.kit.words import Words

app = typer.Typer(
    help="Exposure across lenders without a pool of names: tagger, shelf, both sides; figures.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
tagger = typer.Typer(help="The tagger: serve, alarms.", no_args_is_help=True, rich_markup_mode=None)
shelf = typer.Typer(help="The shelf: serve.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(tagger, name="tagger")
app.add_typer(shelf, name="shelf")
app.add_typer(figures.app, name="figures")

Folder = Annotated[Path, typer.Argument(help="One's own folder: its key, and in parties.toml whom it believes.")]
At = Annotated[str, typer.Option(help="Where it listens.")]
Port = Annotated[int, typer.Option(help="Its port; 0: any that is free.", min=0, max=65535)]
Law = Annotated[Path, typer.Option(help="Another file of law than the one that comes along.", show_default=False)]
Tagger = Annotated[str, typer.Option("--tagger", help="The tagger's address.")]
Shelf = Annotated[str, typer.Option("--shelf", help="The shelf's address.")]
Purpose = Annotated[str, typer.Option(help="What it is for.")]
Currency = Annotated[str, typer.Option(help="The currency of the bands.")]
Consent = Annotated[str, typer.Option(help="SHA-256 of the consent, as hex.")]
Kind = Annotated[str, typer.Option(help="The kind of document whose number it is.")]
Person = Annotated[
    Path, typer.Argument(help="A file that holds the document's number, and nothing else; - for the input.")
]
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,62}")
TAGGER, SHELF = "http://127.0.0.1:8491", "http://127.0.0.1:8492"
ANSWERED = {
    "band": Words("owed in all", "负债合计"),
    "lenders": Words("lenders owed", "有余额机构数"),
    "dpd": Words("worst days past due", "最长逾期天数"),
    "asked_7": Words("lenders that asked in 7 days", "近7日申请机构数"),
    "asked_30": Words("in 30 days", "近30日"),
    "asked_90": Words("in 90 days", "近90日"),
    "asked_nonbank_30": Words("of them no banks, in 30 days", "其中近30日非银行机构"),
    "as_of": Words("as of", "数据日期"),
}
TOLD = {
    "none": Words("no record", "无记录"),
    "withheld": Words("not told of one lender alone", "仅一家机构，不予提供"),
    "disputed": Words("disputed", "异议处理中"),
}


@app.callback()
def exposure() -> None:
    """Exposure across lenders without a pool of names: tagger, shelf, both sides; figures."""


@app.command("make-key")
def make_key(
    folder: Folder,
    name: Annotated[str, typer.Option(help="Its name.")],
    role: Annotated[str, typer.Option(help="bank, nonbank, door, tagger, shelf or officer.")],
    as_json: Json = False,
) -> None:
    """Make a key in a folder; prints the entry that others add to their parties.toml."""
    if not NAME.fullmatch(name):
        raise typer.BadParameter(say("letters, digits, dots and dashes", "仅限字母、数字、点与连字符"))
    if role not in ROLES:
        raise typer.BadParameter(say(f"one of {', '.join(ROLES)}", f"须为以下之一：{'、'.join(ROLES)}"))
    tell({"entry": make(folder, name, role)}, as_json, lambda made: typer.echo(made["entry"], nl=False))


@tagger.command("serve")
def serve_tagger(
    folder: Folder, host: At = "127.0.0.1", port: Port = 8491, law: Law = SHIPPED, as_json: Json = False
) -> None:
    """Evaluate blinded points until told to stop. Prints its address."""
    tagger_process.serve(folder, law_of(law), host, port, lambda url: _listens(url, as_json))


@tagger.command("alarms")
def alarms(folder: Folder, as_json: Json = False) -> None:
    """Which members asked for more than they may, and when."""
    lines = (folder / JOURNAL).read_text(encoding="utf-8").splitlines() if (folder / JOURNAL).exists() else []
    found = [each for line in lines if '"kind":"alarm"' in line and (each := json.loads(line))]
    heads = (Words("at", "时间"), Words("member", "机构"), Words("code", "代码"))
    tell(
        found, as_json,
        lambda each: rows(Words("Alarms", "告警"), heads, [(one["at"], one["member"], one["code"]) for one in each]),
    )  # fmt: skip


@shelf.command("serve")
def serve_shelf(
    folder: Folder, host: At = "127.0.0.1", port: Port = 8492, law: Law = SHIPPED, as_json: Json = False
) -> None:
    """Keep bands by tag and answer in bands until told to stop. Prints its address."""
    shelf_process.serve(folder, law_of(law), host, port, lambda url: _listens(url, as_json))


@app.command("load")
def load(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help="CSV: kind, number, limit, balance, days_past_due.")],
    tagger_url: Tagger = TAGGER,
    shelf_url: Shelf = SHELF,
    purpose: Purpose = "loan_application",
    currency: Currency = "CNY",
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its day; without, today.")] = None,
    law: Law = SHIPPED,
    as_json: Json = False,
) -> None:
    """Put one's own customers on the shelf, the whole file anew: as tags and bands, in batches filled up with nobody."""
    lender = _lender(folder, tagger_url, shelf_url, law)
    customers = customers_of(file.read_text(encoding="utf-8"), currency)
    day: date = (as_of or by_the_wall().astimezone(UTC)).date()
    batches = lender.load(customers, purpose=purpose, currency=currency, as_of=day)
    tell(
        {"customers": len(customers), "batches": batches}, as_json,
        lambda made: typer.echo(colon(Words("customers loaded", "已加载客户"), made["customers"])),
    )  # fmt: skip


@app.command("want")
def want(
    folder: Folder, consent: Consent, tagger_url: Tagger = TAGGER, shelf_url: Shelf = SHELF,
    purpose: Purpose = "loan_application",
    law: Law = SHIPPED, as_json: Json = False,
) -> None:  # fmt: skip
    """A lender wants to know a person's exposure: prints what the person's side is handed."""
    _print(_lender(folder, tagger_url, shelf_url, law).want(purpose, consent), as_json)


@app.command("permit")
def permit(
    folder: Folder, wanted: Annotated[Path, typer.Argument(help="What the lender's `want` printed.")], person: Person,
    inquirer: Annotated[str, typer.Option(help="The lender that the person named.")], consent: Consent,
    tagger_url: Tagger = TAGGER, currency: Currency = "CNY", kind: Kind = "cn-id", law: Law = SHIPPED, as_json: Json = False,
) -> None:  # fmt: skip
    """The person's side, once she is authenticated: blind, have it evaluated, sign. Prints what the lender needs."""
    side = _door(folder, tagger_url, law)
    identity = identity_text(kind, _number(person))
    _print(side.permit(_wire(wanted), identity, inquirer=inquirer, consent=consent, currency=currency), as_json)


@app.command("ask")
def ask(
    folder: Folder, permit: Annotated[Path, typer.Argument(help="What the person's side printed.")], person: Person,
    tagger_url: Tagger = TAGGER, shelf_url: Shelf = SHELF, kind: Kind = "cn-id", law: Law = SHIPPED, as_json: Json = False,
) -> None:  # fmt: skip
    """A lender takes a permit to the shelf and is told in bands."""
    told = _lender(folder, tagger_url, shelf_url, law).told(_wire(permit), identity_text(kind, _number(person)))
    tell(told, as_json, lambda found: typer.echo("\n".join(_bands(dataclasses.asdict(found)))))


@app.command("seen")
def seen(
    folder: Folder, person: Person, tagger_url: Tagger = TAGGER, shelf_url: Shelf = SHELF,
    purpose: Purpose = "loan_application",
    kind: Kind = "cn-id", law: Law = SHIPPED, as_json: Json = False,
) -> None:  # fmt: skip
    """What was answered about a person this quarter and the last, for her own side: when, under which consent, which bands."""
    found = _door(folder, tagger_url, law).seen(HttpShelf(shelf_url), identity_text(kind, _number(person)), purpose)
    heads = (Words("at", "时间"), Words("consent", "授权"), ANSWERED["band"], ANSWERED["lenders"])
    lines = [(each["at"], each["consent"], _said(each["answer"]["band"]), each["answer"]["lenders"]) for each in found]
    tell(found, as_json, lambda _: rows(Words("Told about her", "查询记录"), heads, lines))


@app.command("contest")
def contest(
    folder: Folder, person: Person, tagger_url: Tagger = TAGGER, shelf_url: Shelf = SHELF,
    days: Annotated[int, typer.Option(min=1, max=92, help="For how long; it is cleared up by then.")] = 20,
    purpose: Purpose = "loan_application", kind: Kind = "cn-id", law: Law = SHIPPED, as_json: Json = False,
) -> None:  # fmt: skip
    """A person disputes what is entered about her: days past due are told as disputed for so long."""
    side = _door(folder, tagger_url, law)
    until = side.contest(HttpShelf(shelf_url), identity_text(kind, _number(person)), purpose, days)
    tell(
        {"until": until}, as_json, lambda told: typer.echo(colon(Words("disputed until", "异议标注至"), told["until"]))
    )


@app.command("withdraw")
def withdraw(
    folder: Folder,
    consent: Consent,
    tagger_url: Tagger = TAGGER,
    shelf_url: Shelf = SHELF,
    law: Law = SHIPPED,
    as_json: Json = False,
) -> None:
    """A person withdrew a consent: shelf and tagger answer nothing under it any more."""
    _door(folder, tagger_url, law).withdraw(HttpShelf(shelf_url), consent)
    tell({"ended": consent}, as_json, lambda told: typer.echo(colon(Words("ended", "已撤回"), told["ended"])))


def _lender(folder: Path, tagger_url: str, shelf_url: str, law: Path) -> LenderSide:
    me, key, evaluator = nearby(folder)
    return LenderSide(me.name, key, law_of(law), HttpTagger(tagger_url, evaluator), HttpShelf(shelf_url), by_the_wall)


def _door(folder: Path, tagger_url: str, law: Path) -> PersonSide:
    me, key, evaluator = nearby(folder)
    return PersonSide(me.name, key, law_of(law), HttpTagger(tagger_url, evaluator), *seal(folder), by_the_wall)


def _number(person: Path) -> str:
    return (sys.stdin.read() if str(person) == "-" else person.read_text(encoding="utf-8")).strip()


def _wire(path: Path) -> Any:
    return wire_of(path.read_text(encoding="utf-8"))


def _print(wire: Any, as_json: bool) -> None:
    tell(wire, as_json, lambda made: typer.echo(canonical(made).decode()))


def _listens(url: str, as_json: bool) -> None:
    tell({"url": url}, as_json, lambda found: typer.echo(found["url"]))


def _said(band: str) -> Words | str:
    return TOLD.get(band, band)


def _bands(found: dict[str, Any]) -> list[str]:
    return [colon(words, say(*_both(str(found[name])))) for name, words in ANSWERED.items()]


def _both(band: str) -> tuple[str, str]:
    said = TOLD.get(band)
    return (band, band) if said is None else (said.en, said.zh)
