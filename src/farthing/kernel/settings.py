"""Own the settings: environment variables ``FARTHING_*`` (or a ``.env`` file), each with a safe default."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a deployment chooses. Every field is the environment variable ``FARTHING_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix="FARTHING_", env_file=".env", extra="ignore", env_ignore_empty=True)
    """A variable that is set to nothing is not set: `FARTHING_KEYRING=` is no folder, and least of all the one one stands in."""

    database_url: str | None = None
    """PostgreSQL 16 or newer; without it the embedded server under ``home`` is used."""

    app_database_url: str | None = None
    """The login of the role ``farthing_app`` where whoever keeps the server made it; else it is derived from the owner's."""

    home: Path = Path(".farthing")
    """Where the embedded server and made files live."""

    policy: str = "cn"
    """The policy pack (``policies/<name>.toml``) whose law applies."""

    home_currency: str | None = None
    """The currency in which a new bank keeps its books; without it the one of the policy pack. It is never changed."""

    clock: Literal["simulated", "real"] = "simulated"
    """``simulated``: the bank's instant follows its business date; ``real``: it is the wall clock."""

    language: Literal["zh", "en"] = "zh"
    """The language of a page where neither the visitor nor the browser asks for one that there is."""

    time_zone: str = "Asia/Shanghai"
    """Where the bank's business date is counted."""

    opens_on: date | None = None
    """The first business date of a new simulated bank (``2026-03-10``); without it today. A real clock knows only today."""

    pool_size: int = Field(8, ge=1)
    host: str = "127.0.0.1"
    port: int = Field(8484, ge=1, le=65535)

    workers: int = Field(1, ge=1)
    """Processes that serve; each has its own lanes. As many as cores where HTTP is the bottleneck."""

    bureau_url: str | None = None
    """A licensed credit bureau's address; without it the built-in sandbox bureau answers."""

    exposure: Path | None = None
    """Folder with what this bank is to an exchange of exposure: ``lender`` and ``door``, each with its key and whom it believes
    (``farthing exposure make-key``; docs/guides/exposure.md). Without it no decision asks one."""

    tagger_url: str = "http://127.0.0.1:8491"
    """Where the exchange's tagger answers."""

    shelf_url: str = "http://127.0.0.1:8492"
    """Where the exchange's shelf answers."""

    rail_url: str | None = None
    """Where a sandbox bank of its own process answers (``python -m farthing.town.bank_server``); without it the rail of a
    simulated bank is in the program."""

    tsa_url: str | None = None
    """A licensed RFC 3161 time-stamping authority; without it the built-in sandbox TSA stamps."""

    ocsp_url: str | None = None
    """The certificate authority's OCSP responder (RFC 6960); without it the built-in sandbox responder answers."""

    tsa_certificates: Path | None = None
    """PEM file of the licensed authority's chain, its own certificate first."""

    witnesses: Path | None = None
    """File of the witnesses that cosign the log's checkpoints (C2SP tlog-witness): a line each, its address and its
    verifier key; empty lines and those that begin with ``#`` are passed over."""

    log_signer: str = "local"
    """Who holds the log's key: ``local``, a process that the bank starts beside itself, over a folder under ``home``; or the
    address of the socket of one that runs as another user (``farthing log-signer serve``)."""

    secure_cookies: bool | None = None
    """Cookies travel over TLS alone; without it they do unless ``host`` is this machine itself and the request came by
    plain HTTP. Set it where a proxy that speaks TLS stands before a bank on loopback and does not say so."""

    origin: str | None = None
    """The address at which people reach the pages (``https://bank.example``): passkeys are bound to it and its host. Without it
    ``http://localhost`` with the port, which is good for trying out alone."""

    bill_channels: Path | None = None
    """Folder of public keys (Ed25519, ``<issuer>.pem``) of wallets and banks whose seals on bills are believed."""

    bill_roots: Path | None = None
    """File of root certificates (PEM) under which wallets sign the certificates of payments that they issue as PDF; whose
    signature counts is told by name in ``data/issuers/certificates.toml``. Without it nobody's is believed."""

    secret: str | None = None
    """Key material under which the signing keys in the database are wrapped. Without it they lie there as they are, and
    in every backup; with it, whoever restores a backup needs it too."""

    secret_before: str | None = None
    """The secret before this one: what was sealed under it opens still. It is taken away when all is sealed anew
    (``farthing crypto reseal``)."""

    seal_key: str | None = None
    """Where the key of the institution's seal lies: a file (PKCS#8 in PEM, P-256) or a token, ``pkcs11:token=NAME;object=NAME``
    ``?module-path=LIBRARY&pin-source=file:PATH``. Without it the key is made by the bank and kept in the database, sealed."""

    exchange_url: str | None = None
    """Where the credit-information node answers of which this institution is a member (docs/guides/run-an-exchange.md); without
    it nobody is told of loans."""

    exchange_name: str | None = None
    """By what the node is addressed, as ``farthing exchange open`` named it."""

    exchange_node_key: str | None = None
    """The node's public key, by which its answers are checked: what ``farthing exchange open`` printed."""

    exchange_member: str | None = None
    """As which member this institution signs: its unified social credit code."""

    exchange_key: str | None = None
    """Where the key lies by which it signs: a file (``farthing exchange make-key``) or a token (``pkcs11:``)."""

    keyring: Path | None = None
    """Folder of the keyring, in which each person's own key lies: outside the database, and copied apart from it; without it
    ``keyring`` under ``home``."""

    openid_providers: Path | None = None
    """File (TOML) of the institutions whose logins sign in here (docs/guides/openid.md); without it there are none."""

    webhooks_anywhere: bool = False
    """Events may be sent over plain HTTP and to this machine or a private network too; without it to the internet alone,
    over TLS. For trials, and for receivers behind the same wall."""

    metrics_token: str | None = None
    """Who bears it reads ``/metrics``; without it, only who asks from this machine and not through a proxy."""

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (OSError, ValueError, LookupError):
            raise ValueError("it is no time zone; write one such as Asia/Shanghai") from None
        return name

    @field_validator("origin")
    @classmethod
    def _an_origin(cls, address: str | None) -> str | None:
        if address is None:
            return None
        parts = urlsplit(address)
        local = parts.hostname == "localhost"
        if (
            (parts.scheme != "https" and not (local and parts.scheme == "http"))
            or not parts.hostname
            or parts.path.strip("/")
        ):
            raise ValueError("it is no origin; write one such as https://bank.example, without a path")
        return f"{parts.scheme}://{parts.netloc}".lower()

    @model_validator(mode="after")
    def _a_whole_exchange(self) -> Settings:
        named = (self.exchange_name, self.exchange_node_key, self.exchange_member, self.exchange_key)
        if self.exchange_url is not None and not all(named):
            raise ValueError("an exchange needs FARTHING_EXCHANGE_NAME, _NODE_KEY, _MEMBER and _KEY beside its address")
        return self

    @model_validator(mode="after")
    def _today_alone(self) -> Settings:
        if self.clock == "real" and self.opens_on is not None:
            raise ValueError("a bank with a real clock opens today; FARTHING_OPENS_ON is for a simulated one")
        return self
