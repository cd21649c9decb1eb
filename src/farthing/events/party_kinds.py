"""Own the kinds of events of who customers are: registered, checked, vouched for, doubted, erased."""

from __future__ import annotations

from farthing.assurance.erasure import service as erasure
from farthing.events.kinds import Kind, told
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.levels import service as levels

PARTIES: tuple[Kind, ...] = (
    told(
        "parties.erased",
        Words("A person's data were erased, and the key to them destroyed.", "一名个人的数据已删除，其密钥已销毁。"),
        erasure.destroy_keys,
        party_id="result.party_id",
    ),
    told(
        "parties.evidence_doubted",
        Words("What showed who a customer is was doubted.", "客户的核验凭据受到质疑。"),
        levels.doubt_evidence,
        party_id="result.party_id",
        verification_level="result.level",
    ),
    told(
        "parties.identity_checked",
        Words("It was checked who a customer is.", "客户身份已核验。"),
        parties.identity_answered,
        verification_id="result.id",
        party_id="result.party_id",
        outcome="result.outcome",
        verification_level="result.verification_level",
    ),
    told(
        "parties.registered",
        Words("A person or an organisation was registered.", "一名个人或一家单位已登记。"),
        parties.register,
        parties.register_organisation,
        party_id="result.id",
        kind="result.kind",
    ),
    told(
        "parties.vouched",
        Words("Two of the staff vouched for a customer at a counter.", "柜台双人面核了一名客户。"),
        levels.vouch_at_counter,
        party_id="result.party_id",
        verification_level="result.level",
    ),
)
"""By their names."""
