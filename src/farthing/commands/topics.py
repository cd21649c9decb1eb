"""Own ``farthing voice topics``: find topics, let a set stand, sort what was said by it, confirm names, look at rises."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from farthing.commands.bank import bank
from farthing.commands.language import pick, say
from farthing.commands.officers import acting
from farthing.commands.savings import ask, do
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows
from farthing.kernel.run import Kernel
from farthing.kit.actor import SYSTEM
from farthing.kit.canonical import written
from farthing.kit.errors import Refusal
from farthing.kit.later import Later
from farthing.voice.cases import texts_service as saying
from farthing.voice.model import Text
from farthing.voice.topics import frozen
from farthing.voice.topics import reading_service as reading
from farthing.voice.topics import service as sorting
from farthing.voice.topics.causes import CAUSES
from farthing.voice.topics.falls import Fall
from farthing.voice.topics.model import (
    AdoptTopics,
    Alarm,
    AlarmEnded,
    EndAlarm,
    MergeTopic,
    NameTopic,
    SortTexts,
    TextsSorted,
    TopicChart,
    TopicNamed,
    TopicsAdopted,
    TopicView,
)

fitting = Later("farthing.voice.topics.fitting")
training = Later("farthing.credit.training.running")
app = typer.Typer(
    help="Topics of what people say: fit, adopt, assign, show, name, merge, alarms, end.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
PAGE = 500
Topic = Annotated[str, typer.Argument(help="A topic's id, topic-zh-001.", metavar="TOPIC")]
Days = Annotated[int, typer.Option(help="How many days back.", min=1, max=3_660)]


@app.callback()
def _topics() -> None:
    """Topics of what people say."""


@app.command("fit")
def fit(
    out: Annotated[Path, typer.Argument(help="The file to write the set to.")], days: Days = 730, as_json: Json = False
) -> None:
    """Find the topics of what was said, and write them as a set; nothing stands before it is adopted."""
    training.check_extra(("sklearn",))
    with bank() as kernel:
        today = kernel.read(lambda tx: tx.business_date)
        said = _said(kernel, today - timedelta(days=days), today + timedelta(days=1))
        before = _before(kernel)
    found = fitting.fit(said, before)
    text = frozen.text_of(found)
    out.write_text(text, "utf-8")
    told = {"file": str(out), "digest": frozen.digest(text), "texts": len(said), "topics": len(found.topics)}
    if as_json:
        typer.echo(written(told))
        return
    _set(found)
    typer.echo(f"{out}  {told['digest']}")


def _said(kernel: Kernel, since: date, until: date) -> list[Text]:
    """What was said from one day on and before another, a page a transaction."""
    found: list[Text] = []
    cursor = ""
    while True:
        page = kernel.ask(saying.texts, since, until, cursor, PAGE, actor=SYSTEM)
        found += page.texts
        cursor = page.next
        if not cursor:
            return found


def _before(kernel: Kernel) -> frozen.Topics | None:
    try:
        return frozen.read(kernel.ask(reading.model, actor=SYSTEM).body)
    except Refusal as refusal:
        if refusal.code != "topics.none":
            raise
        return None


@app.command("adopt")
def adopt(
    file: Annotated[Path, typer.Argument(help="A set, as fit wrote it.")],
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Let a set of topics stand from now on."""
    do(sorting.adopt, AdoptTopics(file.read_text("utf-8")), _adopted, as_json=as_json, officer=officer)


@app.command("assign")
def assign(days: Days = 730, officer: Officer = None, as_json: Json = False) -> None:
    """Sort what was said by the set in force; the close of each day does it for the last month."""
    texts = unsorted = 0
    cursor = ""
    with bank() as kernel, acting(kernel, officer) as actor:
        today = kernel.read(lambda tx: tx.business_date)
        while True:
            command = SortTexts(today - timedelta(days=days), today + timedelta(days=1), cursor)
            done: TextsSorted = kernel.run(sorting.sort, command, actor=actor)
            texts, unsorted, cursor = texts + done.texts, unsorted + done.unsorted, done.next
            if not cursor:
                break
    if as_json:
        typer.echo(written({"texts": texts, "unsorted": unsorted}))
        return
    typer.echo(say(f"{texts} texts sorted, {unsorted} of no topic", f"已归类 {texts} 条，未归入主题 {unsorted} 条"))


@app.command("show")
def show(
    topic: Annotated[str, typer.Argument(help="A topic's id; all where none is named.", metavar="TOPIC")] = "",
    as_json: Json = False,
) -> None:
    """Topics, or one with its weeks against its limits."""
    if topic:
        ask(lambda tx: reading.one(tx, topic), as_json, _one)
    else:
        ask(reading.topics, as_json, _views)


@app.command("name")
def name(
    topic: Topic, english: Annotated[str, typer.Argument(help="Its name in English.")],
    chinese: Annotated[str, typer.Argument(help="Its name in Chinese.")],
    cause: Annotated[str, typer.Option(help="Its root cause: " + ", ".join(CAUSES) + ".")] = "",
    exposed: Annotated[str, typer.Option(help="Who can speak of it: customers, savers or borrowers.")] = "customers",
    owner: Annotated[str, typer.Option(help="Login of whoever looks at its alarms.")] = "",
    officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Confirm a topic: its name, cause, whom it can touch, and who looks when it rises."""
    of: Any = exposed
    command = NameTopic(topic, english, chinese, cause, of, owner)
    do(sorting.name, command, _named, as_json=as_json, officer=officer)


@app.command("merge")
def merge(
    topic: Topic, into: Annotated[str, typer.Argument(help="The topic as which it is counted; itself: alone again.")],
    officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Count a topic as one with another, also of another language."""
    do(sorting.merge, MergeTopic(topic, into), _named, as_json=as_json, officer=officer)


@app.command("alarms")
def alarms(
    everything: Annotated[bool, typer.Option("--all", help="Also those that somebody ended.")] = False,
    as_json: Json = False,
) -> None:
    """Topics that rose and wait for somebody to look."""
    ask(lambda tx: reading.alarms(tx, everything), as_json, _alarms)


@app.command("change")
def change(
    topic: Topic, on: Annotated[str, typer.Argument(help="The day of the change, 2026-06-01.", metavar="DAY")],
    control: Annotated[str, typer.Option(help="A topic that the change does not touch.")] = "none", as_json: Json = False,
) -> None:  # fmt: skip
    """What the weeks after a change are against those before it, with its uncertainty."""
    ask(lambda tx: reading.change(tx, topic, date.fromisoformat(on), control), as_json, _changed)


@app.command("end")
def end(
    alarm: Annotated[str, typer.Argument(help="An alarm's id, alarm_...", metavar="ALARM")],
    found: Annotated[str, typer.Argument(help="What was found.")], officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Say what was found of an alarm, which ends it."""
    do(sorting.end_alarm, EndAlarm(alarm, found), _ended, as_json=as_json, officer=officer)


def _set(found: frozen.Topics) -> None:
    heads = (say("topic", "主题"), say("people", "人数"), say("found again", "复现度"), say("words", "用词"))
    lines = [
        (each.id, each.people, f"{each.stable / frozen.WHOLE:.2f}", " ".join(each.label)) for _, each in found.topics
    ]
    rows(say("Topics", "主题"), heads, lines, right=(1, 2))


def _adopted(found: TopicsAdopted) -> None:
    typer.echo(
        say(
            f"{found.model_id}: {found.topics} topics, {found.fresh} new",
            f"{found.model_id}：主题 {found.topics} 个，其中新增 {found.fresh} 个",
        )
    )


def _called(view: TopicView) -> str:
    return say(view.topic.name_en, view.topic.name_zh) or view.topic.label


def _views(found: list[TopicView]) -> None:
    heads = (say("topic", "主题"), say("people, a year", "一年人数"), say("last week", "上周"), say("per 10,000", "每万客户"),
             say("cause", "根因"), say("name", "名称"))  # fmt: skip
    lines = [
        (
            each.topic.id, each.people, each.last_week, "" if each.rate is None else f"{each.rate:.2f}", each.topic.cause,
            _called(each),
        )
        for each in found
    ]  # fmt: skip
    rows(say("Topics", "主题"), heads, lines, right=(1, 2, 3))


def _one(found: TopicChart) -> None:
    _views([found.view])
    if found.view.topic.cause:
        typer.echo(pick(CAUSES[found.view.topic.cause]))
    for each in found.view.quotes:
        typer.echo(f"> {each}")
    if found.chart is None:
        typer.echo(say("Too few weeks are known for a chart.", "历史周数不足，暂无控制图。"))
        return
    heads = (say("week", "周"), say("people", "人数"), say("expected", "预期"), say("alarm from", "预警线"), say("sum", "累积和"),
             say("alarm", "预警"))  # fmt: skip
    lines = [
        (
            each.on, each.point.people, f"{each.point.expected:.2f}", each.point.at_once, f"{each.point.cusum:.2f}",
            each.point.alarm,
        )
        for each in found.weeks
    ]  # fmt: skip
    rows(say("Weeks", "各周"), heads, lines, right=(1, 2, 3, 4))


def _named(found: TopicNamed) -> None:
    typer.echo(f"{found.topic_id}  {say(found.name_en, found.name_zh)}  {found.into_id}".rstrip())


def _alarms(found: list[Alarm]) -> None:
    heads = (
        say("alarm", "预警"),
        say("week", "周"),
        say("people", "人数"),
        say("expected", "预期"),
        say("owner", "负责人"),
    )
    lines = [
        (each.id, each.week_on, each.people, f"{each.expected_hundredths / 100:.2f}", each.owner) for each in found
    ]
    rows(say("Alarms", "预警"), heads, lines, right=(2, 3))


def _ended(found: AlarmEnded) -> None:
    typer.echo(f"{found.alarm_id}  {found.week_on}")


def _changed(found: Fall) -> None:
    typer.echo(
        say(f"{found.before} people before, {found.after} after", f"变更前 {found.before} 人，变更后 {found.after} 人")
    )
    if found.too_few or found.ratio is None:
        typer.echo(say("too few to tell", "人数过少，无法判断"))
        return
    low, high = (f"{each:.2f}" if each is not None else "-" for each in (found.low, found.high))
    typer.echo(
        say(
            f"{found.ratio:.2f} times the rate before, between {low} and {high} in 95 of 100 times",
            f"为变更前的 {found.ratio:.2f} 倍，95% 置信区间 {low} 至 {high}",
        )
    )
