"""Complaints, praise, ideas and questions: what waits, what stands elsewhere, and one case with all that is to be done of it."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.answers import Pending
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.voice.cases import handling_service as handling
from farthing.voice.cases import reading_service as reading
from farthing.voice.cases import recording_service as recording
from farthing.voice.cases import redress_service as redressing
from farthing.voice.cases.model import CaseFile
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, kernel_of, pages, run, to, view

router = pages("/ops/voice")
ACTS = {
    "assign": handling.assign, "classify": handling.classify, "name": handling.name_staff, "answer": handling.answer,
    "extend": handling.extend, "pause": handling.pause, "resume": handling.resume, "note": recording.note,
}  # fmt: skip


def shown(request: Request, refusal: Refusal | None = None) -> Response:
    """What waits, the most urgent first, what stands elsewhere, and the form to take something down."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {"waits": ask(reading.cases), "all": ask(reading.cases, True), "linked": ask(reading.linked)}

    return again(request, "operator/voice.html", who, refusal, **view(request, who, build))


@router.get("")
def voices(request: Request) -> Response:
    """Cases that wait, and all of them."""
    return shown(request)


@router.post("")
@comes_back(shown)
def record(request: Request, fields: Fields) -> Response:
    """Take down what somebody says."""
    command = command_of(recording.record, fields)
    done = run(request, recording.record, command, actor=current(request), key=str(fields.get("key")))
    return to(f"/ops/voice/{done.case_id}")


def one(request: Request, refusal: Refusal | None = None, case_id: str = "", drafted: bool = False) -> Response:
    """The page of a case; with what was refused of a form."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {"file": ask(reading.case, case_id), "axes": ask(reading.classes)}

    return again(request, "operator/case.html", who, refusal, drafted=drafted, **view(request, who, build))


@router.get("/{case_id}")
def case(request: Request, case_id: str, drafted: bool = False) -> Response:
    """A case with all that was said and done."""
    return one(request, None, case_id, drafted)


@router.post("/{case_id}")
@comes_back(one)
def act(request: Request, case_id: str, fields: Fields) -> Response:
    """Do the next thing of a case; what needs two is drafted."""
    who, what = current(request), str(fields.get("act"))
    if what == "redress":
        found: CaseFile = ask(request, who, reading.case, case_id)
        wanted = Money.parse(str(fields.get("amount", "0")), kernel_of(request).home)
        operation: Any = redressing.redress if wanted <= found.alone else redressing.redress_large
    else:
        operation = ACTS.get(what, handling.assign)
    command = command_of(operation, fields, case_id=case_id)
    done = run(request, operation, command, actor=who, key=str(fields.get("key")))
    place = f"/ops/voice/{case_id}"
    return to(place, drafted="1") if isinstance(done, Pending) else to(place)
