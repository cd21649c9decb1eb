"""Judge the certificates of payments that wallets sign: by the roots that a deployment believes and the names that they sign by.

Any company may have a certificate under such a root; what it signs is a wallet's certificate only by the wallet's own name.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from farthing.credit.seals import PdfSeal
from farthing.db.server import Unavailable
from farthing.kit.errors import InvariantBroken
from farthing.kit.later import Later
from farthing.kit.shipped import DATA
from farthing.kit.tables import Fault, parse
from farthing.signing.judging.model import Judgement, Kind, Verdict

judging: Any = Later("farthing.signing.judging.service")

PROVIDERS = ("wechat", "alipay")
AT_ONCE = 2
WAIT_SECONDS = 30
_PLACES = threading.BoundedSemaphore(AT_ONCE)


@cache
def signers() -> dict[str, tuple[str, ...]]:
    """The names that each wallet signs by, as they ship with the program."""
    path = DATA / "issuers" / "certificates.toml"
    table = parse(path.name, path.read_text(encoding="utf-8"), _broken)
    table.choice("kind", ("certificate_signers",))
    found = {}
    for provider in PROVIDERS:
        inner = table.table(provider)
        found[provider] = inner.texts("names")
        inner.text("source")
        inner.close()
    table.close()
    return found


def _broken(fault: Fault) -> InvariantBroken:
    return InvariantBroken(f"{fault.file}: {fault.name} {fault.problem}")


class RootsJudge:
    """The peer ``judge``: judges in a process of its own (:mod:`farthing.signing.judging`)."""

    def __init__(self, roots: bytes, names: Mapping[str, Sequence[str]]) -> None:
        self._roots, self._names = roots, names

    def judged(self, pdf: bytes) -> PdfSeal:
        """What is said of a certificate; refuses ``signing.pdf_too_large``, ``signing.pdf_too_much``."""
        if not _PLACES.acquire(timeout=WAIT_SECONDS):
            raise Unavailable("too many certificates are being judged at once; try again in a minute")
        try:
            return self.seal_of(judging.judged(pdf, self._roots))
        finally:
            _PLACES.release()

    def seal_of(self, found: Judgement) -> PdfSeal:
        """What a judgement comes to: every signature must hold and stand under a root that is believed."""
        signed = [each.signer for each in found.signatures if each.kind is not Kind.TIMESTAMP]
        signer = "、".join(dict.fromkeys(signed)) or "-"
        if found.verdict is Verdict.NONE:
            return PdfSeal("none", signer, frozenset())
        if found.verdict is not Verdict.SEALED:
            return PdfSeal("changed", signer, frozenset())
        if not signed or not judging.vouched(found):
            return PdfSeal("unknown", signer, frozenset())
        return PdfSeal("holds", signer, frozenset(
            provider for provider, names in self._names.items() if all(each in names for each in signed)
        ))  # fmt: skip
