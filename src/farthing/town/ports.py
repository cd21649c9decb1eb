"""Own the table of ports of a bank: which peers its settings name, and the sandbox peers where they name none."""

from __future__ import annotations

import secrets
from functools import partial
from pathlib import Path

from farthing.credit.bureau.client import HttpBureau
from farthing.credit.bureau.sandbox_bureau import SandboxBureau
from farthing.credit.sandbox_channel import SandboxChannel
from farthing.credit.seals import SignedChannel
from farthing.evidence.client import HttpWitness
from farthing.evidence.note import VerifierKey
from farthing.funding.client import HttpPartnerBank
from farthing.kernel.gateway import SandboxGateway
from farthing.kernel.ports import Build, Ports
from farthing.kernel.settings import Settings
from farthing.parties.sandbox_register import SandboxRegister
from farthing.payments.sandbox_rail import SandboxRail
from farthing.signing.ca import SandboxAuthority
from farthing.signing.client import HttpTimestamper
from farthing.signing.keys import Vault
from farthing.signing.tsa import SandboxTimestamper


def ports_of(settings: Settings) -> Ports:
    """The ports of a deployment. A licensed peer takes the sandbox's place; nothing is asked or built yet.

    A sandbox that makes money, says who somebody is, or shows the codes that come to a phone is for a simulated bank
    alone: with a real clock there is none where the settings name none, and what needs it is refused.
    """
    simulated = settings.clock == "simulated"
    bureau, tsa, certificates = settings.bureau_url, settings.tsa_url, settings.tsa_certificates
    return Ports(
        {
            "rail": {"sandbox": SandboxRail} if simulated else {},
            "proofing": {"sandbox": lambda: SandboxRegister({}, secrets.token_bytes(32))} if simulated else {},
            "bureau": {"bureau": lambda: HttpBureau(bureau)} if bureau else {"sandbox": SandboxBureau},
            "ca": {"sandbox": lambda: SandboxAuthority},
            "tsa": {"licensed": lambda: HttpTimestamper.from_pem(tsa, certificates.read_bytes())}
            if tsa and certificates
            else {"sandbox": lambda: SandboxTimestamper},
            "witness": _witnesses(settings),
            "partner": {"http": HttpPartnerBank},
            "gateway": {"sandbox": SandboxGateway} if simulated else {},
            "channel": {
                **{path.stem: partial(SignedChannel.from_pem, path) for path in _sealers(settings)},
                **({"sandbox": partial(SandboxChannel.kept_in, settings.home)} if simulated else {}),
            },
            "vault": {"settings": lambda: Vault(settings.secret)},
        }
    )


def _witnesses(settings: Settings) -> dict[str, Build]:
    """Who cosigns checkpoints, each under the name of its key."""
    lines = settings.witnesses.read_text(encoding="utf-8").splitlines() if settings.witnesses else []
    said = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return {VerifierKey.parse(vkey).name: partial(HttpWitness, url, vkey) for url, vkey in said}


def _sealers(settings: Settings) -> list[Path]:
    """The public keys of issuers whose seals on bills are believed, each named as its issuer."""
    return sorted(settings.bill_channels.glob("*.pem")) if settings.bill_channels else []
