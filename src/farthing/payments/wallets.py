"""Own the wallets' place in the books: their accounts' paths, and the kinds of entries that a customer's payments make.

Pure. Whoever moves money from or to a wallet asks here for its account. Never looks at a balance.
"""

from __future__ import annotations

import re
from functools import lru_cache

from farthing.kit.ids import BAD_ID
from farthing.ledger.chart import in_currency

PARTY_ID = re.compile(r"party_[0-9a-hjkmnp-tv-z]{26}")

TRANSFER = "transfer"
TOP_UP = "top-up"
PAY_OUT = "pay-out"
SETTLED, BACK, TAKEN_BACK = "pay-out.settled", "pay-out.back", "top-up.back"
"""A pay-out that was in transit arrived; one came back, whole or in part; a top-up was taken back by the other bank."""
SUSPENSE = "suspense"
"""Money came in by a rail and is nobody's yet, or has become somebody's."""
PACKET_SENT = "packet-sent"
PACKET = "packet"
PACKET_BACK = "packet-back"
CODE_PAY = "code-pay"
CODE_REFUND = "code-refund"
CODE_SETTLED = "code-settled"
CODE_FEE = "code-fee"
"""What is charged beside where a merchant is paid out gross."""
DEBIT_BACK = "debit-back"
REPORT_BACK = "report-back"
"""Money that was reported as fraud, and frozen, goes back."""
AGENT_IN, AGENT_OUT = "agent-in", "agent-out"
"""Cash paid in, or drawn, at a shop that is an agent; what that earned the agent; float that the agent bought or sold."""
AGENT_COMMISSION = "agent-commission"
AGENT_FLOAT = "agent-float"
DISPUTE_CREDIT, DISPUTE_PAID, DISPUTE_BACK, DISPUTE_OWED = (
    "dispute-credit",
    "dispute-paid",
    "dispute-back",
    "dispute-owed",
)
"""Of a disputed payment: advanced to its payer; out of the wallet of whoever was paid; the advance taken back; what was owed."""
RECEIVABLE_PAID = "receivable-paid"
"""A core company pays what it confirmed to whoever holds it."""
OWN_PAYMENTS = (TRANSFER, PAY_OUT, PACKET_SENT, CODE_PAY)
"""Kinds of entries by which a person pays somebody; what a wallet gives to a product of the bank is none."""
BY_RAIL = (TOP_UP, PAY_OUT, BACK, TAKEN_BACK, SUSPENSE)
REMEMBERED = 1 << 15
"""Wallets whose paths are kept at hand: a transfer asks for each of its two several times."""


@lru_cache(maxsize=REMEMBERED)
def wallet_path(party_id: str, currency: str, home: str) -> str:
    """The account of a party's wallet: ``liabilities:wallets:<party>``, currencies other than
    the bank's ``home`` currency after another colon.

    One party has one name: whatever is not a party's whole id leads to no wallet. Refuses ``ids.malformed``.
    """
    if PARTY_ID.fullmatch(party_id) is None:
        raise BAD_ID(text=repr(party_id[:60]), prefix="party")
    return in_currency(f"liabilities:wallets:{party_id[6:]}", currency, home)


_OF_A_PARTY = re.compile(r"liabilities:wallets:([0-9a-hjkmnp-tv-z]{26})(?::[A-Z]{3})?")


def party_of(path: str) -> str | None:
    """Whose wallet an account is; none where it is no wallet's."""
    found = _OF_A_PARTY.fullmatch(path)
    return None if found is None else f"party_{found[1]}"
