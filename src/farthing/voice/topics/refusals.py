"""Own the refusals of topics, each with its code."""

from __future__ import annotations

from farthing.kit.errors import conflict, declined, malformed, not_found

UNREADABLE = malformed("topics.unreadable", "This is no set of topics: {why}.", "主题文件无法读取：{why}。")
TOO_FEW = declined(
    "topics.too_few",
    "There are {texts} different texts; topics are found in {least} and more of one language.",
    "不同的文本共 {texts} 条，同一语言至少 {least} 条才能归纳主题。",
)
UNKNOWN = not_found("topics.unknown", "There is no topic {topic}.", "没有主题 {topic}。")
NO_MODEL = not_found("topics.none", "No set of topics is in force yet.", "尚无生效的主题模型。")
CAUSELESS = malformed("topics.cause_unknown", "{cause} is no root cause of the tree.", "没有根因代码 {cause}。")
ITSELF = declined("topics.merged_round", "{topic} cannot be merged into {into}.", "主题 {topic} 不能并入 {into}。")
NO_ALARM = not_found("topics.alarm_unknown", "There is no such alarm.", "没有此预警。")
ALARM_ENDED = conflict("topics.alarm_ended", "The alarm was ended before.", "该预警已处理完毕。")
TO_COME = declined(
    "topics.change_to_come",
    "No full week has passed since {day}: what a change did is not known yet.",
    "{day} 之后尚无完整的一周，变更效果暂不可知。",
)
