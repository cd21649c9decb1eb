"""Answer the statement of a wallet over a month, as a paper. Reads only."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.inputs import Id, Word
from farthing.kit.money import Money, total
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import StatementLine
from farthing.ledger.overview import service as overview
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.payments.activity import papers
from farthing.payments.activity.service import BAD_MONTH, month_of
from farthing.payments.model import Movement
from farthing.payments.movements_service import told
from farthing.payments.wallets import wallet_path

MOST_LINES = 500
"""Movements of a month that are printed one by one. A paper takes milliseconds and memory a line, and whoever pays a fen to
a friend and back makes as many as she likes: where there are more, each day is a line."""


class _Told(NamedTuple):
    """What a statement says between its two balances."""

    came_in: Money
    went_out: Money
    lines: tuple[papers.Line, ...]


@question("payments.statement", permission="payments:read", whose=of("party_id"))
def statement(tx: Tx, party_id: Id, month: Word) -> bytes:
    """The home currency's wallet in a month, up to today, as PDF/A, Chinese and English; a busy month by its days.

    Refuses ``payments.bad_month``, for one that has not begun too, and as ``payments.wallet`` does.
    """
    return papers.render(of_month(tx, party_id, month), tx.now)


def of_month(tx: Tx, party_id: str, month: str) -> papers.WalletStatement:
    """What the statement says. By effective days, as the books are: the close of a month's last day posts for the first of
    the next one, and others may post for the last day after it."""
    wallet = payments.wallet(tx, party_id)
    first, last = month_of(month)
    last = min(last, tx.business_date)
    if first > last:
        raise BAD_MONTH(text=repr(month))
    path = wallet_path(party_id, wallet.currency, tx.home)
    opening = ledger.balance(tx, path, effective_on=first - timedelta(days=1)).owed()
    newest, below = ledger.within(tx, path, first, last, limit=MOST_LINES)
    found = _one_by_one(tx, path, newest, opening) if below is None else _by_days(tx, path, (first, last), opening)
    return papers.WalletStatement(
        number=f"{first:%Y%m}-{party_id[-8:].upper()}",
        institution=papers.Institution(parties.institution(tx).name),
        holder=parties.party(tx, party_id).name,
        made_on=tx.business_date,
        from_on=first,
        to_on=last,
        opening=opening,
        came_in=found.came_in,
        went_out=found.went_out,
        closing=ledger.balance(tx, path, effective_on=last).owed(),
        lines=found.lines,
    )


def _one_by_one(tx: Tx, path: str, found: list[StatementLine], opening: Money) -> _Told:
    lines = sorted(found, key=lambda line: (line.entry.effective_on, line.version))
    movements = told(tx, path, lines)
    amounts = [each.amount for each in movements]
    balances = list(accumulate(amounts, initial=opening))
    return _Told(
        total([each for each in amounts if each.minor > 0], opening.currency),
        -total([each for each in amounts if each.minor < 0], opening.currency),
        tuple(
            papers.Line(
                line.entry.effective_on, papers.WHAT.get(each.kind, papers.OTHER), each.other, _memo(each), each.amount,
                balance,
            )
            for line, each, balance in zip(lines, movements, balances[1:], strict=True)
        ),
    )  # fmt: skip


def _by_days(tx: Tx, path: str, period: tuple[date, date], opening: Money) -> _Told:
    came = went = Money.zero(opening.currency)
    balance, lines = opening, []
    for on, count, came_in, went_out in overview.daily(tx, path, *period):
        day_in, day_out = Money(came_in, opening.currency), Money(went_out, opening.currency)
        came, went, balance = came + day_in, went + day_out, balance + day_in - day_out
        what = Words(f"{count} movements" if count > 1 else "1 movement", f"{count} 笔收支")
        both = f"+{day_in.plain()} / \u2212{day_out.plain()}"
        lines.append(papers.Line(on, what, both, "", day_in - day_out, balance))
    return _Told(came, went, tuple(lines))


def _memo(line: Movement) -> str:
    """The memo of a line, and who did it for the owner, where somebody did."""
    acted = f"由 {line.acted_by} 代办 done by {line.acted_by}" if line.acted_by else ""
    return " · ".join(each for each in (line.memo, acted) if each)
