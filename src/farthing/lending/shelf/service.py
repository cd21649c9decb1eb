"""Publish loan products, and the policy that binds them: what a product would cost is asked before it is put in force. And say
what a loan costs in several lengths before anybody asks for it."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kernel.calendar import holidays
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Code, Count, Id
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.lending.model import Apply
from farthing.lending.rules import check_application
from farthing.lending.shelf import rules
from farthing.lending.shelf.beside import Length, side_by_side
from farthing.products import files, policy
from farthing.products import service as products
from farthing.products.model import LoanTerms, Publish, Published

OWN = ("loan", "policy")
"""Kinds that are published here; the others by the packages that carry them out."""


@operation(
    "products.publish", title=Words("Publish a loan product", "发布贷款产品"),
    permission="products:publish", four_eyes=True, whose=STAFF,
)  # fmt: skip
def publish(tx: Tx, command: Publish) -> Published:
    """Put a product or policy file in force; the same content again changes nothing.

    A loan product is checked against the policy in force and refused by ``policy.*`` if it breaks a limit, and by
    ``lending.dearest_case`` if some loan of it would; a product that stands when a policy is tightened stays, and each new
    offer is refused instead.
    Refuses ``products.bad_name``, ``products.unreadable``, ``products.invalid``, ``products.unknown_key``,
    ``products.other_kind``, ``products.unknown`` of its form of agreement, ``products.reference_unknown``,
    ``policy.none_in_force``.
    """
    kind, _, content = files.decode(command.product, command.source, OWN)
    if (kind == "policy") != (command.product == products.POLICY):
        raise products.OTHER_KIND(
            product=command.product,
            kind=products.KINDS[kind],
            wanted=products.KINDS["loan" if kind == "policy" else "policy"],
        )
    if isinstance(content, LoanTerms):
        law = products.policy_in_force(tx)
        products.agreement_form(tx, content.agreement)
        terms = products.at_todays_rate(tx, content)
        policy.check_loan(law, terms)
        rules.check_dearest(law, terms, tx.business_date, holidays(tx))
    return products.put_in_force(tx, command, *OWN)


@question("lending.compare", permission=PUBLIC, whose=NOBODYS)
def compare(tx: Tx, product: Id, amount: Code, instalments: Count = 0) -> list[Length]:
    """What a loan of an amount (such as 8000.50) costs in 3, 6, 12 months and so on, side by side, paid out today.

    Also in as many ``instalments`` as are asked for. Nothing is decided. Refuses ``products.*``, ``money.*``,
    ``lending.outside_product``.
    """
    terms = products.loan_terms(tx, product)
    asked = Money.parse(amount, terms.currency)
    check_application(terms, Apply("", product, asked, instalments or terms.instalments.max, ""))
    limit = products.policy_in_force(tx).annual_cost_max
    return side_by_side(terms, asked, instalments, tx.business_date, holidays(tx), limit.value if limit else None)
