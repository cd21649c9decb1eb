"""Own what the partner's door is: its places and its pages."""

from __future__ import annotations

from fastapi import APIRouter

from farthing.web.doors import Door, Place
from farthing.web.speech import N_

DOOR = Door("partner", N_("Partner"), "/partner", "rail", (Place("/me", N_("My login")),))
ROUTERS: tuple[APIRouter, ...] = ()
