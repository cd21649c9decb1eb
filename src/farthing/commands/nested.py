"""Own which groups stand inside another: ``savings fund`` and ``savings odds`` share the savings' options,
``voice topics`` stands beside cases."""

from __future__ import annotations

from farthing.commands import fund, odds, savings, topics, voice

savings_app = savings.app
savings_app.add_typer(fund.app, name="fund")
savings_app.add_typer(odds.app, name="odds")
voice_app = voice.app
voice_app.add_typer(topics.app, name="topics")
