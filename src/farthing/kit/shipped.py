"""Own where the files lie that come with the program: products, policies, guards, read out of the package itself.

A wheel installed anywhere has them, and a checkout has them at ``src/farthing/data``. Never written to.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

DATA = Path(str(resources.files("farthing"))) / "data"
"""The folder with ``products/``, ``policies/`` and ``guards/``. An installed package lies on a disk, hence a path."""
