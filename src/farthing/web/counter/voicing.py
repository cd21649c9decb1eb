"""What a customer who stands there says to the bank, taken down in her own words: a complaint, praise, an idea, a question."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.voice.cases import reading_service as reading
from farthing.voice.cases import service as voice
from farthing.web.counter.customer import of_customer
from farthing.web.counter.desk import at_desk
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, current, pages, run, to
from farthing.web.speech import language

router = pages("/counter/customers")


def shown(request: Request, refusal: Refusal | None, party_id: str) -> HTMLResponse:
    """What she said before, and the form; nothing of it unless she is there."""

    def build(ask: Ask) -> dict[str, Any]:
        found = of_customer(ask, party_id)
        return {**found, "said_before": ask(reading.own, found["party"].id) if found["there"] else []}

    return at_desk(request, "counter/voice.html", current(request), refusal, build)


@router.get("/{party_id}/voice")
def voices(request: Request, party_id: str) -> Response:
    """What a customer who is there said to the bank."""
    return shown(request, None, party_id)


@router.post("/{party_id}/voice")
@comes_back(shown)
def speak(request: Request, party_id: str, fields: Fields) -> Response:
    """Take down what she says: her number and her day are told at once."""
    spoken: Any = language()
    command = command_of(voice.speak, fields, party_id=party_id, language=spoken)
    run(request, voice.speak, command, actor=current(request), key=str(fields.get("key")))
    return to(f"/counter/customers/{party_id}/voice")
