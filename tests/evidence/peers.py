"""A witness served over HTTP as c2sp.org/tlog-witness says, in a thread, for the client to talk to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from farthing.evidence.witness import LogWitness
from farthing.evidence.witness_server import WitnessServer


@contextmanager
def serving(witness: LogWitness) -> Iterator[str]:
    """The address of a witness."""
    with WitnessServer(witness) as server:
        yield server.url
