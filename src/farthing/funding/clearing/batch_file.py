"""Own the published file of a batch: one JSON document of listings and mandates, sealed by its digest. Pure.

Format: ``docs/guides/clear.md``. Documents of the first edition, which said since when money waits, are read as ever.
The digest is SHA-256 over the document without it, as canonical JSON (RFC 8785).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from farthing.funding.clearing.model import MOST_NOTES, RULES, Batch, Listing, Mandate
from farthing.kit import strict_json, tables
from farthing.kit.canonical import digest
from farthing.kit.errors import Refusal, malformed
from farthing.kit.money import EXPONENTS, Money
from farthing.kit.tables import Fault, Table, shown

FORMAT, FIRST = "farthing-batch/2", "farthing-batch/1"
MOST_BYTES = 256 * 2**20
MOST_MANDATES = 10**9
_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)

BATCH_UNREADABLE = malformed(
    "funding.batch_unreadable", "{name} cannot be read: it {problem}.", "无法读取 {name}：{problem_zh}。"
)
BATCH_FIELD_BAD = malformed(
    "funding.batch_field_bad", "{field} {problem}.", "{field} 不正确：{problem_zh}。"
)  # fmt: skip
BATCH_CHANGED = malformed(
    "funding.batch_changed",
    "This batch is not the one that was sealed: its digest is {found}, and {said} was expected.",
    "该批次与封存时不同：摘要为 {found}，应为 {said}。",
)


@dataclass(frozen=True, slots=True)
class Published:
    """A batch as it was published: with the money of one note, and its digest."""

    batch: Batch
    note: Money
    digest: str

    def money(self, notes: int) -> Money:
        """What so many notes are."""
        return Money(notes * self.note.minor, self.note.currency)


def digest_of(document: Mapping[str, Any]) -> str:
    """The digest of a document, which does not count the one that stands in it."""
    rest = {name: value for name, value in document.items() if name != "digest"}
    return digest(rest).hex()


def read(text: bytes, name: str, expected: str | None = None) -> Published:
    """The batch of a file. ``expected``: the digest that was published, where somebody knows it.

    Refuses ``funding.batch_unreadable``, ``funding.batch_field_bad``, ``funding.batch_contradicts``, and
    ``funding.batch_changed`` where a sealed file was changed by a byte.
    """
    try:
        document = strict_json.parse(text)
    except strict_json.Unreadable as error:
        raise BATCH_UNREADABLE(name=name, problem=error.en, problem_zh=error.zh) from None
    table = tables.opened("batch", document, _says)
    first = table.choice("format", (FORMAT, FIRST)) == FIRST
    found = digest_of(document)
    for said in (table.maybe("digest", table.text), expected):
        if said is not None and said != found:
            raise BATCH_CHANGED(found=found, said=said)
    currency = table.choice("currency", EXPONENTS)
    note = table.positive("note", currency)
    rule = table.choice("rule", RULES, "pro_rata")
    batch = Batch(
        table.text("id"), rule,  # type: ignore[arg-type]
        tuple(_listing(_inside("listing", item), note) for item in _items(table, "listings")),
        tuple(_mandate(_inside("mandate", item), note, first=first) for item in _items(table, "mandates")),
    )  # fmt: skip
    table.close()
    return Published(batch, note, found)


def _listing(table: Table, note: Money) -> Listing:
    listing = Listing(
        id=table.text("id"), borrower=table.text("borrower"), grade=table.text("grade"),
        annual=table.decimal("annual", "0", "1"), months=table.whole("months", 1, 600), purpose=table.text("purpose"),
        region=table.text("region") if table.has("region") else "",
        notes=_notes(table, "amount", note) - _notes(table, "kept", note, "0"),
        per_lender=_notes(table, "per_lender", note), expected=table.decimal("expected", "-1", "1", "0"),
        closes_at=_instant(table, "closes_at"),
    )  # fmt: skip
    table.close()
    return listing


def _mandate(table: Table, note: Money, *, first: bool) -> Mandate:
    mandate = Mandate(
        id=table.text("id"), notes=_notes(table, "amount", note, whole=False),
        turn=_microseconds(_instant(table, "waits_since")) if first else table.whole("turn", 1, MOST_MANDATES),
        annual=table.decimal("annual", "0", "1", "0"), months=_months(table),
        grades=_names(table, "grades"), purposes=_names(table, "purposes"), regions=_names(table, "regions"),
        per_loan=_most(table, "per_loan", note), per_borrower=_most(table, "per_borrower", note),
        by_grade=_by_name(table, "by_grade", note, up=False), holds=_by_name(table, "holds", note, up=True),
    )  # fmt: skip
    table.close()
    return mandate


def _notes(table: Table, key: str, note: Money, default: Any = tables.REQUIRED, whole: bool = True) -> int:
    """An amount in notes; of money that waits, what is less than a note waits on."""
    amount = table.money(key, note.currency, default)
    notes, rest = divmod(amount.minor, note.minor)
    if amount.currency != note.currency or amount.minor < 0 or notes > MOST_NOTES:
        raise table.unfit(key, str(amount), f"an amount in {note.currency}", f" {note.currency} 金额")
    if rest and whole:
        raise table.wrong(key, f"is no whole number of notes of {note}", f"不是每份 {note} 的整数倍")
    return notes


def _most(table: Table, key: str, note: Money) -> int:
    """A limit in notes; one beyond the most that there is limits nothing."""
    if not table.has(key):
        return MOST_NOTES
    amount = table.money(key, note.currency)
    return _notes(table, key, note, whole=False) if amount < note * MOST_NOTES else MOST_NOTES


def _by_name(table: Table, key: str, note: Money, up: bool) -> dict[str, int]:
    """Amounts by name in notes: a limit is rounded down; what is held counts up."""
    if not table.has(key):
        return {}
    inner = table.table(key)
    if not up:
        return {name: _notes(inner, name, note, whole=False) for name in inner.values}
    return {name: -(-inner.money(name, note.currency).minor // note.minor) for name in inner.values}


def _months(table: Table) -> tuple[int, int]:
    if not table.has("months"):
        return 1, 600
    inner = table.table("months")
    found = inner.whole("min", 1, 600, 1), inner.whole("max", 1, 600, 600)
    inner.close()
    return found


def _names(table: Table, key: str) -> frozenset[str]:
    return frozenset(table.texts(key)) if table.has(key) else frozenset()


def _instant(table: Table, key: str) -> datetime:
    value = table.text(key)
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise table.unfit(
            key, shown(value), "an instant with its offset, such as 2026-12-01T10:00:00+08:00",
            "带时区的时刻，如 2026-12-01T10:00:00+08:00",
        )  # fmt: skip
    return found


def _microseconds(at: datetime) -> int:
    """An instant as a whole number that is the greater, the later it is."""
    return (at - _BEGAN) // timedelta(microseconds=1)


def _items(table: Table, key: str) -> list[Any]:
    value = table.take(key)
    if not isinstance(value, list):
        raise table.unfit(key, shown(value), "a list", "列表")
    return value


def _inside(kind: str, item: object) -> Table:
    """A listing or a mandate, which its own id names where something is wrong in it."""
    found = isinstance(item, Mapping) and isinstance(item.get("id"), str)
    name = f"{kind} {item['id'][:60]}" if found and isinstance(item, Mapping) else kind
    return tables.opened(name, item, _says)


def _says(fault: Fault) -> Refusal:
    if fault.money is not None:
        return fault.money
    name = f"{fault.where}.{fault.key}" if fault.key else fault.where
    return BATCH_FIELD_BAD(field=name, problem=fault.problem, problem_zh=fault.problem_zh)
