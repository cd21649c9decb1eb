"""Own how a form registers a program of others: by its addresses, what it may ask for, and its keys or none."""

from __future__ import annotations

import json
from typing import Any

from farthing.parties.vouching import service
from farthing.parties.vouching.model import CLAIMS, READS
from farthing.web.forms import command_of


def wanted(fields: Any) -> Any:
    """What a form registers: a key proves the program where one was pasted, else a secret does."""
    keys = _whole(str(fields.get("keys") or "").strip())
    return command_of(
        service.register_relying_party, fields,
        redirect_uris=tuple(str(fields.get("redirect_uris") or "").split()),
        claims=tuple(each for each in CLAIMS if fields.get(f"claim-{each}")),
        reads=tuple(each for each in READS if fields.get(f"reads-{each}")),
        authentication="private_key_jwt" if keys else "client_secret_basic", keys=keys,
    )  # fmt: skip


def _whole(keys: str) -> str:
    """A set of keys; a single key that was pasted makes one."""
    try:
        said = json.loads(keys) if keys else None
    except (ValueError, RecursionError):
        return keys
    return json.dumps({"keys": [said]}) if isinstance(said, dict) and "kty" in said else keys
