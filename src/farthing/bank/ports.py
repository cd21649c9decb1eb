"""Own the table of ports of a bank: the peers that its settings name, and no other.

A kind without a peer is a bank that does without: what needs one is refused by name (``payments.rail_unknown``,
``credit.no_bureau``, ``signing.no_authority``). Sandbox peers are added by :mod:`farthing.town` alone.
"""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path

from farthing.bank.certificates import RootsJudge, signers
from farthing.bank.exchange_client import ExchangeBureau
from farthing.bank.exposure import exchange
from farthing.credit.bureau.client import HttpBureau
from farthing.credit.seals import JUDGE, SignedChannel
from farthing.db.keyring.ring import Keyring
from farthing.events.client import HttpWebhooks
from farthing.events.rules import ANYWHERE
from farthing.evidence.client import HttpWitness
from farthing.evidence.note import VerifierKey
from farthing.evidence.signer.client import LocalSigner, SocketSigner
from farthing.exchange.client import WITHIN, HttpExchange
from farthing.exchange.messages import PublicKey
from farthing.funding.client import HttpPartnerBank
from farthing.identity.outside.client import HttpProvider
from farthing.identity.outside.providers import providers_of
from farthing.kernel.ports import Build, Ports
from farthing.kernel.settings import Settings
from farthing.kit.base64url import decode
from farthing.kit.keys.places import key_at
from farthing.kit.keys.suites import Use, suite_for
from farthing.sharing.pulling.client import HttpGivers
from farthing.signing.client import HttpTimestamper
from farthing.signing.keys import Vault
from farthing.signing.revocation.client import HttpResponder


def ports_of(settings: Settings) -> Ports:
    """The licensed peers of a deployment; nobody is asked and nothing is built yet."""
    tsa, certificates, roots = settings.tsa_url, settings.tsa_certificates, settings.bill_roots
    return Ports(
        {
            "bureau": _bureaus(settings),
            "exposure": {"exchange": partial(exchange, settings.exposure, settings.tagger_url, settings.shelf_url)}
            if settings.exposure
            else {},
            "ocsp": {"licensed": partial(HttpResponder, settings.ocsp_url)} if settings.ocsp_url else {},
            "tsa": {"licensed": lambda: HttpTimestamper.from_pem(tsa, certificates.read_bytes())}
            if tsa and certificates
            else {},
            "signer": {"log": lambda: log_signer(settings)},
            "witness": _witnesses(settings),
            "partner": {"http": HttpPartnerBank},
            "channel": {path.stem: partial(SignedChannel.from_pem, path) for path in _sealers(settings)},
            "judge": {JUDGE: lambda: RootsJudge(roots.read_bytes(), signers())} if roots else {},
            "exchange": {settings.exchange_name: partial(exchange_of, settings)}
            if settings.exchange_url and settings.exchange_name
            else {},
            "openid": {each.name: partial(HttpProvider, each) for each in providers_of(settings.openid_providers)},
            "giver": {"open": HttpGivers},
            "vault": {"settings": lambda: vault_of(settings)},
            "keyring": {"file": lambda: keyring_of(settings, vault_of(settings))},
            "webhook": {
                ANYWHERE if settings.webhooks_anywhere else "https": partial(
                    HttpWebhooks, anywhere=settings.webhooks_anywhere
                )
            },
        }
    )


def exchange_of(settings: Settings, within: float = WITHIN) -> HttpExchange:
    """The credit-information node that is told of loans."""
    return HttpExchange(
        settings.exchange_url or "", settings.exchange_name or "", PublicKey(decode(settings.exchange_node_key or "")),
        settings.exchange_member or "", key_at(settings.exchange_key or ""), within,
    )  # fmt: skip


ASKED_WITHIN = 3.0
"""Seconds for each message of an inquiry: an applicant waits for it."""


def exchange_bureau(settings: Settings) -> ExchangeBureau:
    """The same node as it is asked what an applicant owes elsewhere. The keys kept for customers are made of ours."""
    seed = hashlib.sha256(b"farthing exchange persons\0" + (settings.secret or "").encode()).digest()
    return ExchangeBureau(exchange_of(settings, ASKED_WITHIN), settings.exchange_member or "", seed)


LOCAL = "local"
"""Who signs the log where no socket is named: a signer that the bank starts beside itself."""
LOG_SIGNERS = "log-signer"
"""The folder under ``home`` where keys of the log lie that a local signer holds, each in a folder named by its id."""


def log_signer(settings: Settings) -> LocalSigner | SocketSigner:
    """The process that holds the log's key."""
    if settings.log_signer == LOCAL:
        return LocalSigner(settings.home / LOG_SIGNERS)
    return SocketSigner(Path(settings.log_signer))


def vault_of(settings: Settings, suite: str = "p256") -> Vault:
    """What seals the keys and secrets that the bank keeps, by the suite that its policy chose."""
    return Vault(settings.secret, suite, settings.secret_before, settings.seal_key)


def _bureaus(settings: Settings) -> dict[str, Build]:
    """Who is asked what a person owes elsewhere: the exchange, where the bank has joined one, before any other bureau.
    Without ``FARTHING_SECRET`` it is not asked: the keys kept for customers are made of it."""
    can = settings.exchange_url and settings.secret
    joined: dict[str, Build] = {"exchange": partial(exchange_bureau, settings)} if can else {}
    url = settings.bureau_url
    return joined | ({"bureau": lambda: HttpBureau(url)} if url else {})


def keyring_of(settings: Settings, vault: Vault, suite: str = "p256") -> Keyring:
    """Where people's own keys lie, wrapped by the vault; values are sealed by the cipher of the suite that the policy chose."""
    folder = settings.keyring or settings.home / "keyring"
    return Keyring(folder, vault, suite_for(suite, Use.ENVELOPES).cipher.__name__)


def _witnesses(settings: Settings) -> dict[str, Build]:
    """Who cosigns checkpoints, each under the name of its key."""
    lines = settings.witnesses.read_text(encoding="utf-8").splitlines() if settings.witnesses else []
    said = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return {VerifierKey.parse(vkey).name: partial(HttpWitness, url, vkey) for url, vkey in said}


def _sealers(settings: Settings) -> list[Path]:
    """The public keys of issuers whose seals on bills are believed, each named as its issuer."""
    return sorted(settings.bill_channels.glob("*.pem")) if settings.bill_channels else []
