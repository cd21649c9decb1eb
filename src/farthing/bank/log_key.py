"""Move an installation's log key out of its database, where it lay before the log had a signer. Once, and for good."""

from __future__ import annotations

from pathlib import Path

from farthing.bank.ports import LOG_SIGNERS
from farthing.evidence import service as evidence
from farthing.evidence.note import Ed25519Signer, VerifierKey, parse_checkpoint
from farthing.evidence.signer.keeping import make
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings


def take_key(kernel: Kernel, settings: Settings, folder: Path | None = None) -> list[Path]:
    """Put every private key of the log that lies in the database into a signer's folder, with the last tree that it signed, then
    take it out of the database; answers the folders.

    ``folder``: where, instead of where a local signer looks. The folder is on the disk before the row goes: killed in between,
    it is done again and changes nothing. Backups from before still hold the key, and so does what the server has not vacuumed:
    hand over to a new one (``farthing log-signer hand-over``).
    """
    lying, newest = kernel.read(lambda tx: (evidence.private_keys(tx), evidence.latest_checkpoint(tx)))
    made = []
    for origin, seed in lying.items():
        key = VerifierKey(origin, Ed25519Signer(origin, seed).public)
        place = folder or settings.home / LOG_SIGNERS / key.ident.hex()
        make(place, origin, seed=seed, last=None if newest is None else parse_checkpoint(newest.note))
        kernel.tidy(lambda tx, origin=origin: evidence.forget_private(tx, origin))  # type: ignore[misc]
        made.append(place)
    return made


def require_signer(kernel: Kernel) -> None:
    """See to it that the log's signer answers before the bank serves; refuses ``evidence.signer_away``."""
    keys = kernel.read(evidence.log_keys)
    kernel.ports.peer("signer").ready(keys[-1].vkey if keys else None)
