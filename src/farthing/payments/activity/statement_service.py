"""Answer the statement of a wallet over a month, as a paper. Reads only."""

from __future__ import annotations

from datetime import date

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.inputs import Id, Word
from farthing.kit.money import Money, total
from farthing.ledger import service as ledger
from farthing.ledger.model import StatementLine
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.payments.activity import papers
from farthing.payments.activity.service import BAD_MONTH, month_of
from farthing.payments.movements_service import told
from farthing.payments.wallets import wallet_path

ALL = 2**31 - 1


@question("payments.statement", permission="payments:read", whose=of("party_id"))
def statement(tx: Tx, party_id: Id, month: Word) -> bytes:
    """The home currency's wallet in a month, up to today, as PDF/A, Chinese and English.

    Refuses ``payments.bad_month``, for one that has not begun too, and as ``payments.wallet`` does.
    """
    wallet = payments.wallet(tx, party_id)
    first, last = month_of(month)
    last = min(last, tx.business_date)
    if first > last:
        raise BAD_MONTH(text=repr(month))
    path = wallet_path(party_id, wallet.currency, tx.home)
    newest, _ = ledger.within(tx, path, first, last, limit=ALL)
    lines = newest[::-1]
    movements = told(tx, path, lines)
    amounts = [each.amount for each in movements]
    opening = _opening(tx, path, first, lines, wallet.currency)
    said = papers.WalletStatement(
        number=f"{first:%Y%m}-{party_id[-8:].upper()}",
        institution=papers.Institution(parties.institution(tx).name),
        holder=parties.party(tx, party_id).name,
        made_on=tx.business_date,
        from_on=first,
        to_on=last,
        opening=opening,
        came_in=total([each for each in amounts if each.minor > 0], wallet.currency),
        went_out=-total([each for each in amounts if each.minor < 0], wallet.currency),
        closing=movements[-1].balance if movements else opening,
        lines=tuple(
            papers.Line(
                line.entry.effective_on, papers.WHAT.get(each.kind, papers.OTHER), each.other, each.memo, each.amount,
                each.balance,
            )
            for line, each in zip(lines, movements, strict=True)
        ),
    )  # fmt: skip
    return papers.render(said, tx.now)


def _opening(tx: Tx, path: str, first: date, lines: list[StatementLine], currency: str) -> Money:
    """What was there before the first line; without a line, what was left of the time before."""
    if lines:
        return lines[0].owed_balance(path) - lines[0].owed_amount(path)
    before = [last for day, _, last in ledger.by_day(tx, path, first) if day < first]
    return Money(before[-1] if before else 0, currency)
