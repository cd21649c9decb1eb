"""Run the law's limits of payments by code: what is in force, and what a payer's codes of a level come to in a business day."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kit.money import Money
from farthing.payments.merchants import rules
from farthing.products import pay_codes
from farthing.products import service as products
from farthing.products.alone import sums_service as sums
from farthing.products.pay_codes import PayCodes


def law(tx: Tx) -> PayCodes | None:
    """What the policy in force allows of payments by code; as careful as can be where none was published."""
    policy = products.policy_if_any(tx)
    return policy.pay_codes if policy else pay_codes.before(tx.home, products.HOUSE)


def law_and_key(tx: Tx) -> tuple[PayCodes | None, Money | None]:
    """The same, and from which sum on the passkey of whoever has one confirms what he pays in a day."""
    policy = products.policy_if_any(tx)
    if policy is None:
        return pay_codes.before(tx.home, products.HOUSE), None
    return policy.pay_codes, policy.passkeys.key_above if policy.passkeys else None


def count_static(tx: Tx, payer: str, paid: Money) -> None:
    """Count a payment by a code that is shown again and again, whoever shows it: all of one payer in a day come to no more than
    the law lets pass at level D. Refuses ``merchants.over_day``."""
    limits = law(tx)
    if limits is None or paid.currency != tx.home:
        return
    name = rules.sum_name(tx.home, "D", payer)
    rules.check_day(limits, "D", sums.held(tx, [name])[name], paid)
    sums.add(tx, {name: paid.minor})
