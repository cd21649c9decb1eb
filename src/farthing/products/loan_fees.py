"""Decode what a loan product charges beside interest (``fees``). Pure; refuses what contradicts itself or changes nothing."""

from __future__ import annotations

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.products.model import Fees, InstalmentFee, Instalments, Span

DUE = ("first_instalment", "disbursement")
"""When the origination fee falls due: with the first instalment, or on the day of the payment out, of which it is kept back."""
OF = ("lent", "instalment")
"""What the share of a fee may be of: of what was lent, or of the instalment's principal and interest."""


def read(table: Table, principal: Span, instalments: Instalments) -> Fees:
    """The table ``fees`` of a loan's file; refuses ``products.invalid`` and ``products.unknown_key`` by key."""
    found = Fees(
        table.decimal("origination", "0", "0.2"),
        table.decimal("early_repayment", "0", "0.1", "0"),
        table.maybe("instalment", lambda key: _each(table.table(key), principal.min, instalments)),
        table.flag("amortised", False),
        table.choice("origination_due", DUE, DUE[0]) == DUE[1],
    )
    for key, said in (("amortised", found.amortised), ("origination_due", found.kept_back)):
        if said and not found.origination:
            raise table.wrong(key, "has nothing to be of: origination is nothing", "不起作用：origination 为零")
    table.close()
    return found


def _each(table: Table, least: Money, instalments: Instalments) -> InstalmentFee:
    """An amount or a share: one of them."""
    amount = table.maybe("amount", lambda key: table.positive(key, least.currency))
    share = table.maybe("share", lambda key: table.decimal(key, "0", "0.2"))
    if (amount is None) == (share is None):
        raise table.wrong("share", "or amount must be given, and not both", "与 amount 须给出其一，且不得并用")
    if amount is not None and amount.minor * instalments.max > least.minor:
        raise table.wrong("amount", "is more than the smallest instalment of principal", "大于最小的每期本金")
    if share == 0:
        raise table.wrong("share", "is nothing: leave the fee out", "为零：请删去该费用")
    found = InstalmentFee(amount, share or InstalmentFee().share, table.choice("of", OF) if share else "lent")
    table.close()
    return found
