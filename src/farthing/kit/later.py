"""Own loading by name what most runs of the program never need: the one place where an import waits for its use.

The command line, the schema's upgrade and the signing of PDFs ask here, so that ``farthing --help`` does not pay for a
web server, nor a bank's start for a PDF library. The price is that such an import is seen by neither types nor import
contracts: a tidy test lists who may use it, and that nobody reaches into another package by it but the command line.
"""

from __future__ import annotations

import importlib
from typing import Any


def load(place: str) -> Any:
    """What ``module:name`` names, the module imported now if it was not."""
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


class Later:
    """A module that is imported when the first of its names is asked for."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self._module), name)
