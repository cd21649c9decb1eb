"""Own decoding of pooled funds: a TOML table (``kind = "fund"``) to frozen ``FundTerms``, strictly.

Never lets a fund call itself insured: fund shares are not deposits (Deposit Insurance Regulations, article 4).
"""

from __future__ import annotations

from datetime import time

from farthing.kit.errors import malformed
from farthing.products import reading
from farthing.products.fund import FundTerms

BAD_CUT_OFF = malformed(
    "savings.bad_cut_off",
    "{value} is not a time of day; write the cut-off such as 15:00.",
    "{value} 不是有效时间；请写成 15:00。",
)


def decode_fund(product: str, value: object, *, standing: bool = False) -> FundTerms:
    """Decode a pooled fund; refuses unknown and missing fields, each by its code."""
    table = reading.savings(product, value, standing=standing)
    table.choice("kind", ("fund",))
    currency = reading.currency(table, "CNY")
    cut_off = table.take("cut_off", "15:00")
    try:
        time.fromisoformat(cut_off)
    except (TypeError, ValueError):
        raise BAD_CUT_OFF(value=repr(cut_off)) from None
    terms = FundTerms(
        product=product,
        version=table.whole("version", 1, default=1),
        name=reading.names(table, "name", product),
        currency=currency,
        carry=table.choice("carry", ("daily", "monthly"), "daily"),
        minimum=table.money("minimum", currency, "0.01"),
        fee_annual=reading.rate(table.take("fee_annual", "0")),
        cut_off=cut_off,
        holding_max=table.maybe("holding_max", lambda key: table.money(key, currency)),
        instant_fund_max=table.maybe("instant_fund_max", lambda key: table.money(key, currency)),
        insured=False,
        roles=reading.roles(table),
    )
    table.close()
    return terms
