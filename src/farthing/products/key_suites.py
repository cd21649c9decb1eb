"""Own ``KeySuites``: by which algorithms documents, the evidence log and envelopes go, as data of a policy pack. Pure.

A pack names suites of :mod:`farthing.kit.keys.suites`; one that a suite cannot serve is refused when the pack is read.
"""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.keys.suites import SUITES, Use
from farthing.kit.tables import Table
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class KeySuites:
    """The suite of signatures in PDF and their certificates, of the evidence log's key, and of what is kept sealed."""

    documents: str
    log: str
    envelopes: str
    article: Words

    def of(self, use: Use) -> str:
        """The suite that a use goes by; certificates are those of documents."""
        return {Use.LOG: self.log, Use.ENVELOPES: self.envelopes}.get(use, self.documents)


def before(article: Words) -> KeySuites:
    """What a pack from before suites were chosen goes by: what the program always did."""
    return KeySuites("p256", "ed25519", "p256", article)


def decode(table: Table) -> KeySuites:
    """The part ``[suites]`` of a policy pack; refuses ``products.*`` by key."""
    documents, log, envelopes = (
        table.choice(use.value, [each.name for each in SUITES.values() if use in each.uses])
        for use in (Use.DOCUMENTS, Use.LOG, Use.ENVELOPES)
    )
    found = KeySuites(documents, log, envelopes, table.words("article"))
    table.close()
    return found
