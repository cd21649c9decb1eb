"""Answer what law is in force, figure by figure, and what was published beside it. It names no customer."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.words import Words
from farthing.products import service as products
from farthing.products.law import rules, store
from farthing.products.law.model import Law, Standing


@question("products.law", permission="reports:read", whose=STAFF)
def law(tx: Tx) -> Law:
    """The policy pack in force: each of its figures with the article it comes from; refuses ``policy.none_in_force``."""
    policy = products.policy_in_force(tx)
    version, since_at = next(
        (version, since_at) for product, _, version, since_at in store.standing(tx) if product == products.POLICY
    )
    return Law(policy.name, policy.currency, version, since_at, rules.figures(policy))


@question("products.standing", permission="reports:read", whose=STAFF)
def standing(tx: Tx) -> list[Standing]:
    """Every product and board in force with its version and since when."""
    found = []
    for product, kind, version, since_at in store.standing(tx):
        if product != products.POLICY:
            name = getattr(products.terms(tx, product, version), "name", product)
            told = name if isinstance(name, Words) else Words(str(name), str(name))
            found.append(Standing(product, kind, told, version, since_at))
    return found
