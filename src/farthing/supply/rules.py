"""Decide what becomes of a receivable and its pieces. Pure; whatever is done, what counts sums to what was confirmed.

A piece that is split or passed on is over, and others came of it, so that whoever held a part, and of what, is read off the
pieces themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from farthing.kit.money import Money, positive, total
from farthing.products.receivable_rules import ReceivableRules
from farthing.supply import refusals
from farthing.supply.model import STATES, Event, Invoice, Piece, Receivable, State

Changed = tuple[Receivable, tuple[Event, ...]]
PIECES = {
    "held": ("free", "可用"), "passing": ("being passed on", "转让中"), "pledged": ("pledged", "已质押"),
    "split": ("split", "已拆分"), "passed": ("passed on", "已转让"),
}  # fmt: skip


def check_confirmed(invoice: Invoice, amount: Money, due_on: date, on: date, law: ReceivableRules) -> None:
    """Refuse what may not be confirmed of an invoice: ``money.*``, ``supply.beyond_invoice``, ``supply.due_outside``,
    ``supply.piece_too_small``."""
    positive(amount)
    if amount > invoice.free:
        raise refusals.BEYOND_INVOICE(amount=str(amount), free=str(invoice.free))
    last = on + timedelta(days=law.days_max)
    if not on < due_on <= last:
        raise refusals.DUE_OUTSIDE(last=last, due_on=due_on, **_article(law))
    _check_least(law, amount)


def confirm(proposed: Receivable, on: date) -> Changed:
    """All signed: the receivable is live, in one piece that its supplier holds. Refuses ``supply.other_state``."""
    _require(proposed, "proposed")
    first = Piece(1, 0, proposed.supplier, proposed.amount, proposed.amount * 0, "held", on)
    return _next(proposed, state="live", pieces=(first,)), (
        Event("confirmed", 1, first.holder, first.amount, proposed.agreement_id),
    )


def void(proposed: Receivable) -> Changed:
    """Nobody signed in time, or somebody stepped back: nothing is owed by it. Refuses ``supply.other_state``."""
    _require(proposed, "proposed")
    return _next(proposed, state="void"), (Event("voided", 0, proposed.debtor, proposed.amount, proposed.agreement_id),)


def offer(
    found: Receivable, number: int, amount: Money, giver: str, taker: str, about: str, on: date, law: ReceivableRules,
    *, taker_name: str = "",
) -> tuple[Receivable, tuple[Event, ...], int]:  # fmt: skip
    """Offer a piece, or a part that is split off it, to the next supplier; answers the number of what is offered.

    Refuses ``supply.*``: another state, no such piece, not the holder's, not free, matured, to the debtor, back to who held it,
    more than there is, too small.
    """
    piece = _free(found, number, giver, on)
    positive(amount)
    if taker == found.debtor:
        raise refusals.TO_DEBTOR()
    if taker == giver or (not law.back and taker in holders_of(found, number)):
        raise refusals.WENT_BACK(taker=taker_name or taker, **_article(law))
    if amount > piece.amount:
        raise refusals.MORE_THAN_PIECE(piece=number, there=str(piece.amount), amount=str(amount))
    events: tuple[Event, ...] = ()
    if amount < piece.amount:
        found, events, number = split(found, number, amount, on, law)
    offered = replace(_piece(found, number), state="passing", about=about, since_on=on)
    return _with(found, [offered]), (*events, Event("offered", number, taker, amount, about)), number


def split(
    found: Receivable, number: int, amount: Money, on: date, law: ReceivableRules
) -> tuple[Receivable, tuple[Event, ...], int]:  # fmt: skip
    """Split a free piece into ``amount`` and the rest; answers the number of the piece of ``amount``. Refuses
    ``supply.piece_too_small``."""
    piece = _piece(found, number)
    rest = piece.amount - amount
    _check_least(law, amount, rest)
    first, second = (
        Piece(len(found.pieces) + place, number, piece.holder, part, part * 0, "held", on)
        for place, part in ((1, amount), (2, rest))
    )
    after = _with(found, [replace(piece, state="split", since_on=on), first, second])
    return after, tuple(Event("split", each.number, each.holder, each.amount) for each in (first, second)), first.number


def take_back(found: Receivable, number: int, about: str, on: date) -> Changed:
    """What was offered is its holder's again, free."""
    piece = _about(found, number, "passing", about)
    after = replace(piece, state="held", about="", since_on=on)
    return _with(found, [after]), (Event("taken_back", number, piece.holder, piece.amount, about),)


def pass_on(found: Receivable, number: int, taker: str, about: str, on: date) -> Changed:
    """Both signed: a new piece of the same amount is the taker's. Refuses ``supply.matured`` where it came to an end first."""
    piece = _about(found, number, "passing", about)
    _check_running(found, on)
    new = Piece(len(found.pieces) + 1, number, taker, piece.amount, piece.paid, "held", on)
    return _with(found, [replace(piece, state="passed", since_on=on), new]), (
        Event("passed", new.number, taker, new.amount, about),
    )


def pledge(found: Receivable, number: int, holder: str, about: str, on: date) -> Changed:
    """A piece stands behind a loan that was offered. Refuses as :func:`offer` does."""
    piece = _free(found, number, holder, on)
    after = replace(piece, state="pledged", about=about, since_on=on)
    return _with(found, [after]), (Event("pledged", number, holder, piece.amount, about),)


def release(found: Receivable, number: int, about: str, on: date) -> Changed:
    """The loan is over: the piece is free again."""
    piece = _about(found, number, "pledged", about)
    after = replace(piece, state="held", about="", since_on=on)
    return _with(found, [after]), (Event("released", number, piece.holder, piece.amount, about),)


def shares(found: Receivable, amount: Money, on: date, waits: Collection[int] = ()) -> list[tuple[Piece, Money]]:
    """What of a payment goes to which piece: by what is left of each, to the last unit; all that is owed pays each whole.
    Whose piece is in dispute ``waits``.

    Refuses ``supply.other_state``, ``supply.not_due``, ``money.*``, ``supply.more_than_owed``.
    """
    _require(found, "live")
    if on < found.due_on:
        raise refusals.NOT_DUE(due_on=found.due_on)
    positive(amount)
    most = left(found, waits)
    if amount > most:
        raise refusals.MORE_THAN_OWED(left=str(most), amount=str(amount))
    owed = [each for each in found.live if each.left and each.number not in waits]
    parts = amount.allocate([each.left.minor for each in owed])
    return [(piece, part) for piece, part in zip(owed, parts, strict=True) if part]


def left(found: Receivable, waits: Collection[int] = ()) -> Money:
    """What is owed of it still, without the pieces that are in dispute."""
    return found.left - total([each.left for each in found.live if each.number in waits], found.amount.currency)


def pay(found: Receivable, amount: Money, about: str, on: date, waits: Collection[int] = ()) -> Changed:
    """The core company paid; whoever holds a piece that day is paid for it. What was being passed on stays with its holder."""
    parts = shares(found, amount, on, waits)
    paid = [replace(piece, paid=piece.paid + part) for piece, part in parts]
    after = _with(found, paid)
    if not after.left:
        after = replace(after, state="settled")
    return after, tuple(Event("paid", piece.number, piece.holder, part, about) for piece, part in parts)


def days_late(found: Receivable, on: date) -> int:
    """How many days ago it should have been paid."""
    return max((on - found.due_on).days, 0) if found.state == "live" else 0


def holders_of(found: Receivable, number: int) -> list[str]:
    """Who held a piece and what it came of, the latest first."""
    return [each.holder for each in came_of(found, number)]


def transfers_behind(found: Receivable, number: int) -> list[str]:
    """The transfers by which its holder has a piece, the latest first."""
    return [each.about for each in came_of(found, number) if each.state == "passed"]


def came_of(found: Receivable, number: int) -> list[Piece]:
    """A piece and what it came of, the latest first."""
    known, line = {each.number: each for each in found.pieces}, []
    while number:
        line.append(known[number])
        number = known[number].parent
    return line


def whole(found: Receivable) -> bool:
    """The law: what counts of a live or settled receivable sums to what was confirmed, and no piece is paid more than it is."""
    if found.state not in ("live", "settled"):
        return not found.pieces
    known = {each.number: each for each in found.pieces}
    came = {number: Money.zero(found.amount.currency) for number in known}
    for each in found.pieces:
        if each.parent:
            came[each.parent] += each.amount
    return (
        sum((each.amount for each in found.live), start=found.amount * 0) == found.amount
        and all(0 <= each.paid.minor <= each.amount.minor and each.amount.minor > 0 for each in found.pieces)
        and all(came[each.number] == (each.amount * 0 if each.live else each.amount) for each in found.pieces)
        and (found.state == "settled") == (found.left.minor == 0)
    )


def _free(found: Receivable, number: int, holder: str, on: date) -> Piece:
    _require(found, "live")
    piece = _piece(found, number)
    if piece.holder != holder:
        raise refusals.NOT_HOLDER(piece=number)
    if piece.state != "held":
        raise _not_free(piece)
    _check_running(found, on)
    return piece


def _check_running(found: Receivable, on: date) -> None:
    if on >= found.due_on:
        raise refusals.MATURED(due_on=found.due_on)


def _about(found: Receivable, number: int, state: str, about: str) -> Piece:
    piece = _piece(found, number)
    if piece.state != state or piece.about != about:
        raise _not_free(piece)
    return piece


def _not_free(piece: Piece) -> Exception:
    en, zh = PIECES[piece.state]
    return refusals.NOT_FREE(piece=piece.number, state=en, state_zh=zh)


def _piece(found: Receivable, number: int) -> Piece:
    if not 0 < number <= len(found.pieces):
        raise refusals.UNKNOWN_PIECE(receivable_id=found.id, piece=number)
    return found.pieces[number - 1]


def _with(found: Receivable, changed: Sequence[Piece]) -> Receivable:
    known = {each.number: each for each in (*found.pieces, *changed)}
    return _next(found, pieces=tuple(known[number] for number in sorted(known)))


def _next(found: Receivable, state: State | None = None, pieces: tuple[Piece, ...] | None = None) -> Receivable:
    kept = found.pieces if pieces is None else pieces
    return replace(found, state=state or found.state, pieces=kept, version=found.version + 1)


def _require(found: Receivable, state: State) -> None:
    if found.state != state:
        raise refusals.OTHER_STATE(state=STATES[found.state], wanted=STATES[state])


def _check_least(law: ReceivableRules, *parts: Money) -> None:
    for part in parts:
        if part.currency == law.least.currency and part < law.least:
            raise refusals.TOO_SMALL(least=str(law.least), part=str(part), **_article(law))


def _article(law: ReceivableRules) -> dict[str, object]:
    return {"article": law.article.en, "article_zh": law.article.zh}
