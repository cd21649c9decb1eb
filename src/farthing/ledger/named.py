"""Own how the evidence log names a journal entry: its id and the SHA-256 of its canonical JSON. Pure.

The digest is that of :func:`farthing.ledger.export.record`, written out by hand: it stands on the hot path, where
the general encoder costs ten times as much. A test holds the two together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from json.encoder import encode_basestring  # the C one, which json.dumps itself uses

from farthing.ledger.batch import id_bytes
from farthing.ledger.model import JournalEntry, Posted

_SAFE = 2**53 - 1


def names(entries: Iterable[JournalEntry], recorded_at: datetime) -> list[dict[str, str]]:
    """``{id, digest}`` of each entry, as the leaf of the operation that posted them says it."""
    stamp = shown(recorded_at)
    found = []
    for entry in entries:
        ident = shown_id(id_bytes(entry.reference))
        found.append({"digest": digest(entry, ident, stamp), "id": ident})
    return found


def names_of(answers: Sequence[object]) -> list[dict[str, str]]:
    """The same of what a batch answered: entries that were there before were named by whoever posted them."""
    return [
        name
        for answer in answers
        if isinstance(answer, Posted) and not answer.existed
        for name in names([answer.entry], answer.recorded_at)
    ]


def digest(entry: JournalEntry, ident: str, stamp: str) -> str:
    """Hex SHA-256 of the RFC 8785 form of an entry with this id and instant."""
    lines = [(line.account, line.amount.currency, line.amount.minor) for line in entry.postings]
    return digest_of(ident, entry.reference, entry.kind, entry.effective_on, entry.memo, stamp, lines)


def digest_of(
    ident: str, reference: str, kind: str, on: date, memo: str, stamp: str, lines: Iterable[tuple[str, str, int]]
) -> str:
    """The same from an entry's parts, whatever they are: a verification judges what is stored, valid or not."""
    postings = ",".join([_posting(*line) for line in lines])
    text = (
        f'{{"effective_on":"{on.isoformat()}","id":"{ident}","kind":{encode_basestring(kind)},'
        f'"memo":{encode_basestring(memo)},"postings":[{postings}],"recorded_at":"{stamp}",'
        f'"reference":{encode_basestring(reference)}}}'
    )
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
