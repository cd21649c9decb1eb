"""The stand-alone checker of evidence packages: Python's standard library and ``openssl``, nothing of Farthing.

It is what ``farthing verify PACKAGE.zip`` runs; its text lies in every package to be read, never to be run from there.
It shares no code with what builds packages, so one mistake cannot hide in both. Never uses the network.
"""

from .main import check
from .report import Finding, Report, Status

__all__ = ["Finding", "Report", "Status", "check"]
