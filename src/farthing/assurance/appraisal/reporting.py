"""Make the report on a file of which a checker found something. Pure: reads the file that it is given, and keeps nothing.

The checker runs in a process of its own where the file is a stranger's (``kit/confined``); whoever calls says how.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from datetime import datetime

from farthing.assurance.appraisal.conditions import catalogue
from farthing.assurance.appraisal.model import Exhibit
from farthing.assurance.appraisal.paper import Report
from farthing.assurance.appraisal.rules import appraise
from farthing.evidence.checker.report import Finding

MOST = 64 * 1024
"""Bytes of ``package.json`` that are read; a real one has some hundreds."""
MOST_SAID = 200


def reported(name: str, content: bytes, findings: Sequence[Finding], checked_at: datetime, *, given: bool) -> Report:
    """The report on a file of which the checker found ``findings``; ``given`` says whether roots or keys were brought."""
    return Report(_exhibit(name, content), appraise(catalogue(), findings), checked_at, given)


def _exhibit(name: str, content: bytes) -> Exhibit:
    """What is appraised, and what it says of itself, as far as that can be read."""
    digest = hashlib.sha256(content).hexdigest()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened, opened.open("package.json") as member:
            said = json.loads(member.read(MOST))
        told = {key: str(said.get(key, ""))[:MOST_SAID] for key in ("subject", "title", "made_at")}
    except (
        ValueError,
        KeyError,
        AttributeError,
        OSError,
        EOFError,
        RuntimeError,
        NotImplementedError,
        zipfile.BadZipFile,
        zlib.error,
    ):
        told = {}
    return Exhibit(name[:MOST_SAID], digest, len(content), **told)
