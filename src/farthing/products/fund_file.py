"""Own decoding of pooled funds: a TOML table (``kind = "fund"``) to frozen ``FundTerms``, strictly.

Never lets a fund call itself insured: fund shares are not deposits (Deposit Insurance Regulations, article 4).
"""

from __future__ import annotations

from datetime import time

from farthing.kit.errors import malformed
from farthing.kit.money import exponent
from farthing.products import reading
from farthing.products.fund import FundTerms

BAD_CUT_OFF = malformed(
    "savings.bad_cut_off",
    "{value} is not a time of day; write the cut-off such as 15:00.",
    "{value} 不是有效时间；请写成 15:00。",
)
FIELDS = (
    "kind", "version", "name", "currency", "carry", "minimum", "fee_annual", "cut_off", "holding_max",
    "instant_fund_max", "roles",
)  # fmt: skip


def decode_fund(product: str, value: object) -> FundTerms:
    """Decode a pooled fund; refuses unknown and missing fields, each by its code."""
    source = reading.table(value, product)
    reading.known_only(source, FIELDS, product)
    reading.one_of(reading.required(source, "kind", product), ("fund",), product, "kind")
    currency = source.get("currency", "CNY")
    exponent(currency)
    cut_off = source.get("cut_off", "15:00")
    try:
        time.fromisoformat(cut_off)
    except (TypeError, ValueError):
        raise BAD_CUT_OFF(value=repr(cut_off)) from None
    roles = reading.table(source.get("roles", {}), f"{product}.roles")

    def cap(field: str) -> object:
        return source.get(field)

    return FundTerms(
        product=product,
        version=reading.whole(source.get("version", 1), product, "version", least=1),
        name=reading.names(source.get("name", product), product),
        currency=currency,
        carry=reading.one_of(source.get("carry", "daily"), ("daily", "monthly"), product, "carry"),
        minimum=reading.money(source.get("minimum", "0.01"), currency, product, "minimum"),
        fee_annual=reading.rate(source.get("fee_annual", "0")),
        cut_off=cut_off,
        holding_max=None
        if cap("holding_max") is None
        else reading.money(cap("holding_max"), currency, product, "holding_max"),
        instant_fund_max=None
        if cap("instant_fund_max") is None
        else reading.money(cap("instant_fund_max"), currency, product, "instant_fund_max"),
        insured=False,
        roles=tuple(sorted((name, reading.text(path, f"{product}.roles", name)) for name, path in roles.items())),
    )
