"""Own how messages about persons become operations: introductions, consents, inquiries, notices, answers to disputes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from farthing.exchange.consents import service as consents
from farthing.exchange.consents.model import Kind, Purpose
from farthing.exchange.disputing import service as disputes
from farthing.exchange.inquiring import service as inquiries
from farthing.exchange.messages import Message
from farthing.exchange.model import Received
from farthing.exchange.node_service import Node, Run, subject_of
from farthing.exchange.notices import service as notices
from farthing.exchange.persons import service as persons
from farthing.kernel.operation import decode
from farthing.kit.inputs import Code, Count, Few, Flag, Id, Note, Raw, Word
from farthing.parties.rules import document_of, resident_id_of


@dataclass(frozen=True, slots=True)
class Document:
    """Whose records: a document and its number."""

    kind: Word
    number: Code

    def subject(self, node: Node) -> str:
        """Whose records it leads to; refuses a number that does not check, as furnishing does."""
        number = resident_id_of(self.number)[0] if self.kind == "resident_id" else document_of(self.number)
        return subject_of(node, self.kind, number)


@dataclass(frozen=True, slots=True)
class IntroduceBody:
    """What a member says of a person whom it verified."""

    document: Document
    level: persons.Level
    code_sha256: persons.Digest | None = None
    key: persons.PersonKey | None = None


@dataclass(frozen=True, slots=True)
class ConsentBody:
    """A consent, and whose it is."""

    document: Document
    consent: Raw


@dataclass(frozen=True, slots=True)
class StateBody:
    """Which consent of whom."""

    document: Document
    consent_id: Id


@dataclass(frozen=True, slots=True)
class FetchBody:
    """Nothing is said."""


@dataclass(frozen=True, slots=True)
class HeardBody:
    """Which notices were heard."""

    ids: Annotated[tuple[Id, ...], Few]


@dataclass(frozen=True, slots=True)
class InquiryBody:
    """What is asked of whom, under which consent."""

    document: Document
    consent_id: Id
    purpose: Purpose
    kinds: Annotated[tuple[Kind, ...], Few]
    months: Count
    hard: Flag = True
    product: Code = ""


@dataclass(frozen=True, slots=True)
class AnswerBody:
    """How a furnisher answers a dispute."""

    dispute_id: Id
    outcome: Literal["confirmed", "corrected", "deleted"]
    finding: Note = ""


def _run(body: type, operation: Callable[..., Any], make: Callable[[Node, Received, Any], Any]) -> Run:
    def run(node: Node, received: Received, message: Message) -> tuple[Callable[..., Any], Any]:
        return operation, make(node, received, decode(body, message.body))

    return run


KINDS: Mapping[str, Run] = {
    "introduce": _run(
        IntroduceBody, persons.introduce,
        lambda node, received, said: persons.Introduce(
            received, said.document.subject(node), said.level, said.code_sha256, said.key
        ),
    ),
    "consent": _run(
        ConsentBody, consents.take_consent,
        lambda node, received, said: consents.TakeConsent(received, said.document.subject(node), node.name, said.consent),
    ),
    "consent_state": _run(
        StateBody, consents.ask_consent_state,
        lambda node, received, said: consents.AskState(received, said.document.subject(node), said.consent_id),
    ),
    "inquiry": _run(
        InquiryBody, inquiries.inquire,
        lambda node, received, said: inquiries.Inquire(
            received, said.document.subject(node), node.name, said.consent_id, said.purpose, said.kinds, said.months, said.hard,
            said.product,
        ),
    ),
    "dispute_answer": _run(
        AnswerBody, disputes.answer_item,
        lambda _, received, said: disputes.AnswerItem(received, said.dispute_id, said.outcome, said.finding),
    ),
    "notices": _run(FetchBody, notices.fetch_notices, lambda _, received, __: notices.FetchNotices(received)),
    "notices_heard": _run(
        HeardBody, notices.heard_notices, lambda _, received, said: notices.HeardNotices(received, said.ids)
    ),
}  # fmt: skip
"""By the kind of the message."""
