"""Say of two subjects that they are one person, or are not, and under which other name a person is known: by two persons who
saw evidence, and never by itself. A mixed file is the worst error that a bureau makes."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.exchange import identity_store as store
from farthing.exchange.furnish import store as furnished
from farthing.exchange.furnish.service import link_id
from farthing.exchange.report.service import SUBJECT_UNKNOWN
from farthing.exchange.report.store import revision
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.errors import conflict
from farthing.kit.inputs import Id, Memo, PersonName
from farthing.kit.words import Words

SAME = conflict(
    "exchange.subjects_same",
    "{subject} and {other} stand so already.",
    "{subject} 与 {other} 已是该关系。",
)


@dataclass(frozen=True, slots=True)
class Merge:
    """The records of ``other`` are those of ``subject`` too: a changed number, a second document."""

    subject: Id
    other: Id
    evidence: Memo
    reason: Memo


@dataclass(frozen=True, slots=True)
class Split:
    """The records of ``other`` are another person's after all."""

    subject: Id
    other: Id
    evidence: Memo
    reason: Memo


@dataclass(frozen=True, slots=True)
class LinkName:
    """A person is known under another name too: she married, or it was spelt otherwise."""

    subject: Id
    name: PersonName
    evidence: Memo


@dataclass(frozen=True, slots=True)
class Linked:
    """What was decided, and at which revision of the subject."""

    subject: str
    revision: int


@operation(
    "exchange.merge", title=Words("Two subjects are one person", "合并信息主体"), permission="exchange:members", whose=STAFF,
    four_eyes=True,
)  # fmt: skip
def merge(tx: Tx, command: Merge) -> Linked:
    """Show the records of one subject with another's. Refuses ``exchange.subject_unknown``, ``exchange.subjects_same``."""
    return _decided(tx, command, "merge")


@operation(
    "exchange.split", title=Words("Two subjects are two persons", "拆分信息主体"), permission="exchange:members", whose=STAFF,
    four_eyes=True,
)  # fmt: skip
def split(tx: Tx, command: Split) -> Linked:
    """Show them apart again. Refuses ``exchange.subject_unknown``, ``exchange.subjects_same``."""
    return _decided(tx, command, "split")


@operation(
    "exchange.link_name", title=Words("A subject is known under another name", "登记信息主体曾用名"),
    permission="exchange:members", whose=STAFF, four_eyes=True,
)  # fmt: skip
def link_name(tx: Tx, command: LinkName) -> Linked:
    """Let rows under another name be taken too. Refuses ``exchange.subject_unknown``."""
    _known(tx, command.subject)
    revisions = furnished.touch(tx, [command.subject])
    links = [(command.subject, link_id("name", command.name), "name", command.name)]
    furnished.link(tx, tx.actor.id, command.evidence, 100, links, revisions)
    return Linked(command.subject, revisions[command.subject])


def _decided(tx: Tx, command: Merge | Split, kind: str) -> Linked:
    for each in (command.subject, command.other):
        _known(tx, each)
    stands = store.stands(tx, command.subject, command.other)
    if command.subject == command.other or stands == (kind == "merge"):
        raise SAME(subject=command.subject, other=command.other)
    made = furnished.touch(tx, [command.subject])[command.subject]
    store.insert_event(
        tx, command.subject, tx.new_id("link"), kind, command.other, command.evidence, command.reason, tx.actor.id, made
    )
    return Linked(command.subject, made)


def _known(tx: Tx, subject: str) -> None:
    if revision(tx, subject) is None:
        raise SUBJECT_UNKNOWN()
