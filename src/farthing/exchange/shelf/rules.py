"""Own what a shelf answers and takes. Pure: bands and counts only, and with one other lender only the band.

The same lender that asks twice about a person within an edition hears the same; files take effect with the next edition, so that
two questions around one change tell nothing. Never names a lender, never answers an amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from farthing.exchange.blinded.law import Law
from farthing.exchange.blinded.messages import Rows
from farthing.exchange.shelf.model import Asked, Entry, File
from farthing.kit.errors import conflict, declined, malformed
from farthing.kit.exposure import Exposure

LOAD_CHANGED = conflict(
    "exposure.load_changed",
    "Part {part} of the load {load} was taken with other rows before; a corrected file is a new load.",
    "加载 {load} 的第 {part} 部分此前已按不同内容接收；更正须作为新的加载。",
)
LOAD_IMPLAUSIBLE = declined(
    "exposure.load_implausible",
    "More than {most} of the load {load} is 90 days late or more; look at the file, nothing of it was taken.",
    "加载 {load} 中逾期 90 天以上的占比超过 {most}；请核查该文件，未予接收。",
)
ROWS_UNFIT = malformed(
    "exposure.rows_unfit",
    "The rows of the load {load} do not fit: whole batches of {size}, bands of the table, nothing late that is not owed, "
    "no tag twice, no day to come.",
    "加载 {load} 的行不符合要求：须为每批 {size} 行的整批、分档在表内、无余额者无逾期、标签不重复、日期不晚于今日。",
)
NONE, WITHHELD, DISPUTED = "none", "withheld", "disputed"
WINDOWS = (7, 30, 90)
"""Days back in which lenders that asked are counted."""
ANSWER_BYTES = 512
CONTEST_DAYS_MAX = 92


def how_many(count: int) -> str:
    """A count of lenders, in bands."""
    if count < 2:
        return str(count)
    return "2-3" if count < 4 else "4+"


def answered(
    law: Law, currency: str, found: Iterable[tuple[File, Entry]], asked: Sequence[Asked], *, edition: date, today: date,
    asker: str, contested: bool,
) -> Exposure:  # fmt: skip
    """What a lender is told of a person: the rows of others, and the others that asked.

    One other lender with a balance: its days past due would be that lender's own word, so they are withheld; likewise whether one
    single asker is a bank.
    """
    oldest = edition - timedelta(days=law.rows_days_max)
    rows = [entry for file, entry in found if file.as_of >= oldest and file.currency == currency]
    owed = [entry[1] for entry in rows if entry[1] > 0]
    dpd = NONE if not rows else law.dpd_labels[max(entry[2] for entry in rows)]
    others = [each for each in asked if each.lender != asker]
    within = {
        days: {each.lender for each in others if each.day > today - timedelta(days=days)} for days in WINDOWS
    }  # fmt: skip
    nonbank = {each.lender for each in others if not each.bank} & within[30]
    return Exposure(
        band=law.bands_of(currency).total(owed) if rows else NONE,
        lenders=how_many(len(owed)),
        dpd=DISPUTED if contested else WITHHELD if len(rows) == 1 or len(owed) == 1 else dpd,
        asked_7=how_many(len(within[7])),
        asked_30=how_many(len(within[30])),
        asked_90=how_many(len(within[90])),
        asked_nonbank_30=WITHHELD if len(within[30]) == 1 else how_many(len(nonbank)),
        as_of=edition,
    )


def check_rows(law: Law, rows: Rows, today: date) -> None:
    """Refuse a part that cannot be a lender's; ``exposure.rows_unfit``, ``exposure.no_currency``."""
    bands, worst = law.bands_of(rows.currency), len(law.dpd_labels)
    fits = (
        len(rows.rows) == law.batch
        and len({row.tag for row in rows.rows}) == len(rows.rows)
        and 1 <= rows.part <= rows.parts
        and rows.as_of <= today
        and all(0 <= row.limit < len(bands.counts) and 0 <= row.balance < len(bands.counts) for row in rows.rows)
        and all(0 <= row.dpd < worst and (row.dpd == 0 or row.balance > 0) for row in rows.rows)
    )
    if not fits:
        raise ROWS_UNFIT(load=rows.load[:40], size=law.batch)


def check_plausible(law: Law, load: str, rows: dict[str, Entry]) -> None:
    """Refuse a whole file of which too much is late: ``exposure.load_implausible``."""
    late = sum(dpd == len(law.dpd_labels) - 1 for _, _, dpd in rows.values())
    if len(rows) >= law.rows_gate and late > law.past_due_share_max * len(rows):
        raise LOAD_IMPLAUSIBLE(load=load[:40], most=f"{law.past_due_share_max:.0%}")
