"""Count what one member of staff alone lets go of a customer's money, against the limit that the policy in force sets.

Two sums a business day: what leaves the bank (``out``: by rail, in cash) and what is set free inside it (``freed``: from a
deposit or a fund into a wallet). Each is counted for the customer and for the member of staff, by currency: whoever sets
free and then pays out meets the same limit twice, and no number of pieces, ways or tellers comes to more. What two
persons wanted is not counted. What was asked for counts, also where a rail declines it later.
"""

from __future__ import annotations

from typing import Literal

from farthing.db.tx import Tx
from farthing.kit.money import Money
from farthing.products import service as products
from farthing.products.alone import store

Way = Literal["out", "freed"]


def needs_two(tx: Tx, way: Way, party_id: str, amount: Money) -> bool:
    """Whether the actor may not let so much go alone for this customer; where it may, it is counted.

    Two logins of one person are one person. A currency that the policy does not name is for two persons, and so is
    everything where no policy is in force.
    """
    if amount.minor <= 0:
        return False
    policy = products.policy_if_any(tx)
    if policy is None:
        return True
    limit = policy.staff_alone_max
    if limit is None:
        return False
    most = {
        f"customer:{party_id}": limit.customer.get(amount.currency),
        f"member:{tx.actor.person_id or tx.actor.id}": limit.member_max(tx.actor.id.partition(":")[0], amount.currency),
    }
    sums = {f"{tx.business_date}:{amount.currency}:{way}:{who}": bound for who, bound in most.items()}
    if any(bound is None for bound in sums.values()):
        return True
    gone = store.hold(tx, list(sums))
    if any(bound is not None and gone[sum_id] + amount.minor > bound.minor for sum_id, bound in sums.items()):
        return True
    store.add(tx, dict.fromkeys(sums, amount.minor))
    return False
