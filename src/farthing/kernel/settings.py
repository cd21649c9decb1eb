"""Own the settings: environment variables ``FARTHING_*`` (or a ``.env`` file), each with a safe default."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a deployment chooses. Every field is the environment variable ``FARTHING_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix="FARTHING_", env_file=".env", extra="ignore")

    database_url: str | None = None
    """PostgreSQL 16 or newer; without it the embedded server under ``home`` is used."""

    home: Path = Path(".farthing")
    """Where the embedded server and made files live."""

    policy: str = "cn"
    """The policy pack (``policies/<name>.toml``) whose law applies."""

    clock: str = "simulated"
    """``simulated``: the bank's instant follows its business date; ``real``: it is the wall clock."""

    time_zone: str = "Asia/Shanghai"
    """Where the bank's business date is counted."""

    pool_size: int = 8
    host: str = "127.0.0.1"
    port: int = 8484

    workers: int = 1
    """Processes that serve; each has its own lanes. As many as cores where HTTP is the bottleneck."""

    bureau_url: str | None = None
    """A licensed credit bureau's address; without it the built-in sandbox bureau answers."""

    tsa_url: str | None = None
    """A licensed RFC 3161 time-stamping authority; without it the built-in sandbox TSA stamps."""

    tsa_certificates: Path | None = None
    """PEM file of the licensed authority's chain, its own certificate first."""

    secret: str | None = None
    """Key material for cookies and stored keys; made at first start when absent."""
