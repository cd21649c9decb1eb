"""Own the way to a tagger and a shelf over HTTP: what they refuse is refused here by the same code. Never asks twice."""

from __future__ import annotations

from typing import Any

from farthing.exchange.blinded.messages import TAGGERS, KeyStatement, Party, heard
from farthing.kit.canonical import canonical
from farthing.kit.client import JSON, PeerFault, Refused, post
from farthing.kit.errors import CODES, Refusal, declined
from farthing.kit.faults import words
from farthing.kit.strict_json import parse

PEER_AWAY = declined(
    "exposure.peer_away",
    "{place} gave no answer that can be used ({problem}); nothing is known of the exposure, ask again later.",
    "{place} 未给出可用应答（{problem}）；共债情况未知，请稍后再试。",
)
WITHIN = 10.0
LARGEST_ANSWER = 1 << 20


class HttpTagger:
    """A tagger at an address; ``party`` is the one whose keys are believed."""

    def __init__(self, url: str, party: Party) -> None:
        self._url, self._party = url, party

    def evaluate(self, wire: Any) -> Any:
        """A ticket with a lender's ask."""
        return _asked(self._url, "/evaluate", wire)

    def tag(self, wire: Any) -> Any:
        """A batch of points."""
        return _asked(self._url, "/tag", wire)

    def end(self, wire: Any) -> Any:
        """A consent was withdrawn."""
        return _asked(self._url, "/end", wire)

    def statements(self) -> list[tuple[KeyStatement, Any]]:
        """Its public keys, each with the statement that it signed; refuses ``exposure.not_signed``."""
        told = _asked(self._url, "/keys", {})
        believed = {self._party.name: self._party}
        return [(heard(each, KeyStatement, believed, TAGGERS)[1], each) for each in told["keys"]]


class HttpShelf:
    """A shelf at an address."""

    def __init__(self, url: str) -> None:
        self._url = url

    def key(self, wire: Any) -> Any:
        """A public key that the tagger signed."""
        return _asked(self._url, "/keys", wire)

    def enter(self, wire: Any) -> Any:
        """A part of a lender's file."""
        return _asked(self._url, "/rows", wire)

    def ask(self, wire: Any) -> Any:
        """A permit with a lender's question."""
        return _asked(self._url, "/ask", wire)

    def seen(self, wire: Any) -> Any:
        """What was answered about a person."""
        return _asked(self._url, "/seen", wire)

    def contest(self, wire: Any) -> Any:
        """A person disputes."""
        return _asked(self._url, "/contest", wire)

    def end(self, wire: Any) -> Any:
        """A consent was withdrawn."""
        return _asked(self._url, "/end", wire)


def _asked(url: str, verb: str, wire: Any) -> Any:
    try:
        return parse(
            post(url.rstrip("/") + verb, canonical(wire), within=WITHIN, at_most=LARGEST_ANSWER, expects=JSON).body
        )
    except Refused as refused:
        raise _refusal(refused.answer.body) or PEER_AWAY(place=url, problem=words(str(refused))) from None
    except PeerFault as fault:
        raise PEER_AWAY(place=url, problem=words(str(fault))) from None
    except ValueError:
        raise PEER_AWAY(place=url, problem=words("its answer cannot be read")) from None


def _refusal(body: bytes) -> Refusal | None:
    """A refusal of theirs by our own code, where it is one."""
    try:
        said = parse(body)
        code, facts = str(said["code"]), dict(said["facts"])
    except (ValueError, KeyError, TypeError):
        return None
    return CODES[code](**facts) if code.startswith("exposure.") and code in CODES else None
