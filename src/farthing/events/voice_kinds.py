"""Own which events tell of complaints and of all else that people say, and what each says: never a word of it."""

from __future__ import annotations

from farthing.events.kinds import Kind, noted, told
from farthing.kit.words import Words
from farthing.voice.cases import handling_service as handling
from farthing.voice.cases import recording_service as recording
from farthing.voice.cases import redress_service as redress
from farthing.voice.cases import service as voice
from farthing.voice.cases.model import LATE, NEAR, LateTold, NearTold
from farthing.voice.topics.model import Alarm
from farthing.voice.topics.service import ROSE

VOICE: tuple[Kind, ...] = (
    noted("topics.rose", Words("More people than usual speak of a topic.", "某主题的意见明显增多。"), ROSE, Alarm),
    told(
        "voice.answered", Words("The bank answered a case.", "本行已答复投诉或意见。"), handling.answer,
        case_id="result.case_id", party_id="result.party_id", outcome="result.outcome",
    ),
    told(
        "voice.appealed", Words("A person asks once more about an answer.", "客户申请核查答复。"), voice.appeal,
        case_id="result.id", party_id="result.party_id", due_on="result.due_on",
    ),
    noted("voice.late", Words("A case was not answered by its day.", "投诉或意见逾期未答复。"), LATE, LateTold),
    noted("voice.near", Words("A case is near the day by which it is due.", "投诉或意见临近答复期限。"), NEAR, NearTold),
    told(
        "voice.recorded", Words("The staff took down what somebody said.", "员工登记了投诉或意见。"), recording.record,
        case_id="result.case_id", party_id="result.party_id", due_on="result.due_on",
    ),
    told(
        "voice.redressed", Words("The bank paid redress for a case.", "本行已支付投诉补偿。"), redress.redress,
        redress.redress_large, case_id="result.case_id", party_id="result.party_id", amount="result.amount",
    ),
    told(
        "voice.spoken", Words("A customer said something to the bank.", "客户提出投诉或意见。"), voice.speak,
        case_id="result.id", party_id="result.party_id", kind="result.kind", due_on="result.due_on",
    ),
)  # fmt: skip
