"""Read and write ``fund_asset``. Never decides; a row that changed meanwhile is a collision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db.server import Collision
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.savings.fund.model import HeldAsset
from farthing.savings.fund.units import Asset

INSERT_ASSET: LiteralString = """
    INSERT INTO fund_asset (id, fund_id, name, currency, principal_minor, annual_rate, day_count, from_on, to_on,
                            accrued_minor, retired_on, proceeds_minor, gain_minor, version)
    VALUES (%(id)s, %(fund_id)s, %(name)s, %(currency)s, %(principal_minor)s, %(annual_rate)s, %(day_count)s,
            %(from_on)s, %(to_on)s, 0, NULL, NULL, 0, 0)
"""
FIND_ASSET: LiteralString = "SELECT * FROM fund_asset WHERE id = %(id)s"
ASSETS_SINCE: LiteralString = """
    SELECT * FROM fund_asset WHERE fund_id = %(fund_id)s AND (retired_on IS NULL OR retired_on > %(since)s)
    ORDER BY from_on, id
"""
SAVE_ASSETS: LiteralString = """
    UPDATE fund_asset AS held SET accrued_minor = new.accrued_minor, retired_on = new.retired_on,
                                  proceeds_minor = new.proceeds_minor, gain_minor = new.gain_minor,
                                  version = held.version + 1
    FROM unnest(%(ids)s::text[], %(accrued_minor)s::bigint[], %(retired_on)s::date[], %(proceeds_minor)s::bigint[],
                %(gain_minor)s::bigint[], %(versions)s::bigint[])
         AS new (id, accrued_minor, retired_on, proceeds_minor, gain_minor, version)
    WHERE held.id = new.id AND held.version = new.version
"""


def insert_asset(tx: Tx, held: HeldAsset) -> None:
    """Keep a new asset."""
    tx.execute(
        INSERT_ASSET,
        {
            "id": held.id,
            "fund_id": held.fund,
            "name": held.asset.name,
            "currency": held.asset.principal.currency,
            "principal_minor": held.asset.principal.minor,
            "annual_rate": held.asset.annual_rate,
            "day_count": held.asset.day_count,
            "from_on": held.asset.from_on,
            "to_on": held.asset.to_on,
        },
    )


def find_asset(tx: Tx, asset_id: str) -> HeldAsset | None:
    """One asset, or none."""
    row = tx.maybe(FIND_ASSET, {"id": asset_id}) if asset_id.isprintable() else None
    return _held(row) if row else None


def assets_on(tx: Tx, fund: str, since: date) -> list[HeldAsset]:
    """Assets of a fund that had not ended by the end of ``since``, oldest first."""
    return [_held(row) for row in tx.rows(ASSETS_SINCE, {"fund_id": fund, "since": since})]


def save_assets(tx: Tx, changed: Sequence[HeldAsset]) -> None:
    """Keep what was booked of assets and how they ended; a ``Collision`` where one changed meanwhile."""
    values = {
        "ids": [held.id for held in changed],
        "accrued_minor": [held.accrued.minor for held in changed],
        "retired_on": [held.retired_on for held in changed],
        "proceeds_minor": [None if held.proceeds is None else held.proceeds.minor for held in changed],
        "gain_minor": [held.gain.minor for held in changed],
        "versions": [held.version for held in changed],
    }
    if changed and tx.execute(SAVE_ASSETS, values) != len(changed):
        raise Collision("a fund asset changed meanwhile")


def _held(row: Row) -> HeldAsset:
    def money(minor: int) -> Money:
        return Money(minor, row["currency"])

    return HeldAsset(
        id=row["id"],
        fund=row["fund_id"],
        asset=Asset(
            row["name"],
            money(row["principal_minor"]),
            row["annual_rate"],
            row["day_count"],
            row["from_on"],
            row["to_on"],
        ),
        accrued=money(row["accrued_minor"]),
        retired_on=row["retired_on"],
        proceeds=None if row["proceeds_minor"] is None else money(row["proceeds_minor"]),
        gain=money(row["gain_minor"]),
        version=row["version"],
    )
