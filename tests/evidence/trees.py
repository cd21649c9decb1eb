"""Trees for tests: one that grows, a fork of it, and what a follower is asked about them."""

from __future__ import annotations

from farthing.evidence import merkle, note
from farthing.evidence.following import Request
from farthing.evidence.note import TreeHead
from farthing.evidence.service import ORIGIN


class Tree:
    """A tree of leaves that are named by numbers; from ``fork`` on they are others."""

    def __init__(self, most: int, fork: int | None = None) -> None:
        self._nodes: list[bytes] = []
        self._roots = [merkle.EMPTY_ROOT]
        frontier = merkle.Frontier()
        for number in range(most):
            other = fork is not None and number >= fork
            made = frontier.add(merkle.leaf_hash(f"{number}{' other' if other else ''}".encode()))
            self._nodes += [hashed for _, hashed in made]
            self._roots.append(frontier.root())

    def head(self, size: int) -> TreeHead:
        return TreeHead(ORIGIN, size, self._roots[size])

    def proof(self, old: int, new: int) -> tuple[bytes, ...]:
        if not 0 < old < new:
            return ()
        nodes = {ident: self._nodes[ident] for ident in merkle.consistency_nodes(old, new)}
        return tuple(merkle.consistency_proof(old, new, nodes))

    def request(self, old: int, new: int) -> Request:
        return Request(old, self.proof(old, new), note.checkpoint_text(self.head(new)))
