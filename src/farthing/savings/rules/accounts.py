"""Own where a product's deposits and its interest stand in the books: account paths from its terms. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.products.deposit import Terms


def role(terms: Terms, name: str) -> str:
    """The account path that a product's file gives a role."""
    return dict(terms.roles)[name]


def deposit_path(terms: Terms, deposit_id: str) -> str:
    """The deposit's own account."""
    return deposit_paths(terms, [deposit_id])[0]


def deposit_paths(terms: Terms, deposit_ids: Sequence[str]) -> list[str]:
    """The accounts of many deposits of one product."""
    above = role(terms, "principal")
    return [f"{above}:{deposit_id.partition('_')[2]}" for deposit_id in deposit_ids]


def payable_path(terms: Terms) -> str:
    """Interest that a product owes and has not paid."""
    return f"{role(terms, 'interest_payable')}:{terms.product.removeprefix('savings-')}"


def expense_path(terms: Terms) -> str:
    """What a product's interest costs the bank."""
    return f"{role(terms, 'interest_expense')}:{terms.product.removeprefix('savings-')}"
