"""Own ``farthing voice``: complaints, praise, ideas and questions: taken down, owned, answered in time, redressed, returned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from farthing.commands.language import pick, say
from farthing.commands.savings import Key, ask, do, money
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows
from farthing.kernel.run import Kernel
from farthing.kit.canonical import plain
from farthing.voice.cases import handling_service as handling
from farthing.voice.cases import reading_service as reading
from farthing.voice.cases import recording_service as recording
from farthing.voice.cases import redress_service as redressing
from farthing.voice.cases import returns_service as returning
from farthing.voice.cases import service as voice
from farthing.voice.cases.classes import ComplaintClasses
from farthing.voice.cases.model import (
    AddWords,
    AnswerCase,
    AskAgain,
    AssignCase,
    CaseActed,
    CaseFile,
    CaseRow,
    CaseView,
    ClassCase,
    ExtendCase,
    ImportMessages,
    MessagesTaken,
    NameStaff,
    OneCase,
    PayRedress,
    RateAnswer,
    RecordCase,
    Speak,
)
from farthing.voice.cases.returns import CaseReturn, as_csv
from farthing.voice.cases.rules import STATES

app = typer.Typer(
    help="Complaints, praise, ideas and questions: speak, list, own, answer, redress, return; topics.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Person = Annotated[str, typer.Argument(help="A person's id, party_...", metavar="PERSON")]
CaseId = Annotated[str, typer.Argument(help="A case's id, voice_...", metavar="CASE")]
Told = Annotated[str, typer.Argument(help="In one's own words.", metavar="WORDS")]
What = Annotated[str, typer.Option("--kind", help="complaint, praise, idea or question.")]
Remedy = Annotated[str, typer.Option(help="What is wanted.")]


@app.callback()
def _voice() -> None:
    """Complaints, praise, ideas and questions."""


@app.command("speak")
def speak(
    person: Person, words: Told, kind: What = "complaint", remedy: Remedy = "", key: Key = None, as_json: Json = False
) -> None:
    """Say something to the bank for a customer who is there."""
    said: Any = kind
    do(voice.speak, Speak(person, said, words, remedy), _view, dry_run=False, as_json=as_json, key=key)


@app.command("record")
def record(
    channel: Annotated[str, typer.Argument(help="counter, phone, message or letter.")], words: Told, kind: What = "complaint",
    remedy: Remedy = "", name: Annotated[str, typer.Option(help="Who says it.")] = "",
    phone: Annotated[str, typer.Option(help="Where an answer reaches them.")] = "",
    about: Annotated[str, typer.Option(help="Login of a member of staff about whom it is.")] = "",
    officer: Officer = None, key: Key = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Take down what somebody says, customer or not."""
    way: Any = channel
    said: Any = kind
    command = RecordCase(way, said, words, remedy, name, phone, about=about)
    do(recording.record, command, _acted, dry_run=False, as_json=as_json, key=key, officer=officer)


@app.command("import")
def import_messages(
    source: Annotated[str, typer.Argument(help="Where the file is from, such as chat.")],
    file: Annotated[Path, typer.Argument(help="CSV: key, day, channel, kind, phone, name, words, remedy, case.")],
    officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Take in a file of messages, each once under its key."""
    command = ImportMessages(source, file.read_text("utf-8"))
    do(recording.import_messages, command, _imported, dry_run=False, as_json=as_json, officer=officer)


@app.command("list")
def listed(
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False, as_json: Json = False
) -> None:
    """Cases to be answered, the most urgent first."""
    ask(lambda tx: reading.cases(tx, everything), as_json, _rows)


@app.command("show")
def show(case: CaseId, as_json: Json = False) -> None:
    """A case, by its id or number, with all that was said and done."""
    ask(lambda tx: reading.case(tx, case), as_json, _file)


@app.command("own")
def own(person: Person, as_json: Json = False) -> None:
    """What a person said to the bank."""
    ask(lambda tx: reading.own(tx, person), as_json, _views)


@app.command("classes")
def classes(as_json: Json = False) -> None:
    """The classes of complaints: where, about what, why."""
    ask(reading.classes, as_json, _classes)


@app.command("add")
def add(case: CaseId, words: Told, as_json: Json = False) -> None:
    """Say more of a case that waits."""
    do(voice.add, AddWords(case, words), _view, dry_run=False, as_json=as_json)


@app.command("withdraw")
def withdraw(case: CaseId, as_json: Json = False) -> None:
    """Withdraw a case."""
    do(voice.withdraw, OneCase(case), _view, dry_run=False, as_json=as_json)


@app.command("appeal")
def appeal(case: CaseId, words: Told, as_json: Json = False) -> None:
    """Ask another person to answer anew, once."""
    do(voice.appeal, AskAgain(case, words), _view, dry_run=False, as_json=as_json)


@app.command("reopen")
def reopen(case: CaseId, words: Told, as_json: Json = False) -> None:
    """Say that what was answered was not done."""
    do(voice.reopen, AskAgain(case, words), _view, dry_run=False, as_json=as_json)


@app.command("rate")
def rate(
    case: CaseId, rating: Annotated[int, typer.Argument(help="One to five.")],
    words: Annotated[str, typer.Argument(help="Why.")] = "", as_json: Json = False,
) -> None:  # fmt: skip
    """Say how well an answer helped."""
    do(voice.rate, RateAnswer(case, rating, words), _view, dry_run=False, as_json=as_json)


@app.command("assign")
def assign(
    case: CaseId, login: Annotated[str, typer.Argument(help="Of whom; one's own where none is named.")] = "",
    officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Make a case one's own, or hand it over."""
    do(handling.assign, AssignCase(case, login), _acted, dry_run=False, as_json=as_json, officer=officer)


@app.command("about")
def about(
    case: CaseId, login: Annotated[str, typer.Argument(help="Login of a member of staff.")], officer: Officer = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Name a member of staff about whom a case is, who then sees nothing of it."""
    do(handling.name_staff, NameStaff(case, login), _acted, dry_run=False, as_json=as_json, officer=officer)


@app.command("classify")
def classify(
    case: CaseId, arose: Annotated[str, typer.Argument(help="Such as A11.")],
    product: Annotated[str, typer.Argument(help="Such as B11.")], cause: Annotated[str, typer.Argument(help="Such as C15.")],
    severity: Annotated[int, typer.Option(help="One to three; three: act now.")] = 1, officer: Officer = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Say where a case arose, what it is about, and why."""
    command = ClassCase(case, arose, product, cause, severity)
    do(handling.classify, command, _acted, dry_run=False, as_json=as_json, officer=officer)


@app.command("extend")
def extend(
    case: CaseId, reason: Annotated[str, typer.Argument(help="Why; its person reads it.", metavar="REASON")],
    officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Draft that a case is answered later, as the law lets two persons decide."""
    do(handling.extend, ExtendCase(case, reason), _acted, dry_run=False, as_json=as_json, officer=officer)


@app.command("answer")
def answer(
    case: CaseId, outcome: Annotated[str, typer.Argument(help="accepted, redress or rejected.")], words: Told,
    officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Answer a case of one's own."""
    said: Any = outcome
    do(handling.answer, AnswerCase(case, said, words), _acted, dry_run=False, as_json=as_json, officer=officer)


@app.command("redress")
def redress(
    case: CaseId, amount: Annotated[str, typer.Argument(help="Such as 30.00.")],
    reason: Annotated[str, typer.Argument(help="Why; its person reads it.", metavar="REASON")],
    large: Annotated[bool, typer.Option("--large", help="Draft it for a second person.")] = False,
    officer: Officer = None, key: Key = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Pay an amount for a case into its person's wallet."""

    def command(kernel: Kernel) -> PayRedress:
        return PayRedress(case, money(amount, kernel), reason)

    operation = redressing.redress_large if large else redressing.redress
    do(operation, command, _acted, dry_run=False, as_json=as_json, key=key, officer=officer)


@app.command("return")
def quarterly(
    quarter: Annotated[str, typer.Argument(help="Such as 2026-Q2.")],
    outlets: Annotated[int, typer.Option(help="How many outlets there are.")] = 0,
    customers: Annotated[int, typer.Option(help="How many personal customers there are.")] = 0,
    folder: Annotated[Path | None, typer.Option(help="Write complaints-QUARTER.csv and .json there.")] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """A supervisor's return of a quarter: complaints by class, and their rates."""

    def told(found: CaseReturn) -> None:
        _return(found)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            name = folder / f"complaints-{found.quarter}"
            name.with_suffix(".csv").write_text(as_csv(found), "utf-8-sig", newline="")
            name.with_suffix(".json").write_text(json.dumps(plain(found), ensure_ascii=False, indent=1) + "\n", "utf-8")
            typer.echo(str(name))

    ask(lambda tx: returning.quarterly(tx, quarter, outlets, customers), as_json, told)


def _acted(found: CaseActed) -> None:
    due = say(f"due {found.due_on}", f"答复期限 {found.due_on}") if found.due_on else ""
    line = (found.case_id, found.number, pick(STATES[found.state]), due, str(found.amount or ""))
    typer.echo("  ".join(each for each in line if each))


def _imported(found: MessagesTaken) -> None:
    typer.echo(
        say(
            f"{found.taken} cases, {found.added} added to cases, {found.known} there already",
            f"新增 {found.taken} 件，补充 {found.added} 件，已有 {found.known} 件",
        )
    )
    for each in found.unread:
        typer.echo(say(f"line {each}: cannot be read", f"第 {each} 行无法读取"))


def _rows(found: list[CaseRow]) -> None:
    heads = (say("case", "编号"), say("kind", "类型"), say("state", "状态"), say("due", "期限"), say("owner", "承办人"))
    lines = [
        (each.case.id, each.case.kind, pick(STATES[each.case.state]), each.case.due_on or "", each.case.owner)
        for each in found
    ]
    rows(say("Cases", "投诉与意见"), heads, lines)


def _views(found: list[CaseView]) -> None:
    heads = (say("case", "编号"), say("kind", "类型"), say("state", "状态"), say("due", "期限"), say("redress", "补偿"))
    lines = [(each.id, each.kind, pick(STATES[each.state]), each.due_on or "", each.redress or "") for each in found]
    rows(say("Cases", "投诉与意见"), heads, lines)


def _view(found: CaseView) -> None:
    _views([found])
    _lines(found.lines)


def _file(found: CaseFile) -> None:
    case = found.case
    typer.echo(f"{case.id}  {case.number}  {case.kind}  {pick(STATES[case.state])}  {case.due_on or ''}".rstrip())
    typer.echo(f"{found.name} {found.phone} {found.remedy}".strip())
    _lines(found.lines)


def _lines(found: Any) -> None:
    heads = (say("day", "日期"), say("who", "陈述方"), say("what", "事项"), say("words", "内容"))
    rows(say("What was said", "陈述"), heads, [(each.on, each.by, each.act, each.words or each.word) for each in found])


def _classes(found: ComplaintClasses) -> None:
    typer.echo(pick(found.source))
    for axis in (found.channel, found.business, found.cause):
        for each in axis:
            typer.echo(f"{each.code}  {pick(each.name)}")


def _return(found: CaseReturn) -> None:
    heads = (say("class", "分类"), say("received", "受理"), say("late", "逾期"), say("rejected", "不予支持"),
             say("unrated", "未评价"), say("per 1,000 outlets", "每千网点"), say("per 10m customers", "每千万客户"))  # fmt: skip
    lines = [
        (
            f"{each.code} {pick(each.name)}".strip(), each.received, each.late, each.rejected, each.unrated,
            each.per_1000_outlets or "", each.per_10m_customers or "",
        )
        for each in found.rows
    ]  # fmt: skip
    rows(f"{found.quarter}  {pick(found.source)}", heads, lines, right=(1, 2, 3, 4, 5, 6))
