"""Own the rule which accounts, kinds and references are closed to hands. Pure; declared in ``data/ownership.toml``.

A person's entry may touch what nobody owns, and of owned accounts only what a declared shape allows (the bank's own
cash). The ledger knows no product: it reads the file. Decision 0011.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from farthing.kit.errors import InvariantBroken, declined
from farthing.kit.shipped import DATA
from farthing.kit.tables import Fault, Table, parse
from farthing.ledger.model import JournalEntry

ID_LETTERS = 26
"""Letters of an id after its prefix (:mod:`farthing.kit.ids`)."""

OWNED_ACCOUNT = declined(
    "ledger.owned_account",
    "Account {account} belongs to {owner}, which alone posts to it; no entry by hand may.",
    "账户 {account} 归 {owner} 所有，只能由其自身操作记账，不得手工记账。",
)
OWNED_NAME = declined(
    "ledger.owned_name",
    "The {field} {name} belongs to {owner}; choose another for an entry by hand.",
    "{name} 是 {owner} 专用的 {field}，手工分录请另取。",
)
OWNED_ENTRY = declined(
    "ledger.owned_entry",
    "Entry {reference} belongs to {owner} and is not reversed by hand: {undo}.",
    "分录 {reference} 归 {owner} 所有，不得手工冲正：{undo_zh}。",
)
DATE_BOUNDS = declined(
    "ledger.date_bounds",
    "An entry by hand is effective between {earliest} and {latest}; {on} is not.",
    "手工分录的生效日须在 {earliest} 至 {latest} 之间；{on} 不在其内。",
)
NOT_CORE = declined(
    "ledger.not_core",
    "Account {account} is not one of the outside core's, which lie below assets:core, liabilities:core and so on.",
    "账户 {account} 不属于外部核心系统；其账户位于 assets:core、liabilities:core 等之下。",
)


@dataclass(frozen=True, slots=True)
class Owner:
    """A package that owns accounts, and how it takes back what it did, in two languages."""

    name: str
    paths: tuple[str, ...]
    kinds: tuple[str, ...]
    references: tuple[str, ...]
    undo: str
    undo_zh: str


@dataclass(frozen=True, slots=True)
class People:
    """Accounts of which each is one person's: below which path, and how people name one, in two languages."""

    path: tuple[str, ...]
    id: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Ownership:
    """The file, decoded."""

    owners: tuple[Owner, ...]
    shapes: tuple[tuple[str, ...], ...]
    back_days: int
    ahead_days: int
    core: str
    people: tuple[People, ...]


@cache
def ownership() -> Ownership:
    """What the shipped file declares."""
    file = parse("ownership.toml", (DATA / "ownership.toml").read_text(encoding="utf-8"), _broken)
    dates, core = file.table("dates"), file.table("core")
    found = Ownership(
        file.many("owner", lambda one: _owner(one.table("owner"))),
        file.many("by_hand", lambda one: _shape(one.table("by_hand"))),
        dates.whole("back_days"), dates.whole("ahead_days"), core.text("part"),
        file.many("people", lambda one: _people(one.table("people"))),
    )  # fmt: skip
    for table in (dates, core, file):
        table.close()
    return found


def _owner(table: Table) -> Owner:
    undo = table.words("undo")
    owner = Owner(
        table.text("name"), table.texts("paths"), table.texts("kinds"), table.texts("references"), undo.en, undo.zh
    )
    table.close()
    return owner


def _shape(table: Table) -> tuple[str, ...]:
    table.text("name")
    paths = table.texts("paths")
    table.close()
    return paths


def _people(table: Table) -> People:
    people = People(tuple(table.text("path").split(":")), table.text("id"), table.text("en"), table.text("zh"))
    table.close()
    return people


def _broken(fault: Fault) -> InvariantBroken:
    return InvariantBroken(f"{fault.file}: {fault.name} {fault.problem}")


def below(path: str, roots: Iterable[str]) -> bool:
    """Whether a path is one of these or lies below one."""
    return any(path == root or path.startswith(root + ":") for root in roots)


def named(path: str) -> dict[str, str]:
    """An account as people name it, for a refusal: whose it is where the file says so, else its path."""
    words = tuple(path.split(":"))
    for people in ownership().people:
        depth = len(people.path)
        if words[:depth] == people.path and len(words) > depth and len(words[depth]) == ID_LETTERS:
            whose = people.id.format(words[depth])
            return {"account": path, "holder": people.en.format(whose), "holder_zh": people.zh.format(whose)}
    return {"account": path, "holder": f"Account {path}", "holder_zh": f"账户 {path}"}


def owner_of(path: str) -> Owner | None:
    """Whose account this is, if it is a package's; an outside core's are its own."""
    for owner in ownership().owners:
        if below(path, owner.paths):
            return owner
    if is_core(path):
        return CORE
    return None


CORE = Owner("core", (), (), (), "the outside core posts the opposite", "由外部核心系统反向记账")


def is_core(path: str) -> bool:
    """Whether an account belongs to the outside core."""
    return path.split(":")[1:2] == [ownership().core]


def check_hand(entry: JournalEntry) -> None:
    """Refuse an entry by hand that touches or takes the name of what a package owns."""
    for owner in ownership().owners:
        if any(entry.kind == kind or (kind[-1:] == "*" and entry.kind.startswith(kind[:-1])) for kind in owner.kinds):
            raise OWNED_NAME(field="kind", name=entry.kind, owner=owner.name)
        if entry.reference.startswith(owner.references):
            raise OWNED_NAME(field="reference", name=entry.reference, owner=owner.name)
    found = _owned(entry)
    if found is not None:
        raise OWNED_ACCOUNT(account=found[0], owner=found[1].name)


def check_reversal(entry: JournalEntry) -> None:
    """Refuse to reverse an entry that a package owns, and say how the package itself takes it back."""
    for owner in ownership().owners:
        if entry.reference.startswith(owner.references):
            raise OWNED_ENTRY(reference=entry.reference, owner=owner.name, undo=owner.undo, undo_zh=owner.undo_zh)
    found = _owned(entry)
    if found is not None:
        owner = found[1]
        raise OWNED_ENTRY(reference=entry.reference, owner=owner.name, undo=owner.undo, undo_zh=owner.undo_zh)


def _owned(entry: JournalEntry) -> tuple[str, Owner] | None:
    """The first owned account of an entry that no shape allows, with its owner."""
    paths = [line.account for line in entry.postings]
    if any(all(below(path, shape) for path in paths) for shape in ownership().shapes):
        return None
    return next(((path, owner) for path in paths if (owner := owner_of(path)) is not None), None)


def check_dates(on: date, business_date: date) -> None:
    """Refuse an effective date that a hand may not choose: a closed month is closed, a far day has not come."""
    known = ownership()
    earliest = business_date - timedelta(days=known.back_days)
    latest = business_date + timedelta(days=known.ahead_days)
    if not earliest <= on <= latest:
        raise DATE_BOUNDS(earliest=earliest, latest=latest, on=on)


def check_core(entry: JournalEntry) -> None:
    """Refuse what an outside core posts to accounts that are not its own, or under a package's reference."""
    for line in entry.postings:
        if not is_core(line.account):
            raise NOT_CORE(account=line.account)
    for owner in ownership().owners:
        if entry.reference.startswith(owner.references):
            raise OWNED_NAME(field="reference", name=entry.reference, owner=owner.name)
