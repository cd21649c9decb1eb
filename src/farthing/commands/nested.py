"""Own which groups stand inside another: ``savings fund`` and ``savings odds`` share the savings' options."""

from __future__ import annotations

from farthing.commands import fund, odds, savings

savings_app = savings.app
savings_app.add_typer(fund.app, name="fund")
savings_app.add_typer(odds.app, name="odds")
