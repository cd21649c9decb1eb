"""Own what groups of accounts are called: an account is a path of words, and people read the longest beginning that is known."""

from __future__ import annotations

from collections.abc import Mapping

from farthing.web.speech import N_, gettext

HEADS: Mapping[str, str] = {
    "assets": N_("What the bank has"), "liabilities": N_("What the bank owes"), "equity": N_("The owners' capital"),
    "income": N_("Income"), "expenses": N_("Expenses"),
    "assets:cash": N_("Cash and settlement banks"), "assets:cash:counter": N_("Drawers of the counter"),
    "assets:loans": N_("Loans to customers"), "assets:disbursed": N_("Paid out and not yet charged to who funds it"),
    "assets:placed": N_("Paid out of lenders' money that is held for them"),
    "assets:interest-receivable": N_("Interest due from borrowers"),
    "assets:penalty-receivable": N_("Penalties due from borrowers"), "assets:settlement": N_("Due from funding partners"),
    "assets:settlement:partner": N_("Due from a funding partner"), "assets:liquidity": N_("Ready money kept elsewhere"),
    "assets:fund": N_("What pooled funds own"), "assets:advances": N_("Advances to pooled funds"),
    "assets:advances:fund": N_("Advances to pooled funds"), "assets:core": N_("Assets of the outside core"),
    "liabilities:wallets": N_("Wallets of customers"), "liabilities:savings": N_("Deposits of customers"),
    "liabilities:interest-payable": N_("Interest owed on deposits"),
    "liabilities:interest-payable:savings": N_("Interest owed on deposits"),
    "liabilities:fund": N_("What pooled funds owe their holders"), "liabilities:escrow": N_("Money held for others"),
    "liabilities:settlement": N_("Owed to funding partners"), "liabilities:collections": N_("Collected and not yet passed on"),
    "liabilities:in-transit": N_("On its way to other banks"), "liabilities:suspense": N_("Came in and nobody's yet"),
    "assets:returned": N_("Owed of top-ups that were taken back"),
    "liabilities:topped-up": N_("Out of new loans, on its way to pay off old ones"),
    "liabilities:deferred-fees": N_("Fees that are not earned yet"),
    "liabilities:core": N_("Liabilities of the outside core"), "equity:capital": N_("Capital paid in"),
    "income:interest": N_("Interest earned"), "income:interest:loans": N_("Interest earned on loans"),
    "income:fees": N_("Fees earned"), "income:fees:loans": N_("Fees on loans"), "income:fees:fund": N_("Fees of pooled funds"),
    "income:penalties": N_("Penalties earned"), "income:penalties:loans": N_("Penalties on loans"),
    "income:operations": N_("Other income"), "expenses:interest": N_("Interest paid"),
    "expenses:interest:savings": N_("Interest paid on deposits"), "expenses:operations": N_("Costs of running the bank"),
    "expenses:redress": N_("Redress for complaints"),
    "assets:loan-loss-allowance": N_("Set aside for loans that may be lost"),
    "assets:interest-suspended": N_("Interest owed that is no income"),
    "income:interest-suspended": N_("Interest taken out of income"),
    "expenses:credit-losses": N_("Loans that may be lost"),
    "expenses:credit-losses:reserve": N_("Set aside because the regulator asks for it"),
}  # fmt: skip
"""What a group of accounts is called, by the beginning of its path."""


def head_of(path: str) -> str:
    """The longest beginning of a path that has a name of its own."""
    words = path.split(":")
    return next((head for size in range(len(words), 0, -1) if (head := ":".join(words[:size])) in HEADS), words[0])


def named_head(path: str) -> str:
    """What a group of accounts is called."""
    head = head_of(path)
    known, rest = gettext(HEADS[head]) if head in HEADS else head, path[len(head) + 1 :]
    return f"{known} · {rest}" if rest else known
