"""Answer what people said as analysts read it: no name, number, phone, address or amount, and nothing that ties it to anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Cursor, Day, LongPageSize
from farthing.parties import service as parties
from farthing.voice.cases import store
from farthing.voice.cases import taking_service as taking
from farthing.voice.cases.model import Case, CaseSaid
from farthing.voice.cases.scrubber import scrubbed
from farthing.voice.model import Text

READS = "voice:texts"


@dataclass(frozen=True, slots=True)
class CaseTexts:
    """Texts in the order in which they came, and from where to go on; ``next`` is empty at the end."""

    texts: tuple[Text, ...]
    next: str


@question("voice.texts", permission=READS, whose=STAFF)
def texts(tx: Tx, since: Day, until: Day, cursor: Cursor = "", limit: LongPageSize = 100) -> CaseTexts:
    """What was said from one day on and before another, masked. Of who was erased or is restricted nothing."""
    known = store.by_text(tx, [cursor]) if cursor else []
    after = (known[0].received_on, known[0].id) if known else (since, "")
    found = store.between(tx, since, until, after, limit)
    last = found[-1] if len(found) == limit else None
    return CaseTexts(tuple(_texts(tx, found)), last.text_id if last else "")


def _texts(tx: Tx, cases: list[Case]) -> Iterator[Text]:
    known = parties.parties(tx, sorted({each.party_id for each in cases if each.known}))
    shown = [each for each in cases if not (each.party_id in known and parties.is_restricted(known[each.party_id]))]
    said = store.said(tx, shown, ("received", "added", "appealed", "reopened"))
    staff = [name for name, _ in taking.staff_names(tx)]
    for case in shown:
        lines = [each for each in said.get(case.id, ()) if each.words]
        if not lines:
            continue
        person = known.get(case.party_id)
        names = (*staff, person.name if person else "", *_names(lines))
        words = "\n".join(scrubbed(f"{each.words}\n{each.remedy}".strip(), names) for each in lines)
        yield Text(case.text_id, case.token, case.received_on, case.kind, case.classes[1], case.language, words)


def _names(lines: list[CaseSaid]) -> list[str]:
    return [name for each in lines for name in (each.name, *each.speakers)]
