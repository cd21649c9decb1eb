"""Own what a monitor finds: which checkpoints of one log cannot be of one history, and what else is wrong. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from farthing.evidence import handover, merkle, note
from farthing.evidence.merkle import ProofStatus
from farthing.evidence.model import LogKey
from farthing.evidence.note import COSIGNATURE, NOTE_SIGNATURE, NoteStatus, TreeHead, VerifierKey
from farthing.kit.errors import Refusal
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Seen:
    """A checkpoint that somebody showed: where it came from, the note, when it was seen first."""

    source: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is wrong: a stable name, with what, and how."""

    what: str
    subject: str
    problem: Words


@dataclass(frozen=True, slots=True)
class Trusted:
    """Whose signatures are believed: the log's keys, and its witnesses'; ``until``: of how many leaves a key signed last that
    handed over."""

    log: tuple[VerifierKey, ...]
    witnesses: tuple[VerifierKey, ...]
    until: Mapping[VerifierKey, int] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """The log's name."""
        return self.log[0].name


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the newest checkpoint: how many witnesses' lines, and how old it may be."""

    witnesses: int
    fresh_for: timedelta | None


FORK = "monitor.fork"
Prove = Callable[[int, int], Sequence[bytes]]
"""The log's own proof from one size to another; empty where it gives none."""


def trusted(keys: Iterable[VerifierKey]) -> Trusted:
    """The log's keys and the witnesses' among verifier keys; a ``ValueError`` where they name no log, or two."""
    found = tuple(keys)
    log = tuple(key for key in found if key.algorithm == NOTE_SIGNATURE)
    if len({key.name for key in log}) != 1:
        raise ValueError("the keys name no log, or more than one")
    return Trusted(log, tuple(key for key in found if key.algorithm == COSIGNATURE))


def handed_over(believed: Trusted, handovers: Sequence[str]) -> Trusted:
    """With the keys to which those that are believed handed over; a note that they did not sign changes nothing."""
    keys, until = list(believed.log), dict(believed.until)
    for text in handovers:
        for key in tuple(keys):
            try:
                made = handover.read(text, LogKey(str(key), key.name))
            except Refusal:
                continue
            until[key] = min(made.head.size, until.get(key, made.head.size))
            if made.key not in keys:
                keys.append(made.key)
    return Trusted(tuple(keys), believed.witnesses, until)


def signed(believed: Trusted, seen: Seen) -> tuple[TreeHead | None, Alarm | None]:
    """The tree of a checkpoint that the log's key signed; none and why where it is not one."""
    try:
        head = note.parse_checkpoint(seen.text)
        mine = head.origin == believed.origin
        good = mine and any(note.verify(seen.text, key) is NoteStatus.VERIFIED for key in believed.log)
    except Refusal as refusal:
        return None, Alarm("monitor.unreadable", seen.source, Words(refusal.detail, refusal.detail_zh))
    if not mine:
        return None, Alarm("monitor.other_log", seen.source, Words(f"it is of {head.origin}", f"属于 {head.origin}"))
    if not good:
        problem = Words(
            f"a checkpoint of {head.size} leaves that no key of the log signed",
            f"大小为 {head.size} 的检查点未由日志密钥签名",
        )
        return None, Alarm("monitor.forged", seen.source, problem)
    return head, None


def outlived(believed: Trusted, seen: Iterable[Seen]) -> list[Alarm]:
    """Checkpoints of more leaves than there were when the key that signed them handed over."""
    found = []
    for each in seen if believed.until else ():
        head, _ = signed(believed, each)
        by = [key for key in believed.log if head and note.verify(each.text, key) is NoteStatus.VERIFIED]
        if head and all(head.size > believed.until.get(key, head.size) for key in by):
            problem = Words(
                f"{head.size} leaves signed by the key {by[0].ident.hex()}, which handed over at {believed.until[by[0]]}",
                f"大小为 {head.size} 的检查点由密钥 {by[0].ident.hex()} 签名，而该密钥已在大小为 {believed.until[by[0]]} 时移交",
            )
            found.append(Alarm("monitor.retired_key", each.source, problem))
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """A tree that the log's key signed, and who showed it."""

    head: TreeHead
    sources: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.head.size} {self.head.root.hex()[:16]} ({', '.join(self.sources)})"


def twins(shown: Sequence[Shown]) -> list[Alarm]:
    """Two roots of one size: both signed notes together are the proof against whoever holds the key."""
    found = []
    ordered = sorted(shown, key=lambda each: (each.head.size, each.head.root))
    for one, other in itertools.pairwise(ordered):
        if one.head.size == other.head.size:
            problem = Words(
                f"two roots of {one.head.size} leaves were signed: {one} and {other}",
                f"大小为 {one.head.size} 的两个不同的根均被签名：{one} 与 {other}",
            )
            found.append(Alarm(FORK, f"{one.head.size}", problem))
    return found


def on_line(head: TreeHead, newest: TreeHead, prove: Prove) -> ProofStatus:
    """Whether a tree is a beginning of the newest one, by the log's own proof. All that are lie on one line."""
    if not head.size:
        return ProofStatus.VERIFIED
    proof = () if head.size == newest.size else prove(head.size, newest.size)
    return merkle.verify_consistency(head.size, newest.size, head.root, newest.root, proof)


def stray(each: Shown, newest: TreeHead, status: ProofStatus) -> Alarm:
    """A tree out of which the log's newest did not grow."""
    problem = Words(
        f"the log of {newest.size} leaves did not grow out of {each}: {status.value}",
        f"大小为 {newest.size} 的日志并非由 {each} 增长而来",
    )
    return Alarm(FORK, f"{each.head.size}", problem)


def set_back(shown: Sequence[Shown], newest: TreeHead) -> list[Alarm]:
    """Whether somebody was shown more than the log holds now."""
    larger = max(shown, key=lambda each: each.head.size, default=None)
    if larger is None or larger.head.size <= newest.size:
        return []
    problem = Words(
        f"the log shows {newest.size} leaves, and signed {larger}: it was set back",
        f"日志现有 {newest.size} 条，却曾签署 {larger}：日志被回退",
    )
    return [Alarm("monitor.set_back", f"{larger.head.size}", problem)]


def vouched(believed: Trusted, seen: Seen, wanted: Wanted) -> list[Alarm]:
    """Whether enough witnesses cosigned a checkpoint."""
    good = {key.name for key in believed.witnesses if note.verify(seen.text, key) is NoteStatus.VERIFIED}
    if len(good) >= wanted.witnesses:
        return []
    problem = Words(
        f"{len(good)} of {wanted.witnesses} witnesses cosigned the newest checkpoint",
        f"最新检查点已有 {len(good)} 个见证方会签，要求 {wanted.witnesses} 个",
    )
    return [Alarm("monitor.cosignature", seen.source, problem)]


def stale(grown_at: datetime, now: datetime, wanted: Wanted) -> list[Alarm]:
    """Whether nothing new was seen for too long."""
    if wanted.fresh_for is None or now - grown_at <= wanted.fresh_for:
        return []
    since = grown_at.isoformat(timespec="seconds")
    return [
        Alarm("monitor.stale", since, Words(f"no larger checkpoint since {since}", f"自 {since} 起没有更大的检查点"))
    ]
