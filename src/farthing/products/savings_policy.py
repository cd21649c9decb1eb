"""Own what a jurisdiction allows of savings: which terms it refuses, with the article, the cover of
deposits, and the instant-redemption cap.

Data: the table ``savings`` of a policy pack. Never silent: a refusal names the article and the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from farthing.kit.errors import declined
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products import reading
from farthing.products.deposit import Terms

PRODUCT_REFUSED = declined(
    "savings.refused_by_policy",
    "Policy {policy} refuses {product}: {reason} ({article}). Change {field}, which is {value}.",
    "{policy} 政策不允许 {product}:{reason_zh}（{article_zh}）。请修改 {field}（现为 {value}）。",
)

REFUSABLE = ("method", "early")


@dataclass(frozen=True)
class Ban:
    """Terms whose ``field`` is ``value`` are refused."""

    field: str
    value: str
    article: Words
    reason: Words


@dataclass(frozen=True)
class Insurance:
    """Deposit insurance: how much one person is covered for at one institution, principal and interest together."""

    limit: Money
    article: Words


@dataclass(frozen=True)
class SavingsPolicy:
    """One jurisdiction's savings rules. ``instant_redemption`` is a day's cap per person and fund; None: no cap.

    ``insurance``: the cover of deposits; None: none.
    """

    name: str
    bans: tuple[Ban, ...]
    instant_redemption: Money | None
    insurance: Insurance | None = None


def decode_policy(name: str, value: object) -> SavingsPolicy:
    """Decode one policy pack, strictly. ``pack`` is what its refusals call it, wherever it was published."""
    source = reading.table(value, name)
    reading.known_only(source, ("kind", "currency", "refuses", "instant_redemption", "deposit_insurance", "pack"), name)
    reading.one_of(source.get("kind", "savings_policy"), ("savings_policy",), name, "kind")
    currency = reading.currency(source.get("currency", "CNY"), name)
    cap = source.get("instant_redemption")
    return SavingsPolicy(
        reading.text(source.get("pack", name), name, "pack"),
        reading.many(source["refuses"], lambda item: _ban(name, item), name, "refuses") if "refuses" in source else (),
        None if cap is None else reading.money(cap, currency, name, "instant_redemption"),
        None if source.get("deposit_insurance") is None else _insurance(name, source["deposit_insurance"], currency),
    )


def _insurance(name: str, value: object, currency: str) -> Insurance:
    where = f"{name}.deposit_insurance"
    source = reading.table(value, where)
    reading.known_only(source, ("limit", "article"), where)
    limit = reading.money(reading.required(source, "limit", where), currency, where, "limit")
    return Insurance(limit, reading.names(reading.required(source, "article", where), where))


def _ban(name: str, value: object) -> Ban:
    where = f"{name}.refuses"
    source: Mapping[str, Any] = reading.table(value, where)
    reading.known_only(source, ("field", "value", "article", "reason"), where)
    return Ban(
        reading.one_of(reading.required(source, "field", where), REFUSABLE, where, "field"),
        reading.text(reading.required(source, "value", where), where, "value"),
        reading.names(reading.required(source, "article", where), where),
        reading.names(reading.required(source, "reason", where), where),
    )


def check_terms(policy: SavingsPolicy, terms: Terms) -> None:
    """Refuse ``savings.refused_by_policy`` for terms the jurisdiction does not allow."""
    for ban in policy.bans:
        if getattr(terms, ban.field, None) == ban.value:
            raise PRODUCT_REFUSED(
                policy=policy.name,
                product=terms.product,
                field=ban.field,
                value=ban.value,
                reason=ban.reason.en,
                reason_zh=ban.reason.zh,
                article=ban.article.en,
                article_zh=ban.article.zh,
            )
