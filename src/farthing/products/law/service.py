"""Answer what law is in force, figure by figure, and what was published beside it. It names no customer."""

from __future__ import annotations

from collections.abc import Iterator

from farthing.db.tx import Row, Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import AnyId, Cursor, Id, LongPageSize
from farthing.kit.words import Words
from farthing.products import service as products
from farthing.products.law import rules, store
from farthing.products.law.model import Law, Standing, Version, VersionFile
from farthing.products.model import Published

AT_ONCE = 100
"""Versions of one product that are looked through at a time."""


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
            found.append(Standing(product, kind, _name(tx, product, version), version, since_at))
    return found


def _name(tx: Tx, product: str, version: str) -> Words:
    """What a version calls itself."""
    name = getattr(products.terms(tx, product, version), "name", product)
    return name if isinstance(name, Words) else Words(str(name), str(name))


@question("products.versions", permission="reports:read", whose=STAFF)
def versions(tx: Tx, product: AnyId = "", limit: LongPageSize = 200, after: Cursor = "") -> list[Version]:
    """Every version of a product (of all products and the policy, if empty) that is or was in force, the newest first: from
    when, until when, and who published it. Continue with ``after`` the last, as ``product@version``; refuses
    ``products.unknown``."""
    return [_version(tx, row) for row in store.versions(tx, product, limit, _place(tx, after))]


def _place(tx: Tx, after: str) -> Published | None:
    if not after:
        return None
    product, _, version = after.rpartition("@")
    return products.published(tx, product, version)


def _all_of(tx: Tx, product: str) -> Iterator[Row]:
    """Every version of one product with its file, the newest first, a few at a time."""
    last: Published | None = None
    while rows := store.versions(tx, product, AT_ONCE, last):
        yield from rows
        last = _place(tx, f"{product}@{rows[-1]['version']}")


@question("products.version", permission="reports:read", whose=STAFF)
def version(tx: Tx, product: Id, version: Id) -> VersionFile:
    """One version with its file as it was published; refuses ``products.unknown``."""
    for row in _all_of(tx, product) if product else ():
        if row["version"] == version:
            return VersionFile(_version(tx, row), row["source"])
    raise products.UNKNOWN(product=product, version=Words(f"version {version}", f"版本 {version}"))


def _version(tx: Tx, row: Row) -> Version:
    """A version that went out of force did so when the next one came, or when an earlier one was put in force again."""
    stands = row["version"] == row["standing"]
    since, until = (row["since_at"], None) if stands else (row["published_at"], row["next_at"] or row["since_at"])
    return Version(
        row["product"], row["kind"], _name(tx, row["product"], row["version"]), row["version"], stands, since, until,
        row["published_by"],
    )  # fmt: skip
