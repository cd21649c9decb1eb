"""The pages on which a customer says something to the bank, and reads what became of it: a complaint, praise, an idea, a
question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.voice.cases import reading_service as reading
from farthing.voice.cases import service as voice
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, pages, run, sign_in_first, to, view
from farthing.web.speech import language

router = pages()
ACTS: Mapping[str, Callable[..., Any]] = {
    "add": voice.add, "withdraw": voice.withdraw, "appeal": voice.appeal, "reopen": voice.reopen, "agree": voice.agree,
    "rate": voice.rate,
}  # fmt: skip


def shown(request: Request, refusal: Refusal | None = None) -> Response:
    """What one said before, what stands elsewhere, and the form to say something."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        return {"own": ask(reading.own, party), "linked": ask(reading.linked_of, party)}

    return again(request, "customer/voice.html", who, refusal, **view(request, who, build))


@router.get("/voice")
def voices(request: Request) -> Response:
    """What one said to the bank."""
    return shown(request)


@router.post("/voice")
@comes_back(shown)
def speak(request: Request, fields: Fields) -> Response:
    """Say something: it has a number and a day at once."""
    who = current(request)
    spoken: Any = language()
    command = command_of(voice.speak, fields, party_id=str(who.party_id), language=spoken)
    done = run(request, voice.speak, command, actor=who, key=str(fields.get("key")))
    return to(f"/voice/{done.id}")


def one(request: Request, refusal: Refusal | None = None, case_id: str = "") -> Response:
    """A case with all that was said, and what one may do now."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    return again(request, "customer/case.html", who, refusal, case=ask(request, who, reading.one, case_id))


@router.get("/voice/{case_id}")
def case(request: Request, case_id: str) -> Response:
    """A case of one's own."""
    return one(request, None, case_id)


@router.post("/voice/{case_id}")
@comes_back(one)
def act(request: Request, case_id: str, fields: Fields) -> Response:
    """Say more, withdraw, ask once more, reopen, agree, rate."""
    who = current(request)
    operation = ACTS.get(str(fields.get("act")), voice.add)
    run(request, operation, command_of(operation, fields, case_id=case_id), actor=who, key=str(fields.get("key")))
    return to(f"/voice/{case_id}")
