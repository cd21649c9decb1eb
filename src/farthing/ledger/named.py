"""Own how the evidence log names a journal entry: its id and the SHA-256 of its canonical JSON. Pure.

The digest is that of :func:`farthing.ledger.export.record`, written out by hand: it stands on the hot path, where
the general encoder costs ten times as much. A test holds the two together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from json.encoder import encode_basestring  # the C one, which json.dumps itself uses

from farthing.ledger.batch import id_bytes
from farthing.ledger.model import JournalEntry, Posted

_SAFE = 2**53 - 1


def names(entries: Iterable[JournalEntry], keys: Iterable[bytes], recorded_at: datetime) -> list[str]:
    """``{id, digest}`` of each entry in canonical JSON, as the leaf of the operation that posted them says it.

    ``keys``: the bytes of the entries' ids, which whoever posted them has made already. Entries of a batch share day,
    kind and memo mostly: what those come to is written once.
    """
    stamp = shown(recorded_at)
    found = []
    shared: dict[tuple[date, str, str], tuple[str, str]] = {}
    for entry, key in zip(entries, keys, strict=True):
        about = (entry.effective_on, entry.kind, entry.memo)
        parts = shared.get(about)
        if parts is None:
            parts = shared[about] = _parts(*about)
        raw = key.hex()
        ident = f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"
        lines = ",".join(
            [_posting(line.account, line.amount.currency, line.amount.minor) for line in entry.postings]
        )  # fmt: skip
        text = (
            f'{parts[0]}{ident}{parts[1]}{lines}],"recorded_at":"{stamp}",'
            f'"reference":{encode_basestring(entry.reference)}}}'
        )
        found.append(f'{{"digest":"{hashlib.sha256(text.encode()).hexdigest()}","id":"{ident}"}}')
    return found


def _parts(on: date, kind: str, memo: str) -> tuple[str, str]:
    """What stands before an entry's id, and between it and its postings."""
    return (
        f'{{"effective_on":"{on.isoformat()}","id":"',
        f'","kind":{encode_basestring(kind)},"memo":{encode_basestring(memo)},"postings":[',
    )


def names_of(answers: Sequence[object]) -> list[str]:
    """The same of what a batch answered: entries that were there before were named by whoever posted them."""
    return [
        name
        for answer in answers
        if isinstance(answer, Posted) and not answer.existed
        for name in names([answer.entry], [id_bytes(answer.reference)], answer.recorded_at)
    ]


def lines(entries: Iterable[JournalEntry]) -> list[tuple[str, date, str, int]]:
    """What entries move, a line for each posting: its account, day, currency and minor units."""
    return [
        (line.account, entry.effective_on, line.amount.currency, line.amount.minor)
        for entry in entries
        for line in entry.postings
    ]


def lines_of(answers: Sequence[object]) -> list[tuple[str, date, str, int]]:
    """The same of what a batch answered; entries that were there before move nothing."""
    return lines(answer.entry for answer in answers if isinstance(answer, Posted) and not answer.existed)


def digests(posted: Iterable[Posted]) -> list[dict[str, str]]:
    """The same as values, of entries of any time: what a leaf says under ``journal_entries``."""
    return [
        json.loads(name) for one in posted for name in names([one.entry], [id_bytes(one.reference)], one.recorded_at)
    ]


def digest_of(
    ident: str, reference: str, kind: str, on: date, memo: str, stamp: str, lines: Iterable[tuple[str, str, int]]
) -> str:
    """The digest from an entry's parts, whatever they are: a verification judges what is stored, valid or not."""
    first, second = _parts(on, kind, memo)
    postings = ",".join([_posting(*line) for line in lines])
    text = f'{first}{ident}{second}{postings}],"recorded_at":"{stamp}","reference":{encode_basestring(reference)}}}'
    return hashlib.sha256(text.encode()).hexdigest()


def _posting(account: str, currency: str, minor: int) -> str:
    number = minor if -_SAFE <= minor <= _SAFE else f'"{minor}"'
    return f'{{"account":"{account}","amount":{{"currency":"{currency}","minor":{number}}}}}'


def shown(instant: datetime) -> str:
    """An instant as canonical JSON writes it."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def shown_id(raw: bytes) -> str:
    """The text of an id from its 16 bytes."""
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
