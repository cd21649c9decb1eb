"""Own the paths that several packages post to: wallets, cash at settlement banks, cash at the counter.

Pure. A path that one package alone uses is made there, from its product's roles. Never looks at a balance.
"""

from __future__ import annotations

import re

from farthing.kit.errors import malformed
from farthing.kit.ids import BAD_ID
from farthing.ledger.model import sign_of

HOME_CURRENCY = "CNY"
ID_LETTERS = 26
"""Letters of an id after its prefix (:mod:`farthing.kit.ids`)."""
PARTY_ID = re.compile(r"party_[0-9a-hjkmnp-tv-z]{26}")

BAD_COUNTER = malformed(
    "ledger.bad_counter",
    "{counter} is not the name of a counter; use letters, digits and - at most 40 long.",
    "{counter} 不是柜台名称;请使用字母、数字和连字符,至多 40 个字符。",
)


def wallet_path(party_id: str, currency: str) -> str:
    """The account of a party's wallet: ``liabilities:wallets:<party>``, other currencies after another colon.

    One party has one name: whatever is not a party's whole id leads to no wallet. Refuses ``ids.malformed``.
    """
    if PARTY_ID.fullmatch(party_id) is None:
        raise BAD_ID(text=repr(party_id[:60]), prefix="party")
    path = f"liabilities:wallets:{party_id[6:]}"
    return path if currency == HOME_CURRENCY else f"{path}:{currency.lower()}"


def named(path: str) -> dict[str, str]:
    """An account as people name it, for a refusal: whose wallet it is, else its path."""
    words = path.split(":")
    if words[:2] == ["liabilities", "wallets"] and len(words) > 2 and len(words[2]) == ID_LETTERS:
        return {
            "account": path,
            "holder": f"The wallet of party_{words[2]}",
            "holder_zh": f"客户 party_{words[2]} 的钱包",
        }
    return {"account": path, "holder": f"Account {path}", "holder_zh": f"账户 {path}"}


def rail_path(rail: str) -> str:
    """The account of our money at a rail's settlement bank."""
    return f"assets:cash:{rail}"


def counter_path(counter: str, currency: str) -> str:
    """The account of the cash in a counter's drawer, ``assets:cash:counter-<name>``; refuses ``ledger.bad_counter``."""
    if not 1 <= len(counter) <= 40 or not counter.replace("-", "").isalnum() or not counter.isascii():
        raise BAD_COUNTER(counter=repr(counter[:60]))
    path = f"assets:cash:counter-{counter}"
    sign_of(path)
    return path if currency == HOME_CURRENCY else f"{path}:{currency.lower()}"
