"""Own the ledger's nouns: account, journal entry, posting, hold, and what the ledger answers.

Pure values, checked when they are made: a ``JournalEntry`` that exists is balanced. Debit is positive.
Never a float, never an unbalanced entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated
from uuid import UUID

from farthing.kit.errors import InvariantBroken, malformed
from farthing.kit.ids import derived, derived_int63
from farthing.kit.inputs import Day, Flag, Id, Many, Memo, Minor, Word
from farthing.kit.money import MAX_MINOR, Money

SIGNS = {"assets": 1, "expenses": 1, "liabilities": -1, "equity": -1, "income": -1}
"""The five roots and their normal side: +1 where a debit increases what people call the balance."""

_PATH = re.compile(r"(assets|expenses|liabilities|equity|income)(:[A-Za-z0-9][A-Za-z0-9_.@-]*)+")
_LONGEST = 200
_REVERSAL = "reversal:"

BAD_PATH = malformed(
    "ledger.bad_path",
    "{path} is not an account path; write a root (assets, liabilities, equity, income, expenses) and names of "
    "letters, digits and . _ - @ between colons, at most 200 characters.",
    "{path} 不是科目路径；请以 assets、liabilities、equity、income、expenses 之一开头，各级名称用冒号分隔。",
)
BAD_LIMITS = malformed(
    "ledger.bad_limits",
    "Account {path} must start inside its limits: floor {floor} must not be above zero nor ceiling {ceiling} below.",
    "账户 {path} 的下限 {floor} 不得大于零，上限 {ceiling} 不得小于零。",
)
BAD_REFERENCE = malformed(
    "ledger.bad_reference",
    "A {field} is 1 to 200 printable characters; {text} is not.",
    "{field} 须为 1 至 200 个可见字符；{text} 不符合。",
)
UNBALANCED = malformed(
    "ledger.unbalanced",
    "The postings of {reference} sum to {difference} and must sum to zero in each currency.",
    "分录 {reference} 的借贷差额为 {difference}，每种货币的合计必须为零。",
)
TOO_FEW_POSTINGS = malformed(
    "ledger.too_few_postings",
    "{reference} has {count} postings; an entry has at least two and at most {most}.",
    "分录 {reference} 有 {count} 行；至少两行，至多 {most} 行。",
)
ZERO_POSTING = malformed(
    "ledger.zero_posting",
    "{reference} posts zero to {account}; leave the posting out.",
    "分录 {reference} 对 {account} 的金额为零；请删除该行。",
)
BAD_AT_MOST = malformed(
    "ledger.bad_at_most",
    "{reference} asks for as much as is there; only an entry of exactly two postings to two accounts may, no hold.",
    "{reference} 要求按可用额入账；只有两个账户、两行的分录可以这样做，冻结不可以。",
)
RESERVED_REFERENCE = malformed(
    "ledger.reserved_reference",
    "{reference} begins with reversal:, which is kept for reversals; reverse the entry instead.",
    "{reference} 以 reversal: 开头，该前缀保留给冲正；请使用冲正操作。",
)

MOST_POSTINGS = 1000
REMEMBERED = 1 << 17
"""Paths whose id and sign are kept at hand: the busy ones. A night that touches every account passes through."""


@lru_cache(maxsize=REMEMBERED)
def account_id(path: str) -> int:
    """The 63-bit id that ``path`` always gives (decision 0003)."""
    return derived_int63(path)


@lru_cache(maxsize=REMEMBERED)
def sign_of(path: str) -> int:
    """+1 if a debit increases the account (assets, expenses), else -1; refuses ``ledger.bad_path``."""
    if len(path) > _LONGEST or _PATH.fullmatch(path) is None:
        raise BAD_PATH(path=path)
    return SIGNS[path[: path.index(":")]]


@lru_cache(maxsize=REMEMBERED)
def id_and_sign(path: str) -> tuple[int, int]:
    """Both at once, for the hot path."""
    return derived_int63(path), sign_of(path)


def entry_id(reference: str) -> UUID:
    """The id that ``reference`` always gives, so that one business fact is posted once."""
    return derived(reference)


def reversal_reference(reference: str) -> str:
    """The one reference under which an entry may be reversed: it can therefore be reversed once only."""
    return _REVERSAL + reference


def _check_text(text: str, field: str) -> None:
    if not 1 <= len(text) <= _LONGEST or not text.isprintable():
        raise BAD_REFERENCE(field=field, text=repr(text[:60]))


@dataclass(frozen=True, slots=True)
class AccountSpec:
    """An account to open. ``floor`` and ``ceiling`` (minor units) bound what it holds on its own side.

    ``floor=0`` on a wallet: the customer may not spend what is not there. ``None``: no limit but 2**62.
    """

    path: Id
    currency: Word
    floor: Minor | None = None
    ceiling: Minor | None = None

    def __post_init__(self) -> None:
        sign_of(self.path)
        Money.zero(self.currency)
        floor, ceiling = self.limits()
        if not -MAX_MINOR <= floor <= 0 <= ceiling <= MAX_MINOR:
            raise BAD_LIMITS(path=self.path, floor=self.floor, ceiling=self.ceiling)

    def limits(self) -> tuple[int, int]:
        """Floor and ceiling with the ledger's own range where none is given."""
        floor = -MAX_MINOR if self.floor is None else self.floor
        return floor, MAX_MINOR if self.ceiling is None else self.ceiling


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of an entry: a debit (positive) or credit (negative) to an account."""

    account: Id
    amount: Money


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A balanced change of money; ``reference`` is its natural key, such as ``loan:L42:disbursement``.

    ``linked`` chains it with the next command of its batch: all of a chain or none of it.
    ``at_most``: the two postings' amount is a limit; as much is moved as floors and ceilings allow, up to it.
    Refuses ``ledger.unbalanced``, ``.too_few_postings``, ``.zero_posting``, ``.bad_path``, ``.bad_reference``.
    """

    reference: Id
    kind: Id
    effective_on: Day
    postings: Annotated[tuple[Posting, ...], Many]
    memo: Memo = ""
    linked: Flag = False
    at_most: Flag = False

    def __post_init__(self) -> None:
        postings = self.postings
        _check_text(self.reverses or self.reference, "reference")
        if self.reference.startswith(_REVERSAL) and self.kind != "reversal":
            raise RESERVED_REFERENCE(reference=self.reference)
        _check_text(self.kind, "kind")
        if self.memo:
            _check_text(self.memo, "memo")
        if not 2 <= len(postings) <= MOST_POSTINGS:
            raise TOO_FEW_POSTINGS(reference=self.reference, count=len(postings), most=MOST_POSTINGS)
        if len(postings) == 2:
            one, two = postings
            balanced = one.amount.minor == -two.amount.minor and one.amount.currency == two.amount.currency
            sign_of(one.account), sign_of(two.account)
            if not (balanced and one.amount.minor):
                self._check_postings()
        else:
            self._check_postings()
        if self.at_most and (len(postings) != 2 or postings[0].account == postings[1].account):
            raise BAD_AT_MOST(reference=self.reference)

    def _check_postings(self) -> None:
        sums: dict[str, int] = {}
        for posting in self.postings:
            sign_of(posting.account)
            amount = posting.amount
            if amount.minor == 0:
                raise ZERO_POSTING(reference=self.reference, account=posting.account)
            sums[amount.currency] = sums.get(amount.currency, 0) + amount.minor
        if any(sums.values()):
            shown = ", ".join(f"{minor} minor units of {currency}" for currency, minor in sums.items() if minor)
            raise UNBALANCED(reference=self.reference, difference=shown)

    @property
    def id(self) -> UUID:
        """Derived from the reference."""
        return entry_id(self.reference)

    @property
    def reverses(self) -> str | None:
        """The reference of the entry that this one reverses, if it is a reversal."""
        return self.reference.removeprefix(_REVERSAL) if self.reference.startswith(_REVERSAL) else None


def by_hand(entry: JournalEntry) -> JournalEntry:
    """An entry as a person or another system may post it: a reversal is the ledger's own to make.

    Otherwise anything at all could be posted in the name of a reversal, and the true one would be refused for ever.
    Refuses ``ledger.reserved_reference``.
    """
    if entry.reverses is not None:
        raise RESERVED_REFERENCE(reference=entry.reference)
    return entry


@dataclass(frozen=True, slots=True)
class HandEntry(JournalEntry):
    """An entry by hand, as a person asks for it. Refuses ``ledger.reserved_reference``."""

    def __post_init__(self) -> None:
        JournalEntry.__post_init__(self)
        by_hand(self)


@dataclass(frozen=True, slots=True)
class Hold(JournalEntry):
    """A pending entry: it reserves its amounts until it is settled, released, or expires by the bank's clock.

    One reference means one thing: what settles or releases a hold has a reference of its own, and no hold has a
    reversal's. Refuses ``ledger.reserved_reference``.
    """

    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        JournalEntry.__post_init__(self)
        by_hand(self)
        if self.at_most:
            raise BAD_AT_MOST(reference=self.reference)


@dataclass(frozen=True, slots=True)
class Settle:
    """Post a hold, in full or (``postings``) in part; what is not posted is released. Once only."""

    reference: str
    hold: str
    effective_on: date
    postings: tuple[Posting, ...] = ()
    memo: str = ""
    linked: bool = False

    def __post_init__(self) -> None:
        _check_text(self.reference, "reference")
        _check_text(self.hold, "hold")
        if self.reference.startswith(_REVERSAL):
            raise RESERVED_REFERENCE(reference=self.reference)
        if self.postings:
            self.entry("settlement", self.postings)

    def entry(self, kind: str, postings: tuple[Posting, ...]) -> JournalEntry:
        """The entry that settling posts."""
        return JournalEntry(self.reference, kind, self.effective_on, postings, self.memo)


@dataclass(frozen=True, slots=True)
class Release:
    """Give back what a hold reserved. Once only; ``reference`` is remembered, so that saying it twice is harmless."""

    reference: str
    hold: str
    linked: bool = False

    def __post_init__(self) -> None:
        _check_text(self.reference, "reference")
        _check_text(self.hold, "hold")
        if self.reference.startswith(_REVERSAL):
            raise RESERVED_REFERENCE(reference=self.reference)


Command = JournalEntry | Hold | Settle | Release


@dataclass(frozen=True, slots=True)
class Posted:
    """The ledger's yes: the entry as posted. ``existed``: it was there before, with the same content."""

    entry: JournalEntry
    recorded_at: datetime
    existed: bool = False

    @property
    def reference(self) -> str:
        """The entry's reference."""
        return self.entry.reference

    @property
    def id(self) -> UUID:
        """The entry's id."""
        return self.entry.id


@dataclass(frozen=True, slots=True)
class Held:
    """The ledger's yes to a hold (``state`` pending) or its release (``released``)."""

    hold: Hold
    state: str
    recorded_at: datetime
    existed: bool = False

    @property
    def reference(self) -> str:
        """The hold's reference."""
        return self.hold.reference


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds. ``balance`` is debit positive; ``owed()`` is the figure people mean."""

    path: str
    currency: str
    balance: Money
    held_out: Money
    held_in: Money
    floor: int | None
    ceiling: int | None
    version: int
    closed_at: datetime | None

    def owed(self) -> Money:
        """The balance on the account's own side: the one place where the sign is flipped for people."""
        return self.balance if sign_of(self.path) > 0 else -self.balance

    def available(self) -> Money:
        """What may still leave: own side less holds less floor (no floor: counted from zero)."""
        return self.owed() - self.held_out - Money(self.floor or 0, self.currency)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posting as a statement shows it: debit-positive amount, the balance after it, and its entry."""

    version: int
    entry: JournalEntry
    recorded_at: datetime
    amount: Money
    balance: Money

    def owed_amount(self, path: str) -> Money:
        """The amount on the account's own side."""
        return self.amount if sign_of(path) > 0 else -self.amount

    def owed_balance(self, path: str) -> Money:
        """The balance on the account's own side."""
        return self.balance if sign_of(path) > 0 else -self.balance


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of an account's postings, newest first; ``next_cursor`` continues with older ones."""

    path: str
    lines: tuple[StatementLine, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A page of entries, newest first."""

    entries: tuple[Posted, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account with its debit-positive balance; in each currency they sum to zero."""

    lines: tuple[tuple[str, Money], ...]

    def __post_init__(self) -> None:
        if any(self.sums().values()):
            raise InvariantBroken(f"the trial balance does not balance: {self.sums()}")

    def sums(self) -> dict[str, int]:
        """Minor units by currency: all zero."""
        sums: dict[str, int] = {}
        for _, amount in self.lines:
            sums[amount.currency] = sums.get(amount.currency, 0) + amount.minor
        return sums

    def differences(self) -> tuple[Money, ...]:
        """The sum of each currency, as money: all zero."""
        return tuple(Money(minor, currency) for currency, minor in self.sums().items())

    def debits(self, currency: str) -> int:
        """The sum of the debit column of one currency, in minor units."""
        return sum(amount.minor for _, amount in self.lines if amount.currency == currency and amount.minor > 0)
