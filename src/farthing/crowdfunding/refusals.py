"""Own every refusal of crowdfunding."""

from __future__ import annotations

from farthing.kit.errors import conflict, declined, malformed, not_found

BAD_FILE = malformed(
    "crowdfunding.bad_file",
    "The file {file} cannot be used: {key}: {problem}.",
    "文件 {file} 无法使用：{key}：{problem_zh}。",
)
BAD_PLAN = malformed(
    "crowdfunding.bad_plan",
    "Write each milestone on a line of its own, its name and then its amount; {line} is none.",
    "请每行填写一个里程碑：名称在前，金额在后；{line} 不符合。",
)
UNKNOWN = not_found("crowdfunding.unknown_project", "There is no project {project_id}.", "没有项目 {project_id}。")
UNKNOWN_GIFT = not_found("crowdfunding.unknown_gift", "There is no gift {gift_id}.", "没有支持记录 {gift_id}。")
UNKNOWN_MILESTONE = not_found(
    "crowdfunding.unknown_milestone", "The project has no milestone {number}.", "该项目没有第 {number} 个里程碑。"
)
KIND_REFUSED = declined(
    "crowdfunding.kind_refused",
    "Projects of the kind {kind} are not opened here ({article}).",
    "本行不开设此类项目：{kind_zh}（{article_zh}）。",
)
GOAL = declined(
    "crowdfunding.goal", "A project is for at most {most} ({article}).", "项目目标金额至多 {most}（{article_zh}）。"
)
DAYS = declined(
    "crowdfunding.days", "A round lasts at most {most} days ({article}).", "每轮至多 {most} 天（{article_zh}）。"
)
OWNER_LEVEL = declined(
    "crowdfunding.owner_level",
    "Whoever asks many for money is known at level {least} ({article}); see how well you are known.",
    "发起人的核验等级须达到 {least} 级（{article_zh}）；请查看您的核验等级。",
)
OPTIMUM = malformed(
    "crowdfunding.optimum",
    "The optimum {optimum} is below the minimum {minimum}.",
    "理想金额 {optimum} 低于最低金额 {minimum}。",
)
PLAN = malformed(
    "crowdfunding.plan",
    "The milestones come to {plan}; they must come to the minimum of {minimum}.",
    "里程碑合计 {plan}；须等于最低金额 {minimum}。",
)
CURRENCY = malformed(
    "crowdfunding.currency", "Projects are in {home}, not in {currency}.", "项目以 {home} 计，不能使用 {currency}。"
)
NOT_PROPOSED = conflict(
    "crowdfunding.not_proposed", "The project is {state} already.", "该项目已不在待审状态（{state}）。"
)
MANY_WAIT = declined(
    "crowdfunding.many_wait",
    "{most} projects of yours wait to be looked at; propose the next once one of them is decided.",
    "您已有 {most} 个项目待审；其中之一有结果后方可再次发起。",
)
MANY_WORDS = declined(
    "crowdfunding.many_words",
    "You told {most} times today; say the rest tomorrow.",
    "今日已发布 {most} 次进展，请明日再发布。",
)
OVER = conflict(
    "crowdfunding.over",
    "The project takes nothing now ({state}); it is decided once, at the end of its last day.",
    "该项目目前不再接受支持（{state}）。",
)
FULL = declined(
    "crowdfunding.full",
    "{left} are left until the optimum; give no more than that.",
    "距理想金额还差 {left}，请勿超过。",
)
OWN = declined("crowdfunding.own", "Nobody gives to a project of his own.", "发起人不能支持自己的项目。")
PERSON_MAX = declined(
    "crowdfunding.person_max",
    "One person gives at most {most} to a project ({article}); with this it would be {figure}.",
    "每人对一个项目至多支持 {most}（{article_zh}）；加上本笔为 {figure}。",
)
TAKEN = conflict(
    "crowdfunding.taken", "This gift is {state}; it cannot be taken back any more.", "该笔支持已不可撤回（{state}）。"
)
NOT_FUNDED = conflict("crowdfunding.not_funded", "The project is not funded ({state}).", "该项目未成功（{state}）。")
STAGE = conflict(
    "crowdfunding.stage",
    "Milestone {number} is {stage}; that is not possible now.",
    "第 {number} 个里程碑的状态为 {stage}，目前不能如此操作。",
)
ORDER = conflict(
    "crowdfunding.order",
    "Milestones are asked for one after the other; milestone {number} is not released yet.",
    "里程碑须依次申请；第 {number} 个里程碑尚未付款。",
)
NO_BACKER = declined(
    "crowdfunding.no_backer", "Only who gave to the project votes on its milestones.", "只有支持过该项目的人可以投票。"
)
VOTED = conflict("crowdfunding.voted", "You voted on this milestone already.", "您已对该里程碑投过票。")
