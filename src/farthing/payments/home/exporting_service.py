"""Answer her money as files to take along: a sheet and a journal of everything, and camt.053 of the wallet here. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from farthing.db.tx import Tx
from farthing.kernel.day import zone_of
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.errors import malformed
from farthing.kit.inputs import Id, Word
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.payments.home import exporting
from farthing.payments.home.categories import lexicon
from farthing.payments.home.reading_service import HERE, everything, moved_here, picture
from farthing.payments.iso20022 import writer
from farthing.payments.iso20022.model import Line, Statement
from farthing.payments.model import Movement

Form = Literal["csv", "hledger", "camt"]
FORMS: tuple[Form, ...] = ("csv", "hledger", "camt")
ENDS = {"csv": "csv", "hledger": "journal", "camt": "xml"}
UNKNOWN_FORM = malformed(
    "home.unknown_form", "There is no form {form}; known are {known}.", "没有格式 {form}；可用：{known}。"
)


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to take along: its name, and its text."""

    name: str
    form: Form
    content: str


@question("home.export", permission="home:read", whose=of("party_id"))
def export(tx: Tx, party_id: Id, form: Word = "csv") -> ExportFile:
    """Everything as a file: ``csv`` and ``hledger`` of the wallet here and of all that was brought, each movement once;
    ``camt`` of the wallet here alone, a statement for each day. Refuses ``home.unknown_form``."""
    found = next((each for each in FORMS if each == form), None)
    if found is None:
        raise UNKNOWN_FORM(form=repr(form[:20]), known=", ".join(FORMS))
    name = f"money-{tx.business_date}.{ENDS[found]}"
    here = moved_here(tx, party_id)
    if found == "camt":
        return ExportFile(name, found, _camt(tx, party_id, here).decode())
    known = everything(tx, party_id, here)
    seen = picture(known)
    if found == "csv":
        return ExportFile(name, found, exporting.sheet(seen, known.accounts, lexicon()))
    opening = here[0].balance - here[0].amount if here else None
    closing = payments.wallet(tx, party_id).balance if HERE in known.accounts else None
    return ExportFile(name, found, "".join(exporting.journal(seen, known.accounts, opening, closing)))


def _camt(tx: Tx, party_id: str, here: Sequence[Movement]) -> bytes:
    """The wallet here, a statement for each day on which it moved; each begins with what the one before ended with."""
    zone, owner = zone_of(tx), parties.party(tx, party_id).name

    def day_of(movement: Movement) -> date:
        return movement.recorded_at.astimezone(zone).date()

    statements = []
    for number, (day, listed) in enumerate(groupby(here, day_of), 1):
        moved = list(listed)
        opening, closing = moved[0].balance - moved[0].amount, moved[-1].balance
        statements.append(
            Statement(
                f"{party_id[-26:]}.{number}", number, party_id[-26:], owner, tx.now, day, opening, closing,
                tuple(_line(each, day) for each in moved),
            )
        )  # fmt: skip
    return writer.write(f"money.{party_id[-20:]}", tx.now, statements)


def _line(movement: Movement, day: date) -> Line:
    told = " ".join(each for each in (movement.other, movement.memo) if each)
    return Line(movement.entry_reference[-35:], movement.amount, day, day, movement.kind, told=told[:500])
