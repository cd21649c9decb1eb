"""Own the sandbox peers of a simulated bank: they stand wherever its settings name no licensed one."""

from __future__ import annotations

import secrets
from functools import partial

from farthing.bank import ports as bank
from farthing.credit.bureau.sandbox_bureau import SandboxBureau
from farthing.credit.sandbox_channel import SandboxChannel
from farthing.credit.seals import JUDGE
from farthing.kernel.gateway import SandboxGateway
from farthing.kernel.ports import Ports, Table
from farthing.kernel.settings import Settings
from farthing.parties.sandbox_register import SandboxRegister
from farthing.payments.bindings.sandbox_network import SandboxNetwork
from farthing.payments.nostro.client import IsoStatements
from farthing.payments.rail_client import IsoRail
from farthing.payments.sandbox_rail import SandboxRail
from farthing.signing.ca import SandboxAuthority
from farthing.signing.revocation.responder import SandboxResponder
from farthing.signing.tsa import SandboxTimestamper
from farthing.town.wallet.issuing import SandboxWallet


def ports_of(settings: Settings) -> Ports:
    """The ports of a simulated bank. A licensed peer takes the sandbox's place; nothing is asked or built yet."""
    licensed = bank.ports_of(settings)
    sandboxes: Table = {
        "rail": {"sandbox": partial(IsoRail, "sandbox", settings.rail_url) if settings.rail_url else SandboxRail},
        "statement": {"sandbox": partial(IsoStatements, settings.rail_url)} if settings.rail_url else {},
        "proofing": {"sandbox": lambda: SandboxRegister({}, secrets.token_bytes(32))},
        "bureau": {"sandbox": SandboxBureau},
        "ca": {"sandbox": lambda: SandboxAuthority},
        "ocsp": {"sandbox": lambda: SandboxResponder},
        "tsa": {"sandbox": lambda: SandboxTimestamper},
        "gateway": {"sandbox": SandboxGateway},
        "network": {"sandbox": partial(SandboxNetwork.kept_in, settings.home)},
        "judge": {JUDGE: partial(SandboxWallet.kept_in, settings.home)},
        "sealer": {"sandbox": lambda: SandboxNetwork.kept_in(settings.home).sealer},
    }
    wanted: Table = {kind: peers for kind, peers in sandboxes.items() if not licensed.names(kind)}
    return licensed.beside(wanted).beside({"channel": {"sandbox": partial(SandboxChannel.kept_in, settings.home)}})
