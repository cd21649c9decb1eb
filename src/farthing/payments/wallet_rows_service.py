"""Tell a decision on credit what a person's own wallet took in and paid, as rows like a bill's. Reads only.

Who asks for a decision hands :func:`counted` down to ``credit``, which calls it where she allows it; nothing is kept of it there
but the figures. What the bank lends her, what she repays here, and what she puts into its products is neither earned nor spent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from farthing.credit.bills.model import Direction, Transaction
from farthing.credit.features import LONGEST_MONTHS
from farthing.credit.wallet import Wallet, without_round
from farthing.db.tx import Tx
from farthing.kit.calendar import add_months
from farthing.ledger import service as ledger
from farthing.ledger.model import StatementLine
from farthing.parties import service as parties
from farthing.payments.movements_service import others_of, shops_of
from farthing.payments.wallets import (
    CODE_PAY,
    CODE_REFUND,
    PACKET,
    PACKET_BACK,
    PACKET_SENT,
    PAY_OUT,
    TRANSFER,
    wallet_path,
)

AT_ONCE = 1_000
"""Movements that are read in one go."""
READER = "books-1"
ON_BILLS = ZoneInfo("Asia/Shanghai")
"""The time that bills are printed in."""
WORDS: Mapping[tuple[str, bool], str] = {
    (TRANSFER, True): "转账", (TRANSFER, False): "转账", (CODE_PAY, False): "商户消费", (CODE_REFUND, True): "退款",
    (PACKET, True): "红包", (PACKET_SENT, False): "红包", (PACKET_BACK, True): "退款", (PAY_OUT, False): "转账",
}  # fmt: skip
"""What a kind of entry is called on a bill, by whether money came in; every other one is a move between the person and this
bank's own products, her shop or her own card."""
REFUNDS = (CODE_REFUND, PACKET_BACK)


def counted(tx: Tx, party_id: str, currency: str) -> Wallet | None:
    """What a wallet took in and paid, two years back at most; none where nothing ever moved.

    A pay-out is money gone, unless a bill shows where it arrived; a top-up is the person's own. What went to somebody and came
    back counts for nothing.
    """
    path, until = wallet_path(party_id, currency, tx.home), tx.business_date
    lines, below = list[StatementLine](), None
    while True:
        page, below = ledger.within(tx, path, add_months(until, -LONGEST_MONTHS), until, limit=AT_ONCE, below=below)
        lines += page
        if below is None:
            break
    if not lines:
        return None
    lines.sort(key=lambda line: (line.entry.effective_on, line.version))
    met = {line.version: others_of(path, line.entry) for line in lines}
    known = parties.parties(tx, sorted({party_id, *(each for found in met.values() for each in found)}))
    herself = known[party_id].name
    # A namesake is somebody else, and is not taken for the person: who it is, is known here.
    names = {each: other.name if other.name != herself else each for each, other in known.items()}
    shops = shops_of(tx, [line.entry for line in lines])
    seen, made = Counter[str](), list[Transaction]()
    for line in lines:
        other = next(iter(met[line.version]), "")
        row = _row(line, path, other, shops.get(line.entry.reference) or names.get(other, ""))
        made.append(replace(row, occurrence=seen[row.natural_key]))
        seen[row.natural_key] += 1
    return Wallet(currency, made[0].occurred_at.date(), until, without_round(made))


def _row(line: StatementLine, path: str, other: str, called: str) -> Transaction:
    """One movement as a bill would tell it, without its number among rows alike."""
    entry, amount = line.entry, line.owed_amount(path)
    came, nothing = amount.minor > 0, amount * 0
    word = WORDS.get((entry.kind, came), "")
    theirs = bool(word)
    way: Direction = "neutral" if not theirs else "in" if came else "out"
    at = datetime.combine(entry.effective_on, line.recorded_at.astimezone(ON_BILLS).time())
    return Transaction(
        provider="here", occurred_at=at, direction=way, amount=amount if came else -amount,
        kind=word, counterparty=called if theirs else "", counterparty_account=other,
        description=entry.memo if entry.kind == TRANSFER else "", method="", card_tail=None, status="",
        outcome="refund" if theirs and entry.kind in REFUNDS else "settled",
        order_id=entry.reference, merchant_order_id="", note="", fee=nothing, refunded=nothing, refund_of=None, occurrence=0,
        row=line.version, raw=(), parser_version=READER,
    )  # fmt: skip
