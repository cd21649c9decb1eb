"""Own the nouns of an act of signing: what is ordered, and what was made of it. Never holds a key in the clear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from farthing.kernel.operation import secret
from farthing.kit.inputs import AnyId, Base64, Count, Day, Id, Many, OrganisationName, Size
from farthing.signing.model import Kind, Subject


@dataclass(frozen=True, slots=True)
class Act:
    """One signature that is ordered. ``kept_seal``: by an organisation's kept seal, else by a key made for it alone; ``staff``:
    who saw the signer read it at a counter."""

    role: str
    subject: Subject
    kept_seal: bool
    staff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """Signatures on one contract, in their order. ``shown``: the digest of the document that was shown.

    ``text_base64`` is the text that is certified first, where nothing is signed yet.
    """

    contract_id: str
    shown: str
    acts: tuple[Act, ...]
    text_base64: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """One revision of the document: who signed, by which certificate, and the bytes that it added.

    A document timestamp has no signer; ``renew_on``: from when on it is
    renewed. ``seal`` and ``wrapped_key_base64``: a kept seal that was made on the way. ``custody``: who held the key of a
    certificate for one signature; ``staff``: who saw the signer read it at a counter.
    """

    field: Id
    party_id: Id | None
    name: OrganisationName
    kind: Kind | None
    level: Count
    length: Size
    digest: Id
    certificate_base64: Base64 = ""
    seal: AnyId = ""
    generation: Size = 0
    wrapped_key_base64: Base64 = secret("")
    renew_on: Day | None = None
    added_base64: Base64 = secret("")
    custody: AnyId = ""
    staff: Annotated[tuple[Id, ...], Many] = ()


@dataclass(frozen=True, slots=True)
class SignaturesMade:
    """What came of an order: every revision, in order; none where it came too late to sign."""

    errand_id: Id
    shown: AnyId
    made: Annotated[tuple[Made, ...], Many]
