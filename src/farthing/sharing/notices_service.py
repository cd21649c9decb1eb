"""Run the end of consents: tokens die in the same transaction, and the institution is told by an errand, as a signed security
event (RFC 8417, delivered as RFC 8935 says) at the address that it registered. It may also ask how its tokens stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel.errands import Desk, Errand
from farthing.kernel.operation import operation
from farthing.kernel.whose import NOBODYS
from farthing.kit.words import Words
from farthing.parties.vouching import keys_service as keys
from farthing.parties.vouching import service as partners
from farthing.sharing import store
from farthing.sharing.model import NoticeTaken, SharingConsent, Why

KIND = "sharing.ended"
EVENT = "urn:farthing:event:consent-ended"
HEADERS = {"Content-Type": "application/secevent+jwt", "Accept": "application/json"}
TRIED = 12
"""How often an institution is told that does not take it; it finds out when it asks."""


def end(tx: Tx, consent_ids: Sequence[str], why: Why, at: datetime) -> int:
    """End consents with all their tokens at once, and tell the institutions; answers how many tokens died."""
    ended = store.end(tx, consent_ids, why, at)
    died = store.end_tokens(tx, ended, at) if ended else 0
    for consent_id in ended:
        consent = store.consent(tx, consent_id)
        if consent is not None:
            _tell(tx, consent, why, at)
    return died


def _tell(tx: Tx, consent: SharingConsent, why: Why, at: datetime) -> None:
    partner, ended = partners.named(tx, consent.relying_party_id)
    if ended or not partner.notices_to:
        return
    claims = {
        "iss": consent.issuer, "aud": partner.id, "iat": int(at.timestamp()), "jti": consent.id, "sub_id": {"format": "opaque",
        "id": consent.id},
        "events": {EVENT: {"consent_id": consent.id, "ended_at": int(at.timestamp()), "why": why}},
    }  # fmt: skip
    token = keys.signed(tx, claims, at, "secevent+jwt")
    asked = {"url": partner.notices_to, "token": token, "consent_id": consent.id}
    errands.write(tx, f"ended-{consent.id}", KIND, partner.id, consent.id, asked, told, waits=False)


@errands.sender(KIND, longest=timedelta(hours=6))
def _send(desk: Desk, errand: Errand) -> NoticeTaken:
    said = errand.request
    sent = desk.ports.peer("webhook").send(said["url"], said["token"].encode(), HEADERS)
    if not (sent.taken or sent.gone or errand.attempts >= TRIED):
        raise ConnectionError(sent.problem)
    return NoticeTaken(errand.id, said["consent_id"])


@operation(
    "sharing.told", title=Words("An institution knows that a consent ended", "机构已获知授权终止"), permission=errands.ANSWER,
    whose=NOBODYS,
)  # fmt: skip
def told(tx: Tx, command: NoticeTaken) -> NoticeTaken:
    """Note that an institution took note, or that it was told often enough."""
    errands.settle(tx, command.errand_id)
    return command
