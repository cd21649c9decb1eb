"""Own what a door is: its name, where it starts, and the places that its navigation shows to whom.

Each door declares itself in its own package (``web/customer/door.py``); a place is shown to whoever holds its permission,
and the one whose address begins the page's address is the current one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from farthing.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a door's navigation. ``title``: an English source string, marked by ``N_``.

    ``permission``: who sees it; none: everybody at this door. ``also``: further beginnings of addresses that belong to it.
    ``key``: an access key, for a door that is worked by keyboard. ``group``: what stands above it and those after it in a
    rail; a rail says it once.
    """

    path: str
    title: str
    permission: str | None = None
    also: tuple[str, ...] = ()
    key: str | None = None
    group: str = ""

    def holds(self, path: str) -> bool:
        """Whether a page belongs to this place."""
        return path == self.path or any(path.startswith(each) for each in self.also)


@dataclass(frozen=True, slots=True)
class Door:
    """A door: ``shape`` is how its navigation is shown, tabs at the bottom of a phone or a rail at the left.

    ``search``: the page that looks for anything at all; its box stands in the bar for whoever sees that place.
    """

    name: str
    title: str
    start: str
    shape: Literal["tabs", "rail"]
    places: tuple[Place, ...] = ()
    search: Place | None = None

    def shown(self, who: Actor) -> tuple[Place, ...]:
        """The places that somebody may go to."""
        return tuple(each for each in self.places if each.permission is None or who.may(each.permission))

    def finds(self, who: Actor) -> Place | None:
        """The search of this door, for whoever may use it."""
        found = self.search
        return found if found is not None and (found.permission is None or who.may(found.permission)) else None
