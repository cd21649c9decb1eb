"""Write the receipt of a consent, which a person keeps and shows without us. Pure.

Source: ISO/IEC TS 27560:2023 (its members, in the words of the W3C data privacy vocabulary): the record, the person by a
pseudonym, who controls and who receives, the notice that she read, per purpose what and for how long, how it is taken back,
and what
happened.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from farthing.kit.canonical import digest
from farthing.kit.ids import derived, prefixed
from farthing.parties.vouching.model import RelyingParty
from farthing.sharing.model import SharingConsent
from farthing.sharing.rules import account_id
from farthing.sharing.templates import Template

SCHEMA = "ISO/IEC TS 27560:2023"


def receipt_of(consent: SharingConsent, partner: RelyingParty, template: Template | None, on: date) -> dict[str, Any]:
    """The receipt as it stands on a day, with the digest of all of it that never changes."""
    details, version = consent.details, consent.notice.partition("/")
    title = {"en": template.title.en, "zh": template.title.zh} if template is not None else {"en": details.template}
    given: dict[str, Any] = {
        "schema_version": SCHEMA,
        "record_id": consent.id,
        "pii_principal": prefixed("subject", derived(f"{partner.sector}\n{consent.party_id}")),
        "pii_controllers": [{"name": consent.issuer, "role": "source"}, {"name": partner.name, "role": "recipient",
        "id": partner.id}],
        "notice": {"version": version[0], "language": version[2]},
        "purposes": [{
            "purpose": details.template, "title": title, "lawful_basis": "consent",
            "pii": list(details.kinds),
            "accounts": [account_id(partner.id, consent.party_id, each) for each in consent.accounts],
            "from": details.from_on.isoformat() if details.from_on is not None else None,
            "storage_limit": details.until.isoformat(),
            "withdrawal": f"{consent.issuer.removesuffix('/open')}/me/shared",
        }],
        "given_at": consent.given_at.isoformat(timespec="seconds"),
    }  # fmt: skip
    events = [{"event": "given", "at": given["given_at"], "actor": "pii_principal", "channel": "authorization page"}]
    if consent.ended_at is not None:
        events.append({
            "event": "withdrawn" if consent.ended_why == "person" else "ended", "why": str(consent.ended_why),
            "at": consent.ended_at.isoformat(timespec="seconds"),
        })  # fmt: skip
    elif consent.state(on) == "expired":
        events.append({"event": "expired", "at": details.until.isoformat()})
    return {**given, "events": events, "state": consent.state(on), "proof": {"sha256": digest(given).hex()}}
