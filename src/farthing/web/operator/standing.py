"""Own what stands now in the place of what a draft would change, so that whoever decides reads one beside the other."""

from __future__ import annotations

import json
from typing import Any

from farthing.kernel.approvals import Draft
from farthing.kernel.run import Ask
from farthing.kit.errors import NotFound
from farthing.ledger.overview import service as overview
from farthing.savings.shelf import service as shelf
from farthing.web import drafts
from farthing.web.ground import part
from farthing.web.speech import gettext as _

RATES = ("demand", "lump", "instalment", "call")


def before(ask: Ask, draft: Draft) -> list[tuple[str, str, str]]:
    """What would be another: what it is called, as it stands, as it would be. Nothing for drafts that replace nothing."""
    command = json.loads(draft.command_json)
    if draft.operation == "savings.publish_rates":
        return _rates(ask, command)
    if draft.operation == "ledger.set_guards":
        return _guards(ask, command)
    return []


def _rates(ask: Ask, command: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Rates of the edition that is in force today beside those of the draft, where they differ."""
    try:
        board = ask(shelf.board_view, command["board"])
    except NotFound:
        return []
    now = next((each for each in board.editions if each.in_force), None)
    if now is None:
        return []
    stands = _figures({name: _plain(getattr(now, name)) for name in RATES})
    wanted = _figures({name: command.get(name) for name in RATES})
    return [
        (label, stands.get(label, "–"), wanted.get(label, "–"))
        for label in dict.fromkeys([*stands, *wanted])
        if stands.get(label, "–") != wanted.get(label, "–")
    ]


def _figures(rates: dict[str, Any]) -> dict[str, str]:
    return dict(drafts.told(json.dumps({name: each for name, each in rates.items() if each})))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): str(each) for name, each in value.items()}
    return None if value is None else str(value)


def _guards(ask: Ask, command: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Limits that are in force and would be replaced or put out of force."""
    known = {each.name: each.title for each in part(ask, overview.margins) or ()}
    wanted = {each["name"]: each["title"] for each in command.get("install", ()) if each["name"] in known}
    return [(known[name], _("in force"), _("replaced by %(title)s") % {"title": wanted[name]}) for name in wanted] + [
        (known[name], _("in force"), _("put out of force")) for name in command.get("retire", ()) if name in known
    ]
