"""Shape what goes into an evidence package. Pure; personal values are redacted here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from farthing.credit.model import Consent, Decision, Inputs
from farthing.kit.canonical import plain
from farthing.kit.errors import conflict
from farthing.lending.model import Loan, Repayment
from farthing.parties.model import Party, Verification

PACKAGE_CHANGED = conflict(
    "assurance.package_changed",
    "{subject} changed after this package was listed; ask for another package, under a new key.",
    "{subject} 在证据包列出后已有变动；请使用新的幂等键重新申请证据包。",
)
WITNESS_SAW_MORE = conflict(
    "assurance.witness_saw_more",
    "The witness {peer} saw {seen} leaves of this log, and it has fewer: the log was set back; find out why before anything"
    " is published.",
    "见证方 {peer} 曾见到本日志的 {seen} 条记录，而现有记录更少：日志被回退；请先查明原因，再行公布。",
)

SIGNER_SAW_MORE = conflict(
    "assurance.signer_saw_more",
    "The log's signer signed {seen} leaves, and the log has {there}: the log was set back; find out why before anything is"
    " published.",
    "日志签名进程曾签署 {seen} 条记录，而日志现有 {there} 条：日志被回退；请先查明原因，再行公布。",
)
WITNESSES_MISSING = conflict(
    "assurance.witnesses_missing",
    "The policy in force asks for {needed} witnesses of the log, and {named} are named: name more in FARTHING_WITNESSES, or"
    " publish another policy.",
    "现行政策要求日志有 {needed} 个见证方，目前仅指定 {named} 个：请在 FARTHING_WITNESSES 中补充，或发布新的政策。",
)
COSIGNATURE_AWAITED = conflict(
    "assurance.cosignature_awaited",
    "The witness {witness} has not cosigned the log yet; ask again with the same key.",
    "见证方 {witness} 尚未会签日志；请使用同一幂等键重试。",
)
LOG_UNSIGNED = conflict(
    "assurance.log_unsigned",
    "The log's signer has not signed yet ({problem}); ask again with the same key when it answers.",
    "日志签名进程尚未签署（{problem}）；待其应答后，请使用同一幂等键重试。",
)


def pem(certificates: Iterable[bytes]) -> bytes:
    """Certificates (DER) as one PEM file, each once."""
    return b"".join(
        x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in dict.fromkeys(certificates)
    )


def identity(party: Party, verifications: Sequence[Verification]) -> dict[str, Any]:
    """Who the borrower is, redacted, and what identity providers answered."""
    return {
        "party_id": party.id,
        "kind": party.kind,
        "name": party.name[:1] + "*" * (len(party.name) - 1),
        "number": f"{party.number[:6]}********{party.number[-4:]}",
        "verification_level": party.verification_level,
        "levels_until": [day.isoformat() for day in party.levels_until],
        "verifications": [plain(item) for item in verifications],
    }


def records(
    loan: Loan,
    repayments: Sequence[Repayment],
    who: dict[str, Any],
    consents: Sequence[Consent],
    decision: Decision,
    inputs: Inputs,
) -> dict[str, Any]:
    """The package's records by name."""
    return {
        "identity": who,
        "consents": [plain(consent) for consent in consents],
        "decision": plain(decision),
        "decision-inputs": plain(inputs),
        "loan": plain(loan),
        "repayments": [plain(item) for item in repayments],
    }
