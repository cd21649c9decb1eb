"""Own which rows of different bills are one move of a person's own money: out of one wallet or card and into another. Pure.

A single row often tells it (``movements``). Where it does not, two rows do: the same sum, or less a withdrawal's fee, out here
and in there within three days, of which one names the person or a card of theirs and the other names nobody else. Each row is one
half of one pair at most; a name that is somebody else's never makes one.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from farthing.credit.bills.model import Transaction
from farthing.credit.lexicon import is_kin, marks_of

LONGEST = timedelta(days=3, hours=1)
"""What is sent on a Friday night may arrive on Monday."""
CLOCKS_DIFFER = timedelta(minutes=10)
AT_ONCE = timedelta(minutes=2)
FEE_PARTS, LEAST_FEE = 1000, 10
"""A withdrawal costs up to a thousandth, and ten fen at least."""
_TAIL = re.compile(r"\((\d{4})\)|" + "尾号" + r"(\d{4})")
_INSTITUTION = re.compile(r"银行|信用社|支付宝|微信|零钱|余额|财付通|银联")
_MASKS = "*＊•●"


@dataclass(frozen=True, slots=True)
class _Half:
    """One row that may be a half: whether it names the person or a card of theirs."""

    item: Transaction
    digest: str
    evident: bool

    @property
    def minor(self) -> int:
        return self.item.amount.minor


def between_own(items: Sequence[Transaction], holder: str, disputed: Collection[str] = ()) -> frozenset[str]:
    """The digests of both rows of each move between own accounts."""
    tails = {item.card_tail for item in items if item.card_tail}
    leaving, arriving = [], []
    for item in items:
        if item.outcome != "settled" or not _handed(item) or not _nobody_else(item, holder):
            continue
        half = _Half(item, item.digest, _evident(item, holder, tails))
        if half.digest in disputed:
            continue
        if item.direction == "out" or (item.direction == "neutral" and _leaves(item)):
            leaving.append(half)
        elif item.direction == "in" or (item.direction == "neutral" and _enters(item)):
            arriving.append(half)
    taken: set[str] = set()
    for _, _, out, into in sorted(_pairs(leaving, arriving)):
        if out not in taken and into not in taken:
            taken |= {out, into}
    return frozenset(taken)


def _pairs(leaving: Sequence[_Half], arriving: Sequence[_Half]) -> Iterable[tuple[timedelta, int, str, str]]:
    """Every pair that may be one move, the likeliest least."""
    ordered = sorted(leaving, key=lambda half: half.minor)
    sums = [half.minor for half in ordered]
    for into in arriving:
        most = into.minor + max(LEAST_FEE, -(-into.minor // (FEE_PARTS - 1)))
        for out in ordered[bisect_left(sums, into.minor) : bisect_right(sums, most)]:
            if out.digest != into.digest and _one_move(out, into):
                yield abs(into.item.occurred_at - out.item.occurred_at), out.minor - into.minor, out.digest, into.digest


def _one_move(out: _Half, into: _Half) -> bool:
    later = into.item.occurred_at - out.item.occurred_at
    if not -CLOCKS_DIFFER <= later <= LONGEST:
        return False
    if out.item.direction == into.item.direction == "neutral":
        return False  # both are set aside by themselves
    if out.item.provider == into.item.provider:
        return out.evident and into.evident and abs(later) <= AT_ONCE
    return out.evident or into.evident


def _handed(item: Transaction) -> bool:
    """Whether a row hands money from somebody to somebody, and is no wage."""
    marks = marks_of(item.kind) | marks_of(item.description)
    return bool(marks & {"t", "o"}) and not marks & {"w", "l", "r", "d", "s"}


def _leaves(item: Transaction) -> bool:
    return "提现" in item.kind + item.description or "转出" in item.kind + item.description


def _enters(item: Transaction) -> bool:
    return "充值" in item.kind + item.description or "转入" in item.kind + item.description


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _evident(item: Transaction, holder: str, tails: Collection[str]) -> bool:
    """Whether a row names the person, masked or not, or a card that the person pays with."""
    if _names(item.counterparty, holder):
        return True
    about = _plain(f"{item.counterparty} {item.counterparty_account} {item.description} {item.note}")
    return any((one or other) in tails for one, other in _TAIL.findall(about))


def _names(shown: str, holder: str) -> bool:
    shown, holder = _plain(shown), _plain(holder)
    visible = [sign for sign in shown if sign not in _MASKS]
    if not visible:
        return False
    return re.fullmatch(re.sub(rf"(?:\\?[{_MASKS}])+", ".+", re.escape(shown)), holder) is not None


def _nobody_else(item: Transaction, holder: str) -> bool:
    """Whether a row names no other person: nobody, the person, or an institution."""
    who = _plain(item.counterparty)
    if not who or who == "/" or not who.strip(_MASKS):
        return True
    return (_INSTITUTION.search(who) is not None or _names(who, holder)) and not is_kin(who)
