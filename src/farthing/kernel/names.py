"""Own the names of operations and questions: each is given once, so that a name leads to one thing only."""

from __future__ import annotations

from farthing.kit.errors import InvariantBroken

_TAKEN: dict[str, str] = {}


def take(name: str, kind: str) -> None:
    """Give ``name`` to an operation or a question; no two of them may share one."""
    if name in _TAKEN:
        raise InvariantBroken(f"{kind} {name} is declared twice: there is {_TAKEN[name]} of that name")
    _TAKEN[name] = f"an {kind}" if kind == "operation" else f"a {kind}"
