"""Own what stands now in the place of what a draft would change, so that whoever decides reads one beside the other."""

from __future__ import annotations

import json
from typing import Any

from farthing.kernel.approvals import Draft
from farthing.kernel.run import Ask
from farthing.ledger.overview import service as overview
from farthing.savings.shelf import service as shelf
from farthing.savings.shelf.model import NO_BOARD
from farthing.web.ground import part, unless
from farthing.web.operator.editions import compared
from farthing.web.speech import gettext as _


def before(ask: Ask, draft: Draft) -> list[tuple[str, str, str]]:
    """What would be another: what it is called, as it stands, as it would be. Nothing for drafts that replace nothing."""
    command = json.loads(draft.command_json)
    if draft.operation == "savings.publish_rates":
        return _rates(ask, command)
    if draft.operation == "ledger.set_guards":
        return _guards(ask, command)
    return []


def _rates(ask: Ask, command: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Rates of the edition that the draft's would follow beside those of the draft, where they differ."""
    board = unless((NO_BOARD.name,), lambda: ask(shelf.board_view, command["board"]))
    if board is None:
        return []
    return [each.told for each in compared(command, board) if each.before != each.after]


def _guards(ask: Ask, command: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Limits that are in force and would be replaced or put out of force."""
    known = {each.name: each.title for each in part(ask, overview.margins) or ()}
    wanted = {each["name"]: each["title"] for each in command.get("install", ()) if each["name"] in known}
    return [(known[name], _("in force"), _("replaced by %(title)s") % {"title": wanted[name]}) for name in wanted] + [
        (known[name], _("in force"), _("put out of force")) for name in command.get("retire", ()) if name in known
    ]
