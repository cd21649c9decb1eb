"""Run one look of a monitor: fetch what everybody shows, keep it, and say what is wrong. Its folder is all that it changes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from farthing.evidence.merkle import ProofStatus
from farthing.evidence.monitor import rules
from farthing.evidence.monitor.client import LogDoor, PeerFault, shown_by
from farthing.evidence.monitor.keeping import Folder
from farthing.evidence.monitor.rules import Alarm, Seen, Shown, Trusted, Wanted
from farthing.evidence.note import TreeHead, VerifierKey
from farthing.kit.faults import words
from farthing.kit.words import Words

CHECKPOINT = "log/checkpoint.txt"
MOST = 1 << 16


@dataclass(frozen=True, slots=True)
class Look:
    """What one look came to."""

    size: int
    checkpoints: int
    alarms: tuple[Alarm, ...]


def brought(content: bytes) -> str:
    """The checkpoint that a file holds: its text, or that of an evidence package."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as package, package.open(CHECKPOINT) as member:
                content = member.read(MOST)
        except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
            content = b""
    return content[:MOST].decode("utf-8", "replace")


def look(
    folder: Folder, log: LogDoor, now: datetime, wanted: Wanted, *, keys: str = "", witnesses: Iterable[str] = (),
    files: Mapping[str, bytes] | None = None,
) -> Look:  # fmt: skip
    """Look once. ``keys``: verifier keys from elsewhere, which are kept; without any, the log's own are believed at the first
    look and kept. Raises ``ValueError`` where the keys are none.
    """
    alarms: list[Alarm] = []
    believed = _believed(folder, log, keys, alarms)
    if believed is None:
        return Look(0, len(folder.seen), tuple(alarms))
    newest = _fetched(folder, believed, log.url, log.newest, now, alarms)
    for url in witnesses:
        _fetched(folder, believed, url, partial(shown_by, url), now, alarms)
    for name, content in (files or {}).items():
        _taken(folder, believed, Seen(name, brought(content), now), alarms)
    shown, grown_at = _shown(believed, folder.seen)
    alarms += rules.twins(shown) + rules.outlived(believed, folder.seen)
    head = None if newest is None else newest[1]
    if newest is not None and head is not None:
        alarms += rules.vouched(believed, newest[0], wanted) + rules.set_back(shown, head)
        alarms += _off_line(folder, log, shown, head)
    if grown_at is not None:
        alarms += rules.stale(grown_at, now, wanted)
    return Look(head.size if head else 0, len(folder.seen), tuple(alarms))


def _believed(folder: Folder, log: LogDoor, keys: str, alarms: list[Alarm]) -> Trusted | None:
    """The keys from elsewhere, with those kept before; else the log's own at the first look; and those they handed over to."""
    kept = folder.keys()
    try:
        own, handovers = log.key()
    except PeerFault as fault:
        own, handovers = "", ()
        alarms.append(_silent(log.url, fault))
    lines = dict.fromkeys([*keys.split("\n"), *kept.split("\n")])
    found = [VerifierKey.parse(line) for line in lines if line.strip() and not line.startswith("#")]
    if not found and own:
        found = [VerifierKey.parse(own)]
    if not found:
        return None
    believed = rules.trusted(found)
    folder.keep_keys("".join(f"{key}\n" for key in found))
    believed = rules.handed_over(believed, handovers)
    if own and own not in {str(key) for key in believed.log}:
        problem = Words("the log tells a key that nobody handed over to", "日志所示密钥未经交接")
        alarms.append(Alarm("monitor.other_key", own, problem))
    return believed


Taken = tuple[Seen, TreeHead]


def _fetched(
    folder: Folder, believed: Trusted, source: str, fetch: Callable[[], str], now: datetime, alarms: list[Alarm]
) -> Taken | None:
    try:
        return _taken(folder, believed, Seen(source, fetch(), now), alarms)
    except PeerFault as fault:
        alarms.append(_silent(source, fault))
        return None


def _taken(folder: Folder, believed: Trusted, seen: Seen, alarms: list[Alarm]) -> Taken | None:
    """Keep a checkpoint that the log's key signed; of another it is said once what it is."""
    head, alarm = rules.signed(believed, seen)
    if head is None:
        alarms += [alarm] if alarm else []
        return None
    return folder.see(seen.source, seen.text, seen.at), head


def _silent(source: str, fault: PeerFault) -> Alarm:
    return Alarm("monitor.unreachable", source, words(str(fault)))


def _shown(believed: Trusted, seen: Sequence[Seen]) -> tuple[list[Shown], datetime | None]:
    """Every tree that the log signed with who showed it, and when the largest was seen first."""
    sources: dict[TreeHead, list[str]] = {}
    first: dict[TreeHead, datetime] = {}
    for each in seen:
        head, _ = rules.signed(believed, each)
        if head is not None:
            sources.setdefault(head, []).append(each.source)
            first[head] = min(each.at, first.get(head, each.at))
    shown = [Shown(head, tuple(dict.fromkeys(by))) for head, by in sources.items()]
    largest = max(first, key=lambda head: head.size, default=None)
    return shown, None if largest is None else first[largest]


def _off_line(folder: Folder, log: LogDoor, shown: Sequence[Shown], newest: TreeHead) -> list[Alarm]:
    """Trees out of which the newest did not grow. What was proved is kept while there are none: the next look proves the largest
    of it alone, and all of it again where the log does not lead on from there. A log that gives no answer proves nothing, and is
    no fork."""
    alarms, proved = [], []
    try:
        last = folder.last_settled()
        onward = last is not None and last.size <= newest.size and _leads_on(last, newest, log)
        for each in shown:
            if each.head.size > newest.size or (onward and folder.settled(each.head)):
                continue
            status = rules.on_line(each.head, newest, log.proof)
            if status is not ProofStatus.VERIFIED:
                alarms.append(rules.stray(each, newest, status))
            elif each.head.size:
                proved.append(each.head)
    except PeerFault as fault:
        return [_silent(log.url, fault)]
    for head in () if alarms else proved:
        folder.settle(head)
    twice = {each.subject for each in rules.twins(shown) if each.subject == str(newest.size)}
    return [each for each in alarms if each.subject not in twice]


def _leads_on(last: TreeHead, newest: TreeHead, log: LogDoor) -> bool:
    return rules.on_line(last, newest, log.proof) is ProofStatus.VERIFIED
