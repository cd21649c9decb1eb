"""Keep to the suites of keys that the policy in force chose: a bank is not opened by what it cannot do.

Read when the bank opens, so that a pack that is published later counts from the next start.
"""

from __future__ import annotations

from pathlib import Path

from farthing.bank.keys import suites_in_force
from farthing.bank.ports import LOCAL, keyring_of, vault_of
from farthing.evidence import service as evidence
from farthing.evidence.note import ED25519, VerifierKey
from farthing.evidence.signer.keeping import vkey_in
from farthing.kernel.ports import Ports
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit.errors import Refusal, declined
from farthing.kit.keys.model import NO_TOKEN, PIN_WRONG
from farthing.kit.keys.suites import Use, suite_for

LOG_DIFFERS = declined(
    "bank.log_suite_differs",
    "The policy has the evidence log signed by the suite {wanted}, and its key is of {found}; publish a policy that names "
    "{found}, or give the log a key of {wanted} first.",
    "政策要求存证日志使用密码套件 {wanted} 签名，而其密钥属于 {found}；请发布指定 {found} 的政策，或先为日志更换 {wanted} 密钥。",
)
AWAY = {NO_TOKEN.name, PIN_WRONG.name}
"""A token that does not answer stops what it signs, and not the bank."""


def suited(kernel: Kernel, settings: Settings, ports: Ports) -> Ports:
    """The ports by the suites of the policy in force.

    Refuses ``keys.no_library``, ``keys.suite_cannot``, ``keys.malformed_place``, ``keys.unreadable``,
    ``bank.log_suite_differs``.
    """
    chosen = kernel.read(suites_in_force)
    for use in Use:
        suite_for(chosen.of(use), use)
    keys = kernel.read(evidence.log_keys)
    found = VerifierKey.parse(keys[-1].vkey).suite if keys else _coming(settings) or chosen.log
    if found != chosen.log:
        raise LOG_DIFFERS(wanted=chosen.log, found=found)
    vault = vault_of(settings, chosen.envelopes)
    if vault.institution is not None:
        try:
            _ = vault.institution.handle
        except Refusal as refusal:
            if refusal.code not in AWAY:
                raise
    ring = keyring_of(settings, vault, chosen.envelopes)
    return ports.with_peer("vault", "settings", vault).with_peer("keyring", "file", ring)


def _coming(settings: Settings) -> str | None:
    """The suite of the key that a log without one will take: a signer beside the bank makes Ed25519, another tells its own where
    it can be asked."""
    if settings.log_signer == LOCAL:
        return ED25519
    try:
        return vkey_in(Path(settings.log_signer).parent).suite
    except Refusal:
        return None
