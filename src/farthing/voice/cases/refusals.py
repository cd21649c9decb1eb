"""Own the refusals of cases, each with its code."""

from __future__ import annotations

from farthing.kit.errors import conflict, declined, forbidden, malformed, not_found

UNKNOWN = not_found("voice.unknown", "There is no such case.", "没有此事项。")
NOT_FOR_YOU = forbidden(
    "voice.not_for_you",
    "This case is not for {actor}; another person decides it.",
    "{actor} 须回避此事项，由他人处理。",
)
OWN = forbidden(
    "voice.own_case",
    "{actor} said this as a customer; another person handles it.",
    "该事项由 {actor} 本人提出，须由他人办理。",
)
WORDLESS = malformed("voice.wordless", "Say in your own words what it is.", "请用自己的话说明情况。")
TO_COME = malformed("voice.day_to_come", "{day} is not between a year ago and today.", "{day} 不在过去一年至今日之间。")
NAMELESS = malformed(
    "voice.nameless", "Take down a name or a phone, so that an answer reaches somebody.", "请记录姓名或电话，以便答复。"
)
SPEAKERS = declined(
    "voice.too_many_speakers",
    "At most {most} speak for a group ({article}).",
    "集体投诉推选的代表不得超过 {most} 人（{article_zh}）。",
)
NOT_NOW = conflict(
    "voice.not_now", "The case is {state}: that cannot be done now.", "该事项状态为{state_zh}，目前不能办理。"
)
STAYS = declined(
    "voice.stays_complaint", "A complaint stays one: its clock runs.", "投诉不能改为其他类型：时限已开始计算。"
)
CLASSLESS = malformed("voice.class_unknown", "{code} is no class of that kind.", "没有分类代码 {code}。")
UNTHOUGHT = declined("voice.unclassed", "Class the case before it is answered.", "答复前请先对该事项分类。")
NOT_OWNER = declined(
    "voice.not_owner",
    "The case is another person's or nobody's yet; make it yours first.",
    "该事项未由您承办，请先认领。",
)
ANOTHER = declined("voice.another_person", "Who answered before does not answer again.", "原答复人不得办理核查。")
NO_HANDLER = not_found(
    "voice.no_handler",
    "There is no member of staff {login} who may handle this case.",
    "没有可处理该事项的员工 {login}。",
)
NO_STAFF = not_found("voice.no_staff", "There is no member of staff {login}.", "没有员工 {login}。")
NO_MORE_DAYS = declined(
    "voice.no_more_days", "The law gives no further days ({article}).", "依法不得再延期（{article_zh}）。"
)
NO_CLOCK = conflict("voice.no_clock", "No clock of this case runs.", "该事项没有正在计算的时限。")
NO_PAUSE = declined(
    "voice.no_pause",
    "The law lets no clock stand still for that ({article}).",
    "依法不得因此中止计算时限（{article_zh}）。",
)
STANDS = conflict("voice.clock_stands", "The clock stands still already.", "时限已中止计算。")
RUNS = conflict("voice.clock_runs", "The clock runs.", "时限正在计算。")
APPEAL_LATE = declined(
    "voice.appeal_late", "The day to ask once more was {day}.", "申请核查的最后一日为 {day}，已过期。"
)
APPEALED = conflict(
    "voice.appealed_before",
    "It was asked once more before; the answer says where to go next.",
    "已申请过核查，请按答复所示渠道反映。",
)
RATED = conflict("voice.rated_before", "This answer was rated before.", "已对该答复评价。")
NO_WALLET = declined(
    "voice.no_wallet",
    "Its person has no wallet here in {currency} to be paid into.",
    "该客户没有可入账的 {currency} 钱包。",
)
NO_AMOUNT = malformed("voice.no_amount", "Redress is more than zero.", "补偿金额须大于零。")
TWO = declined(
    "voice.two_persons",
    "With this more than {most} would be given by one person; draft it for a second.",
    "一人补偿将超过 {most}，须提交第二人复核。",
)
