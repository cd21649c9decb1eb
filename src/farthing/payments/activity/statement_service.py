"""Answer the statement of a wallet over a month, as a paper. Reads only."""

from __future__ import annotations

from datetime import timedelta
from itertools import accumulate

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.inputs import Id, Word
from farthing.kit.money import total
from farthing.ledger import service as ledger
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
    found, _ = ledger.within(tx, path, first, last, limit=ALL)
    lines = sorted(found, key=lambda line: (line.entry.effective_on, line.version))
    movements = told(tx, path, lines)
    amounts = [each.amount for each in movements]
    opening = ledger.balance(tx, path, effective_on=first - timedelta(days=1)).owed()
    balances = list(accumulate(amounts, initial=opening))
    return papers.WalletStatement(
        number=f"{first:%Y%m}-{party_id[-8:].upper()}",
        institution=papers.Institution(parties.institution(tx).name),
        holder=parties.party(tx, party_id).name,
        made_on=tx.business_date,
        from_on=first,
        to_on=last,
        opening=opening,
        came_in=total([each for each in amounts if each.minor > 0], wallet.currency),
        went_out=-total([each for each in amounts if each.minor < 0], wallet.currency),
        closing=ledger.balance(tx, path, effective_on=last).owed(),
        lines=tuple(
            papers.Line(
                line.entry.effective_on, papers.WHAT.get(each.kind, papers.OTHER), each.other, each.memo, each.amount,
                balance,
            )
            for line, each, balance in zip(lines, movements, balances[1:], strict=True)
        ),
    )  # fmt: skip
