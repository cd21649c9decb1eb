"""Own what pages call products: by name, in the language of the page, offered still or not."""

from __future__ import annotations

from farthing.kernel.run import Ask
from farthing.products import service as products
from farthing.web.speech import said


def called(ask: Ask, kind: str) -> dict[str, str]:
    """What products of a kind are called, by id, offered still or not."""
    return {product: said(name) for product, name in ask(products.called, kind).items()}


def loan_products(ask: Ask) -> dict[str, str]:
    """What loan products are called, by id, offered still or not."""
    return called(ask, "loan")
