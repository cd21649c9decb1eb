"""Topics of what people say: how many speak of each, which rise, what a person called them; alarms that wait for somebody."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.voice.topics import reading_service as reading
from farthing.voice.topics import service as sorting
from farthing.voice.topics.causes import CAUSES, EXPOSED
from farthing.voice.topics.model import TopicChart
from farthing.web.charts.control import control
from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, current, pages, run, to, view
from farthing.web.speech import gettext as _
from farthing.web.speech import language, said

router = pages("/ops/topics")


def drawn(found: TopicChart) -> Chart | None:
    """A topic's weeks against its limits."""
    if not found.weeks:
        return None
    labels = [f"{each.on:%m-%d}" for each in found.weeks]
    points = [each.point for each in found.weeks]
    alarms = [index for index, each in enumerate(points) if each.alarm]
    title = (
        _("More people than usual in %(weeks)s of %(all)s weeks")
        if alarms
        else _("No more people than usual this quarter")
    )

    def series(name: str, values: list[Decimal]) -> Series:
        return Series(name, [Point(label, value, f"{value:f}") for label, value in zip(labels, values, strict=True)])

    return control(
        title % {"weeks": len(alarms), "all": len(points)} if alarms else title,
        _("People a week, what was to be expected, and from how many on it alarms."),
        series(_("People"), [Decimal(each.people) for each in points]),
        series(_("Expected"), [Decimal(round(each.expected * 10)) / 10 for each in points]),
        series(_("Alarm from"), [Decimal(each.at_once) for each in points]),
        _("Week of"), language(), alarms=alarms,
    )  # fmt: skip


def shown(request: Request, refusal: Refusal | None = None) -> Response:
    """Topics, those first of which most people speak, and the alarms that wait."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(reading.topics)
        return {"topics": found, "alarms": ask(reading.alarms), "views": {each.topic.id: each for each in found}}

    return again(request, "operator/topics.html", who, refusal, **view(request, who, build))


@router.get("")
def topics(request: Request) -> Response:
    """All topics."""
    return shown(request)


@router.post("")
@comes_back(shown)
def end(request: Request, fields: Fields) -> Response:
    """Say what was found of an alarm."""
    command = command_of(sorting.end_alarm, fields)
    run(request, sorting.end_alarm, command, actor=current(request), key=str(fields.get("key")))
    return to("/ops/topics")


def one(request: Request, refusal: Refusal | None = None, topic_id: str = "") -> Response:
    """The page of a topic; with what was refused of its form."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(reading.one, topic_id)
        causes = [["", _("not asked yet")], *([code, said(words)] for code, words in CAUSES.items())]
        return {
            "found": found, "drawn": drawn(found), "causes": causes, "cause": _called(CAUSES, found.view.topic.cause),
            "exposed": [[code, said(words)] for code, words in EXPOSED.items()],
            "of": _called(EXPOSED, found.view.topic.exposed), "texts": ask(reading.texts, topic_id),
        }  # fmt: skip

    return again(request, "operator/topic.html", who, refusal, **view(request, who, build))


def _called(names: Mapping[str, Any], code: str) -> str:
    return said(names[code]) if code in names else ""


@router.get("/{topic_id}")
def topic(request: Request, topic_id: str) -> Response:
    """A topic with its weeks, quotes and texts."""
    return one(request, None, topic_id)


@router.post("/{topic_id}")
@comes_back(one)
def name(request: Request, topic_id: str, fields: Fields) -> Response:
    """Confirm a topic's name and cause, or count it as one with another."""
    operation: Any = sorting.merge if fields.get("into_id") else sorting.name
    command = command_of(operation, fields, topic_id=topic_id)
    done = run(request, operation, command, actor=current(request), key=str(fields.get("key")))
    return to(f"/ops/topics/{done.into_id or topic_id}")
